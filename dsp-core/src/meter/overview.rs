//! A whole programme at a glance, for drawing: extremes, power, true peak and loudness over time, in bounded memory.
//!
//! Bins begin 10 ms long. When there are too many, each two neighbours become one, of twice the length.

use super::loudness::Loudness;
use super::steps::Steps;
use crate::interpolate::{Interpolator, LATENCY_FRAMES};
use crate::{Frame, Spec, frame::sanitise};

/// Most bins there ever are: more than a picture has columns, even after a merge has halved them.
const MAX_BINS: usize = 8192;
/// Rate of a meter that nobody prepared.
const UNPREPARED_HZ: f64 = 48_000.0;

/// What happened in a stretch of time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bin {
    /// Frames in it.
    pub frames: u64,
    /// Smallest samples.
    pub min: Frame,
    /// Largest samples.
    pub max: Frame,
    /// Sums of squares.
    pub energy: Frame,
    /// Largest true peaks, linear.
    pub true_peak: Frame,
    /// Largest momentary loudness, in LUFS; −∞ until there is any.
    pub momentary_lufs: f64,
    /// Largest short-term loudness, in LUFS; −∞ until there is any.
    pub short_term_lufs: f64,
}

impl Bin {
    const EMPTY: Self = Self {
        frames: 0,
        min: [f64::INFINITY; 2],
        max: [f64::NEG_INFINITY; 2],
        energy: [0.0; 2],
        true_peak: [0.0; 2],
        momentary_lufs: f64::NEG_INFINITY,
        short_term_lufs: f64::NEG_INFINITY,
    };

    #[inline]
    fn tick(&mut self, x: Frame) {
        for (lane, x) in x.into_iter().enumerate() {
            self.min[lane] = self.min[lane].min(x);
            self.max[lane] = self.max[lane].max(x);
            self.energy[lane] += x * x;
        }
        self.frames += 1;
    }

    #[inline]
    fn peak(&mut self, peak: Frame) {
        self.true_peak = core::array::from_fn(|lane| self.true_peak[lane].max(peak[lane]));
    }

    /// Both together, this one first.
    #[must_use]
    pub fn and(self, next: Self) -> Self {
        Self {
            frames: self.frames + next.frames,
            min: core::array::from_fn(|lane| self.min[lane].min(next.min[lane])),
            max: core::array::from_fn(|lane| self.max[lane].max(next.max[lane])),
            energy: core::array::from_fn(|lane| self.energy[lane] + next.energy[lane]),
            true_peak: core::array::from_fn(|lane| self.true_peak[lane].max(next.true_peak[lane])),
            momentary_lufs: self.momentary_lufs.max(next.momentary_lufs),
            short_term_lufs: self.short_term_lufs.max(next.short_term_lufs),
        }
    }
}

/// A meter that remembers how everything went.
#[derive(Clone, Debug)]
pub struct Overview {
    loudness: Loudness,
    interpolator: Interpolator,
    /// Frames whose peaks come out later than the frames themselves; they belong to the bin before.
    late: usize,
    steps: Steps,
    /// Steps a bin holds, and those the one under way has.
    bin_steps: u32,
    have_steps: u32,
    now: Bin,
    bins: Vec<Bin>,
}

impl Default for Overview {
    fn default() -> Self {
        Self::new()
    }
}

impl Overview {
    /// A meter at rest.
    #[must_use]
    pub fn new() -> Self {
        Self {
            loudness: Loudness::new(),
            interpolator: Interpolator::new(),
            late: 0,
            steps: Steps::new(UNPREPARED_HZ),
            bin_steps: 1,
            have_steps: 0,
            now: Bin::EMPTY,
            bins: Vec::with_capacity(MAX_BINS),
        }
    }

    /// Learns rate and channels, then resets.
    pub fn prepare(&mut self, spec: Spec) {
        self.loudness.prepare(spec);
        self.steps = Steps::new(spec.sample_rate_hz);
        self.reset();
    }

    /// Starts a new programme.
    pub fn reset(&mut self) {
        self.loudness.reset();
        self.interpolator.reset();
        self.steps.reset();
        self.late = 0;
        self.bin_steps = 1;
        self.have_steps = 0;
        self.now = Bin::EMPTY;
        self.bins.clear();
    }

    /// Reads a block.
    pub fn process(&mut self, block: &[Frame]) {
        let mut rest = block;
        while !rest.is_empty() {
            let (now, later) = self.steps.split(rest);
            self.loudness.process(now);
            for frame in now {
                self.now.tick(sanitise(*frame));
                self.true_peak(sanitise(*frame));
            }
            if self.steps.advance(now.len()) {
                self.end_step();
            }
            rest = later;
        }
    }

    /// Reads the peak around the frame that went in a filter's delay ago.
    #[inline]
    fn true_peak(&mut self, frame: Frame) {
        let late = self.late > 0;
        let last = self.bins.len().wrapping_sub(1);
        let bin = if late && last < self.bins.len() { &mut self.bins[last] } else { &mut self.now };
        bin.peak(self.interpolator.tick(frame, bin.true_peak[0].min(bin.true_peak[1])));
        self.late = self.late.saturating_sub(1);
    }

    fn end_step(&mut self) {
        self.now.momentary_lufs = self.now.momentary_lufs.max(self.loudness.momentary_lufs());
        self.now.short_term_lufs = self.now.short_term_lufs.max(self.loudness.short_term_lufs());
        self.have_steps += 1;
        if self.have_steps < self.bin_steps {
            return;
        }
        self.have_steps = 0;
        self.bins.push(core::mem::replace(&mut self.now, Bin::EMPTY));
        self.late = LATENCY_FRAMES;
        if self.bins.len() == MAX_BINS {
            for at in 0..MAX_BINS / 2 {
                self.bins[at] = self.bins[2 * at].and(self.bins[2 * at + 1]);
            }
            self.bins.truncate(MAX_BINS / 2);
            self.bin_steps *= 2;
        }
    }

    /// Everything since `reset`, in order, were this the end. Not for the audio thread: copies the meter.
    #[must_use]
    pub fn bins(&self) -> Vec<Bin> {
        let mut whole = self.clone();
        for _ in 0..LATENCY_FRAMES {
            whole.true_peak([0.0; 2]);
        }
        let tail = whole.now;
        match whole.bins.last_mut() {
            // Peaks that no frame follows any more.
            Some(last) if tail.frames == 0 => last.peak(tail.true_peak),
            _ => whole.bins.extend((tail.frames > 0).then_some(tail)),
        }
        whole.bins
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use plumb_signals::{Noise, sine};

    fn bins(rate_hz: f64, frames: &[Frame], cut: usize) -> Vec<Bin> {
        let mut overview = Overview::new();
        overview.prepare(Spec { sample_rate_hz: rate_hz, max_frames: cut, channels: 2 });
        frames.chunks(cut).for_each(|block| overview.process(block));
        overview.bins()
    }

    fn together(bins: &[Bin]) -> Bin {
        bins.iter().fold(Bin::EMPTY, |so_far, bin| so_far.and(*bin))
    }

    #[test]
    fn nothing_is_lost_however_long_it_goes() {
        // At 8 kHz the bins are merged after 82 and 164 s.
        for seconds in [0.001, 1.0, 100.0, 200.0] {
            let frames = Noise::new(8).stereo(-3.0, (8000.0 * seconds) as usize);
            let bins = bins(8000.0, &frames, 4096);
            assert!(bins.len() < MAX_BINS, "{}", bins.len());
            let all = together(&bins);
            let energy: f64 = frames.iter().map(|f| f[1] * f[1]).sum();
            let max = frames.iter().fold(0.0_f64, |max, f| max.max(f[0]));
            assert_eq!((all.frames, all.max[0]), (frames.len() as u64, max));
            assert!((all.energy[1] / energy - 1.0).abs() < 1e-9); // rounding in another order
            let mut interpolator = Interpolator::new();
            let flushed = frames.iter().chain([[0.0; 2]; LATENCY_FRAMES].iter());
            let peaks = flushed.map(|frame| interpolator.tick(*frame, 0.0));
            let most = peaks.fold([0.0_f64; 2], |most, peak| [most[0].max(peak[0]), most[1].max(peak[1])]);
            assert_eq!(all.true_peak, most);
        }
    }

    #[test]
    fn everything_is_where_it_happened() {
        let rate_hz = 48_000.0;
        let mut frames = vec![[0.0; 2]; 480 * 100];
        // In the last frame of the 40th step: its peak comes out in the next.
        frames[480 * 40 - 1][1] = -0.5;
        let bins = bins(rate_hz, &frames, 64);
        assert_eq!(bins.len(), 100);
        let at: Vec<_> = (0..100).filter(|n| bins[*n].true_peak[1] >= 0.5).collect();
        assert_eq!((at, bins[39].min[1]), (vec![39], -0.5));
    }

    #[test]
    fn loudness_is_that_of_the_meter() {
        let tone: Vec<Frame> = sine(1000.0, -23.0, 5.0, 48_000.0).iter().map(|x| [*x; 2]).collect();
        let last = *bins(48_000.0, &tone, 64).last().unwrap();
        // EBU Tech 3341, case 1.
        assert!((last.momentary_lufs + 23.0).abs() < 0.1 && (last.short_term_lufs + 23.0).abs() < 0.1, "{last:?}");
    }

    #[test]
    fn blocks_make_no_difference() {
        let frames = Noise::new(9).stereo(0.0, 30_000);
        for cut in [1, 7, 64] {
            assert_eq!(bins(44_100.0, &frames, cut), bins(44_100.0, &frames, 30_000));
        }
    }
}

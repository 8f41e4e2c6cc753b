//! A whole programme at a glance, for drawing: extremes, power, true peak and loudness over time, in bounded memory.
//!
//! Bins begin 10 ms long. When there are too many, each two neighbours become one, of twice the length.

use super::hops::HopClock;
use super::loudness::LoudnessMeter;
use super::peak_stream::{FLUSH_FRAMES, PeakStream};
use crate::interpolate::peaks::{CHUNK, LATENCY_FRAMES};
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
    /// Largest true peaks, linear; a crest between two bins belongs to both. The largest of all bins is what
    /// [`super::true_peak::TruePeakMeter`] reads, to the last bit.
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
        self.peak(x.map(f64::abs));
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
    loudness: LoudnessMeter,
    peaks: PeakStream,
    /// Readings to come that lie before the first frame.
    early: usize,
    /// The bin that the next reading belongs to, the one under way being behind the last; and frames of it already
    /// read.
    reading: usize,
    read: u64,
    steps: HopClock,
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
            loudness: LoudnessMeter::new(),
            peaks: PeakStream::new(),
            early: LATENCY_FRAMES,
            reading: 0,
            read: 0,
            steps: HopClock::new(UNPREPARED_HZ),
            bin_steps: 1,
            have_steps: 0,
            now: Bin::EMPTY,
            bins: Vec::with_capacity(MAX_BINS),
        }
    }

    /// Learns rate and channels, then resets.
    pub fn prepare(&mut self, spec: Spec) {
        self.loudness.prepare(spec);
        self.steps = HopClock::new(spec.sample_rate_hz);
        self.reset();
    }

    /// Starts a new programme.
    pub fn reset(&mut self) {
        self.loudness.reset();
        self.peaks.reset();
        self.steps.reset();
        self.early = LATENCY_FRAMES;
        self.reading = 0;
        self.read = 0;
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
                let frame = sanitise(*frame);
                self.now.tick(frame);
                self.true_peak(frame);
            }
            if self.steps.advance(now.len()) {
                self.end_step();
            }
            rest = later;
        }
    }

    /// Takes a frame in, and reads the peaks around those of a while ago.
    #[inline]
    fn true_peak(&mut self, frame: Frame) {
        if self.peaks.push(frame) {
            for peak in self.peaks.read(self.floor()) {
                self.bin().peak(peak);
            }
        }
    }

    /// What no channel of any bin that the next readings belong to would notice.
    fn floor(&self) -> f64 {
        let mut floor = f64::INFINITY;
        let mut left = (CHUNK as u64 + self.read).saturating_sub(self.early as u64);
        for bin in self.bins[self.reading..].iter().chain([&self.now]) {
            floor = floor.min(bin.true_peak[0]).min(bin.true_peak[1]);
            left = left.saturating_sub(bin.frames);
            if left == 0 {
                break;
            }
        }
        floor
    }

    /// The bin that the next reading belongs to: what rings before the first frame to the first.
    #[inline]
    fn bin(&mut self) -> &mut Bin {
        if self.early > 0 {
            self.early -= 1;
        } else {
            while self.bins.get(self.reading).is_some_and(|bin| self.read >= bin.frames) {
                self.reading += 1;
                self.read = 0;
            }
            self.read += 1;
        }
        self.bins.get_mut(self.reading).unwrap_or(&mut self.now)
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
        if self.bins.len() == MAX_BINS {
            if self.reading % 2 == 1 {
                self.read += self.bins[self.reading - 1].frames;
            }
            self.reading /= 2;
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
        for _ in 0..FLUSH_FRAMES {
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
    use crate::meter::true_peak::TruePeakMeter;
    use crate::units::gain_to_db;
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
            let mut meter = TruePeakMeter::new();
            meter.process(&frames);
            meter.process(&[[0.0; 2]; FLUSH_FRAMES]);
            assert_eq!(all.true_peak.map(gain_to_db), meter.channel_max_dbtp(), "{seconds} s");
        }
    }

    #[test]
    fn everything_is_where_it_happened() {
        let rate_hz = 48_000.0;
        let mut frames = vec![[0.0; 2]; 480 * 100];
        // In the last frame of the 40th step: its peak comes out in the next, and lies next to that one's first frame.
        frames[480 * 40 - 1][1] = -0.5;
        let bins = bins(rate_hz, &frames, 64);
        assert_eq!(bins.len(), 100);
        let at: Vec<_> = (0..100).filter(|n| bins[*n].true_peak[1] >= 0.5).collect();
        assert_eq!((at, bins[39].min[1]), (vec![39, 40], -0.5));
    }

    #[test]
    fn every_crest_is_in_its_own_bin_at_any_rate() {
        for rate_hz in [8000.0, 11_025.0, 44_100.0, 192_000.0] {
            let step = (rate_hz / 100.0) as usize;
            let mut frames = vec![[0.0; 2]; 300 * step];
            // A crest between two samples in the middle of every tenth step, each of another size.
            let crests: Vec<usize> = (0..28).map(|n| (10 * n + 5) * step + step / 2).collect();
            for (n, at) in crests.iter().enumerate() {
                frames[*at][0] = 0.5 + 0.01 * n as f64;
                frames[*at + 1][0] = 0.5 + 0.01 * n as f64;
            }
            let bins = bins(rate_hz, &frames, 64);
            let mut begins = 0;
            for bin in &bins {
                let ends = begins + bin.frames;
                if let Some(n) = crests.iter().position(|at| (begins..ends).contains(&(*at as u64))) {
                    // Two equal samples of a sinc each: 4/π of them half way.
                    let crest = (0.5 + 0.01 * n as f64) * 4.0 / core::f64::consts::PI;
                    assert!((bin.true_peak[0] / crest - 1.0).abs() < 0.005, "{rate_hz} Hz, crest {n}: {bin:?}");
                }
                begins = ends;
            }
        }
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

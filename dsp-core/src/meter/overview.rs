//! Overview of a whole programme, for drawing: extremes, power, true peak and loudness over time, in bounded memory.
//!
//! Bins are 10 ms long at first. Whenever there are too many, pairs of neighbours merge.

use super::hops::{HOPS_PER_S, HopClock};
use super::loudness::LoudnessMeter;
use super::peak_stream::{FLUSH_FRAMES, PeakStream};
use super::readings::SILENT;
use crate::interpolate::peaks::{CHUNK, LATENCY_FRAMES};
use crate::spec::UNPREPARED_RATE_HZ;
use crate::{Frame, Spec, frame::sanitise};

/// Most bins at any time: more than a picture has columns, even after a merge has halved them.
const MAX_BINS: usize = 8192;

/// What happens in a stretch of time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bin {
    /// Its length in frames.
    pub frames: u64,
    /// Smallest samples.
    pub min: Frame,
    /// Largest samples.
    pub max: Frame,
    /// Sums of squares.
    pub energy: Frame,
    /// Largest true peaks, linear; one between two bins belongs to both. The largest of all bins equals that of
    /// [`super::true_peak::TruePeakMeter`] to the last bit.
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
        momentary_lufs: SILENT,
        short_term_lufs: SILENT,
    };

    #[inline]
    fn tick(&mut self, x: Frame) {
        for (lane, x) in x.into_iter().enumerate() {
            self.min[lane] = self.min[lane].min(x);
            self.max[lane] = self.max[lane].max(x);
            self.energy[lane] += x * x;
        }
        self.add_peak(x.map(f64::abs));
        self.frames += 1;
    }

    #[inline]
    fn add_peak(&mut self, peak: Frame) {
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

/// A meter that keeps an overview.
#[derive(Clone, Debug)]
pub struct Overview {
    loudness: LoudnessMeter,
    peaks: PeakStream,
    /// Peak readings still to come that lie before the first frame.
    early: usize,
    /// Bin of the next peak reading (the current bin comes after the last), and readings it already has.
    reading: usize,
    read: u64,
    clock: HopClock,
    /// Hops in a bin, and in the current one so far.
    bin_hops: u32,
    hops: u32,
    current: Bin,
    bins: Vec<Bin>,
}

impl Default for Overview {
    /// A meter for stereo at 48 kHz until it is prepared.
    fn default() -> Self {
        Self {
            loudness: LoudnessMeter::default(),
            peaks: PeakStream::new(),
            early: LATENCY_FRAMES,
            reading: 0,
            read: 0,
            clock: HopClock::new(UNPREPARED_RATE_HZ, HOPS_PER_S),
            bin_hops: 1,
            hops: 0,
            current: Bin::EMPTY,
            bins: Vec::with_capacity(MAX_BINS),
        }
    }
}

impl Overview {
    /// Adopts rate and channels, then resets. Allocates.
    pub fn prepare(&mut self, spec: Spec) {
        *self = Self { clock: HopClock::new(spec.sample_rate_hz, HOPS_PER_S), ..Self::default() };
        self.loudness.prepare(spec);
    }

    /// Reads a block.
    pub fn process(&mut self, block: &[Frame]) {
        let mut rest = block;
        while let Some((now, completes)) = self.clock.take(&mut rest) {
            self.loudness.process(now);
            for frame in now {
                let frame = sanitise(*frame);
                self.current.tick(frame);
                self.read_peaks(frame);
            }
            if completes {
                self.end_hop();
            }
        }
    }

    /// Takes a frame, and reads the peaks around earlier ones.
    #[inline]
    fn read_peaks(&mut self, frame: Frame) {
        if self.peaks.push(frame) {
            for peak in self.peaks.read(self.floor()) {
                self.bin().add_peak(peak);
            }
        }
    }

    /// Peaks below this change no channel of any bin that the next readings belong to.
    fn floor(&self) -> f64 {
        let mut floor = f64::INFINITY;
        let mut left = (CHUNK as u64 + self.read).saturating_sub(self.early as u64);
        for bin in self.bins[self.reading..].iter().chain([&self.current]) {
            floor = floor.min(bin.true_peak[0]).min(bin.true_peak[1]);
            left = left.saturating_sub(bin.frames);
            if left == 0 {
                break;
            }
        }
        floor
    }

    /// The bin of the next peak reading; ringing before the first frame belongs to the first bin.
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
        self.bins.get_mut(self.reading).unwrap_or(&mut self.current)
    }

    fn end_hop(&mut self) {
        self.current.momentary_lufs = self.current.momentary_lufs.max(self.loudness.momentary_lufs());
        self.current.short_term_lufs = self.current.short_term_lufs.max(self.loudness.short_term_lufs());
        self.hops += 1;
        if self.hops < self.bin_hops {
            return;
        }
        self.hops = 0;
        self.bins.push(core::mem::replace(&mut self.current, Bin::EMPTY));
        if self.bins.len() == MAX_BINS {
            if self.reading % 2 == 1 {
                self.read += self.bins[self.reading - 1].frames;
            }
            self.reading /= 2;
            for at in 0..MAX_BINS / 2 {
                self.bins[at] = self.bins[2 * at].and(self.bins[2 * at + 1]);
            }
            self.bins.truncate(MAX_BINS / 2);
            self.bin_hops *= 2;
        }
    }

    /// All bins since `prepare`, in order, as if this were the end. Not for the audio thread: copies the meter.
    #[must_use]
    pub fn bins(&self) -> Vec<Bin> {
        let mut whole = self.clone();
        for _ in 0..FLUSH_FRAMES {
            whole.read_peaks([0.0; 2]);
        }
        let tail = whole.current;
        match whole.bins.last_mut() {
            // Peaks after the last frame.
            Some(last) if tail.frames == 0 => last.add_peak(tail.true_peak),
            _ => whole.bins.extend((tail.frames > 0).then_some(tail)),
        }
        whole.bins
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::meter::true_peak::TruePeakMeter;
    use plumb_signals::{Noise, sine};

    fn bins(rate_hz: f64, frames: &[Frame], cut: usize) -> Vec<Bin> {
        let mut overview = Overview::default();
        overview.prepare(Spec { sample_rate_hz: rate_hz, max_frames: cut, channels: 2 });
        frames.chunks(cut).for_each(|block| overview.process(block));
        overview.bins()
    }

    fn together(bins: &[Bin]) -> Bin {
        bins.iter().fold(Bin::EMPTY, |so_far, bin| so_far.and(*bin))
    }

    #[test]
    fn bins_hold_everything_at_any_length() {
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
            let mut meter = TruePeakMeter::default();
            meter.process(&frames);
            meter.process(&[[0.0; 2]; FLUSH_FRAMES]);
            assert_eq!(all.true_peak, meter.maxima(), "{seconds} s");
        }
    }

    #[test]
    fn peaks_and_extremes_are_in_their_bins() {
        let rate_hz = 48_000.0;
        let mut frames = vec![[0.0; 2]; 480 * 100];
        // In the last frame of the 40th hop, beside the first frame of the next.
        frames[480 * 40 - 1][1] = -0.5;
        let bins = bins(rate_hz, &frames, 64);
        assert_eq!(bins.len(), 100);
        let at: Vec<_> = (0..100).filter(|n| bins[*n].true_peak[1] >= 0.5).collect();
        assert_eq!((at, bins[39].min[1]), (vec![39, 40], -0.5));
    }

    #[test]
    fn every_inter_sample_peak_is_in_its_own_bin_at_any_rate() {
        for rate_hz in [8000.0, 11_025.0, 44_100.0, 192_000.0] {
            let hop = (rate_hz / 100.0) as usize;
            let mut frames = vec![[0.0; 2]; 300 * hop];
            // A peak between two samples in the middle of every tenth hop, each of another size.
            let peaks: Vec<usize> = (0..28).map(|n| (10 * n + 5) * hop + hop / 2).collect();
            for (n, at) in peaks.iter().enumerate() {
                frames[*at][0] = 0.5 + 0.01 * n as f64;
                frames[*at + 1][0] = 0.5 + 0.01 * n as f64;
            }
            let bins = bins(rate_hz, &frames, 64);
            let mut begins = 0;
            for bin in &bins {
                let ends = begins + bin.frames;
                if let Some(n) = peaks.iter().position(|at| (begins..ends).contains(&(*at as u64))) {
                    // Two equal samples of a sinc each: 4/π of them half way.
                    let peak = (0.5 + 0.01 * n as f64) * 4.0 / core::f64::consts::PI;
                    assert!((bin.true_peak[0] / peak - 1.0).abs() < 0.005, "{rate_hz} Hz, peak {n}: {bin:?}");
                }
                begins = ends;
            }
        }
    }

    #[test]
    fn loudness_equals_that_of_the_meter() {
        let tone: Vec<Frame> = sine(1000.0, -23.0, 5.0, 48_000.0).iter().map(|x| [*x; 2]).collect();
        let last = *bins(48_000.0, &tone, 64).last().unwrap();
        // EBU Tech 3341, case 1.
        assert!((last.momentary_lufs + 23.0).abs() < 0.1 && (last.short_term_lufs + 23.0).abs() < 0.1, "{last:?}");
    }

    #[test]
    fn block_size_changes_nothing() {
        let frames = Noise::new(9).stereo(0.0, 30_000);
        for cut in [1, 7, 64] {
            assert_eq!(bins(44_100.0, &frames, cut), bins(44_100.0, &frames, 30_000));
        }
    }
}

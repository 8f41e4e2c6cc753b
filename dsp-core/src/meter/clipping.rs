//! Clipping: overs are samples at or beyond full scale; clipped runs are consecutive samples that all equal the largest
//! value of the signal.
//!
//! The peaks of an unclipped wave differ in height. Where a wave is cut off, many samples share one value that no sample
//! exceeds. This shows after a change of level too, but not after filtering, dither or lossy coding.

use crate::units::gain_to_db;
use crate::{Frame, Spec, frame::sanitise};

/// Consecutive equal samples that count as clipped. Two occur where a peak lies midway between samples.
pub const MIN_FRAMES: u64 = 3;
/// Largest value from which on a signal may count as clipped, in dBFS: a clipped file turned down a little is found, a
/// quiet tone of few bits is not.
pub const NEAR_FULL_SCALE_DBFS: f64 = -3.0;

/// Consecutive clipped samples in one channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// Its first frame, counted from `prepare`.
    pub at_frame: u64,
    /// Its length.
    pub frames: u64,
    /// Its channel: 0 is left or mono.
    pub channel: usize,
}

/// How many runs there are, and the longest one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Samples in all runs, even in those too short to count.
    pub samples: u64,
    /// Runs that are long enough to count.
    pub runs: u64,
    /// The longest of them, the first of several; `None` if there are none.
    pub longest: Option<Run>,
}

impl Summary {
    fn and(self, other: Self) -> Self {
        let longest = match (self.longest, other.longest) {
            (Some(a), Some(b)) if b.frames > a.frames => Some(b),
            (a, b) => a.or(b),
        };
        Self { samples: self.samples + other.samples, runs: self.runs + other.runs, longest }
    }
}

/// Counts the runs of one channel.
#[derive(Clone, Copy, Debug, Default)]
struct Runs {
    samples: u64,
    runs: u64,
    longest: u64,
    longest_at: u64,
    current: u64,
}

impl Runs {
    /// Takes the sample at `frame`: whether it belongs to a run, which counts from `min_frames` on.
    #[inline]
    fn tick(&mut self, clipped: bool, frame: u64, min_frames: u64) {
        if !clipped {
            self.current = 0;
            return;
        }
        self.current += 1;
        self.samples += 1;
        if self.current == min_frames {
            self.runs += 1;
        }
        if self.current >= min_frames && self.current > self.longest {
            self.longest = self.current;
            self.longest_at = frame + 1 - self.current;
        }
    }

    fn summary(&self, channel: usize) -> Summary {
        let longest = (self.longest > 0).then_some(Run { at_frame: self.longest_at, frames: self.longest, channel });
        Summary { samples: self.samples, runs: self.runs, longest }
    }
}

/// What counts as clipped.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Criterion {
    /// Overs: samples of at least this magnitude, 1 for floats, 1 − 2⁻ⁿ⁺¹ for integers of n bits, whose largest positive
    /// value that is.
    Over(f64),
    /// [`MIN_FRAMES`] or more consecutive samples at the largest value, which is near full scale.
    FlatTop,
}

/// One side of one channel.
#[derive(Clone, Copy, Debug, Default)]
struct Side {
    /// Largest value so far, where it matters.
    top: f64,
    runs: Runs,
}

/// Detects clipping. For flat tops, each side of each channel is held to its own largest value.
#[derive(Clone, Debug)]
pub struct ClipDetector {
    criterion: Criterion,
    channels: usize,
    /// Positive and negative side of each channel; overs of either sign are kept in the first.
    lanes: [[Side; 2]; 2],
    frames: u64,
}

impl ClipDetector {
    /// A detector for stereo until it is prepared.
    #[must_use]
    pub fn new(criterion: Criterion) -> Self {
        Self { criterion, channels: 2, lanes: Default::default(), frames: 0 }
    }

    /// Adopts the channels and starts anew. A mono signal counts once.
    pub fn prepare(&mut self, spec: Spec) {
        *self = Self { channels: spec.channels, ..Self::new(self.criterion) };
    }

    /// Reads a block.
    pub fn process(&mut self, block: &[Frame]) {
        for frame in block {
            for (sides, x) in self.lanes.iter_mut().zip(sanitise(*frame)) {
                if let Criterion::Over(full_scale) = self.criterion {
                    sides[0].runs.tick(x.abs() >= full_scale, self.frames, 1);
                    continue;
                }
                for (side, x) in sides.iter_mut().zip([x, -x]) {
                    if x > side.top {
                        // All earlier samples were below the top.
                        *side = Side { top: x, runs: Runs::default() };
                    }
                    side.runs.tick(x == side.top && x > 0.0, self.frames, MIN_FRAMES);
                }
            }
            self.frames += 1;
        }
    }

    /// All runs since `prepare`.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let sides = self.lanes.iter().take(self.channels).enumerate();
        sides
            .flat_map(|(channel, sides)| sides.iter().map(move |side| (channel, side)))
            .filter(|(_, side)| self.criterion != Criterion::FlatTop || gain_to_db(side.top) >= NEAR_FULL_SCALE_DBFS)
            .map(|(channel, side)| side.runs.summary(channel))
            .fold(Summary::default(), Summary::and)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use plumb_signals::{Noise, both, sine};

    fn flat_tops(frames: &[Frame], cut: usize) -> Summary {
        let mut clip = ClipDetector::new(Criterion::FlatTop);
        clip.prepare(Spec { sample_rate_hz: 48_000.0, max_frames: cut, channels: 2 });
        frames.chunks(cut).for_each(|block| clip.process(block));
        clip.summary()
    }

    #[test]
    fn a_clipped_sine_shows_every_peak_at_any_later_level() {
        for gain in [1.0, 0.8] {
            // 100 peaks of each sign, on the left only; above 1 for a third of the time.
            let tone = sine(1000.0, 0.0, 0.1, 48_000.0);
            let frames: Vec<Frame> = tone.iter().map(|x| [gain * (x * 1.15).clamp(-1.0, 1.0), x * 0.9]).collect();
            let summary = flat_tops(&frames, 64);
            println!("gain {gain}: {summary:?}");
            assert_eq!(summary.runs, 200);
            let longest = summary.longest.unwrap();
            // Above 1/1.15 for 2·acos(1/1.15)/2π of 48 frames: 7.9.
            assert!((7..=8).contains(&longest.frames) && longest.channel == 0 && longest.at_frame < 48, "{longest:?}");
        }
    }

    #[test]
    fn unclipped_and_quiet_signals_have_no_flat_tops() {
        assert_eq!(flat_tops(&both(&sine(997.0, 0.0, 0.5, 48_000.0)), 64).runs, 0);
        // Many samples near its peaks, no three of them equal.
        assert_eq!(flat_tops(&both(&sine(100.3, -0.1, 0.5, 48_000.0)), 64).runs, 0);
        assert_eq!(flat_tops(&Noise::new(1).stereo(0.0, 20_000), 64).runs, 0);
        assert_eq!(flat_tops(&both(&vec![0.25; 1000]), 64).runs, 0);
        assert_eq!(flat_tops(&[[0.0; 2]; 1000], 64), Summary::default());
    }

    #[test]
    fn a_larger_value_later_discards_earlier_runs() {
        let mut left = vec![0.0; 300];
        left[50..60].fill(0.9);
        left[100..104].fill(0.95);
        let mut summary = flat_tops(&both(&left), 64);
        assert_eq!((summary.runs, summary.longest), (2, Some(Run { at_frame: 100, frames: 4, channel: 0 })));
        left[200] = 0.96;
        summary = flat_tops(&both(&left), 64);
        assert_eq!((summary.runs, summary.longest), (0, None));
    }

    #[test]
    fn block_size_changes_nothing_and_prepare_starts_anew() {
        let frames: Vec<Frame> =
            Noise::new(2).stereo(6.0, 5000).into_iter().map(|f| f.map(|x| x.clamp(-1.0, 1.0))).collect();
        let whole = flat_tops(&frames, 5000);
        assert!(whole.runs > 0);
        for cut in [1, 7, 64] {
            assert_eq!(flat_tops(&frames, cut), whole);
        }
        let mut clip = ClipDetector::new(Criterion::FlatTop);
        clip.process(&frames);
        clip.prepare(Spec { sample_rate_hz: 48_000.0, max_frames: 3, channels: 2 });
        clip.process(&[[f64::NAN; 2], [f64::INFINITY, 1e300], [0.5; 2]]);
        assert_eq!(clip.summary().runs, 0);
    }

    fn overs(full_scale: f64, channels: usize, frames: &[Frame]) -> Summary {
        let mut meter = ClipDetector::new(Criterion::Over(full_scale));
        meter.prepare(Spec { sample_rate_hz: 48_000.0, max_frames: 64, channels });
        frames.iter().for_each(|frame| meter.process(&[*frame]));
        meter.summary()
    }

    #[test]
    fn every_over_is_counted_and_the_longest_run_located() {
        let mut frames = vec![[0.0; 2]; 100];
        frames[10][0] = 1.0;
        frames[20..24].iter_mut().for_each(|frame| frame[1] = -1.5);
        frames[30..32].iter_mut().for_each(|frame| *frame = [1.0, 0.999_999]);
        let summary = overs(1.0, 2, &frames);
        assert_eq!((summary.samples, summary.runs), (7, 3));
        assert_eq!(summary.longest, Some(Run { at_frame: 20, frames: 4, channel: 1 }));
    }

    #[test]
    fn an_integer_reaches_full_scale_at_its_largest_value() {
        let largest = 32_767.0 / 32_768.0;
        assert_eq!(overs(largest, 2, &[[largest, 0.0]]).samples, 1);
        assert_eq!(overs(1.0, 2, &[[largest, 0.0]]), Summary::default());
    }

    #[test]
    fn mono_counts_once_and_infinity_counts() {
        assert_eq!(overs(1.0, 1, &[[1.0; 2], [f64::INFINITY; 2], [f64::NAN; 2]]).samples, 2);
    }
}

//! Clipped runs: samples in a row that all stand at the largest value a signal has.
//!
//! A wave turns round at a different height each time; where it is cut off, many samples have the same value and none
//! has a larger one. So it shows after the level was changed too, but not after filtering, dither or lossy coding.

use super::runs::{Runs, Summary};
use crate::units::gain_to_db;
use crate::{Frame, Spec, frame::sanitise};

/// Equal samples in a row that count as clipped. Two happen where a crest lies midway between samples.
pub const MIN_FRAMES: u64 = 3;
/// Level below which a signal's largest value is no clipping, in dBFS: a clipped file turned down a little is still
/// found, a quiet tone in few bits is not taken for one.
pub const NEAR_FULL_SCALE_DBFS: f64 = -3.0;

/// One side of one channel: what stands at the largest value so far.
#[derive(Clone, Copy, Debug, Default)]
struct Top {
    value: f64,
    runs: Runs,
}

impl Top {
    #[inline]
    fn tick(&mut self, x: f64, frame: u64) {
        if x > self.value {
            // Everything before was below the top.
            *self = Self { value: x, runs: Runs::default() };
        }
        if x == self.value && x > 0.0 {
            self.runs.hit(frame, MIN_FRAMES);
        } else {
            self.runs.miss();
        }
    }
}

/// A detector of clipped runs. Each side of each channel is held to its own largest value.
#[derive(Clone, Debug)]
pub struct ClipRuns {
    channels: usize,
    /// Positive and negative side of each channel.
    lanes: [[Top; 2]; 2],
    frames: u64,
}

impl Default for ClipRuns {
    fn default() -> Self {
        Self::new()
    }
}

impl ClipRuns {
    /// A detector at rest.
    #[must_use]
    pub fn new() -> Self {
        Self { channels: 2, lanes: [[Top::default(); 2]; 2], frames: 0 }
    }

    /// Learns the channels, then resets. A mono signal counts once.
    pub fn prepare(&mut self, spec: Spec) {
        self.channels = spec.channels;
        self.reset();
    }

    /// Forgets the past.
    pub fn reset(&mut self) {
        self.lanes = [[Top::default(); 2]; 2];
        self.frames = 0;
    }

    /// Reads a block.
    pub fn process(&mut self, block: &[Frame]) {
        for frame in block {
            let x = sanitise(*frame);
            for (tops, x) in self.lanes.iter_mut().zip(x) {
                tops[0].tick(x, self.frames);
                tops[1].tick(-x, self.frames);
            }
            self.frames += 1;
        }
    }

    /// Runs of [`MIN_FRAMES`] or more since `reset`, where the largest value is near full scale.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let tops = self.lanes.iter().take(self.channels).enumerate();
        tops.flat_map(|(channel, tops)| tops.iter().map(move |top| (channel, top)))
            .filter(|(_, top)| gain_to_db(top.value) >= NEAR_FULL_SCALE_DBFS)
            .map(|(channel, top)| top.runs.summary(channel))
            .fold(Summary::default(), Summary::and)
    }
}

#[cfg(test)]
mod tests {
    use super::super::runs::Run;
    use super::*;
    use plumb_signals::{Noise, both, sine};

    fn read(frames: &[Frame], cut: usize) -> Summary {
        let mut clip = ClipRuns::new();
        clip.prepare(Spec { sample_rate_hz: 48_000.0, max_frames: cut, channels: 2 });
        frames.chunks(cut).for_each(|block| clip.process(block));
        clip.summary()
    }

    #[test]
    fn a_sine_cut_off_shows_every_crest_whatever_its_level_afterwards() {
        for gain in [1.0, 0.8] {
            // 100 crests of each sign, on the left only; above 1 for a third of the time.
            let tone = sine(1000.0, 0.0, 0.1, 48_000.0);
            let frames: Vec<Frame> = tone.iter().map(|x| [gain * (x * 1.15).clamp(-1.0, 1.0), x * 0.9]).collect();
            let summary = read(&frames, 64);
            println!("gain {gain}: {summary:?}");
            assert_eq!(summary.runs, 200);
            let longest = summary.longest.unwrap();
            // Above 1/1.15 for 2·acos(1/1.15)/2π of 48 frames: 7.9.
            assert!((7..=8).contains(&longest.frames) && longest.channel == 0 && longest.at_frame < 48, "{longest:?}");
        }
    }

    #[test]
    fn what_is_whole_or_quiet_is_not_clipped() {
        assert_eq!(read(&both(&sine(997.0, 0.0, 0.5, 48_000.0)), 64).runs, 0);
        // Many samples near its crests, no three of them equal.
        assert_eq!(read(&both(&sine(100.3, -0.1, 0.5, 48_000.0)), 64).runs, 0);
        assert_eq!(read(&Noise::new(1).stereo(0.0, 20_000), 64).runs, 0);
        assert_eq!(read(&both(&vec![0.25; 1000]), 64).runs, 0);
        assert_eq!(read(&[[0.0; 2]; 1000], 64), Summary::default());
    }

    #[test]
    fn a_larger_value_later_takes_the_earlier_runs_back() {
        let mut left = vec![0.0; 300];
        left[50..60].fill(0.9);
        left[100..104].fill(0.95);
        let mut summary = read(&both(&left), 64);
        assert_eq!((summary.runs, summary.longest), (2, Some(Run { at_frame: 100, frames: 4, channel: 0 })));
        left[200] = 0.96;
        summary = read(&both(&left), 64);
        assert_eq!((summary.runs, summary.longest), (0, None));
    }

    #[test]
    fn blocks_make_no_difference_and_reset_is_as_new() {
        let frames: Vec<Frame> =
            Noise::new(2).stereo(6.0, 5000).into_iter().map(|f| f.map(|x| x.clamp(-1.0, 1.0))).collect();
        let whole = read(&frames, 5000);
        assert!(whole.runs > 0);
        for cut in [1, 7, 64] {
            assert_eq!(read(&frames, cut), whole);
        }
        let mut clip = ClipRuns::new();
        clip.process(&frames);
        clip.reset();
        clip.process(&[[f64::NAN; 2], [f64::INFINITY, 1e300], [0.5; 2]]);
        assert_eq!(clip.summary().runs, 0);
    }
}

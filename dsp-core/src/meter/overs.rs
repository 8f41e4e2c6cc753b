//! Overs: samples at or beyond full scale.

use super::runs::{Runs, Summary};
use crate::{Frame, Spec, frame::sanitise};

/// Counts samples whose magnitude reaches a level.
#[derive(Clone, Debug)]
pub struct Overs {
    full_scale: f64,
    channels: usize,
    lanes: [Runs; 2],
    frames: u64,
}

impl Overs {
    /// A counter of samples of at least this magnitude: 1 for floats, 1 − 2⁻ⁿ⁺¹ for integers of n bits, whose largest
    /// positive value that is.
    #[must_use]
    pub fn new(full_scale: f64) -> Self {
        Self { full_scale, channels: 2, lanes: [Runs::default(); 2], frames: 0 }
    }

    /// Learns the channels, then resets. A mono signal counts once.
    pub fn prepare(&mut self, spec: Spec) {
        self.channels = spec.channels;
        self.reset();
    }

    /// Forgets the past.
    pub fn reset(&mut self) {
        self.lanes = [Runs::default(); 2];
        self.frames = 0;
    }

    /// Reads a block.
    pub fn process(&mut self, block: &[Frame]) {
        for frame in block {
            let x = sanitise(*frame);
            for (runs, x) in self.lanes.iter_mut().zip(x) {
                if x.abs() >= self.full_scale {
                    runs.hit(self.frames, 1);
                } else {
                    runs.miss();
                }
            }
            self.frames += 1;
        }
    }

    /// What there was since `reset`.
    #[must_use]
    pub fn summary(&self) -> Summary {
        (0..self.channels).map(|channel| self.lanes[channel].summary(channel)).fold(Summary::default(), Summary::and)
    }
}

#[cfg(test)]
mod tests {
    use super::super::runs::Run;
    use super::*;

    fn read(full_scale: f64, channels: usize, frames: &[Frame]) -> Summary {
        let mut overs = Overs::new(full_scale);
        overs.prepare(Spec { sample_rate_hz: 48_000.0, max_frames: 64, channels });
        frames.iter().for_each(|frame| overs.process(&[*frame]));
        overs.summary()
    }

    #[test]
    fn every_sample_at_full_scale_is_counted_and_the_longest_run_is_placed() {
        let mut frames = vec![[0.0; 2]; 100];
        frames[10][0] = 1.0;
        frames[20..24].iter_mut().for_each(|frame| frame[1] = -1.5);
        frames[30..32].iter_mut().for_each(|frame| *frame = [1.0, 0.999_999]);
        let summary = read(1.0, 2, &frames);
        assert_eq!((summary.samples, summary.runs), (7, 3));
        assert_eq!(summary.longest, Some(Run { at_frame: 20, frames: 4, channel: 1 }));
    }

    #[test]
    fn an_integer_reaches_full_scale_at_its_largest_value() {
        let largest = 32_767.0 / 32_768.0;
        assert_eq!(read(largest, 2, &[[largest, 0.0]]).samples, 1);
        assert_eq!(read(1.0, 2, &[[largest, 0.0]]), Summary::default());
    }

    #[test]
    fn mono_counts_once_and_infinity_counts() {
        assert_eq!(read(1.0, 1, &[[1.0; 2], [f64::INFINITY; 2], [f64::NAN; 2]]).samples, 2);
    }
}

//! How far each channel must come down: peaks over the ceiling, in fixed-point dB.

use crate::Frame;
use crate::interpolate::{Interpolator, LATENCY_FRAMES};
use crate::units::gain_to_db;

/// Reductions are whole numbers of 2^-32 dB: fine enough that rounding one is a matter of 1e-11 of the signal, and
/// coarse enough that a window's sum of the largest (170 dB) is exact in 53 bits.
pub(super) const STEPS_PER_DB: f64 = (1_u64 << 32) as f64;

/// Added to every reduction above zero: more than the rounding of logarithm, exponential and means together.
const SLACK_STEPS: i64 = 2;

/// Reads how much each channel exceeds the ceiling, [`Detector::LATENCY_FRAMES`] ago.
#[derive(Clone, Debug)]
pub(super) struct Detector {
    interpolator: Interpolator,
    /// The peaks of the frame before: what lies between two frames counts for both.
    before: Frame,
}

impl Detector {
    /// Delay of the reading.
    pub(super) const LATENCY_FRAMES: usize = LATENCY_FRAMES;

    pub(super) fn new() -> Self {
        Self { interpolator: Interpolator::new(), before: [0.0; 2] }
    }

    pub(super) fn reset(&mut self) {
        self.interpolator.reset();
        self.before = [0.0; 2];
    }

    /// Takes a frame in without reading, while nothing is limited.
    #[inline]
    pub(super) fn push(&mut self, frame: Frame) {
        self.interpolator.push(frame);
        self.before = [0.0; 2];
    }

    /// Takes a frame in; returns the reduction in steps that each channel needs to stay at or below `ceiling`.
    #[inline]
    pub(super) fn tick(&mut self, frame: Frame, ceiling: f64, true_peak: bool) -> [i64; 2] {
        let peak = if true_peak {
            self.interpolator.tick(frame, ceiling)
        } else {
            self.interpolator.push(frame);
            self.interpolator.centre().map(f64::abs)
        };
        let around = if true_peak { [0, 1].map(|lane| peak[lane].max(self.before[lane])) } else { peak };
        self.before = peak;
        around.map(|peak| steps_over(peak, ceiling))
    }
}

/// Reduction in steps that brings a magnitude to the ceiling.
#[inline]
fn steps_over(peak: f64, ceiling: f64) -> i64 {
    if peak > ceiling { (gain_to_db(peak / ceiling) * STEPS_PER_DB) as i64 + SLACK_STEPS } else { 0 }
}

/// Reductions shared between the channels: at 1 both take the larger, at 0 each its own, and never less than its own.
#[inline]
pub(super) fn linked(own: [i64; 2], fraction: f64) -> [i64; 2] {
    let larger = own[0].max(own[1]);
    own.map(|own| own + ((larger - own) as f64 * fraction) as i64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::db_to_gain;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_reduction_suffices_and_is_no_more_than_needed(peak_db in -60.0..140.0_f64, ceiling_db in -24.0..0.0_f64) {
            let (peak, ceiling) = (db_to_gain(peak_db), db_to_gain(ceiling_db));
            let steps = steps_over(peak, ceiling);
            let reduced = peak * db_to_gain(-(steps as f64) / STEPS_PER_DB);
            prop_assert!(reduced <= ceiling);
            // Three steps of 2^-32 dB are 8e-11 of the value.
            prop_assert!(steps == 0 || reduced >= ceiling * (1.0 - 1e-10));
        }
    }

    #[test]
    fn linking_takes_from_none_to_all_of_the_louder_channels_reduction() {
        assert_eq!(linked([1000, 0], 0.0), [1000, 0]);
        assert_eq!(linked([1000, 0], 0.5), [1000, 500]);
        assert_eq!(linked([0, 1000], 1.0), [1000, 1000]);
    }

    #[test]
    fn peaks_between_samples_count_only_when_asked() {
        // fs/4 at 45°: samples at 0.707, peaks at 1.
        let frames = |n: usize| [(core::f64::consts::FRAC_PI_2 * (n as f64 + 0.5)).sin(); 2];
        for (true_peak, expected_db) in [(true, gain_to_db(1.0 / 0.5)), (false, gain_to_db(0.5_f64.sqrt() / 0.5))] {
            let mut detector = Detector::new();
            let steps = (0..1000).map(|n| detector.tick(frames(n), 0.5, true_peak)).last().unwrap();
            // The filter's ripple.
            assert!((steps[0] as f64 / STEPS_PER_DB - expected_db).abs() < 0.02, "{true_peak}: {steps:?}");
            assert_eq!(steps[0], steps[1]);
        }
    }
}

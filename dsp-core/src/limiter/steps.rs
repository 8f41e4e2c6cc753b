//! Reductions in fixed point: steps of 2⁻³² dB, held in 64-bit floats, which add them exactly (the sum over a window of
//! the largest, 170 dB, stays below 2⁵³). Rounding to a step changes the signal by 1e-11.

use super::scan::{is_constant, largest};
use crate::interpolate::peaks::CHUNK;
use crate::simd::decibel::{ROUND, gains_to_db, octaves_to_gain};

/// Steps of a dB.
pub(super) const PER_DB: f64 = (1_u64 << 32) as f64;

/// Added to every reduction above zero: exceeds the rounding of logarithm, exponential and means together.
const SLACK: f64 = 8.0;

/// The nearest whole number.
#[inline(always)]
pub(super) fn round(x: f64) -> f64 {
    (x + ROUND) - ROUND
}

/// Reduction that brings a magnitude relative to the ceiling down to 1, in steps.
#[inline(always)]
fn over_one(ratio: f64) -> f64 {
    let [db] = gains_to_db([ratio]);
    let steps = round(db * PER_DB) + SLACK;
    if ratio > 1.0 { steps } else { 0.0 }
}

/// The same for a chunk; returns whether all frames need the same.
#[inline(always)]
pub(super) fn over(ratios: &mut [f64; CHUNK]) -> bool {
    if is_constant(ratios) {
        let steps = over_one(ratios[0]);
        ratios.fill(steps);
        return true;
    }
    if largest(ratios) <= 1.0 {
        ratios.fill(0.0);
        return true;
    }
    for ratio in ratios {
        *ratio = over_one(*ratio);
    }
    false
}

/// Gain of a reduction of 0 to 400 dB: exactly 1 for none, else within 1e-11, which the slack covers.
#[inline(always)]
fn gain(steps: f64) -> f64 {
    /// log2(10) / 20 of a step.
    const OCTAVES: f64 = core::f64::consts::LOG2_10 / 20.0 / PER_DB;
    octaves_to_gain(steps * -OCTAVES)
}

/// The same for a chunk; `is_constant`: whether all frames are the same.
#[inline(always)]
pub(super) fn gains(steps: &mut [f64; CHUNK], is_constant: bool) {
    if is_constant {
        let gain = gain(steps[0]);
        return steps.fill(gain);
    }
    for each in steps {
        *each = gain(*each);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::db_to_gain;
    use proptest::prelude::*;

    fn gain_of(steps: f64) -> f64 {
        let (mut out, mut level) = ([0.0; CHUNK], [steps; CHUNK]);
        out[5] = steps;
        gains(&mut out, false);
        gains(&mut level, true);
        assert_eq!((out[4], level), (1.0, [out[5]; CHUNK]));
        out[5]
    }

    fn over_of(ratio: f64) -> f64 {
        let (mut out, mut level) = ([1.0; CHUNK], [ratio; CHUNK]);
        out[5] = ratio;
        over(&mut out);
        assert!(over(&mut level));
        assert_eq!((out[4], level), (0.0, [out[5]; CHUNK]));
        out[5]
    }

    #[test]
    fn rounds_to_the_nearest_whole_number() {
        for (x, whole) in
            [(0.0, 0.0), (2.4, 2.0), (2.6, 3.0), (-3.0, -3.0), (((1_u64 << 51) - 1) as f64, ((1_u64 << 51) - 1) as f64)]
        {
            assert_eq!(round(x), whole);
        }
    }

    proptest! {
        #[test]
        fn the_reduction_suffices_and_is_no_more_than_needed(over_db in -60.0..170.0_f64) {
            let ratio = db_to_gain(over_db);
            let steps = over_of(ratio);
            let reduced = ratio * gain_of(steps);
            prop_assert!(reduced <= 1.0);
            // Nine steps of 2^-32 dB are 2.5e-10 of the value.
            prop_assert!(steps == 0.0 || reduced >= 1.0 - 3e-10);
        }

        #[test]
        fn gains_are_powers(db in 0.0..390.0_f64) {
            let steps = round(db * PER_DB);
            prop_assert!((gain_of(steps) / db_to_gain(-steps / PER_DB) - 1.0).abs() < 1e-11);
        }
    }
}

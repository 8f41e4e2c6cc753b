//! Reductions as whole numbers: steps of 2⁻³² dB, kept in 64-bit floating point, which adds them up exactly (a window's
//! sum of the largest, 170 dB, stays below 2⁵³). Fine enough that rounding one is a matter of 1e-11 of the signal.

use crate::dynamics::level::gain_to_db;
use crate::interpolate::peaks::CHUNK;
use core::f64::consts::LN_2;

/// Steps of a dB.
pub(super) const PER_DB: f64 = (1_u64 << 32) as f64;

/// Added to every reduction above zero: more than the rounding of logarithm, exponential and means together.
const SLACK: f64 = 8.0;

/// Adding and subtracting it rounds to the nearest whole number, below 2⁵¹.
const ROUND: f64 = (3_u64 << 51) as f64;

/// The nearest whole number.
#[inline(always)]
pub(super) fn round(x: f64) -> f64 {
    (x + ROUND) - ROUND
}

/// The larger of two; without the care for NaN that the standard library's takes.
#[inline(always)]
pub(super) fn larger(a: f64, b: f64) -> f64 {
    if a > b { a } else { b }
}

/// A whole number, −2⁵¹ to 2⁵¹, as one: its bits are the low ones of its sum with the constant.
#[inline(always)]
pub(super) fn to_whole(x: f64) -> i64 {
    (x + ROUND).to_bits().wrapping_sub(ROUND.to_bits()).cast_signed()
}

/// The other way, from 0 to below 2⁵²: as bits the fraction of a number between 2⁵² and 2⁵³.
#[inline(always)]
pub(super) fn from_whole(x: i64) -> f64 {
    const UNIT: f64 = (1_u64 << 52) as f64;
    f64::from_bits(x.cast_unsigned() | UNIT.to_bits()) - UNIT
}

/// Steps that bring magnitudes, relative to the ceiling, down to it.
#[inline(always)]
pub(super) fn over(ratios: &mut [f64; CHUNK]) {
    for ratio in ratios {
        let [db] = gain_to_db([*ratio]);
        let steps = round(db * PER_DB) + SLACK;
        *ratio = if *ratio > 1.0 { steps } else { 0.0 };
    }
}

/// Gains of reductions, 0 to 400 dB: exactly 1 for none, and within 1e-11 of what they should be, which the slack
/// covers.
#[inline(always)]
pub(super) fn gains(steps: &mut [f64; CHUNK]) {
    /// log2(10) / 20 of a step.
    const OCTAVES: f64 = core::f64::consts::LOG2_10 / 20.0 / PER_DB;
    /// Taylor's: (ln 2 / 2)¹⁰ / 10! is 7e-12.
    const TERMS: usize = 10;
    const FACTORS: [f64; TERMS] = {
        let (mut factors, mut n) = ([1.0; TERMS], 1);
        while n < TERMS {
            factors[n] = factors[n - 1] * -LN_2 / n as f64;
            n += 1;
        }
        factors
    };
    let [a, b, c, d, e, f, g, h, i, j] = FACTORS;
    for gain in steps {
        let octaves = *gain * OCTAVES;
        let shifted = octaves + ROUND;
        let x = octaves - (shifted - ROUND);
        let high = f + x * (g + x * (h + x * (i + x * j)));
        let sum = a + x * (b + x * (c + x * (d + x * (e + x * high))));
        // The low bits of the sum with the constant are the whole octaves; a power of two has its exponent on top.
        let whole = shifted.to_bits().wrapping_sub(ROUND.to_bits());
        *gain = sum * f64::from_bits(1023_u64.wrapping_sub(whole) << 52);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::db_to_gain;
    use proptest::prelude::*;

    fn gain(steps: f64) -> f64 {
        let mut out = [0.0; CHUNK];
        out[5] = steps;
        gains(&mut out);
        assert_eq!(out[4], 1.0);
        out[5]
    }

    fn over_one(ratio: f64) -> f64 {
        let mut out = [1.0; CHUNK];
        out[5] = ratio;
        over(&mut out);
        assert_eq!(out[4], 0.0);
        out[5]
    }

    #[test]
    fn whole_numbers_go_there_and_back() {
        for x in [0, 1, 2, 3, (1 << 51) - 1] {
            assert_eq!(to_whole(from_whole(x)), x);
        }
        assert_eq!((to_whole(2.4), to_whole(2.6), to_whole(-3.0)), (2, 3, -3));
        assert_eq!(from_whole((1 << 52) - 1), ((1_u64 << 52) - 1) as f64);
    }

    proptest! {
        #[test]
        fn the_reduction_suffices_and_is_no_more_than_needed(over_db in -60.0..170.0_f64) {
            let ratio = db_to_gain(over_db);
            let steps = over_one(ratio);
            let reduced = ratio * gain(steps);
            prop_assert!(reduced <= 1.0);
            // Nine steps of 2^-32 dB are 2.5e-10 of the value.
            prop_assert!(steps == 0.0 || reduced >= 1.0 - 3e-10);
        }

        #[test]
        fn gains_are_powers(db in 0.0..390.0_f64) {
            let steps = round(db * PER_DB);
            prop_assert!((gain(steps) / db_to_gain(-steps / PER_DB) - 1.0).abs() < 1e-11);
        }
    }
}

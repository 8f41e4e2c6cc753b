//! Level in dB of linear gains, every frame, without a library call: the inverse of `wet_gain.rs`.
//!
//! Method: x = 2^k · m with a whole k and √½ ≤ m < √2; ln m = 2·artanh s with s = (m − 1)/(m + 1), |s| < 0.172, and
//! the series of artanh. Up to s¹³ it leaves off less than 4e-12 dB; a gain of 1 gives exactly 0 dB.

use crate::units::FLOOR_DB;
use std::f64::consts::{FRAC_1_SQRT_2, LN_10, LOG10_2};

/// The gain of [`FLOOR_DB`]: what is less is taken as this, so that every level is a finite number.
const FLOOR_GAIN: f64 = 1e-10;
const _: () = assert!(FLOOR_DB == -200.0);
/// Bits of a 64-bit float below its exponent.
const MANTISSA_BITS: u32 = 52;
/// 2^52 as bits: with a whole number below 2^52 in its lowest bits it is 2^52 plus that number.
const WHOLE: u64 = 0x4330_0000_0000_0000;
/// What 2^52 plus the exponent field of 1.0 is.
const WHOLE_OF_ONE: f64 = 4_503_599_627_370_496.0 + 1023.0;

/// Levels in dB of linear gains, 0 or more: within 1e-11 dB, at least [`FLOOR_DB`].
#[inline(always)]
#[must_use]
pub fn gain_to_db<const N: usize>(gain: [f64; N]) -> [f64; N] {
    let mut level_db = gain;
    level_db.iter_mut().for_each(|x| *x = decibels(*x, FLOOR_GAIN, 20.0));
    level_db
}

/// Levels in dB of powers (squared amplitudes), 0 or more: within 1e-11 dB, at least [`FLOOR_DB`].
#[inline(always)]
#[must_use]
pub fn power_to_db<const N: usize>(power: [f64; N]) -> [f64; N] {
    power.map(|power| decibels(power, FLOOR_GAIN * FLOOR_GAIN, 10.0))
}

/// `per_decade` times the decimal logarithm of `x` or of `floor`, whichever is more.
#[inline(always)]
fn decibels(x: f64, floor: f64, per_decade: f64) -> f64 {
    let bits = (if x > floor { x } else { floor }).to_bits();
    let half_octave = FRAC_1_SQRT_2.to_bits();
    // Half an octave up, so that the exponent rounds to the nearest octave instead of down.
    let shifted = bits.wrapping_add(1.0_f64.to_bits() - half_octave);
    let octaves = f64::from_bits((shifted >> MANTISSA_BITS) | WHOLE) - WHOLE_OF_ONE;
    let m = f64::from_bits((shifted & ((1 << MANTISSA_BITS) - 1)) + half_octave);
    let s = (m - 1.0) / (m + 1.0);
    octaves * (per_decade * LOG10_2) + s * (2.0 * per_decade / LN_10) * artanh_by_s(s * s)
}

/// artanh s / s of s²: 1 + s²/3 + s⁴/5 + … + s¹²/13, in pairs so that the multiplications overlap.
#[inline(always)]
fn artanh_by_s(s2: f64) -> f64 {
    let s4 = s2 * s2;
    let low = (1.0 + s2 * (1.0 / 3.0)) + s4 * (1.0 / 5.0 + s2 * (1.0 / 7.0));
    let high = (1.0 / 9.0 + s2 * (1.0 / 11.0)) + s4 * (1.0 / 13.0);
    low + s4 * s4 * high
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units;

    #[test]
    fn is_the_library_conversion() {
        let mut worst = 0.0_f64;
        for step in -40_000..=22_000 {
            let expected_db = f64::from(step) * 0.005;
            let gain = units::db_to_gain(expected_db);
            let ([a], [b]) = (gain_to_db([gain]), power_to_db([gain * gain]));
            worst = worst.max((a - units::gain_to_db(gain)).abs()).max((b - expected_db).abs());
        }
        eprintln!("fast level: {worst:.1e} dB off at most");
        assert!(worst < 1e-11, "{worst}");
    }

    #[test]
    fn unity_is_exact_and_silence_is_the_floor() {
        assert_eq!(gain_to_db([1.0]), [0.0]);
        assert_eq!(power_to_db([1.0]), [0.0]);
        for silent in [0.0, -0.0, 1e-300, 5e-324, f64::NAN] {
            let levels = [gain_to_db([silent])[0], power_to_db([silent])[0]];
            assert!(levels.iter().all(|db| (db - FLOOR_DB).abs() < 1e-11), "{levels:?}");
        }
    }

    #[test]
    fn never_falls_as_the_gain_rises() {
        // Across the seams between octaves, in the smallest steps there are.
        for octave in -10..10 {
            let seam = 2.0_f64.powi(octave) * FRAC_1_SQRT_2;
            let mut before = f64::NEG_INFINITY;
            for ulp in 0..64_u64 {
                let [db] = gain_to_db([f64::from_bits(seam.to_bits() - 32 + ulp)]);
                // 1e-13 dB: the rounding of a level.
                assert!(db >= before - 1e-13, "{db} after {before}");
                before = db;
            }
        }
    }
}

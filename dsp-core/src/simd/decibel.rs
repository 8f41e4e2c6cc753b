//! Decibels and linear gains without a library call, several at once.
//!
//! Logarithm: x = 2^k · m with a whole k and √½ ≤ m < √2; ln m = 2·artanh s with s = (m − 1)/(m + 1), |s| < 0.172, and
//! the series of artanh. Exponential: 2^x = 2^k · e^z with a whole k and |z| ≤ ln 2 / 2, and the series of e^z. A gain of
//! 1 and 0 dB give each other exactly.
//!
//! | function | of | last term | error below |
//! | --- | --- | --- | --- |
//! | [`gain_to_db`] | vectors, fused where it can be | s¹⁷ | 1e-12 dB |
//! | [`db_to_gain`] | vectors, fused where it can be | z⁹ | 1e-11 |
//! | [`gains_to_db`], [`powers_to_db`] | arrays, the same bits on any processor | s¹³ | 1e-11 dB |
//! | [`db_to_gains`] | arrays, the same bits on any processor | z¹¹ | 1e-13 |
//! | [`octaves_to_gain`] | the limiter, the same bits on any processor | z⁹ | 1e-11 |

use super::F64x4;
use super::f64x4::{BIAS, EXPONENT_BIT, MANTISSA, WHOLE, power_of_two};
use crate::units::FLOOR_DB;
use core::f64::consts::{FRAC_1_SQRT_2, LN_2, LN_10, LOG2_10, LOG10_2, SQRT_2};

/// The gain of [`FLOOR_DB`]: what is less is taken as this, so that every level is a finite number.
const FLOOR_GAIN: f64 = 1e-10;
const _: () = assert!(FLOOR_DB == -200.0);
/// Added to a number below 2^51 and subtracted it rounds to the nearest whole number; the sum has that number in its
/// lowest bits. 1.5 · 2^52.
pub(crate) const ROUND: f64 = 6_755_399_441_055_744.0;
/// dB in a natural logarithm's 1.
const DB_PER_E: f64 = 20.0 / LN_10;
/// Beyond any level converted here; within it 2^k is a normal number.
const LIMIT_DB: f64 = 1000.0;

/// Levels in dB of gains of zero or more, at least [`FLOOR_DB`].
#[inline(always)]
pub(crate) fn gain_to_db<V: F64x4>(gain: V) -> V {
    let one = V::splat(1.0);
    let (exponent, mantissa) = gain.max(V::splat(FLOOR_GAIN)).exponent_and_mantissa();
    let root = V::splat(SQRT_2);
    let exponent = mantissa.if_below(root, exponent, exponent.add(one));
    let mantissa = mantissa.if_below(root, mantissa, mantissa.mul(V::splat(0.5)));
    let s = mantissa.sub(one).div(mantissa.add(one));
    let s2 = s.mul(s);
    // What is left off, s¹⁹/19 and on, is below 2e-16.
    let mut series = V::splat(1.0 / 17.0);
    for odd in [15.0, 13.0, 11.0, 9.0, 7.0, 5.0, 3.0, 1.0] {
        series = series.mul_add(s2, V::splat(1.0 / odd));
    }
    let db = series.mul(s.mul(V::splat(2.0 * DB_PER_E)));
    exponent.mul_add(V::splat(LN_2 * DB_PER_E), db).max(V::splat(FLOOR_DB))
}

/// Gains of levels in dB within ±1000 dB.
#[inline(always)]
pub(crate) fn db_to_gain<V: F64x4>(db: V) -> V {
    let octaves = db.mul(V::splat(LOG2_10 / 20.0));
    let rounded = octaves.add(V::splat(ROUND));
    let z = octaves.sub(rounded.sub(V::splat(ROUND))).mul(V::splat(LN_2));
    // 1 + z + … + z⁹/9!, in pairs so that the multiplications overlap; z¹⁰/10! is below 7e-12.
    let (z2, one) = (z.mul(z), V::splat(1.0));
    let z4 = z2.mul(z2);
    let low = pair(z, 0.5, 1.0 / 6.0).mul_add(z2, z.add(one));
    let mid = pair(z, 1.0 / 720.0, 1.0 / 5_040.0).mul_add(z2, pair(z, 1.0 / 24.0, 1.0 / 120.0));
    let high = pair(z, 1.0 / 40_320.0, 1.0 / 362_880.0);
    let series = high.mul_add(z4, mid).mul_add(z4, low);
    rounded.power_of_two().mul(series)
}

/// low + high·z.
#[inline(always)]
fn pair<V: F64x4>(z: V, low: f64, high: f64) -> V {
    V::splat(high).mul_add(z, V::splat(low))
}

/// Levels in dB of linear gains, 0 or more, at least [`FLOOR_DB`].
#[inline(always)]
pub(crate) fn gains_to_db<const N: usize>(gains: [f64; N]) -> [f64; N] {
    // Loops, not `map`: a closure is not always compiled for the instruction set of its caller.
    let mut levels_db = gains;
    levels_db.iter_mut().for_each(|x| *x = decibels(*x, FLOOR_GAIN, 20.0));
    levels_db
}

/// Levels in dB of powers (squared amplitudes), 0 or more, at least [`FLOOR_DB`].
#[inline(always)]
pub(crate) fn powers_to_db<const N: usize>(powers: [f64; N]) -> [f64; N] {
    powers.map(|power| decibels(power, FLOOR_GAIN * FLOOR_GAIN, 10.0))
}

/// `per_decade` times the decimal logarithm of `x` or of `floor`, whichever is more.
#[inline(always)]
fn decibels(x: f64, floor: f64, per_decade: f64) -> f64 {
    let bits = (if x > floor { x } else { floor }).to_bits();
    let half_octave = FRAC_1_SQRT_2.to_bits();
    // Half an octave up, so that the exponent rounds to the nearest octave instead of down.
    let shifted = bits.wrapping_add(1.0_f64.to_bits() - half_octave);
    let octaves = f64::from_bits((shifted >> EXPONENT_BIT) | WHOLE.to_bits()) - (WHOLE + BIAS);
    let m = f64::from_bits((shifted & MANTISSA) + half_octave);
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

/// Linear gains of levels in dB.
#[inline(always)]
pub(crate) fn db_to_gains<const N: usize>(db: [f64; N]) -> [f64; N] {
    let mut gains = db;
    for gain in &mut gains {
        debug_assert!(gain.abs() <= LIMIT_DB, "{gain} dB");
        let (scale, rest) = whole_octaves(*gain * (LOG2_10 / 20.0));
        *gain = scale * exp_series(rest * LN_2);
    }
    gains
}

/// 2 to the nearest whole number of octaves, and the octaves left over.
#[inline(always)]
fn whole_octaves(octaves: f64) -> (f64, f64) {
    let rounded = octaves + ROUND;
    (power_of_two(rounded), octaves - (rounded - ROUND))
}

/// 1 + z + z²/2! + … + z¹¹/11!, in pairs so that the multiplications overlap.
#[inline(always)]
fn exp_series(z: f64) -> f64 {
    let (z2, z4) = (z * z, z * z * (z * z));
    let low = (1.0 + z) + z2 * (1.0 / 2.0 + z * (1.0 / 6.0));
    let mid = (1.0 / 24.0 + z * (1.0 / 120.0)) + z2 * (1.0 / 720.0 + z * (1.0 / 5_040.0));
    let high = (1.0 / 40_320.0 + z * (1.0 / 362_880.0)) + z2 * (1.0 / 3_628_800.0 + z * (1.0 / 39_916_800.0));
    low + z4 * (mid + z4 * high)
}

/// 2^octaves, for ±300 octaves.
#[inline(always)]
pub(crate) fn octaves_to_gain(octaves: f64) -> f64 {
    /// (ln 2)ⁿ / n!.
    const FACTORS: [f64; 10] = {
        let (mut factors, mut n) = ([1.0; 10], 1);
        while n < factors.len() {
            factors[n] = factors[n - 1] * LN_2 / n as f64;
            n += 1;
        }
        factors
    };
    let [a, b, c, d, e, f, g, h, i, j] = FACTORS;
    let (scale, x) = whole_octaves(octaves);
    let high = f + x * (g + x * (h + x * (i + x * j)));
    let sum = a + x * (b + x * (c + x * (d + x * (e + x * high))));
    sum * scale
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::{Isa, Kernel, Simd};
    use crate::units;

    /// Four gains to dB, and those back.
    struct ThereAndBack([f64; 4]);

    impl Kernel for ThereAndBack {
        type Output = [[f64; 4]; 2];

        #[inline(always)]
        fn run<S: Simd>(self) -> Self::Output {
            let level_db = gain_to_db(S::F64::load(&self.0));
            [level_db.to_array(), db_to_gain(level_db).to_array()]
        }
    }

    #[test]
    fn vectors_are_the_library_conversions_on_both_instruction_sets() {
        for isa in [Isa::PORTABLE, Isa::detect()] {
            let (mut worst_db, mut worst) = (0.0_f64, 0.0_f64);
            for step in -19_990..=10_000 {
                let gain = units::db_to_gain(f64::from(step) * 0.01);
                let [level_db, back] = isa.run(ThereAndBack([gain; 4]));
                worst_db = worst_db.max((level_db[0] - units::gain_to_db(gain)).abs());
                worst = worst.max((back[0] / units::db_to_gain(level_db[0]) - 1.0).abs());
            }
            eprintln!("largest errors: {worst_db:.1e} dB, {worst:.1e} of a gain");
            // What the functions promise.
            assert!(worst_db < 1e-12 && worst < 1e-11, "{worst_db} {worst}");
            assert_eq!(isa.run(ThereAndBack([1.0; 4])), [[0.0; 4], [1.0; 4]]);
            assert!((isa.run(ThereAndBack([0.0; 4]))[0][3] - FLOOR_DB).abs() < 1e-12);
            let four = [1.0, 0.5, 0.7, 1e-4];
            let apart = four.map(|gain| isa.run(ThereAndBack([gain; 4])).map(|of| of[0]));
            let together = isa.run(ThereAndBack(four));
            assert!((0..4).all(|lane| apart[lane] == together.map(|of| of[lane])));
        }
    }

    #[test]
    fn array_levels_are_the_library_conversion() {
        let mut worst = 0.0_f64;
        for step in -40_000..=22_000 {
            let expected_db = f64::from(step) * 0.005;
            let gain = units::db_to_gain(expected_db);
            let ([a], [b]) = (gains_to_db([gain]), powers_to_db([gain * gain]));
            worst = worst.max((a - units::gain_to_db(gain)).abs()).max((b - expected_db).abs());
        }
        eprintln!("levels of arrays: {worst:.1e} dB off at most");
        assert!(worst < 1e-11, "{worst}");
    }

    #[test]
    fn unity_is_exact_and_silence_is_the_floor() {
        assert_eq!(gains_to_db([1.0]), [0.0]);
        assert_eq!(powers_to_db([1.0]), [0.0]);
        for silent in [0.0, -0.0, 1e-300, 5e-324, f64::NAN] {
            let levels = [gains_to_db([silent])[0], powers_to_db([silent])[0]];
            assert!(levels.iter().all(|db| (db - FLOOR_DB).abs() < 1e-11), "{levels:?}");
        }
    }

    #[test]
    fn a_level_never_falls_as_the_gain_rises() {
        // Across the seams between octaves, in the smallest steps there are.
        for octave in -10..10 {
            let seam = 2.0_f64.powi(octave) * FRAC_1_SQRT_2;
            let mut before = f64::NEG_INFINITY;
            for ulp in 0..64_u64 {
                let [db] = gains_to_db([f64::from_bits(seam.to_bits() - 32 + ulp)]);
                // 1e-13 dB: the rounding of a level.
                assert!(db >= before - 1e-13, "{db} after {before}");
                before = db;
            }
        }
    }

    #[test]
    fn array_gains_are_the_library_conversion() {
        for step in -20_000..=20_000 {
            let db = f64::from(step) * 0.005;
            let ([gain, other], expected) = (db_to_gains([db, -db]), units::db_to_gain(db));
            // 1e-13: what the file promises; the argument's own rounding at 100 dB is 2e-15.
            assert!((gain / expected - 1.0).abs() < 1e-13, "{db} dB: {gain}");
            assert!((other * expected - 1.0).abs() < 1e-13, "{db} dB: {other}");
            let octaves = db * LOG2_10 / 20.0;
            assert!((octaves_to_gain(octaves) / expected - 1.0).abs() < 1e-11, "{octaves} octaves");
        }
        assert_eq!(db_to_gains([0.0, -0.0]), [1.0, 1.0]);
        assert_eq!(octaves_to_gain(0.0), 1.0);
    }
}

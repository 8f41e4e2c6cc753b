//! Gains to decibels and back, four at once and without a library call.
//!
//! Methods: ln x = e·ln 2 + 2·artanh((m − 1)/(m + 1)) with the mantissa m between √½ and √2, and the series of artanh;
//! 10^(x/20) = 2^k · e^z with a whole k and |z| ≤ ln 2 / 2, and the series of e^z.

use super::lanes::Lanes;
use crate::units::FLOOR_DB;
use core::f64::consts::{LN_2, LN_10, LOG2_10, SQRT_2};

/// Added to and taken from a number it rounds it to a whole one and leaves that one in the lowest bits: 1.5 · 2^52.
const ROUND: f64 = 6_755_399_441_055_744.0;
/// The gain of [`FLOOR_DB`]: nothing is quieter.
const FLOOR: f64 = 1e-10;
/// dB in a natural logarithm's 1.
const DB_PER_E: f64 = 20.0 / LN_10;

/// Levels in dB of gains of zero or more, at least [`FLOOR_DB`], within 1e-12 dB.
#[inline(always)]
pub(super) fn gain_to_db<V: Lanes>(gain: V) -> V {
    let one = V::splat(1.0);
    let (exponent, mantissa) = gain.max(V::splat(FLOOR)).exponent_and_mantissa();
    let root = V::splat(SQRT_2);
    let exponent = mantissa.if_below(root, exponent, exponent.add(one));
    let mantissa = mantissa.if_below(root, mantissa, mantissa.mul(V::splat(0.5)));
    let t = mantissa.sub(one).div(mantissa.add(one));
    let t2 = t.mul(t);
    // |t| is at most 0.172: what is left off, t¹⁹/19 and on, is below 2e-16.
    let mut series = V::splat(1.0 / 17.0);
    for odd in [15.0, 13.0, 11.0, 9.0, 7.0, 5.0, 3.0, 1.0] {
        series = series.mul_add(t2, V::splat(1.0 / odd));
    }
    let db = series.mul(t.mul(V::splat(2.0 * DB_PER_E)));
    exponent.mul_add(V::splat(LN_2 * DB_PER_E), db).max(V::splat(FLOOR_DB))
}

/// Gains of levels in dB within ±1000 dB, within 1e-11 of the value; 0 dB gives exactly 1.
#[inline(always)]
pub(super) fn db_to_gain<V: Lanes>(db: V) -> V {
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
fn pair<V: Lanes>(z: V, low: f64, high: f64) -> V {
    V::splat(high).mul_add(z, V::splat(low))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lanes::{Lanes as _, Plain};
    use crate::units;

    fn of(x: f64, law: impl Fn(Plain) -> Plain) -> f64 {
        law(Plain::splat(x)).0[0]
    }

    #[test]
    fn are_the_library_conversions() {
        let (mut worst_db, mut worst) = (0.0_f64, 0.0_f64);
        for step in -19_990..=10_000 {
            let db = f64::from(step) * 0.01;
            let gain = units::db_to_gain(db);
            worst_db = worst_db.max((of(gain, gain_to_db) - units::gain_to_db(gain)).abs());
            worst = worst.max((of(db, db_to_gain) / gain - 1.0).abs());
        }
        eprintln!("largest errors: {worst_db:.1e} dB, {worst:.1e} of a gain");
        // What the functions promise.
        assert!(worst_db < 1e-12 && worst < 1e-11, "{worst_db} {worst}");
        assert_eq!((of(0.0, db_to_gain), of(-0.0, db_to_gain)), (1.0, 1.0));
        assert_eq!(of(1.0, gain_to_db), 0.0);
        assert!((of(0.0, gain_to_db) - FLOOR_DB).abs() < 1e-12);
    }

    #[cfg(target_arch = "x86_64")]
    #[test]
    fn both_instruction_sets_agree() {
        use crate::lanes::Avx;

        #[target_feature(enable = "avx2,fma")]
        fn avx(gains: &[f64; 4], db: &mut [f64; 4], back: &mut [f64; 4]) {
            let level = gain_to_db(Avx::load(gains));
            level.store(db);
            db_to_gain(level).store(back);
        }
        if !is_x86_feature_detected!("avx2") || !is_x86_feature_detected!("fma") {
            return;
        }
        for gains in [[1.0, 0.5, 0.7, 1e-4], [1e5, 1e-9, 3.0, 1.42], [1.41, 2.0, 0.999, 1.001]] {
            let (mut db, mut back) = ([0.0; 4], [0.0; 4]);
            // SAFETY: the processor was asked above.
            unsafe { avx(&gains, &mut db, &mut back) };
            for lane in 0..4 {
                // 1e-12 dB and 1e-11: what both promise.
                assert!((db[lane] - units::gain_to_db(gains[lane])).abs() < 1e-12, "{} dB", db[lane]);
                assert!((back[lane] / gains[lane] - 1.0).abs() < 1e-11, "{}", back[lane]);
            }
        }
    }
}

//! Linear gain of levels in dB, several at once, every frame, without a library call.
//!
//! Method: 10^(x/20) = 2^k · e^z with a whole k and |z| ≤ ln 2 / 2, and the series of e^z. The series of degree 11
//! leaves off less than 1e-14 of the value; 0 dB gives exactly 1.

use std::f64::consts::{LN_2, LOG2_10};

/// Added to and taken from a number it rounds it to a whole one and leaves that one in the lowest bits: 1.5 · 2^52.
const ROUND: f64 = 6_755_399_441_055_744.0;
/// Beyond any gain asked for here; within it 2^k is a normal number.
const LIMIT_DB: f64 = 1000.0;
/// Place of the exponent in a 64-bit float.
const EXPONENT_BIT: u32 = 52;

/// Linear gains of levels in dB, within 1e-13.
#[inline(always)]
#[must_use]
pub(crate) fn db_to_gain<const N: usize>(db: [f64; N]) -> [f64; N] {
    // A loop: what is given to `map` is not always compiled for the instruction set of who calls it.
    let mut gain = db;
    for gain in &mut gain {
        debug_assert!(gain.abs() <= LIMIT_DB, "{gain} dB");
        let octaves = *gain * (LOG2_10 / 20.0);
        let rounded = octaves + ROUND;
        let z = (octaves - (rounded - ROUND)) * LN_2;
        // Moves the whole part from the lowest bits to the exponent of 1.0.
        let scale = f64::from_bits((rounded.to_bits() << EXPONENT_BIT).wrapping_add(1.0_f64.to_bits()));
        *gain = scale * exp_series(z);
    }
    gain
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units;

    #[test]
    fn is_the_library_conversion() {
        for step in -20_000..=20_000 {
            let db = f64::from(step) * 0.005;
            let ([gain, other], expected) = (db_to_gain([db, -db]), units::db_to_gain(db));
            // 1e-13: what the file promises; the argument's own rounding at 100 dB is 2e-15.
            assert!((gain / expected - 1.0).abs() < 1e-13, "{db} dB: {gain}");
            assert!((other * expected - 1.0).abs() < 1e-13, "{db} dB: {other}");
        }
        assert_eq!(db_to_gain([0.0, -0.0]), [1.0, 1.0]);
    }
}

//! The static curve of a dynamic band: the offset at a steady level.
//!
//! With the level L, the threshold T and the knee W, all in dB:
//!
//! x = clamp((L − (T − W/2)) / W, 0, 1), offset = range · (3x² − 2x³)
//!
//! 0 below the knee, the whole range above it, half of it at the threshold, and no corner in between. A knee of 0 dB is
//! a switch at the threshold.

/// Offset to the band's gain at a steady level, in dB.
#[inline]
#[must_use]
pub fn offset_db(level_db: f64, threshold_db: f64, knee_db: f64, range_db: f64) -> f64 {
    let over_db = level_db - threshold_db;
    let x = if knee_db > 0.0 {
        ((over_db + knee_db / 2.0) / knee_db).clamp(0.0, 1.0)
    } else {
        f64::from(u8::from(over_db >= 0.0))
    };
    range_db * x * x * (3.0 - 2.0 * x)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn hits_its_defining_points() {
        for (level_db, expected) in
            [(-200.0, 0.0), (-34.0, 0.0), (-32.0, -12.0 * 0.15625), (-30.0, -6.0), (-26.0, -12.0), (0.0, -12.0)]
        {
            assert_eq!(offset_db(level_db, -30.0, 8.0, -12.0), expected, "{level_db} dB");
        }
        assert_eq!([-30.001, -30.0].map(|level_db| offset_db(level_db, -30.0, 0.0, 6.0)), [0.0, 6.0]);
    }

    proptest! {
        #[test]
        fn continuous_and_never_falling(
            level_db in -200.0..=100.0_f64,
            step_db in 0.0..=0.1_f64,
            threshold_db in -80.0..=20.0_f64,
            knee_db in 0.1..=32.0_f64,
            range_db in 0.0..=30.0_f64,
        ) {
            let at = |level_db| offset_db(level_db, threshold_db, knee_db, range_db);
            let rise = at(level_db + step_db) - at(level_db);
            // The steepest place of 3x² − 2x³ is its middle, with a slope of 1.5.
            prop_assert!((-1e-12..=1.5 * range_db * step_db / knee_db + 1e-12).contains(&rise), "{rise}");
            prop_assert!((0.0..=range_db).contains(&at(level_db)));
        }
    }
}

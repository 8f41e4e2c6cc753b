//! The static curve of downward expansion.
//!
//! With the threshold T, the ratio R, the knee W and the level L, u = T − L, all in dB, the reduction is (R − 1)·u below
//! the knee, (R − 1)·(u + W/2)² / 2W within it (the knee of Giannoulis, Massberg, Reiss, JAES 60 (2012), eq. 4, turned
//! over), nothing above, and never more than the range.

/// Least value that [`inverse`] counts as, so that nothing is divided by zero: 10⁹:1 is as good as ∞:1.
const LEAST_INVERSE: f64 = 1e-9;

/// 1/R, which ramps smoothly where the ratio itself goes to infinity.
pub(super) fn inverse(ratio: f64) -> f64 {
    1.0 / ratio
}

/// A static curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Expander {
    pub(super) threshold_db: f64,
    /// 1 over the ratio.
    pub(super) inverse: f64,
    pub(super) knee_db: f64,
    pub(super) range_db: f64,
}

impl Expander {
    /// Reduction in dB at a steady level in dB: 0 or more, continuous, never rising with the level.
    #[inline]
    pub(super) fn reduction_db(&self, level_db: f64) -> f64 {
        let Self { threshold_db, inverse, knee_db, range_db } = *self;
        reduction_db(level_db, threshold_db, slope(inverse), knee_db, range_db)
    }

    /// Lowest level at which nothing is reduced.
    pub(super) fn clear_db(&self) -> f64 {
        self.threshold_db + self.knee_db / 2.0
    }
}

/// dB of reduction per dB below the knee, from 1 over the ratio.
#[inline(always)]
pub(super) fn slope(inverse: f64) -> f64 {
    1.0 / inverse.max(LEAST_INVERSE) - 1.0
}

/// The curve as a function.
#[inline(always)]
pub(super) fn reduction_db(level_db: f64, threshold_db: f64, slope: f64, knee_db: f64, range_db: f64) -> f64 {
    let under_db = threshold_db - level_db;
    let into_knee_db = under_db + knee_db / 2.0;
    if into_knee_db <= 0.0 {
        return 0.0;
    }
    let bent_db = if into_knee_db < knee_db { into_knee_db * into_knee_db / (2.0 * knee_db) } else { under_db };
    (slope * bent_db).min(range_db)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn curve(ratio: f64, knee_db: f64) -> Expander {
        Expander { threshold_db: -40.0, inverse: inverse(ratio), knee_db, range_db: 30.0 }
    }

    #[test]
    fn hits_its_defining_points() {
        assert_eq!([-30.0, -40.0, -50.0, -80.0].map(|db| curve(2.0, 0.0).reduction_db(db)), [0.0, 0.0, 10.0, 30.0]);
        assert_eq!(curve(4.0, 8.0).reduction_db(-40.0), 3.0 * 1.0, "W/8 at the threshold");
        assert_eq!(curve(4.0, 8.0).reduction_db(curve(4.0, 8.0).clear_db()), 0.0);
        assert_eq!([-39.9, -40.0, -40.001].map(|db| curve(f64::INFINITY, 0.0).reduction_db(db)), [0.0, 0.0, 30.0]);
        assert!((-200..100).all(|db| curve(1.0, 30.0).reduction_db(f64::from(db)) == 0.0));
    }

    proptest! {
        #[test]
        fn continuous_and_never_rising_with_the_level(
            ratio in 1.0..=50.0_f64, knee_db in 0.0..=30.0_f64, level_db in -200.0..=40.0_f64, step_db in 0.0..=0.1_f64,
        ) {
            let at = |level_db| curve(ratio, knee_db).reduction_db(level_db);
            for level_db in [level_db, -40.0 - knee_db / 2.0, -40.0 + knee_db / 2.0 - step_db] {
                let fall_db = at(level_db) - at(level_db + step_db);
                prop_assert!((-1e-9..=(ratio - 1.0) * step_db + 1e-9).contains(&fall_db), "{fall_db}");
            }
            prop_assert!((0.0..=30.0).contains(&at(level_db)));
        }
    }
}

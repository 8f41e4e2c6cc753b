//! The static curve of a compressor: how much to reduce at which level.
//!
//! Source: D. Giannoulis, M. Massberg, J. D. Reiss, "Digital Dynamic Range Compressor Design – A Tutorial and
//! Analysis", J. Audio Eng. Soc. 60 (2012), eq. 4. `T R W` are the paper's threshold, ratio and knee width.

/// A static curve: hard above and below, quadratic within the knee, never more than the range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GainComputer {
    threshold_db: f64,
    slope: f64,
    knee_db: f64,
    range_db: f64,
}

impl GainComputer {
    /// A curve. `slope` is what [`slope`] makes of the ratio; it moves evenly where the ratio goes to infinity.
    #[must_use]
    pub fn new(threshold_db: f64, slope: f64, knee_db: f64, range_db: f64) -> Self {
        Self { threshold_db, slope, knee_db, range_db }
    }

    /// Reduction in dB at a steady level in dB: 0 or more, continuous, never falling as the level rises.
    #[inline(always)]
    #[must_use]
    pub fn reduction_db(&self, level_db: f64) -> f64 {
        let over_db = level_db - self.threshold_db;
        let excess_db = if 2.0 * over_db <= -self.knee_db {
            0.0
        } else if 2.0 * over_db < self.knee_db {
            let into_knee_db = over_db + self.knee_db / 2.0;
            into_knee_db * into_knee_db / (2.0 * self.knee_db)
        } else {
            over_db
        };
        (self.slope * excess_db).min(self.range_db)
    }
}

/// dB of reduction per dB above the knee: 0 for 1:1, 1 for ∞:1.
#[inline(always)]
#[must_use]
pub fn slope(ratio: f64) -> f64 {
    1.0 - 1.0 / ratio
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn hits_its_defining_points() {
        // T −20 dB, 4:1, hard: 8 dB above gives 6 dB of reduction, the threshold itself none.
        let hard = GainComputer::new(-20.0, slope(4.0), 0.0, 60.0);
        assert_eq!(hard.reduction_db(-12.0), 6.0);
        assert_eq!(hard.reduction_db(-20.0), 0.0);
        // In the middle of a knee W the paper's curve is at (1 − 1/R)·W/8.
        let soft = GainComputer::new(-20.0, slope(4.0), 12.0, 60.0);
        assert_eq!(soft.reduction_db(-20.0), 0.75 * 12.0 / 8.0);
        assert_eq!(soft.reduction_db(-26.0), 0.0);
        assert_eq!(soft.reduction_db(-14.0), 0.75 * 6.0);
        // ∞:1 takes away all that is above, and the range stops it.
        let wall = GainComputer::new(-20.0, slope(f64::INFINITY), 0.0, 10.0);
        assert_eq!(wall.reduction_db(-15.0), 5.0);
        assert_eq!(wall.reduction_db(0.0), 10.0);
    }

    #[test]
    fn no_ratio_is_no_reduction() {
        let curve = GainComputer::new(-60.0, slope(1.0), 30.0, 60.0);
        assert!((-200..=100).all(|db| curve.reduction_db(f64::from(db)) == 0.0));
    }

    proptest! {
        #[test]
        fn continuous_and_monotonic_through_the_knee(
            threshold_db in -60.0..=0.0_f64,
            ratio in prop_oneof![1.0..=100.0_f64, Just(f64::INFINITY)],
            knee_db in 0.0..=30.0_f64,
            range_db in 0.0..=60.0_f64,
            level_db in -220.0..=110.0_f64,
            step_db in 0.0..=0.1_f64,
        ) {
            let curve = GainComputer::new(threshold_db, slope(ratio), knee_db, range_db);
            // Anywhere, and right at the edges of the knee.
            for at in [level_db, threshold_db - knee_db / 2.0 - step_db / 2.0, threshold_db + knee_db / 2.0 - step_db / 2.0] {
                let rise = curve.reduction_db(at + step_db) - curve.reduction_db(at);
                // Never falls, and never rises faster than the level: 1e-12 is the rounding of numbers near 100.
                prop_assert!((-1e-12..=step_db + 1e-12).contains(&rise), "{rise} dB over {step_db} at {at}");
            }
            // Without a gap from below the knee to above it.
            let at = |step: i32| threshold_db - knee_db + f64::from(step) * (knee_db / 128.0);
            for step in 0..256 {
                let rise = curve.reduction_db(at(step + 1)) - curve.reduction_db(at(step));
                prop_assert!((-1e-12..=knee_db / 128.0 + 1e-12).contains(&rise), "{rise} dB at {}", at(step));
            }
            prop_assert!((0.0..=range_db).contains(&curve.reduction_db(level_db)));
        }
    }
}

//! Soft clip ahead of the limiter: rounds peaks off, so that the limiter reduces less.
//!
//! Up to half the ceiling (−6 dB) nothing changes. Above, at 100 %, the curve approaches the ceiling and never reaches
//! it; below 100 % it is mixed with the straight line. It runs at the sample rate and aliases like any such clipper, but
//! its slope is continuous, so the aliases are those of a soft knee. The detector sees its output: the ceiling holds.

/// Where the curve leaves the straight line, relative to the ceiling.
const KNEE: f64 = 0.5;

/// A sample relative to the ceiling, less `fraction` of what the full curve takes off.
#[inline(always)]
pub(super) fn soft_clip(x: f64, fraction: f64) -> f64 {
    let above = x.abs() - KNEE;
    if above <= 0.0 {
        return x;
    }
    // Slope 1 at the knee; approaches 1 − KNEE, the ceiling, where its slope is 0.
    let bent = above / (1.0 + above / (1.0 - KNEE));
    x - (fraction * (above - bent)).copysign(x)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bends_above_the_knee_only_and_approaches_the_ceiling() {
        for x in [-0.5, -0.1, 0.0, 0.3, 0.5] {
            assert_eq!(soft_clip(x, 1.0), x);
        }
        let curve: Vec<f64> = (0..4000).map(|n| soft_clip(f64::from(n) * 0.01, 1.0)).collect();
        assert!(curve.is_sorted() && curve[3999] < 1.0 && curve[3999] > 0.98);
        assert_eq!(soft_clip(7.0, 0.0), 7.0);
        assert_eq!(soft_clip(-2.0, 0.5), -(2.0 + soft_clip(2.0, 1.0)) / 2.0);
    }
}

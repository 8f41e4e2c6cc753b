//! Rounds peaks off before the limiter, so that it has less to do.
//!
//! Up to half the ceiling (−6 dB) nothing changes; above, at 100 %, the curve bends towards the ceiling and never
//! reaches it. Below 100 % it is a mixture with the straight line. Like every clipper at the sample rate it makes some
//! aliases; the bend is gentle (no corner in its slope), so that they stay those of a soft knee. The detector comes
//! after it, so the ceiling holds whatever it does.

/// Where the bend begins, relative to the ceiling.
const KNEE: f64 = 0.5;

/// A sample, relative to the ceiling, with `fraction` of what the curve takes away taken away.
#[inline(always)]
pub(super) fn soft_clip(x: f64, fraction: f64) -> f64 {
    let above = x.abs() - KNEE;
    if above <= 0.0 {
        return x;
    }
    // Slope 1 at the knee, 1 at infinity.
    let bent = above / (1.0 + above / (1.0 - KNEE));
    x - (fraction * (above - bent)).copysign(x)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_off_above_the_knee_only_and_never_reaches_the_ceiling() {
        for x in [-0.5, -0.1, 0.0, 0.3, 0.5] {
            assert_eq!(soft_clip(x, 1.0), x);
        }
        let curve: Vec<f64> = (0..4000).map(|n| soft_clip(f64::from(n) * 0.01, 1.0)).collect();
        assert!(curve.is_sorted() && curve[3999] < 1.0 && curve[3999] > 0.98);
        assert_eq!(soft_clip(7.0, 0.0), 7.0);
        assert_eq!(soft_clip(-2.0, 0.5), -(2.0 + soft_clip(2.0, 1.0)) / 2.0);
    }
}

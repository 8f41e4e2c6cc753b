//! The clipper's curve.

/// What the curve takes off a sample; both relative to the ceiling.
///
/// The curve is the sample's magnitude up to 1 − knee and 1 from 1 + knee on. Between them its slope falls linearly from
/// 1 to 0: it is the mean of the hard curves whose ceilings lie in that range.
#[inline(always)]
pub(super) fn excess(x: f64, knee: f64) -> f64 {
    let magnitude = x.abs();
    let into = magnitude - (1.0 - knee);
    if into <= 0.0 {
        return 0.0;
    }
    let over = if into < 2.0 * knee { into * into / (4.0 * knee) } else { magnitude - 1.0 };
    over.copysign(x)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_what_is_below_the_knee_and_ends_at_the_ceiling() {
        for knee in [0.0, 1e-9, 0.2, 0.7, 1.0] {
            let curve = |x: f64| x - excess(x, knee);
            for n in 0..=4000 {
                let x = f64::from(n) * 1e-3;
                assert_eq!(curve(-x), -curve(x));
                // 1e-15: a rounding.
                assert!(curve(x) <= 1.0 + 1e-15 && curve(x) <= x && curve(x + 1e-3) >= curve(x) - 1e-15, "{knee}, {x}");
                assert!(x > 1.0 - knee || curve(x) == x, "{knee}, {x}");
                assert!(x < 1.0 + knee || (curve(x) - 1.0).abs() < 1e-15, "{knee}, {x}");
            }
        }
    }

    #[test]
    fn slope_falls_linearly_through_the_knee() {
        let slope = |x: f64, knee: f64| 1.0 - (excess(x + 1e-6, knee) - excess(x - 1e-6, knee)) / 2e-6;
        for knee in [0.1, 0.5, 1.0] {
            for part in [0.1, 0.5, 0.9] {
                let x = 1.0 - knee + 2.0 * knee * part;
                assert!((slope(x, knee) - (1.0 - part)).abs() < 1e-9, "{knee}, {part}");
            }
        }
    }

    #[test]
    fn is_the_mean_of_hard_curves() {
        let knee = 0.3;
        for x in [0.5, 0.8, 1.0, 1.2, 2.0] {
            let hard = (0..1000).map(|n| {
                let ceiling = 1.0 - knee + 2.0 * knee * (f64::from(n) + 0.5) / 1000.0;
                (x - ceiling).max(0.0) / 1000.0
            });
            // 1e-6: a sum of a thousand parts.
            assert!((hard.sum::<f64>() - excess(x, knee)).abs() < 1e-6, "{x}");
        }
    }
}

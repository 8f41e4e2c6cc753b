//! Conversions between the units people read and the numbers the math needs; the only place that spells `log10`.

/// Smallest level the conversions return, in dB: silence reads as this instead of −∞ where a finite number is needed.
pub const FLOOR_DB: f64 = -200.0;

/// Linear gain of a level in dB.
#[inline]
#[must_use]
pub fn db_to_gain(db: f64) -> f64 {
    (db * (core::f64::consts::LN_10 / 20.0)).exp()
}

/// Level in dB of a linear gain; the sign is ignored and zero is −∞.
#[inline]
#[must_use]
pub fn gain_to_db(gain: f64) -> f64 {
    20.0 * gain.abs().log10()
}

/// Level in dB of a power (a squared amplitude); zero is −∞.
#[inline]
#[must_use]
pub fn power_to_db(power: f64) -> f64 {
    10.0 * power.log10()
}

/// Frames in a time, not rounded.
#[inline]
#[must_use]
pub fn ms_to_frames(ms: f64, sample_rate_hz: f64) -> f64 {
    ms * sample_rate_hz / 1000.0
}

/// A percentage as a fraction.
#[inline]
#[must_use]
pub fn pct_to_fraction(pct: f64) -> f64 {
    pct / 100.0
}

/// Factor by which a one-pole's distance to its target shrinks each frame, when it covers 63 % (1 − 1/e) in `ms`.
/// A time of zero or less gives 0: the target is reached at once.
#[inline]
#[must_use]
pub fn one_pole_keep(ms: f64, sample_rate_hz: f64) -> f64 {
    let frames = ms_to_frames(ms, sample_rate_hz);
    if frames > 0.0 { (-1.0 / frames).exp() } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gain_and_db_are_inverse_at_known_points() {
        for (db, gain) in [(0.0, 1.0), (20.0, 10.0), (-6.020_599_913_279_624, 0.5), (-120.0, 1e-6)] {
            assert!((db_to_gain(db) - gain).abs() <= 1e-14 * gain, "{db} dB");
            assert!((gain_to_db(gain) - db).abs() <= 1e-12, "{gain}");
        }
        assert_eq!(gain_to_db(0.0), f64::NEG_INFINITY);
        assert_eq!(gain_to_db(-1.0), 0.0);
    }

    #[test]
    fn one_pole_covers_63_percent_in_its_time() {
        let keep = one_pole_keep(10.0, 48_000.0);
        let left = keep.powi(480);
        assert!((1.0 - left - 0.632_120_558_8).abs() < 1e-9);
        assert_eq!(one_pole_keep(0.0, 48_000.0), 0.0);
    }
}

//! Every number a user can turn, as plain data: its bounds, how its travel is spread, and its unit.

/// How a control's travel is spread over its values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Curve {
    /// Equal travel, equal difference: dB, percent.
    Linear,
    /// Equal travel, equal ratio: frequency, time, Q. Bounds are above zero.
    Log,
    /// More travel for small values, down to zero: hold and lookahead times. The minimum is not below zero.
    Square,
    /// Travel follows 1 − 1/x: for ratios. Half of it lies between 1 and 2, and its end is infinity.
    Reciprocal,
}

/// A user-visible number: what it may be, what it is at first, and what it is measured in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// Smallest value.
    pub min: f64,
    /// Value of a new instance.
    pub default: f64,
    /// Largest value; infinite for a ratio.
    pub max: f64,
    /// How the travel is spread.
    pub curve: Curve,
    /// Unit as printed after the number, without a space; empty where there is none.
    pub unit: &'static str,
}

impl Range {
    /// Equal travel, equal difference.
    #[must_use]
    pub const fn linear(min: f64, default: f64, max: f64, unit: &'static str) -> Self {
        Self { min, default, max, curve: Curve::Linear, unit }
    }

    /// Equal travel, equal ratio; all three above zero.
    #[must_use]
    pub const fn log(min: f64, default: f64, max: f64, unit: &'static str) -> Self {
        Self { min, default, max, curve: Curve::Log, unit }
    }

    /// Fine near zero; none of the three below zero.
    #[must_use]
    pub const fn square(min: f64, default: f64, max: f64, unit: &'static str) -> Self {
        Self { min, default, max, curve: Curve::Square, unit }
    }

    /// A ratio from `min` (at least 1) to infinity; half the travel lies below 2.
    #[must_use]
    pub const fn ratio(min: f64, default: f64) -> Self {
        Self { min, default, max: f64::INFINITY, curve: Curve::Reciprocal, unit: ":1" }
    }

    /// The same range with another default, for the bands of an equaliser.
    #[must_use]
    pub const fn with_default(self, default: f64) -> Self {
        Self { default, ..self }
    }

    /// The nearest allowed value; NaN becomes the default.
    #[must_use]
    pub fn clamp(&self, value: f64) -> f64 {
        if value.is_nan() { self.default } else { value.clamp(self.min, self.max) }
    }

    /// A value on the scale on which equal differences are equal travel: itself, its log2, its root, or 1 − 1/x.
    /// Stored in plugin states, so that a range may grow without old values moving.
    #[must_use]
    pub fn warp(&self, value: f64) -> f64 {
        match self.curve {
            Curve::Linear => value,
            Curve::Log => value.log2(),
            Curve::Square => value.sqrt(),
            Curve::Reciprocal => 1.0 - 1.0 / value,
        }
    }

    /// The inverse of [`Range::warp`], clamped to the range.
    #[must_use]
    pub fn unwarp(&self, warped: f64) -> f64 {
        self.clamp(match self.curve {
            Curve::Linear => warped,
            Curve::Log => warped.exp2(),
            Curve::Square => warped * warped,
            Curve::Reciprocal if warped >= 1.0 => f64::INFINITY,
            Curve::Reciprocal => 1.0 / (1.0 - warped),
        })
    }

    /// Place of a value in the control's travel, 0 to 1.
    #[must_use]
    pub fn position(&self, value: f64) -> f64 {
        let (low, high) = (self.warp(self.min), self.warp(self.max));
        (self.warp(self.clamp(value)) - low) / (high - low)
    }

    /// Value at a place in the control's travel, 0 to 1; places beyond are taken as its ends.
    #[must_use]
    pub fn at_position(&self, position: f64) -> f64 {
        let (low, high) = (self.warp(self.min), self.warp(self.max));
        self.unwarp(low + position.clamp(0.0, 1.0) * (high - low))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RANGES: [Range; 4] = [
        Range::linear(-60.0, -18.0, 0.0, "dB"),
        Range::log(10.0, 1000.0, 30_000.0, "Hz"),
        Range::square(0.0, 30.0, 500.0, "ms"),
        Range::ratio(1.0, 4.0),
    ];

    #[test]
    fn ends_and_default_come_back_from_their_positions() {
        for range in RANGES {
            assert_eq!(range.position(range.min), 0.0, "{range:?}");
            assert_eq!(range.position(range.max), 1.0, "{range:?}");
            assert_eq!(range.at_position(0.0), range.min, "{range:?}");
            assert!(range.at_position(1.0) == range.max || (range.at_position(1.0) / range.max - 1.0).abs() < 1e-12);
            let there_and_back = range.at_position(range.position(range.default));
            assert!((there_and_back / range.default - 1.0).abs() < 1e-12, "{range:?}: {there_and_back}");
        }
    }

    #[test]
    fn half_a_ratios_travel_lies_below_two() {
        assert_eq!(Range::ratio(1.0, 4.0).at_position(0.5), 2.0);
        assert_eq!(Range::ratio(1.0, 4.0).at_position(1.0), f64::INFINITY);
    }

    #[test]
    fn values_outside_are_clamped_and_nan_is_the_default() {
        for range in RANGES {
            assert_eq!(range.clamp(f64::NAN), range.default);
            assert_eq!(range.clamp(f64::NEG_INFINITY), range.min);
            assert_eq!(range.clamp(f64::INFINITY), range.max);
        }
    }
}

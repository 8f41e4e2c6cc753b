//! Numbers as stored values and as text.

use dsp_core::range::{Curve, Range};

/// Largest distance, in steps of a 32-bit float, at which a stored number snaps to the round number beside it.
const SNAP_STEPS: f64 = 2.0;

/// Adding and subtracting this rounds to the nearest integer without a library call: 1.5 · 2^52.
const ROUND_TO_INTEGER: f64 = 6_755_399_441_055_744.0;

/// Round numbers per unit at a magnitude: finer than any control displays, coarser than the warped scale in 32 bits.
fn grid(curve: Curve, value: f64) -> f64 {
    match (curve, value.abs()) {
        (Curve::Reciprocal, x) if x >= 100.0 => 1.0,
        (Curve::Reciprocal, x) if x >= 10.0 => 10.0,
        (_, x) if x >= 1000.0 => 10.0,
        (_, x) if x >= 10.0 => 1e3,
        _ => 1e4,
    }
}

/// A value as hosts store it: on the range's warped scale, in 32 bits.
pub(crate) fn stored(range: &Range, value: f64) -> f32 {
    range.warp(range.clamp(value)) as f32
}

/// The number of a stored value. 32 bits turn 1000 Hz into 999.9998 Hz, so a number within `rounding` of a round one
/// snaps to it.
///
/// `rounding` is [`rounding`] of the range, passed in so that it is not computed for every automation event.
pub(crate) fn from_stored(range: &Range, rounding: f64, stored: f32) -> f64 {
    let value = range.unwarp(f64::from(stored));
    let grid = grid(range.curve, value);
    let round = ((value * grid + ROUND_TO_INTEGER) - ROUND_TO_INTEGER) / grid;
    // The slope of log2 is 1/(x·ln 2): numbers clearly farther off skip the costly logarithm.
    let far = range.curve == Curve::Log && (round - value).abs() > 2.0 * rounding * value;
    let near = !far && (range.warp(round) - f64::from(stored)).abs() <= rounding;
    if near { range.clamp(round) } else { value }
}

/// Distance on the warped scale within which a stored number snaps to a round one.
pub(crate) fn rounding(range: &Range) -> f64 {
    SNAP_STEPS * f64::from(f32::EPSILON) * range.warp(range.min).abs().max(range.warp(range.max).abs())
}

/// The number without its unit: as short as its magnitude allows, with at least one decimal below 1000.
pub(crate) fn text(range: &Range, value: f64) -> String {
    if value.is_infinite() {
        return "inf".into();
    }
    let decimals = match range.curve {
        Curve::Linear | Curve::Reciprocal => 2,
        Curve::Log | Curve::Square => match value.abs() {
            x if x >= 1000.0 => 0,
            x if x >= 100.0 => 1,
            x if x >= 1.0 => 2,
            _ => 3,
        },
    };
    let mut text = format!("{value:.decimals$}");
    while text.contains('.') && text.ends_with('0') && !text.ends_with(".0") {
        text.pop();
    }
    if text.trim_start_matches('-').chars().all(|c| c == '0' || c == '.') { text.replace('-', "") } else { text }
}

/// Parses a typed number: unit optional, any case, `k` for thousands, decimal point or comma.
pub(crate) fn parse(range: &Range, typed: &str) -> Option<f64> {
    let mut typed = typed.trim().to_lowercase().replace(',', ".").replace('\u{2212}', "-");
    let unit = range.unit.to_lowercase();
    if !unit.is_empty() {
        typed = typed.strip_suffix(&unit).unwrap_or(&typed).trim_end().to_owned();
    }
    let (digits, factor) = match typed.strip_suffix('k') {
        Some(thousands) => (thousands.trim_end(), 1000.0),
        None => (typed.as_str(), 1.0),
    };
    let number = if digits == "\u{221e}" { f64::INFINITY } else { digits.parse::<f64>().ok()? };
    (!number.is_nan()).then_some(number * factor)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const FREQ: Range = Range::log(10.0, 1000.0, 30_000.0, "Hz");
    const GAIN: Range = Range::linear(-30.0, 0.0, 30.0, "dB");
    const RATIO: Range = Range::ratio(1.0, 4.0);
    const HOLD: Range = Range::square(0.0, 30.0, 500.0, "ms");

    #[test]
    fn texts_are_short_and_keep_a_decimal() {
        let cases = [
            (FREQ, 1000.0, "1000"),
            (FREQ, 80.0, "80.0"),
            (FREQ, 123.45, "123.5"),
            (GAIN, -18.0, "-18.0"),
            (GAIN, -18.25, "-18.25"),
            (GAIN, -0.001, "0.0"),
            (RATIO, f64::INFINITY, "inf"),
            (HOLD, 0.0, "0.0"),
        ];
        for (range, value, expected) in cases {
            assert_eq!(text(&range, value), expected);
        }
    }

    #[test]
    fn parses_units_thousands_commas_and_infinity() {
        let cases =
            [("1k", 1000.0), ("1.25 kHz", 1250.0), ("250hz", 250.0), (" 80 Hz ", 80.0), ("1e3", 1000.0), ("0,5", 0.5)];
        for (typed, expected) in cases {
            assert_eq!(parse(&FREQ, typed), Some(expected), "{typed}");
        }
        assert_eq!(parse(&GAIN, "-3 dB"), Some(-3.0));
        assert_eq!(parse(&RATIO, "\u{221e}:1"), Some(f64::INFINITY));
        assert_eq!(parse(&RATIO, "inf"), Some(f64::INFINITY));
        for wrong in ["", "abc", "1..2", "nan", "12 dB Hz"] {
            assert_eq!(parse(&FREQ, wrong), None, "{wrong}");
        }
    }

    #[test]
    fn round_numbers_survive_storage_in_32_bits() {
        for range in [FREQ, GAIN, RATIO, HOLD] {
            for value in [0.0, 0.05, 0.707, 1.0, 1.5, 3.0, 12.3, 80.0, 250.0, 1000.0, 18_000.0, f64::INFINITY] {
                if range == RATIO && value > 1000.0 && value.is_finite() {
                    continue; // 1 − 1/x in 32 bits is too coarse for such a ratio, which is as good as infinite.
                }
                let value = range.clamp(value);
                assert_eq!(from_stored(&range, rounding(&range), stored(&range, value)), value, "{range:?}");
                let next = f32::from_bits(stored(&range, value).to_bits() + 1);
                let off = (from_stored(&range, rounding(&range), next) / value.max(1e-9) - 1.0).abs();
                assert!(value == 0.0 || value.is_infinite() || off < 1e-5, "{value}: {off}");
            }
        }
    }

    proptest! {
        #[test]
        fn displayed_text_parses_back(position in 0.0_f64..=1.0) {
            for range in [FREQ, GAIN, RATIO, HOLD] {
                let value = range.at_position(position);
                let shown = text(&range, value);
                let back = parse(&range, &format!("{shown} {}", range.unit)).unwrap();
                prop_assert_eq!(text(&range, range.clamp(back)), shown, "{:?} {}", range, value);
            }
        }
    }
}

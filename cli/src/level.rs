//! Numbers for JSON: levels that may be minus infinity, and numbers that may be undefined.

use serde::{Serialize, Serializer};

/// A level in dB of any kind. JSON has no number for the level of silence, so it becomes the text "-inf".
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Level(pub(crate) f64);

/// A number if JSON can represent it.
pub(crate) fn finite(value: f64) -> Option<f64> {
    Some(value).filter(|value| value.is_finite())
}

/// The level of silence.
const SILENCE: &str = "-inf";

impl Level {
    /// Text with so many decimals.
    pub(crate) fn text(self, decimals: usize) -> String {
        if self.0.is_finite() { format!("{:.decimals$}", self.0) } else { SILENCE.to_owned() }
    }
}

impl Serialize for Level {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.is_finite() { serializer.serialize_f64(self.0) } else { serializer.serialize_str(SILENCE) }
    }
}

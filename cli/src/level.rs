//! Levels of files, of which some are nothing at all.

use serde::{Serialize, Serializer};

/// A level in dB of some kind. JSON has no number for that of silence: there it is the text "-inf".
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Level(pub(crate) f64);

/// What silence reads.
const SILENCE: &str = "-inf";

impl Level {
    /// With so many decimals.
    pub(crate) fn text(self, decimals: usize) -> String {
        if self.0.is_finite() { format!("{:.decimals$}", self.0) } else { SILENCE.to_owned() }
    }
}

impl Serialize for Level {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.is_finite() { serializer.serialize_f64(self.0) } else { serializer.serialize_str(SILENCE) }
    }
}

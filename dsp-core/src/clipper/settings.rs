//! Settings of the clipper.

use super::curve::excess;
use crate::Range;
use crate::oversample::Factor;
use crate::units::{db_to_gain, gain_to_db, pct_to_fraction};

/// Gain into the clipper.
pub const DRIVE_DB: Range = Range::linear(0.0, 0.0, 24.0, "dB");
/// Level at which the wave is cut off, in dBFS.
pub const CEILING_DB: Range = Range::linear(-24.0, 0.0, 0.0, "dB");
/// Width of the bend: it reaches from (1 − knee) to (1 + knee) times the ceiling.
pub const KNEE_PCT: Range = Range::linear(0.0, 20.0, 100.0, "%");

/// Settings of the clipper.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Off, the clipper is a delay of its latency.
    pub on: bool,
    /// Gain into the clipper.
    pub drive_db: f64,
    /// Level at which the wave is cut off.
    pub ceiling_db: f64,
    /// Width of the bend; 0 is a hard corner.
    pub knee_pct: f64,
    /// How many times the sample rate the curve runs at. Structural: adopted by `reset`.
    pub oversampling: Factor,
    /// Monitor what is clipped off.
    pub delta: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            on: false,
            drive_db: DRIVE_DB.default,
            ceiling_db: CEILING_DB.default,
            knee_pct: KNEE_PCT.default,
            oversampling: Factor::X1,
            delta: false,
        }
    }
}

impl Settings {
    /// Level out of the curve over the level of a sample that goes in, in dB: for a picture.
    #[must_use]
    pub fn output_db(&self, input_db: f64) -> f64 {
        let x = db_to_gain(input_db + self.drive_db - self.ceiling_db);
        gain_to_db(x - excess(x, pct_to_fraction(self.knee_pct))) + self.ceiling_db
    }

    /// All numbers clamped to their ranges.
    pub(super) fn clamped(self) -> Self {
        Self {
            drive_db: DRIVE_DB.clamp(self.drive_db),
            ceiling_db: CEILING_DB.clamp(self.ceiling_db),
            knee_pct: KNEE_PCT.clamp(self.knee_pct),
            ..self
        }
    }
}

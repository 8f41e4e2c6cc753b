//! What the user asks for.

use super::curve::Curve;
use crate::Range;
use crate::oversample::Factor;

/// Gain into the curve; the level of programme is kept.
pub const DRIVE_DB: Range = Range::linear(0.0, 0.0, 24.0, "dB");
/// Tilt behind the curve: gain far above 1 kHz, its opposite far below.
pub const TONE_DB: Range = Range::linear(-6.0, 0.0, 6.0, "dB");
/// Share of the saturated signal in the output.
pub const MIX_PCT: Range = Range::linear(0.0, 100.0, 100.0, "%");

/// Settings of the saturation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Whether it acts at all; off, it is a delay of its latency.
    pub on: bool,
    /// What it does to the wave.
    pub curve: Curve,
    /// Gain into the curve.
    pub drive_db: f64,
    /// Tilt behind the curve.
    pub tone_db: f64,
    /// Share of the saturated signal.
    pub mix_pct: f64,
    /// How many times the sample rate the curve runs at. Structural.
    pub oversampling: Factor,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            on: true,
            curve: Curve::Tube,
            drive_db: DRIVE_DB.default,
            tone_db: TONE_DB.default,
            mix_pct: MIX_PCT.default,
            oversampling: Factor::X1,
        }
    }
}

impl Settings {
    /// Every number within its range.
    pub(crate) fn clamped(self) -> Self {
        Self {
            drive_db: DRIVE_DB.clamp(self.drive_db),
            tone_db: TONE_DB.clamp(self.tone_db),
            mix_pct: MIX_PCT.clamp(self.mix_pct),
            ..self
        }
    }

    /// Delay between input and output with these settings.
    #[must_use]
    pub fn latency_frames(&self) -> usize {
        self.oversampling.latency_frames()
    }
}

//! What the user asks of a transient shaper.

use crate::Range;
use crate::dynamics::engine::DynamicsSettings;

/// Gain of attacks.
pub const ATTACK_DB: Range = Range::linear(-24.0, 0.0, 24.0, "dB");
/// Gain of what rings after them.
pub const SUSTAIN_DB: Range = Range::linear(-24.0, 0.0, 24.0, "dB");
/// Share of the shaped signal; the rest is dry.
pub const MIX_PCT: Range = Range::linear(0.0, 100.0, 100.0, "%");

/// Settings of the transient shaper.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Whether it acts at all.
    pub on: bool,
    /// Gain of attacks.
    pub attack_db: f64,
    /// Gain of what rings after them.
    pub sustain_db: f64,
    /// Whether boosts end at full scale.
    pub clip_safe: bool,
    /// Share of the shaped signal.
    pub mix_pct: f64,
    /// Whether only what the shaping adds or takes is heard.
    pub delta: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            on: false,
            attack_db: ATTACK_DB.default,
            sustain_db: SUSTAIN_DB.default,
            clip_safe: true,
            mix_pct: MIX_PCT.default,
            delta: false,
        }
    }
}

impl DynamicsSettings for Settings {
    fn clamped(&self) -> Self {
        Self {
            attack_db: ATTACK_DB.clamp(self.attack_db),
            sustain_db: SUSTAIN_DB.clamp(self.sustain_db),
            mix_pct: MIX_PCT.clamp(self.mix_pct),
            ..*self
        }
    }

    fn is_on(&self) -> bool {
        self.on
    }
}

//! What the user asks of a gate.

use super::expander::{Expander, inverse};
use crate::dynamics::engine::DynamicsSettings;
use crate::dynamics::key::Key;
use crate::dynamics::key_filter;
pub use crate::dynamics::key_filter::KEY_HIGH_CUT_HZ;
use crate::dynamics::listen::Listen;
use crate::dynamics::lookahead::Lookahead;
use crate::{Range, choice};

/// Level above which it opens or ducks, and below which it expands.
pub const THRESHOLD_DB: Range = Range::linear(-80.0, -40.0, 0.0, "dB");
/// How far below the threshold it closes again, or ends ducking. Expansion has none.
pub const HYSTERESIS_DB: Range = Range::linear(0.0, 3.0, 30.0, "dB");
/// Largest reduction: of a closed gate, of expansion, of a ducked signal.
pub const RANGE_DB: Range = Range::linear(0.0, 40.0, 80.0, "dB");
/// dB of output per dB of input below the threshold, of expansion.
pub const RATIO: Range = Range::ratio(1.0, 2.0);
/// Width of the bend around the threshold, of expansion.
pub const KNEE_DB: Range = Range::linear(0.0, 3.0, 30.0, "dB");
/// Time to cover 63 % of the response to a loud key, in dB: opening, or ducking.
pub const ATTACK_MS: Range = Range::log(0.1, 0.5, 100.0, "ms");
/// Time it stays so after the level fell below the closing threshold, at least 10 ms: half a period of 50 Hz must pass
/// before a level is known to have fallen.
pub const HOLD_MS: Range = Range::square(0.0, 30.0, 500.0, "ms");
/// Time to cover 63 % of the response to a quiet key, in dB: closing, or recovering from ducking.
pub const RELEASE_MS: Range = Range::log(5.0, 150.0, 4000.0, "ms");
/// Low cut in front of the detector; off by default, so that the gate reacts to everything.
pub const KEY_LOW_CUT_HZ: Range = key_filter::KEY_LOW_CUT_HZ.with_default(key_filter::KEY_LOW_CUT_HZ.min);

/// What it does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Reduces by the range below the threshold.
    #[default]
    Gate,
    /// Reduces progressively below the threshold: downward expansion.
    Expand,
    /// Reduces by the range while the key is above the threshold.
    Duck,
}

choice!(Mode { Gate => "Gate", Expand => "Expand", Duck => "Duck" });

/// Settings of the gate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Whether it acts at all; off, it is a delay of its latency.
    pub on: bool,
    /// What it does.
    pub mode: Mode,
    /// Level above which it opens or ducks, and below which it expands.
    pub threshold_db: f64,
    /// How far below the threshold it closes again.
    pub hysteresis_db: f64,
    /// Largest reduction.
    pub range_db: f64,
    /// Steepness of expansion; may be infinite.
    pub ratio: f64,
    /// Bend of expansion.
    pub knee_db: f64,
    /// Time to follow a loud key.
    pub attack_ms: f64,
    /// Time held after the key has fallen.
    pub hold_ms: f64,
    /// Time to follow a quiet key.
    pub release_ms: f64,
    /// How far ahead it listens. Structural.
    pub lookahead: Lookahead,
    /// What it listens to.
    pub key: Key,
    /// Low cut in front of the detector.
    pub key_low_cut_hz: f64,
    /// High cut in front of the detector.
    pub key_high_cut_hz: f64,
    /// What is heard.
    pub listen: Listen,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            on: false,
            mode: Mode::Gate,
            threshold_db: THRESHOLD_DB.default,
            hysteresis_db: HYSTERESIS_DB.default,
            range_db: RANGE_DB.default,
            ratio: RATIO.default,
            knee_db: KNEE_DB.default,
            attack_ms: ATTACK_MS.default,
            hold_ms: HOLD_MS.default,
            release_ms: RELEASE_MS.default,
            lookahead: Lookahead::Off,
            key: Key::Internal,
            key_low_cut_hz: KEY_LOW_CUT_HZ.default,
            key_high_cut_hz: KEY_HIGH_CUT_HZ.default,
            listen: Listen::Off,
        }
    }
}

impl Settings {
    /// Reduction in dB at a steady level of the key in dB, when it came there from silence: the static curve, for the
    /// editor.
    #[must_use]
    pub fn reduction_db_at(&self, key_db: f64) -> f64 {
        let Self { mode, threshold_db, range_db, ratio, knee_db, .. } = self.clamped();
        match mode {
            Mode::Gate if key_db > threshold_db => 0.0,
            Mode::Duck if key_db <= threshold_db => 0.0,
            Mode::Gate | Mode::Duck => range_db,
            Mode::Expand => Expander { threshold_db, inverse: inverse(ratio), knee_db, range_db }.reduction_db(key_db),
        }
    }

    /// Everything that determines hold, window and time constants.
    pub(super) fn times(&self) -> impl PartialEq + use<> {
        (self.mode, [self.attack_ms, self.hold_ms, self.release_ms])
    }
}

impl DynamicsSettings for Settings {
    fn is_on(&self) -> bool {
        self.on
    }

    fn lookahead(&self) -> Lookahead {
        self.lookahead
    }

    fn clamped(&self) -> Self {
        Self {
            threshold_db: THRESHOLD_DB.clamp(self.threshold_db),
            hysteresis_db: HYSTERESIS_DB.clamp(self.hysteresis_db),
            range_db: RANGE_DB.clamp(self.range_db),
            ratio: RATIO.clamp(self.ratio),
            knee_db: KNEE_DB.clamp(self.knee_db),
            attack_ms: ATTACK_MS.clamp(self.attack_ms),
            hold_ms: HOLD_MS.clamp(self.hold_ms),
            release_ms: RELEASE_MS.clamp(self.release_ms),
            key_low_cut_hz: KEY_LOW_CUT_HZ.clamp(self.key_low_cut_hz),
            key_high_cut_hz: KEY_HIGH_CUT_HZ.clamp(self.key_high_cut_hz),
            ..*self
        }
    }
}

//! Gate: turns down what falls below a threshold, with hysteresis and hold so that it does not chatter.

use super::key::Key;
use crate::{Frame, Range, Spec};

/// Level above which it opens.
pub const THRESHOLD_DB: Range = Range::linear(-80.0, -40.0, 0.0, "dB");
/// How far below the threshold it closes again.
pub const HYSTERESIS_DB: Range = Range::linear(0.0, 3.0, 30.0, "dB");
/// Reduction when closed.
pub const RANGE_DB: Range = Range::linear(0.0, 40.0, 80.0, "dB");
/// Time to cover 63 % of opening, in dB.
pub const ATTACK_MS: Range = Range::log(0.1, 0.5, 100.0, "ms");
/// Time it stays open after the level fell below the closing threshold.
pub const HOLD_MS: Range = Range::square(0.0, 30.0, 500.0, "ms");
/// Time to cover 63 % of closing, in dB.
pub const RELEASE_MS: Range = Range::log(5.0, 150.0, 4000.0, "ms");

/// Settings of the gate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Whether it acts at all.
    pub on: bool,
    /// Opening threshold.
    pub threshold_db: f64,
    /// Closing threshold, below the opening one.
    pub hysteresis_db: f64,
    /// Reduction when closed.
    pub range_db: f64,
    /// Opening time.
    pub attack_ms: f64,
    /// Time held open.
    pub hold_ms: f64,
    /// Closing time.
    pub release_ms: f64,
    /// What it listens to.
    pub key: Key,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            on: false,
            threshold_db: THRESHOLD_DB.default,
            hysteresis_db: HYSTERESIS_DB.default,
            range_db: RANGE_DB.default,
            attack_ms: ATTACK_MS.default,
            hold_ms: HOLD_MS.default,
            release_ms: RELEASE_MS.default,
            key: Key::Internal,
        }
    }
}

/// A running gate.
#[derive(Clone, Debug)]
pub struct Gate {
    settings: Settings,
}

impl Gate {
    /// A gate at rest.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self { settings }
    }

    /// Learns the rate, then resets.
    pub fn prepare(&mut self, _spec: Spec) {}

    /// Forgets the past.
    pub fn reset(&mut self) {}

    /// New targets.
    pub fn set(&mut self, settings: Settings) {
        self.settings = settings;
    }

    /// Gates in place. `external` is the sidechain, silence where it is absent or shorter than the block.
    pub fn process(&mut self, _block: &mut [Frame], _external: Option<&[Frame]>) {}

    /// Reduction at the last frame, in dB, 0 or more.
    #[must_use]
    pub fn reduction_db(&self) -> f64 {
        0.0
    }
}

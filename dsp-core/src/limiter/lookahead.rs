//! Lookahead limiter: the gain comes down before the peak does, by windowed minimum and FIR smoothing.

use crate::{Frame, Range, Spec};

/// Gain into the limiter.
pub const DRIVE_DB: Range = Range::linear(0.0, 0.0, 30.0, "dB");
/// Level that the true peak does not exceed.
pub const CEILING_DBTP: Range = Range::linear(-24.0, -1.0, 0.0, "dB");
/// How far ahead the gain starts to move. Structural: adopted by `reset`.
pub const LOOKAHEAD_MS: Range = Range::log(0.1, 2.0, 20.0, "ms");
/// Time to cover 63 % of the way back, in dB.
pub const RELEASE_MS: Range = Range::log(1.0, 100.0, 1000.0, "ms");
/// How far both channels share one reduction.
pub const LINK_PCT: Range = Range::linear(0.0, 100.0, 100.0, "%");

/// Settings of the limiter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Whether it acts at all; off, it is a delay of its latency.
    pub on: bool,
    /// Gain into the limiter.
    pub drive_db: f64,
    /// Level that the true peak does not exceed.
    pub ceiling_dbtp: f64,
    /// How far ahead the gain starts to move. Structural.
    pub lookahead_ms: f64,
    /// Time to cover 63 % of the way back, in dB.
    pub release_ms: f64,
    /// How far both channels share one reduction.
    pub link_pct: f64,
    /// Whether peaks between the samples count; off, only samples are held to the ceiling. Same latency.
    pub true_peak: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            on: true,
            drive_db: DRIVE_DB.default,
            ceiling_dbtp: CEILING_DBTP.default,
            lookahead_ms: LOOKAHEAD_MS.default,
            release_ms: RELEASE_MS.default,
            link_pct: LINK_PCT.default,
            true_peak: true,
        }
    }
}

/// A running limiter.
#[derive(Clone, Debug)]
pub struct Limiter {
    settings: Settings,
}

impl Limiter {
    /// A limiter at rest.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self { settings }
    }

    /// Sizes for the longest lookahead, then resets.
    pub fn prepare(&mut self, _spec: Spec) {}

    /// Forgets the past and adopts the lookahead.
    pub fn reset(&mut self) {}

    /// New targets.
    pub fn set(&mut self, settings: Settings) {
        self.settings = settings;
    }

    /// Limits in place.
    pub fn process(&mut self, _block: &mut [Frame]) {}

    /// Delay between input and output, of the lookahead adopted by the last `reset`.
    #[must_use]
    pub fn latency_frames(&self) -> usize {
        0
    }

    /// Delay of the longest lookahead, for sizing what runs beside it; known after `prepare`.
    #[must_use]
    pub fn max_latency_frames(&self) -> usize {
        0
    }

    /// Delay that the next `reset` will adopt: differs from [`Self::latency_frames`] after a structural change.
    #[must_use]
    pub fn pending_latency_frames(&self) -> usize {
        0
    }

    /// Reduction of the more reduced channel at the last frame, in dB, 0 or more.
    #[must_use]
    pub fn reduction_db(&self) -> f64 {
        0.0
    }
}

//! Width and pan.

use crate::{Frame, Range, Spec};

/// Share of the side signal: 0 is mono, 200 doubles it.
pub const WIDTH_PCT: Range = Range::linear(0.0, 100.0, 200.0, "%");
/// Place between left (−100) and right (+100).
pub const PAN_PCT: Range = Range::linear(-100.0, 0.0, 100.0, "%");

/// Settings of width and pan.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Share of the side signal.
    pub width_pct: f64,
    /// Place between left and right.
    pub pan_pct: f64,
}

impl Default for Settings {
    fn default() -> Self {
        Self { width_pct: WIDTH_PCT.default, pan_pct: PAN_PCT.default }
    }
}

/// Running width and pan.
#[derive(Clone, Debug)]
pub struct Stereo {
    settings: Settings,
}

impl Stereo {
    /// At rest.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self { settings }
    }

    /// Learns the rate, then resets.
    pub fn prepare(&mut self, _spec: Spec) {}

    /// Rests on its targets.
    pub fn reset(&mut self) {}

    /// New targets.
    pub fn set(&mut self, settings: Settings) {
        self.settings = settings;
    }

    /// Widens and pans in place.
    pub fn process(&mut self, _block: &mut [Frame]) {}
}

//! One EQ band: what the user asks for, and the curve it promises.

use crate::{Range, choice};

/// Centre or corner frequency; beyond the Nyquist frequency a band acts as close to it as the rate allows.
pub const FREQ_HZ: Range = Range::log(10.0, 1000.0, 30_000.0, "Hz");
/// Boost (> 0) or cut (< 0).
pub const GAIN_DB: Range = Range::linear(-30.0, 0.0, 30.0, "dB");
/// Quality factor; 0.707 is a shelf or cut without overshoot.
pub const Q: Range = Range::log(0.025, 0.707, 25.0, "");

/// What a band does to the spectrum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Boosts or cuts around its frequency.
    Bell,
    /// Boosts or cuts everything below; half its gain in dB at its frequency.
    LowShelf,
    /// Boosts or cuts everything above; half its gain in dB at its frequency.
    HighShelf,
    /// Removes what lies below, 12 dB per octave.
    LowCut,
    /// Removes what lies above, 12 dB per octave.
    HighCut,
}

choice!(Shape { Bell => "Bell", LowShelf => "Low shelf", HighShelf => "High shelf", LowCut => "Low cut", HighCut => "High cut" });

/// Settings of one band: plain units, no sample rate, no state.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    /// Whether it acts at all.
    pub on: bool,
    /// What it does.
    pub shape: Shape,
    /// Centre of a bell; where a shelf reaches half its gain in dB; where a cut is at its Q.
    pub freq_hz: f64,
    /// Boost (> 0) or cut (< 0); cuts ignore it.
    pub gain_db: f64,
    /// Quality factor.
    pub q: f64,
}

impl Band {
    /// A band that is on and flat.
    #[must_use]
    pub const fn flat(shape: Shape, freq_hz: f64) -> Self {
        Self { on: true, shape, freq_hz, gain_db: GAIN_DB.default, q: Q.default }
    }
}

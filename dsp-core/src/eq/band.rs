//! One EQ band: what the user asks for, and the curve it promises.

use crate::filter::svf::{self, Coeffs, Prototype};
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

impl Shape {
    /// Whether a gain of 0 dB makes it do nothing.
    pub(super) fn has_gain(self) -> bool {
        matches!(self, Self::Bell | Self::LowShelf | Self::HighShelf)
    }
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

    /// Steady-state gain in dB at `freq_hz`; 0 when off.
    #[must_use]
    pub fn gain_db_at(&self, freq_hz: f64, sample_rate_hz: f64) -> f64 {
        if self.on { self.clamped().coeffs(sample_rate_hz).gain_db_at(freq_hz, sample_rate_hz) } else { 0.0 }
    }

    /// The same with every number held to its range.
    pub(super) fn clamped(self) -> Self {
        Self { freq_hz: FREQ_HZ.clamp(self.freq_hz), gain_db: GAIN_DB.clamp(self.gain_db), q: Q.clamp(self.q), ..self }
    }

    /// The filter that does what the band asks, on or off: the one design that is heard, drawn and tested.
    pub(super) fn coeffs(&self, sample_rate_hz: f64) -> Coeffs {
        let shape = match self.shape {
            Shape::Bell => svf::Shape::Bell,
            Shape::LowShelf => svf::Shape::LowShelf,
            Shape::HighShelf => svf::Shape::HighShelf,
            Shape::LowCut => svf::Shape::LowCut,
            Shape::HighCut => svf::Shape::HighCut,
        };
        Coeffs::design(Prototype { shape, freq_hz: self.freq_hz, gain_db: self.gain_db, q: self.q }, sample_rate_hz)
    }
}

//! One EQ band: what the user asks for, and the curve it promises.

use super::dynamic;
use super::slope::Slope;
use crate::filter::matched::Stage;
use crate::filter::prototype::{self, Prototype};
use crate::{Range, choice};
use core::f64::consts::{FRAC_1_SQRT_2, PI, SQRT_2};

/// Centre or corner frequency; one beyond the Nyquist frequency shapes what lies below it as it should.
pub const FREQ_HZ: Range = Range::log(10.0, 1000.0, 30_000.0, "Hz");
/// Boost (> 0) or cut (< 0).
pub const GAIN_DB: Range = Range::linear(-30.0, 0.0, 30.0, "dB");
/// Quality factor; 0.707 is a shelf or cut without overshoot.
pub const Q: Range = Range::log(0.025, 0.707, 25.0, "");

/// How much of each gain is applied, all bands together; below zero boosts are cuts.
pub const SCALE_PCT: Range = Range::linear(-100.0, 100.0, 200.0, "%");

/// Analogue filters of second order that the steepest cut is made of.
const MAX_PROTOTYPES: usize = 8;
/// Digital filters of second order that a band is made of at most.
pub const MAX_SECTIONS: usize = 2 * MAX_PROTOTYPES;

/// What a band does to the spectrum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Boosts or cuts around its frequency.
    Bell,
    /// Boosts or cuts everything below; half its gain in dB at its frequency.
    LowShelf,
    /// Boosts or cuts everything above; half its gain in dB at its frequency.
    HighShelf,
    /// Removes what lies below, as steeply as its slope says.
    LowCut,
    /// Removes what lies above, as steeply as its slope says.
    HighCut,
    /// Raises what lies above by half its gain in dB and lowers what lies below by as much.
    Tilt,
    /// Removes its frequency.
    Notch,
    /// Passes only what lies around its frequency.
    BandPass,
    /// Turns the phase, by half a turn at its frequency; every level stays.
    AllPass,
}

impl Shape {
    /// Whether it has a gain; a gain of 0 dB then makes it do nothing.
    #[must_use]
    pub const fn has_gain(self) -> bool {
        matches!(self, Self::Bell | Self::LowShelf | Self::HighShelf | Self::Tilt)
    }

    /// Whether it has a slope.
    #[must_use]
    pub const fn has_slope(self) -> bool {
        matches!(self, Self::LowCut | Self::HighCut)
    }
}

choice!(Shape {
    Bell => "Bell", LowShelf => "Low shelf", HighShelf => "High shelf", LowCut => "Low cut", HighCut => "High cut",
    Tilt => "Tilt", Notch => "Notch", BandPass => "Band pass", AllPass => "All pass",
});

/// Which part of a stereo signal a band acts on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// Both channels.
    Stereo,
    /// The left channel.
    Left,
    /// The right channel.
    Right,
    /// What both channels have in common.
    Mid,
    /// What the channels differ by.
    Side,
}

choice!(Target { Stereo => "Stereo", Left => "Left", Right => "Right", Mid => "Mid", Side => "Side" });

/// Settings of one band: plain units, no sample rate, no state.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    /// Whether it acts at all.
    pub on: bool,
    /// What it does.
    pub shape: Shape,
    /// How steeply a cut falls; the others ignore it.
    pub slope: Slope,
    /// Centre of a bell; where a shelf reaches half its gain in dB; where a cut is at its Q.
    pub freq_hz: f64,
    /// Boost (> 0) or cut (< 0); shapes without a gain ignore it.
    pub gain_db: f64,
    /// Quality factor; a cut of 6 dB per octave has none, a steeper one than 12 is a Butterworth filter at 0.707 and
    /// has its last section's Q raised or lowered as much as this one.
    pub q: f64,
    /// Which part of a stereo signal it acts on.
    pub target: Target,
    /// How its gain moves with the level.
    pub dynamic: dynamic::Settings,
    /// Whether only what it acts on is to be heard, to find the place.
    pub listen: bool,
}

/// A band as filters of second order at most, in series.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sections {
    list: [Prototype; MAX_PROTOTYPES],
    len: usize,
}

impl Sections {
    /// The filters, lowest Q first: so no section sees more than the whole lets through at its corner.
    #[must_use]
    pub fn list(&self) -> &[Prototype] {
        &self.list[..self.len]
    }

    /// Their digital filters at a rate, [`MAX_SECTIONS`] at most.
    pub fn stages(self, sample_rate_hz: f64) -> impl Iterator<Item = Stage> {
        self.list.into_iter().take(self.len).flat_map(move |prototype| prototype.stages(sample_rate_hz, self.len > 1))
    }
}

impl Band {
    /// A band that is on and flat.
    #[must_use]
    pub const fn flat(shape: Shape, freq_hz: f64) -> Self {
        Self {
            on: true,
            shape,
            slope: Slope::Db12,
            freq_hz,
            gain_db: GAIN_DB.default,
            q: Q.default,
            target: Target::Stereo,
            dynamic: dynamic::Settings::STILL,
            listen: false,
        }
    }

    /// The analogue filters it is made of, whether it is on or off. Numbers are taken as they are.
    ///
    /// Steep cuts: S. Butterworth, "On the theory of filter amplifiers", Experimental Wireless, 1930. Poles of order n
    /// lie on a circle at equal angles; a pair at θ = π (2i + 1) / 2n from the imaginary axis is a section with
    /// 1/Q = 2 sin θ, and an odd order has one real pole besides.
    #[must_use]
    pub fn sections(&self) -> Sections {
        use prototype::Shape as P;
        let one = |shape| Prototype { shape, freq_hz: self.freq_hz, gain_db: self.gain_db, q: self.q };
        let (pair, single) = match self.shape {
            Shape::Bell => (P::Bell, P::Bell),
            Shape::LowShelf => (P::LowShelf, P::LowShelf),
            Shape::HighShelf => (P::HighShelf, P::HighShelf),
            Shape::Tilt => (P::Tilt, P::Tilt),
            Shape::Notch => (P::Notch, P::Notch),
            Shape::BandPass => (P::BandPass, P::BandPass),
            Shape::AllPass => (P::AllPass, P::AllPass),
            Shape::LowCut => (P::LowCut, P::LowCut6),
            Shape::HighCut => (P::HighCut, P::HighCut6),
        };
        let mut sections = Sections { list: [one(pair); MAX_PROTOTYPES], len: 1 };
        if self.shape.has_slope() {
            let order = self.slope.order();
            sections.len = order.div_ceil(2);
            for (from_top, section) in sections.list[..sections.len].iter_mut().rev().enumerate() {
                let butterworth = 0.5 / (PI * (2 * from_top + 1) as f64 / (2 * order) as f64).sin();
                section.q = if from_top == 0 { butterworth * self.q * SQRT_2 } else { butterworth };
            }
            if order % 2 == 1 {
                sections.list[0] = one(single);
            }
        }
        sections
    }

    /// The region it acts on, as a filter: what its detector hears, and what listening to the band lets through.
    #[must_use]
    pub fn region(&self) -> Prototype {
        use prototype::Shape as P;
        let shape = match self.shape {
            Shape::Bell | Shape::Notch | Shape::BandPass | Shape::AllPass => P::BandPass,
            Shape::LowShelf | Shape::LowCut => P::HighCut,
            Shape::HighShelf | Shape::HighCut | Shape::Tilt => P::LowCut,
        };
        let q = if shape == P::BandPass { self.q } else { FRAC_1_SQRT_2 };
        Prototype { shape, freq_hz: self.freq_hz, gain_db: 0.0, q }
    }

    /// The filters that are heard: none when off, numbers within their ranges.
    pub(super) fn heard(&self) -> Sections {
        let mut sections = self.clamped().sections();
        if !self.on {
            sections.len = 0;
        }
        sections
    }

    /// The same with every number held to its range.
    #[must_use]
    pub fn clamped(self) -> Self {
        Self { freq_hz: FREQ_HZ.clamp(self.freq_hz), gain_db: GAIN_DB.clamp(self.gain_db), q: Q.clamp(self.q), ..self }
    }
}

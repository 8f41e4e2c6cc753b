//! One EQ band: what the user asks for, and the analogue filters that stand for it.

use super::dynamic;
use super::slope::Slope;
use crate::filter::matched::SectionSpec;
use crate::filter::prototype::Prototype;
pub use crate::filter::prototype::Shape;
use crate::{Range, choice};
use core::f64::consts::{FRAC_1_SQRT_2, PI, SQRT_2};

/// Centre or corner frequency; beyond Nyquist it still shapes what lies below as the analogue filter does.
pub const FREQ_HZ: Range = Range::log(10.0, 1000.0, 30_000.0, "Hz");
/// Boost (> 0) or cut (< 0).
pub const GAIN_DB: Range = Range::linear(-30.0, 0.0, 30.0, "dB");
/// Quality factor; 0.707 is a shelf or cut without overshoot.
pub const Q: Range = Range::log(0.025, 0.707, 25.0, "");

/// How much of each gain is applied, all bands together; below zero boosts are cuts.
pub const SCALE_PCT: Range = Range::linear(-100.0, 100.0, 200.0, "%");

/// Analogue second-order filters in the steepest cut.
const MAX_PROTOTYPES: usize = 8;
/// Digital second-order filters in a band, at most.
pub const MAX_SECTIONS: usize = 2 * MAX_PROTOTYPES;

/// Which part of a stereo signal a band acts on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// Both channels.
    Stereo,
    /// The left channel.
    Left,
    /// The right channel.
    Right,
    /// The sum of both channels.
    Mid,
    /// Their difference.
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
    /// How steeply a cut falls; other shapes ignore it.
    pub slope: Slope,
    /// Centre of a bell; where a shelf reaches half its gain in dB; where a cut is at its Q.
    pub freq_hz: f64,
    /// Boost (> 0) or cut (< 0); shapes without a gain ignore it.
    pub gain_db: f64,
    /// Quality factor. A cut of 6 dB per octave has none; one steeper than 12 is a Butterworth filter at 0.707, and its
    /// last section's Q rises and falls with this one.
    pub q: f64,
    /// Which part of a stereo signal it acts on.
    pub target: Target,
    /// How its gain moves with the level.
    pub dynamic: dynamic::Settings,
    /// Solo of the region it acts on, to find the frequency.
    pub listen: bool,
}

/// A band as analogue filters of second order at most, in series.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prototypes {
    list: [Prototype; MAX_PROTOTYPES],
    len: usize,
}

impl Prototypes {
    /// The filters, lowest Q first: no section sees more than the whole passes at its corner.
    #[must_use]
    pub fn list(&self) -> &[Prototype] {
        &self.list[..self.len]
    }

    /// Their digital filters at a rate, [`MAX_SECTIONS`] at most.
    pub fn sections(self, sample_rate_hz: f64) -> impl Iterator<Item = SectionSpec> {
        self.list.into_iter().take(self.len).flat_map(move |prototype| prototype.sections(sample_rate_hz, self.len > 1))
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
            dynamic: dynamic::Settings::STATIC,
            listen: false,
        }
    }

    /// The analogue filters it is made of, whether it is on or off. Numbers are taken as they are.
    ///
    /// Steep cuts: S. Butterworth, "On the theory of filter amplifiers", Experimental Wireless, 1930. Poles of order n
    /// lie on a circle at equal angles; a pair at θ = π (2i + 1) / 2n from the imaginary axis is a section with
    /// 1/Q = 2 sin θ, and an odd order has one real pole besides.
    #[must_use]
    pub fn prototypes(&self) -> Prototypes {
        let one = Prototype { gain_db: self.gain_db, ..Prototype::new(self.shape, self.freq_hz, self.q) };
        let mut all = Prototypes { list: [one; MAX_PROTOTYPES], len: 1 };
        if self.shape.has_slope() {
            let order = self.slope.order();
            all.len = order.div_ceil(2);
            for (from_top, section) in all.list[..all.len].iter_mut().rev().enumerate() {
                let butterworth = 0.5 / (PI * (2 * from_top + 1) as f64 / (2 * order) as f64).sin();
                section.q = if from_top == 0 { butterworth * self.q * SQRT_2 } else { butterworth };
            }
            if order % 2 == 1 {
                all.list[0] = Prototype { first_order: true, ..one };
            }
        }
        all
    }

    /// The region it acts on, as a filter: what its detector measures, and what solo lets through.
    #[must_use]
    pub fn region(&self) -> Prototype {
        let shape = self.shape.region();
        Prototype::new(shape, self.freq_hz, if shape == Shape::BandPass { self.q } else { FRAC_1_SQRT_2 })
    }

    /// The filters in use: none when off, numbers within their ranges.
    pub(super) fn active_prototypes(&self) -> Prototypes {
        let mut all = self.clamped().prototypes();
        if !self.on {
            all.len = 0;
        }
        all
    }

    /// The same with every number held to its range.
    #[must_use]
    pub fn clamped(self) -> Self {
        Self { freq_hz: FREQ_HZ.clamp(self.freq_hz), gain_db: GAIN_DB.clamp(self.gain_db), q: Q.clamp(self.q), ..self }
    }
}

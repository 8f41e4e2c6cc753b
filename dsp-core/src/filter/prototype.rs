//! What is asked of a filter, and the analogue filter that does it exactly: the reference of every digital design.
//!
//! A new shape is a variant here with what this file says of it; its digital filters are fitted in [`super::matched`].

use super::response::Response;
use crate::choice;
use crate::units::db_to_gain;

/// What a filter does to the spectrum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Boosts or cuts around its frequency.
    Bell,
    /// Boosts or cuts everything below; half its gain in dB at its frequency.
    LowShelf,
    /// Boosts or cuts everything above; half its gain in dB at its frequency.
    HighShelf,
    /// High pass; its gain at its frequency is its Q.
    LowCut,
    /// Low pass; its gain at its frequency is its Q.
    HighCut,
    /// Raises what lies above by half its gain in dB and lowers what lies below by as much; 0 dB at its frequency.
    Tilt,
    /// Removes its frequency.
    Notch,
    /// Passes what lies around its frequency, there at unity.
    BandPass,
    /// Shifts the phase, by half a turn at its frequency; keeps every level.
    AllPass,
}

choice!(Shape {
    Bell => "Bell", LowShelf => "Low shelf", HighShelf => "High shelf", LowCut => "Low cut", HighCut => "High cut",
    Tilt => "Tilt", Notch => "Notch", BandPass => "Band pass", AllPass => "All pass",
});

impl Shape {
    /// Whether it has a gain; at 0 dB it then does nothing.
    #[must_use]
    pub const fn has_gain(self) -> bool {
        matches!(self, Self::Bell | Self::LowShelf | Self::HighShelf | Self::Tilt)
    }

    /// Whether it has a slope.
    #[must_use]
    pub const fn has_slope(self) -> bool {
        matches!(self, Self::LowCut | Self::HighCut)
    }

    /// Whether it changes any level.
    #[must_use]
    pub const fn changes_levels(self) -> bool {
        !matches!(self, Self::AllPass)
    }

    /// The filter that passes what it acts on.
    #[must_use]
    pub const fn region(self) -> Self {
        match self {
            Self::Bell | Self::Notch | Self::BandPass | Self::AllPass => Self::BandPass,
            Self::LowShelf | Self::LowCut => Self::HighCut,
            Self::HighShelf | Self::HighCut | Self::Tilt => Self::LowCut,
        }
    }
}

/// What is asked of a filter: plain units, no sample rate, no state.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prototype {
    /// What it does.
    pub shape: Shape,
    /// Whether a cut falls by 6 dB per octave instead of 12. It then has no Q.
    pub first_order: bool,
    /// Centre or corner.
    pub freq_hz: f64,
    /// Boost (> 0) or cut (< 0); shapes without a gain ignore it.
    pub gain_db: f64,
    /// Quality factor, above zero.
    pub q: f64,
}

/// An analogue filter of second order, H(s) = (n₂ s² + n₁ s + n₀) / (d₂ s² + d₁ s + d₀), s in units of its frequency.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Analogue {
    /// n₀, n₁, n₂.
    pub num: [f64; 3],
    /// d₀, d₁, d₂.
    pub den: [f64; 3],
}

impl Analogue {
    /// Zeros at 0 Hz: 1 in a band pass, 2 in a low cut.
    #[must_use]
    pub fn zeros_at_dc(&self) -> usize {
        self.num.iter().take_while(|n| **n == 0.0).count()
    }

    /// Whether it passes nothing at infinite frequency.
    #[must_use]
    pub fn falls(&self) -> bool {
        self.num[2] == 0.0
    }

    /// Whether it passes nothing at a frequency between.
    #[must_use]
    pub fn is_notch(&self) -> bool {
        self.num[1] == 0.0 && self.num[0] != 0.0 && !self.falls()
    }
}

impl Prototype {
    /// Of second order, with no gain.
    #[must_use]
    pub const fn new(shape: Shape, freq_hz: f64, q: f64) -> Self {
        Self { shape, first_order: false, freq_hz, gain_db: 0.0, q }
    }

    /// The analogue filter.
    ///
    /// Bell and shelves are those of R. Bristow-Johnson, "Cookbook formulae for audio equalizer biquad filter
    /// coefficients" (A is the square root of the linear gain); a first-order cut is written with a pole and a zero
    /// that cancel.
    #[must_use]
    pub fn analogue(&self) -> Analogue {
        let a = db_to_gain(self.gain_db / 2.0);
        let (k, root) = (1.0 / self.q, a.sqrt());
        let (num, den) = match self.shape {
            Shape::Bell => ([1.0, k * a, 1.0], [1.0, k / a, 1.0]),
            Shape::LowShelf => ([a * a, root * a * k, a], [1.0, root * k, a]),
            Shape::HighShelf => ([a, root * a * k, a * a], [a, root * k, 1.0]),
            Shape::Tilt => ([1.0, root * k, a], [a, root * k, 1.0]),
            Shape::LowCut if self.first_order => ([0.0, 1.0, 1.0], [1.0, 2.0, 1.0]),
            Shape::HighCut if self.first_order => ([1.0, 1.0, 0.0], [1.0, 2.0, 1.0]),
            Shape::LowCut => ([0.0, 0.0, 1.0], [1.0, k, 1.0]),
            Shape::HighCut => ([1.0, 0.0, 0.0], [1.0, k, 1.0]),
            Shape::BandPass => ([0.0, k, 0.0], [1.0, k, 1.0]),
            Shape::Notch => ([1.0, 0.0, 1.0], [1.0, k, 1.0]),
            Shape::AllPass => ([1.0, -k, 1.0], [1.0, k, 1.0]),
        };
        Analogue { num, den }
    }

    /// Complex gain of the analogue filter.
    #[must_use]
    pub fn response(&self, freq_hz: f64) -> Response {
        let w = freq_hz / self.freq_hz;
        let Analogue { num, den } = self.analogue();
        Response::ratio([num[0] - num[2] * w * w, num[1] * w], [den[0] - den[2] * w * w, den[1] * w])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::f64::consts::{FRAC_PI_4, PI};

    #[test]
    fn every_shape_is_what_it_says_at_the_bottom_the_centre_and_the_top() {
        let floor = f64::NEG_INFINITY;
        for (shape, first_order, expected) in [
            (Shape::Bell, false, [0.0, 12.0, 0.0]),
            (Shape::LowShelf, false, [12.0, 6.0, 0.0]),
            (Shape::HighShelf, false, [0.0, 6.0, 12.0]),
            (Shape::Tilt, false, [-6.0, 0.0, 6.0]),
            (Shape::LowCut, false, [floor, 6.020_6, 0.0]),
            (Shape::HighCut, false, [0.0, 6.020_6, floor]),
            (Shape::LowCut, true, [floor, -3.010_3, 0.0]),
            (Shape::HighCut, true, [0.0, -3.010_3, floor]),
            (Shape::BandPass, false, [floor, 0.0, floor]),
            (Shape::Notch, false, [0.0, floor, 0.0]),
            (Shape::AllPass, false, [0.0, 0.0, 0.0]),
        ] {
            let at = |w| Prototype { shape, first_order, freq_hz: 1000.0, gain_db: 12.0, q: 2.0 }.response(1000.0 * w);
            for (w, expected) in [1e-9, 1.0, 1e9].into_iter().zip(expected) {
                let gain_db = at(w).gain_db();
                let ok = if expected == floor { gain_db < -150.0 } else { (gain_db - expected).abs() < 1e-4 };
                assert!(ok, "{shape:?} at {w}: {gain_db} dB, expected {expected}");
            }
            match shape {
                Shape::AllPass => assert!((at(1.0).phase_rad().abs() - PI).abs() < 1e-12),
                Shape::LowCut if first_order => assert!((at(1.0).phase_rad() - FRAC_PI_4).abs() < 1e-12),
                _ => {}
            }
            assert_eq!(shape.changes_levels(), expected != [0.0; 3], "{shape:?}");
        }
    }
}

//! What is asked of a filter, and the analogue filter that does it exactly: the truth that every digital design is
//! measured against.

use super::response::Response;
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
    /// Raises what lies above by half its gain in dB and lowers what lies below by as much; 0 dB at its frequency.
    Tilt,
    /// Removes what lies below (a high pass), 12 dB per octave; its gain at its frequency is its Q.
    LowCut,
    /// Removes what lies above (a low pass), 12 dB per octave; its gain at its frequency is its Q.
    HighCut,
    /// Removes what lies below, 6 dB per octave; it has no Q.
    LowCut6,
    /// Removes what lies above, 6 dB per octave; it has no Q.
    HighCut6,
    /// Passes what lies around its frequency, there at unity.
    BandPass,
    /// Removes its frequency.
    Notch,
    /// Turns the phase, by half a turn at its frequency.
    AllPass,
}

impl Shape {
    /// Whether it has a gain; a gain of 0 dB then makes it do nothing.
    #[must_use]
    pub const fn has_gain(self) -> bool {
        matches!(self, Self::Bell | Self::LowShelf | Self::HighShelf | Self::Tilt)
    }
}

/// What is asked of a filter: plain units, no sample rate, no state.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prototype {
    /// What it does.
    pub shape: Shape,
    /// Centre or corner.
    pub freq_hz: f64,
    /// Boost (> 0) or cut (< 0) of bells, shelves and tilts; the others ignore it.
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

impl Prototype {
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
            Shape::LowCut => ([0.0, 0.0, 1.0], [1.0, k, 1.0]),
            Shape::HighCut => ([1.0, 0.0, 0.0], [1.0, k, 1.0]),
            Shape::LowCut6 => ([0.0, 1.0, 1.0], [1.0, 2.0, 1.0]),
            Shape::HighCut6 => ([1.0, 1.0, 0.0], [1.0, 2.0, 1.0]),
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

    fn at(shape: Shape, w: f64) -> Response {
        Prototype { shape, freq_hz: 1000.0, gain_db: 12.0, q: 2.0 }.response(1000.0 * w)
    }

    #[test]
    fn every_shape_is_what_it_says_at_the_bottom_the_centre_and_the_top() {
        let floor = f64::NEG_INFINITY;
        for (shape, expected) in [
            (Shape::Bell, [0.0, 12.0, 0.0]),
            (Shape::LowShelf, [12.0, 6.0, 0.0]),
            (Shape::HighShelf, [0.0, 6.0, 12.0]),
            (Shape::Tilt, [-6.0, 0.0, 6.0]),
            (Shape::LowCut, [floor, 6.020_6, 0.0]),
            (Shape::HighCut, [0.0, 6.020_6, floor]),
            (Shape::LowCut6, [floor, -3.010_3, 0.0]),
            (Shape::HighCut6, [0.0, -3.010_3, floor]),
            (Shape::BandPass, [floor, 0.0, floor]),
            (Shape::Notch, [0.0, floor, 0.0]),
            (Shape::AllPass, [0.0, 0.0, 0.0]),
        ] {
            for (w, expected) in [1e-9, 1.0, 1e9].into_iter().zip(expected) {
                let gain_db = at(shape, w).gain_db();
                let ok = if expected == floor { gain_db < -150.0 } else { (gain_db - expected).abs() < 1e-4 };
                assert!(ok, "{shape:?} at {w}: {gain_db} dB, expected {expected}");
            }
        }
        assert!((at(Shape::AllPass, 1.0).phase_rad().abs() - PI).abs() < 1e-12);
        assert!((at(Shape::LowCut6, 1.0).phase_rad() - FRAC_PI_4).abs() < 1e-12);
    }
}

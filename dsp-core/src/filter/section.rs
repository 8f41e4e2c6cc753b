//! A second-order section as the equaliser runs it: the state-variable filter's update as six coefficients.
//!
//! With the names of [`super::svf`], u = x − ic2eq and the new states on the left:
//!
//! ```text
//! ic1eq' = a·ic1eq + b1·u            a  = 2·a1 − 1    b1 = 2·a2    b2 = 2·a3
//! ic2eq' = ic2eq + b1·ic1eq + b2·u
//! y      = d·x + c1·ic1eq + c2·ic2eq
//! ```
//!
//! **Any straight line between two sections is stable.** The states follow the matrix \[a, −b1; b1, 1 − b2\], whose
//! entries are linear in the six coefficients. It is the Cayley transform (I − M)⁻¹(I + M) of M = g·\[−k, −1; 1, 0\],
//! and M + Mᵀ = −2gk·\[1, 0; 0, 0\] only removes energy; so the matrix never lengthens the state vector (its Euclidean
//! norm is at most 1). Nor does any mixture of two such matrices, whatever the designs at both ends and however fast they
//! follow each other. So coefficients glide entry by entry, between any two shapes.

use super::svf::Coeffs;

/// Coefficients of a section.
pub const NUMBERS: usize = 6;

/// A section of second order: a, b1, b2, c1, c2, d.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Section(pub [f64; NUMBERS]);

impl Section {
    /// Passes its input bit-exactly, and its states stay at zero. The minus signs keep the sign of a zero.
    pub const IDLE: Self = Self([0.0, 0.0, 0.0, -0.0, -0.0, 1.0]);

    /// A filter in this form.
    #[must_use]
    pub fn of(coeffs: Coeffs) -> Self {
        Self(coeffs.state_space())
    }

    /// The same filter, its states running, but its output is its input.
    #[must_use]
    pub fn unheard(self) -> Self {
        let [a, b1, b2, ..] = self.0;
        Self([a, b1, b2, 0.0, 0.0, 1.0])
    }

    /// Interpolates linearly: `self` at `t` = 0, `to` at 1, both exactly.
    #[must_use]
    pub fn lerp(self, to: Self, t: f64) -> Self {
        if t == 1.0 {
            return to;
        }
        let mut mixed = self;
        for (mixed, to) in mixed.0.iter_mut().zip(to.0) {
            *mixed += t * (to - *mixed);
        }
        mixed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filter::prototype::{Prototype, Shape};
    use plumb_signals::Noise;

    /// Largest singular value of \[a, −b1; b1, 1 − b2\].
    fn norm(section: Section) -> f64 {
        let [a, b1, b2, ..] = section.0;
        let e = 1.0 - b2;
        let (p, q, r) = (a * a + b1 * b1, e * e + b1 * b1, b1 * e - a * b1);
        (0.5 * (p + q + ((p - q).powi(2) + 4.0 * r * r).sqrt())).sqrt()
    }

    #[test]
    fn no_mixture_of_two_sections_lengthens_its_state() {
        let mut noise = Noise::new(20);
        let mut any = |low: f64, high: f64| low * (high / low).powf(0.5 + 0.5 * noise.tick());
        let mut worst = 0.0_f64;
        for n in 0..20_000 {
            let shapes = [Shape::Bell, Shape::LowShelf, Shape::HighCut, Shape::LowCut, Shape::Tilt];
            let [from, to] = [n, n / 5].map(|n: usize| {
                let gain_db = any(1.0, 121.0) - 61.0;
                let asked = Prototype { gain_db, ..Prototype::new(shapes[n % 5], any(10.0, 3e4), any(0.025, 25.0)) };
                Section::of(Coeffs::design(asked, 48_000.0))
            });
            worst = worst.max(norm(from.lerp(to, any(1e-3, 1.0))));
        }
        eprintln!("norm of mixtures: 1 {:+.1e} at most", worst - 1.0);
        assert!(worst < 1.0 + 1e-15, "{worst}"); // rounding
    }

    #[test]
    fn mixtures_are_exact_at_both_ends() {
        let section = Section([0.1, 0.2, 0.3, 0.4, 0.5, 0.6]);
        assert_eq!(Section::IDLE.lerp(section, 1.0), section);
        assert_eq!(section.lerp(Section::IDLE, 0.0), section);
        assert_eq!(section.unheard(), Section([0.1, 0.2, 0.3, 0.0, 0.0, 1.0]));
    }
}

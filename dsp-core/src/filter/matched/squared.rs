//! Power gains of filters of second order: ratios of quadratic polynomials.

use crate::filter::svf::Coeffs;

/// A power gain, a ratio of polynomials of u = t / unit with t = tan²(ω/2); lowest power first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Squared {
    pub(super) num: [f64; 3],
    pub(super) den: [f64; 3],
    /// What t is measured in, so that u is about 1 where the filter acts.
    pub(super) unit: f64,
}

/// A polynomial.
#[inline]
pub(super) fn poly(c: [f64; 3], x: f64) -> f64 {
    c[0] + x * (c[1] + x * c[2])
}

/// |c₀ + c₁ s + c₂ s²|² on the imaginary axis, as a polynomial of the frequency squared.
pub(super) fn squared(c: [f64; 3]) -> [f64; 3] {
    [c[0] * c[0], c[1] * c[1] - 2.0 * c[0] * c[2], c[2] * c[2]]
}

/// Whether a polynomial is not below zero anywhere above zero.
fn is_power(c: [f64; 3]) -> bool {
    c[0] >= 0.0 && c[2] >= 0.0 && c[1] >= -2.0 * (c[0] * c[2]).sqrt()
}

/// Whether a polynomial's roots are those of a filter that rings down. Its Q may reach 30,000.
pub(super) fn is_stable([d0, d1, d2]: [f64; 3]) -> bool {
    d0 > 0.0 && d2 > 0.0 && 2.0 + d1 / (d0 * d2).sqrt() > 1e-9
}

impl Squared {
    /// Its value.
    pub(super) fn at(&self, u: f64) -> f64 {
        poly(self.num, u) / poly(self.den, u)
    }

    /// One over it.
    pub(super) fn inverse(self) -> Self {
        Self { num: self.den, den: self.num, unit: self.unit }
    }

    /// Whether it is the power gain of a stable filter; of one whose inverse is stable too, if that matters. Roots on
    /// the unit circle are too close to it.
    pub(super) fn is_filter(&self, and_inverse: bool) -> bool {
        is_stable(self.den) && if and_inverse { is_stable(self.num) } else { is_power(self.num) }
    }

    /// The filter of minimum phase that has this power gain, times a linear gain.
    pub(super) fn filter(&self, gain: f64) -> Coeffs {
        // In units in which d₂ = 1 and t is itself: (g² − t)² + k² g² t over |n₀ + n₁ s + n₂ s²|² at s² = −t.
        let Self { num: [n0, n1, n2], den: [d0, d1, d2], unit } = *self;
        let g = (d0 / d2).sqrt().sqrt() * unit.sqrt();
        let k = (2.0 + d1 / (d0 * d2).sqrt()).max(0.0).sqrt();
        let (low, high) = ((n0 / d2).max(0.0).sqrt() * unit, (n2 / d2).max(0.0).sqrt());
        let middle = (n1 / d2 * unit + 2.0 * low * high).max(0.0).sqrt();
        let [low, middle, high] = [low / (g * g), middle / g, high].map(|n| n * gain);
        Coeffs::from_parts(g, k, [high, middle - high * k, low - high])
    }
}

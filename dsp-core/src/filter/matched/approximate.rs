//! A design in closed form, for filters that move: near the fitted one, at a tenth of its cost. Where a filter settles
//! it is fitted. How near: see `tests.rs` and `docs/measurements/eq.md`.
//!
//! The poles lie where the matched z-transform puts the analogue ones; the power gain's numerator goes through the
//! analogue curve at 0 Hz, at the filter's own frequency and at the edge, which are linear equations. Three points say
//! nothing of what lies between them: where they would make narrower zeros than the analogue ones, the numerator goes
//! through the outer two and has the analogue zeros' damping.
//!
//! Source: M. Vicanek, "Matched Second Order Digital Filters", 2016, with other points.

use super::grid::{Axis, edge_hz, tan_squared};
use super::squared::{Squared, is_stable, poly};
use crate::filter::prototype::Analogue;

/// Frequency, relative to the rate, below which the bilinear transform is as near; but not for what falls towards the
/// top, where it falls too far.
const LOW_NORM: f64 = 0.01;
/// Damping of the zeros (see [`Points::all`]) up to which that holds, 1/Q being 5: what is wider reaches higher.
const LOW_DAMPING: f64 = 12.5;
/// Damping below which a shelf's zeros are narrow and at another frequency than any point: Q 1.
const NARROW_SHELF: f64 = -0.5;
/// How much less than that of the analogue zeros the damping of those through three points may be.
const LESS: f64 = 1.0;
/// Least damping of the zeros of a residual, which is smooth.
const RESIDUAL_DAMPING: f64 = 0.5;
/// Damping of zeros nearly on the unit circle.
const LEAST_DAMPING: f64 = -0.9999;

/// The terms of an approximate design that depend on frequency and rate alone.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    axis: Axis,
    /// tan²(π f / fs) of the highest frequency at which the curve is the analogue one.
    edge: f64,
    /// Where the curves meet.
    u: [f64; 3],
    /// The same as squares of the frequency relative to the filter's.
    squares: [f64; 3],
}

impl Terms {
    /// At a frequency and a rate.
    #[must_use]
    pub fn new(freq_hz: f64, sample_rate_hz: f64) -> Self {
        Self::with_edge(freq_hz, sample_rate_hz, tan_squared(edge_hz(sample_rate_hz), sample_rate_hz))
    }

    /// At another frequency.
    pub fn move_to(&mut self, freq_hz: f64) {
        if freq_hz != self.axis.freq_hz() {
            *self = Self::with_edge(freq_hz, self.axis.sample_rate_hz(), self.edge);
        }
    }

    fn with_edge(freq_hz: f64, sample_rate_hz: f64, edge: f64) -> Self {
        /// Highest place of the middle point, relative to the edge.
        const MIDDLE: f64 = 0.6;
        let axis = Axis::new(freq_hz, sample_rate_hz);
        let edge_hz = axis.edge_hz();
        let middle_hz = freq_hz.min(MIDDLE * edge_hz);
        // The edge lies below Nyquist at every rate, and so does what is below it; and u is measured in units of the
        // filter's own frequency.
        let middle = if middle_hz == freq_hz { 1.0 } else { tan_squared(middle_hz, sample_rate_hz) / axis.unit };
        let squares = [0.0, middle_hz, edge_hz].map(|hz| (hz / freq_hz).powi(2));
        Self { axis, edge, u: [0.0, middle, edge / axis.unit], squares }
    }

    pub(super) fn axis(&self) -> &Axis {
        &self.axis
    }
}

/// Nearly the one filter for all of a curve.
pub(super) fn whole(analogue: &Analogue, has_inverse: bool, target: &Squared, terms: &Terms) -> Squared {
    let axis = terms.axis();
    let bilinear = axis.bilinear(target);
    let [n0, n1, n2] = analogue.num;
    let zeros = n1 * n1 / (2.0 * n0 * n2) - 1.0;
    if axis.freq_norm().powi(2) * (zeros / LOW_DAMPING).max(1.0) < LOW_NORM * LOW_NORM && !analogue.falls() {
        return bilinear;
    }
    let den = axis.matched_z(analogue.den);
    let num = match analogue.zeros_at_dc() {
        // A notch keeps its zeros where they are, so that it stays as deep.
        _ if analogue.is_notch() => {
            let zero = (target.num[0] / target.num[2]).sqrt();
            let level = target.at(0.0) * den[0] / (zero * zero);
            [zero * zero, -2.0 * zero, 1.0].map(|n| n * level)
        }
        2 => [0.0, 0.0, Points::new(target, terms).highest(den)],
        1 if analogue.falls() => Points::new(target, terms).without_lowest(den),
        1 => Points::new(target, terms).with_slope(den, target.num[1] / target.den[0] * axis.squares_per_u()),
        _ if analogue.falls() => Points::new(target, terms).three(den),
        _ => {
            let is_elsewhere = n0 != n2 && zeros < NARROW_SHELF;
            let zeros = zeros.clamp(LEAST_DAMPING, 1.0);
            let least = if is_elsewhere { f64::INFINITY } else { (zeros - LESS).max(LEAST_DAMPING) };
            Points::new(target, terms).all(den, least, zeros)
        }
    };
    let near = Squared { num, den, unit: axis.unit };
    // `all` makes no other numerators than those of filters.
    let is_filter = if has_inverse { is_stable(den) } else { near.is_filter(false) };
    if is_filter { near } else { bilinear }
}

/// Whether [`residual`] knows what the roots leave: not of filters that pass nothing at one of its points, where roots
/// and curve say nothing of each other.
pub(super) fn has_residual(analogue: &Analogue) -> bool {
    analogue.zeros_at_dc() == 0 && !analogue.is_notch()
}

/// Nearly what the roots leave of a curve: no poles.
pub(super) fn residual(roots: &Squared, target: &Squared, terms: &Terms) -> Squared {
    let (axis, mut points) = (terms.axis(), Points::new(target, terms));
    for (power, u) in points.power.iter_mut().zip(points.u) {
        *power /= roots.at(u);
    }
    let den = axis.flat();
    Squared { num: points.all(den, RESIDUAL_DAMPING, RESIDUAL_DAMPING), den, unit: axis.unit }
}

/// Where the curves meet: at 0 Hz, at the filter's frequency or below the edge, and at the edge.
struct Points {
    u: [f64; 3],
    power: [f64; 3],
}

impl Points {
    fn new(target: &Squared, terms: &Terms) -> Self {
        Self { u: terms.u, power: terms.squares.map(|square| target.at(square)) }
    }

    /// What the numerator is at a point.
    fn num(&self, at: usize, den: [f64; 3]) -> f64 {
        self.power[at] * poly(den, self.u[at])
    }

    /// The numerator's highest coefficient, where there is no other.
    fn highest(&self, den: [f64; 3]) -> f64 {
        self.num(2, den) / (self.u[2] * self.u[2])
    }

    /// The numerator without its lowest coefficient.
    fn without_lowest(&self, den: [f64; 3]) -> [f64; 3] {
        let [middle, edge] = [1, 2].map(|at| self.num(at, den) / self.u[at]);
        let slope = (edge - middle) / (self.u[2] - self.u[1]);
        [0.0, middle - slope * self.u[1], slope]
    }

    /// The numerator without its lowest coefficient, for a power gain that starts with a slope.
    fn with_slope(&self, den: [f64; 3], slope: f64) -> [f64; 3] {
        let middle = slope * den[0];
        [0.0, middle, (self.num(2, den) / self.u[2] - middle) / self.u[2]]
    }

    /// The numerator through all points if its zeros have a damping of `least` or more; otherwise through the outer two,
    /// with zeros of damping `zeros`.
    ///
    /// The damping here is n₁ / 2√(n₀ n₂): −1 on the frequency axis, 1 for a double real zero; 2ζ² − 1 with the usual ζ.
    fn all(&self, den: [f64; 3], least: f64, zeros: f64) -> [f64; 3] {
        let three @ [n0, n1, n2] = self.three(den);
        if n2 > 0.0 && n1 * n1.abs() >= 4.0 * least * least.abs() * n0 * n2 {
            return three;
        }
        // n₀ + n₁ u + n₂ u² with n₁ = 2 · damping · √(n₀ n₂) is a quadratic equation for √n₂.
        let (lowest, edge) = (self.num(0, den), self.num(2, den));
        let (root, rest) = (lowest.sqrt(), (zeros * zeros - 1.0) * lowest + edge);
        let highest = ((rest.max(0.0).sqrt() - zeros * root) / self.u[2]).max(1e-9 * root);
        [lowest, 2.0 * zeros * root * highest, highest * highest]
    }

    /// The numerator through all points.
    fn three(&self, den: [f64; 3]) -> [f64; 3] {
        let lowest = self.num(0, den);
        let [middle, edge] = [1, 2].map(|at| (self.num(at, den) - lowest) / self.u[at]);
        let slope = (edge - middle) / (self.u[2] - self.u[1]);
        [lowest, middle - slope * self.u[1], slope]
    }
}

//! A design in closed form, for filters on their way from one place to another: near the fitted one, at a fraction of its
//! cost. Where a filter comes to rest it is fitted.
//!
//! The poles lie where the matched z-transform puts the analogue ones; the power gain's numerator then goes through the
//! analogue curve at no frequency, at the filter's own and at the edge, which are linear equations.
//!
//! Source: M. Vicanek, "Matched Second Order Digital Filters", 2016, with other points.

use super::grid::{Axis, edge_hz, tan_squared};
use super::squared::{Squared, poly};
use crate::filter::prototype::{Analogue, Shape};

/// Frequency, relative to the rate, below which the bilinear transform is as near: but for what is to fall towards the top,
/// where it falls too far.
const LOW_NORM: f64 = 0.01;

/// What a sketch needs of the rate and the frequency alone: as long as they stay, it need not be found again.
#[derive(Clone, Copy, Debug)]
pub struct Ground {
    axis: Axis,
    /// tan²(π f / fs) of the highest frequency at which the curve is the analogue one.
    edge: f64,
    /// Where the curves are to meet.
    u: [f64; 3],
    /// The same as power of the frequency relative to the filter's.
    squares: [f64; 3],
}

impl Ground {
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
        // The edge lies below Nyquist at every rate, and so does what is below it; and the filter's own frequency is
        // what u is measured in.
        let middle = if middle_hz == freq_hz { 1.0 } else { tan_squared(middle_hz, sample_rate_hz) / axis.unit };
        let squares = [0.0, middle_hz, edge_hz].map(|hz| (hz / freq_hz).powi(2));
        Self { axis, edge, u: [0.0, middle, edge / axis.unit], squares }
    }

    pub(super) fn axis(&self) -> &Axis {
        &self.axis
    }
}

/// Nearly the one filter for all of a curve.
pub(super) fn whole(shape: Shape, analogue: &Analogue, target: &Squared, ground: &Ground) -> Squared {
    let axis = ground.axis();
    let bilinear = axis.bilinear(target);
    let falls = matches!(shape, Shape::HighCut | Shape::HighCut6 | Shape::BandPass);
    if axis.freq_norm() < LOW_NORM && !falls {
        return bilinear;
    }
    let den = axis.root_at_its_place(analogue.den);
    let num = match shape {
        // Its zeros stay where they are, so that it is as deep as ever.
        Shape::Notch => {
            let zero = (target.num[0] / target.num[2]).sqrt();
            let level = target.at(0.0) * den[0] / (zero * zero);
            [zero * zero, -2.0 * zero, 1.0].map(|n| n * level)
        }
        Shape::LowCut => [0.0, 0.0, Points::new(target, ground).top(den)],
        Shape::LowCut6 | Shape::BandPass => Points::new(target, ground).without_lowest(den),
        _ => Points::new(target, ground).all(den),
    };
    let sketched = Squared { num, den, unit: axis.unit };
    if sketched.is_filter(shape.has_gain()) { sketched } else { bilinear }
}

/// Whether [`rest`] knows what is left of a shape: not of those that pass nothing at one of its points, where roots and
/// curve say nothing of each other.
pub(super) fn can_rest(shape: Shape) -> bool {
    shape.has_gain() || shape == Shape::HighCut
}

/// Nearly what is left of a curve beside the roots: no poles, and zeros through three points.
pub(super) fn rest(roots: &Squared, target: &Squared, ground: &Ground) -> Squared {
    let (axis, mut points) = (ground.axis(), Points::new(target, ground));
    for (power, u) in points.power.iter_mut().zip(points.u) {
        *power /= roots.at(u);
    }
    let den = axis.flat();
    let through = Squared { num: points.all(den), den, unit: axis.unit };
    let level = (points.power[1] * points.power[2]).sqrt();
    if through.is_filter(true) { through } else { Squared { num: den.map(|d| d * level), ..through } }
}

/// Where the curves are to meet: at no frequency, at the filter's or below the edge, and at the edge.
struct Points {
    u: [f64; 3],
    power: [f64; 3],
}

impl Points {
    fn new(target: &Squared, ground: &Ground) -> Self {
        Self { u: ground.u, power: ground.squares.map(|square| target.at(square)) }
    }

    /// What the numerator is at a point.
    fn num(&self, at: usize, den: [f64; 3]) -> f64 {
        self.power[at] * poly(den, self.u[at])
    }

    /// The numerator's highest coefficient, when there is no other.
    fn top(&self, den: [f64; 3]) -> f64 {
        self.num(2, den) / (self.u[2] * self.u[2])
    }

    /// The numerator without its lowest coefficient.
    fn without_lowest(&self, den: [f64; 3]) -> [f64; 3] {
        let [middle, edge] = [1, 2].map(|at| self.num(at, den) / self.u[at]);
        let slope = (edge - middle) / (self.u[2] - self.u[1]);
        [0.0, middle - slope * self.u[1], slope]
    }

    /// The whole numerator.
    fn all(&self, den: [f64; 3]) -> [f64; 3] {
        let lowest = self.num(0, den);
        let [middle, edge] = [1, 2].map(|at| (self.num(at, den) - lowest) / self.u[at]);
        let slope = (edge - middle) / (self.u[2] - self.u[1]);
        [lowest, middle - slope * self.u[1], slope]
    }
}

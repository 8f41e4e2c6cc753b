//! The frequencies at which a digital filter is compared with the analogue one.

use super::squared::Squared;
use core::f64::consts::{PI, TAU};

/// Points around the zeros, as many around the poles, as many along the axis.
const EACH: usize = 14;
/// All points.
pub(super) const POINTS: usize = 3 * EACH;
/// Highest frequency at which the curve is the analogue one.
const EDGE_HZ: f64 = 20_000.0;
/// The same in cycles per frame where the rate is too low for that: just below 20 kHz at 44.1 kHz.
const EDGE_NORM: f64 = 0.4535;
/// Frequency, relative to the rate, at which the unit of t is held.
const UNIT_NORM: f64 = 0.4;
/// Lowest frequency looked at, relative to the lower of the filter's and the highest.
const LOWEST: f64 = 1e-3;
/// Where digital roots begin to leave the unit circle, and where nothing is left of them, relative to Nyquist.
const FADE: (f64, f64) = (0.95, 1.6);
/// Power below which cuts and band passes need not follow the analogue curve: −48 dB.
const FLOOR_POWER: f64 = 1.584_893_192_461_113_5e-5;

/// Highest frequency at which the curve is the analogue one.
pub(super) fn edge_hz(sample_rate_hz: f64) -> f64 {
    EDGE_HZ.min(EDGE_NORM * sample_rate_hz)
}

/// The frequency axis of one digital filter: t = tan²(π f / fs), in units of the filter's own.
#[derive(Clone, Copy, Debug)]
pub(super) struct Axis {
    /// tan²(π f / fs) of the filter's frequency, held well below Nyquist.
    pub(super) unit: f64,
    freq_hz: f64,
    sample_rate_hz: f64,
}

impl Axis {
    pub(super) fn new(freq_hz: f64, sample_rate_hz: f64) -> Self {
        let unit = tan_squared(freq_hz.min(UNIT_NORM * sample_rate_hz), sample_rate_hz);
        Self { unit, freq_hz, sample_rate_hz }
    }

    /// The filter's frequency.
    pub(super) fn freq_hz(&self) -> f64 {
        self.freq_hz
    }

    /// The rate.
    pub(super) fn sample_rate_hz(&self) -> f64 {
        self.sample_rate_hz
    }

    /// The filter's frequency in cycles per frame.
    pub(super) fn freq_norm(&self) -> f64 {
        self.freq_hz / self.sample_rate_hz
    }

    /// The square of the frequency relative to the filter's, per u, towards 0 Hz.
    pub(super) fn squares_per_u(&self) -> f64 {
        self.unit / (PI * self.freq_norm()).powi(2)
    }

    /// Highest frequency at which the curve is the analogue one.
    pub(super) fn edge_hz(&self) -> f64 {
        edge_hz(self.sample_rate_hz)
    }

    /// A frequency as u; none close to Nyquist and beyond.
    pub(super) fn u_at(&self, freq_hz: f64) -> Option<f64> {
        (freq_hz < 0.499 * self.sample_rate_hz).then(|| tan_squared(freq_hz, self.sample_rate_hz) / self.unit)
    }

    /// (1 + t)²: the power gain of a delay, whose poles and zeros lie at z = 0.
    pub(super) fn flat(&self) -> [f64; 3] {
        [1.0, 2.0 * self.unit, self.unit * self.unit]
    }

    /// What the bilinear transform makes of an analogue power gain: at the filter's frequency u is 1.
    pub(super) fn bilinear(&self, target: &Squared) -> Squared {
        Squared { unit: self.unit, ..*target }
    }

    /// Power gain of the digital roots that the matched z-transform makes of those of c₀ + c₁ s + c₂ s², s in units of
    /// the filter's frequency. Towards Nyquist they leave the unit circle, well beyond it they are nothing.
    ///
    /// Source: M. Vicanek, "Matched Second Order Digital Filters", 2016, equations 5 to 8.
    pub(super) fn matched_z(&self, c: [f64; 3]) -> [f64; 3] {
        let w = (c[0] / c[2]).sqrt() * TAU * self.freq_hz / self.sample_rate_hz;
        let beyond = ((w / PI - FADE.0) / (FADE.1 - FADE.0)).clamp(0.0, 1.0);
        let share = 1.0 - beyond * beyond * (3.0 - 2.0 * beyond);
        let damping = c[1] / (2.0 * (c[0] * c[2]).sqrt());
        let turn = (1.0 - damping * damping).abs().sqrt();
        let a1 = if damping <= 1.0 {
            -2.0 * (-damping * w).exp() * (turn * w).min(PI).cos()
        } else {
            // The slow root's damping − turn is 1 / (damping + turn), written so that nothing cancels.
            -(-w / (damping + turn)).exp() - (-w * (damping + turn)).exp()
        };
        let (a1, a2) = (share * a1, share * share * (-2.0 * damping * w).exp());
        let (at_dc, at_nyquist) = ((1.0 + a1 + a2).powi(2), (1.0 - a1 + a2).powi(2));
        let [d0, d1, d2] = [at_dc, at_dc + at_nyquist - 16.0 * a2, at_nyquist];
        [d0, d1 * self.unit, d2 * self.unit * self.unit]
    }
}

/// Frequencies in rising order, and the analogue power gain there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grid {
    /// tan²(π f / fs) in units of the axis.
    pub(super) u: [f64; POINTS],
    /// The analogue power gain.
    pub(super) power: [f64; POINTS],
    /// What u is measured on.
    pub(super) axis: Axis,
}

/// tan²(π f / fs).
pub(super) fn tan_squared(freq_hz: f64, sample_rate_hz: f64) -> f64 {
    let tan = (PI * freq_hz / sample_rate_hz).tan();
    tan * tan
}

impl Grid {
    /// Points dense where the analogue filter has its poles and zeros, and towards the edge.
    pub(super) fn new(axis: Axis, target: &Squared) -> Self {
        let freq_hz = axis.freq_hz;
        let (low, high) = fitted_range(target, freq_hz, edge_hz(axis.sample_rate_hz));
        let mut sets = [[0.0; EACH]; 3];
        for (at, c) in [target.num, target.den].into_iter().enumerate() {
            let (centre, q) = resonance(c);
            let around = Around::new(centre * freq_hz, q, low, high);
            for (step, freq_hz) in sets[at].iter_mut().enumerate() {
                // The two sets lie between each other.
                let place = (step as f64 + 0.5 * at as f64) / (EACH as f64 - 0.5);
                let denser_at_the_ends = place * place * (3.0 - 2.0 * place);
                *freq_hz = around.freq_hz(0.5 * (place + denser_at_the_ends));
            }
        }
        for (step, freq_hz) in sets[2].iter_mut().enumerate() {
            let place = (step as f64 + 0.7) / (EACH as f64 - 0.3);
            *freq_hz = low + (high - low) * place * (2.0 - place);
        }
        let freqs = merged(&sets);
        let u = freqs.map(|at_hz| tan_squared(at_hz, axis.sample_rate_hz) / axis.unit);
        let power = freqs.map(|at_hz| target.at((at_hz / axis.freq_hz).powi(2)));
        Self { u, power, axis }
    }
}

/// Three rising sets as one.
fn merged(sets: &[[f64; EACH]; 3]) -> [f64; POINTS] {
    let mut next = [0; 3];
    core::array::from_fn(|_| {
        let head = |set: usize| sets[set].get(next[set]).copied().unwrap_or(f64::INFINITY);
        let heads = [head(0), head(1), head(2)];
        let first = if heads[1] < heads[0] { 1 } else { 0 };
        let first = if heads[2] < heads[first] { 2 } else { first };
        next[first] += 1;
        heads[first]
    })
}

/// Lowest and highest frequency at which the digital filter is to follow the analogue one.
fn fitted_range(target: &Squared, freq_hz: f64, edge_hz: f64) -> (f64, f64) {
    let (mut low, mut high) = (LOWEST * freq_hz.min(edge_hz), edge_hz);
    // Where the power crosses the floor: the roots of num − floor · den in frequency squared.
    let c: [f64; 3] = core::array::from_fn(|at| target.num[at] - FLOOR_POWER * target.den[at]);
    let q = -0.5 * (c[1] + (c[1] * c[1] - 4.0 * c[0] * c[2]).max(0.0).sqrt().copysign(c[1]));
    let roots = [q / c[2], c[0] / q].map(|root| root.max(0.0).sqrt() * freq_hz);
    if target.num[0] == 0.0 {
        let crossing = if target.num[2] == 0.0 { roots[0].min(roots[1]) } else { roots[0].max(roots[1]) };
        low = crossing.max(low).min(0.5 * edge_hz);
    }
    if target.num[2] == 0.0 {
        let crossing = roots[0].max(roots[1]);
        high = crossing.min(high).max(2.0 * low);
    }
    (low, high)
}

/// Where a squared polynomial has its roots, relative to the filter's frequency, and their Q; something broad when it
/// has none.
fn resonance(c: [f64; 3]) -> (f64, f64) {
    if c[0] > 0.0 && c[2] > 0.0 {
        let q = (2.0 + c[1] / (c[0] * c[2]).sqrt()).max(1e-12).sqrt().recip();
        ((c[0] / c[2]).sqrt().sqrt(), q)
    } else {
        (1.0, 0.4)
    }
}

/// Frequencies that lie the closer the nearer they are to a resonance.
struct Around {
    centre_hz: f64,
    q: f64,
    from: f64,
    to: f64,
}

impl Around {
    fn new(centre_hz: f64, q: f64, low_hz: f64, high_hz: f64) -> Self {
        let (centre_hz, q) = (centre_hz.clamp(low_hz, 1.2 * high_hz), q.clamp(0.3, 40.0));
        let place = |freq_hz: f64| {
            let detuning = q * (freq_hz / centre_hz - centre_hz / freq_hz);
            detuning / (1.0 + detuning.abs())
        };
        Self { centre_hz, q, from: place(low_hz), to: place(high_hz) }
    }

    /// The frequency at a place between 0 and 1.
    fn freq_hz(&self, place: f64) -> f64 {
        let place = self.from + (self.to - self.from) * place;
        let half = place / ((1.0 - place.abs()) * 2.0 * self.q);
        (half + (half * half + 1.0).sqrt()) * self.centre_hz
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filter::prototype::{Prototype, Shape};

    #[test]
    fn points_rise_and_lie_within_the_fitted_range() {
        for shape in [Shape::Bell, Shape::HighShelf, Shape::LowCut, Shape::HighCut, Shape::BandPass, Shape::Notch] {
            for (freq_hz, q) in [(10.0, 0.025), (1000.0, 1.0), (19_000.0, 25.0), (30_000.0, 0.3)] {
                for rate in [8000.0, 44_100.0, 768_000.0] {
                    let asked = Prototype { gain_db: 12.0, ..Prototype::new(shape, freq_hz, q) };
                    let analogue = asked.analogue();
                    let [num, den] = [analogue.num, analogue.den].map(super::super::squared::squared);
                    let axis = Axis::new(freq_hz, rate);
                    let grid = Grid::new(axis, &Squared { num, den, unit: 1.0 });
                    assert!(
                        grid.u.is_sorted() && grid.u[0] > 0.0 && grid.u[POINTS - 1].is_finite(),
                        "{asked:?} {rate}"
                    );
                    assert!(grid.u[POINTS - 1] <= axis.u_at(edge_hz(rate)).unwrap() * (1.0 + 1e-9));
                    assert_eq!(axis.u_at(0.5 * rate), None);
                }
            }
        }
    }
}

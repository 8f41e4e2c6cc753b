//! Digital filters that have the analogue magnitude up to 20 kHz, at zero latency: the design of every band that is
//! heard, drawn and tested.
//!
//! The power gain of a second-order filter is a ratio of two quadratic polynomials: of ω² if it is analogue, of
//! t = tan²(ω/2) if it is digital (the bilinear transform's frequency axis). So the digital filter is found as a curve
//! in t: its five numbers are fitted to the analogue curve, least squares first and then exchange steps towards the
//! smallest largest error (E. Ya. Remez, 1934; C. K. Sanathanan and J. Koerner, "Transfer function synthesis as a ratio
//! of two complex polynomials", 1963, for the start), and the roots with negative real part give the filter. Every
//! polynomial that is positive for t ≥ 0 is a stable filter of minimum phase, and everything stays well conditioned
//! down to the lowest frequencies.
//!
//! One such filter is enough for bells, high cuts and gentle shelves (at 48 kHz within 0.11 dB at +18 dB). A resonance
//! near Nyquist with a wide slope beside it is not: narrow high shelves, low cuts, notches and band passes up there
//! are two filters in series: [`Part::Roots`] has the analogue poles and zeros in their places (matched z-transform),
//! [`Part::Residual`] is fitted to what is then left, which is smooth.

mod approximate;
mod fit;
mod grid;
mod squared;

pub use self::approximate::Terms;

use self::fit::{Free, fit};
use self::grid::{Axis, Grid, edge_hz};
use self::squared::{Squared, squared};
use super::prototype::{Analogue, Prototype, Shape};
use super::svf::Coeffs;
use crate::units::db_to_gain;

/// Frequency, in cycles per frame, above which a resonance needs a second filter: below it one is within 0.05 dB.
const SPLIT_NORM: f64 = 0.035;
/// The same for shelves that do not overshoot.
const SPLIT_SOFT_NORM: f64 = 0.2;
/// The same for bells and high cuts, most of which lies beyond the edge.
const SPLIT_TOP_NORM: f64 = 0.42;
/// Highest Q of a shelf that does not overshoot.
const SOFT_Q: f64 = 0.75;
/// Q below which a low cut or notch is so wide that it reaches the top from anywhere.
const SPLIT_Q: f64 = 0.2;
/// Band passes need a second filter where the edge lies above this, in cycles per frame.
const SPLIT_EDGE_NORM: f64 = 0.3;
/// Below this gain a filter is a fraction of the filter of this gain, so that its poles stay determined: the error is
/// below 0.004 dB.
const SMALL_GAIN_DB: f64 = 0.05;

/// Which of a prototype's digital filters a section is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The only one.
    Whole,
    /// The first of two: the analogue poles and zeros.
    Roots,
    /// The second of two: what the first leaves.
    Residual,
}

/// How a section is designed.
#[derive(Clone, Copy, Debug)]
enum Quality<'a> {
    /// Fitted.
    Exact,
    /// In closed form, good enough for a filter that moves.
    Approximate(&'a Terms),
}

/// What one digital section is to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SectionSpec {
    /// What is asked of it and its other part together.
    pub prototype: Prototype,
    /// Which of them it is.
    pub part: Part,
}

impl Prototype {
    /// Its digital filters at a rate. How many there are depends on shape, frequency and Q, never on the gain.
    ///
    /// `is_steep` says that it is one of many in series, whose errors add up: then high cuts are two as well.
    #[must_use]
    pub fn parts(&self, sample_rate_hz: f64, is_steep: bool) -> &'static [Part] {
        let freq_norm = self.freq_hz / sample_rate_hz;
        let split = match self.shape {
            Shape::AllPass => false,
            Shape::LowCut | Shape::HighCut if self.first_order => false,
            Shape::HighCut if is_steep => freq_norm > SPLIT_NORM,
            Shape::Bell | Shape::HighCut => freq_norm > SPLIT_TOP_NORM,
            Shape::LowShelf | Shape::HighShelf | Shape::Tilt => {
                freq_norm > if self.q > SOFT_Q { SPLIT_NORM } else { SPLIT_SOFT_NORM }
            }
            Shape::LowCut | Shape::Notch => freq_norm > SPLIT_NORM || self.q < SPLIT_Q,
            Shape::BandPass => freq_norm > SPLIT_NORM || edge_hz(sample_rate_hz) / sample_rate_hz > SPLIT_EDGE_NORM,
        };
        if split { &[Part::Roots, Part::Residual] } else { &[Part::Whole] }
    }

    /// The same as specs.
    pub fn sections(self, sample_rate_hz: f64, is_steep: bool) -> impl Iterator<Item = SectionSpec> {
        self.parts(sample_rate_hz, is_steep).iter().map(move |part| SectionSpec { prototype: self, part: *part })
    }
}

impl SectionSpec {
    /// The filter; a pure function of the spec and the rate.
    #[must_use]
    pub fn design(&self, sample_rate_hz: f64) -> Coeffs {
        self.design_as(Quality::Exact, sample_rate_hz)
    }

    /// Nearly the same filter at a fraction of the cost, for one that moves: see `approximate.rs`. `terms` are moved to
    /// its frequency, where other sections of the same band find them.
    #[must_use]
    pub fn approximate(&self, terms: &mut Terms) -> Coeffs {
        terms.move_to(self.prototype.freq_hz);
        self.design_as(Quality::Approximate(terms), terms.axis().sample_rate_hz())
    }

    fn design_as(&self, quality: Quality<'_>, sample_rate_hz: f64) -> Coeffs {
        let asked = self.prototype;
        match asked.shape {
            Shape::AllPass => Coeffs::all_pass(asked, sample_rate_hz),
            shape if shape.has_gain() => self.design_gain(quality, sample_rate_hz),
            _ => self.power(quality, asked, sample_rate_hz).filter(1.0),
        }
    }

    /// Bells and shelves. Cuts are the inverse of boosts, to the last bit of their poles and zeros; every shelf is made
    /// of the high shelf that boosts: a low shelf of +g is g over it, a tilt is it lowered by g/2.
    fn design_gain(&self, quality: Quality<'_>, sample_rate_hz: f64) -> Coeffs {
        let asked = self.prototype;
        let is_small = asked.gain_db.abs() < SMALL_GAIN_DB;
        let gain_db = if is_small { SMALL_GAIN_DB } else { asked.gain_db };
        let shape = if asked.shape == Shape::Bell { Shape::Bell } else { Shape::HighShelf };
        let boost = self.power(quality, Prototype { shape, gain_db: gain_db.abs(), ..asked }, sample_rate_hz);
        let is_inverse = (gain_db < 0.0) != (asked.shape == Shape::LowShelf);
        let offset_db = match asked.shape {
            _ if self.part == Part::Residual => 0.0,
            Shape::LowShelf => gain_db,
            Shape::Tilt => -gain_db / 2.0,
            _ => 0.0,
        };
        let offset = if offset_db == 0.0 { 1.0 } else { db_to_gain(offset_db) };
        let coeffs = if is_inverse { boost.inverse() } else { boost }.filter(offset);
        if is_small { coeffs.fraction((db_to_gain(asked.gain_db) - 1.0) / (db_to_gain(gain_db) - 1.0)) } else { coeffs }
    }

    /// The power gain made to be that of an analogue filter without a phase of its own.
    fn power(&self, quality: Quality<'_>, asked: Prototype, sample_rate_hz: f64) -> Squared {
        let analogue = asked.analogue();
        let target = Squared { num: squared(analogue.num), den: squared(analogue.den), unit: 1.0 };
        let axis = match quality {
            Quality::Exact => Axis::new(asked.freq_hz, sample_rate_hz),
            Quality::Approximate(terms) => *terms.axis(),
        };
        let has_inverse = asked.shape.has_gain();
        match (self.part, quality) {
            (Part::Whole, Quality::Exact) => whole(&analogue, has_inverse, &target, &Grid::new(axis, &target)),
            (Part::Whole, Quality::Approximate(terms)) => approximate::whole(&analogue, has_inverse, &target, terms),
            (Part::Roots, _) => roots(&analogue, &target, &axis),
            (Part::Residual, Quality::Approximate(terms)) if approximate::has_residual(&analogue) => {
                approximate::residual(&roots(&analogue, &target, &axis), &target, terms)
            }
            (Part::Residual, _) => residual(&roots(&analogue, &target, &axis), &Grid::new(axis, &target)),
        }
    }
}

/// One filter for all of it; where no stable one is near, the bilinear transform.
fn whole(analogue: &Analogue, has_inverse: bool, target: &Squared, grid: &Grid) -> Squared {
    let start = grid.axis.bilinear(target);
    let middle = start.den[0] / start.den[2];
    if analogue.is_notch() {
        return notch(&start, grid);
    }
    let tries: &[Free] = match analogue.zeros_at_dc() {
        2 => &[Free::new(&[2])],
        1 => &[Free::new(&[1, 2]), Free::new(&[1])],
        // Without the last: it has a zero at Nyquist, whose inverse would be no filter.
        _ if has_inverse => &[Free::new(&[0, 1, 2]), Free::new(&[0, 1, 2]).with_middle(middle)],
        _ => &[Free::new(&[0, 1, 2]), Free::new(&[0, 1, 2]).with_middle(middle), Free::new(&[0, 1])],
    };
    tries.iter().find_map(|free| fit(grid, &grid.power, start.den, free)).unwrap_or(start)
}

/// A notch keeps its zeros where they are, so that it stays as deep.
fn notch(start: &Squared, grid: &Grid) -> Squared {
    let zero = (start.num[0] / start.num[2]).sqrt();
    let [n0, n1, n2] = [zero * zero, -2.0 * zero, 1.0];
    let mut power = grid.power;
    for (at, u) in grid.u.iter().enumerate() {
        let distance = u - zero;
        // At the zero itself the analogue and the digital curve both vanish: there is nothing to learn.
        let there = (distance / zero).abs() < 1e-6;
        power[at] = if there { power[at.saturating_sub(1)] } else { power[at] / (distance * distance) };
    }
    fit(grid, &power, start.den, &Free::new(&[0]))
        .map_or(*start, |fitted| Squared { num: [n0, n1, n2].map(|n| n * fitted.num[0]), ..fitted })
}

/// The analogue poles and zeros where the matched z-transform puts them, at the right level where there is most of it:
/// so the residual is near 1, and one filter can turn into two.
fn roots(analogue: &Analogue, target: &Squared, axis: &Axis) -> Squared {
    let (freq_hz, flat) = (axis.freq_hz(), axis.flat());
    if analogue.is_notch() && axis.u_at(freq_hz).is_none() {
        // Beyond Nyquist there can be no zero, and without it no place for the poles.
        return Squared { num: flat, den: flat, unit: axis.unit };
    }
    let (num, at_hz) = match analogue.zeros_at_dc() {
        2 => ([0.0, 0.0, 1.0], axis.edge_hz()),
        1 => ([0.0, 1.0, axis.unit], freq_hz.min(axis.edge_hz())),
        _ if analogue.falls() => (flat, 0.0),
        _ => (axis.matched_z(analogue.num), 0.0),
    };
    let roots = Squared { num, den: axis.matched_z(analogue.den), unit: axis.unit };
    let level = target.at((at_hz / freq_hz).powi(2)) / roots.at(axis.u_at(at_hz).unwrap_or(0.0));
    Squared { num: num.map(|n| n * level), ..roots }
}

/// What the roots leave of the curve: smooth, so that a second filter follows it closely.
fn residual(roots: &Squared, grid: &Grid) -> Squared {
    let mut power = grid.power;
    let (mut least, mut most) = (f64::INFINITY, 0.0_f64);
    for (at, u) in grid.u.iter().enumerate() {
        let done = roots.at(*u);
        power[at] = if done > 1e-13 { power[at] / done } else { power[at.saturating_sub(1)] };
        (least, most) = (least.min(power[at]), most.max(power[at]));
    }
    let flat = grid.axis.flat();
    let level = Squared { num: flat.map(|c| c * (least * most).sqrt()), den: flat, unit: grid.axis.unit };
    if most < least * (1.0 + 2e-4) {
        return level; // nothing to fit but noise
    }
    let tries =
        [Free::new(&[0, 1, 2]), Free::new(&[0, 1, 2]).with_middle(flat[0] / flat[2]), Free::new(&[0, 1, 2]).with_den()];
    tries.iter().find_map(|free| fit(grid, &power, flat, free)).unwrap_or(level)
}

#[cfg(test)]
mod tests;

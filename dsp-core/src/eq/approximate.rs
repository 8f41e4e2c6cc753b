//! Approximate sections of a band that moves. Fast moves are designed step by step ([`SectionSpec::approximate`]). A
//! hand on a fader, and the automation it leaves, takes a few control steps per decibel: there a section is interpolated
//! between the approximate designs at the corners of a cell of a grid, which serve until it leaves the cell.
//!
//! Mixtures of sections are stable ([`crate::filter::section`]). Interpolation is off by δ²/8 of what it spans, δ being
//! the span in nepers: 1e-4 of a gain, 6e-5 of a frequency, far less than the approximation itself.

use crate::filter::matched::{SectionSpec, Terms};
use crate::filter::prototype::Prototype;
use crate::filter::section::Section;
use core::f64::consts::{LN_2, LOG2_10};

/// Height of a cell in dB. 0 dB lies on the grid: boosts and cuts have their poles elsewhere.
const GAIN_STEP_DB: f64 = 0.25;
/// Cells in an octave.
const PER_OCTAVE: f64 = 32.0;
/// A move of more than this share of a cell in one step is fast: cells would be left before they pay.
const SLOW: f64 = 0.25;
/// Highest Q of poles and zeros at which interpolation over frequency serves: its error grows with the resonance.
const BROAD_Q: f64 = 8.0;

/// Q of the poles or zeros, whichever is the higher.
fn highest_q(asked: &Prototype) -> f64 {
    /// Octaves of the root of the linear gain, per dB.
    const PER_DB: f64 = LOG2_10 / 40.0;
    if asked.shape.has_gain() { asked.q * (asked.gain_db.abs() * PER_DB).exp2() } else { asked.q }
}

/// Two neighbours on a grid, or one number twice.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Span {
    from: f64,
    to: f64,
}

impl Span {
    /// Around a number on a grid of so many steps in 1.
    fn around(x: f64, per_one: f64) -> Self {
        let from = (x * per_one).floor();
        Self { from: from / per_one, to: (from + 1.0) / per_one }
    }

    fn fixed(x: f64) -> Self {
        Self { from: x, to: x }
    }

    /// How far from the lower to the upper end a number is.
    fn share(&self, x: f64) -> f64 {
        if self.from == self.to { 0.0 } else { (x - self.from) / (self.to - self.from) }
    }
}

/// What the sections of a cell are designed for; frequency as log2 while it moves, in Hz while it does not.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Place {
    /// The section at no gain and frequency.
    common: SectionSpec,
    gain_db: Span,
    freq: Span,
}

/// The sections at the corners of a place: by gain, then by frequency.
#[derive(Clone, Copy, Debug)]
struct Cell {
    place: Option<Place>,
    corners: [[Section; 2]; 2],
}

/// Approximate sections of one band.
#[derive(Clone, Debug)]
pub(super) struct ApproximateSections {
    /// What designs at one frequency share.
    terms: Terms,
    /// For the first two sections; no shape with a gain has more.
    cells: [Cell; 2],
}

impl ApproximateSections {
    pub(super) fn new(sample_rate_hz: f64) -> Self {
        let cell = Cell { place: None, corners: [[Section::IDLE; 2]; 2] };
        Self { terms: Terms::new(1000.0, sample_rate_hz), cells: [cell; 2] }
    }

    /// The `index`th section of a band, for a spec that was `before` one control step ago.
    pub(super) fn section(&mut self, index: usize, spec: SectionSpec, before: Option<SectionSpec>) -> Section {
        let (asked, terms) = (spec.prototype, &mut self.terms);
        let common = without_place(spec);
        let freq_moves = before.is_none_or(|before| before.prototype.freq_hz != asked.freq_hz);
        let slow = before.map(|before| before.prototype).filter(|was| {
            before.map(without_place) == Some(common)
                && (asked.gain_db - was.gain_db).abs() <= SLOW * GAIN_STEP_DB
                && (asked.freq_hz - was.freq_hz).abs() <= SLOW * LN_2 / PER_OCTAVE * was.freq_hz
                && (!freq_moves || highest_q(&asked) <= BROAD_Q)
        });
        let (Some(was), Some(cell)) = (slow, self.cells.get_mut(index)) else {
            return Section::of(spec.approximate(terms));
        };
        let gain_moves = was.gain_db != asked.gain_db;
        let freq = if freq_moves { asked.freq_hz.log2() } else { asked.freq_hz };
        let span = |moves, x, per_one| if moves { Span::around(x, per_one) } else { Span::fixed(x) };
        let place = Place {
            common,
            gain_db: span(gain_moves, asked.gain_db, 1.0 / GAIN_STEP_DB),
            freq: span(freq_moves, freq, PER_OCTAVE),
        };
        if cell.place != Some(place) {
            cell.place = Some(place);
            // Frequency by frequency: each has its own terms.
            for (n, freq) in [place.freq.from, place.freq.to].into_iter().enumerate().take(1 + usize::from(freq_moves))
            {
                let freq_hz = if freq_moves { freq.exp2() } else { freq };
                let mut at = |gain_db: f64| {
                    let prototype = Prototype { gain_db, freq_hz, ..asked };
                    Section::of(SectionSpec { prototype, ..spec }.approximate(terms))
                };
                cell.corners[0][n] = at(place.gain_db.from);
                cell.corners[1][n] = if gain_moves { at(place.gain_db.to) } else { cell.corners[0][n] };
            }
        }
        let share = place.gain_db.share(asked.gain_db);
        let low = cell.corners[0][0].lerp(cell.corners[1][0], share);
        if !freq_moves {
            return low;
        }
        low.lerp(cell.corners[0][1].lerp(cell.corners[1][1], share), place.freq.share(freq))
    }
}

/// A spec but for its gain and frequency.
fn without_place(spec: SectionSpec) -> SectionSpec {
    SectionSpec { prototype: Prototype { gain_db: 0.0, freq_hz: 0.0, ..spec.prototype }, ..spec }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Choice;
    use crate::eq::band::Band;
    use crate::eq::slope::Slope;
    use crate::filter::matched::Part;
    use crate::filter::prototype::Shape;
    use crate::filter::response::Response;

    const RATE: f64 = 48_000.0;

    /// Gain in dB of a section at a frequency: its numbers in z.
    fn gain_db(section: Section, freq_hz: f64) -> f64 {
        let [a, b1, b2, c1, c2, d] = section.0;
        // States s' = A·s + B·x, y = c·s + d·x with A = [a, −b1; b1, 1 − b2], B = [b1, b2].
        let (trace, det) = (a + 1.0 - b2, a * (1.0 - b2) + b1 * b1);
        let num =
            [d, c1 * b1 + c2 * b2 - d * trace, d * det + c1 * (-b1 * b2 - b1 * (1.0 - b2)) + c2 * (b1 * b1 - a * b2)];
        let w = core::f64::consts::TAU * freq_hz / RATE;
        let at =
            |n: [f64; 3]| [n[0] + n[1] * w.cos() + n[2] * (2.0 * w).cos(), -n[1] * w.sin() - n[2] * (2.0 * w).sin()];
        Response::ratio(at(num), at([1.0, -trace, det])).gain_db()
    }

    #[test]
    fn interpolation_is_as_near_as_the_designs_between_which_it_is() {
        let (mut worst, mut count) = (0.0_f64, 0);
        for (shape, freq_hz, q) in [
            (Shape::Bell, 60.0, 4.0),
            (Shape::Bell, 1000.0, 1.0),
            (Shape::Bell, 9000.0, 8.0),
            (Shape::LowShelf, 100.0, 0.707),
            (Shape::HighShelf, 8000.0, 0.707),
            (Shape::LowCut, 80.0, 0.707),
        ] {
            for moves in [[0.01, 0.0], [0.0, 2e-4], [0.03, 3e-4]] {
                let (mut sections, mut before) = (ApproximateSections::new(RATE), None);
                for n in 0..2_000 {
                    let [gain_db_now, octaves] = moves.map(|each| each * f64::from(n - 1_000));
                    let gain_now = if shape.has_gain() { gain_db_now + 0.5 * moves[0].signum() } else { 0.0 };
                    let prototype =
                        Prototype { gain_db: gain_now, ..Prototype::new(shape, freq_hz * octaves.exp2(), q) };
                    let part = prototype.parts(RATE, false)[0];
                    let spec = SectionSpec { prototype, part };
                    let [between, own] = [
                        sections.section(0, spec, before),
                        Section::of(spec.approximate(&mut Terms::new(prototype.freq_hz, RATE))),
                    ];
                    count += usize::from(between != own);
                    before = Some(spec);
                    for at in [0.25, 0.5, 0.9, 1.0, 1.1, 2.0] {
                        let at_hz = (at * prototype.freq_hz).min(20_000.0);
                        let off = gain_db(between, at_hz) - gain_db(own, at_hz);
                        worst = worst.max(off.abs());
                    }
                }
            }
        }
        eprintln!("interpolated sections: {worst:.4} dB off at most, {count} of them");
        // An approximate design is within some tenths of a decibel of the exact one.
        assert!(worst < 0.01 && count > 10_000, "{worst} {count}");
    }

    #[test]
    fn fast_moves_are_designed_step_by_step() {
        let mut sections = ApproximateSections::new(RATE);
        let at = |gain_db: f64, freq_hz: f64| SectionSpec {
            prototype: Prototype { gain_db, ..Prototype::new(Shape::Bell, freq_hz, 1.0) },
            part: Part::Whole,
        };
        for (before, now) in
            [(None, at(3.1, 900.0)), (Some(at(3.0, 900.0)), at(3.1, 900.0)), (Some(at(3.1, 890.0)), at(3.1, 900.0))]
        {
            let own = Section::of(now.approximate(&mut Terms::new(900.0, RATE)));
            assert_eq!(sections.section(0, now, before), own);
        }
        // The third section of a steep cut.
        assert_eq!(
            sections.section(2, at(3.1, 900.0), Some(at(3.09, 900.0))),
            Section::of(at(3.1, 900.0).approximate(&mut Terms::new(900.0, RATE)))
        );
    }

    /// The sections of a steep cut add up their errors: the bounds that the page of measurements names.
    #[test]
    fn steep_cuts_are_near_the_exact_ones() {
        for (rate, limit) in [(44_100.0, 2.4), (48_000.0, 1.1), (96_000.0, 0.05)] {
            let mut worst = 0.0_f64;
            for (&slope, shape) in Slope::ALL.iter().flat_map(|slope| [(slope, Shape::LowCut), (slope, Shape::HighCut)])
            {
                for n in 0..60 {
                    let freq_hz = 20.0 * 1000.0_f64.powf(f64::from(n) / 59.0);
                    let specs = Band { slope, ..Band::flat(shape, freq_hz) }.prototypes().sections(rate);
                    let [exact, near]: [Vec<_>; 2] = {
                        let mut terms = Terms::new(freq_hz, rate);
                        specs.map(|spec| (spec.design(rate), spec.approximate(&mut terms))).unzip().into()
                    };
                    for at in (0..80).map(|n| 20.0 * 1000.0_f64.powf(f64::from(n) / 79.0)) {
                        let [a, b] = [&exact, &near].map(|all| all.iter().map(|c| c.gain_db_at(at, rate)).sum::<f64>());
                        worst = if a > -40.0 { worst.max((a - b).abs()) } else { worst };
                    }
                }
            }
            eprintln!("steep cuts at {rate}: approximate within {worst:.3} dB");
            assert!(worst < limit, "{rate}: {worst}");
        }
    }
}

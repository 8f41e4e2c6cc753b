//! Sections of a band on its way. A step is sketched ([`Stage::sketch`]); but a hand on a fader, and the automation it
//! leaves, goes through a few of those steps per decibel: what lies between two gains or frequencies so near each other
//! is a straight line, and their sketches serve until it has gone past them.
//!
//! Mixtures of sections are stable ([`crate::filter::section`]). The line is off by (δ²/8) of what it goes over, δ being
//! the way in nepers: 1e-4 of a gain, 6e-5 of a frequency, far less than a sketch is off itself.

use crate::filter::matched::{Ground, Part, Stage};
use crate::filter::prototype::{Prototype, Shape};
use crate::filter::section::Section;

/// Between two gains, in dB. One of them is always 0 dB: boosts and cuts have their poles elsewhere.
const GAIN_STEP_DB: f64 = 0.25;
/// Between two frequencies, in parts of an octave.
const PER_OCTAVE: f64 = 32.0;
/// What goes further than this share of either in one step is sketched where it is: lines would be found more often than
/// they serve.
const SLOW: f64 = 0.25;

/// Sharpness up to which a line between two frequencies serves: its error is one of the width of the resonance, too.
const BROAD: f64 = 8.0;

/// Quality factor of the poles or zeros, whichever is the higher.
fn sharpness(asked: &Prototype) -> f64 {
    /// Octaves of the root of the linear gain, per dB.
    const PER_DB: f64 = core::f64::consts::LOG2_10 / 40.0;
    if asked.shape.has_gain() { asked.q * (asked.gain_db.abs() * PER_DB).exp2() } else { asked.q }
}

/// A number from one place of a grid to the next, or one that rests.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Span {
    from: f64,
    to: f64,
}

impl Span {
    /// The two neighbours on a grid of so many steps in 1.
    fn around(x: f64, per_one: f64) -> Self {
        let from = (x * per_one).floor();
        Self { from: from / per_one, to: (from + 1.0) / per_one }
    }

    fn resting(x: f64) -> Self {
        Self { from: x, to: x }
    }

    /// How far on the way a number is.
    fn share(&self, x: f64) -> f64 {
        if self.from == self.to { 0.0 } else { (x - self.from) / (self.to - self.from) }
    }
}

/// What four sections are of: a stage within spans of gain and frequency, the latter as log2 while it moves and in Hz
/// while it rests.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Place {
    shape: Shape,
    part: Part,
    q: f64,
    gain_db: Span,
    freq: Span,
}

/// The sections at the corners of a place: by gain, then by frequency.
#[derive(Clone, Copy, Debug)]
struct Cell {
    place: Option<Place>,
    corners: [[Section; 2]; 2],
}

/// Of one band.
#[derive(Clone, Debug)]
pub(super) struct Sketches {
    /// What sketches at one frequency have in common.
    ground: Ground,
    /// For the first two stages; all shapes with a gain have no more.
    cells: [Cell; 2],
}

impl Sketches {
    pub(super) fn new(sample_rate_hz: f64) -> Self {
        let cell = Cell { place: None, corners: [[Section::IDLE; 2]; 2] };
        Self { ground: Ground::new(1000.0, sample_rate_hz), cells: [cell; 2] }
    }

    /// The section of a stage, the `index`th of its band, that was `before` one control step ago.
    pub(super) fn section(&mut self, index: usize, stage: Stage, before: Option<Stage>) -> Section {
        let (asked, ground) = (stage.prototype, &mut self.ground);
        let from = before.filter(|before| {
            let (was, slow_db, slow) =
                (before.prototype, SLOW * GAIN_STEP_DB, SLOW * core::f64::consts::LN_2 / PER_OCTAVE);
            (before.part, was.shape, was.q) == (stage.part, asked.shape, asked.q)
                && (asked.gain_db - was.gain_db).abs() <= slow_db
                && (asked.freq_hz - was.freq_hz).abs() <= slow * was.freq_hz
        });
        let freq_moves = before.is_none_or(|before| before.prototype.freq_hz != asked.freq_hz);
        let near = from.filter(|_| !freq_moves || sharpness(&asked) <= BROAD);
        let (Some(Stage { prototype: was, .. }), Some(cell)) = (near, self.cells.get_mut(index)) else {
            return Section::of(stage.sketch(ground));
        };
        let freq = if freq_moves { asked.freq_hz.log2() } else { asked.freq_hz };
        let gain_moves = was.gain_db != asked.gain_db;
        let place = Place {
            shape: asked.shape,
            part: stage.part,
            q: asked.q,
            gain_db: if gain_moves {
                Span::around(asked.gain_db, 1.0 / GAIN_STEP_DB)
            } else {
                Span::resting(asked.gain_db)
            },
            freq: if freq_moves { Span::around(freq, PER_OCTAVE) } else { Span::resting(freq) },
        };
        if cell.place != Some(place) {
            cell.place = Some(place);
            let mut at = |gain_db: f64, freq: f64| {
                let freq_hz = if freq_moves { freq.exp2() } else { freq };
                Section::of(Stage { prototype: Prototype { gain_db, freq_hz, ..asked }, ..stage }.sketch(ground))
            };
            // Frequency by frequency: each is a ground of its own.
            for n in 0..2 {
                let freq = [place.freq.from, place.freq.to][n];
                if n == 1 && !freq_moves {
                    continue;
                }
                cell.corners[0][n] = at(place.gain_db.from, freq);
                cell.corners[1][n] = if gain_moves { at(place.gain_db.to, freq) } else { cell.corners[0][n] };
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

#[cfg(test)]
mod tests {
    use super::*;
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
    fn slow_moves_are_as_near_as_sketches_themselves() {
        let (mut worst, mut lines) = (0.0_f64, 0);
        for (shape, freq_hz, q) in [
            (Shape::Bell, 60.0, 4.0),
            (Shape::Bell, 1000.0, 1.0),
            (Shape::Bell, 9000.0, 8.0),
            (Shape::LowShelf, 100.0, 0.707),
            (Shape::HighShelf, 8000.0, 0.707),
            (Shape::LowCut, 80.0, 0.707),
        ] {
            for moves in [[0.01, 0.0], [0.0, 2e-4], [0.03, 3e-4]] {
                let (mut sketches, mut before) = (Sketches::new(RATE), None);
                for n in 0..2_000 {
                    let [gain_db_now, octaves] = moves.map(|each| each * f64::from(n - 1_000));
                    let gain_now = if shape.has_gain() { gain_db_now + 0.5 * moves[0].signum() } else { 0.0 };
                    let prototype = Prototype { shape, freq_hz: freq_hz * octaves.exp2(), gain_db: gain_now, q };
                    let part = prototype.parts(RATE, false)[0];
                    let stage = Stage { prototype, part };
                    let [line, own] = [
                        sketches.section(0, stage, before),
                        Section::of(stage.sketch(&mut Ground::new(prototype.freq_hz, RATE))),
                    ];
                    lines += usize::from(line != own);
                    before = Some(stage);
                    for at in [0.25, 0.5, 0.9, 1.0, 1.1, 2.0] {
                        let at_hz = (at * prototype.freq_hz).min(20_000.0);
                        let off = gain_db(line, at_hz) - gain_db(own, at_hz);
                        worst = worst.max(off.abs());
                    }
                }
            }
        }
        eprintln!("lines between sketches: {worst:.4} dB off at most, {lines} of them");
        // A sketch is within some tenths of a decibel of a design.
        assert!(worst < 0.01 && lines > 10_000, "{worst} {lines}");
    }

    #[test]
    fn what_is_quick_is_sketched_where_it_is() {
        let mut sketches = Sketches::new(RATE);
        let at = |gain_db: f64, freq_hz: f64| Stage {
            prototype: Prototype { shape: Shape::Bell, freq_hz, gain_db, q: 1.0 },
            part: Part::Whole,
        };
        for (before, now) in
            [(None, at(3.1, 900.0)), (Some(at(3.0, 900.0)), at(3.1, 900.0)), (Some(at(3.1, 890.0)), at(3.1, 900.0))]
        {
            let own = Section::of(now.sketch(&mut Ground::new(900.0, RATE)));
            assert_eq!(sketches.section(0, now, before), own);
        }
        // The third stage of a steep cut.
        assert_eq!(
            sketches.section(2, at(3.1, 900.0), Some(at(3.09, 900.0))),
            Section::of(at(3.1, 900.0).sketch(&mut Ground::new(900.0, RATE)))
        );
    }
}

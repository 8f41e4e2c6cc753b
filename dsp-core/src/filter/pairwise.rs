//! A stereo second-order section with one or two outputs that works on two frames at a time.
//!
//! A second-order section has to wait for its own last result. Two frames at a time it waits half as often: both outputs,
//! and the state after them, are sums of the state before and the two inputs. Four lanes are \[first frame left, right,
//! second frame left, right\]; both halves hold the state.
//!
//! Pairs are counted from the first frame on, wherever blocks are cut: the first frame of a pair is put out at once and
//! kept until the second arrives.

use super::section::Section;
use crate::Frame;
use crate::simd::{F64x4, Isa, Kernel, Simd};

/// An output or a new state as a sum: factors of both states and both inputs.
type Row = [[f64; 4]; 4];

/// A running section with `OUT` outputs, one or two.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Pairwise<const OUT: usize> {
    /// For each output of both frames, and for both states after them.
    out: [Row; OUT],
    next: [Row; 2],
    /// Both states after a single frame: factors of both states and the input.
    single: [[f64; 3]; 2],
    state: [Frame; 2],
    /// The first frame of a pair whose second has not arrived.
    first: Option<Frame>,
    isa: Isa,
}

impl Pairwise<1> {
    /// A section with cleared states.
    pub(crate) fn of(section: Section) -> Self {
        let mut new = Self::new();
        new.set_section(section);
        new
    }

    /// Changes the section; the states stay.
    pub(crate) fn set_section(&mut self, section: Section) {
        let [a, b1, b2, c1, c2, d] = section.0;
        self.set([a, b1, b2], [[c1, c2, d]]);
    }
}

/// [`Pairwise::process_of`].
struct Process<'a, const OUT: usize>(&'a mut Pairwise<OUT>, &'a mut [Frame], &'a mut [Frame]);

impl<const OUT: usize> Kernel for Process<'_, OUT> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self) {
        self.0.process_of::<S::F64>(self.1, self.2);
    }
}

impl<const OUT: usize> Pairwise<OUT> {
    /// Silent until it is set.
    pub(crate) fn new() -> Self {
        let (row, state) = ([[0.0; 4]; 4], [[0.0; 2]; 2]);
        Self { out: [row; OUT], next: [row; 2], single: [[0.0; 3]; 2], state, first: None, isa: Isa::detect() }
    }

    /// Changes the section, with the names of [`super::section`]: a, b1, b2, and c1, c2, d of each output. The states stay.
    pub(crate) fn set(&mut self, [a, b1, b2]: [f64; 3], outputs: [[f64; 3]; OUT]) {
        self.finish();
        let (a, b) = ([[a, -b1], [b1, 1.0 - b2]], [b1, b2]);
        self.single = [[a[0][0], a[0][1], b1], [a[1][0], a[1][1], b2]];
        // A row times a matrix, and times a column.
        let by_a = |row: [f64; 2]| [0, 1].map(|n| row[0] * a[0][n] + row[1] * a[1][n]);
        let by_b = |row: [f64; 2]| row[0] * b[0] + row[1] * b[1];
        for (row, [c1, c2, d]) in self.out.iter_mut().zip(outputs) {
            let (c, later) = ([c1, c2], by_a([c1, c2]));
            let states = [0, 1].map(|n| [c[n], c[n], later[n], later[n]]);
            *row = [states[0], states[1], [d, d, by_b(c), by_b(c)], [0.0, 0.0, d, d]];
        }
        for n in 0..2 {
            let twice = by_a(a[n]);
            self.next[n] = [[twice[0]; 4], [twice[1]; 4], [by_b(a[n]); 4], [b[n]; 4]];
        }
    }

    /// Clears the states; the next frame begins a pair.
    pub(crate) fn forget(&mut self) {
        (self.state, self.first) = ([[0.0; 2]; 2], None);
    }

    /// Both states, ic1eq and ic2eq, for callers that filter some frames by other means; the next frame begins a pair.
    pub(crate) fn state(&mut self) -> &mut [Frame; 2] {
        self.finish();
        &mut self.state
    }

    /// Filters in place; `second` receives as many frames of the second output, if there is one.
    #[inline]
    pub(crate) fn process(&mut self, frames: &mut [Frame], second: &mut [Frame]) {
        self.isa.run(Process(self, frames, second));
    }

    #[inline(always)]
    fn process_of<V: F64x4>(&mut self, frames: &mut [Frame], second: &mut [Frame]) {
        let begun = usize::from(self.first.is_some()).min(frames.len());
        let (other, other_rest) = second.split_at_mut(begun.min(second.len()));
        let (now, rest) = frames.split_at_mut(begun);
        if let (Some(first), [now]) = (self.first, now) {
            let (mut pair, mut others) = ([[first, *now]], [[[0.0; 2]; 2]]);
            self.process_pairs::<V>(&mut pair, &mut others);
            *now = pair[0][1];
            other.fill(others[0][1]);
            self.first = None;
        }
        let (pairs, last) = rest.as_chunks_mut::<2>();
        let (others, other_last) = other_rest.as_chunks_mut::<2>();
        self.process_pairs::<V>(pairs, others);
        if let [last] = last {
            let state = self.state;
            let (mut pair, mut others) = ([[*last, [0.0; 2]]], [[[0.0; 2]; 2]]);
            self.process_pairs::<V>(&mut pair, &mut others);
            (self.first, self.state) = (Some(*last), state);
            *last = pair[0][0];
            other_last.fill(others[0][0]);
        }
    }

    #[inline(always)]
    fn process_pairs<V: F64x4>(&mut self, pairs: &mut [[Frame; 2]], second: &mut [[Frame; 2]]) {
        let (out, next) = (self.out.each_ref(), self.next.each_ref());
        let mut out_factors = [[V::splat(0.0); 4]; OUT];
        for (factors, row) in out_factors.iter_mut().zip(out) {
            load::<V>(factors, row);
        }
        let mut next_factors = [[V::splat(0.0); 4]; 2];
        for (factors, row) in next_factors.iter_mut().zip(next) {
            load::<V>(factors, row);
        }
        let double = |[l, r]: Frame| [l, r, l, r];
        let mut now = [V::load(&double(self.state[0])), V::load(&double(self.state[1]))];
        for (n, pair) in pairs.iter_mut().enumerate() {
            let input = [V::load(&double(pair[0])), V::load(&double(pair[1]))];
            *pair = frames(apply(&out_factors[0], now, input));
            if let (true, Some(pair)) = (OUT == 2, second.get_mut(n)) {
                *pair = frames(apply(&out_factors[OUT - 1], now, input));
            }
            now = [apply(&next_factors[0], now, input), apply(&next_factors[1], now, input)];
        }
        for (state, now) in self.state.iter_mut().zip(now) {
            [*state, _] = frames(now);
        }
    }

    /// Steps the states over a pending first frame: its second will not pass the same section.
    fn finish(&mut self) {
        let Some(first) = self.first.take() else { return };
        for (lane, x) in first.into_iter().enumerate() {
            let [s1, s2] = self.state.map(|state| state[lane]);
            let next = self.single.map(|[f1, f2, fx]| f1 * s1 + f2 * s2 + fx * x);
            (self.state[0][lane], self.state[1][lane]) = (next[0], next[1]);
        }
    }
}

#[inline(always)]
fn load<V: F64x4>(factors: &mut [V; 4], row: &Row) {
    for (factor, four) in factors.iter_mut().zip(row) {
        *factor = V::load(four);
    }
}

/// Both frames of a vector.
#[inline(always)]
fn frames<V: F64x4>(four: V) -> [Frame; 2] {
    let [l, r, next_l, next_r] = four.to_array();
    [[l, r], [next_l, next_r]]
}

/// Applies a row, inputs first: they are ready before the states.
#[inline(always)]
fn apply<V: F64x4>([f1, f2, fa, fb]: &[V; 4], [s1, s2]: [V; 2], [a, b]: [V; 2]) -> V {
    f1.mul_add(s1, f2.mul_add(s2, fa.mul_add(a, fb.mul(b))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filter::prototype::{Prototype, Shape};
    use crate::filter::svf::{Coeffs, State};
    use plumb_signals::Noise;

    fn prototype(shape: Shape, freq_hz: f64, q: f64) -> Prototype {
        Prototype::new(shape, freq_hz, q)
    }

    fn all() -> [Prototype; 4] {
        [
            prototype(Shape::LowCut, 20.0, 0.707),
            prototype(Shape::LowCut, 500.0, 0.707),
            prototype(Shape::HighCut, 500.0, 0.707),
            prototype(Shape::HighCut, 18_000.0, 5.0),
        ]
    }

    #[test]
    fn is_one_frame_after_the_other() {
        let mut worst = 0.0_f64;
        for prototype in all() {
            let coeffs = Coeffs::design(prototype, 48_000.0);
            let mut quick = Pairwise::of(Section::of(coeffs));
            let (mut plain, mut state) = (Pairwise { isa: Isa::PORTABLE, ..quick }, State::new());
            let noise = Noise::new(3).stereo(0.0, 48_000);
            let (mut a, mut b) = (noise.clone(), noise.clone());
            quick.process(&mut a, &mut []);
            plain.process(&mut b, &mut []);
            for ((a, b), x) in a.iter().zip(&b).zip(&noise) {
                let expected = state.tick(&coeffs, *x);
                for lane in 0..2 {
                    worst = worst.max((a[lane] - expected[lane]).abs()).max((b[lane] - expected[lane]).abs());
                }
            }
        }
        eprintln!("two frames at a time: {worst:.1e} off at most");
        // Roundings: the lowest cut remembers thousands of frames.
        assert!(worst < 1e-12, "{worst}");
    }

    #[test]
    fn pairs_do_not_depend_on_where_blocks_are_cut() {
        let noise = Noise::new(4).stereo(0.0, 3_000);
        let [low, other, ..] = all().map(|prototype| Section::of(Coeffs::design(prototype, 48_000.0)));
        let through = |lengths: &[usize]| {
            let (mut filter, mut out, mut at) = (Pairwise::of(low), noise.clone(), 0);
            for length in lengths.iter().cycle() {
                // Another section in the middle of a pair.
                let to = (at + length).min(if at < 1_001 { 1_001 } else { noise.len() });
                filter.process(&mut out[at..to], &mut []);
                at = to;
                if at == 1_001 {
                    filter.set_section(other);
                }
                if at == noise.len() {
                    return out;
                }
            }
            out
        };
        let whole = through(&[usize::MAX / 2]);
        for lengths in [&[1][..], &[2, 3, 0, 5], &[64], &[31, 1, 1]] {
            assert_eq!(through(lengths), whole, "{lengths:?}");
        }
    }
}

//! Linear-phase half-band filters to twice the rate and back.
//!
//! Sources: M. Bellanger, J. Daguet & G. Lepagnol, "Interpolation, extrapolation, and reduction of computation speed in
//! digital filters" (IEEE Trans. ASSP, 1974) for the two branches of a half-band: one is a delay, the other is
//! symmetric and runs at the lower rate; J. F. Kaiser, "Nonrecursive digital filter design using the I0-sinh window
//! function" (ISCAS 1974).
//!
//! A filter of `M` pairs of taps is 4·M − 1 long at the higher rate and delays by 2·M − 1 frames there. Up and down
//! together delay by 2·M − 1 frames of the lower rate: always a whole number.

use crate::Frame;
use crate::interpolate::kaiser::bessel_i0;
use crate::simd::{F64x4, Isa, Kernel, Simd};
use core::f64::consts::PI;
use std::sync::Arc;

/// Frames put out at once: four registers, so that no addition waits for the one before.
const GROUP: usize = 4 * 4 / 2;

/// Most frames that [`Down`] delays beyond its filter.
const MOST_EXTRA: usize = 3;

/// Taps of the branch between the frames, from the innermost pair outwards; both halves together sum to 1.
pub(super) fn branch(pairs: usize, kaiser_beta: f64) -> Arc<[f64]> {
    let tap = |k: usize| {
        let t = k as f64 + 0.5;
        let inside = (1.0 - (t / pairs as f64).powi(2)).max(0.0).sqrt();
        (PI * t).sin() / (PI * t) * bessel_i0(kaiser_beta * inside)
    };
    let taps: Vec<f64> = (0..pairs).map(tap).collect();
    let sum: f64 = 2.0 * taps.iter().sum::<f64>();
    taps.into_iter().map(|h| h / sum).collect()
}

/// The last frames followed by the new ones, so that filters read without wrapping.
#[derive(Clone, Debug)]
struct History {
    frames: Vec<Frame>,
    /// Frames kept from one chunk to the next.
    kept: usize,
}

impl History {
    /// Room for chunks of `most`, and for reading a group beyond their end.
    fn new(kept: usize, most: usize) -> Self {
        Self { frames: vec![[0.0; 2]; kept + most + GROUP], kept }
    }

    fn reset(&mut self) {
        self.frames.fill([0.0; 2]);
    }

    /// Where a chunk of new frames goes.
    fn new_frames(&mut self, count: usize) -> &mut [Frame] {
        &mut self.frames[self.kept..self.kept + count]
    }

    /// Keeps the last frames of the chunk for the next one.
    fn advance(&mut self, count: usize) {
        self.frames.copy_within(count..count + self.kept, 0);
    }
}

/// To twice the rate.
#[derive(Clone, Debug)]
pub(super) struct Up {
    taps: Arc<[f64]>,
    past: History,
    between: Vec<Frame>,
}

impl Up {
    /// By a [`branch`], for chunks of up to `most` frames of the lower rate.
    pub(super) fn new(taps: Arc<[f64]>, most: usize) -> Self {
        let pairs = taps.len();
        Self { taps, past: History::new(2 * pairs - 1, most), between: vec![[0.0; 2]; most + GROUP] }
    }

    pub(super) fn reset(&mut self) {
        self.past.reset();
    }

    /// Puts out twice as many frames as come in.
    pub(super) fn process(&mut self, input: &[Frame], out: &mut [Frame]) {
        let count = input.len();
        self.past.new_frames(count).copy_from_slice(input);
        let groups = count.next_multiple_of(GROUP);
        convolve(&self.past.frames, &self.taps, &mut self.between[..groups]);
        let at = &self.past.frames[self.taps.len()..];
        for ((out, between), at) in out.chunks_exact_mut(2).zip(&self.between[..count]).zip(at) {
            out[0] = *between;
            out[1] = *at;
        }
        self.past.advance(count);
    }
}

/// To half the rate.
#[derive(Clone, Debug)]
pub(super) struct Down {
    taps: Arc<[f64]>,
    first: History,
    second: History,
    between: Vec<Frame>,
}

impl Down {
    /// For chunks of up to `most` frames of the lower rate.
    pub(super) fn new(taps: Arc<[f64]>, most: usize) -> Self {
        let pairs = taps.len();
        let past = |kept| History::new(kept, most + MOST_EXTRA);
        let (first, second) = (past(2 * pairs - 1), past(pairs));
        Self { taps, first, second, between: vec![[0.0; 2]; most + GROUP] }
    }

    /// Clears the state, and delays by `extra` more frames of the lower rate, up to [`MOST_EXTRA`].
    pub(super) fn reset(&mut self, extra: usize) {
        self.first.kept = 2 * self.taps.len() - 1 + extra.min(MOST_EXTRA);
        self.second.kept = self.taps.len() + extra.min(MOST_EXTRA);
        self.first.reset();
        self.second.reset();
    }

    /// Puts out half as many frames as come in.
    pub(super) fn process(&mut self, input: &[Frame], out: &mut [Frame]) {
        let count = out.len();
        let places = self.first.new_frames(count).iter_mut().zip(self.second.new_frames(count));
        for ((first, second), pair) in places.zip(input.chunks_exact(2)) {
            (*first, *second) = (pair[0], pair[1]);
        }
        let groups = count.next_multiple_of(GROUP);
        convolve(&self.first.frames, &self.taps, &mut self.between[..groups]);
        for ((out, between), at) in out.iter_mut().zip(&self.between).zip(&self.second.frames) {
            *out = [0.5 * (between[0] + at[0]), 0.5 * (between[1] + at[1])];
        }
        self.first.advance(count);
        self.second.advance(count);
    }
}

/// Sets each frame of `out` to the sum of the pairs of `frames` around it, each weighted with its tap; the first frame
/// reads from the start of `frames`. `out` is a whole number of groups.
fn convolve(frames: &[Frame], taps: &[f64], out: &mut [Frame]) {
    let (frames, out) = (frames.as_flattened(), out.as_flattened_mut());
    Isa::detect().run(Convolve { frames, taps, out });
}

/// [`convolve_of`].
struct Convolve<'a> {
    frames: &'a [f64],
    taps: &'a [f64],
    out: &'a mut [f64],
}

impl Kernel for Convolve<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self) {
        convolve_of::<S::F64>(self.frames, self.taps, self.out);
    }
}

#[inline(always)]
fn convolve_of<V: F64x4>(frames: &[f64], taps: &[f64], out: &mut [f64]) {
    let pairs = taps.len();
    for (group, out) in out.chunks_exact_mut(2 * GROUP).enumerate() {
        let frames = &frames[2 * GROUP * group..][..2 * (2 * pairs - 1 + GROUP)];
        let mut sums = [V::splat(0.0); 4];
        // Every other pair, then the rest: from one pair to the next but one all registers move by one, so that each
        // side loads only one.
        for first in 0..2.min(pairs) {
            let (before, left) = frames.split_at(2 * (pairs - 1 - first));
            let (left, right) = (left.as_chunks().0, frames[2 * (pairs + first)..].as_chunks().0);
            let mut l = [V::load(&left[0]), V::load(&left[1]), V::load(&left[2]), V::load(&left[3])];
            let mut r = [V::load(&right[0]), V::load(&right[1]), V::load(&right[2]), V::load(&right[3])];
            add_pair(&mut sums, l, r, taps[first]);
            let (taps, before) = (taps[first + 1..].as_chunks::<2>().0, before.as_rchunks().1);
            let (mut before, right) = (&before[..taps.len()], &right[4..][..taps.len()]);
            for (next, [_, tap]) in right.iter().zip(taps) {
                let Some((last, rest)) = before.split_last() else { break };
                before = rest;
                l = [V::load(last), l[0], l[1], l[2]];
                r = [r[1], r[2], r[3], V::load(next)];
                add_pair(&mut sums, l, r, *tap);
            }
        }
        let (out, _) = out.as_chunks_mut::<4>();
        for (sum, out) in sums.iter().zip(out) {
            sum.store(out);
        }
    }
}

/// Adds the frames on both sides, weighted.
#[inline(always)]
fn add_pair<V: F64x4>(sums: &mut [V; 4], l: [V; 4], r: [V; 4], tap: f64) {
    let tap = V::splat(tap);
    for n in 0..4 {
        sums[n] = l[n].add(r[n]).mul_add(tap, sums[n]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::gain_to_db;
    use plumb_signals::Noise;

    #[test]
    fn both_instruction_sets_give_the_same_sums() {
        let frames = Noise::new(1).stereo(0.0, 200);
        let taps = branch(30, 10.0);
        let (mut plain, mut avx) = ([[0.0; 2]; 16], [[0.0; 2]; 16]);
        convolve_of::<[f64; 4]>(frames.as_flattened(), &taps, plain.as_flattened_mut());
        convolve(&frames, &taps, &mut avx);
        for (n, (a, b)) in plain.iter().zip(avx).enumerate() {
            let by_hand: f64 = (0..30).map(|k| taps[k] * (frames[n + 29 - k][0] + frames[n + 30 + k][0])).sum();
            // 1e-14: roundings of sixty products.
            assert!((a[0] - by_hand).abs() < 1e-14 && (b[0] - a[0]).abs() < 1e-14 && (b[1] - a[1]).abs() < 1e-14);
        }
    }

    #[test]
    fn what_goes_up_comes_down_after_its_delay() {
        // Far from half the rate, where the filters fall.
        let input: Vec<Frame> = (0..300).map(|n| [0.5 * (0.7 * f64::from(n)).sin(), 0.0]).collect();
        for extra in [0, 1, 3] {
            let (mut up, mut down) = (Up::new(branch(7, 9.0), 300), Down::new(branch(7, 9.0), 300));
            down.reset(extra);
            let (mut high, mut out) = (vec![[0.0; 2]; 600], vec![[0.0; 2]; 300]);
            up.process(&input, &mut high);
            down.process(&high, &mut out);
            for n in 100..300 {
                let difference = gain_to_db(out[n][0] - input[n - 13 - extra][0]);
                assert!(difference < -90.0, "frame {n}: {difference} dB");
            }
        }
    }
}

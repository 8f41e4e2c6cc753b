//! The crossovers' filters: one input, up to five bands, in a chain from the lowest crossover to the highest.
//!
//! Each crossover splits the lowest band from the rest, and its all-pass is also applied to the bands below. So every
//! band passes every all-pass, and their sum is all-pass (see [`super::crossover`]). Two stereo signals
//! share four lanes where two go through the same crossover.

use super::crossover::{Numbers, Step};
use crate::Frame;
use crate::simd::F64x4;
use crate::smooth::CONTROL_FRAMES;
use core::f64::consts::SQRT_2;

/// Pairs of bands.
pub(super) const PAIRS: usize = 3;
/// Filters: low pass, low pass again, and the all-pass of the bands below, of each crossover.
const FILTERS: usize = 3 * 4;

/// Frames of a pair of bands: \[lower left, right, upper left, right\].
pub(super) type PairFrames = [[f64; 4]; CONTROL_FRAMES];

/// Frames of all bands, of a control step.
#[derive(Clone, Debug)]
#[repr(align(32))]
pub(super) struct BandFrames(pub(super) [PairFrames; PAIRS]);

impl BandFrames {
    pub(super) const SILENT: Self = Self([[[0.0; 4]; CONTROL_FRAMES]; PAIRS]);
}

/// State of all crossovers: ic1eq and ic2eq of each filter.
#[derive(Clone, Debug)]
#[repr(align(32))]
pub(super) struct Split {
    memory: [[[f64; 4]; 2]; FILTERS],
    /// Crossovers in use in the last run.
    count: usize,
}

impl Split {
    pub(super) fn new() -> Self {
        Self { memory: [[[0.0; 4]; 2]; FILTERS], count: 0 }
    }

    /// Forgets the past.
    pub(super) fn reset(&mut self) {
        *self = Self::new();
    }

    /// Splits frames of one control step, of which the first is number `phase`, into the bands' frames of the same
    /// numbers. A crossover that has just come in lies far above the audible range: it begins in the steady state for its
    /// present input.
    #[inline(always)]
    pub(super) fn run<V: F64x4>(
        &mut self,
        input: &[Frame],
        (steps, moving): (&[Step], bool),
        phase: usize,
        out: &mut BandFrames,
    ) {
        let known = self.count.min(steps.len());
        self.count = steps.len();
        match (steps.len(), moving) {
            (0, _) => self.chain::<V, 0, false>(input, steps, (phase, known), out),
            (1, false) => self.chain::<V, 1, false>(input, steps, (phase, known), out),
            (2, false) => self.chain::<V, 2, false>(input, steps, (phase, known), out),
            (3, false) => self.chain::<V, 3, false>(input, steps, (phase, known), out),
            (_, false) => self.chain::<V, 4, false>(input, steps, (phase, known), out),
            (1, true) => self.chain::<V, 1, true>(input, steps, (phase, known), out),
            (2, true) => self.chain::<V, 2, true>(input, steps, (phase, known), out),
            (3, true) => self.chain::<V, 3, true>(input, steps, (phase, known), out),
            (_, true) => self.chain::<V, 4, true>(input, steps, (phase, known), out),
        }
    }

    #[inline(always)]
    fn chain<V: F64x4, const N: usize, const MOVING: bool>(
        &mut self,
        input: &[Frame],
        steps: &[Step],
        (phase, mut known): (usize, usize),
        out: &mut BandFrames,
    ) {
        let Some(steps) = steps.first_chunk::<N>() else { return };
        let zero = V::splat(0.0);
        let mut memory = [[zero; 2]; FILTERS];
        for (lanes, memory) in memory.iter_mut().zip(&self.memory) {
            *lanes = [V::load(&memory[0]), V::load(&memory[1])];
        }
        let mut numbers = [[zero; 4]; N];
        for (numbers, step) in numbers.iter_mut().zip(steps) {
            *numbers = at::<V>(&step.numbers);
        }
        for (n, frame) in input.iter().enumerate() {
            if MOVING {
                let t = V::splat((phase + n + 1) as f64);
                for (numbers, step) in numbers.iter_mut().zip(steps) {
                    *numbers = moved(step, t);
                }
            }
            let mut pairs = [zero; PAIRS];
            chain_frame::<V, N, MOVING>(&numbers, &mut memory, known, *frame, &mut pairs);
            known = N;
            for (pair, out) in pairs.iter().zip(&mut out.0).take(pairs_of(N)) {
                pair.store(&mut out[phase + n]);
            }
        }
        for (lanes, memory) in memory.iter().zip(&mut self.memory) {
            lanes[0].store(&mut memory[0]);
            lanes[1].store(&mut memory[1]);
        }
    }
}

/// Pairs of bands for a number of crossovers.
pub(super) const fn pairs_of(crossovers: usize) -> usize {
    crossovers / 2 + 1
}

#[inline(always)]
fn at<V: F64x4>(numbers: &Numbers) -> [V; 4] {
    [V::splat(numbers[0]), V::splat(numbers[1]), V::splat(numbers[2]), V::splat(numbers[3])]
}

#[inline(always)]
fn moved<V: F64x4>(step: &Step, t: V) -> [V; 4] {
    let ([a, b1, b2, heard], [da, db1, db2, dheard]) = (at::<V>(&step.numbers), at::<V>(&step.each));
    [da.mul_add(t, a), db1.mul_add(t, b1), db2.mul_add(t, b2), dheard.mul_add(t, heard)]
}

/// One frame through all crossovers. Lanes beyond the bands are zero, or finite and unused.
#[inline(always)]
fn chain_frame<V: F64x4, const N: usize, const MOVING: bool>(
    numbers: &[[V; 4]; N],
    memory: &mut [[V; 2]; FILTERS],
    known: usize,
    [l, r]: Frame,
    pairs: &mut [V; PAIRS],
) {
    let zero = V::splat(0.0);
    // The rest to be split, and beside it the newest band below; `lower` holds the two lowest bands.
    let mut rest = V::load(&[l, r, 0.0, 0.0]);
    if N == 0 {
        pairs[0] = rest;
        return;
    }
    let mut lower = zero;
    for (n, numbers) in numbers.iter().enumerate() {
        let [low_pass, again, below] = [3 * n, 3 * n + 1, 3 * n + 2];
        if MOVING && n >= known {
            (memory[low_pass], memory[again], memory[below]) = ([zero, rest], [zero, rest], [zero, lower]);
        }
        let (low, mut all) = filter::<V>(numbers, &mut memory[low_pass], rest);
        let (mut low, _) = filter::<V>(numbers, &mut memory[again], low);
        if MOVING {
            low = numbers[3].mul_add(low.sub(rest), rest);
            all = numbers[3].mul_add(all.sub(rest), rest);
        }
        let high = all.sub(low);
        if n >= 2 {
            let (_, mut through) = filter::<V>(numbers, &mut memory[below], lower);
            if MOVING {
                through = numbers[3].mul_add(through.sub(lower), lower);
            }
            lower = through;
        }
        match (n, N) {
            (0, 1) => pairs[0] = low.low_halves(high),
            (0, _) => rest = high.low_halves(low),
            (1, _) => {
                lower = low.delayed(all);
                pairs[0] = lower;
                pairs[1] = high.low_halves(zero);
                rest = high.low_halves(zero);
            }
            (2, _) => {
                pairs[0] = lower;
                pairs[1] = low.low_halves(high);
                rest = high.low_halves(low);
            }
            _ => {
                pairs[0] = lower;
                pairs[1] = low.delayed(all);
                pairs[2] = high.low_halves(zero);
            }
        }
    }
}

/// One step of a Butterworth filter in every lane, see [`crate::filter::section`]: its low pass and its all-pass.
#[inline(always)]
fn filter<V: F64x4>([a, b1, b2, _]: &[V; 4], [ic1eq, ic2eq]: &mut [V; 2], x: V) -> (V, V) {
    let u = x.sub(*ic2eq);
    let band = a.mul_add(*ic1eq, b1.mul(u));
    let low = b1.mul_add(*ic1eq, b2.mul_add(u, *ic2eq));
    // v1 and v2 of the paper are the means of the states before and after; the all-pass is x − 2·√2·v1.
    let out = (low.add(*ic2eq).mul(V::splat(0.5)), V::splat(-SQRT_2).mul_add(band.add(*ic1eq), x));
    (*ic1eq, *ic2eq) = (band, low);
    out
}

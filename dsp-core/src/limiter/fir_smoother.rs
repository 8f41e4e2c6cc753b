//! Smooths the reduction so that it moves without corners, and never below the least of what went in.
//!
//! Source: P. Hämäläinen, "Smoothing of the control signal without clipped output in digital peak limiters"
//! (DAFx 2002): after a windowed minimum of the gain, any FIR with positive taps that sum to 1 and reach no further
//! than the window leaves the gain at or below what each sample needs. So does any mixture of two of them.

use super::line::Line;
use super::steps::{from_whole, to_whole};
use crate::interpolate::peaks::CHUNK;

/// Running means in a row: a bell-shaped response whose ends are flat, so that the gain around a peak is as low as at it.
const STAGES: usize = 3;

/// Three running means, together `reach + 1` long, over whole steps: their sums are exact, so there is no drift, and
/// silence comes out as exactly 0. Each mean is rounded to the nearest step, which the slack of reductions covers.
#[derive(Clone, Debug)]
pub(super) struct FirSmoother {
    stages: [Mean; STAGES],
}

impl FirSmoother {
    /// Room for a reach up to `capacity` frames, over a past of zeros.
    pub(super) fn new(capacity: usize) -> Self {
        let mut smoother = Self { stages: core::array::from_fn(|_| Mean::new(capacity / STAGES + 2)) };
        smoother.reset(capacity);
        smoother
    }

    /// Forgets the past and reaches `reach` frames back, at most the capacity.
    pub(super) fn reset(&mut self, reach: usize) {
        for (stage, mean) in self.stages.iter_mut().enumerate() {
            // Each adds its length less 1 to the reach; what does not divide evenly goes to the first ones.
            mean.reset((reach + STAGES - 1 - stage) / STAGES + 1);
        }
    }

    /// Becomes what another one of the same capacity is.
    pub(super) fn copy_from(&mut self, other: &Self) {
        for (to, from) in self.stages.iter_mut().zip(&other.stages) {
            to.copy_from(from);
        }
    }

    /// Replaces values, 0 or more, by the smoothed ones: at least the least of the last `reach + 1`, less a step and a
    /// half.
    #[inline(always)]
    pub(super) fn process(&mut self, values: &mut [f64; CHUNK]) {
        let mut steps = values.map(to_whole);
        for stage in &mut self.stages {
            stage.process(&mut steps);
        }
        *values = steps.map(from_whole);
    }
}

/// A running mean: the sum of all so far, less what it was a mean's length ago. Both may wrap, their difference does
/// not; so only one addition a frame waits for the one before.
#[derive(Clone, Debug)]
struct Mean {
    sums: Line<i64>,
    sum: i64,
    len: usize,
    per_len: f64,
}

impl Mean {
    fn new(capacity: usize) -> Self {
        Self { sums: Line::new(capacity), sum: 0, len: capacity, per_len: 1.0 / capacity as f64 }
    }

    fn reset(&mut self, len: usize) {
        self.sums.reset(0);
        self.sum = 0;
        self.len = len;
        self.per_len = 1.0 / len as f64;
    }

    fn copy_from(&mut self, other: &Self) {
        self.sums.copy_from(&other.sums);
        (self.sum, self.len, self.per_len) = (other.sum, other.len, other.per_len);
    }

    #[inline(always)]
    fn process(&mut self, values: &mut [i64; CHUNK]) {
        for value in values.iter_mut() {
            self.sum = self.sum.wrapping_add(*value);
            *value = self.sum;
        }
        self.sums.push(values);
        for (value, before) in values.iter_mut().zip(self.sums.read(self.len)) {
            *value = to_whole(from_whole(value.wrapping_sub(*before)) * self.per_len);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What comes of values, filled up with zeros to whole chunks.
    fn smoothed(reach: usize, values: &[f64]) -> Vec<f64> {
        let mut smoother = FirSmoother::new(960);
        smoother.reset(reach);
        let mut out = values.to_vec();
        out.resize(values.len().next_multiple_of(CHUNK), 0.0);
        for chunk in out.as_chunks_mut::<CHUNK>().0 {
            smoother.process(chunk);
        }
        out
    }

    #[test]
    fn its_response_reaches_as_far_as_it_says_and_sums_to_one() {
        for reach in [1, 2, 3, 4, 5, 96, 960] {
            let height = (1_u64 << 40) as f64;
            let mut impulse = [0.0; 1100];
            impulse[0] = height;
            let out = smoothed(reach, &impulse);
            assert!(out[0] > 0.0 && out[reach] > 0.0, "reach {reach}");
            assert!(out[reach + 1..].iter().all(|x| *x == 0.0), "reach {reach}");
            let sum: f64 = out.iter().sum();
            // Half a step of rounding for each value and stage.
            assert!((sum - height).abs() <= 1.5 * 1100.0, "reach {reach}: {}", sum - height);
        }
    }

    proptest! {
        #[test]
        fn stays_between_the_least_and_the_largest(
            values in prop::collection::vec(0..1_u64 << 40, 30..200), reach in 1..20_usize
        ) {
            let mut values: Vec<f64> = values.iter().map(|x| *x as f64).collect();
            let len = values.len();
            values.resize(len + reach + 1, 0.0);
            let out = smoothed(reach, &values);
            for n in reach..len {
                let window = values[n - reach..=n].iter().copied();
                prop_assert!(out[n] >= window.clone().fold(f64::INFINITY, f64::min) - 1.5);
                prop_assert!(out[n] <= window.fold(0.0, f64::max) + 1.5);
            }
            prop_assert_eq!(out[len + reach], 0.0);
        }
    }
}

//! Smooths the reduction without corners, and never below the least input in its reach.
//!
//! Source: P. Hämäläinen, "Smoothing of the control signal without clipped output in digital peak limiters"
//! (DAFx 2002): behind a windowed minimum of the gain, any FIR with positive taps that sum to 1 and reach no further
//! than the window keeps the gain at or below what each sample needs. So does any mix of two such FIRs.

use super::chunk_delay::ChunkDelay;
use super::scan::running_sum;
use super::steps::round;
use crate::interpolate::peaks::CHUNK;

/// Running means in series: a bell-shaped response with flat ends, so that the gain near a peak is as low as at it.
const STAGES: usize = 3;

/// Three running means, together `reach + 1` long, over whole steps: their sums are exact, so nothing drifts and zeros
/// come out as exactly 0. Each mean is rounded to the nearest step, which the slack of reductions covers.
#[derive(Clone, Debug)]
pub(super) struct FirSmoother {
    stages: [Mean; STAGES],
    reach: usize,
    /// The last constant input, and for how many frames it has lasted.
    constant: f64,
    constant_frames: usize,
}

impl FirSmoother {
    /// Room for a reach up to `capacity` frames; the past is zero.
    pub(super) fn new(capacity: usize) -> Self {
        let stages = core::array::from_fn(|_| Mean::new(capacity / STAGES + 2));
        let mut smoother = Self { stages, reach: capacity, constant: 0.0, constant_frames: 0 };
        smoother.reset(capacity);
        smoother
    }

    /// Clears the state and adopts a reach, at most the capacity.
    pub(super) fn reset(&mut self, reach: usize) {
        (self.reach, self.constant, self.constant_frames) = (reach, 0.0, reach + 1);
        for (stage, mean) in self.stages.iter_mut().enumerate() {
            // Each adds its length less 1 to the reach; the remainder goes to the first ones.
            mean.reset((reach + STAGES - 1 - stage) / STAGES + 1);
        }
    }

    /// Copies another one of the same capacity; does not allocate.
    pub(super) fn copy_from(&mut self, other: &Self) {
        for (to, from) in self.stages.iter_mut().zip(&other.stages) {
            to.copy_from(from);
        }
        (self.reach, self.constant, self.constant_frames) = (other.reach, other.constant, other.constant_frames);
    }

    /// Smooths values of 0 or more in place: each becomes at least the least of the last `reach + 1`, less a step and a
    /// half. `is_constant`: whether all inputs are the same; returns whether all outputs are.
    #[inline(always)]
    pub(super) fn process(&mut self, values: &mut [f64; CHUNK], is_constant: bool) -> bool {
        if is_constant && values[0] == self.constant && self.constant_frames > self.reach {
            // The whole reach holds one value, which is its mean.
            for stage in &mut self.stages {
                stage.values.push(values);
            }
            return true;
        }
        if is_constant {
            self.constant_frames = if values[0] == self.constant { self.constant_frames + CHUNK } else { CHUNK };
            self.constant = values[0];
        } else {
            self.constant_frames = 0;
        }
        for stage in &mut self.stages {
            stage.process(values);
        }
        false
    }
}

/// A running mean: each value enters a sum and leaves it `len` frames later. All are whole numbers below 2⁵³, so no
/// addition rounds.
#[derive(Clone, Debug)]
struct Mean {
    values: ChunkDelay<f64>,
    sum: f64,
    len: usize,
    per_len: f64,
}

impl Mean {
    fn new(capacity: usize) -> Self {
        Self { values: ChunkDelay::new(capacity), sum: 0.0, len: capacity, per_len: 1.0 / capacity as f64 }
    }

    fn reset(&mut self, len: usize) {
        self.values.reset(0.0);
        self.sum = 0.0;
        self.len = len;
        self.per_len = 1.0 / len as f64;
    }

    fn copy_from(&mut self, other: &Self) {
        self.values.copy_from(&other.values);
        (self.sum, self.len, self.per_len) = (other.sum, other.len, other.per_len);
    }

    #[inline(always)]
    fn process(&mut self, values: &mut [f64; CHUNK]) {
        self.values.push(values);
        for (value, before) in values.iter_mut().zip(self.values.read(self.len)) {
            *value -= *before;
        }
        self.sum = running_sum(values, self.sum);
        for value in values {
            *value = round(*value * self.per_len);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limiter::scan::is_constant;
    use proptest::prelude::*;

    /// The smoothed values, padded with zeros to whole chunks.
    fn smoothed(reach: usize, values: &[f64]) -> Vec<f64> {
        smoothed_if(reach, values, is_constant)
    }

    fn smoothed_if(reach: usize, values: &[f64], is_constant: impl Fn(&[f64; CHUNK]) -> bool) -> Vec<f64> {
        let mut smoother = FirSmoother::new(960);
        smoother.reset(reach);
        let mut out = values.to_vec();
        out.resize(values.len().next_multiple_of(CHUNK), 0.0);
        for chunk in out.as_chunks_mut::<CHUNK>().0 {
            let level = is_constant(chunk);
            smoother.process(chunk, level);
        }
        out
    }

    #[test]
    fn impulse_response_has_its_reach_and_sums_to_one() {
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

    /// The same in 64-bit integers, frame by frame.
    fn smoothed_in_integers(reach: usize, values: &[f64]) -> Vec<f64> {
        let mut steps: Vec<i64> = values.iter().map(|x| *x as i64).collect();
        for stage in 0..STAGES {
            let len = (reach + STAGES - 1 - stage) / STAGES + 1;
            let sums: Vec<i64> =
                (0..steps.len()).map(|n| steps[(n + 1).saturating_sub(len)..=n].iter().sum()).collect();
            steps = sums.into_iter().map(|sum| (sum as f64 * (1.0 / len as f64)).round_ties_even() as i64).collect();
        }
        steps.into_iter().map(|x| x as f64).collect()
    }

    proptest! {
        #[test]
        fn equals_integer_arithmetic_to_the_step(
            values in prop::collection::vec(0..1_u64 << 39, 10 * CHUNK), reach in 1..200_usize
        ) {
            let values: Vec<f64> = values.iter().map(|x| *x as f64).collect();
            prop_assert_eq!(smoothed(reach, &values), smoothed_in_integers(reach, &values));
        }

        #[test]
        fn constant_chunks_equal_frame_by_frame(
            plateaus in prop::collection::vec((0..1_u64 << 39, 1..12_usize), 4..8), reach in 1..200_usize
        ) {
            let plateaus = plateaus.into_iter().flat_map(|(x, chunks)| core::iter::repeat_n(x as f64, chunks * CHUNK));
            let values: Vec<f64> = plateaus.collect();
            prop_assert_eq!(smoothed(reach, &values), smoothed_if(reach, &values, |_| false));
        }

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

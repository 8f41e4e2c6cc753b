//! Smooths the reduction so that it moves without corners, and never below the least of what went in.
//!
//! Source: P. Hämäläinen, "Smoothing of the control signal without clipped output in digital peak limiters"
//! (DAFx 2002): after a windowed minimum of the gain, any FIR with positive taps that sum to 1 and reach no further
//! than the window leaves the gain at or below what each sample needs.

/// Running means in a row: a bell-shaped response whose ends are flat, so that the gain around a peak is as low as at it.
const STAGES: usize = 3;

/// Three running means, together `reach + 1` long. Integers, because their running sums are exact: no drift, a
/// constant comes out as it went in (never less), and silence comes out as exactly 0.
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

    /// Takes a value in, 0 or more, and returns the smoothed one: at least the least of the last `reach + 1`.
    #[inline]
    pub(super) fn tick(&mut self, value: i64) -> i64 {
        self.stages.iter_mut().fold(value, |value, mean| mean.tick(value))
    }
}

/// A running mean, rounded up.
#[derive(Clone, Debug)]
struct Mean {
    ring: Vec<i64>,
    len: usize,
    at: usize,
    sum: i64,
    per_len: f64,
}

impl Mean {
    fn new(capacity: usize) -> Self {
        Self { ring: vec![0; capacity], len: capacity, at: 0, sum: 0, per_len: 1.0 / capacity as f64 }
    }

    fn reset(&mut self, len: usize) {
        self.len = len.min(self.ring.len());
        self.ring[..self.len].fill(0);
        self.at = 0;
        self.sum = 0;
        self.per_len = 1.0 / self.len as f64;
    }

    #[inline]
    fn tick(&mut self, value: i64) -> i64 {
        self.sum += value - self.ring[self.at];
        self.ring[self.at] = value;
        self.at = if self.at + 1 == self.len { 0 } else { self.at + 1 };
        if self.sum == 0 {
            return 0;
        }
        // The next whole number above, at most one more than needed: far less than anyone can measure. The product
        // is below 2^41 and off by less than 2^-10 of a step.
        (self.sum as f64 * self.per_len) as i64 + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn its_response_reaches_as_far_as_it_says_and_sums_to_one() {
        for reach in [1, 2, 3, 4, 5, 96, 960] {
            let mut smoother = FirSmoother::new(960);
            smoother.reset(reach);
            let height = 1_i64 << 40;
            let out: Vec<i64> = (0..1100).map(|n| smoother.tick(if n == 0 { height } else { 0 })).collect();
            assert!(out[0] > 0 && out[reach] > 0, "reach {reach}");
            assert!(out[reach + 1..].iter().all(|x| *x == 0), "reach {reach}");
            let sum: i64 = out.iter().sum();
            // Rounding up adds at most three steps to each value.
            assert!((0..=3 * 1100).contains(&(sum - height)), "reach {reach}: {}", sum - height);
        }
    }

    proptest! {
        #[test]
        fn stays_between_the_least_and_the_largest(
            values in prop::collection::vec(0..1_i64 << 40, 30..200), reach in 1..20_usize
        ) {
            let mut smoother = FirSmoother::new(20);
            smoother.reset(reach);
            for n in 0..values.len() {
                let out = smoother.tick(values[n]);
                if n >= reach {
                    let window = &values[n - reach..=n];
                    // One step of rounding in each stage.
                    prop_assert!(Some(out) >= window.iter().copied().min());
                    prop_assert!(Some(out - STAGES as i64) <= window.iter().copied().max());
                }
            }
            for _ in 0..=reach {
                smoother.tick(0);
            }
            prop_assert_eq!(smoother.tick(0), 0);
        }
    }
}

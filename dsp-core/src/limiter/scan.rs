//! Prefix scans over a chunk, four frames at a time: running maximum, running sum, one-pole.
//!
//! Source: W. D. Hillis, G. L. Steele, "Data parallel algorithms" (CACM 29, 1986): a running sum of four takes two
//! shifted additions, so that consecutive fours depend on each other by one addition only. The same holds for a maximum
//! and for a one-pole, whose shifts carry a power of its factor.

use crate::interpolate::peaks::CHUNK;

/// The larger of two; unlike the standard library's, with no provision for NaN.
#[inline(always)]
pub(super) fn larger(a: f64, b: f64) -> f64 {
    if a > b { a } else { b }
}

/// Four numbers, which the compiler keeps in one register.
type Four = [f64; 4];

#[inline(always)]
fn each(a: Four, b: Four, of: impl Fn(f64, f64) -> f64) -> Four {
    core::array::from_fn(|k| of(a[k], b[k]))
}

/// Shifted to later places by `BY`; zeros come in.
#[inline(always)]
fn later<const BY: usize>(x: Four) -> Four {
    core::array::from_fn(|k| if k < BY { 0.0 } else { x[k - BY] })
}

/// Shifted to earlier places by `BY`; zeros come in.
#[inline(always)]
fn earlier<const BY: usize>(x: Four) -> Four {
    core::array::from_fn(|k| if k + BY < 4 { x[k + BY] } else { 0.0 })
}

/// The largest of values of 0 or more.
#[inline(always)]
pub(super) fn largest(values: &[f64; CHUNK]) -> f64 {
    let [a, b, c, d] = values.as_chunks::<4>().0.iter().fold([0.0; 4], |most, four| each(most, *four, larger));
    larger(larger(a, b), larger(c, d))
}

/// Whether all are the same.
#[inline(always)]
pub(super) fn is_constant(values: &[f64; CHUNK]) -> bool {
    let first = [values[0]; 4];
    let off = |sum: Four, four: &Four| core::array::from_fn(|k| sum[k] + (four[k] - first[k]).abs());
    values.as_chunks::<4>().0.iter().fold([0.0; 4], off) == [0.0; 4]
}

/// Replaces each value, 0 or more, by the maximum of `before` and all values up to it.
#[inline(always)]
pub(super) fn running_max(values: &mut [f64; CHUNK], mut before: f64) {
    for four in values.as_chunks_mut::<4>().0 {
        let two = each(*four, later::<1>(*four), larger);
        let all = each(two, later::<2>(two), larger);
        *four = each(all, [before; 4], larger);
        before = larger(all[3], before);
    }
}

/// Replaces each value, 0 or more, by the maximum of all values from it on.
#[inline(always)]
pub(super) fn running_max_back(values: &mut [f64; CHUNK]) {
    let mut after = 0.0;
    for four in values.as_chunks_mut::<4>().0.iter_mut().rev() {
        let two = each(*four, earlier::<1>(*four), larger);
        let all = each(two, earlier::<2>(two), larger);
        *four = each(all, [after; 4], larger);
        after = larger(all[0], after);
    }
}

/// Replaces each value by the sum of `before` and all values up to it; returns the last. Exact for whole numbers.
#[inline(always)]
pub(super) fn running_sum(values: &mut [f64; CHUNK], mut before: f64) -> f64 {
    for four in values.as_chunks_mut::<4>().0 {
        let two = each(*four, later::<1>(*four), |a, b| a + b);
        let all = each(two, later::<2>(two), |a, b| a + b);
        *four = all.map(|x| x + before);
        before += all[3];
    }
    before
}

/// The values delayed by a frame, `first` in front.
#[inline(always)]
pub(super) fn delayed_by_one(values: &[f64; CHUNK], first: f64) -> [f64; CHUNK] {
    let mut before = [first; CHUNK];
    before[1..].copy_from_slice(&values[..CHUNK - 1]);
    before
}

/// A one-pole low-pass, y = (1 − keep) · x + keep · y before.
#[derive(Clone, Copy, Debug)]
pub(super) struct OnePole {
    pub(super) keep: f64,
    /// `keep` to the powers 1 to 4.
    powers: Four,
    /// Weight of each frame of a chunk in the last output, and of the state before the chunk.
    weights: [f64; CHUNK],
    kept: f64,
}

impl OnePole {
    pub(super) fn new(keep: f64) -> Self {
        let (mut kept, mut weights) = (1.0, [1.0 - keep; CHUNK]);
        for weight in weights.iter_mut().rev() {
            *weight *= kept;
            kept *= keep;
        }
        Self { keep, powers: [keep, keep * keep, keep * keep * keep, keep * keep * (keep * keep)], weights, kept }
    }

    /// Filters a chunk in place.
    #[inline(always)]
    pub(super) fn run(&self, values: &mut [f64; CHUNK], mut before: f64) {
        let [one, two, _, four] = self.powers;
        for each_four in values.as_chunks_mut::<4>().0 {
            let x = each_four.map(|x| x * (1.0 - one));
            let pairs = each(x, later::<1>(x), |a, b| a + one * b);
            let all = each(pairs, later::<2>(pairs), |a, b| a + two * b);
            *each_four = core::array::from_fn(|k| all[k] + self.powers[k] * before);
            before = all[3] + four * before;
        }
    }

    /// The last output only.
    #[inline(always)]
    pub(super) fn end(&self, values: &[f64; CHUNK], before: f64) -> f64 {
        let mut sums = [0.0; 4];
        for (x, weight) in values.as_chunks::<4>().0.iter().zip(self.weights.as_chunks::<4>().0) {
            sums = core::array::from_fn(|k| sums[k] + x[k] * weight[k]);
        }
        before * self.kept + ((sums[0] + sums[1]) + (sums[2] + sums[3]))
    }

    /// The same for a chunk of one value.
    #[inline(always)]
    pub(super) fn end_constant(&self, value: f64, before: f64) -> f64 {
        value * (1.0 - self.kept) + before * self.kept
    }
}

impl Default for OnePole {
    fn default() -> Self {
        Self::new(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn chunk(values: &[u64]) -> [f64; CHUNK] {
        core::array::from_fn(|n| values[n] as f64)
    }

    proptest! {
        #[test]
        fn equals_frame_by_frame(
            values in prop::collection::vec(0..1_u64 << 40, CHUNK), first in 0..1_u64 << 40, keep in 0.0..1.0_f64
        ) {
            let (values, first) = (chunk(&values), first as f64);
            let (mut most, mut back, mut sum, mut glide) = (values, values, values, values);
            running_max(&mut most, first);
            running_max_back(&mut back);
            prop_assert_eq!(running_sum(&mut sum, first), sum[CHUNK - 1]);
            let pole = OnePole::new(keep);
            pole.run(&mut glide, first);
            let (mut y, mut total) = (first, first);
            for n in 0..CHUNK {
                prop_assert_eq!(most[n], values[..=n].iter().copied().fold(first, f64::max));
                prop_assert_eq!(back[n], values[n..].iter().copied().fold(0.0, f64::max));
                total += values[n];
                prop_assert_eq!(sum[n], total);
                y = values[n] * (1.0 - keep) + y * keep;
                // Rounding, in another order: some 1e-16 of 2^40.
                prop_assert!((glide[n] - y).abs() < 0.01, "{} instead of {}", glide[n], y);
            }
            prop_assert!((pole.end(&values, first) - y).abs() < 0.01);
            prop_assert_eq!(largest(&values), values.iter().copied().fold(0.0, f64::max));
            prop_assert_eq!(delayed_by_one(&values, first)[1], values[0]);
            prop_assert!(!is_constant(&values) && is_constant(&[first; CHUNK]));
            prop_assert!((pole.end(&[first; CHUNK], y) - pole.end_constant(first, y)).abs() < 0.01);
        }
    }
}

//! What runs along a chunk from frame to frame, four frames at a time: the largest so far, the sum so far, a one-pole.
//!
//! Source: W. D. Hillis, G. L. Steele, "Data parallel algorithms" (CACM 29, 1986): a running sum of four takes two
//! shifted additions, and the fours then only wait for one addition each. So it is for a maximum, and for a one-pole,
//! whose shifts carry a power of its factor.

use super::steps::larger;
use crate::interpolate::peaks::CHUNK;

/// Numbers side by side.
type Four = [f64; 4];

#[inline(always)]
fn each(a: Four, b: Four, of: impl Fn(f64, f64) -> f64) -> Four {
    core::array::from_fn(|k| of(a[k], b[k]))
}

/// Later by `BY`; zeros come in.
#[inline(always)]
fn later<const BY: usize>(x: Four) -> Four {
    core::array::from_fn(|k| if k < BY { 0.0 } else { x[k - BY] })
}

/// Earlier by `BY`; zeros come in.
#[inline(always)]
fn earlier<const BY: usize>(x: Four) -> Four {
    core::array::from_fn(|k| if k + BY < 4 { x[k + BY] } else { 0.0 })
}

/// The largest of all, 0 or more.
#[inline(always)]
pub(super) fn largest(values: &[f64; CHUNK]) -> f64 {
    let [a, b, c, d] = values.as_chunks::<4>().0.iter().fold([0.0; 4], |most, four| each(most, *four, larger));
    larger(larger(a, b), larger(c, d))
}

/// Whether all are the same.
#[inline(always)]
pub(super) fn is_level(values: &[f64; CHUNK]) -> bool {
    let first = [values[0]; 4];
    let off = |sum: Four, four: &Four| core::array::from_fn(|k| sum[k] + (four[k] - first[k]).abs());
    values.as_chunks::<4>().0.iter().fold([0.0; 4], off) == [0.0; 4]
}

/// Replaces each value, 0 or more, by the largest of `before` and all up to it.
#[inline(always)]
pub(super) fn running_max(values: &mut [f64; CHUNK], mut before: f64) {
    for four in values.as_chunks_mut::<4>().0 {
        let two = each(*four, later::<1>(*four), larger);
        let all = each(two, later::<2>(two), larger);
        *four = each(all, [before; 4], larger);
        before = larger(all[3], before);
    }
}

/// Replaces each value, 0 or more, by the largest of it and all after it.
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

/// Replaces each value by the sum of `before` and all up to it; returns the last. Of whole numbers, exact.
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

/// The values a frame earlier, `first` in front.
#[inline(always)]
pub(super) fn a_frame_before(values: &[f64; CHUNK], first: f64) -> [f64; CHUNK] {
    let mut before = [first; CHUNK];
    before[1..].copy_from_slice(&values[..CHUNK - 1]);
    before
}

/// A one-pole, y = (1 − keep) · x + keep · y before.
#[derive(Clone, Copy, Debug)]
pub(super) struct Glide {
    pub(super) keep: f64,
    /// What is kept after one to four frames.
    powers: Four,
    /// The part that each frame of a chunk has in the last one, and what is kept over the whole chunk.
    parts: [f64; CHUNK],
    kept: f64,
}

impl Glide {
    pub(super) fn new(keep: f64) -> Self {
        let (mut kept, mut parts) = (1.0, [1.0 - keep; CHUNK]);
        for part in parts.iter_mut().rev() {
            *part *= kept;
            kept *= keep;
        }
        Self { keep, powers: [keep, keep * keep, keep * keep * keep, keep * keep * (keep * keep)], parts, kept }
    }

    /// Replaces each value by what it glides to.
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

    /// Where the last of the values glides to.
    #[inline(always)]
    pub(super) fn end(&self, values: &[f64; CHUNK], before: f64) -> f64 {
        let mut sums = [0.0; 4];
        for (x, part) in values.as_chunks::<4>().0.iter().zip(self.parts.as_chunks::<4>().0) {
            sums = core::array::from_fn(|k| sums[k] + x[k] * part[k]);
        }
        before * self.kept + ((sums[0] + sums[1]) + (sums[2] + sums[3]))
    }

    /// The same where all of them are `value`.
    #[inline(always)]
    pub(super) fn end_level(&self, value: f64, before: f64) -> f64 {
        value * (1.0 - self.kept) + before * self.kept
    }
}

impl Default for Glide {
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
        fn is_what_goes_frame_by_frame(
            values in prop::collection::vec(0..1_u64 << 40, CHUNK), first in 0..1_u64 << 40, keep in 0.0..1.0_f64
        ) {
            let (values, first) = (chunk(&values), first as f64);
            let (mut most, mut back, mut sum, mut glide) = (values, values, values, values);
            running_max(&mut most, first);
            running_max_back(&mut back);
            prop_assert_eq!(running_sum(&mut sum, first), sum[CHUNK - 1]);
            let pole = Glide::new(keep);
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
            prop_assert_eq!(a_frame_before(&values, first)[1], values[0]);
            prop_assert!(!is_level(&values) && is_level(&[first; CHUNK]));
            prop_assert!((pole.end(&[first; CHUNK], y) - pole.end_level(first, y)).abs() < 0.01);
        }
    }
}

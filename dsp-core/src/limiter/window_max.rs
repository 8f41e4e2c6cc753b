//! Largest peak within a window that slides: how the gain is already down when the peak comes.
//!
//! Source: the doubling known from van Herk, "A fast algorithm for local minimum and maximum filters" (Pattern
//! Recognition Letters 13, 1992) and its kin: a maximum over 2^k values is that of two maxima over 2^(k−1), and any
//! other length is covered by two overlapping ones. No branches, the same work for every signal.

use super::line::Line;
use super::steps::larger;
use crate::interpolate::peaks::CHUNK;

/// Sliding maxima over the last `len` frames, a chunk at a time.
#[derive(Clone, Debug)]
pub(super) struct WindowMax {
    /// What came before the chunk: of each doubling as many frames as it reaches back.
    levels: Vec<Line<f64>>,
    /// Before the last step, which closes the window.
    last: Line<f64>,
    doublings: usize,
    len: usize,
}

impl WindowMax {
    /// Room for windows up to `capacity` frames, over a past of zeros.
    pub(super) fn new(capacity: usize) -> Self {
        let levels: Vec<_> = (0..=capacity.max(1).ilog2()).map(|k| Line::new(1 << k)).collect();
        let mut window = Self { levels, last: Line::new(capacity), doublings: 0, len: 1 };
        window.reset(capacity);
        window
    }

    /// Forgets the past and takes a window of `len` frames, at most the capacity.
    pub(super) fn reset(&mut self, len: usize) {
        self.len = len.max(1);
        self.doublings = self.len.ilog2() as usize;
        for level in &mut self.levels {
            level.reset(0.0);
        }
        self.last.reset(0.0);
    }

    /// Becomes what another one of the same capacity is.
    pub(super) fn copy_from(&mut self, other: &Self) {
        for (to, from) in self.levels.iter_mut().zip(&other.levels) {
            to.copy_from(from);
        }
        self.last.copy_from(&other.last);
        (self.doublings, self.len) = (other.doublings, other.len);
    }

    /// Goes on with the larger of what it and its like of the other channel have taken in.
    pub(super) fn join(&mut self, other: &Self) {
        for (to, from) in self.levels.iter_mut().zip(&other.levels) {
            to.join(from);
        }
        self.last.join(&other.last);
    }

    /// Replaces each value, 0 or more, by the largest of the last `len`.
    #[inline(always)]
    pub(super) fn process(&mut self, chunk: &mut [f64; CHUNK]) {
        for k in 0..self.doublings {
            widen(&mut self.levels[k], chunk, 1 << k);
        }
        let rest = self.len - (1 << self.doublings);
        if rest > 0 {
            widen(&mut self.last, chunk, rest);
        }
    }
}

/// Makes each value the larger of itself and the one `by` before it.
#[inline(always)]
fn widen(line: &mut Line<f64>, chunk: &mut [f64; CHUNK], by: usize) {
    line.push(chunk);
    // In fours, which the compiler sees to be independent of each other.
    let from = line.read(by).as_chunks::<4>().0;
    for (to, from) in chunk.as_chunks_mut::<4>().0.iter_mut().zip(from) {
        *to = core::array::from_fn(|k| larger(to[k], from[k]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn is_the_largest_of_the_window(values in prop::collection::vec(0..50_u8, 10 * CHUNK), len in 1..200_usize) {
            let mut window = WindowMax::new(200);
            window.reset(len);
            let values: Vec<f64> = values.into_iter().map(f64::from).collect();
            let mut out = values.clone();
            for chunk in out.as_chunks_mut::<CHUNK>().0 {
                window.process(chunk);
            }
            for n in 0..values.len() {
                let seen = &values[(n + 1).saturating_sub(len)..=n];
                prop_assert_eq!(out[n], seen.iter().copied().fold(0.0, f64::max), "at {}", n);
            }
        }
    }
}

//! Largest value in a sliding window: so the gain is down before the peak comes.
//!
//! Source: M. van Herk, "A fast algorithm for local minimum and maximum filters on rectangular and octagonal kernels"
//! (Pattern Recognition Letters 13, 1992). A window covers the end of one chunk, some whole chunks, and the start of the
//! current chunk; the maximum of each is known in advance, whatever the window's length. A window shorter than a chunk
//! is built by doubling: a maximum over 2^k values is that of two over 2^(k−1), and two overlapping ones cover any other
//! length. No branches on values: the cost is the same for every signal.

use super::chunk_delay::ChunkDelay;
use super::scan::{larger, running_max, running_max_back};
use crate::interpolate::peaks::CHUNK;

/// Most doublings that a window shorter than a chunk needs.
const DOUBLINGS: usize = CHUNK.ilog2() as usize;

/// Sliding maxima over the last `len` frames, a chunk at a time.
#[derive(Clone, Debug)]
pub(super) struct WindowMax {
    len: usize,
    /// For each frame, the maximum from there to the end of its chunk.
    ends: ChunkDelay<f64>,
    /// Maxima of the earlier chunks that the window covers whole; the oldest is at `oldest`.
    chunks: Vec<f64>,
    covered: usize,
    oldest: usize,
    /// For a window shorter than a chunk: the past of each doubling, and of the last step, which sets the length.
    doubled: [ChunkDelay<f64>; DOUBLINGS],
    closing: ChunkDelay<f64>,
}

impl WindowMax {
    /// Room for windows up to `capacity` frames; the past is zero.
    pub(super) fn new(capacity: usize) -> Self {
        let mut window = Self {
            len: 1,
            ends: ChunkDelay::new(capacity),
            chunks: vec![0.0; capacity / CHUNK + 1],
            covered: 0,
            oldest: 0,
            doubled: core::array::from_fn(|k| ChunkDelay::new(1 << k)),
            closing: ChunkDelay::new(CHUNK),
        };
        window.reset(capacity);
        window
    }

    /// Clears the state and adopts a window of `len` frames, at most the capacity.
    pub(super) fn reset(&mut self, len: usize) {
        self.len = len.max(1);
        self.ends.reset(0.0);
        self.chunks.fill(0.0);
        self.covered = (self.len - 1) / CHUNK;
        self.oldest = 0;
        for line in self.doubled.iter_mut().chain([&mut self.closing]) {
            line.reset(0.0);
        }
    }

    /// Copies another one of the same capacity; does not allocate.
    pub(super) fn copy_from(&mut self, other: &Self) {
        (self.len, self.covered, self.oldest) = (other.len, other.covered, other.oldest);
        self.ends.copy_from(&other.ends);
        self.chunks.copy_from_slice(&other.chunks);
        for (to, from) in self.doubled.iter_mut().zip(&other.doubled) {
            to.copy_from(from);
        }
        self.closing.copy_from(&other.closing);
    }

    /// Takes the larger of its own past and the other channel's.
    pub(super) fn join(&mut self, other: &Self) {
        self.ends.join(&other.ends);
        for (to, from) in self.chunks.iter_mut().zip(&other.chunks) {
            *to = larger(*to, *from);
        }
        for (to, from) in self.doubled.iter_mut().zip(&other.doubled) {
            to.join(from);
        }
        self.closing.join(&other.closing);
    }

    /// Replaces each value, 0 or more, by the maximum of the last `len`.
    #[inline(always)]
    pub(super) fn process(&mut self, chunk: &mut [f64; CHUNK]) {
        if self.len < CHUNK {
            return self.process_short(chunk);
        }
        let mut ends = *chunk;
        running_max_back(&mut ends);
        self.ends.push(&ends);
        // Chunks that every window covers whole, and the one more that the first windows cover.
        let (mut fewer, mut more) = (0.0, 0.0);
        if let Some(chunks) = self.chunks.get_mut(..self.covered).filter(|chunks| !chunks.is_empty()) {
            let oldest = core::mem::replace(&mut chunks[self.oldest], 0.0);
            fewer = chunks.iter().fold(0.0, |most, x| larger(most, *x));
            more = larger(fewer, oldest);
            chunks[self.oldest] = ends[0];
            self.oldest = (self.oldest + 1) % self.covered;
        }
        running_max(chunk, fewer);
        let early = (self.len - 1) % CHUNK;
        for x in &mut chunk[..early] {
            *x = larger(*x, more);
        }
        // In fours, which the compiler can tell are independent.
        let from = self.ends.read(self.len - 1).as_chunks::<4>().0;
        for (to, from) in chunk.as_chunks_mut::<4>().0.iter_mut().zip(from) {
            *to = core::array::from_fn(|k| larger(to[k], from[k]));
        }
    }

    fn process_short(&mut self, chunk: &mut [f64; CHUNK]) {
        let doublings = self.len.ilog2() as usize;
        for (k, line) in self.doubled[..doublings].iter_mut().enumerate() {
            widen(line, chunk, 1 << k);
        }
        let rest = self.len - (1 << doublings);
        if rest > 0 {
            widen(&mut self.closing, chunk, rest);
        }
    }
}

/// Makes each value the larger of itself and the one `by` before it.
#[inline(always)]
fn widen(line: &mut ChunkDelay<f64>, chunk: &mut [f64; CHUNK], by: usize) {
    line.push(chunk);
    for (to, from) in chunk.iter_mut().zip(line.read(by)) {
        *to = larger(*to, *from);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn windowed(window: &mut WindowMax, values: &[f64]) -> Vec<f64> {
        let mut out = values.to_vec();
        out.as_chunks_mut::<CHUNK>().0.iter_mut().for_each(|chunk| window.process(chunk));
        out
    }

    fn of_len(len: usize) -> WindowMax {
        let mut window = WindowMax::new(200);
        window.reset(len);
        window
    }

    #[test]
    fn every_length_covers_exactly_its_frames() {
        for len in 1..=200 {
            let mut values = [0.0; 16 * CHUNK];
            values[37] = 1.0;
            let out = windowed(&mut of_len(len), &values);
            let expected = (0..values.len()).map(|n| f64::from(u8::from((37..37 + len).contains(&n))));
            assert!(out.into_iter().eq(expected), "{len}");
        }
    }

    proptest! {
        #[test]
        fn is_the_maximum_of_the_window(values in prop::collection::vec(0..50_u8, 10 * CHUNK), len in 1..200_usize) {
            let values: Vec<f64> = values.into_iter().map(f64::from).collect();
            let out = windowed(&mut of_len(len), &values);
            for n in 0..values.len() {
                let seen = &values[(n + 1).saturating_sub(len)..=n];
                prop_assert_eq!(out[n], seen.iter().copied().fold(0.0, f64::max), "at {}", n);
            }
        }

        #[test]
        fn joined_equals_the_window_of_both(
            left in prop::collection::vec(0..50_u8, 10 * CHUNK), right in prop::collection::vec(0..50_u8, 10 * CHUNK),
            len in 1..200_usize
        ) {
            let [left, right] = [left, right].map(|x| x.into_iter().map(f64::from).collect::<Vec<_>>());
            let most: Vec<f64> = left.iter().zip(&right).map(|(a, b)| larger(*a, *b)).collect();
            let (before, after) = most.split_at(5 * CHUNK);
            let (mut joined, mut other, mut both) = (of_len(len), of_len(len), of_len(len));
            windowed(&mut joined, &left[..5 * CHUNK]);
            windowed(&mut other, &right[..5 * CHUNK]);
            windowed(&mut both, before);
            joined.join(&other);
            prop_assert_eq!(windowed(&mut joined, after), windowed(&mut both, after));
        }
    }
}

//! A delay line that is written and read in whole chunks.

use crate::interpolate::peaks::CHUNK;

/// A ring of chunks, read from any frame.
#[derive(Clone, Debug)]
pub(super) struct ChunkDelay<T> {
    /// The first chunk is repeated at the end, so that every read is one slice.
    ring: Vec<T>,
    at: usize,
}

impl<T: Copy + Default> ChunkDelay<T> {
    /// For delays up to `capacity` frames.
    pub(super) fn new(capacity: usize) -> Self {
        Self { ring: vec![T::default(); (capacity.div_ceil(CHUNK) + 2) * CHUNK], at: 0 }
    }

    /// Fills it with one value.
    pub(super) fn reset(&mut self, frame: T) {
        self.ring.fill(frame);
        self.at = 0;
    }

    /// Frames after which all of it is overwritten.
    pub(super) fn len(&self) -> usize {
        self.ring.len()
    }

    /// Copies another one of the same capacity; does not allocate.
    pub(super) fn copy_from(&mut self, other: &Self) {
        self.ring.copy_from_slice(&other.ring);
        self.at = other.at;
    }

    /// Takes the larger value of itself and another one, frame by frame; both are written in step.
    pub(super) fn join(&mut self, other: &Self)
    where
        T: PartialOrd,
    {
        for (to, from) in self.ring.iter_mut().zip(&other.ring) {
            *to = if *from > *to { *from } else { *to };
        }
    }

    /// Writes a chunk.
    #[inline(always)]
    pub(super) fn push(&mut self, chunk: &[T; CHUNK]) {
        *self.next() = *chunk;
        self.advance();
    }

    /// The slot of the next chunk; [`Self::advance`] commits it.
    #[inline(always)]
    pub(super) fn next(&mut self) -> &mut [T; CHUNK] {
        &mut self.ring[self.at..].as_chunks_mut().0[0]
    }

    /// Commits the next chunk.
    #[inline(always)]
    pub(super) fn advance(&mut self) {
        let len = self.ring.len() - CHUNK;
        if self.at == 0 {
            self.ring.copy_within(..CHUNK, len);
        }
        self.at = if self.at + CHUNK == len { 0 } else { self.at + CHUNK };
    }

    /// The last chunk, `frames` earlier.
    #[inline(always)]
    pub(super) fn read(&self, frames: usize) -> &[T; CHUNK] {
        // At most one wrap.
        let back = frames + CHUNK;
        let from = if self.at >= back { self.at - back } else { self.at + self.ring.len() - CHUNK - back };
        &self.ring[from..].as_chunks().0[0]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_frames_of_so_long_ago() {
        for frames in [0, 1, 31, 32, 33, 100] {
            let mut line = ChunkDelay::new(100);
            for n in 0..20 {
                let at = |k: usize| (CHUNK * n + k) as f64;
                line.push(&core::array::from_fn(|k| at(k) + 1.0));
                for (k, frame) in line.read(frames).iter().enumerate() {
                    assert_eq!(*frame, (at(k) + 1.0 - frames as f64).max(0.0));
                }
            }
        }
    }
}

//! A delay that takes and gives whole chunks.

use crate::interpolate::peaks::CHUNK;

/// A ring of chunks, read from any frame.
#[derive(Clone, Debug)]
pub(super) struct Line<T> {
    /// Its first chunk once more at its end, so that the frames of a reading always lie side by side.
    ring: Vec<T>,
    at: usize,
}

impl<T: Copy + Default> Line<T> {
    /// For delays up to `capacity` frames.
    pub(super) fn new(capacity: usize) -> Self {
        Self { ring: vec![T::default(); (capacity.div_ceil(CHUNK) + 2) * CHUNK], at: 0 }
    }

    /// Fills it with one frame.
    pub(super) fn reset(&mut self, frame: T) {
        self.ring.fill(frame);
        self.at = 0;
    }

    /// Frames after which everything in it has been replaced.
    pub(super) fn len(&self) -> usize {
        self.ring.len()
    }

    /// Becomes what another one of the same capacity is.
    pub(super) fn copy_from(&mut self, other: &Self) {
        self.ring.copy_from_slice(&other.ring);
        self.at = other.at;
    }

    /// Becomes the larger, frame by frame, of itself and of one that took in its chunks at the same times.
    pub(super) fn join(&mut self, other: &Self)
    where
        T: PartialOrd,
    {
        for (to, from) in self.ring.iter_mut().zip(&other.ring) {
            *to = if *from > *to { *from } else { *to };
        }
    }

    /// Puts a chunk in.
    #[inline(always)]
    pub(super) fn push(&mut self, chunk: &[T; CHUNK]) {
        *self.next() = *chunk;
        self.advance();
    }

    /// Where the next chunk is put, to be taken in by [`Self::advance`].
    #[inline(always)]
    pub(super) fn next(&mut self) -> &mut [T; CHUNK] {
        &mut self.ring[self.at..].as_chunks_mut().0[0]
    }

    /// Takes the next chunk in.
    #[inline(always)]
    pub(super) fn advance(&mut self) {
        let len = self.ring.len() - CHUNK;
        if self.at == 0 {
            self.ring.copy_within(..CHUNK, len);
        }
        self.at = if self.at + CHUNK == len { 0 } else { self.at + CHUNK };
    }

    /// The frames from `frames` before the last chunk put in; of less than a chunk, the newest are of that one.
    #[inline(always)]
    pub(super) fn read(&self, frames: usize) -> &[T; CHUNK] {
        // No more than a ring before the last chunk.
        let back = frames + CHUNK;
        let from = if self.at >= back { self.at - back } else { self.at + self.ring.len() - CHUNK - back };
        &self.ring[from..].as_chunks().0[0]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_went_in_so_long_ago() {
        for frames in [0, 1, 31, 32, 33, 100] {
            let mut line = Line::new(100);
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

//! A delay of whole frames with a fixed capacity, for lookahead and for aligning dry with wet.

use crate::Frame;

/// A ring of frames. The length may change at any time up to the capacity; nothing is allocated after `new`.
#[derive(Clone, Debug)]
pub struct Delay {
    ring: Vec<Frame>,
    write: usize,
    frames: usize,
}

impl Delay {
    /// A silent delay that can hold `capacity` frames, set to that length.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self { ring: vec![[0.0; 2]; capacity + 1], write: 0, frames: capacity }
    }

    /// Sets the length in frames, at most the capacity. What is in the line stays.
    pub fn set_frames(&mut self, frames: usize) {
        self.frames = frames.min(self.ring.len() - 1);
    }

    /// Length in frames.
    #[must_use]
    pub fn frames(&self) -> usize {
        self.frames
    }

    /// Forgets what is in the line.
    pub fn reset(&mut self) {
        self.ring.fill([0.0; 2]);
        self.write = 0;
    }

    /// Puts a frame in and takes out the one that went in `frames` ago; with no length, the same one.
    #[inline]
    pub fn tick(&mut self, frame: Frame) -> Frame {
        self.ring[self.write] = frame;
        let len = self.ring.len();
        let read = if self.write >= self.frames { self.write - self.frames } else { self.write + len - self.frames };
        self.write = if self.write + 1 == len { 0 } else { self.write + 1 };
        self.ring[read]
    }

    /// Delays a block in place.
    pub fn process(&mut self, block: &mut [Frame]) {
        if self.frames > 0 {
            block.iter_mut().for_each(|frame| *frame = self.tick(*frame));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_by_exactly_its_length() {
        for frames in [0, 1, 5, 8] {
            let mut delay = Delay::new(8);
            delay.set_frames(frames);
            for n in 0..40 {
                let out = delay.tick([n as f64 + 1.0, -1.0]);
                let expected = if n < frames { 0.0 } else { (n - frames) as f64 + 1.0 };
                assert_eq!(out[0], expected, "length {frames}, frame {n}");
            }
        }
    }

    #[test]
    fn reset_equals_new() {
        let mut delay = Delay::new(3);
        for n in 0..10 {
            delay.tick([f64::from(n); 2]);
        }
        delay.reset();
        assert_eq!(delay.tick([1.0; 2]), [0.0; 2]);
    }
}

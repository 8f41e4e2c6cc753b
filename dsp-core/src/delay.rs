//! A delay of whole frames with a fixed capacity, for lookahead and for aligning dry with wet.

use crate::Frame;

/// Frames that are moved at once.
const PIECE: usize = 64;

/// A ring of frames. The length may change at any time up to the capacity; nothing is allocated after `new`. From a
/// reset on the ring is no longer than it must be: so a long capacity costs neither cache nor memory until it is used.
#[derive(Clone, Debug)]
pub struct Delay {
    ring: Vec<Frame>,
    /// How much of the ring goes round: more than the length.
    span: usize,
    write: usize,
    frames: usize,
    /// Frames from the ring's start on that may be other than silence.
    used: usize,
}

impl Delay {
    /// A silent delay that can hold `capacity` frames, set to that length.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self { ring: vec![[0.0; 2]; capacity + 1], span: capacity + 1, write: 0, frames: capacity, used: 0 }
    }

    /// Sets the length in frames, at most the capacity. What is in the line stays, as far as the longest length since
    /// the last reset reaches.
    pub fn set_frames(&mut self, frames: usize) {
        self.frames = frames.min(self.ring.len() - 1);
        self.span = self.span.max(self.frames + 1);
    }

    /// Length in frames.
    #[must_use]
    pub fn frames(&self) -> usize {
        self.frames
    }

    /// Forgets what is in the line.
    pub fn reset(&mut self) {
        // Where nothing has been there is silence already, and maybe no memory yet.
        self.ring[..self.used].fill([0.0; 2]);
        self.used = 0;
        self.span = self.frames + 1;
        self.write = 0;
    }

    /// Puts a frame in and takes out the one that went in `frames` ago; with no length, the same one.
    #[inline]
    pub fn tick(&mut self, frame: Frame) -> Frame {
        self.ring[self.write] = frame;
        let len = self.span;
        self.used = self.used.max(self.write + 1);
        let read = if self.write >= self.frames { self.write - self.frames } else { self.write + len - self.frames };
        self.write = if self.write + 1 == len { 0 } else { self.write + 1 };
        self.ring[read]
    }

    /// Puts frames in and takes none out.
    pub fn feed(&mut self, mut block: &[Frame]) {
        if self.frames == 0 {
            return;
        }
        while !block.is_empty() {
            let (now, rest) = block.split_at(block.len().min(self.span - self.write));
            self.ring[self.write..self.write + now.len()].copy_from_slice(now);
            self.used = self.used.max(self.write + now.len());
            self.write = (self.write + now.len()) % self.span;
            block = rest;
        }
    }

    /// Delays a block in place.
    pub fn process(&mut self, mut block: &mut [Frame]) {
        let mut out = [[0.0; 2]; PIECE];
        while !block.is_empty() && self.frames > 0 {
            let read = if self.write >= self.frames { self.write } else { self.write + self.span } - self.frames;
            // As far as both go without a turn, and nothing comes out that goes in with it.
            let most = (self.span - self.write.max(read)).min(self.frames).min(PIECE);
            let (now, rest) = block.split_at_mut(block.len().min(most));
            let out = &mut out[..now.len()];
            out.copy_from_slice(&self.ring[read..read + now.len()]);
            self.ring[self.write..self.write + now.len()].copy_from_slice(now);
            now.copy_from_slice(out);
            self.used = self.used.max(self.write + now.len());
            self.write = (self.write + now.len()) % self.span;
            block = rest;
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
    fn what_is_processed_comes_out_as_what_is_ticked() {
        for frames in [0, 1, 5, 63, 64, 100] {
            let [mut ticked, mut whole] = [Delay::new(100), Delay::new(100)];
            for delay in [&mut ticked, &mut whole] {
                delay.set_frames(frames);
                delay.reset();
            }
            let mut block: Vec<Frame> = (1..=1000).map(|n| [f64::from(n), -1.0]).collect();
            let expected: Vec<Frame> = block.iter().map(|frame| ticked.tick(*frame)).collect();
            let mut rest = &mut block[..];
            for len in [1, 7, 300, 64, 628] {
                let (now, later) = rest.split_at_mut(len);
                whole.process(now);
                rest = later;
            }
            assert_eq!(block, expected, "length {frames}");
        }
    }

    #[test]
    fn what_is_fed_comes_out_as_what_is_ticked() {
        for frames in [0, 1, 5, 8] {
            let [mut ticked, mut fed] = [Delay::new(8), Delay::new(8)];
            for delay in [&mut ticked, &mut fed] {
                delay.set_frames(frames);
                delay.reset();
            }
            let input: Vec<Frame> = (1..=30).map(|n| [f64::from(n); 2]).collect();
            input.iter().for_each(|frame| _ = ticked.tick(*frame));
            [0..3, 3..4, 4..25, 25..30].into_iter().for_each(|range| fed.feed(&input[range]));
            for n in 0..10 {
                assert_eq!(ticked.tick([-1.0; 2]), fed.tick([-1.0; 2]), "length {frames}, frame {n}");
            }
        }
    }

    #[test]
    fn a_longer_length_than_at_the_reset_works() {
        let mut delay = Delay::new(8);
        delay.set_frames(2);
        delay.reset();
        delay.set_frames(8);
        let out: Vec<f64> = (1..=20).map(|n| delay.tick([f64::from(n); 2])[0]).collect();
        assert_eq!(out[8..], (1..=12).map(f64::from).collect::<Vec<_>>()[..]);
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

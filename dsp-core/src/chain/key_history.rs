//! The sidechain of the last moments: behind stages with latency the signal is late, and so must its key be.

use super::io::CHUNK;
use crate::Frame;

/// A ring of the sidechain's last frames, as long as the chain's latency.
#[derive(Clone, Debug)]
pub(super) struct KeyHistory {
    ring: Vec<Frame>,
    /// How much of the ring goes round: the latency and a chunk.
    span: usize,
    write: usize,
    /// Frames of silence up to the newest. With as many as the span there is nothing in the ring.
    silent: usize,
    /// Frames of the ring that may be other than silence.
    used: usize,
    /// What was last read.
    read: Vec<Frame>,
}

impl KeyHistory {
    /// For a chain without latency.
    pub(super) fn new() -> Self {
        Self { ring: Vec::new(), span: 0, write: 0, silent: 0, used: 0, read: Vec::new() }
    }

    /// Makes room for latencies up to `capacity`, to be followed by a reset. Allocates.
    pub(super) fn prepare(&mut self, capacity: usize) {
        self.ring = vec![[0.0; 2]; if capacity > 0 { capacity + CHUNK } else { 0 }];
        self.read = vec![[0.0; 2]; if capacity > 0 { CHUNK } else { 0 }];
        (self.span, self.used) = (0, 0);
    }

    /// Forgets the past and takes the latency that the chain now has.
    pub(super) fn reset(&mut self, latency_frames: usize) {
        self.ring[..self.used].fill([0.0; 2]);
        self.used = 0;
        self.span = if latency_frames > 0 { (latency_frames + CHUNK).min(self.ring.len()) } else { 0 };
        self.write = 0;
        self.silent = self.span;
    }

    /// Whether any stage may read late frames.
    pub(super) fn is_in_use(&self) -> bool {
        self.span > 0
    }

    /// Takes the next chunk of `frames`: silence where the host gives no sidechain.
    pub(super) fn push(&mut self, key: Option<&[Frame]>, frames: usize) {
        if self.span == 0 || (key.is_none() && self.silent >= self.span) {
            return;
        }
        for at in 0..frames {
            self.ring[self.write] = key.map_or([0.0; 2], |key| key[at]);
            self.used = self.used.max(self.write + 1);
            self.write = if self.write + 1 == self.span { 0 } else { self.write + 1 };
        }
        self.silent = if key.is_some() { 0 } else { self.silent.saturating_add(frames) };
    }

    /// The frames that were at the chain's input `delay` frames before the piece of the last chunk that begins `from_end`
    /// frames before its end. `None` where all of it is silence.
    pub(super) fn read(&mut self, delay: usize, from_end: usize, frames: usize) -> Option<&[Frame]> {
        if self.silent >= delay + from_end {
            return None;
        }
        let ago = (delay + from_end).min(self.span);
        let start = if self.write >= ago { self.write - ago } else { self.write + self.span - ago };
        let read = &mut self.read[..frames];
        let first = frames.min(self.span - start);
        read[..first].copy_from_slice(&self.ring[start..start + first]);
        read[first..].copy_from_slice(&self.ring[..frames - first]);
        Some(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn history(latency_frames: usize) -> KeyHistory {
        let mut history = KeyHistory::new();
        history.prepare(40);
        history.reset(latency_frames);
        history
    }

    #[test]
    fn reads_are_late_by_their_delay_whatever_the_pieces() {
        let key: Vec<Frame> = (1..=2000).map(|n| [f64::from(n); 2]).collect();
        for latency in [1, 7, 40] {
            let mut history = history(latency);
            let mut at = 0;
            for len in [1, 100, 256, 3, 256, 256, 64].into_iter().cycle().take_while(|_| true) {
                if at + len > key.len() {
                    break;
                }
                history.push(Some(&key[at..at + len]), len);
                for delay in 0..=latency {
                    for (from, to) in [(0, len), (len / 2, len), (len / 3, len / 2)] {
                        let Some(read) = history.read(delay, len - from, to - from) else { continue };
                        let expected = |n: usize| (at + from + n).checked_sub(delay).map_or(0.0, |n| key[n][0]);
                        assert!((0..to - from).all(|n| read[n][0] == expected(n)), "latency {latency}, delay {delay}");
                    }
                }
                at += len;
            }
            assert!(at > 1000);
        }
    }

    #[test]
    fn a_sidechain_that_goes_and_comes_back_does_not_repeat_itself() {
        let mut history = history(30);
        history.push(Some(&[[1.0; 2]; 100]), 100);
        history.push(None, 20);
        assert_eq!(history.read(30, 20, 20), Some(&[[1.0; 2]; 20][..]), "what is on its way still arrives");
        (0..20).for_each(|_| history.push(None, 100));
        assert_eq!(history.read(30, 100, 100), None);
        history.push(Some(&[[2.0; 2]; 50]), 50);
        let read = history.read(30, 50, 50).unwrap();
        assert!(read[..30].iter().all(|frame| *frame == [0.0; 2]) && read[30..].iter().all(|frame| *frame == [2.0; 2]));
    }

    #[test]
    fn without_latency_it_does_nothing() {
        let mut history = history(0);
        history.push(Some(&[[1.0; 2]; 10]), 10);
        assert!(!history.is_in_use());
    }
}

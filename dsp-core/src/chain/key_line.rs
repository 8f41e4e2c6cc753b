//! The sidechain on its way past a stage: as late as the stage makes the signal, so that both meet again behind it.

use super::io::CHUNK;
use crate::{Frame, delay::Delay};

/// The sidechain behind a stage with latency.
#[derive(Clone, Debug)]
pub(super) struct KeyLine {
    delay: Delay,
    block: Vec<Frame>,
}

impl KeyLine {
    /// Past a stage with no latency.
    pub(super) fn new() -> Self {
        Self { delay: Delay::new(0), block: Vec::new() }
    }

    /// Makes room for latencies up to `capacity`, to be followed by a reset. Allocates.
    pub(super) fn prepare(&mut self, capacity: usize) {
        self.delay = Delay::new(capacity);
        self.block = vec![[0.0; 2]; CHUNK];
    }

    /// Forgets the past and takes the latency the stage now has.
    pub(super) fn reset(&mut self, latency_frames: usize) {
        self.delay.set_frames(latency_frames);
        self.delay.reset();
    }

    /// The sidechain behind the stage, given a chunk of what it is in front of it.
    pub(super) fn pass<'a>(&'a mut self, key: Option<&'a [Frame]>) -> Option<&'a [Frame]> {
        let key = key?;
        if self.delay.frames() == 0 {
            return Some(key);
        }
        let block = &mut self.block[..key.len()];
        block.copy_from_slice(key);
        self.delay.process(block);
        Some(block)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_late_by_the_latency_and_absent_where_there_is_none() {
        let mut line = KeyLine::new();
        line.prepare(10);
        for latency in [0, 7] {
            line.reset(latency);
            assert_eq!(line.pass(None), None);
            let key: Vec<Frame> = (0..20).map(|n| [f64::from(n) + 1.0; 2]).collect();
            let late: Vec<Frame> = key.chunks(6).flat_map(|chunk| line.pass(Some(chunk)).unwrap().to_vec()).collect();
            assert_eq!(late[latency..], key[..20 - latency]);
            assert!(late[..latency].iter().all(|frame| *frame == [0.0; 2]));
        }
    }
}

//! Which parameters have moved: told by whoever moves them, on any thread, and taken by the audio thread.
//!
//! Looking at every one of some hundred parameters costs more than a strip that is off, as they lie in as many cache
//! lines; a host that automates twenty of them would make us look at all in every block.

use std::sync::atomic::{AtomicU64, Ordering};

/// Parameters in a word.
const EACH: usize = u64::BITS as usize;

/// One bit for each parameter, by its place in the table. Nobody waits for anybody.
#[derive(Debug)]
pub(crate) struct Moved {
    words: Box<[AtomicU64]>,
}

impl Moved {
    /// For so many parameters, all of which count as moved.
    pub(crate) fn all(count: usize) -> Self {
        let set = |word: usize| (word * EACH..count.min((word + 1) * EACH)).fold(0, |bits, at| bits | 1 << (at % EACH));
        Self { words: (0..count.div_ceil(EACH)).map(|word| AtomicU64::new(set(word))).collect() }
    }

    /// One has moved. To be called when its new value can be seen.
    pub(crate) fn raise(&self, index: usize) {
        if let Some(word) = self.words.get(index / EACH) {
            word.fetch_or(1 << (index % EACH), Ordering::Release);
        }
    }

    /// Names all that have moved since the last call, in order. For one taker: what is seen of them afterwards is as new
    /// as the move.
    pub(crate) fn take(&self, mut name: impl FnMut(usize)) {
        for (at, word) in self.words.iter().enumerate() {
            if word.load(Ordering::Relaxed) == 0 {
                continue;
            }
            let mut bits = word.swap(0, Ordering::Acquire);
            while bits != 0 {
                name(at * EACH + bits.trailing_zeros() as usize);
                bits &= bits - 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::AtomicU32;

    fn taken(moved: &Moved) -> Vec<usize> {
        let mut named = Vec::new();
        moved.take(|index| named.push(index));
        named
    }

    #[test]
    fn each_is_named_once_and_all_at_first() {
        for count in [0, 1, 63, 64, 65, 130] {
            let moved = Moved::all(count);
            assert_eq!(taken(&moved), (0..count).collect::<Vec<_>>());
            assert!(taken(&moved).is_empty());
        }
        let moved = Moved::all(130);
        taken(&moved);
        [129, 3, 64, 3, 63].into_iter().for_each(|index| moved.raise(index));
        moved.raise(4_000);
        assert_eq!(taken(&moved), [3, 63, 64, 129]);
        assert!(taken(&moved).is_empty());
    }

    #[test]
    fn the_last_move_is_never_missed() {
        let (moved, value) = (Arc::new(Moved::all(70)), Arc::new(AtomicU32::new(0)));
        let mover = std::thread::spawn({
            let (moved, value) = (Arc::clone(&moved), Arc::clone(&value));
            move || {
                for n in 1..=20_000 {
                    value.store(n, Ordering::Relaxed);
                    moved.raise(69);
                }
            }
        });
        let mut seen = 0;
        while !mover.is_finished() {
            moved.take(|_| seen = value.load(Ordering::Relaxed));
        }
        mover.join().unwrap();
        moved.take(|_| seen = value.load(Ordering::Relaxed));
        assert_eq!(seen, 20_000);
    }
}

//! Which parameters have changed: flags raised by whoever changes them, on any thread, and taken by the audio thread.
//!
//! Some hundred parameters lie in as many cache lines: reading all of them in every block costs more than a strip that
//! is off.

use std::sync::atomic::{AtomicU64, Ordering};

/// Parameters in a word.
const EACH: usize = u64::BITS as usize;

/// One bit a parameter, by its place in the table. Lock-free.
#[derive(Debug)]
pub(crate) struct DirtyFlags {
    words: Box<[AtomicU64]>,
}

impl DirtyFlags {
    /// Flags of `count` parameters, all raised.
    pub(crate) fn all(count: usize) -> Self {
        let set = |word: usize| (word * EACH..count.min((word + 1) * EACH)).fold(0, |bits, at| bits | 1 << (at % EACH));
        Self { words: (0..count.div_ceil(EACH)).map(|word| AtomicU64::new(set(word))).collect() }
    }

    /// Raises one flag. Call it after the new value is stored.
    pub(crate) fn raise(&self, index: usize) {
        if let Some(word) = self.words.get(index / EACH) {
            word.fetch_or(1 << (index % EACH), Ordering::Release);
        }
    }

    /// Visits every raised flag in order and lowers it. For one reader: a value read in `visit` is at least as new as the
    /// change that raised its flag.
    pub(crate) fn take(&self, mut visit: impl FnMut(usize)) {
        for (at, word) in self.words.iter().enumerate() {
            if word.load(Ordering::Relaxed) == 0 {
                continue;
            }
            let mut bits = word.swap(0, Ordering::Acquire);
            while bits != 0 {
                visit(at * EACH + bits.trailing_zeros() as usize);
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

    fn taken(dirty: &DirtyFlags) -> Vec<usize> {
        let mut visited = Vec::new();
        dirty.take(|index| visited.push(index));
        visited
    }

    #[test]
    fn each_flag_is_visited_once_and_all_at_first() {
        for count in [0, 1, 63, 64, 65, 130] {
            let dirty = DirtyFlags::all(count);
            assert_eq!(taken(&dirty), (0..count).collect::<Vec<_>>());
            assert!(taken(&dirty).is_empty());
        }
        let dirty = DirtyFlags::all(130);
        taken(&dirty);
        [129, 3, 64, 3, 63].into_iter().for_each(|index| dirty.raise(index));
        dirty.raise(4_000);
        assert_eq!(taken(&dirty), [3, 63, 64, 129]);
        assert!(taken(&dirty).is_empty());
    }

    #[test]
    fn the_last_change_is_never_missed() {
        let (dirty, value) = (Arc::new(DirtyFlags::all(70)), Arc::new(AtomicU32::new(0)));
        let changer = std::thread::spawn({
            let (dirty, value) = (Arc::clone(&dirty), Arc::clone(&value));
            move || {
                for n in 1..=20_000 {
                    value.store(n, Ordering::Relaxed);
                    dirty.raise(69);
                }
            }
        });
        let mut seen = 0;
        while !changer.is_finished() {
            dirty.take(|_| seen = value.load(Ordering::Relaxed));
        }
        changer.join().unwrap();
        dirty.take(|_| seen = value.load(Ordering::Relaxed));
        assert_eq!(seen, 20_000);
    }
}

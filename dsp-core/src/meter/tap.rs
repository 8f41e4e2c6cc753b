//! The way of audio from the audio thread to whoever draws its spectrum: a ring that the one overwrites and the other
//! reads, neither waiting for the other.
//!
//! Slots are atomics of a whole frame. The writer says what it is about to overwrite before it does, and what it has
//! written afterwards; the reader copies, looks again, and drops what may have been overwritten meanwhile (a sequence
//! lock over a ring: H.-J. Boehm, "Can seqlocks get along with programming language memory models?", 2012). What is
//! lost is always the oldest.

use crate::{Frame, spec};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering::*, fence};

/// Frames that are kept: twice the longest transform, and 40 ms at 768 kHz.
pub const CAPACITY: usize = 32_768;
/// How long frames are still taken after somebody looked. There is no telling when an editor closes.
const AWAKE_S: f64 = 1.5;

/// A place in the signal path that can be looked at. One thread pushes, any number of readers look.
#[derive(Debug)]
pub struct SignalTap {
    /// Left and right as two 32-bit floats.
    slots: Box<[AtomicU64]>,
    /// Frames that were begun to be written, and that are written, since ever.
    begun: AtomicU64,
    written: AtomicU64,
    /// Frames that will still be taken.
    awake_for: AtomicI64,
    sample_rate_hz: AtomicU64,
}

impl Default for SignalTap {
    fn default() -> Self {
        Self {
            slots: (0..CAPACITY).map(|_| AtomicU64::new(0)).collect(),
            begun: AtomicU64::new(0),
            written: AtomicU64::new(0),
            awake_for: AtomicI64::new(0),
            sample_rate_hz: AtomicU64::new(spec::UNPREPARED_RATE_HZ.to_bits()),
        }
    }
}

impl SignalTap {
    /// A tap that nobody looks at. Allocates all it will ever need.
    #[must_use]
    pub fn new() -> Arc<Self> {
        Arc::new(Self::default())
    }

    /// Says at which rate frames will come.
    pub fn prepare(&self, sample_rate_hz: f64) {
        self.sample_rate_hz.store(sample_rate_hz.to_bits(), Relaxed);
    }

    /// Rate at which frames come.
    #[must_use]
    pub fn sample_rate_hz(&self) -> f64 {
        f64::from_bits(self.sample_rate_hz.load(Relaxed))
    }

    /// Takes a block, from the audio thread and from one thread only. While nobody looks it does nothing.
    pub fn push(&self, block: &[Frame]) {
        let awake_for = self.awake_for.load(Relaxed);
        if awake_for <= 0 {
            return;
        }
        // Should a reader ask at the same time, it will ask again.
        self.awake_for.store(awake_for - block.len() as i64, Relaxed);
        let first = self.written.load(Relaxed);
        let end = first + block.len() as u64;
        self.begun.store(end, Relaxed);
        fence(Release);
        // Of a block that is longer than the ring, the end.
        let skipped = block.len().saturating_sub(CAPACITY);
        for (at, frame) in (first + skipped as u64..end).zip(&block[skipped..]) {
            self.slots[at as usize % CAPACITY].store(pack(*frame), Relaxed);
        }
        self.written.store(end, Release);
    }

    /// Frames taken since ever.
    #[must_use]
    pub fn taken(&self) -> u64 {
        self.written.load(Relaxed)
    }
}

/// Somebody who looks at a tap.
#[derive(Debug)]
pub struct TapReader {
    tap: Arc<SignalTap>,
    /// The frame that comes next.
    next: u64,
}

impl TapReader {
    /// Looks from now on, once it has [`read`](Self::read) for the first time.
    #[must_use]
    pub fn new(tap: Arc<SignalTap>) -> Self {
        Self { next: tap.written.load(Acquire), tap }
    }

    /// The tap that is looked at.
    #[must_use]
    pub fn tap(&self) -> &SignalTap {
        &self.tap
    }

    /// Appends what has come since the last time, oldest first, and keeps the tap awake. Returns how many frames were
    /// lost because they had been overwritten, or passed over because nobody had looked for so long. Frames are finite.
    pub fn read(&mut self, into: &mut Vec<Frame>) -> u64 {
        let awake_for = (AWAKE_S * self.tap.sample_rate_hz()) as i64;
        let slept = self.tap.awake_for.swap(awake_for, Relaxed) <= 0;
        let written = self.tap.written.load(Acquire);
        let wanted = self.next;
        if slept {
            // What was left before the tap fell asleep is old.
            self.next = written;
        }
        let first = self.next.max(written.saturating_sub(CAPACITY as u64));
        let start = into.len();
        into.extend((first..written).map(|at| unpack(self.tap.slots[at as usize % CAPACITY].load(Relaxed))));
        fence(Acquire);
        let intact = self.tap.begun.load(Relaxed).saturating_sub(CAPACITY as u64).clamp(first, written);
        into.drain(start..start + (intact - first) as usize);
        self.next = written;
        intact - wanted
    }
}

fn pack([left, right]: Frame) -> u64 {
    let bits = |x: f64| u64::from((x as f32).to_bits());
    bits(left) << 32 | bits(right)
}

fn unpack(bits: u64) -> Frame {
    let float = |bits: u32| Some(f64::from(f32::from_bits(bits))).filter(|x| x.is_finite()).unwrap_or(0.0);
    [float((bits >> 32) as u32), float(bits as u32)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicBool;
    use std::time::{Duration, Instant};

    fn counted(first: u64, count: usize) -> Vec<Frame> {
        // Whole numbers that 32 bits hold, and the other channel to notice a torn frame by.
        (first..first + count as u64).map(|n| [(n % 1_000_000) as f64, -((n % 1_000_000) as f64)]).collect()
    }

    #[test]
    fn what_is_pushed_is_read() {
        let tap = SignalTap::new();
        let mut reader = TapReader::new(tap.clone());
        let mut frames = Vec::new();
        reader.read(&mut frames);
        for (first, count) in [(0, 100), (100, 1), (101, 20_000), (20_101, 32_768)] {
            tap.push(&counted(first, count));
            frames.clear();
            assert_eq!(reader.read(&mut frames), 0);
            assert_eq!(frames, counted(first, count));
        }
    }

    #[test]
    fn nobody_looks_nothing_is_taken() {
        let tap = SignalTap::new();
        tap.push(&counted(0, 1000));
        assert_eq!(tap.taken(), 0);
        let mut reader = TapReader::new(tap.clone());
        reader.read(&mut Vec::new());
        // A second and a half of 48 kHz, to the block.
        (0..1000).for_each(|_| tap.push(&counted(0, 1000)));
        assert_eq!(tap.taken(), 72_000);
        // And what lay about since then is not shown to the next who looks.
        let mut frames = Vec::new();
        reader.read(&mut frames);
        assert_eq!(frames.len(), 0);
        tap.push(&counted(7, 10));
        reader.read(&mut frames);
        assert_eq!(frames, counted(7, 10));
    }

    #[test]
    fn overflow_loses_the_oldest() {
        let tap = SignalTap::new();
        let mut reader = TapReader::new(tap.clone());
        reader.read(&mut Vec::new());
        for n in 0..7 {
            tap.push(&counted(n * 10_000, 10_000));
        }
        let mut frames = Vec::new();
        assert_eq!(reader.read(&mut frames), 70_000 - CAPACITY as u64);
        assert_eq!(frames, counted(70_000 - CAPACITY as u64, CAPACITY));
        tap.push(&counted(0, 2 * CAPACITY));
        frames.clear();
        assert_eq!(reader.read(&mut frames), CAPACITY as u64);
        assert_eq!(frames, counted(CAPACITY as u64, CAPACITY));
    }

    #[test]
    fn hostile_frames_are_finite() {
        let tap = SignalTap::new();
        let mut reader = TapReader::new(tap.clone());
        let mut frames = Vec::new();
        reader.read(&mut frames);
        tap.push(&[[f64::NAN, f64::INFINITY], [1e300, 0.5]]);
        reader.read(&mut frames);
        assert_eq!(frames, [[0.0, 0.0], [0.0, 0.5]]);
    }

    #[test]
    fn two_threads_for_a_while() {
        let tap = SignalTap::new();
        let mut reader = TapReader::new(tap.clone());
        let mut frames = Vec::new();
        reader.read(&mut frames);
        let done = AtomicBool::new(false);
        let (mut next, mut lost, mut read) = (0, 0, 0);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let (mut first, start) = (0, Instant::now());
                while start.elapsed() < Duration::from_millis(600) {
                    // Blocks of all sizes, at times faster than anybody can read.
                    let block = counted(first, 1 + (first as usize * 7) % 3000);
                    let before = tap.taken();
                    tap.push(&block);
                    first += tap.taken() - before;
                    if first % 5 == 0 {
                        std::thread::yield_now();
                    }
                }
                done.store(true, Relaxed);
            });
            while !done.load(Relaxed) {
                frames.clear();
                let gone = reader.read(&mut frames);
                next += gone;
                lost += gone;
                read += frames.len();
                assert_eq!(frames, counted(next, frames.len()), "after {next}");
                next += frames.len() as u64;
            }
        });
        eprintln!("{read} frames read, {lost} lost");
        assert!(read > CAPACITY);
    }
}

//! A tap: audio from one point of the chain for displays, through a ring that the audio thread overwrites and a reader
//! copies, without either waiting for the other.
//!
//! Slots are atomics of a whole frame. The writer announces what it will overwrite before it does, and what it has written
//! afterwards; the reader copies, checks again, and drops what may have been overwritten meanwhile (a sequence lock over a
//! ring: H.-J. Boehm, "Can seqlocks get along with programming language memory models?", 2012). What is lost is always
//! the oldest.

use crate::{Frame, spec};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering::*, fence};

/// Frames in the ring: twice the longest transform, and 40 ms at 768 kHz.
const CAPACITY: usize = 32_768;
/// How long a tap stays awake after it was last read. Nothing tells when an editor closes.
const AWAKE_S: f64 = 1.5;

/// A tap. One thread pushes, any number of readers read.
#[derive(Debug)]
pub struct SignalTap {
    /// Left and right as two 32-bit floats.
    slots: Box<[AtomicU64]>,
    /// Frames ever announced, and ever written.
    announced: AtomicU64,
    written: AtomicU64,
    /// Frames until the tap falls asleep.
    awake_for: AtomicI64,
    sample_rate_hz: AtomicU64,
}

impl Default for SignalTap {
    fn default() -> Self {
        Self {
            slots: (0..CAPACITY).map(|_| AtomicU64::new(0)).collect(),
            announced: AtomicU64::new(0),
            written: AtomicU64::new(0),
            awake_for: AtomicI64::new(0),
            sample_rate_hz: AtomicU64::new(spec::UNPREPARED_RATE_HZ.to_bits()),
        }
    }
}

impl SignalTap {
    /// A sleeping tap. Allocates all it will ever need.
    #[must_use]
    pub fn new() -> Arc<Self> {
        Arc::new(Self::default())
    }

    /// Adopts the rate of the frames to come.
    pub fn prepare(&self, sample_rate_hz: f64) {
        self.sample_rate_hz.store(sample_rate_hz.to_bits(), Relaxed);
    }

    /// Rate of the frames.
    #[must_use]
    pub fn sample_rate_hz(&self) -> f64 {
        f64::from_bits(self.sample_rate_hz.load(Relaxed))
    }

    /// Takes a block, from the audio thread and from one thread only. A sleeping tap does nothing.
    pub fn push(&self, block: &[Frame]) {
        let awake_for = self.awake_for.load(Relaxed);
        if awake_for <= 0 {
            return;
        }
        // A reader that wakes the tap at the same time will do so again.
        self.awake_for.store(awake_for - block.len() as i64, Relaxed);
        let first = self.written.load(Relaxed);
        let end = first + block.len() as u64;
        self.announced.store(end, Relaxed);
        fence(Release);
        // The end of a block longer than the ring.
        let skipped = block.len().saturating_sub(CAPACITY);
        for (at, frame) in (first + skipped as u64..end).zip(&block[skipped..]) {
            self.slots[at as usize % CAPACITY].store(pack(*frame), Relaxed);
        }
        self.written.store(end, Release);
    }

    /// Frames ever taken.
    #[must_use]
    pub fn taken(&self) -> u64 {
        self.written.load(Relaxed)
    }
}

/// A reader of a tap.
#[derive(Debug)]
pub struct TapReader {
    tap: Arc<SignalTap>,
    /// The next frame to read.
    next: u64,
}

impl TapReader {
    /// A reader of frames to come once it has [`read`](Self::read) for the first time.
    #[must_use]
    pub fn new(tap: Arc<SignalTap>) -> Self {
        Self { next: tap.written.load(Acquire), tap }
    }

    /// The tap.
    #[must_use]
    pub fn tap(&self) -> &SignalTap {
        &self.tap
    }

    /// Appends the frames since the last call, oldest first and finite, and keeps the tap awake. Returns how many frames
    /// were lost: overwritten, or stale because the tap was asleep.
    pub fn read(&mut self, into: &mut Vec<Frame>) -> u64 {
        let awake_for = (AWAKE_S * self.tap.sample_rate_hz()) as i64;
        let slept = self.tap.awake_for.swap(awake_for, Relaxed) <= 0;
        let written = self.tap.written.load(Acquire);
        let wanted = self.next;
        if slept {
            // Frames from before the tap fell asleep are stale.
            self.next = written;
        }
        let first = self.next.max(written.saturating_sub(CAPACITY as u64));
        let start = into.len();
        into.extend((first..written).map(|at| unpack(self.tap.slots[at as usize % CAPACITY].load(Relaxed))));
        fence(Acquire);
        let intact = self.tap.announced.load(Relaxed).saturating_sub(CAPACITY as u64).clamp(first, written);
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
    fn a_sleeping_tap_takes_nothing() {
        let tap = SignalTap::new();
        tap.push(&counted(0, 1000));
        assert_eq!(tap.taken(), 0);
        let mut reader = TapReader::new(tap.clone());
        reader.read(&mut Vec::new());
        // A second and a half of 48 kHz, to the block.
        (0..1000).for_each(|_| tap.push(&counted(0, 1000)));
        assert_eq!(tap.taken(), 72_000);
        // Stale frames are not shown to the next reader.
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
    #[expect(clippy::disallowed_methods, reason = "the thread is the test's own")]
    fn concurrent_reads_are_intact() {
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
                    // Blocks of all sizes, at times faster than they can be read.
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

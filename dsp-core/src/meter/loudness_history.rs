//! The loudness of the last two days in 96 kB, written by the audio thread and read by any display.
//!
//! Rings of points, each four times coarser than the one before: the recent past at 100 ms, older times as the maxima of
//! 0.4, 1.6 … 102 s. Nothing moves or allocates. Points are atomics, and readers stay within the newest part of a ring: one
//! would have to stall for 20 s to see a point overwritten.

use super::readings::SILENT;
use std::sync::atomic::{AtomicU64, Ordering::*};

/// Time between two points of the finest ring.
pub const STEP_S: f64 = 0.1;
/// Points of a ring that merge into one of the next.
const MERGED: u64 = 4;
/// Points in a ring: 3 minutes in the finest, 52 hours in the coarsest.
const CAPACITY: usize = 2048;
/// Points that are never read, as they are overwritten next.
const SPARE: usize = 200;
/// Number of rings.
const RINGS: usize = 6;

/// Loudness at a time, or its maximum over a stretch of time. −∞ is silence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Momentary loudness in LUFS.
    pub momentary_lufs: f32,
    /// Short-term loudness in LUFS.
    pub short_term_lufs: f32,
}

impl Point {
    const SILENCE: Self = Self { momentary_lufs: SILENT as f32, short_term_lufs: SILENT as f32 };

    fn max(self, other: Self) -> Self {
        Self {
            momentary_lufs: self.momentary_lufs.max(other.momentary_lufs),
            short_term_lufs: self.short_term_lufs.max(other.short_term_lufs),
        }
    }

    fn pack(self) -> u64 {
        u64::from(self.momentary_lufs.to_bits()) << 32 | u64::from(self.short_term_lufs.to_bits())
    }

    fn unpack(bits: u64) -> Self {
        let float = |bits: u32| f32::from_bits(bits);
        Self { momentary_lufs: float((bits >> 32) as u32), short_term_lufs: float(bits as u32) }
    }
}

/// One ring.
#[derive(Debug)]
struct Ring {
    slots: Box<[AtomicU64]>,
    /// Points ever written, and how many of them preceded the measurement.
    written: AtomicU64,
    first: AtomicU64,
}

impl Ring {
    fn new() -> Self {
        let slots = (0..CAPACITY).map(|_| AtomicU64::new(Point::SILENCE.pack())).collect();
        Self { slots, written: AtomicU64::new(0), first: AtomicU64::new(0) }
    }

    fn at(&self, place: u64) -> Point {
        Point::unpack(self.slots[place as usize % CAPACITY].load(Relaxed))
    }

    /// Adds a point; returns the merged point whenever it completes one.
    fn push(&self, point: Point) -> Option<Point> {
        let place = self.written.load(Relaxed);
        self.slots[place as usize % CAPACITY].store(point.pack(), Relaxed);
        self.written.store(place + 1, Release);
        let count = place + 1 - self.first.load(Relaxed);
        count.is_multiple_of(MERGED).then(|| (place + 1 - MERGED..place).fold(point, |max, at| max.max(self.at(at))))
    }
}

/// A part of the history, as read for display.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Excerpt {
    /// Points, oldest first; the last one ends now.
    pub points: Vec<Point>,
    /// Time between two of them.
    pub step_s: f64,
}

/// A history with one writing thread and any number of readers.
#[derive(Debug)]
pub struct LoudnessHistory {
    rings: [Ring; RINGS],
}

impl Default for LoudnessHistory {
    fn default() -> Self {
        Self { rings: core::array::from_fn(|_| Ring::new()) }
    }
}

impl LoudnessHistory {
    /// Adds the current loudness, every 100 ms, from one thread only. Wait-free, without allocation.
    pub fn push(&self, point: Point) {
        let mut point = point;
        for ring in &self.rings {
            match ring.push(point) {
                Some(merged) => point = merged,
                None => break,
            }
        }
    }

    /// Starts anew, from the thread that pushes.
    pub fn clear(&self) {
        for ring in &self.rings {
            ring.first.store(ring.written.load(Relaxed), Release);
        }
    }

    /// Length of the history, in seconds.
    #[must_use]
    pub fn length_s(&self) -> f64 {
        let ring = &self.rings[0];
        ring.written.load(Acquire).saturating_sub(ring.first.load(Acquire)) as f64 * STEP_S
    }

    /// Reads the last `span_s` seconds from the finest ring that holds them.
    pub fn read(&self, span_s: f64, into: &mut Excerpt) {
        let mut step_s = STEP_S;
        let mut ring = &self.rings[0];
        for coarser in &self.rings[1..] {
            if span_s <= step_s * (CAPACITY - SPARE) as f64 {
                break;
            }
            (ring, step_s) = (coarser, step_s * MERGED as f64);
        }
        let wanted = ((span_s / step_s).ceil() as usize).min(CAPACITY - SPARE);
        let end = ring.written.load(Acquire);
        let from = end.saturating_sub(wanted as u64).max(ring.first.load(Acquire).min(end));
        into.step_s = step_s;
        into.points.clear();
        into.points.extend((from..end).map(|at| ring.at(at)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(lufs: f32) -> Point {
        Point { momentary_lufs: lufs + 1.0, short_term_lufs: lufs }
    }

    fn seen(history: &LoudnessHistory, span_s: f64) -> Excerpt {
        let mut seen = Excerpt::default();
        history.read(span_s, &mut seen);
        seen
    }

    #[test]
    fn the_recent_past_is_exact() {
        let history = LoudnessHistory::default();
        (0..5000_u16).for_each(|n| history.push(point(-f32::from(n))));
        let seen = seen(&history, 30.0);
        assert_eq!((seen.points.len(), seen.step_s), (300, 0.1));
        assert!(seen.points.iter().zip(4700_u16..).all(|(seen, n)| *seen == point(-f32::from(n))));
    }

    #[test]
    fn days_are_kept_as_maxima() {
        let history = LoudnessHistory::default();
        // Two days, with one loud moment 40 hours before their end.
        let (length, loud) = (48 * 36_000_u32, 8 * 36_000_u32);
        (0..length).for_each(|n| history.push(point(if n == loud { -5.0 } else { -30.0 })));
        assert!((history.length_s() - 48.0 * 3600.0).abs() < 1e-3);
        let mut seen = Excerpt::default();
        for hours in [0.25, 1.0, 12.0, 41.0, 1e9] {
            history.read(3600.0 * hours, &mut seen);
            assert!(seen.points.len() <= CAPACITY - SPARE, "{hours} h: {}", seen.points.len());
            let max = seen.points.iter().fold(f32::NEG_INFINITY, |max, point| max.max(point.short_term_lufs));
            assert_eq!(max, if hours > 40.0 { -5.0 } else { -30.0 }, "{hours} h");
        }
        // The coarsest: the loud moment is where it was, to a point.
        let at = seen.points.iter().position(|point| point.momentary_lufs == -4.0).unwrap();
        let before_end_s = (seen.points.len() - at) as f64 * seen.step_s;
        assert!((before_end_s - 40.0 * 3600.0).abs() <= 2.0 * seen.step_s, "{before_end_s}");
    }

    #[test]
    fn a_cleared_history_shows_nothing_older() {
        let history = LoudnessHistory::default();
        (0..1003).for_each(|_| history.push(point(-5.0)));
        history.clear();
        assert_eq!((history.length_s(), seen(&history, 60.0).points.len()), (0.0, 0));
        (0..4000).for_each(|_| history.push(point(-30.0)));
        for span_s in [30.0, 300.0, 3600.0] {
            assert!(seen(&history, span_s).points.iter().all(|seen| *seen == point(-30.0)), "{span_s} s");
        }
        assert_eq!(seen(&history, 3600.0).points.len(), 4000 / 64);
    }

    #[test]
    fn pushing_does_not_allocate() {
        let history = LoudnessHistory::default();
        plumb_signals::assert_no_alloc(|| {
            (0..10_000).for_each(|_| history.push(point(-20.0)));
            history.clear();
        });
    }

    #[test]
    fn a_concurrent_reader_sees_points_in_order() {
        let history = LoudnessHistory::default();
        std::thread::scope(|scope| {
            scope.spawn(|| (0..1_000_u16).for_each(|n| history.push(point(f32::from(n)))));
            let mut newest = 0.0;
            while newest < 999.0 {
                let seen = seen(&history, 30.0);
                assert!(seen.points.is_sorted_by(|a, b| a.short_term_lufs + 1.0 == b.short_term_lufs));
                newest = seen.points.last().map_or(0.0, |point| point.short_term_lufs);
            }
        });
    }
}

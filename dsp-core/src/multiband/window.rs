//! The largest magnitude of a short window, on a grid that all bands share.
//!
//! Why a window: see [`crate::dynamics::detector`]. Its parts are whole chunks of [`CHUNK_FRAMES`] on the shared grid, so
//! that within a chunk a peak only rises, in all lanes at once.

use crate::Frame;
use crate::units::ms_to_frames;

/// Frames between updates of the windows: a divisor of the control step, so that one grid serves both.
pub(super) const CHUNK_FRAMES: usize = 8;
/// Parts of the window at most.
const PARTS: usize = 16;

/// One band's window, both channels.
#[derive(Clone, Debug)]
pub(super) struct Window {
    parts: [Frame; PARTS],
    next: usize,
    /// Parts in use.
    count: usize,
    part_chunks: u32,
    left: u32,
    /// Whether the length has changed.
    stale: bool,
}

impl Window {
    pub(super) fn new() -> Self {
        Self { parts: [[0.0; 2]; PARTS], next: 0, count: 1, part_chunks: 1, left: 1, stale: false }
    }

    /// Forgets the past.
    pub(super) fn reset(&mut self) {
        let Self { count, part_chunks, .. } = *self;
        *self = Self { count, part_chunks, left: part_chunks, ..Self::new() };
    }

    /// Changes the length from the next chunk on; returns how long a peak is held then, on average.
    pub(super) fn set_ms(&mut self, window_ms: f64, sample_rate_hz: f64) -> f64 {
        let chunks = ms_to_frames(window_ms, sample_rate_hz) / CHUNK_FRAMES as f64;
        // The part being filled is half full on average.
        let part_chunks = (chunks / (PARTS as f64 + 0.5)).round().max(1.0);
        let count = (chunks / part_chunks - 0.5).round().clamp(1.0, PARTS as f64);
        self.part_chunks = part_chunks as u32;
        self.left = self.left.min(self.part_chunks);
        self.stale |= self.count != count as usize;
        self.count = count as usize;
        part_chunks * (count + 0.5) * CHUNK_FRAMES as f64 / sample_rate_hz * 1000.0
    }

    /// Ends a chunk. `held` is the largest magnitude of the window, `filling` that of the part being filled; returns
    /// whether `held` fell.
    pub(super) fn end_chunk(&mut self, held: &mut Frame, filling: &mut Frame) -> bool {
        self.left -= 1;
        if self.left > 0 {
            return false;
        }
        self.left = self.part_chunks;
        let leaving = self.parts[(self.next + PARTS - self.count) % PARTS];
        self.parts[self.next] = *filling;
        self.next = (self.next + 1) % PARTS;
        *filling = [0.0; 2];
        if !self.stale && leaving[0] < held[0] && leaving[1] < held[1] {
            return false;
        }
        self.stale = false;
        let before = *held;
        *held = [0.0; 2];
        for age in 1..=self.count {
            let part = self.parts[(self.next + PARTS - age) % PARTS];
            *held = [held[0].max(part[0]), held[1].max(part[1])];
        }
        *held != before
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_a_peak_for_its_length() {
        for (window_ms, rate) in [(1.25, 48_000.0), (7.5, 44_100.0), (25.0, 96_000.0), (1.25, 8_000.0)] {
            let mut window = Window::new();
            let hold_ms = window.set_ms(window_ms, rate);
            for lead in 0..40 {
                window.reset();
                let (mut held, mut filling) = ([0.0; 2], [0.0; 2]);
                for _ in 0..lead {
                    window.end_chunk(&mut held, &mut filling);
                }
                (held, filling) = ([0.5, 0.25], [0.5, 0.25]);
                let chunks = (1..).find(|_| window.end_chunk(&mut held, &mut filling)).unwrap_or(0);
                let ms = f64::from(chunks * CHUNK_FRAMES as u32) / rate * 1000.0;
                let half_part_ms = f64::from(window.part_chunks) * CHUNK_FRAMES as f64 / rate * 500.0;
                assert!((ms - hold_ms).abs() < half_part_ms + 1e-9, "{window_ms} at {rate}: {ms}, {hold_ms}");
                assert_eq!(held, [0.0; 2]);
            }
        }
    }

    #[test]
    fn is_the_largest_of_its_parts_even_when_it_shrinks() {
        let mut window = Window::new();
        window.set_ms(25.0, 48_000.0);
        let (mut held, mut filling) = ([1.0; 2], [1.0; 2]);
        for _ in 0..window.part_chunks * 3 {
            window.end_chunk(&mut held, &mut filling);
        }
        window.set_ms(1.25, 48_000.0);
        for _ in 0..20 {
            window.end_chunk(&mut held, &mut filling);
        }
        assert_eq!(held, [0.0; 2]);
    }
}

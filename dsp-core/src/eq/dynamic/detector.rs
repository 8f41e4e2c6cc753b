//! The detector of a dynamic band: the peak level of its region, without ripple.
//!
//! The level is read once a control step and is the larger of two:
//! - the largest |x| of a window of half a period or more, so that a steady tone has a steady level. A rise shows at
//!   once, a fall when the window has passed it: the owner shortens its release by [`Detector::hold_ms`].
//! - the root of twice the mean square of the last [`MEAN_STEPS`] steps, for regions so high that samples may miss the
//!   peaks between them (by 3 dB at a quarter of the rate). It is weighted by a triangle, whose ripple falls with the
//!   square of the frequency; each step keeps its sum of squares and their first moment, from which any straight weight
//!   follows.
//!
//! For a steady sine both are its peak level. The stereo pair is linked: the louder lane counts.

use super::region::{Region, Sums};
use crate::Frame;
use crate::filter::MAX_FREQ_NORM;
use crate::filter::prototype::{Prototype, Shape};
use crate::smooth::CONTROL_FRAMES;
use crate::units::{FLOOR_DB, ms_to_frames, power_to_db};
use core::f64::consts::TAU;

/// Steps in the mean square; its weight rises over the older half and falls over the newer.
const MEAN_STEPS: usize = 6;
/// Frequency in radians per frame from which the mean square counts: below, samples miss a peak by 0.024 dB at most;
/// above, the mean square ripples by (1 / (96 sin θ))² at most, 0.02 dB.
const MEAN_FROM: f64 = 0.15;
/// Parts the window is kept in, at most.
const PARTS: usize = 16;
/// Longest window: half a period of 20 Hz.
const MAX_WINDOW_MS: f64 = 25.0;
/// Share of the release that the window may take; a release so short that this is less than half a period ripples, as
/// asked.
const WINDOW_OF_RELEASE: f64 = 0.5;
/// Window in periods of the centre: half a period, and some for tones beside it.
const WINDOW_PERIODS: f64 = 0.6;
/// Time in periods from the start of a tone to its first peak.
const PEAK_PERIODS: f64 = 0.25;

/// The measurement of a control step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Measured {
    /// Peak level in dBFS, at least [`FLOOR_DB`].
    pub(super) level_db: f64,
    /// Mean square of the step alone.
    pub(super) power: f64,
}

/// Region filter and peak level.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Detector {
    region: Region,
    /// Frames of this step, until it is complete.
    waiting: [Frame; CONTROL_FRAMES],
    frames: usize,
    /// The sums of a complete step.
    sums: Option<Sums>,
    window: Window,
    /// The last steps, newest first.
    past: [Sums; MEAN_STEPS],
    takes_mean: bool,
    rise_ms: f64,
    /// The last squared peak and its level: a steady tone costs no logarithm.
    squared: f64,
    level_db: f64,
}

impl Detector {
    /// At silence. The region's numbers are taken as they are.
    pub(super) fn new(region: Prototype, release_ms: f64, sample_rate_hz: f64) -> Self {
        let mut new = Self {
            region: Region::new(region, sample_rate_hz),
            waiting: [[0.0; 2]; CONTROL_FRAMES],
            frames: 0,
            sums: None,
            window: Window::new(),
            past: [Sums::default(); MEAN_STEPS],
            takes_mean: false,
            rise_ms: 0.0,
            squared: 0.0,
            level_db: FLOOR_DB,
        };
        new.set(region, release_ms, sample_rate_hz);
        new
    }

    /// Forgets the past.
    pub(super) fn reset(&mut self) {
        self.region.reset();
        self.frames = 0;
        self.sums = None;
        self.window.reset();
        self.past = [Sums::default(); MEAN_STEPS];
    }

    /// A new region, or a new window for a new release; the past stays.
    pub(super) fn set(&mut self, region: Prototype, release_ms: f64, sample_rate_hz: f64) {
        self.region.set(region, sample_rate_hz);
        let freq_hz = region.freq_hz.min(MAX_FREQ_NORM * sample_rate_hz);
        let period_ms = 1000.0 / freq_hz;
        // What lies below a high cut reaches down to the deepest bass.
        let wanted_ms = if region.shape == Shape::HighCut { MAX_WINDOW_MS } else { WINDOW_PERIODS * period_ms };
        let window_ms = wanted_ms.min(MAX_WINDOW_MS).min(WINDOW_OF_RELEASE * release_ms);
        self.window.set(ms_to_frames(window_ms, sample_rate_hz));
        self.takes_mean = TAU * freq_hz / sample_rate_hz >= MEAN_FROM;
        self.rise_ms = PEAK_PERIODS * period_ms;
    }

    /// How long the level of a tone that ends holds, beyond the time in which that of a new tone rises.
    pub(super) fn hold_ms(&self, sample_rate_hz: f64) -> f64 {
        (self.window.mean_frames() / sample_rate_hz * 1000.0 - self.rise_ms).max(0.0)
    }

    /// Takes frames, a control step at most between two calls of [`step`](Self::step). How they are cut does not matter.
    pub(super) fn detect(&mut self, chunk: &[Frame]) {
        if self.frames == 0 && chunk.len() == CONTROL_FRAMES {
            self.sums = Some(self.region.sums(chunk));
            self.frames = CONTROL_FRAMES;
            return;
        }
        let free = &mut self.waiting[self.frames..];
        let taken = chunk.len().min(free.len());
        free[..taken].copy_from_slice(&chunk[..taken]);
        self.frames += taken;
        if self.frames == CONTROL_FRAMES && taken > 0 {
            self.sums = Some(self.region.sums(&self.waiting));
        }
    }

    /// Ends a control step.
    pub(super) fn step(&mut self) -> Measured {
        let mut sums = self.sums.take().unwrap_or_else(|| self.region.sums(&self.waiting[..self.frames]));
        let frames = core::mem::take(&mut self.frames).max(1);
        if !(sums.square[0] + sums.square[1]).is_finite() {
            // Input that is not a number: as after silence from here on.
            self.reset();
            sums = Sums::default();
        }
        let power = sums.square[0].max(sums.square[1]) / frames as f64;
        let peak = self.window.step(sums.peak[0].max(sums.peak[1]));
        let [a, b, c, d, e, _] = self.past;
        self.past = [sums, a, b, c, d, e];
        let squared = if self.takes_mean { peak.max(2.0 * self.mean()) } else { peak };
        if squared != self.squared {
            self.squared = squared;
            self.level_db = power_to_db(squared).max(FLOOR_DB);
        }
        Measured { level_db: self.level_db, power }
    }

    /// Mean square of the last steps.
    fn mean(&self) -> f64 {
        const HALF: usize = MEAN_STEPS / 2;
        let mut weighted = [0.0; 2];
        for (age, Sums { square, moment, .. }) in self.past.iter().enumerate() {
            // Falls to 0 at the newest frame and at the oldest, by 1 a step.
            let (constant, slope) =
                if age < HALF { ((age + 1) as f64, -1.0) } else { ((MEAN_STEPS - 1 - age) as f64, 1.0) };
            for lane in 0..2 {
                weighted[lane] += constant * square[lane] + slope * moment[lane];
            }
        }
        weighted[0].max(weighted[1]) * (1.0 / (CONTROL_FRAMES * HALF * HALF) as f64)
    }
}

/// Largest of the values of a sliding window, kept as the largest of a few equal parts; the last part is filling.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Window {
    /// A ring; those not in use are 0.
    parts: [f64; PARTS],
    filling: f64,
    filled: u32,
    /// Steps in a part, and whole parts in use.
    part_steps: u32,
    used: usize,
    oldest: usize,
}

impl Window {
    const fn new() -> Self {
        Self { parts: [0.0; PARTS], filling: 0.0, filled: 0, part_steps: 1, used: MEAN_STEPS - 1, oldest: 0 }
    }

    fn reset(&mut self) {
        *self = Self { part_steps: self.part_steps, used: self.used, ..Self::new() };
    }

    /// A window of about so many frames, and as long as the mean square's at least, so that this one says when a tone
    /// has ended.
    fn set(&mut self, frames: f64) {
        let steps = ((frames / CONTROL_FRAMES as f64).ceil() as usize).max(MEAN_STEPS);
        self.part_steps = steps.div_ceil(PARTS) as u32;
        self.used = steps.div_ceil(self.part_steps as usize) - 1;
        self.parts[self.used..].fill(0.0);
        self.oldest %= self.used;
    }

    /// Mean length: whole parts and the one that is filling, from one step to all.
    fn mean_frames(&self) -> f64 {
        let filling = f64::from(self.part_steps + 1) / 2.0;
        (self.used as f64 * f64::from(self.part_steps) + filling) * CONTROL_FRAMES as f64
    }

    /// Takes a value in and returns the largest in the window.
    fn step(&mut self, value: f64) -> f64 {
        let larger = |a: f64, b: f64| if b > a { b } else { a };
        self.filling = larger(self.filling, value);
        // Four at a time, so that no comparison waits for the one before.
        let mut held = [self.filling; 4];
        for four in self.parts.chunks_exact(4) {
            held = [0, 1, 2, 3].map(|n| larger(held[n], four[n]));
        }
        self.filled += 1;
        if self.filled >= self.part_steps {
            self.parts[self.oldest] = self.filling;
            self.oldest = if self.oldest + 1 < self.used { self.oldest + 1 } else { 0 };
            self.filling = 0.0;
            self.filled = 0;
        }
        larger(larger(held[0], held[1]), larger(held[2], held[3]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn window_holds_a_peak_for_its_length() {
        for frames in [1.0, 160.0, 161.0, 500.0, 512.0, 2000.0, 4800.0, 20_000.0] {
            let mut window = Window::new();
            window.set(frames);
            let lengths: Vec<f64> = (0..window.part_steps)
                .map(|lead| {
                    window.reset();
                    (0..lead).for_each(|_| _ = window.step(0.0));
                    assert_eq!(window.step(1.0), 1.0);
                    let held = 1 + (0..).take_while(|_| window.step(0.0) == 1.0).count();
                    (held * CONTROL_FRAMES) as f64
                })
                .collect();
            let mean = lengths.iter().sum::<f64>() / lengths.len() as f64;
            assert_eq!(mean, window.mean_frames(), "{frames}");
            // To the length of a part, 1/16, and a step at least.
            let long = frames.max((MEAN_STEPS * CONTROL_FRAMES) as f64);
            assert!((mean / long - 1.0).abs() <= 0.07 || (mean - long).abs() <= CONTROL_FRAMES as f64, "{mean} {long}");
        }
    }
}

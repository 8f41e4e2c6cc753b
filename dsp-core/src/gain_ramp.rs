//! A gain that ramps linearly in dB.

use crate::Frame;
use crate::smooth::{CONTROL_FRAMES, Smoothed};
use crate::units::db_to_gain;

/// A gain in dB on its ramp, and its linear value. Linear in dB is one ratio a frame: one multiplication.
#[derive(Clone, Copy, Debug)]
pub(crate) struct GainRamp {
    db: Smoothed,
    gain: f64,
    /// Linear gain from one frame to the next.
    ratio: f64,
    /// Linear gain at the end of the ramp.
    target: f64,
}

impl GainRamp {
    pub(crate) fn new(db: f64) -> Self {
        let gain = db_to_gain(db);
        Self { db: Smoothed::new(db), gain, ratio: 1.0, target: gain }
    }

    pub(crate) fn prepare(&mut self, sample_rate_hz: f64) {
        self.db.prepare(sample_rate_hz);
        self.reset();
    }

    /// Jumps to its target.
    pub(crate) fn reset(&mut self) {
        self.db.reset();
        self.gain = self.target;
    }

    pub(crate) fn set(&mut self, db: f64) {
        if db != self.db.target() {
            self.db.set(db);
            // From the ramp, so that rounding does not accumulate while the target keeps moving.
            self.gain = db_to_gain(self.db.value());
            self.ratio = db_to_gain(self.db.slope());
            self.target = db_to_gain(db);
        }
    }

    pub(crate) fn is_settled(&self) -> bool {
        self.db.is_settled()
    }

    /// Linear gain, now.
    pub(crate) fn gain(&self) -> f64 {
        self.gain
    }

    /// Advances one frame and returns the linear gain there.
    #[inline]
    pub(crate) fn tick(&mut self) -> f64 {
        if !self.db.is_settled() {
            self.db.tick();
            self.gain = if self.db.is_settled() { self.target } else { self.gain * self.ratio };
        }
        self.gain
    }

    /// Advances as many frames as `gains` holds, and writes the linear gain of each.
    #[inline(always)]
    pub(crate) fn run(&mut self, gains: &mut [f64]) {
        let left = self.db.frames_left();
        let (moving, arrived) = gains.split_at_mut(gains.len().min(left));
        for gain in &mut *moving {
            self.gain *= self.ratio;
            *gain = self.gain;
        }
        self.db.skip(moving.len());
        if left > 0 && self.db.is_settled() {
            self.gain = self.target;
            moving.last_mut().into_iter().for_each(|last| *last = self.target);
        }
        arrived.fill(self.gain);
    }

    /// Applies the gain in place.
    pub(crate) fn process(&mut self, frames: &mut [Frame]) {
        if self.db.is_settled() {
            let gain = self.gain;
            frames.iter_mut().for_each(|frame| *frame = [frame[0] * gain, frame[1] * gain]);
            return;
        }
        for chunk in frames.chunks_mut(CONTROL_FRAMES) {
            let mut gains = [0.0; CONTROL_FRAMES];
            self.run(&mut gains[..chunk.len()]);
            chunk.iter_mut().zip(gains).for_each(|(frame, gain)| *frame = [frame[0] * gain, frame[1] * gain]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_linear_in_db_and_arrives_exactly() {
        let mut level = GainRamp::new(-3.0);
        level.prepare(48_000.0);
        let mut by_hand = Smoothed::new(-3.0);
        by_hand.prepare(48_000.0);
        for (n, to) in [24.0, -7.5, 12.0].into_iter().cycle().take(30).enumerate() {
            level.set(to);
            by_hand.set(to);
            for _ in 0..if n % 3 == 2 { 1000 } else { 333 } {
                let (gain, expected) = (level.tick(), db_to_gain(by_hand.tick()));
                // 1e-12: roundings of a ramp's steps.
                assert!((gain / expected - 1.0).abs() < 1e-12, "{gain}, {expected}");
            }
        }
        assert!(level.is_settled() && level.gain() == db_to_gain(12.0));
    }
}

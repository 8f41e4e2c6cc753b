//! On and off without a click: how much of the gain is applied, and when the analysis must run.

use crate::smooth::Smoothed;

/// The switch. Turned on, the analysis first runs unheard until it knows as much as it looks ahead.
#[derive(Clone, Copy, Debug)]
pub(super) struct Switch {
    on: bool,
    /// Part of the output that is limited, 0 to 1.
    amount: Smoothed,
    /// Frames of analysis left until the amount may rise.
    warming: usize,
}

impl Switch {
    pub(super) fn new(on: bool) -> Self {
        Self { on, amount: Smoothed::new(f64::from(u8::from(on))), warming: 0 }
    }

    pub(super) fn prepare(&mut self, sample_rate_hz: f64) {
        self.amount.prepare(sample_rate_hz);
    }

    /// Rests where it stands.
    pub(super) fn reset(&mut self) {
        self.warming = 0;
        self.amount.set(f64::from(u8::from(self.on)));
        self.amount.reset();
    }

    /// Turns it; `latency_frames` is what the analysis needs. Returns whether the analysis starts now, from nothing.
    pub(super) fn set(&mut self, on: bool, latency_frames: usize) -> bool {
        if on == self.on {
            return false;
        }
        let starts = on && !self.is_running();
        self.on = on;
        if starts {
            self.warming = latency_frames;
        } else {
            self.warming = 0;
            self.amount.set(f64::from(u8::from(on)));
        }
        starts
    }

    /// Whether the analysis has to run; if not, the amount rests on 0.
    #[inline]
    pub(super) fn is_running(&self) -> bool {
        self.on || !self.amount.is_settled()
    }

    /// Whether the whole gain is applied, and will be.
    #[inline]
    pub(super) fn is_full(&self) -> bool {
        self.warming == 0 && self.amount.is_settled() && self.amount.value() == 1.0
    }

    /// Part of the output that is limited now.
    pub(super) fn amount(&self) -> f64 {
        self.amount.value()
    }

    /// Goes one frame further and returns the amount there.
    #[inline]
    pub(super) fn tick(&mut self) -> f64 {
        if self.warming > 0 {
            self.warming -= 1;
            if self.warming == 0 {
                self.amount.set(1.0);
            }
        }
        self.amount.tick()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rises_after_warming_and_falls_at_once() {
        let mut switch = Switch::new(false);
        switch.prepare(48_000.0);
        assert!(!switch.is_running());
        assert!(switch.set(true, 100));
        assert!((0..99).all(|_| switch.tick() == 0.0));
        let ramp: Vec<f64> = (0..960).map(|_| switch.tick()).collect();
        assert!(ramp[0] > 0.0 && ramp.is_sorted() && ramp[959] == 1.0, "20 ms at 48 kHz are 960 frames");
        assert!(!switch.set(false, 100));
        assert!(switch.tick() < 1.0);
        assert!(!switch.set(true, 100), "turned back while the analysis still runs");
        assert!(switch.tick() > 0.99);
    }

    #[test]
    fn turned_off_while_warming_it_was_never_heard() {
        let mut switch = Switch::new(false);
        switch.prepare(48_000.0);
        switch.set(true, 100);
        switch.tick();
        switch.set(false, 100);
        assert!(!switch.is_running());
        assert_eq!(switch.tick(), 0.0);
    }
}

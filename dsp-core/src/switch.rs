//! On and off without a click, for stages that must fill their state before they are heard.

use crate::smooth::Smoothed;

/// A switch with a fade. Switched on, the stage first runs unheard until its state is filled.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Switch {
    on: bool,
    /// Share of the processed signal, 0 to 1.
    share: Smoothed,
    /// Frames left until the share may rise.
    warming: usize,
}

impl Switch {
    pub(crate) fn new(on: bool) -> Self {
        Self { on, share: Smoothed::new(f64::from(u8::from(on))), warming: 0 }
    }

    pub(crate) fn prepare(&mut self, sample_rate_hz: f64) {
        self.share.prepare(sample_rate_hz);
    }

    /// Jumps to its target.
    pub(crate) fn reset(&mut self) {
        self.warming = 0;
        self.share.set(f64::from(u8::from(self.on)));
        self.share.reset();
    }

    /// Switches; `warm_up_frames` fill the state. Returns whether the stage starts now and must be cleared.
    pub(crate) fn set(&mut self, on: bool, warm_up_frames: usize) -> bool {
        if on == self.on {
            return false;
        }
        let starts = on && !self.is_running();
        self.on = on;
        if starts {
            self.warming = warm_up_frames;
        } else {
            self.warming = 0;
            self.share.set(f64::from(u8::from(on)));
        }
        starts
    }

    /// Whether the stage has to run; if not, the share is settled at 0.
    #[inline]
    pub(crate) fn is_running(&self) -> bool {
        self.on || !self.share.is_settled()
    }

    /// Whether the share is settled at 1.
    #[inline]
    pub(crate) fn is_full(&self) -> bool {
        self.warming == 0 && self.share.is_settled() && self.share.value() == 1.0
    }

    /// The share, now.
    pub(crate) fn share(&self) -> f64 {
        self.share.value()
    }

    /// Advances one frame and returns the share there.
    #[inline]
    pub(crate) fn tick(&mut self) -> f64 {
        if self.warming > 0 {
            self.warming -= 1;
            if self.warming == 0 {
                self.share.set(1.0);
            }
        }
        self.share.tick()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rises_after_the_warm_up_and_falls_at_once() {
        let mut switch = Switch::new(false);
        switch.prepare(48_000.0);
        assert!(!switch.is_running());
        assert!(switch.set(true, 100));
        assert!((0..99).all(|_| switch.tick() == 0.0));
        let ramp: Vec<f64> = (0..960).map(|_| switch.tick()).collect();
        assert!(ramp[0] > 0.0 && ramp.is_sorted() && ramp[959] == 1.0, "20 ms at 48 kHz are 960 frames");
        assert!(!switch.set(false, 100));
        assert!(switch.tick() < 1.0);
        assert!(!switch.set(true, 100), "switched back while the stage still runs");
        assert!(switch.tick() > 0.99);
    }

    #[test]
    fn switched_off_during_the_warm_up_it_was_never_heard() {
        let mut switch = Switch::new(false);
        switch.prepare(48_000.0);
        switch.set(true, 100);
        switch.tick();
        switch.set(false, 100);
        assert!(!switch.is_running());
        assert_eq!(switch.tick(), 0.0);
    }
}

//! What is heard of the limiter: its output, the same with the drive undone, what it takes away, or its input.

use super::settings::Settings;
use super::switch::Switch;
use crate::Frame;
use crate::smooth::Smoothed;

/// What a frame was on its way through.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stages {
    /// As it came.
    pub(super) input: Frame,
    /// As the limiter leaves it.
    pub(super) limited: Frame,
    /// The drive's gain.
    pub(super) drive: f64,
    /// The ceiling.
    pub(super) ceiling: f64,
}

/// Fades between them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Listen {
    pub(super) switch: Switch,
    unity: Smoothed,
    delta: Smoothed,
}

fn fraction(on: bool) -> f64 {
    f64::from(u8::from(on))
}

impl Listen {
    pub(super) fn new(settings: &Settings) -> Self {
        Self {
            switch: Switch::new(settings.on),
            unity: Smoothed::new(fraction(settings.unity_gain)),
            delta: Smoothed::new(fraction(settings.delta)),
        }
    }

    pub(super) fn prepare(&mut self, sample_rate_hz: f64) {
        self.switch.prepare(sample_rate_hz);
        self.unity.prepare(sample_rate_hz);
        self.delta.prepare(sample_rate_hz);
    }

    pub(super) fn reset(&mut self) {
        self.switch.reset();
        self.unity.reset();
        self.delta.reset();
    }

    pub(super) fn set(&mut self, settings: &Settings) {
        self.unity.set(fraction(settings.unity_gain));
        self.delta.set(fraction(settings.delta));
    }

    /// Whether only the limited signal is heard, and [`Self::tick`] need not be called.
    pub(super) fn is_plain(&self) -> bool {
        let off = |fade: &Smoothed| fade.is_settled() && fade.value() == 0.0;
        off(&self.unity) && off(&self.delta) && self.switch.is_full()
    }

    /// The next frame heard.
    #[inline]
    pub(super) fn tick(&mut self, stages: Stages) -> Frame {
        let Stages { input, limited, drive, ceiling } = stages;
        let (unity, delta, amount) = (self.unity.tick(), self.delta.tick(), self.switch.tick());
        // The drive is no less than 1: undoing it makes nothing louder.
        let undone = 1.0 + unity * (1.0 / drive - 1.0);
        core::array::from_fn(|lane| {
            let taken = (input[lane] * drive - limited[lane]).clamp(-ceiling, ceiling);
            let acting = if delta == 0.0 { limited[lane] } else { limited[lane] + delta * (taken - limited[lane]) };
            if amount == 1.0 { acting * undone } else { input[lane] + amount * (acting * undone - input[lane]) }
        })
    }
}

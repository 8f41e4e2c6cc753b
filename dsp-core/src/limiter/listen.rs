//! Monitoring: the output, the output with the drive undone, what the limiter removes, or the input.

use super::settings::Settings;
use crate::Frame;
use crate::smooth::Smoothed;
use crate::switch::Switch;

/// One frame at each point of the limiter.
#[derive(Clone, Copy, Debug)]
pub(super) struct Signals {
    /// The input.
    pub(super) input: Frame,
    /// The limited signal.
    pub(super) limited: Frame,
    /// Linear drive.
    pub(super) drive: f64,
    /// Linear ceiling.
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

    /// Whether the output is the limited signal and [`Self::tick`] can be left out.
    pub(super) fn is_plain(&self) -> bool {
        let off = |fade: &Smoothed| fade.is_settled() && fade.value() == 0.0;
        off(&self.unity) && off(&self.delta) && self.switch.is_full()
    }

    /// The next frame of the output.
    #[inline]
    pub(super) fn tick(&mut self, stages: Signals) -> Frame {
        let Signals { input, limited, drive, ceiling } = stages;
        let (unity, delta, share) = (self.unity.tick(), self.delta.tick(), self.switch.tick());
        // The drive is at least 1: undoing it never raises the level.
        let undone = 1.0 + unity * (1.0 / drive - 1.0);
        core::array::from_fn(|lane| {
            let taken = (input[lane] * drive - limited[lane]).clamp(-ceiling, ceiling);
            let acting = if delta == 0.0 { limited[lane] } else { limited[lane] + delta * (taken - limited[lane]) };
            if share == 1.0 { acting * undone } else { input[lane] + share * (acting * undone - input[lane]) }
        })
    }
}

//! Fades between what a dynamics processor can play (see [`Listen`]).

use super::listen::Listen;
use crate::frame::Frame;
use crate::smooth::Smoothed;

/// Shares of the key and of what is removed in what is heard; the rest is the processed signal.
#[derive(Clone, Copy, Debug)]
pub(super) struct ListenFade {
    key: Smoothed,
    removed: Smoothed,
}

impl ListenFade {
    pub(super) fn new(listen: Listen) -> Self {
        let mut fade = Self { key: Smoothed::new(0.0), removed: Smoothed::new(0.0) };
        fade.set(listen);
        fade.reset();
        fade
    }

    pub(super) fn prepare(&mut self, sample_rate_hz: f64) {
        self.key.prepare(sample_rate_hz);
        self.removed.prepare(sample_rate_hz);
    }

    pub(super) fn reset(&mut self) {
        self.key.reset();
        self.removed.reset();
    }

    pub(super) fn set(&mut self, listen: Listen) {
        self.key.set(f64::from(u8::from(listen == Listen::Key)));
        self.removed.set(f64::from(u8::from(listen == Listen::Removed)));
    }

    /// One frame further; whether it still moves.
    pub(super) fn tick(&mut self) -> bool {
        self.key.tick();
        self.removed.tick();
        !self.is_settled()
    }

    pub(super) fn is_settled(&self) -> bool {
        self.key.is_settled() && self.removed.is_settled()
    }

    /// Whether only the processed signal is heard.
    #[inline]
    pub(super) fn is_off(&self) -> bool {
        self.key.value() == 0.0 && self.removed.value() == 0.0
    }

    /// What is heard; exactly one of the three when settled.
    #[inline]
    pub(super) fn heard(&self, output: Frame, key: Frame, removed: Frame) -> Frame {
        let (to_key, to_removed) = (self.key.value(), self.removed.value());
        let rest = 1.0 - to_key - to_removed;
        [0, 1].map(|lane| rest * output[lane] + to_key * key[lane] + to_removed * removed[lane])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settled_it_is_exactly_one_of_the_three() {
        for (listen, expected) in [(Listen::Off, 0.1), (Listen::Key, 0.2), (Listen::Removed, 0.3)] {
            let fade = ListenFade::new(listen);
            assert_eq!(fade.heard([0.1; 2], [0.2; 2], [0.3; 2]), [expected; 2], "{listen:?}");
            assert_eq!(fade.is_off(), listen == Listen::Off);
        }
    }

    #[test]
    fn between_two_it_fades() {
        let mut fade = ListenFade::new(Listen::Key);
        fade.prepare(48_000.0);
        fade.set(Listen::Removed);
        let frames = (1..2000).find(|_| !fade.tick());
        assert_eq!(frames, Some(960), "20 ms at 48 kHz");
    }
}

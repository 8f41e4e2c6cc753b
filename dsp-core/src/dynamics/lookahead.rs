//! How far ahead of what is heard a dynamics processor's detector listens.

use crate::delay::Delay;
use crate::units::ms_to_frames;
use crate::{Choice, choice};

/// Delay of the signal against the key. Structural: it is the processor's latency, adopted by `reset`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lookahead {
    /// None, and no latency.
    #[default]
    Off,
    /// Enough for the front of a drum.
    Ms1,
    /// Enough for a slow attack.
    Ms5,
}

choice!(Lookahead { Off => "Off", Ms1 => "1 ms", Ms5 => "5 ms" });

impl Lookahead {
    /// The delay.
    #[must_use]
    pub fn ms(self) -> f64 {
        match self {
            Self::Off => 0.0,
            Self::Ms1 => 1.0,
            Self::Ms5 => 5.0,
        }
    }

    /// The delay in whole frames.
    #[must_use]
    pub fn frames(self, sample_rate_hz: f64) -> usize {
        ms_to_frames(self.ms(), sample_rate_hz).round() as usize
    }

    /// The longest delay in whole frames.
    #[must_use]
    pub fn max_frames(sample_rate_hz: f64) -> usize {
        Self::ALL.iter().map(|lookahead| lookahead.frames(sample_rate_hz)).max().unwrap_or(0)
    }
}

/// The signal, and the key as it is listened to, both late by the lookahead.
#[derive(Clone, Debug)]
pub struct LookaheadDelays {
    pub(super) signal: Delay,
    pub(super) key: Delay,
}

impl LookaheadDelays {
    /// Room for as many frames; [`Self::adopt`] follows.
    pub(super) fn new(max_frames: usize) -> Self {
        // Not a clone: that would touch memory which may never be used.
        Self { signal: Delay::new(max_frames), key: Delay::new(max_frames) }
    }

    /// The lookahead in use.
    pub(super) fn frames(&self) -> usize {
        self.signal.frames()
    }

    /// Another length, and silence in it.
    pub(super) fn adopt(&mut self, frames: usize) {
        for delay in [&mut self.signal, &mut self.key] {
            // In this order: a reset takes the ring down to the length.
            delay.set_frames(frames);
            delay.reset();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_as_long_as_it_reads() {
        let frames: Vec<usize> = Lookahead::ALL.iter().map(|lookahead| lookahead.frames(44_100.0)).collect();
        assert_eq!(frames, [0, 44, 221]);
    }

    #[test]
    fn a_shortened_delay_is_a_short_delay() {
        let [mut shortened, mut short] = [(); 2].map(|()| LookaheadDelays::new(Lookahead::max_frames(48_000.0)));
        for lookahead in [Lookahead::Ms5, Lookahead::Ms1] {
            shortened.adopt(lookahead.frames(48_000.0));
            shortened.signal.process(&mut [[1.0; 2]; 500]);
        }
        for delays in [&mut shortened, &mut short] {
            delays.adopt(Lookahead::Ms1.frames(48_000.0));
        }
        assert_eq!(format!("{shortened:?}"), format!("{short:?}"));
    }
}

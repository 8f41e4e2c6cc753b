//! How far ahead of what is heard a dynamics processor's detector listens.

use crate::choice;
use crate::units::ms_to_frames;

/// Delay of the signal against the key. Structural: it is the processor's latency, adopted by `reset`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lookahead {
    /// None, and no latency.
    #[default]
    Off,
    /// Enough for the front of a drum.
    Ms1,
    /// Enough for a gain that comes softly.
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
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Choice;

    #[test]
    fn is_as_long_as_it_reads() {
        let frames: Vec<usize> = Lookahead::ALL.iter().map(|lookahead| lookahead.frames(44_100.0)).collect();
        assert_eq!(frames, [0, 44, 221]);
    }
}

//! The taps of a chain for displays: before and after the EQ, its sidechain, and the output; and the loudness history.
//!
//! Taps are large, and most EQs are never displayed, so the first reader of a tap makes it. Until then the audio thread
//! finds none and goes on.

use super::loudness_history::LoudnessHistory;
use super::tap::SignalTap;
use crate::{Frame, spec};
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, OnceLock};

/// A point in a chain that can be tapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TapPoint {
    /// Before the EQ.
    Pre,
    /// After the EQ.
    Post,
    /// The sidechain of the EQ.
    Key,
    /// The output of the chain.
    Out,
}

/// The taps of a chain. They outlive it, so that a display goes on when the host reactivates the plugin.
#[derive(Debug)]
pub struct SignalTaps {
    taps: [OnceLock<Arc<SignalTap>>; 4],
    history: OnceLock<Arc<LoudnessHistory>>,
    sample_rate_hz: AtomicU64,
}

impl Default for SignalTaps {
    fn default() -> Self {
        Self {
            taps: Default::default(),
            history: OnceLock::new(),
            sample_rate_hz: AtomicU64::new(spec::UNPREPARED_RATE_HZ.to_bits()),
        }
    }
}

impl SignalTaps {
    /// The tap at a point, made if necessary. Not for the audio thread.
    #[must_use]
    pub fn at(&self, point: TapPoint) -> Arc<SignalTap> {
        let tap = self.taps[point as usize].get_or_init(SignalTap::new);
        // Once `prepare` can see the tap: whichever comes last, the rate is the newest.
        tap.prepare(f64::from_bits(self.sample_rate_hz.load(SeqCst)));
        Arc::clone(tap)
    }

    /// The history, made if necessary. Not for the audio thread.
    #[must_use]
    pub fn history(&self) -> Arc<LoudnessHistory> {
        Arc::clone(self.history.get_or_init(Arc::default))
    }

    /// Adopts the rate of the frames to come.
    pub fn prepare(&self, sample_rate_hz: f64) {
        self.sample_rate_hz.store(sample_rate_hz.to_bits(), SeqCst);
        self.taps.iter().filter_map(OnceLock::get).for_each(|tap| tap.prepare(sample_rate_hz));
    }

    /// Whether the tap at a point was made.
    pub fn is_open(&self, point: TapPoint) -> bool {
        self.taps[point as usize].get().is_some()
    }

    /// Whether any tap was made.
    pub fn any_open(&self) -> bool {
        self.taps.iter().any(|tap| tap.get().is_some())
    }

    /// Pushes a block into the tap at a point, if there is one. From the audio thread and from one thread only.
    pub fn push(&self, point: TapPoint, block: &[Frame]) {
        if let Some(tap) = self.taps[point as usize].get() {
            tap.push(block);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::meter::tap::TapReader;

    #[test]
    fn a_tap_is_made_on_demand_and_knows_the_rate() {
        let taps = SignalTaps::default();
        taps.prepare(96_000.0);
        taps.push(TapPoint::Post, &[[0.5; 2]; 8]);
        let tap = taps.at(TapPoint::Post);
        assert_eq!((tap.sample_rate_hz(), tap.taken()), (96_000.0, 0));
        taps.prepare(44_100.0);
        assert_eq!((tap.sample_rate_hz(), taps.at(TapPoint::Post).sample_rate_hz()), (44_100.0, 44_100.0));
        let mut frames = Vec::new();
        let mut reader = TapReader::new(tap);
        reader.read(&mut frames);
        taps.push(TapPoint::Pre, &[[0.25; 2]; 8]);
        taps.push(TapPoint::Post, &[[0.5; 2]; 8]);
        reader.read(&mut frames);
        assert_eq!(frames, [[0.5; 2]; 8]);
    }
}

//! What an editor may look at: taps around the equaliser (in front of it, behind it, in its sidechain), one behind the
//! whole chain, and the history of the loudness.
//!
//! Taps are large, and most equalisers are never looked at: they are made when somebody looks for the first time, by
//! whoever looks. Until then the audio thread finds nothing there and goes on.

use super::tap::SignalTap;
use crate::meter::loudness_history::LoudnessHistory;
use crate::{Frame, spec};
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, OnceLock};

/// A place in a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TapPoint {
    /// In front of it.
    Pre,
    /// Behind it.
    Post,
    /// The sidechain.
    Key,
    /// Behind the whole chain.
    Out,
}

/// The taps of a chain. They outlive it, so that an editor may go on looking when a host activates the plugin anew.
#[derive(Debug)]
pub struct SignalTaps {
    made: [OnceLock<Arc<SignalTap>>; 4],
    history: OnceLock<Arc<LoudnessHistory>>,
    sample_rate_hz: AtomicU64,
}

impl Default for SignalTaps {
    fn default() -> Self {
        Self {
            made: Default::default(),
            history: OnceLock::new(),
            sample_rate_hz: AtomicU64::new(spec::UNPREPARED_RATE_HZ.to_bits()),
        }
    }
}

impl SignalTaps {
    /// The tap at a place, made if it is not there yet. Not for the audio thread.
    #[must_use]
    pub fn at(&self, place: TapPoint) -> Arc<SignalTap> {
        let tap = self.made[place as usize].get_or_init(SignalTap::new);
        // After it has become visible to `prepare`: whichever comes last, the rate is the newest.
        tap.prepare(f64::from_bits(self.sample_rate_hz.load(SeqCst)));
        Arc::clone(tap)
    }

    /// The history, made if it is not there yet. Not for the audio thread.
    #[must_use]
    pub fn history(&self) -> Arc<LoudnessHistory> {
        Arc::clone(self.history.get_or_init(Arc::default))
    }

    /// Says at which rate frames will come.
    pub fn prepare(&self, sample_rate_hz: f64) {
        self.sample_rate_hz.store(sample_rate_hz.to_bits(), SeqCst);
        self.made.iter().filter_map(OnceLock::get).for_each(|tap| tap.prepare(sample_rate_hz));
    }

    /// Runs an equaliser over a block, and takes what it gets and gives; without taps, runs it alone. From the audio
    /// thread and from one thread only.
    pub fn process_tapped(
        taps: Option<&Self>,
        block: &mut [Frame],
        key: Option<&[Frame]>,
        eq: impl FnOnce(&mut [Frame]),
    ) {
        if let Some(taps) = taps {
            taps.push(TapPoint::Pre, block);
            taps.push(TapPoint::Key, key.unwrap_or_default());
        }
        eq(block);
        if let Some(taps) = taps {
            taps.push(TapPoint::Post, block);
        }
    }

    /// Whether somebody has looked at a place.
    pub fn is_open(&self, place: TapPoint) -> bool {
        self.made[place as usize].get().is_some()
    }

    /// Whether somebody has looked anywhere.
    pub fn any_open(&self) -> bool {
        self.made.iter().any(|tap| tap.get().is_some())
    }

    /// Takes a block at a place if somebody looks there. From the audio thread and from one thread only.
    pub fn push(&self, place: TapPoint, block: &[Frame]) {
        if let Some(tap) = self.made[place as usize].get() {
            tap.push(block);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::meter::tap::TapReader;

    #[test]
    fn a_tap_is_made_by_who_looks_and_knows_the_rate_whenever_that_is() {
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

//! Bypass of a whole chain: the dry signal, delayed as much as the wet one, faded in without a click.

use crate::{Frame, delay::Delay, smooth::Smoothed};

/// The dry path beside a chain.
#[derive(Clone, Debug)]
pub(super) struct Bypass {
    dry: Delay,
    /// Share of the wet signal.
    wet: Smoothed,
}

impl Bypass {
    /// At rest, bypassed or not; delays up to `capacity` frames.
    pub(super) fn new(bypassed: bool, capacity: usize) -> Self {
        Self { dry: Delay::new(capacity), wet: Smoothed::new(share(bypassed)) }
    }

    /// Learns the rate and the latency of the wet path, then resets.
    pub(super) fn prepare(&mut self, sample_rate_hz: f64, capacity: usize) {
        self.dry = Delay::new(capacity);
        self.wet.prepare(sample_rate_hz);
    }

    /// Forgets the past and takes the latency the wet path now has.
    pub(super) fn reset(&mut self, latency_frames: usize) {
        self.dry.set_frames(latency_frames);
        self.dry.reset();
        self.wet.reset();
    }

    /// Bypassed or not, from here on.
    pub(super) fn set(&mut self, bypassed: bool) {
        self.wet.set(share(bypassed));
    }

    /// Mixes what the chain made of the block (`wet`) with what went in (`dry`, kept for later).
    pub(super) fn process(&mut self, wet: &mut [Frame], dry: &[Frame]) {
        if self.wet.is_settled() && self.wet.value() >= 1.0 {
            return self.dry.feed(dry);
        }
        for (wet, dry) in wet.iter_mut().zip(dry) {
            let dry = self.dry.tick(*dry);
            let share = self.wet.tick();
            if share <= 0.0 {
                *wet = dry;
            } else if share < 1.0 {
                *wet = [0, 1].map(|lane| dry[lane] + share * (wet[lane] - dry[lane]));
            }
        }
    }
}

fn share(bypassed: bool) -> f64 {
    if bypassed { 0.0 } else { 1.0 }
}

//! Bypass of a whole chain: the dry signal, delayed as much as the wet one, faded in without a click.

use super::io::CHUNK;
use crate::{Frame, delay::Delay, smooth::Smoothed};

/// The dry path beside a chain.
#[derive(Clone, Debug)]
pub(super) struct Bypass {
    dry: Delay,
    /// The dry signal beside the chunk that is in the chain, while it is heard.
    kept: Vec<Frame>,
    /// Share of the wet signal.
    wet: Smoothed,
}

impl Bypass {
    /// At rest, bypassed or not; delays up to `capacity` frames.
    pub(super) fn new(bypassed: bool, capacity: usize) -> Self {
        Self { dry: Delay::new(capacity), kept: Vec::new(), wet: Smoothed::new(share(bypassed)) }
    }

    /// Learns the rate and the latency of the wet path, then resets.
    pub(super) fn prepare(&mut self, sample_rate_hz: f64, capacity: usize) {
        self.dry = Delay::new(capacity);
        self.kept = vec![[0.0; 2]; CHUNK];
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

    /// Whether both ways are the same, and none is to be kept.
    pub(super) fn rests(&self) -> bool {
        self.dry.frames() == 0 && self.wet.is_settled()
    }

    fn is_wet(&self) -> bool {
        self.wet.is_settled() && self.wet.value() >= 1.0
    }

    /// Takes a chunk as it goes into the chain.
    pub(super) fn keep(&mut self, chunk: &[Frame]) {
        if self.is_wet() {
            return self.dry.feed(chunk);
        }
        let kept = &mut self.kept[..chunk.len()];
        kept.copy_from_slice(chunk);
        self.dry.process(kept);
    }

    /// Mixes what the chain made of that chunk with what went in.
    pub(super) fn mix(&mut self, chunk: &mut [Frame]) {
        if self.is_wet() {
            return;
        }
        for (wet, dry) in chunk.iter_mut().zip(&self.kept) {
            let share = self.wet.tick();
            if share <= 0.0 {
                *wet = *dry;
            } else if share < 1.0 {
                *wet = [0, 1].map(|lane| dry[lane] + share * (wet[lane] - dry[lane]));
            }
        }
    }
}

fn share(bypassed: bool) -> f64 {
    if bypassed { 0.0 } else { 1.0 }
}

//! Bypass of a whole chain: the dry signal, delayed as much as the wet one, faded in without a click.

use super::io::CHUNK;
use super::pending::Pending;
use crate::{Frame, delay::Delay, smooth::Smoothed};

/// The dry path beside a chain.
#[derive(Clone, Debug)]
pub(super) struct Bypass {
    dry: Delay,
    /// The dry signal beside the chunk that is in the chain, while it is used.
    kept: Vec<Frame>,
    /// Share of the wet signal.
    wet: Smoothed,
    newest: bool,
    pending: Pending<bool>,
    /// Whether the chunk that is in the chain is to be mixed with the dry signal.
    mixes: bool,
}

impl Bypass {
    /// Settled, bypassed or not.
    pub(super) fn new(bypassed: bool) -> Self {
        Self {
            dry: Delay::new(0),
            kept: Vec::new(),
            wet: Smoothed::new(share(bypassed)),
            newest: bypassed,
            pending: Pending::new(),
            mixes: false,
        }
    }

    /// Learns the rate and the longest latency of the wet path. Allocates.
    pub(super) fn prepare(&mut self, sample_rate_hz: f64, capacity: usize) {
        self.dry = Delay::new(capacity);
        self.kept = vec![[0.0; 2]; CHUNK];
        self.wet.prepare(sample_rate_hz);
    }

    /// Makes room for changes to wait so long. Allocates.
    pub(super) fn reserve(&mut self, delay_frames: usize) {
        self.pending.reserve(delay_frames);
    }

    /// Forgets the past, takes the latency that the wet path now has, and settles on the newest setting.
    pub(super) fn reset(&mut self, latency_frames: usize) {
        self.dry.set_frames(latency_frames);
        self.dry.reset();
        self.pending.clear();
        self.pending.set_delay(latency_frames);
        self.wet.set(share(self.newest));
        self.wet.reset();
    }

    /// Bypassed or not, from the sound on that is at the chain's input at frame `now`.
    pub(super) fn set(&mut self, bypassed: bool, now: u64) {
        if bypassed != self.newest {
            self.newest = bypassed;
            if self.pending.is_direct() {
                self.wet.set(share(bypassed));
            } else {
                self.pending.push(now, bypassed);
            }
        }
    }

    /// Whether both paths are the same and neither has to run.
    pub(super) fn is_idle(&self) -> bool {
        self.dry.frames() == 0 && self.wet.is_settled() && self.pending.is_direct()
    }

    /// Takes a chunk as it goes into the chain at frame `now`.
    pub(super) fn keep(&mut self, chunk: &[Frame], now: u64) {
        let is_wet = self.wet.is_settled() && self.wet.value() >= 1.0;
        self.mixes = !is_wet || self.pending.next_due().is_some_and(|due| due < now + chunk.len() as u64);
        if self.mixes {
            let kept = &mut self.kept[..chunk.len()];
            kept.copy_from_slice(chunk);
            self.dry.process(kept);
        } else {
            self.dry.feed(chunk);
        }
    }

    /// Mixes what the chain made of that chunk with what went in.
    pub(super) fn mix(&mut self, chunk: &mut [Frame], now: u64) {
        if !self.mixes {
            return;
        }
        for (n, (wet, dry)) in chunk.iter_mut().zip(&self.kept).enumerate() {
            if self.pending.next_due().is_some_and(|due| due <= now + n as u64)
                && let Some(bypassed) = self.pending.take_due(now + n as u64)
            {
                self.wet.set(share(bypassed));
            }
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

//! A stage in its place in a chain.

use super::pending::Pending;
use super::stage::Stage;
use crate::{Frame, Spec};

/// A stage, and the settings that are on their way to it.
#[derive(Clone, Debug)]
pub(super) struct Slot<S: Stage> {
    pub(super) stage: S,
    newest: S::Settings,
    pending: Pending<S::Settings>,
}

impl<S: Stage> Slot<S> {
    /// A stage that was made with these settings.
    pub(super) fn new(stage: S, settings: S::Settings) -> Self {
        Self { stage, newest: settings, pending: Pending::new() }
    }

    /// Sets the stage, now or when the sound of frame `now` arrives. Returns whether something waits.
    pub(super) fn set(&mut self, settings: S::Settings, now: u64) -> bool {
        if settings != self.newest {
            self.newest = settings;
            if self.pending.is_direct() {
                self.stage.set(settings);
            } else {
                self.pending.push(now, settings);
            }
        }
        !self.pending.is_direct()
    }
}

/// What a chain does with any of its slots.
pub(super) trait AnySlot {
    /// Prepares the stage with the newest settings.
    fn prepare(&mut self, spec: Spec);
    /// Resets the stage with the newest settings; nothing waits any more.
    fn reset(&mut self);
    /// Makes room for settings to wait so long. Allocates.
    fn reserve(&mut self, delay_frames: usize);
    /// How late settings act from now on: the latency in front of the stage.
    fn set_delay(&mut self, delay_frames: usize);
    /// Sets the stage to what is due at frame `now`. Returns when the next settings are due.
    fn apply_due(&mut self, now: u64) -> Option<u64>;
    /// Processes a block, or skips it if the stage is idle.
    fn step(&mut self, block: &mut [Frame], key: Option<&[Frame]>);
    /// Whether the stage is idle and no settings wait.
    fn is_idle(&self) -> bool;
    /// See [`Stage::skip`].
    fn skip(&mut self, frames: usize);
    /// Whether the stage uses the sidechain, or may once settings that wait arrive.
    fn uses_sidechain(&self) -> bool;
    /// See [`Stage::latency_frames`].
    fn latency_frames(&self) -> usize;
    /// The latency that a reset would adopt.
    fn pending_latency_frames(&self) -> usize;
    /// See [`Stage::max_latency_frames`].
    fn max_latency_frames(&self) -> usize;
}

impl<S: Stage> AnySlot for Slot<S> {
    fn prepare(&mut self, spec: Spec) {
        self.pending.clear();
        self.stage.set(self.newest);
        self.stage.prepare(spec);
    }

    fn reset(&mut self) {
        self.pending.clear();
        self.stage.set(self.newest);
        self.stage.reset();
    }

    fn reserve(&mut self, delay_frames: usize) {
        self.pending.reserve(delay_frames);
    }

    fn set_delay(&mut self, delay_frames: usize) {
        self.pending.set_delay(delay_frames);
    }

    fn apply_due(&mut self, now: u64) -> Option<u64> {
        if let Some(settings) = self.pending.take_due(now) {
            self.stage.set(settings);
        }
        self.pending.next_due()
    }

    fn step(&mut self, block: &mut [Frame], key: Option<&[Frame]>) {
        if self.stage.is_idle() {
            self.stage.skip(block.len());
        } else {
            self.stage.process(block, key);
        }
    }

    fn is_idle(&self) -> bool {
        self.stage.is_idle() && self.pending.next_due().is_none()
    }

    fn skip(&mut self, frames: usize) {
        self.stage.skip(frames);
    }

    fn uses_sidechain(&self) -> bool {
        self.stage.uses_sidechain() || self.pending.next_due().is_some()
    }

    fn latency_frames(&self) -> usize {
        self.stage.latency_frames()
    }

    fn pending_latency_frames(&self) -> usize {
        self.stage.latency_frames_for(&self.newest)
    }

    fn max_latency_frames(&self) -> usize {
        self.stage.max_latency_frames()
    }
}

//! The running saturation.

use super::settings::Settings;
use super::wet::Wet;
use crate::chain::stage::Stage;
use crate::delay::Delay;
use crate::frame::sanitise;
use crate::oversample::{CHUNK, Factor};
use crate::{Frame, Spec};

/// A running saturation.
#[derive(Clone, Debug)]
pub struct Saturation {
    wet: Wet,
    dry: Delay,
}

impl Saturation {
    /// At rest on its settings.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        let mut new = Self { wet: Wet::new(settings), dry: Delay::new(Factor::MAX_LATENCY_FRAMES) };
        new.reset();
        new
    }
}

impl Stage for Saturation {
    type Settings = Settings;

    /// Learns the rate, then resets.
    fn prepare(&mut self, spec: Spec) {
        self.wet.prepare(spec.sample_rate_hz);
        self.reset();
    }

    /// Forgets the past and adopts the oversampling.
    fn reset(&mut self) {
        self.wet.reset();
        self.dry.set_frames(self.wet.latency_frames());
        self.dry.reset();
    }

    /// New targets.
    fn set(&mut self, settings: Settings) {
        self.wet.set(settings);
    }

    /// Saturates in place.
    fn process(&mut self, block: &mut [Frame], _key: Option<&[Frame]>) {
        for chunk in block.chunks_mut(CHUNK) {
            chunk.iter_mut().for_each(|frame| *frame = sanitise(*frame));
            let mut frames = [[0.0; 2]; CHUNK];
            let frames = &mut frames[..chunk.len()];
            frames.copy_from_slice(chunk);
            self.dry.process(chunk);
            self.wet.process(frames, chunk);
        }
    }

    /// Whether it does nothing until something is set, and need not be given frames that are numbers.
    fn is_idle(&self) -> bool {
        !self.wet.is_running() && self.dry.frames() == 0
    }

    /// Delay between input and output, of the oversampling adopted by the last `reset`.
    fn latency_frames(&self) -> usize {
        self.wet.latency_frames()
    }

    /// Delay that the next `reset` will adopt: differs from [`Self::latency_frames`] after a structural change.
    fn latency_frames_for(&self, settings: &Settings) -> usize {
        settings.latency_frames()
    }

    /// Delay of the highest oversampling, for sizing what runs beside it.
    fn max_latency_frames(&self) -> usize {
        Factor::MAX_LATENCY_FRAMES
    }
}

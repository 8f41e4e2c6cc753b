//! Changing the order of two stages without a click: their share fades out, they change places, it fades in.

use crate::{Frame, smooth::Smoothed};

/// Fade between the old order and the new one.
#[derive(Clone, Debug)]
pub(super) struct Swap<O> {
    active: O,
    wanted: O,
    /// Share of the two stages in the output; the rest is what went into them.
    wet: Smoothed,
}

impl<O: Copy + PartialEq> Swap<O> {
    /// At rest in an order.
    pub(super) fn new(order: O) -> Self {
        Self { active: order, wanted: order, wet: Smoothed::new(1.0) }
    }

    /// Learns the rate, then resets.
    pub(super) fn prepare(&mut self, sample_rate_hz: f64) {
        self.wet.prepare(sample_rate_hz);
        self.reset();
    }

    /// Rests in the wanted order.
    pub(super) fn reset(&mut self) {
        self.active = self.wanted;
        self.wet.set(1.0);
        self.wet.reset();
    }

    /// Asks for an order.
    pub(super) fn set(&mut self, order: O) {
        self.wanted = order;
        self.wet.set(if order == self.active { 1.0 } else { 0.0 });
    }

    /// Whether no change of places is under way.
    pub(super) fn rests(&self) -> bool {
        self.wet.is_settled() && self.active == self.wanted
    }

    /// Runs both stages over the block. While fading, `run` is called frame by frame, so that the change of places
    /// falls on the same frame however the block was cut.
    pub(super) fn process(&mut self, block: &mut [Frame], mut run: impl FnMut(O, usize, &mut [Frame])) {
        if self.rests() {
            return run(self.active, 0, block);
        }
        for (at, frame) in block.iter_mut().enumerate() {
            let dry = *frame;
            run(self.active, at, core::slice::from_mut(frame));
            let wet = self.wet.tick();
            *frame = [0, 1].map(|lane| dry[lane] + wet * (frame[lane] - dry[lane]));
            if self.wet.is_settled() && self.active != self.wanted {
                self.active = self.wanted;
                self.wet.set(1.0);
            }
        }
    }
}

//! Changing the order of sections without a click.
//!
//! Two paths of equal latency stand beside each other: the sections, and what goes into them, delayed as much. The
//! output fades from the first to the second; there the sections change places, and what was between them drains; then it
//! fades back. The control acts when the sound arrives that went in when it was set.

use super::io::CHUNK;
use super::order::{Order, Section};
use crate::{Frame, delay::Delay, smooth::Smoothed};

/// Where a change of order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// No change is under way.
    Settled,
    /// The delayed path fills, for so many frames.
    Fill(usize),
    /// The output fades to the delayed path.
    Out,
    /// The sections have changed places and drain, for so many frames.
    Drain(usize),
    /// The output fades back to the sections.
    In,
}

/// The order of `N` sections and its changes.
#[derive(Clone, Debug)]
pub(super) struct Reorder<S, const N: usize> {
    active: Order<S, N>,
    wanted: Order<S, N>,
    step: Step,
    /// Share of the sections in the output.
    share: Smoothed,
    dry: Delay,
    latency_frames: usize,
}

impl<S: Section, const N: usize> Reorder<S, N> {
    /// At rest in an order.
    pub(super) fn new(order: Order<S, N>) -> Self {
        let share = Smoothed::new(1.0);
        Self { active: order, wanted: order, step: Step::Settled, share, dry: Delay::new(0), latency_frames: 0 }
    }

    /// Makes room for latencies of the sections up to `capacity`. Allocates.
    pub(super) fn prepare(&mut self, sample_rate_hz: f64, capacity: usize) {
        self.share.prepare(sample_rate_hz);
        self.dry = Delay::new(capacity);
    }

    /// Settles in the wanted order.
    pub(super) fn settle(&mut self) {
        self.active = self.wanted;
        self.step = Step::Settled;
        self.share.set(1.0);
        self.share.reset();
    }

    /// Takes the latency that the sections now have together.
    pub(super) fn reset(&mut self, latency_frames: usize) {
        self.latency_frames = latency_frames;
        self.dry.set_frames(latency_frames);
        self.dry.reset();
    }

    /// Asks for an order.
    pub(super) fn set(&mut self, order: Order<S, N>) {
        self.wanted = order;
        if self.step == Step::Settled && self.wanted != self.active {
            self.dry.reset();
            self.step = Step::Fill(self.latency_frames);
            self.advance();
        }
    }

    /// The order in which the sections run.
    pub(super) fn active(&self) -> &[S; N] {
        self.active.sections()
    }

    /// Whether no change is under way.
    pub(super) fn is_settled(&self) -> bool {
        self.step == Step::Settled
    }

    /// Frames until the next step of a change.
    pub(super) fn frames_to_step(&self) -> usize {
        match self.step {
            Step::Settled => usize::MAX,
            Step::Fill(frames) | Step::Drain(frames) => frames,
            Step::Out | Step::In => self.share.frames_left(),
        }
    }

    /// While a change is under way: mixes what the sections made of a piece with `dry`, what went into them. A piece ends at
    /// [`Self::frames_to_step`] at the latest. Returns whether the sections have changed places behind it.
    pub(super) fn mix(&mut self, wet: &mut [Frame], dry: &mut [Frame]) -> bool {
        self.dry.process(dry);
        match &mut self.step {
            Step::Settled => {}
            Step::Fill(frames) => *frames -= wet.len(),
            Step::Drain(frames) => {
                *frames -= wet.len();
                wet.copy_from_slice(dry);
            }
            Step::Out | Step::In => {
                let mut shares = [0.0; CHUNK];
                self.share.run(&mut shares[..wet.len()]);
                for ((wet, dry), share) in wet.iter_mut().zip(dry).zip(shares) {
                    // Flat at both ends, so that the fade has no corners to be heard.
                    let share = share * share * (3.0 - 2.0 * share);
                    *wet = [0, 1].map(|lane| dry[lane] + share * (wet[lane] - dry[lane]));
                }
            }
        }
        self.advance()
    }

    /// Goes to the next step where one has ended. Returns whether the sections have changed places.
    fn advance(&mut self) -> bool {
        let mut swapped = false;
        while self.frames_to_step() == 0 {
            self.step = match self.step {
                Step::Settled => Step::Settled,
                Step::Fill(_) => self.fade(0.0),
                Step::Out if self.wanted == self.active => self.fade(1.0),
                Step::Out => {
                    (self.active, swapped) = (self.wanted, true);
                    Step::Drain(self.latency_frames)
                }
                Step::Drain(_) => self.fade(1.0),
                Step::In if self.wanted == self.active => Step::Settled,
                Step::In => self.fade(0.0),
            };
        }
        swapped
    }

    fn fade(&mut self, share: f64) -> Step {
        self.share.set(share);
        if share > 0.0 { Step::In } else { Step::Out }
    }
}

//! Parameters that move in 20 ms: frame by frame, or in straight lines between the ticks of the control grid.

use super::reduction::RunValues;
use crate::smooth::{CONTROL_FRAMES, Smoothed};
use core::ops::Range;

/// The values of parameters at each frame of a run.
pub(super) type Values<const N: usize> = [RunValues; N];

/// Parameters by their places. Those that turn a processor on come first: the others are not heard while it is off.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ramps<const N: usize>([Smoothed; N]);

impl<const N: usize> Ramps<N> {
    /// Settled on the targets.
    pub(super) fn new(targets: [f64; N]) -> Self {
        Self(targets.map(Smoothed::new))
    }

    pub(super) fn prepare(&mut self, sample_rate_hz: f64) {
        self.0.iter_mut().for_each(|ramp| ramp.prepare(sample_rate_hz));
    }

    pub(super) fn set(&mut self, targets: [f64; N]) {
        self.0.iter_mut().zip(targets).for_each(|(ramp, target)| ramp.set(target));
    }

    /// Settles those from a place on.
    pub(super) fn settle_from(&mut self, first: usize) {
        self.0[first..].iter_mut().for_each(Smoothed::reset);
    }

    #[inline(always)]
    pub(super) fn value(&self, place: usize) -> f64 {
        self.0[place].value()
    }

    /// Whether all of those places have settled.
    pub(super) fn are_settled(&self, places: Range<usize>) -> bool {
        self.0[places].iter().all(Smoothed::is_settled)
    }

    /// Advances one by as many frames as `values` takes, and writes its values.
    #[inline(always)]
    pub(super) fn run(&mut self, place: usize, values: &mut [f64]) {
        self.0[place].run(values);
    }

    pub(super) fn skip(&mut self, place: usize, frames: usize) {
        self.0[place].skip(frames);
    }
}

/// A parameter from one control tick to the next.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    pub(super) from: f64,
    pub(super) to: f64,
}

impl Line {
    /// Where it is when so much of the way is left ([`frames_left`]): exactly there at the end.
    #[inline(always)]
    pub(super) fn at(&self, left: f64) -> f64 {
        self.to + left * (self.from - self.to)
    }

    /// Whether it does not move.
    #[inline(always)]
    pub(super) fn is_still(&self) -> bool {
        self.from == self.to
    }

    /// Whether it is 0 all the way.
    #[inline(always)]
    pub(super) fn is_zero(&self) -> bool {
        self.from == 0.0 && self.to == 0.0
    }
}

/// Share of the way that is left at a frame: the first after a control tick is frame 0.
#[inline(always)]
pub(super) fn frames_left(frame: usize) -> f64 {
    1.0 - (frame + 1) as f64 * (1.0 / CONTROL_FRAMES as f64)
}

/// Parameters that go straight from one control tick to the next.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lines<const N: usize> {
    ramps: Ramps<N>,
    from: [f64; N],
    to: [f64; N],
    /// Whether nothing moves nor is about to.
    settled: bool,
    /// Whether any of them moves in this control step.
    pub(super) moving: bool,
}

impl<const N: usize> Lines<N> {
    /// Settled on the targets.
    pub(super) fn new(targets: [f64; N]) -> Self {
        Self { ramps: Ramps::new(targets), from: targets, to: targets, settled: false, moving: false }
    }

    pub(super) fn prepare(&mut self, sample_rate_hz: f64) {
        self.ramps.prepare(sample_rate_hz);
    }

    pub(super) fn set(&mut self, targets: [f64; N]) {
        self.settled = false;
        self.ramps.set(targets);
    }

    /// Settles those from a place on, and shows all where they are.
    pub(super) fn settle_from(&mut self, first: usize) {
        self.ramps.settle_from(first);
        self.to = self.ramps.0.map(|ramp| ramp.value());
        (self.from, self.moving) = (self.to, false);
    }

    /// A control tick: the lines run from here to the values at the next.
    pub(super) fn control(&mut self) {
        if self.settled {
            return;
        }
        self.from = self.to;
        self.moving = false;
        for (to, ramp) in self.to.iter_mut().zip(&mut self.ramps.0) {
            if !ramp.is_settled() {
                *to = ramp.skip(CONTROL_FRAMES);
                self.moving = true;
            }
        }
        self.settled = !self.moving;
    }

    /// From this control tick to the next.
    #[inline(always)]
    pub(super) fn line(&self, place: usize) -> Line {
        Line { from: self.from[place], to: self.to[place] }
    }

    /// Whether all have settled and the one at a place is 0.
    pub(super) fn is_settled_on_zero(&self, place: usize) -> bool {
        self.settled && self.to[place] == 0.0
    }
}

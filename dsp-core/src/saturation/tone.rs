//! Behind the curve: a tilt, and a high-pass that takes off the offset that a lopsided curve makes.

use crate::Frame;
use crate::gain_ramp::GainRamp;
use core::f64::consts::{PI, TAU};

/// Where the tilt leaves the level alone.
const PIVOT_HZ: f64 = 1000.0;

/// Frames of one look at the moving tilt: its numbers are made for several at once.
const LOOK: usize = 32;

/// (G·s + ω)/(s + G·ω): 1/G far below the pivot, 1 at it, G far above. As G + (1/G − G)·low, where `low` is a
/// trapezoidal one-pole low-pass, which stays stable while it moves.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tilt {
    level: GainRamp,
    /// tan(π·pivot/fs).
    warped: f64,
    coeffs: Coeffs,
    state: Frame,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Coeffs {
    high: f64,
    difference: f64,
    /// g/(1 + g) of the low-pass, which is that share of the way from its state to its input.
    step: f64,
}

impl Coeffs {
    #[inline(always)]
    fn design(high: f64, warped: f64) -> Self {
        let g = high * warped;
        Self { high, difference: 1.0 / high - high, step: g / (1.0 + g) }
    }

    /// One frame, with few operations between a state and the next: the state goes twice the low-pass's way.
    #[inline(always)]
    fn tick(&self, state: &mut Frame, x: Frame) -> Frame {
        let Self { high, difference, step } = *self;
        let (stay, twice) = (1.0 - 2.0 * step, 2.0 * step);
        let low = [state[0] + step * (x[0] - state[0]), state[1] + step * (x[1] - state[1])];
        *state = [stay * state[0] + twice * x[0], stay * state[1] + twice * x[1]];
        [high * x[0] + difference * low[0], high * x[1] + difference * low[1]]
    }
}

impl Tilt {
    pub(super) fn new(db: f64) -> Self {
        let level = GainRamp::new(db);
        Self { level, warped: 0.0, coeffs: Coeffs::design(level.gain(), 0.0), state: [0.0; 2] }
    }

    pub(super) fn prepare(&mut self, sample_rate_hz: f64) {
        self.warped = (PI * (PIVOT_HZ / sample_rate_hz).min(crate::filter::MAX_FREQ_NORM)).tan();
        self.level.prepare(sample_rate_hz);
        self.reset();
    }

    /// Forgets the past and rests on its target.
    pub(super) fn reset(&mut self) {
        self.level.reset();
        self.coeffs = Coeffs::design(self.level.gain(), self.warped);
        self.state = [0.0; 2];
    }

    pub(super) fn set(&mut self, db: f64) {
        self.level.set(db);
    }

    /// Whether it does nothing, and rests there.
    fn is_level(&self) -> bool {
        self.level.is_settled() && self.level.gain() == 1.0
    }
}

/// Tilts and takes off the offset, in place: in one go, so that one waits while the other does. Level, the tilt touches
/// nothing.
pub(super) fn process(tilt: &mut Tilt, offset: &mut OffsetFilter, frames: &mut [Frame]) {
    for frames in frames.chunks_mut(LOOK) {
        let (mut state, mut stands) = (tilt.state, offset.offset);
        if tilt.is_level() {
            // It starts from nothing when it moves again, as quietly.
            state = [0.0; 2];
            for frame in frames {
                *frame = offset.tick(&mut stands, *frame);
            }
        } else if tilt.level.is_settled() {
            let coeffs = tilt.coeffs;
            for frame in frames {
                *frame = offset.tick(&mut stands, coeffs.tick(&mut state, *frame));
            }
        } else {
            let mut gains = [1.0; LOOK];
            tilt.level.run(&mut gains[..frames.len()]);
            let mut coeffs = [tilt.coeffs; LOOK];
            coeffs.iter_mut().zip(gains).for_each(|(coeffs, gain)| *coeffs = Coeffs::design(gain, tilt.warped));
            tilt.coeffs = coeffs[frames.len() - 1];
            for (frame, coeffs) in frames.iter_mut().zip(&coeffs) {
                *frame = offset.tick(&mut stands, coeffs.tick(&mut state, *frame));
            }
        }
        (tilt.state, offset.offset) = (state, stands);
    }
}

/// Takes off what stands still.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct OffsetFilter {
    /// Part of the way to the input that the offset goes each frame.
    step: f64,
    offset: Frame,
}

impl OffsetFilter {
    /// Half the power at this frequency; at 20 Hz it is −0.26 dB.
    const CORNER_HZ: f64 = 5.0;

    pub(super) fn prepare(&mut self, sample_rate_hz: f64) {
        self.step = 1.0 - (-TAU * Self::CORNER_HZ / sample_rate_hz).exp();
        self.reset();
    }

    pub(super) fn reset(&mut self) {
        self.offset = [0.0; 2];
    }

    /// One frame.
    #[inline(always)]
    fn tick(&self, offset: &mut Frame, x: Frame) -> Frame {
        let (step, keep) = (self.step, 1.0 - self.step);
        let out = [x[0] - offset[0], x[1] - offset[1]];
        *offset = [keep * offset[0] + step * x[0], keep * offset[1] + step * x[1]];
        out
    }
}

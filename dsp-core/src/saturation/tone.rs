//! Behind the curve: a tilt, and a high-pass that takes off the offset that a lopsided curve makes.

use super::level::Level;
use crate::Frame;
use core::f64::consts::{PI, TAU};

/// Where the tilt leaves the level alone.
const PIVOT_HZ: f64 = 1000.0;

/// (G·s + ω)/(s + G·ω): 1/G far below the pivot, 1 at it, G far above. As G + (1/G − G)·low, where `low` is a
/// trapezoidal one-pole low-pass, which stays stable while it moves.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tilt {
    level: Level,
    /// tan(π·pivot/fs).
    warped: f64,
    coeffs: Coeffs,
    state: Frame,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Coeffs {
    high: f64,
    difference: f64,
    /// g/(1 + g) of the low-pass.
    step: f64,
}

impl Coeffs {
    fn design(high: f64, warped: f64) -> Self {
        let g = high * warped;
        Self { high, difference: 1.0 / high - high, step: g / (1.0 + g) }
    }
}

impl Tilt {
    pub(super) fn new(db: f64) -> Self {
        let level = Level::new(db);
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

    /// Tilts in place; level, nothing is touched.
    pub(super) fn process(&mut self, frames: &mut [Frame]) {
        for frame in frames {
            if !self.level.is_settled() {
                self.coeffs = Coeffs::design(self.level.tick(), self.warped);
            } else if self.level.gain() == 1.0 {
                // From here on it would do nothing; it starts from nothing when it moves again, as quietly.
                self.state = [0.0; 2];
                return;
            }
            let Coeffs { high, difference, step } = self.coeffs;
            for (x, state) in frame.iter_mut().zip(&mut self.state) {
                let rise = (*x - *state) * step;
                let low = *state + rise;
                *state = low + rise;
                *x = high * *x + difference * low;
            }
        }
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

    pub(super) fn process(&mut self, frames: &mut [Frame]) {
        let (step, keep) = (self.step, 1.0 - self.step);
        let mut offset = self.offset;
        for frame in frames {
            let x = *frame;
            *frame = [x[0] - offset[0], x[1] - offset[1]];
            offset = [keep * offset[0] + step * x[0], keep * offset[1] + step * x[1]];
        }
        self.offset = offset;
    }
}

//! The third harmonic of a field-effect transistor as gain element: it grows with the reduction.
//!
//! On a sine of peak A, x³ − ¾A²·x is its third harmonic alone. Here ¾A² is 3/2 of the running mean of x², so that the
//! level stays on the static curve. It is odd: no direct current. Only what lies below 4 kHz makes harmonics, so
//! little of what is above a sixth of the rate folds back: −64 dB below a 10 kHz tone at 48 kHz is the most.

use crate::Frame;
use crate::smooth::CONTROL_FRAMES;
use crate::units::one_pole_keep;
use std::f64::consts::TAU;

/// Share of x³ at full reduction: 0.25 % third harmonic when an input of −6 dBFS is reduced by 6 dB.
const AMOUNT: f64 = 0.08;
/// Corner above which harmonics fall off.
const CORNER_HZ: f64 = 4_000.0;
/// Time of the mean of x².
const MEAN_MS: f64 = 20.0;

/// The harmonics' state.
#[derive(Clone, Copy, Debug)]
pub(super) struct Harmonics {
    low_keep: f64,
    mean_keep: f64,
    low: Frame,
    mean: Frame,
}

impl Harmonics {
    pub(super) fn new(sample_rate_hz: f64) -> Self {
        let low_keep = one_pole_keep(1000.0 / (TAU * CORNER_HZ), sample_rate_hz);
        Self { low_keep, mean_keep: one_pole_keep(MEAN_MS, sample_rate_hz), low: [0.0; 2], mean: [0.0; 2] }
    }

    pub(super) fn forget(&mut self) {
        (self.low, self.mean) = ([0.0; 2], [0.0; 2]);
    }

    /// Computes the harmonics of a run whose channels are reduced by `gains`.
    #[inline(always)]
    pub(super) fn run(&mut self, input: &[Frame], gains: &[Frame], made: &mut [Frame]) {
        let mut means = [[0.0; 2]; CONTROL_FRAMES];
        let (mut low, mut mean) = (self.low, self.mean);
        // First the recursive part, frame by frame; then the rest, vectorised.
        for ((input, made), mean_then) in input.iter().zip(&mut *made).zip(&mut means) {
            for ch in 0..2 {
                low[ch] = low[ch] * self.low_keep + input[ch] * (1.0 - self.low_keep);
                mean[ch] = mean[ch] * self.mean_keep + low[ch] * low[ch] * (1.0 - self.mean_keep);
            }
            (*made, *mean_then) = (low, mean);
        }
        (self.low, self.mean) = (low, mean);
        let numbers = made.as_flattened_mut().iter_mut().zip(means.as_flattened()).zip(gains.as_flattened());
        for ((made, mean), gain) in numbers {
            let (x, square) = (*made, *made * *made);
            // The divisor is about 1 up to full scale; far above, it keeps the harmonics in proportion.
            let amount = AMOUNT * gain * (gain - 1.0).min(0.0) / (1.0 + mean + square);
            *made = amount * x * (square - 1.5 * mean);
        }
    }
}

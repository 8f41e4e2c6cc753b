//! Mean power of a key: two one-poles in series on x², as the peak of a sine with that power.
//!
//! Two, because the ripple that one leaves at twice the frequency would raise the level that the window holds. Two of
//! 5 ms leave 0.001 dB at 997 Hz and 0.1 dB at 107 Hz. They precede attack and release.

use crate::Frame;
use crate::units::one_pole_keep;

/// Time of each of the two one-poles.
const TIME_MS: f64 = 5.0;
/// Power of the lowest level, −200 dB: keeps the squares of silence from becoming denormal.
const FLOOR: f64 = 1e-20;

/// The running means.
#[derive(Clone, Copy, Debug)]
pub(super) struct Power {
    keep: f64,
    first: Frame,
    second: Frame,
}

impl Power {
    pub(super) fn new(sample_rate_hz: f64) -> Self {
        Self { keep: one_pole_keep(TIME_MS, sample_rate_hz), first: [0.0; 2], second: [0.0; 2] }
    }

    /// Settles on sines of these peaks.
    pub(super) fn rest_on(&mut self, peak: Frame) {
        self.first = peak.map(|peak| peak * peak);
        self.second = self.first;
    }

    /// Replaces a key by the peak of a sine with its power.
    #[inline(always)]
    pub(super) fn process(&mut self, key: &mut [Frame]) {
        let keep = self.keep;
        let (mut first, mut second) = (self.first, self.second);
        for frame in key {
            for ch in 0..2 {
                // Twice: a sine's power is half its squared peak.
                let square = 2.0 * frame[ch] * frame[ch];
                first[ch] = first[ch] * keep + (square * (1.0 - keep) + FLOOR);
                second[ch] = second[ch] * keep + first[ch] * (1.0 - keep);
                frame[ch] = second[ch].sqrt();
            }
        }
        (self.first, self.second) = (first, second);
    }
}

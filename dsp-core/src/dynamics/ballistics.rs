//! How fast a reduction follows its target: a branching one-pole in dB.
//!
//! Source: D. Giannoulis, M. Massberg, J. D. Reiss, "Digital Dynamic Range Compressor Design – A Tutorial and
//! Analysis", J. Audio Eng. Soc. 60 (2012), eq. 16, "smooth branching". After a step it is one exponential in dB, so
//! "the time to cover 63 %" is exactly its time constant, up and down. The paper's decoupled form rounds the release
//! by the attack and would miss that; what the decoupling is for, a target that ripples at twice the signal's
//! frequency, is kept from arising by the detector.

use crate::units::one_pole_keep;
use std::array::from_fn;

/// Distance in dB at which the target is taken as reached: 1e-10 of the signal, far below 24 bits. It lets a gate
/// that has opened, and a compressor that has let go, be exactly at 0 dB.
const REACHED_DB: f64 = 1e-9;

/// The smoothed reduction of each channel, with one time for rising and one for falling.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ballistics<const CH: usize> {
    rise_keep: f64,
    fall_keep: f64,
    reduction_db: [f64; CH],
}

impl<const CH: usize> Ballistics<CH> {
    /// At no reduction. Times are to cover 63 % of a step in dB: `rise_ms` towards more reduction (a compressor's
    /// attack, a gate's release), `fall_ms` towards less.
    #[must_use]
    pub fn new(rise_ms: f64, fall_ms: f64, sample_rate_hz: f64) -> Self {
        let mut ballistics = Self { rise_keep: 0.0, fall_keep: 0.0, reduction_db: [0.0; CH] };
        ballistics.set_times(rise_ms, fall_ms, sample_rate_hz);
        ballistics
    }

    /// New times from the next frame on.
    pub fn set_times(&mut self, rise_ms: f64, fall_ms: f64, sample_rate_hz: f64) {
        self.rise_keep = one_pole_keep(rise_ms, sample_rate_hz);
        self.fall_keep = one_pole_keep(fall_ms, sample_rate_hz);
    }

    /// Rests on a reduction.
    pub fn rest_on(&mut self, reduction_db: f64) {
        self.reduction_db = [reduction_db; CH];
    }

    /// One frame towards the targets; returns the reduction there, in dB.
    #[inline]
    pub fn tick(&mut self, target_db: [f64; CH]) -> [f64; CH] {
        // Step by step over all channels, so that each step is one packed operation; both ways, then one of them, so
        // that neither waits for the choice.
        let away_db: [f64; CH] = from_fn(|ch| self.reduction_db[ch] - target_db[ch]);
        let rising_db: [f64; CH] = from_fn(|ch| away_db[ch] * self.rise_keep);
        let falling_db: [f64; CH] = from_fn(|ch| away_db[ch] * self.fall_keep);
        let mut left_db: [f64; CH] = from_fn(|ch| if away_db[ch] < 0.0 { rising_db[ch] } else { falling_db[ch] });
        if left_db.iter().any(|left_db| left_db.abs() < REACHED_DB) {
            left_db = arrived(left_db);
        }
        self.reduction_db = from_fn(|ch| target_db[ch] + left_db[ch]);
        self.reduction_db
    }

    /// Reduction at the last frame, in dB.
    #[inline]
    #[must_use]
    pub fn reduction_db(&self) -> [f64; CH] {
        self.reduction_db
    }
}

/// What is near enough is there. Rare, and apart, so that no other frame waits for the question.
#[cold]
#[inline(never)]
fn arrived<const CH: usize>(left_db: [f64; CH]) -> [f64; CH] {
    left_db.map(|left_db| if left_db.abs() < REACHED_DB { 0.0 } else { left_db })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What an exponential has covered after its time constant: 1 − 1/e.
    const COVERED: f64 = 0.632_120_558_828_557_7;

    #[test]
    fn covers_63_percent_of_a_step_in_its_time() {
        for rate in [8_000.0, 44_100.0, 192_000.0] {
            let mut ballistics = Ballistics::<1>::new(10.0, 200.0, rate);
            let frames = |ms: f64| (ms * rate / 1000.0) as usize;
            for _ in 0..frames(10.0) {
                ballistics.tick([20.0]);
            }
            // 1e-9: rounding over up to 38,400 frames; both times are whole frames at these rates.
            assert!((ballistics.reduction_db()[0] - 20.0 * COVERED).abs() < 1e-9);
            ballistics.rest_on(20.0);
            for _ in 0..frames(200.0) {
                ballistics.tick([5.0]);
            }
            assert!((ballistics.reduction_db()[0] - (20.0 - 15.0 * COVERED)).abs() < 1e-9);
        }
    }

    #[test]
    fn arrives_exactly() {
        let mut ballistics = Ballistics::<2>::new(1.0, 1.0, 48_000.0);
        // 23 time constants reach 1e-9 dB from 12 dB; 30 ms is 30 of them.
        for _ in 0..1440 {
            ballistics.tick([12.0, 0.0]);
        }
        assert_eq!(ballistics.reduction_db(), [12.0, 0.0]);
        for _ in 0..1440 {
            ballistics.tick([0.0, 12.0]);
        }
        assert_eq!(ballistics.reduction_db(), [0.0, 12.0]);
    }
}

//! What a filter does to a steady sine: a complex gain.

use crate::units::{FLOOR_DB, gain_to_db};
use core::f64::consts::PI;

/// Complex gain at one frequency.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Response {
    /// Real part.
    pub re: f64,
    /// Imaginary part.
    pub im: f64,
}

impl Response {
    /// What doing nothing does.
    pub const UNITY: Self = Self { re: 1.0, im: 0.0 };

    /// Magnitude in dB, not below [`FLOOR_DB`], so that sums of several stay finite.
    #[must_use]
    pub fn gain_db(self) -> f64 {
        gain_to_db(self.re.hypot(self.im)).max(FLOOR_DB)
    }

    /// Phase, −π to π; negative is late.
    #[must_use]
    pub fn phase_rad(self) -> f64 {
        self.im.atan2(self.re)
    }

    /// This and then another in series.
    #[must_use]
    pub fn then(self, next: Self) -> Self {
        Self { re: self.re * next.re - self.im * next.im, im: self.re * next.im + self.im * next.re }
    }

    /// One complex number over another.
    pub(crate) fn ratio([nr, ni]: [f64; 2], [dr, di]: [f64; 2]) -> Self {
        let power = dr * dr + di * di;
        Self { re: (nr * dr + ni * di) / power, im: (ni * dr - nr * di) / power }
    }
}

/// Sine and cosine of π f / fs: a frequency as the bilinear transform sees it, without its pole at Nyquist.
/// Frequencies beyond Nyquist are taken as Nyquist.
pub(super) fn half_angle(freq_hz: f64, sample_rate_hz: f64) -> (f64, f64) {
    (PI * (freq_hz / sample_rate_hz).clamp(0.0, 0.5)).sin_cos()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn series_multiplies_gains_and_adds_phases() {
        let a = Response { re: 0.0, im: 2.0 };
        let b = Response { re: 3.0, im: 0.0 };
        let both = a.then(b);
        assert_eq!(both, Response { re: 0.0, im: 6.0 });
        assert!((both.gain_db() - a.gain_db() - b.gain_db()).abs() < 1e-12); // rounding of three logarithms
        assert_eq!(both.phase_rad(), PI / 2.0);
        assert_eq!(Response { re: 0.0, im: 0.0 }.gain_db(), FLOOR_DB);
        assert_eq!(Response::ratio([0.0, 6.0], [0.0, 2.0]), Response { re: 3.0, im: 0.0 });
    }
}

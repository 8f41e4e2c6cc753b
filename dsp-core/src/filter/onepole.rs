//! First-order low and high cut, trapezoidal.
//!
//! Source: V. Zavalishin, "The Art of VA Filter Design", rev. 2.1.2, ch. 3 (TPT one-pole); `g` and `s` are the
//! book's names. Stable under modulation: coefficients may change at any frame.

use super::glide::Blend;
use super::response::{Response, half_angle};
use super::warp;
use crate::Frame;

/// Which side a first-order filter removes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Removes what lies below (a high pass).
    LowCut,
    /// Removes what lies above (a low pass).
    HighCut,
}

/// What the filter runs on: output = m0 · input + m1 · low pass.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Coeffs {
    g: f64,
    /// g / (1 + g).
    share: f64,
    m: [f64; 2],
}

impl Coeffs {
    /// The filter that is 3 dB down at `freq_hz`.
    #[must_use]
    pub fn design(shape: Shape, freq_hz: f64, sample_rate_hz: f64) -> Self {
        let m = match shape {
            Shape::LowCut => [1.0, -1.0],
            Shape::HighCut => [0.0, 1.0],
        };
        Self::from_parts(warp(freq_hz, sample_rate_hz), m)
    }

    fn from_parts(g: f64, m: [f64; 2]) -> Self {
        Self { g, share: g / (1.0 + g), m }
    }

    /// Steady-state complex gain.
    #[must_use]
    pub fn response(&self, freq_hz: f64, sample_rate_hz: f64) -> Response {
        let (sin, cos) = half_angle(freq_hz, sample_rate_hz);
        let low = self.g * cos;
        let [m0, m1] = self.m;
        Response::ratio([(m0 + m1) * low, m0 * sin], [low, sin])
    }

    /// Steady-state gain in dB.
    #[must_use]
    pub fn gain_db_at(&self, freq_hz: f64, sample_rate_hz: f64) -> f64 {
        self.response(freq_hz, sample_rate_hz).gain_db()
    }
}

impl Blend for Coeffs {
    #[inline]
    fn blend(&self, to: &Self, t: f64) -> Self {
        // Any positive g is stable, and between two positive ones lie only positive ones.
        let mix = |from: f64, to: f64| from + t * (to - from);
        Self::from_parts(mix(self.g, to.g), [mix(self.m[0], to.m[0]), mix(self.m[1], to.m[1])])
    }
}

/// What the filter remembers: one integrator per channel.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct State {
    s: Frame,
}

impl State {
    /// Silence.
    #[must_use]
    pub const fn new() -> Self {
        Self { s: [0.0; 2] }
    }

    /// Filters one frame.
    #[inline]
    pub fn tick(&mut self, c: &Coeffs, x: Frame) -> Frame {
        let mut y = x;
        for ch in 0..2 {
            let v = c.share * (x[ch] - self.s[ch]);
            let low = self.s[ch] + v;
            self.s[ch] = low + v;
            y[ch] = c.m[0] * x[ch] + c.m[1] * low;
        }
        y
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use plumb_signals::{Noise, both, level_db, sine, tone_db};

    const RATES: [f64; 4] = [44_100.0, 48_000.0, 96_000.0, 192_000.0];

    #[test]
    fn corner_is_3_db_down_and_the_slope_is_6_db_per_octave() {
        let half_db = level_db(0.5_f64.sqrt());
        for rate in RATES {
            let (low, high) =
                (Coeffs::design(Shape::LowCut, 1000.0, rate), Coeffs::design(Shape::HighCut, 1000.0, rate));
            for c in [low, high] {
                assert!((c.gain_db_at(1000.0, rate) - half_db).abs() < 1e-12); // rounding
            }
            // Far below the corner warping is nil, and the slope its asymptote within 0.01 dB.
            let octave = low.gain_db_at(20.0, rate) - low.gain_db_at(10.0, rate);
            assert!((octave - 6.02).abs() < 0.01, "{octave}");
            assert_eq!(high.gain_db_at(0.0, rate), 0.0);
            assert_eq!(low.gain_db_at(rate / 2.0, rate), 0.0);
        }
    }

    #[test]
    fn both_sides_sum_to_the_input() {
        let (low, high) =
            (Coeffs::design(Shape::LowCut, 300.0, 48_000.0), Coeffs::design(Shape::HighCut, 300.0, 48_000.0));
        let (mut a, mut b) = (State::new(), State::new());
        for x in Noise::new(1).stereo(0.0, 10_000) {
            let (l, h) = (a.tick(&low, x), b.tick(&high, x));
            for ch in 0..2 {
                assert!((l[ch] + h[ch] - x[ch]).abs() < 1e-15); // rounding of the one sum
            }
        }
    }

    #[test]
    fn audio_follows_the_analytic_response() {
        for rate in RATES {
            for shape in [Shape::LowCut, Shape::HighCut] {
                let c = Coeffs::design(shape, 500.0, rate);
                for freq_hz in [50.0, 200.0, 500.0, 3000.0, 15_000.0] {
                    let mut state = State::new();
                    let y: Vec<f64> =
                        both(&sine(freq_hz, 0.0, 1.0, rate)).iter().map(|&x| state.tick(&c, x)[0]).collect();
                    let settled = &y[(0.2 * rate) as usize..]; // 600 time constants
                    let error_db = tone_db(settled, freq_hz, rate) - c.gain_db_at(freq_hz, rate);
                    // Blackman–Harris leakage over 0.8 s at 50 Hz stays below.
                    assert!(error_db.abs() < 1e-6, "{shape:?} {freq_hz} Hz at {rate}: {error_db}");
                }
            }
        }
    }
}

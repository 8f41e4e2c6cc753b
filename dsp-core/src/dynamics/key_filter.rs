//! The low cut in front of a detector: a second-order high-pass.
//!
//! Source: A. Simper, "Solving the continuous SVF equations using trapezoidal integration and equivalent currents"
//! (Cytomic, SvfLinearTrapOptimised2.pdf); `g k a1 a2 a3 ic1eq ic2eq` are the paper's names.

use crate::Frame;
use std::f64::consts::PI;

/// Highest corner relative to the rate: the tangent of the bilinear transform ends at a half.
const MAX_FREQ_NORM: f64 = 0.49;

/// What the filter runs on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Coeffs {
    k: f64,
    g: f64,
    a: [f64; 3],
}

impl Coeffs {
    /// A high-pass of 12 dB per octave; with a `q` of 0.707 it is at −3 dB at `freq_hz`.
    pub(super) fn design(freq_hz: f64, q: f64, sample_rate_hz: f64) -> Self {
        let g = (PI * (freq_hz / sample_rate_hz).min(MAX_FREQ_NORM)).tan();
        let k = 1.0 / q;
        let a1 = 1.0 / (1.0 + g * (g + k));
        Self { k, g, a: [a1, g * a1, g * g * a1] }
    }
}

/// What the filter remembers: one pair of integrators per channel.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct State {
    ic1eq: Frame,
    ic2eq: Frame,
}

impl State {
    /// Filters one frame. The paper's lines, sorted so that few operations lie between a state and the next: the
    /// high-pass v0 − k·v1 − v2 is a1·(v3 − (g + k)·ic1eq), and 2·v − ic is taken together.
    #[inline]
    pub(super) fn tick(&mut self, c: &Coeffs, v0: Frame) -> Frame {
        let [a1, a2, a3] = c.a;
        let mut high = [0.0; 2];
        for ch in 0..2 {
            let (ic1eq, ic2eq) = (self.ic1eq[ch], self.ic2eq[ch]);
            let v3 = v0[ch] - ic2eq;
            self.ic1eq[ch] = (2.0 * a1 - 1.0) * ic1eq + 2.0 * a2 * v3;
            self.ic2eq[ch] = (ic2eq + 2.0 * a2 * ic1eq) + 2.0 * a3 * v3;
            high[ch] = a1 * (v3 - (c.g + c.k) * ic1eq);
        }
        high
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use plumb_signals::{both, sine, tone_db};
    use std::f64::consts::FRAC_1_SQRT_2;

    #[test]
    fn three_db_at_its_corner_and_twelve_per_octave_below() {
        for rate in [44_100.0, 192_000.0] {
            let (c, passed_db) = (Coeffs::design(100.0, FRAC_1_SQRT_2, rate), |freq_hz: f64| {
                let c = Coeffs::design(100.0, FRAC_1_SQRT_2, rate);
                let mut state = State::default();
                let out: Vec<f64> =
                    both(&sine(freq_hz, 0.0, 1.5, rate)).iter().map(|&x| state.tick(&c, x)[1]).collect();
                tone_db(&out[(rate / 2.0) as usize..], freq_hz, rate)
            });
            assert!(c.k > 1.4);
            // 0.001 dB: the bilinear warp at these frequencies, and 1 s of measuring.
            assert!((passed_db(100.0) + 3.0103).abs() < 1e-3, "{}", passed_db(100.0));
            assert!(passed_db(5000.0).abs() < 1e-3);
            let octave_db = passed_db(20.0) - passed_db(10.0);
            // 0.02 dB: two octaves below the corner the slope is not quite its final 12.04.
            assert!((octave_db - 12.04).abs() < 0.02, "{octave_db}");
        }
    }
}

//! A second-order filter in state-variable form, trapezoidal integration.
//!
//! Source: A. Simper, "Solving the continuous SVF equations using trapezoidal integration and equivalent currents"
//! (Cytomic, SvfLinearTrapOptimised2.pdf, 2013); `g k a1 a2 a3 m0 m1 m2 ic1eq ic2eq` are the paper's names. Stable
//! under modulation: coefficients may change at any frame. Any stable biquad can be written as these coefficients,
//! whatever designed it: the bilinear transform here, or the fit in [`super::matched`].

use super::prototype::{Analogue, Prototype};
use super::response::{Response, half_angle};
use super::warp;

/// What the filter runs on: a pure function of a [`Prototype`] and the sample rate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Coeffs {
    g: f64,
    k: f64,
    a: [f64; 3],
    m: [f64; 3],
}

impl Coeffs {
    /// The bilinear transform of the analogue filter, exact at its frequency. Detectors, crossovers and listening use
    /// it; bands are designed in [`super::matched`].
    #[must_use]
    pub fn design(asked: Prototype, sample_rate_hz: f64) -> Self {
        debug_assert!(asked.q > 0.0);
        let Analogue { num: [n0, n1, n2], den: [d0, d1, d2] } = asked.analogue();
        let middle = (d0 * d2).sqrt();
        let (g, k) = (warp(asked.freq_hz, sample_rate_hz) * (d0 / d2).sqrt(), d1 / middle);
        let (low, high) = (n0 / d0, n2 / d2);
        Self::from_parts(g, k, [high, n1 / middle - high * k, low - high])
    }

    /// A filter that leaves every level alone and has the analogue phase at its frequency and a quarter turn below.
    pub(super) fn all_pass(asked: Prototype, sample_rate_hz: f64) -> Self {
        let g = warp(asked.freq_hz, sample_rate_hz);
        let half = 0.5 / asked.q;
        let quarter_turn_hz = ((half * half + 1.0).sqrt() - half) * asked.freq_hz;
        let t = warp(quarter_turn_hz, sample_rate_hz);
        let k = ((g - t) * (g + t) / (g * t)).max(f64::MIN_POSITIVE);
        Self::from_parts(g, k, [1.0, -2.0 * k, 0.0])
    }

    /// Whether every pole lies strictly inside the unit circle and every number is one.
    #[must_use]
    pub fn is_stable(&self) -> bool {
        self.g > 0.0 && self.k > 0.0 && self.a.iter().chain(&self.m).all(|x| x.is_finite())
    }

    /// This filter with only a share of what it changes.
    pub(super) fn fraction(self, share: f64) -> Self {
        let [m0, m1, m2] = self.m;
        Self { m: [1.0 + share * (m0 - 1.0), share * m1, share * m2], ..self }
    }

    #[inline]
    pub(super) fn from_parts(g: f64, k: f64, m: [f64; 3]) -> Self {
        let a1 = 1.0 / (1.0 + g * (g + k));
        Self { g, k, a: [a1, g * a1, g * g * a1], m }
    }

    /// a, b1, b2, c1, c2 and d of a [`super::section::Section`]: the same filter, its states' way written out.
    #[must_use]
    pub(crate) fn state_space(&self) -> [f64; 6] {
        let ([a1, a2, a3], [m0, m1, m2]) = (self.a, self.m);
        [2.0 * a1 - 1.0, 2.0 * a2, 2.0 * a3, m1 * a1 + m2 * a2, m2 * (1.0 - a3) - m1 * a2, m0 + m1 * a2 + m2 * a3]
    }

    /// Steady-state complex gain.
    #[must_use]
    pub fn response(&self, freq_hz: f64, sample_rate_hz: f64) -> Response {
        // H = m0 + (m1 s + m2) / (s² + k s + 1) at s = i tan(π f / fs) / g, both sides times (g cos)².
        let (sin, cos) = half_angle(freq_hz, sample_rate_hz);
        let low = self.g * cos;
        let [m0, m1, m2] = self.m;
        let (even, odd) = ((low - sin) * (low + sin), low * sin);
        Response::ratio([m0 * even + m2 * low * low, (m0 * self.k + m1) * odd], [even, self.k * odd])
    }

    /// Delay of a narrow band's envelope, −dφ/dω, in frames; that of a frequency that is removed is left out.
    #[must_use]
    pub fn group_delay_frames(&self, freq_hz: f64, sample_rate_hz: f64) -> f64 {
        // Of (p0 − p2 w²) + i p1 w with w = sin / low the phase grows by p1 (p0 + p2 w²) / |…|² per w; both sides
        // times low², and dw/dω = 1 / (2 g cos²). Sums of squares only: nothing cancels.
        let (sin, cos) = half_angle(freq_hz, sample_rate_hz);
        let low = self.g * cos;
        let advance = |[p0, p1, p2]: [f64; 3]| {
            let (even, odd) = (p0 * low * low - p2 * sin * sin, p1 * low * sin);
            let power = even * even + odd * odd;
            if power > 0.0 { p1 * (p0 * low * low + p2 * sin * sin) / power } else { 0.0 }
        };
        let [m0, m1, m2] = self.m;
        0.5 * self.g * (advance([1.0, self.k, 1.0]) - advance([m0 + m2, m0 * self.k + m1, m0]))
    }

    /// Steady-state gain in dB: drawn by the editor, asserted by the tests.
    #[must_use]
    pub fn gain_db_at(&self, freq_hz: f64, sample_rate_hz: f64) -> f64 {
        self.response(freq_hz, sample_rate_hz).gain_db()
    }
}

/// The paper's filter, one frame at a time: what the ways that run many frames at once are tested against.
#[cfg(test)]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct State {
    ic1eq: crate::Frame,
    ic2eq: crate::Frame,
}

#[cfg(test)]
impl State {
    /// Silence.
    pub(crate) const fn new() -> Self {
        Self { ic1eq: [0.0; 2], ic2eq: [0.0; 2] }
    }

    /// Filters one frame. The paper's 2·v − ic is written out, as in [`super::section`].
    pub(crate) fn tick(&mut self, c: &Coeffs, x: crate::Frame) -> crate::Frame {
        let ([a1, a2, a3], [m0, m1, m2]) = (c.a, c.m);
        let mut y = x;
        for ch in 0..2 {
            let (ic1eq, ic2eq) = (self.ic1eq[ch], self.ic2eq[ch]);
            let v3 = x[ch] - ic2eq;
            self.ic1eq[ch] = (2.0 * a1 - 1.0) * ic1eq + 2.0 * a2 * v3;
            self.ic2eq[ch] = (ic2eq + 2.0 * a2 * ic1eq) + 2.0 * a3 * v3;
            let v1 = a1 * ic1eq + a2 * v3;
            let v2 = (ic2eq + a2 * ic1eq) + a3 * v3;
            y[ch] = m0 * x[ch] + m1 * v1 + m2 * v2;
        }
        y
    }
}

#[cfg(test)]
mod tests {
    use super::super::prototype::Shape;
    use super::*;
    use core::f64::consts::{PI, TAU};
    use plumb_signals::level_db;

    /// Rounding of a formula with a handful of operations, in dB.
    const ROUNDING_DB: f64 = 1e-11;

    fn design(shape: Shape, freq_hz: f64, q: f64, rate: f64) -> Coeffs {
        Coeffs::design(Prototype::new(shape, freq_hz, q), rate)
    }

    #[test]
    fn cuts_have_their_q_at_the_corner_and_fall_12_db_per_octave() {
        let rate = 192_000.0;
        for q in [0.5, 0.707, 10.0] {
            let (low, high) = (design(Shape::LowCut, 1000.0, q, rate), design(Shape::HighCut, 30.0, q, rate));
            assert!((low.gain_db_at(1000.0, rate) - level_db(q)).abs() < ROUNDING_DB);
            assert!((high.gain_db_at(30.0, rate) - level_db(q)).abs() < ROUNDING_DB);
            // Five octaves off the slope is its asymptote within 0.05 dB.
            let rise = low.gain_db_at(32.0, rate) - low.gain_db_at(16.0, rate);
            let fall = high.gain_db_at(960.0, rate) - high.gain_db_at(1920.0, rate);
            assert!((rise - 12.04).abs() < 0.05 && (fall - 12.04).abs() < 0.05, "{rise} {fall}");
            assert!(low.gain_db_at(rate / 2.0, rate).abs() < ROUNDING_DB);
            assert!(high.gain_db_at(0.0, rate).abs() < ROUNDING_DB);
        }
    }

    #[test]
    fn band_pass_and_all_pass_are_what_they_are_called() {
        let (rate, centre) = (48_000.0, 2000.0);
        let [pass, all] = [Shape::BandPass, Shape::AllPass].map(|shape| design(shape, centre, 3.0, rate));
        assert!(pass.gain_db_at(centre, rate).abs() < ROUNDING_DB);
        assert!(pass.gain_db_at(0.0, rate) < -150.0 && pass.gain_db_at(rate / 2.0, rate) < -150.0);
        for freq_hz in [0.0, 100.0, 1900.0, 2000.0, 2500.0, 20_000.0] {
            assert!(all.gain_db_at(freq_hz, rate).abs() < ROUNDING_DB);
        }
        assert!((all.response(centre, rate).phase_rad().abs() - PI).abs() < 1e-12); // rounding
    }

    #[test]
    fn frequencies_beyond_nyquist_are_held_below_it() {
        for rate in [8000.0, 44_100.0] {
            let c = design(Shape::BandPass, 30_000.0, 1.0, rate);
            assert_eq!(c, design(Shape::BandPass, super::super::MAX_FREQ_NORM * rate, 1.0, rate));
            assert!(c.gain_db_at(0.49 * rate, rate).abs() < ROUNDING_DB);
        }
        assert!(design(Shape::BandPass, f64::NAN, 1.0, 48_000.0).a.iter().all(|a| a.is_finite()));
    }

    /// The definition of a frequency response: the transform of the impulse response, phase included.
    #[test]
    fn impulse_response_has_the_analytic_response() {
        let rate = 48_000.0;
        for shape in [Shape::LowCut, Shape::HighCut, Shape::BandPass, Shape::AllPass] {
            let (c, mut state) = (design(shape, 3000.0, 1.5, rate), State::new());
            let h: Vec<f64> = (0..4000).map(|n| state.tick(&c, [if n == 0 { 1.0 } else { 0.0 }; 2])[0]).collect();
            for freq_hz in [10.0, 500.0, 3000.0, 9000.0, 23_000.0] {
                let (mut re, mut im) = (0.0, 0.0);
                for (n, h) in h.iter().enumerate() {
                    let phase = TAU * freq_hz * n as f64 / rate;
                    re += h * phase.cos();
                    im -= h * phase.sin();
                }
                let expected = c.response(freq_hz, rate);
                let error = (re - expected.re).hypot(im - expected.im);
                assert!(error < 1e-11, "{shape:?} {freq_hz} Hz: {error}"); // rounding of 4,000 products
            }
        }
    }
}

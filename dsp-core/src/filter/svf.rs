//! Second-order filter of every shape: a trapezoidal state-variable filter.
//!
//! Source: A. Simper, "Solving the continuous SVF equations using trapezoidal integration and equivalent currents"
//! (Cytomic, SvfLinearTrapOptimised2.pdf, 2013); `g k a1 a2 a3 m0 m1 m2 ic1eq ic2eq` are the paper's names. Stable
//! under modulation: coefficients may change at any frame. Any stable biquad can be written as these coefficients,
//! so another way of designing them changes nothing but [`Coeffs::design`].

pub use super::prototype::{Prototype, Shape};
use super::response::{Response, half_angle};
use super::warp;
use crate::Frame;
use crate::units::db_to_gain;

/// What the filter runs on: a pure function of a [`Prototype`] and the sample rate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Coeffs {
    g: f64,
    k: f64,
    a: [f64; 3],
    m: [f64; 3],
}

impl Coeffs {
    /// The filter that does what is asked; the only place that knows how.
    #[must_use]
    pub fn design(asked: Prototype, sample_rate_hz: f64) -> Self {
        debug_assert!(asked.q > 0.0);
        let amp = db_to_gain(asked.gain_db / 2.0); // the paper's A: square root of the linear gain
        let g = warp(asked.freq_hz, sample_rate_hz);
        let k = 1.0 / asked.q;
        let (g, k, m) = match asked.shape {
            Shape::Bell => (g, k / amp, [1.0, k * (amp - 1.0 / amp), 0.0]),
            Shape::LowShelf => (g / amp.sqrt(), k, [1.0, k * (amp - 1.0), amp * amp - 1.0]),
            Shape::HighShelf => (g * amp.sqrt(), k, [amp * amp, k * (1.0 - amp) * amp, 1.0 - amp * amp]),
            Shape::LowCut => (g, k, [1.0, -k, -1.0]),
            Shape::HighCut => (g, k, [0.0, 0.0, 1.0]),
            Shape::BandPass => (g, k, [0.0, k, 0.0]),
            Shape::Notch => (g, k, [1.0, -k, 0.0]),
            Shape::AllPass => (g, k, [1.0, -2.0 * k, 0.0]),
            Shape::Tilt => (g * amp.sqrt(), k, [amp, k * (1.0 - amp), 1.0 / amp - amp]),
            Shape::LowCut6 => (g, 2.0, [1.0, -1.0, -1.0]),
            Shape::HighCut6 => (g, 2.0, [0.0, 1.0, 1.0]),
        };
        Self::from_parts(g, k, m)
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

/// What the filter remembers: one pair of integrators per channel.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct State {
    ic1eq: Frame,
    ic2eq: Frame,
}

impl State {
    /// Silence.
    #[must_use]
    pub const fn new() -> Self {
        Self { ic1eq: [0.0; 2], ic2eq: [0.0; 2] }
    }

    /// Filters one frame; channels are lanes of one array. The paper's 2·v − ic is written out, so that few operations
    /// lie between a state and the next.
    #[inline]
    pub fn tick(&mut self, c: &Coeffs, x: Frame) -> Frame {
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
    use super::*;
    use core::f64::consts::{PI, TAU};
    use plumb_signals::{Noise, both, level_db, rms_db, sine, tone_db};

    const RATES: [f64; 4] = [44_100.0, 48_000.0, 96_000.0, 192_000.0];
    const SHAPES: [Shape; 8] = [
        Shape::Bell,
        Shape::LowShelf,
        Shape::HighShelf,
        Shape::LowCut,
        Shape::HighCut,
        Shape::BandPass,
        Shape::Notch,
        Shape::AllPass,
    ];
    /// Rounding of a formula with a handful of operations, in dB.
    const ROUNDING_DB: f64 = 1e-11;

    fn design(shape: Shape, freq_hz: f64, gain_db: f64, q: f64, rate: f64) -> Coeffs {
        Coeffs::design(Prototype { shape, freq_hz, gain_db, q }, rate)
    }

    #[test]
    fn bells_and_shelves_hit_their_defining_gains() {
        for rate in RATES {
            for gain_db in [-30.0, -6.0, 12.0, 30.0] {
                for q in [0.025, 0.707, 25.0] {
                    for (shape, at_dc, at_centre, at_nyquist) in [
                        (Shape::Bell, 0.0, gain_db, 0.0),
                        (Shape::LowShelf, gain_db, gain_db / 2.0, 0.0),
                        (Shape::HighShelf, 0.0, gain_db / 2.0, gain_db),
                    ] {
                        let c = design(shape, 1000.0, gain_db, q, rate);
                        for (freq_hz, expected) in [(0.0, at_dc), (1000.0, at_centre), (rate / 2.0, at_nyquist)] {
                            let error = c.gain_db_at(freq_hz, rate) - expected;
                            assert!(error.abs() < ROUNDING_DB, "{shape:?} {gain_db} dB Q {q} {freq_hz} Hz: {error}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn a_bell_is_half_its_gain_one_bandwidth_apart() {
        // Low frequencies, where the bilinear transform warps less than 1e-5: f/Q lies between the two points at which
        // the bell has half its gain in dB (that is what its Q means here).
        let (rate, centre, gain_db, q) = (192_000.0, 100.0, 12.0, 2.0_f64);
        let half = (1.0 / (2.0 * q)).asinh().exp();
        let c = design(Shape::Bell, centre, gain_db, q, rate);
        for freq_hz in [centre * half, centre / half] {
            assert!((c.gain_db_at(freq_hz, rate) - 6.0).abs() < 1e-4, "{}", c.gain_db_at(freq_hz, rate));
        }
    }

    #[test]
    fn cuts_have_their_q_at_the_corner_and_fall_12_db_per_octave() {
        let rate = 192_000.0;
        for q in [0.5, 0.707, 10.0] {
            let (low, high) = (design(Shape::LowCut, 1000.0, 0.0, q, rate), design(Shape::HighCut, 30.0, 0.0, q, rate));
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
    fn band_pass_notch_and_all_pass_are_what_they_are_called() {
        let (rate, centre) = (48_000.0, 2000.0);
        let [pass, notch, all] =
            [Shape::BandPass, Shape::Notch, Shape::AllPass].map(|shape| design(shape, centre, 0.0, 3.0, rate));
        assert!(pass.gain_db_at(centre, rate).abs() < ROUNDING_DB);
        assert!(pass.gain_db_at(0.0, rate) < -150.0 && pass.gain_db_at(rate / 2.0, rate) < -150.0);
        assert!(notch.gain_db_at(centre, rate) < -150.0);
        assert!(notch.gain_db_at(0.0, rate).abs() < ROUNDING_DB);
        for freq_hz in [0.0, 100.0, 1900.0, 2000.0, 2500.0, 20_000.0] {
            assert!(all.gain_db_at(freq_hz, rate).abs() < ROUNDING_DB);
        }
        assert!((all.response(centre, rate).phase_rad().abs() - PI).abs() < 1e-12); // rounding
    }

    #[test]
    fn frequencies_beyond_nyquist_are_held_below_it() {
        for rate in [8000.0, 44_100.0] {
            let c = design(Shape::Bell, 30_000.0, 12.0, 1.0, rate);
            assert_eq!(c, design(Shape::Bell, super::super::MAX_FREQ_NORM * rate, 12.0, 1.0, rate));
            assert!((c.gain_db_at(0.49 * rate, rate) - 12.0).abs() < ROUNDING_DB);
        }
        assert!(design(Shape::Bell, f64::NAN, 12.0, 1.0, 48_000.0).a.iter().all(|a| a.is_finite()));
    }

    /// The definition of a frequency response: the transform of the impulse response, phase included.
    #[test]
    fn impulse_response_has_the_analytic_response() {
        let rate = 48_000.0;
        for shape in SHAPES {
            let (c, mut state) = (design(shape, 3000.0, 9.0, 1.5, rate), State::new());
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

    #[test]
    fn audio_follows_the_analytic_response() {
        let mut worst = 0.0_f64;
        for rate in RATES {
            for shape in SHAPES {
                let c = design(shape, 1000.0, 12.0, 2.0, rate);
                for freq_hz in [40.0, 300.0, 997.0, 4000.0, 10_000.0, 19_000.0] {
                    let mut state = State::new();
                    let y: Vec<f64> =
                        both(&sine(freq_hz, 0.0, 0.5, rate)).iter().map(|&x| state.tick(&c, x)[0]).collect();
                    let settled = &y[(0.1 * rate) as usize..]; // 80 time constants
                    worst = worst.max((tone_db(settled, freq_hz, rate) - c.gain_db_at(freq_hz, rate)).abs());
                }
            }
        }
        // Blackman–Harris leakage of the negative frequency at 40 Hz, 0.4 s.
        assert!(worst < 1e-4, "{worst} dB");
    }

    #[test]
    fn cut_undoes_boost() {
        for shape in [Shape::Bell, Shape::LowShelf, Shape::HighShelf] {
            let (up, down) =
                (design(shape, 200.0, 12.0, 0.707, 48_000.0), design(shape, 200.0, -12.0, 0.707, 48_000.0));
            let (mut a, mut b) = (State::new(), State::new());
            for x in Noise::new(3).stereo(0.0, 48_000) {
                let y = b.tick(&down, a.tick(&up, x));
                assert!((0..2).all(|ch| (y[ch] - x[ch]).abs() < 1e-12), "{shape:?}"); // rounding, boosted by 12 dB
            }
        }
    }

    #[test]
    fn channels_do_not_leak_and_equal_channels_stay_equal() {
        let c = design(Shape::Bell, 5000.0, 20.0, 3.0, 44_100.0);
        let (mut one, mut same) = (State::new(), State::new());
        for [x, _] in Noise::new(4).stereo(0.0, 2000) {
            assert_eq!(one.tick(&c, [x, 0.0])[1], 0.0);
            let [l, r] = same.tick(&c, [x, x]);
            assert_eq!(l, r);
        }
    }

    /// A bass bell at a high rate is where direct forms drown in their own rounding (poles 3e-4 from z = 1).
    #[test]
    fn a_bass_bell_at_192_khz_adds_no_noise() {
        let (rate, freq_hz) = (192_000.0, 100.0);
        let (c, mut state) = (design(Shape::Bell, 20.0, 12.0, 10.0, rate), State::new());
        let y: Vec<f64> = both(&sine(freq_hz, 0.0, 14.0, rate)).iter().map(|&x| state.tick(&c, x)[0]).collect();
        // Whole periods after 12 s (38 time constants): take out the sine itself, what is left is noise.
        let y = &y[(12.0 * rate) as usize..];
        let phase = |n: usize| TAU * (freq_hz * n as f64 / rate).fract();
        let part =
            |f: fn(f64) -> f64| 2.0 / y.len() as f64 * y.iter().enumerate().map(|(n, y)| y * f(phase(n))).sum::<f64>();
        let (sin, cos) = (part(f64::sin), part(f64::cos));
        let noise: Vec<f64> =
            y.iter().enumerate().map(|(n, y)| y - sin * phase(n).sin() - cos * phase(n).cos()).collect();
        let noise_db = rms_db(&noise) - rms_db(y);
        // Measured −247; a transposed direct form 2 is 60 dB worse.
        assert!(noise_db < -240.0, "{noise_db} dB");
    }

    #[test]
    fn any_motion_of_the_coefficients_is_stable() {
        let (mut noise, mut state) = (Noise::new(5), State::new());
        let mut between = |low: f64, high: f64| low * (high / low).powf(0.5 + 0.5 * noise.tick());
        let mut peak = 0.0_f64;
        for n in 0..100_000 {
            let c = design(SHAPES[n % 5], between(10.0, 30_000.0), 0.0, between(0.025, 25.0), 48_000.0);
            peak = state.tick(&c, [between(0.1, 1.0), -1.0]).iter().fold(peak, |peak, y| peak.max(y.abs()));
        }
        assert!(peak < 1000.0, "{peak}"); // 60 dB: resonances pile up, but nothing grows without end
        let c = design(Shape::Bell, 1000.0, 0.0, 1.0, 48_000.0);
        (0..48_000).for_each(|_| _ = state.tick(&c, [0.0; 2]));
        assert!(state.ic1eq[0].abs() < 1e-9);
    }
}

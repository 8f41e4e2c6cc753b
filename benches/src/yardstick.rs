//! The yardstick of all ratios: eight plain cookbook biquads in 64 bit, both channels, frame by frame, with fused
//! multiply-add where available. It shares no code with the product.
//!
//! Source: R. Bristow-Johnson, "Cookbook formulae for audio equalizer biquad filter coefficients", run as a transposed
//! direct form II. The eight bands are those of the jobs `eq8`.

use dsp_core::Frame;
use std::f64::consts::{FRAC_1_SQRT_2, TAU};

#[derive(Clone, Copy)]
enum Kind {
    Bell,
    LowShelf,
    HighShelf,
    LowCut,
    HighCut,
}

/// A filter and its state for both channels.
#[derive(Clone, Copy)]
struct Biquad {
    b: [f64; 3],
    a: [f64; 2],
    state: [[f64; 2]; 2],
}

impl Biquad {
    fn new(kind: Kind, freq_hz: f64, gain_db: f64, q: f64, sample_rate_hz: f64) -> Self {
        let (sin, cos) = (TAU * freq_hz / sample_rate_hz).sin_cos();
        let amp = 10_f64.powf(gain_db / 40.0);
        let alpha = sin / (2.0 * q);
        let (up, down, root) = (amp + 1.0, amp - 1.0, 2.0 * amp.sqrt() * alpha);
        let cut = |side: f64| {
            let half = (1.0 - side * cos) / 2.0;
            ([half, side * 2.0 * half, half], [1.0 + alpha, -2.0 * cos, 1.0 - alpha])
        };
        // A high shelf is a low shelf with the spectrum mirrored.
        let shelf = |side: f64| {
            let c = side * cos;
            (
                [amp * (up - down * c + root), side * 2.0 * amp * (down - up * c), amp * (up - down * c - root)],
                [up + down * c + root, side * -2.0 * (down + up * c), up + down * c - root],
            )
        };
        let (b, a) = match kind {
            Kind::Bell => {
                ([1.0 + alpha * amp, -2.0 * cos, 1.0 - alpha * amp], [1.0 + alpha / amp, -2.0 * cos, 1.0 - alpha / amp])
            }
            Kind::LowShelf => shelf(1.0),
            Kind::HighShelf => shelf(-1.0),
            Kind::LowCut => cut(-1.0),
            Kind::HighCut => cut(1.0),
        };
        Self { b: b.map(|b| b / a[0]), a: [a[1] / a[0], a[2] / a[0]], state: [[0.0; 2]; 2] }
    }
}

/// The eight filters.
#[derive(Clone)]
pub(crate) struct Yardstick([Biquad; 8]);

impl Yardstick {
    pub(crate) fn new(sample_rate_hz: f64) -> Self {
        let biquad = |kind, freq_hz, gain_db, q| Biquad::new(kind, freq_hz, gain_db, q, sample_rate_hz);
        Self([
            biquad(Kind::LowCut, 30.0, 0.0, FRAC_1_SQRT_2),
            biquad(Kind::LowShelf, 100.0, 3.0, FRAC_1_SQRT_2),
            biquad(Kind::Bell, 250.0, -2.0, 1.0),
            biquad(Kind::Bell, 800.0, 2.0, 1.0),
            biquad(Kind::Bell, 2500.0, -3.0, 1.0),
            biquad(Kind::Bell, 6000.0, 2.0, 1.0),
            biquad(Kind::HighShelf, 8000.0, 3.0, FRAC_1_SQRT_2),
            biquad(Kind::HighCut, 18_000.0, 0.0, FRAC_1_SQRT_2),
        ])
    }

    pub(crate) fn process(&mut self, block: &mut [Frame]) {
        #[cfg(target_arch = "x86_64")]
        if std::arch::is_x86_feature_detected!("fma") {
            // SAFETY: The processor has FMA.
            unsafe { self.process_fused(block) };
            return;
        }
        self.run(block, |a, b, c| a * b + c);
    }

    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "fma")]
    fn process_fused(&mut self, block: &mut [Frame]) {
        self.run(block, f64::mul_add);
    }

    #[inline(always)]
    fn run(&mut self, block: &mut [Frame], fma: impl Fn(f64, f64, f64) -> f64 + Copy) {
        for frame in block {
            for Biquad { b, a, state: [s1, s2] } in &mut self.0 {
                let x = *frame;
                let y = [0, 1].map(|lane| fma(b[0], x[lane], s1[lane]));
                *s1 = [0, 1].map(|lane| fma(b[1], x[lane], fma(-a[0], y[lane], s2[lane])));
                *s2 = [0, 1].map(|lane| fma(-a[1], y[lane], b[2] * x[lane]));
                *frame = y;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gain of a steady tone through the eight, in dB.
    fn gain_db(freq_hz: f64) -> f64 {
        let mut eight = Yardstick::new(48_000.0);
        let mut tone: Vec<Frame> =
            (0..48_000).map(|n| [(TAU * (freq_hz * f64::from(n) / 48_000.0).fract()).sin(); 2]).collect();
        eight.process(&mut tone);
        let power = tone[24_000..].iter().map(|frame| frame[0] * frame[0]).sum::<f64>() / 24_000.0;
        dsp_core::units::power_to_db(2.0 * power)
    }

    #[test]
    fn it_is_the_equaliser_of_the_jobs() {
        assert!(gain_db(10.0) < -15.0, "low cut");
        assert!(gain_db(23_000.0) < -15.0, "high cut");
        // Sums of the eight analogue curves; the bilinear transform shifts them upwards.
        assert!((gain_db(60.0) - 2.275).abs() < 0.02, "{}", gain_db(60.0));
        assert!((gain_db(2500.0) + 2.359).abs() < 0.2, "{}", gain_db(2500.0));
    }
}

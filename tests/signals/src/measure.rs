//! Measurements: levels, single tones, distortion, and the true peak by ideal interpolation.

use realfft::{RealFftPlanner, num_complex::Complex};
use std::f64::consts::TAU;

/// Level in dB of a linear value; −∞ for zero.
#[must_use]
pub fn level_db(linear: f64) -> f64 {
    20.0 * linear.abs().log10()
}

/// RMS in dB re 1.0 (a full-scale sine is −3.01).
#[must_use]
pub fn rms_db(signal: &[f64]) -> f64 {
    level_db((signal.iter().map(|x| x * x).sum::<f64>() / signal.len() as f64).sqrt())
}

/// Largest sample, in dB re 1.0.
#[must_use]
pub fn sample_peak_db(signal: &[f64]) -> f64 {
    level_db(signal.iter().fold(0.0, |peak, x| x.abs().max(peak)))
}

/// Four-term Blackman–Harris window: sidelobes below −92 dB (F. J. Harris, "On the use of windows", 1978).
fn window(n: usize, len: usize) -> f64 {
    let phase = TAU * (n as f64 + 0.5) / len as f64;
    0.358_75 - 0.488_29 * phase.cos() + 0.141_28 * (2.0 * phase).cos() - 0.011_68 * (3.0 * phase).cos()
}

/// Complex amplitude at one frequency, Blackman–Harris windowed; its magnitude is the peak of a sine there.
fn tone(signal: &[f64], freq_hz: f64, sample_rate_hz: f64) -> Complex<f64> {
    let (mut sum, mut weight) = (Complex::new(0.0, 0.0), 0.0);
    for (n, x) in signal.iter().enumerate() {
        let w = window(n, signal.len());
        let phase = TAU * (freq_hz * n as f64 / sample_rate_hz).fract();
        sum += Complex::new(phase.cos(), -phase.sin()) * (w * x);
        weight += w;
    }
    sum * (2.0 / weight)
}

/// Peak level in dB of the sine at `freq_hz` in a steady signal. Leave out the transient at the start.
#[must_use]
pub fn tone_db(signal: &[f64], freq_hz: f64, sample_rate_hz: f64) -> f64 {
    level_db(tone(signal, freq_hz, sample_rate_hz).norm())
}

/// Harmonics of a steady tone up to 20 kHz (or Nyquist) relative to it, in dB.
#[must_use]
pub fn thd_db(signal: &[f64], freq_hz: f64, sample_rate_hz: f64) -> f64 {
    let top_hz = (sample_rate_hz / 2.0).min(20_000.0);
    let harmonics: f64 = (2..)
        .map(|k| f64::from(k) * freq_hz)
        .take_while(|f| *f < top_hz)
        .map(|f| tone(signal, f, sample_rate_hz).norm_sqr())
        .sum();
    level_db((harmonics / tone(signal, freq_hz, sample_rate_hz).norm_sqr()).sqrt())
}

/// Factor of [`true_peak_db`]'s interpolation.
const OVERSAMPLING: usize = 32;
/// Frames evaluated per transform, and the context on either side.
const CHUNK: usize = 1 << 15;
const CONTEXT: usize = 4096;

/// True peak in dB re 1.0 by 32× FFT interpolation. The signal is padded with silence; the first and last `skip` frames
/// are ignored, because a cut edge rings (4,000 frames are enough).
#[must_use]
pub fn true_peak_db(signal: &[f64], skip: usize) -> f64 {
    let mut planner = RealFftPlanner::<f64>::new();
    let len = CHUNK + 2 * CONTEXT;
    let (forward, inverse) = (planner.plan_fft_forward(len), planner.plan_fft_inverse(len * OVERSAMPLING));
    let (mut time, mut spectrum) = (forward.make_input_vec(), forward.make_output_vec());
    let (mut wide, mut dense) = (inverse.make_input_vec(), inverse.make_output_vec());
    let mut peak = 0.0_f64;
    let mut start = skip;
    while start + skip < signal.len() {
        let end = (start + CHUNK).min(signal.len() - skip);
        for (n, x) in time.iter_mut().enumerate() {
            *x = (start + n).checked_sub(CONTEXT).and_then(|at| signal.get(at)).copied().unwrap_or(0.0);
        }
        if forward.process(&mut time, &mut spectrum).is_err() {
            return f64::NAN;
        }
        wide.fill(Complex::new(0.0, 0.0));
        wide[..spectrum.len()].copy_from_slice(&spectrum);
        // The Nyquist bin holds both signs of its frequency.
        wide[spectrum.len() - 1] *= 0.5;
        if inverse.process(&mut wide, &mut dense).is_err() {
            return f64::NAN;
        }
        let looked_at = &dense[CONTEXT * OVERSAMPLING..(CONTEXT + end - start) * OVERSAMPLING];
        peak = looked_at.iter().fold(peak, |peak, x| peak.max((x / len as f64).abs()));
        start = end;
    }
    level_db(peak)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::{sine, square};

    #[test]
    fn a_sine_measures_as_made() {
        let x = sine(997.0, -6.0, 1.0, 48_000.0);
        assert!((tone_db(&x, 997.0, 48_000.0) + 6.0).abs() < 1e-9);
        assert!((rms_db(&x) + 9.0103).abs() < 1e-3);
        assert!(thd_db(&x, 997.0, 48_000.0) < -180.0);
    }

    #[test]
    fn a_square_has_its_known_distortion() {
        // Harmonics 3, 5 … 19 of amplitude 1/k: re the fundamental, up to 20 kHz.
        let x = square(1000.0, 0.0, 1.0, 192_000.0);
        let expected = level_db((3..20).step_by(2).map(|k| 1.0 / f64::from(k * k)).sum::<f64>().sqrt());
        assert!((thd_db(&x, 1000.0, 192_000.0) - expected).abs() < 0.02);
    }

    #[test]
    fn true_peak_of_a_quarter_rate_sine_lies_between_its_samples() {
        // fs/4 at 45°: every sample is at ±0.7071, the wave reaches 1.0.
        let x = sine(12_000.0, 0.0, 1.0, 48_000.0);
        assert!((sample_peak_db(&x) + 3.0103).abs() < 1e-3);
        assert!(true_peak_db(&x, 4000).abs() < 1e-3, "{}", true_peak_db(&x, 4000));
    }
}

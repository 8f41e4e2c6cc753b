//! Spectra, and what is left of a sine when it is taken out.

use anyhow::{Context, Result};
use plumb_signals::{level_db, rms_db};
use realfft::{RealFftPlanner, num_complex::Complex};
use std::f64::consts::TAU;

/// The transform of a signal.
pub(crate) struct Spectrum {
    bins: Vec<Complex<f64>>,
    bin_hz: f64,
    frames: usize,
}

impl Spectrum {
    /// Of a whole signal, as it is.
    pub(crate) fn new(signal: &[f64], sample_rate_hz: f64) -> Option<Self> {
        let transform = RealFftPlanner::new().plan_fft_forward(signal.len());
        let mut bins = transform.make_output_vec();
        transform.process(&mut signal.to_vec(), &mut bins).ok()?;
        Some(Self { bins, bin_hz: sample_rate_hz / signal.len() as f64, frames: signal.len() })
    }

    /// Frequency, real and imaginary part of the bins from `low_hz` to `high_hz`.
    pub(crate) fn bins(&self, low_hz: f64, high_hz: f64) -> impl Iterator<Item = (f64, [f64; 2])> {
        let at = |(n, bin): (usize, &Complex<f64>)| (n as f64 * self.bin_hz, [bin.re, bin.im]);
        self.bins.iter().enumerate().map(at).filter(move |(freq_hz, _)| (low_hz..=high_hz).contains(freq_hz))
    }

    /// Amplitudes of sines, bin by bin.
    pub(crate) fn amplitudes(&self) -> Vec<f64> {
        let scale = 2.0 / self.frames as f64;
        self.bins.iter().map(|bin| scale * bin.norm()).collect()
    }

    /// Levels of sines in dBFS, as many points at equal ratios: the loudest bin of each.
    pub(crate) fn levels(&self, low_hz: f64, high_hz: f64, count: usize) -> Vec<[f64; 2]> {
        let mut points = vec![f64::NEG_INFINITY; count];
        let scale = 2.0 / self.frames as f64;
        for (freq_hz, [re, im]) in self.bins(low_hz, high_hz) {
            let at = (count - 1) as f64 * (freq_hz / low_hz).ln() / (high_hz / low_hz).ln();
            let point = &mut points[at.round() as usize];
            *point = point.max(level_db(scale * re.hypot(im)));
        }
        let hz = |n: usize| low_hz * (high_hz / low_hz).powf(n as f64 / (count - 1) as f64);
        points.into_iter().enumerate().filter(|(_, db)| db.is_finite()).map(|(n, db)| [hz(n), db]).collect()
    }
}

/// Levels of a signal's spectrum, windowed so that a steady sine is narrow down to −92 dB and below (Blackman–Harris).
pub(crate) fn windowed(y: &[f64], sample_rate_hz: f64) -> Result<Vec<[f64; 2]>> {
    const TERMS: [f64; 4] = [0.358_75, -0.488_29, 0.141_28, -0.011_68];
    let window = |n: usize| {
        let phase = TAU * (n as f64 + 0.5) / y.len() as f64;
        TERMS.iter().enumerate().map(|(k, a)| a * (k as f64 * phase).cos()).sum::<f64>() / TERMS[0]
    };
    let y: Vec<f64> = y.iter().enumerate().map(|(n, y)| y * window(n)).collect();
    Ok(Spectrum::new(&y, sample_rate_hz).context("a spectrum")?.levels(20.0, 20_000.0, 500))
}

/// A signal with as many values to each of its own, by ideal interpolation; its ends ring.
pub(crate) fn finely(signal: &[f64], times: usize) -> Result<Vec<f64>> {
    let mut planner = RealFftPlanner::new();
    let forward = planner.plan_fft_forward(signal.len());
    let inverse = planner.plan_fft_inverse(signal.len() * times);
    let (mut bins, mut wide, mut fine) =
        (forward.make_output_vec(), inverse.make_input_vec(), inverse.make_output_vec());
    forward.process(&mut signal.to_vec(), &mut bins).context("a spectrum")?;
    wide[..bins.len()].copy_from_slice(&bins);
    // The bin at half the rate stands for both signs of its frequency.
    wide[bins.len() - 1] = Complex::new(0.5 * bins[bins.len() - 1].re, 0.0);
    inverse.process(&mut wide, &mut fine).context("an interpolation")?;
    fine.iter_mut().for_each(|x| *x /= signal.len() as f64);
    Ok(fine)
}

/// What is left of whole periods of a sine when the sine is taken out, RMS in dB re full scale.
pub(crate) fn residue_db(y: &[f64], freq_hz: f64, sample_rate_hz: f64) -> f64 {
    let phase = |n: usize| TAU * (freq_hz * n as f64 / sample_rate_hz).fract();
    let part =
        |f: fn(f64) -> f64| 2.0 / y.len() as f64 * y.iter().enumerate().map(|(n, y)| y * f(phase(n))).sum::<f64>();
    let (sin, cos) = (part(f64::sin), part(f64::cos));
    let rest: Vec<f64> = y.iter().enumerate().map(|(n, y)| y - sin * phase(n).sin() - cos * phase(n).cos()).collect();
    rms_db(&rest)
}

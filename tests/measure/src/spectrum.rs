//! Spectra, and what is left of a sine when it is taken out.

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

/// What is left of whole periods of a sine when the sine is taken out, RMS in dB re full scale.
pub(crate) fn residue_db(y: &[f64], freq_hz: f64, sample_rate_hz: f64) -> f64 {
    let phase = |n: usize| TAU * (freq_hz * n as f64 / sample_rate_hz).fract();
    let part =
        |f: fn(f64) -> f64| 2.0 / y.len() as f64 * y.iter().enumerate().map(|(n, y)| y * f(phase(n))).sum::<f64>();
    let (sin, cos) = (part(f64::sin), part(f64::cos));
    let rest: Vec<f64> = y.iter().enumerate().map(|(n, y)| y - sin * phase(n).sin() - cos * phase(n).cos()).collect();
    rms_db(&rest)
}

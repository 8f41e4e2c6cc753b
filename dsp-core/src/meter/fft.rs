//! A windowed Fourier transform of real samples, with all its buffers.

use realfft::num_complex::Complex;
use realfft::{RealFftPlanner, RealToComplex};
use std::sync::Arc;

/// A transform of the length of its window.
#[derive(Clone)]
pub(super) struct WindowedFft {
    fft: Arc<dyn RealToComplex<f64>>,
    pub(super) window: Vec<f64>,
    time: Vec<f64>,
    bins: Vec<Complex<f64>>,
    scratch: Vec<Complex<f64>>,
}

impl WindowedFft {
    /// Allocates.
    pub(super) fn new(window: Vec<f64>) -> Self {
        let fft = RealFftPlanner::new().plan_fft_forward(window.len());
        Self { window, time: fft.make_input_vec(), bins: fft.make_output_vec(), scratch: fft.make_scratch_vec(), fft }
    }

    /// Samples in a transform.
    pub(super) fn len(&self) -> usize {
        self.window.len()
    }

    /// Transforms a window's length of samples, padded with silence. The bins go from 0 Hz to Nyquist.
    pub(super) fn bins(&mut self, samples: impl Iterator<Item = f64>) -> &[Complex<f64>] {
        self.time.fill(0.0);
        for ((time, x), w) in self.time.iter_mut().zip(samples).zip(&self.window) {
            *time = x * w;
        }
        // All lengths match by construction.
        let done = self.fft.process_with_scratch(&mut self.time, &mut self.bins, &mut self.scratch);
        debug_assert!(done.is_ok());
        &self.bins
    }
}

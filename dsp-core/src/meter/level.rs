//! Sample peak and RMS per channel.

use crate::{Frame, Spec};

/// Peak with a fall that the eye can follow, and RMS over 300 ms.
#[derive(Clone, Debug, Default)]
pub struct Level {}

impl Level {
    /// A meter at rest.
    #[must_use]
    pub fn new() -> Self {
        Self {}
    }

    /// Learns the rate, then resets.
    pub fn prepare(&mut self, _spec: Spec) {}

    /// Forgets the past.
    pub fn reset(&mut self) {}

    /// Reads a block.
    pub fn process(&mut self, _block: &[Frame]) {}

    /// Peak in dBFS, left and right, falling 20 dB per second; −∞ for silence.
    #[must_use]
    pub fn peak_dbfs(&self) -> [f64; 2] {
        [f64::NEG_INFINITY; 2]
    }

    /// RMS in dBFS (a full-scale sine reads −3.01), left and right; −∞ for silence.
    #[must_use]
    pub fn rms_dbfs(&self) -> [f64; 2] {
        [f64::NEG_INFINITY; 2]
    }

    /// Largest sample magnitude since `reset`, in dBFS; −∞ for silence.
    #[must_use]
    pub fn max_peak_dbfs(&self) -> f64 {
        f64::NEG_INFINITY
    }
}

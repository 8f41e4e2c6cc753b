//! Phase correlation of left and right, −1 to +1.

use crate::{Frame, Spec};

/// A correlation meter.
#[derive(Clone, Debug, Default)]
pub struct Correlation {}

impl Correlation {
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

    /// Correlation of the last 400 ms; 1 for silence and for mono.
    #[must_use]
    pub fn value(&self) -> f64 {
        1.0
    }

    /// Smallest correlation of any 400 ms since `reset` that was louder than −70 dBFS; 1 if none was.
    #[must_use]
    pub fn min(&self) -> f64 {
        1.0
    }
}

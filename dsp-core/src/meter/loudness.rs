//! Loudness to ITU-R BS.1770-5 and EBU Tech 3341/3342: momentary, short-term, integrated, range.

use crate::{Frame, Spec};

/// What a loudness meter shows. Loudness of silence, or of too little signal, is −∞.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    /// Of the last 400 ms, in LUFS.
    pub momentary_lufs: f64,
    /// Of the last 3 s, in LUFS.
    pub short_term_lufs: f64,
    /// Of everything since `reset`, gated, in LUFS.
    pub integrated_lufs: f64,
    /// Spread of short-term loudness, in LU; 0 until there is any.
    pub range_lu: f64,
    /// Largest momentary loudness since `reset`, in LUFS.
    pub max_momentary_lufs: f64,
    /// Largest short-term loudness since `reset`, in LUFS.
    pub max_short_term_lufs: f64,
}

impl Reading {
    /// Of nothing.
    pub const SILENCE: Self = Self {
        momentary_lufs: f64::NEG_INFINITY,
        short_term_lufs: f64::NEG_INFINITY,
        integrated_lufs: f64::NEG_INFINITY,
        range_lu: 0.0,
        max_momentary_lufs: f64::NEG_INFINITY,
        max_short_term_lufs: f64::NEG_INFINITY,
    };
}

/// A loudness meter: bounded memory for any length.
#[derive(Clone, Debug, Default)]
pub struct Loudness {}

impl Loudness {
    /// A meter at rest.
    #[must_use]
    pub fn new() -> Self {
        Self {}
    }

    /// Learns rate and channels, then resets. A mono signal counts once.
    pub fn prepare(&mut self, _spec: Spec) {}

    /// Starts a new measurement.
    pub fn reset(&mut self) {}

    /// Reads a block.
    pub fn process(&mut self, _block: &[Frame]) {}

    /// What it shows now. Not for every frame: the gates are worked out here.
    #[must_use]
    pub fn reading(&self) -> Reading {
        Reading::SILENCE
    }
}

//! Filters as parts: designs and states that equalisers, detectors and meters are made of.
//!
//! A design is a pure function from what is asked (frequency, gain, Q) and the sample rate to `Coeffs`; a `State` is
//! what the filter remembers; a [`bank::Bank`] runs many in series, and carries each to its next design without steps.
//! Whoever wants the curve asks the same `Coeffs` that filter the audio.

pub mod bank;
pub mod convolve;
pub mod matched;
pub(crate) mod pairwise;
pub mod prototype;
pub mod response;
pub mod section;
pub mod svf;

use core::f64::consts::PI;

/// Highest frequency of a design, in cycles per frame. The bilinear transform puts Nyquist (0.5) at infinity; a
/// filter just below it rings at Nyquist for hundreds of frames whenever it is moved. Here it is 30 frames, and at
/// 44.1 kHz everything up to 21.6 kHz is still exact.
pub const MAX_FREQ_NORM: f64 = 0.49;

/// Lowest frequency of a design, in cycles per frame: a hundred times below 10 Hz at 768 kHz, so that nothing real
/// is held, but no division is by zero.
pub const MIN_FREQ_NORM: f64 = 1e-7;

/// The bilinear transform's warped frequency, tan(π f / fs), of a frequency held within what a design takes.
#[expect(clippy::manual_clamp, reason = "clamp would keep NaN, max turns it into the bound")]
fn warp(freq_hz: f64, sample_rate_hz: f64) -> f64 {
    (PI * (freq_hz / sample_rate_hz).max(MIN_FREQ_NORM).min(MAX_FREQ_NORM)).tan()
}

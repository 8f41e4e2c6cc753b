//! Meters: they read, and never change the audio.

pub mod analyser;
pub mod average_spectrum;
pub mod bit_depth;
pub mod bridge;
pub mod clipping;
pub mod correlation;
mod fft;
mod histogram;
mod hops;
pub mod k_weighting;
pub mod level;
pub mod loudness;
pub mod loudness_history;
pub mod mono_compatibility;
pub mod overview;
mod peak_stream;
pub mod programme;
pub mod readings;
pub mod scale;
pub mod silence;
pub mod tap;
pub mod taps;
pub mod true_peak;
pub mod true_peak_overs;

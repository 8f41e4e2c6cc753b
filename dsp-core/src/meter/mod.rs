//! Meters: they read, and never change the audio.

pub mod correlation;
pub mod level;
pub mod loudness;
pub mod true_peak;

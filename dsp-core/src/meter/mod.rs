//! Meters: they read, and never change the audio.

pub mod correlation;
mod histogram;
pub mod k_weighting;
pub mod level;
pub mod loudness;
mod steps;
pub mod true_peak;

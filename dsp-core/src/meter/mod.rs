//! Meters: they read, and never change the audio.

pub mod correlation;
mod histogram;
pub mod k_weighting;
pub mod level;
pub mod loudness;
pub mod programme;
mod steps;
pub mod true_peak;

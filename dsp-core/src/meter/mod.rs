//! Meters: they read, and never change the audio.

pub mod analyser;
mod ballistics;
pub mod clip;
pub mod correlation;
mod dr;
mod fft;
mod histogram;
pub mod history;
pub mod k_weighting;
pub mod level;
pub mod loudness;
pub mod mono;
pub mod overs;
pub mod overview;
pub mod peak_places;
mod peak_stream;
pub mod programme;
mod psr;
pub mod readings;
pub mod row;
pub mod runs;
pub mod scale;
pub mod silence;
pub mod spectrum;
mod steps;
pub mod true_peak;
pub mod word;

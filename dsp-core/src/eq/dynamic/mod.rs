//! Dynamic bands: a band whose gain moves with the level of what it acts on.
//!
//! The band's region of the signal → its level (`detector.rs`) → the static curve ([`curve`]) → attack and release in dB
//! → an offset to the band's gain, once every [`crate::smooth::CONTROL_FRAMES`].

mod band_dynamics;
pub mod curve;
mod detector;
mod long_term;
mod region;
mod settings;
#[cfg(test)]
mod tests;

pub use band_dynamics::BandDynamics;
pub use settings::{ATTACK_MS, KNEE_DB, RANGE_DB, RELEASE_MS, Reference, Settings, Source, THRESHOLD_DB};

//! Dynamic bands: a band whose gain moves with the level of what it acts on.
//!
//! The band's region of the signal → its level (`level.rs`) → the static law ([`law`]) → attack and release in dB
//! → an offset to the band's gain, once every [`crate::smooth::CONTROL_FRAMES`].

mod follower;
pub mod law;
mod level;
mod long_term;
mod region;
mod settings;
#[cfg(test)]
mod tests;

pub use follower::Follower;
pub use settings::{ATTACK_MS, KNEE_DB, RANGE_DB, RELEASE_MS, Reference, Settings, Source, THRESHOLD_DB};

//! Dynamics: what listens (detector), what decides (gain computer), how fast (ballistics), and what is built of them.

pub mod ballistics;
pub mod compressor;
pub mod detector;
pub mod gain_computer;
pub mod gate;
pub mod key;

mod low_cut;
mod wet_gain;

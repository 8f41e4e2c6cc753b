//! Dynamics: what listens (detector), what decides (gain computer), how fast (ballistics), and what is built of them.

pub mod compressor;
pub mod gate;
pub mod key;

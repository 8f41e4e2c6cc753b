//! Inter-sample peaks, for the limiter's detector and the true-peak meter.

mod fir;
mod inter_sample;
pub(crate) mod kaiser;
mod kernels;
pub mod peaks;

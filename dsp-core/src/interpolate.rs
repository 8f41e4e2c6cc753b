//! What lies between the samples, for the limiter's detector and the true-peak meter.

mod crests;
mod fir;
pub(crate) mod kaiser;
mod kernels;
pub mod peaks;

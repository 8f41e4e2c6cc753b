//! What lies between the samples, for the limiter's detector and the true-peak meter.

mod crests;
pub(crate) mod kaiser;
mod kernels;
mod lanes;
pub mod peaks;

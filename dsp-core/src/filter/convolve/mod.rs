//! Partitioned convolution with long impulse responses, at an even cost, with click-free changes of the response.
//!
//! Sources: T. G. Stockham, "High-speed convolution and correlation", AFIPS 1966 (overlap and save); uniform partitions
//! with a ring of spectra after J.-S. Soo and K. K. Pang, "Multidelay block frequency domain adaptive filter", IEEE
//! Trans. ASSP 38, 1990. While one partition is collected, the one before is processed in slots of equal work.

mod complex;
mod engine;
mod fft;
mod kernel;
mod multiply;
mod schedule;

pub use engine::{Convolver, Plans};
pub use kernel::{Geometry, Kernel, Taps};

//! Convolution with long impulse responses: in partitions, at an even cost, changing from one to another without a
//! click.
//!
//! Sources: T. G. Stockham, "High-speed convolution and correlation", AFIPS 1966 (overlap and save); uniform partitions
//! with a ring of spectra after J.-S. Soo and K. K. Pang, "Multidelay block frequency domain adaptive filter", IEEE
//! Trans. ASSP 38, 1990. While one partition comes in, the one before is worked on in servings of equal size.

mod complex;
mod engine;
mod fft;
mod kernel;
mod multiply;
mod schedule;

pub use engine::{Convolver, Plans};
pub use kernel::{Geometry, Kernel, Taps};

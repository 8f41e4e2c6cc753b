//! Dynamics: one [`engine`] of detector, curve, ballistics and output, and the processors built on it.

pub(crate) mod ballistics;
pub mod compressor;
pub mod de_esser;
pub mod detector;
pub mod engine;
pub mod gain_computer;
pub mod gate;
pub mod key;
pub mod key_filter;
pub mod listen;
pub mod lookahead;
pub mod transient;

mod ramps;
mod reduction;

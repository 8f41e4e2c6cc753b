//! Clipper: a soft to hard ceiling, antialiased.
//!
//! drive → up → what exceeds the curve → down; the output is the driven input, delayed as much, less that. So a signal
//! below the knee passes to the last bit at every oversampling, and what is clipped off can be heard by itself.
//!
//! Without oversampling no sample exceeds the ceiling. With it the output is band-limited, so samples overshoot as far as
//! the clipped wave rings below half the rate: 12 dB over a hard ceiling by 1.4 dB for a tone of 5 kHz, 4 dB for white
//! noise. A limiter behind it takes care of that.
//!
//! Aliases of a 5 kHz tone 12 dB over a hard ceiling: −93 dB at 4×, −69 dB at 2×; see `antialias.rs`.

mod antialias;
mod curve;
mod running;
mod settings;

pub use crate::oversample::Factor;
pub use running::Clipper;
pub use settings::{CEILING_DB, DRIVE_DB, KNEE_PCT, Settings};

#[cfg(test)]
mod tests;

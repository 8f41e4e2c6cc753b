//! Saturation: one of four curves, driven, at a level that stays.
//!
//! drive → up → curve → down → make-up → tilt → offset filter, mixed with the input, which waits as long as
//! the rest takes. The make-up gain is a fixed one for each drive and curve ([`Curve::makeup_db`]): noise of −18 dBFS
//! RMS leaves as loud as it came; softer programme gets louder with the drive, and louder programme softer. With no
//! drive and no tone the curve is still there: at −18 dBFS a tone keeps its level within 0.1 dB, and its harmonics are at
//! −38 dB (Tube), −60 (Tape), −61 (Transistor) and −100 (Clip).
//!
//! The curve is averaged between samples at every factor: at 1× that takes 15 dB and more off what folds below a
//! tone of 5 kHz (the top octave is hardly better), at 4× it is what Clip needs: −94 dB instead of −74.
//!
//! The offset filter (5 Hz) is around the wet signal only; the dry one is not touched. At 1× nothing is delayed.

mod curve;
mod running;
mod settings;
mod shaper;
mod tone;
mod wet;

pub use crate::oversample::Factor;
pub use curve::{Curve, REFERENCE_DBFS};
pub use running::Saturation;
pub use settings::{DRIVE_DB, MIX_PCT, Settings, TONE_DB};
pub(crate) use wet::Wet;

#[cfg(test)]
mod tests;

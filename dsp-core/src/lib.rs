//! The sound of Plumb: every processor, every meter and both whole chains. No framework, no GUI, no parameters.
//!
//! # The processor contract
//! [`Stage`] is the contract of every processor that a chain can order; the others follow it by convention.
//!
//! - A block is a slice of [`Frame`]s: 64-bit, left and right side by side. Mono travels in both lanes.
//! - `set` takes any numbers: what lies outside its [`Range`] is clamped. Structural settings (lookahead) are
//!   sized for their maximum in `prepare` and adopted by `reset`, never in between.
//! - `process` takes any numbers: each processor sanitises its input once ([`frame::sanitise`]).
//! - Output does not depend on how the host cuts the blocks: whatever happens every so often is counted from
//!   `reset`, not from the start of a block.
//! - A time is the time to cover 63 % of a step. `reduction_db` is positive, `gain_db` has either sign.

#![deny(unsafe_code)]
#![doc = include_str!("../EXAMPLES.md")]

pub mod chain;
pub mod choice;
pub mod clipper;
pub mod delay;
pub mod dither;
pub mod dynamics;
pub mod eq;
pub mod filter;
pub mod frame;
pub mod gain;
pub mod interpolate;
pub mod limiter;
pub mod meter;
pub mod multiband;
pub mod oversample;
pub mod range;
pub mod saturation;
pub mod smooth;
pub mod spec;
pub mod stereo;
pub mod units;

mod gain_ramp;
#[expect(unsafe_code, reason = "intrinsics, and the control word of the floating-point unit")]
mod simd;
mod switch;

pub use chain::{product::Chain, stage::Stage};
pub use choice::Choice;
pub use frame::Frame;
pub use range::Range;
pub use simd::flush;
pub use spec::{Spec, SpecError};

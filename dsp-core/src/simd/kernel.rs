//! Code that is compiled for each instruction set.

use super::{F32x8, F64x4};

/// The vectors of an instruction set.
pub(crate) trait Simd {
    type F64: F64x4;
    type F32: F32x8;
}

/// Any processor.
pub(super) struct Portable;

impl Simd for Portable {
    type F64 = [f64; 4];
    type F32 = [f32; 8];
}

/// Code to be compiled for each instruction set, with its arguments.
pub(crate) trait Kernel {
    type Output;
    /// Must be `#[inline(always)]`, as must whatever it calls that is to use the instruction set. That goes for closures,
    /// too: what an adapter calls but does not inline is compiled for any processor.
    fn run<S: Simd>(self) -> Self::Output;
}

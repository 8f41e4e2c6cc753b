//! Vector code: four 64-bit or eight 32-bit lanes, on the instruction set that the processor has.
//!
//! A [`Kernel`] is written once over [`Simd`] and compiled twice, portable and for AVX2 with fused multiply-add.
//! [`Isa::run`] chooses. All `unsafe` code of this crate is in this module. The types of the AVX2 version cannot be named
//! outside `avx2.rs`, and only [`Isa::detect`] makes the token that runs a kernel on them.

#[cfg(target_arch = "x86_64")]
mod avx2;
pub(crate) mod decibel;
mod f32x8;
mod f64x4;
pub mod flush;
mod isa;
mod kernel;

pub(crate) use f32x8::F32x8;
pub(crate) use f64x4::F64x4;
pub(crate) use isa::Isa;
pub(crate) use kernel::{Kernel, Simd};

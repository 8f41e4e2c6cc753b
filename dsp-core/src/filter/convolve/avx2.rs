//! Four numbers in one register of a processor with AVX2. Nothing is fused: the bits are those of any processor.

use super::vector::{LANES, Vector};
use core::arch::x86_64 as arch;

/// Only to be used within functions compiled for AVX2, where the processor has it: whoever calls those has asked.
#[derive(Clone, Copy)]
pub(super) struct Avx2(arch::__m256d);

impl Vector for Avx2 {
    #[inline(always)]
    unsafe fn load(from: &[f64], at: usize) -> Self {
        debug_assert!(at + LANES <= from.len());
        // SAFETY: the caller's promise, and see the type.
        Self(unsafe { arch::_mm256_loadu_pd(from.as_ptr().add(at)) })
    }

    #[inline(always)]
    unsafe fn store(self, to: &mut [f64], at: usize) {
        debug_assert!(at + LANES <= to.len());
        // SAFETY: the caller's promise, and see the type.
        unsafe { arch::_mm256_storeu_pd(to.as_mut_ptr().add(at), self.0) };
    }

    #[inline(always)]
    fn splat(x: f64) -> Self {
        // SAFETY: see the type.
        Self(unsafe { arch::_mm256_set1_pd(x) })
    }

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        // SAFETY: see the type.
        Self(unsafe { arch::_mm256_add_pd(self.0, other.0) })
    }

    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        // SAFETY: see the type.
        Self(unsafe { arch::_mm256_sub_pd(self.0, other.0) })
    }

    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        // SAFETY: see the type.
        Self(unsafe { arch::_mm256_mul_pd(self.0, other.0) })
    }

    #[inline(always)]
    fn transpose([a, b, c, d]: [Self; 4]) -> [Self; 4] {
        // SAFETY: see the type.
        unsafe {
            let (ab0, ab1) = (arch::_mm256_unpacklo_pd(a.0, b.0), arch::_mm256_unpackhi_pd(a.0, b.0));
            let (cd0, cd1) = (arch::_mm256_unpacklo_pd(c.0, d.0), arch::_mm256_unpackhi_pd(c.0, d.0));
            [
                Self(arch::_mm256_permute2f128_pd::<0x20>(ab0, cd0)),
                Self(arch::_mm256_permute2f128_pd::<0x20>(ab1, cd1)),
                Self(arch::_mm256_permute2f128_pd::<0x31>(ab0, cd0)),
                Self(arch::_mm256_permute2f128_pd::<0x31>(ab1, cd1)),
            ]
        }
    }
}

//! What oversampling and saturation need of four lanes besides what everybody does ([`crate::lanes`]): two frames side by
//! side, of stereo.

use crate::lanes::{Lanes, Plain};

#[cfg(target_arch = "x86_64")]
use crate::lanes::Avx;
#[cfg(target_arch = "x86_64")]
use core::arch::x86_64 as arch;

/// Numbers worked on at once.
pub(crate) const LANES: usize = 4;

/// Two frames, and what is done with them. Spelt out without closures: those are not compiled for the features of who
/// calls them.
pub(crate) trait Wide: Lanes {
    /// # Safety
    /// Four numbers must be there from `at` on: in the innermost loops asking each time costs as much as the work.
    unsafe fn read(from: &[f64], at: usize) -> Self;
    fn sqrt(self) -> Self;
    /// Held to ±1.
    fn clamp_one(self) -> Self;
    /// Whether any magnitude is below `limit`.
    fn any_near(self, limit: f64) -> bool;
    /// `near` where the magnitude is below `limit`, else `far`.
    fn nearer(self, limit: f64, near: Self, far: Self) -> Self;
}

/// What every processor has.
impl Wide for Plain {
    #[inline(always)]
    unsafe fn read(from: &[f64], at: usize) -> Self {
        debug_assert!(at + LANES <= from.len());
        // SAFETY: the caller's promise.
        let from = unsafe { from.get_unchecked(at..at + LANES) };
        Self([from[0], from[1], from[2], from[3]])
    }

    #[inline(always)]
    fn sqrt(self) -> Self {
        Self(self.0.map(f64::sqrt))
    }

    #[inline(always)]
    fn clamp_one(self) -> Self {
        Self(self.0.map(|x| x.clamp(-1.0, 1.0)))
    }

    #[inline(always)]
    fn any_near(self, limit: f64) -> bool {
        self.0.iter().any(|x| x.abs() < limit)
    }

    #[inline(always)]
    fn nearer(self, limit: f64, near: Self, far: Self) -> Self {
        let mut out = far;
        for lane in 0..LANES {
            if self.0[lane].abs() < limit {
                out.0[lane] = near.0[lane];
            }
        }
        out
    }
}

/// All bits of the lanes whose magnitude is below `limit`.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn near_mask(x: arch::__m256d, limit: f64) -> arch::__m256d {
    // SAFETY: the processor has AVX2 (see the type).
    unsafe {
        let magnitude = arch::_mm256_andnot_pd(arch::_mm256_set1_pd(-0.0), x);
        arch::_mm256_cmp_pd::<{ arch::_CMP_LT_OQ }>(magnitude, arch::_mm256_set1_pd(limit))
    }
}

// To be touched only where the processor has AVX2, see `Avx`: what the SAFETY comments below rely on.
#[cfg(target_arch = "x86_64")]
impl Wide for Avx {
    #[inline(always)]
    unsafe fn read(from: &[f64], at: usize) -> Self {
        debug_assert!(at + LANES <= from.len());
        // SAFETY: the caller's promise, and see the type.
        Self(unsafe { arch::_mm256_loadu_pd(from.as_ptr().add(at)) })
    }

    #[inline(always)]
    fn sqrt(self) -> Self {
        // SAFETY: the processor has AVX2 (see the type).
        Self(unsafe { arch::_mm256_sqrt_pd(self.0) })
    }

    #[inline(always)]
    fn clamp_one(self) -> Self {
        // SAFETY: the processor has AVX2 (see the type).
        Self(unsafe {
            arch::_mm256_max_pd(arch::_mm256_min_pd(self.0, arch::_mm256_set1_pd(1.0)), arch::_mm256_set1_pd(-1.0))
        })
    }

    #[inline(always)]
    fn any_near(self, limit: f64) -> bool {
        // SAFETY: the processor has AVX2 (see the type).
        unsafe { arch::_mm256_movemask_pd(near_mask(self.0, limit)) != 0 }
    }

    #[inline(always)]
    fn nearer(self, limit: f64, near: Self, far: Self) -> Self {
        // SAFETY: the processor has AVX2 (see the type).
        Self(unsafe { arch::_mm256_blendv_pd(far.0, near.0, near_mask(self.0, limit)) })
    }
}

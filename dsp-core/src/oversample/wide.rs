//! Two frames side by side, four numbers: what oversampling and saturation are written over, once, and compiled for
//! every processor and for AVX2 with fused multiply-add.

#[cfg(target_arch = "x86_64")]
use core::arch::x86_64 as arch;

/// Numbers worked on at once.
pub(crate) const LANES: usize = 4;

/// Four numbers. Spelt out without closures: those are not compiled for the features of who calls them.
pub(crate) trait Wide: Copy {
    /// # Safety
    /// Four numbers must be there from `at` on: in the innermost loops asking each time costs as much as the work.
    unsafe fn load(from: &[f64], at: usize) -> Self;
    fn store(self, to: &mut [f64; LANES]);
    /// One number four times.
    fn splat(x: f64) -> Self;
    fn add(self, other: Self) -> Self;
    fn sub(self, other: Self) -> Self;
    fn mul(self, other: Self) -> Self;
    /// `self`·`by` + `add`; rounded once or twice, as the instruction set has it.
    fn mul_add(self, by: Self, add: Self) -> Self;
    fn div(self, other: Self) -> Self;
    fn sqrt(self) -> Self;
    /// Held to ±1.
    fn clamp_one(self) -> Self;
    /// Whether any magnitude is below `limit`.
    fn any_near(self, limit: f64) -> bool;
    /// `near` where the magnitude is below `limit`, else `far`.
    fn nearer(self, limit: f64, near: Self, far: Self) -> Self;
    /// One frame earlier: the later frame of `before`, then the earlier one of `self`.
    fn earlier(self, before: Self) -> Self;
}

/// What every processor has.
impl Wide for [f64; LANES] {
    #[inline(always)]
    unsafe fn load(from: &[f64], at: usize) -> Self {
        debug_assert!(at + LANES <= from.len());
        // SAFETY: the caller's promise.
        let from = unsafe { from.get_unchecked(at..at + LANES) };
        [from[0], from[1], from[2], from[3]]
    }

    #[inline(always)]
    fn store(self, to: &mut [f64; LANES]) {
        *to = self;
    }

    #[inline(always)]
    fn splat(x: f64) -> Self {
        [x; LANES]
    }

    #[inline(always)]
    fn add(self, b: Self) -> Self {
        [self[0] + b[0], self[1] + b[1], self[2] + b[2], self[3] + b[3]]
    }

    #[inline(always)]
    fn sub(self, b: Self) -> Self {
        [self[0] - b[0], self[1] - b[1], self[2] - b[2], self[3] - b[3]]
    }

    #[inline(always)]
    fn mul(self, b: Self) -> Self {
        [self[0] * b[0], self[1] * b[1], self[2] * b[2], self[3] * b[3]]
    }

    #[inline(always)]
    fn mul_add(self, by: Self, add: Self) -> Self {
        // Without the instruction a fused multiply-add is a library call.
        self.mul(by).add(add)
    }

    #[inline(always)]
    fn div(self, b: Self) -> Self {
        [self[0] / b[0], self[1] / b[1], self[2] / b[2], self[3] / b[3]]
    }

    #[inline(always)]
    fn sqrt(self) -> Self {
        [self[0].sqrt(), self[1].sqrt(), self[2].sqrt(), self[3].sqrt()]
    }

    #[inline(always)]
    fn clamp_one(self) -> Self {
        [self[0].clamp(-1.0, 1.0), self[1].clamp(-1.0, 1.0), self[2].clamp(-1.0, 1.0), self[3].clamp(-1.0, 1.0)]
    }

    #[inline(always)]
    fn any_near(self, limit: f64) -> bool {
        self[0].abs() < limit || self[1].abs() < limit || self[2].abs() < limit || self[3].abs() < limit
    }

    #[inline(always)]
    fn nearer(self, limit: f64, near: Self, far: Self) -> Self {
        let mut out = far;
        for lane in 0..LANES {
            if self[lane].abs() < limit {
                out[lane] = near[lane];
            }
        }
        out
    }

    #[inline(always)]
    fn earlier(self, before: Self) -> Self {
        [before[2], before[3], self[0], self[1]]
    }
}

/// AVX2 with fused multiply-add. To be touched only inside a function that enables both, which is called only where
/// the processor has them: what the SAFETY comments below rely on.
#[cfg(target_arch = "x86_64")]
#[derive(Clone, Copy)]
pub(crate) struct Avx(arch::__m256d);

/// Whether the processor has what [`Avx`] needs.
#[cfg(target_arch = "x86_64")]
pub(crate) fn has_avx() -> bool {
    is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma")
}

/// All bits of the lanes whose magnitude is below `limit`.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn near_mask(x: arch::__m256d, limit: f64) -> arch::__m256d {
    // SAFETY: see the type.
    unsafe {
        let magnitude = arch::_mm256_andnot_pd(arch::_mm256_set1_pd(-0.0), x);
        arch::_mm256_cmp_pd::<{ arch::_CMP_LT_OQ }>(magnitude, arch::_mm256_set1_pd(limit))
    }
}

#[cfg(target_arch = "x86_64")]
impl Wide for Avx {
    #[inline(always)]
    unsafe fn load(from: &[f64], at: usize) -> Self {
        debug_assert!(at + LANES <= from.len());
        // SAFETY: the caller's promise, and see the type.
        Self(unsafe { arch::_mm256_loadu_pd(from.as_ptr().add(at)) })
    }

    #[inline(always)]
    fn store(self, to: &mut [f64; LANES]) {
        // SAFETY: see the type; the four numbers are writable.
        unsafe { arch::_mm256_storeu_pd(to.as_mut_ptr(), self.0) };
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
    fn mul_add(self, by: Self, add: Self) -> Self {
        // SAFETY: see the type.
        Self(unsafe { arch::_mm256_fmadd_pd(self.0, by.0, add.0) })
    }

    #[inline(always)]
    fn div(self, other: Self) -> Self {
        // SAFETY: see the type.
        Self(unsafe { arch::_mm256_div_pd(self.0, other.0) })
    }

    #[inline(always)]
    fn sqrt(self) -> Self {
        // SAFETY: see the type.
        Self(unsafe { arch::_mm256_sqrt_pd(self.0) })
    }

    #[inline(always)]
    fn clamp_one(self) -> Self {
        // SAFETY: see the type.
        Self(unsafe {
            arch::_mm256_max_pd(arch::_mm256_min_pd(self.0, arch::_mm256_set1_pd(1.0)), arch::_mm256_set1_pd(-1.0))
        })
    }

    #[inline(always)]
    fn any_near(self, limit: f64) -> bool {
        // SAFETY: see the type.
        unsafe { arch::_mm256_movemask_pd(near_mask(self.0, limit)) != 0 }
    }

    #[inline(always)]
    fn nearer(self, limit: f64, near: Self, far: Self) -> Self {
        // SAFETY: see the type.
        Self(unsafe { arch::_mm256_blendv_pd(far.0, near.0, near_mask(self.0, limit)) })
    }

    #[inline(always)]
    fn earlier(self, before: Self) -> Self {
        // SAFETY: see the type.
        Self(unsafe { arch::_mm256_permute2f128_pd::<0x21>(before.0, self.0) })
    }
}

//! Four 64-bit numbers side by side: the instruction sets that fast code runs on.
//!
//! One source for all: it is written over [`Lanes`], or over what a module adds to them, and compiled once for each
//! implementation.

#[cfg(target_arch = "x86_64")]
use core::arch::x86_64::{
    __m256d, _mm256_add_pd, _mm256_blendv_pd, _mm256_castsi256_pd, _mm256_div_pd, _mm256_fmadd_pd, _mm256_loadu_pd,
    _mm256_max_pd, _mm256_mul_pd, _mm256_permute2f128_pd, _mm256_set_epi64x, _mm256_set1_pd, _mm256_storeu_pd,
    _mm256_sub_pd,
};

/// Four numbers, and what everybody does with them.
pub(crate) trait Lanes: Copy {
    fn load(from: &[f64; 4]) -> Self;
    fn store(self, to: &mut [f64; 4]);
    /// One number four times.
    fn splat(x: f64) -> Self;
    fn add(self, other: Self) -> Self;
    fn sub(self, other: Self) -> Self;
    fn mul(self, other: Self) -> Self;
    fn div(self, by: Self) -> Self;
    /// `self`·`by` + `add`; rounded once or twice, as the instruction set has it.
    fn mul_add(self, by: Self, add: Self) -> Self;
    /// The larger; `other` where `self` is not a number.
    fn max(self, other: Self) -> Self;
    /// The upper half of `before` and the lower half of `self`: what each half hands to the next.
    fn handed_on(self, before: Self) -> Self;
    /// `self` in the halves that are asked for, `other` elsewhere.
    fn or(self, other: Self, halves: [bool; 2]) -> Self;
}

/// What every processor has.
#[derive(Clone, Copy)]
pub(crate) struct Plain(pub(crate) [f64; 4]);

impl Lanes for Plain {
    #[inline(always)]
    fn load(from: &[f64; 4]) -> Self {
        Self(*from)
    }

    #[inline(always)]
    fn store(self, to: &mut [f64; 4]) {
        *to = self.0;
    }

    #[inline(always)]
    fn splat(x: f64) -> Self {
        Self([x; 4])
    }

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Self(core::array::from_fn(|lane| self.0[lane] + other.0[lane]))
    }

    #[inline(always)]
    fn div(self, by: Self) -> Self {
        Self(core::array::from_fn(|lane| self.0[lane] / by.0[lane]))
    }

    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        Self(core::array::from_fn(|lane| self.0[lane] - other.0[lane]))
    }

    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        Self(core::array::from_fn(|lane| self.0[lane] * other.0[lane]))
    }

    #[inline(always)]
    fn mul_add(self, by: Self, add: Self) -> Self {
        // Without the instruction a fused multiply-add is a library call.
        Self(core::array::from_fn(|lane| self.0[lane] * by.0[lane] + add.0[lane]))
    }

    #[inline(always)]
    fn max(self, other: Self) -> Self {
        Self(core::array::from_fn(|lane| if self.0[lane] > other.0[lane] { self.0[lane] } else { other.0[lane] }))
    }

    #[inline(always)]
    fn handed_on(self, before: Self) -> Self {
        Self([before.0[2], before.0[3], self.0[0], self.0[1]])
    }

    #[inline(always)]
    fn or(self, other: Self, halves: [bool; 2]) -> Self {
        Self(core::array::from_fn(|lane| if halves[lane / 2] { self.0[lane] } else { other.0[lane] }))
    }
}

/// AVX2 with fused multiply-add. To be touched only inside a function that enables both, which is called only where
/// the processor has them: what the SAFETY comments below rely on.
#[cfg(target_arch = "x86_64")]
#[derive(Clone, Copy)]
pub(crate) struct Avx(pub(crate) __m256d);

#[cfg(target_arch = "x86_64")]
impl Lanes for Avx {
    #[inline(always)]
    fn load(from: &[f64; 4]) -> Self {
        // SAFETY: the processor has AVX2 (see the type); the four numbers are readable.
        Self(unsafe { _mm256_loadu_pd(from.as_ptr()) })
    }

    #[inline(always)]
    fn store(self, to: &mut [f64; 4]) {
        // SAFETY: the processor has AVX2 (see the type); the four numbers are writable.
        unsafe { _mm256_storeu_pd(to.as_mut_ptr(), self.0) }
    }

    #[inline(always)]
    fn splat(x: f64) -> Self {
        // SAFETY: the processor has AVX2 (see the type).
        Self(unsafe { _mm256_set1_pd(x) })
    }

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        // SAFETY: the processor has AVX2 (see the type).
        Self(unsafe { _mm256_add_pd(self.0, other.0) })
    }

    #[inline(always)]
    fn div(self, by: Self) -> Self {
        // SAFETY: the processor has AVX2 (see the type).
        Self(unsafe { _mm256_div_pd(self.0, by.0) })
    }

    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        // SAFETY: the processor has AVX2 (see the type).
        Self(unsafe { _mm256_sub_pd(self.0, other.0) })
    }

    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        // SAFETY: the processor has AVX2 (see the type).
        Self(unsafe { _mm256_mul_pd(self.0, other.0) })
    }

    #[inline(always)]
    fn mul_add(self, by: Self, add: Self) -> Self {
        // SAFETY: the processor has FMA (see the type).
        Self(unsafe { _mm256_fmadd_pd(self.0, by.0, add.0) })
    }

    #[inline(always)]
    fn max(self, other: Self) -> Self {
        // SAFETY: the processor has AVX2 (see the type).
        Self(unsafe { _mm256_max_pd(self.0, other.0) })
    }

    #[inline(always)]
    fn handed_on(self, before: Self) -> Self {
        // SAFETY: the processor has AVX2 (see the type).
        Self(unsafe { _mm256_permute2f128_pd::<0x21>(before.0, self.0) })
    }

    #[inline(always)]
    fn or(self, other: Self, halves: [bool; 2]) -> Self {
        let [low, high] = halves.map(|own| -i64::from(own));
        // SAFETY: the processor has AVX2 (see the type).
        Self(unsafe { _mm256_blendv_pd(other.0, self.0, _mm256_castsi256_pd(_mm256_set_epi64x(high, high, low, low))) })
    }
}

/// Whether the processor has what [`Avx`] needs.
#[cfg(target_arch = "x86_64")]
pub(crate) fn has_avx() -> bool {
    is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma")
}

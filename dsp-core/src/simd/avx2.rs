//! AVX2 with fused multiply-add.

use super::f64x4::{BIAS, EXPONENT_BIT, MANTISSA, WHOLE};
use super::kernel::{Kernel, Simd};
use super::{F32x8, F64x4};
use core::arch::x86_64::{
    __m256, __m256d, _CMP_LT_OQ, _mm_add_ps, _mm_castps_si128, _mm_cvtsi128_si64, _mm_movehl_ps, _mm256_add_epi64,
    _mm256_add_pd, _mm256_and_pd, _mm256_andnot_pd, _mm256_blendv_pd, _mm256_castpd_ps, _mm256_castpd_si256,
    _mm256_castps256_ps128, _mm256_castsi256_pd, _mm256_cmp_pd, _mm256_div_pd, _mm256_extractf128_ps, _mm256_fmadd_pd,
    _mm256_fmadd_ps, _mm256_loadu_pd, _mm256_loadu_ps, _mm256_max_pd, _mm256_min_pd, _mm256_movemask_pd, _mm256_mul_pd,
    _mm256_or_pd, _mm256_permute_pd, _mm256_permute2f128_pd, _mm256_set_epi64x, _mm256_set1_epi64x, _mm256_set1_pd,
    _mm256_set1_ps, _mm256_slli_epi64, _mm256_sqrt_pd, _mm256_srli_epi64, _mm256_storeu_pd, _mm256_storeu_ps,
    _mm256_sub_pd, _mm256_unpackhi_pd, _mm256_unpacklo_pd,
};

/// The processor has AVX2 and FMA: only [`Self::detect`] makes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Avx2(());

impl Avx2 {
    #[inline]
    pub(super) fn detect() -> Option<Self> {
        (is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma")).then_some(Self(()))
    }

    #[inline]
    pub(super) fn run<K: Kernel>(self, kernel: K) -> K::Output {
        #[target_feature(enable = "avx2,fma")]
        fn run<K: Kernel>(kernel: K) -> K::Output {
            kernel.run::<Vectors>()
        }
        // SAFETY: there is a token, so the processor has what the function enables.
        unsafe { run(kernel) }
    }
}

/// Stays in this file: so nothing below runs but in a kernel that [`Avx2::run`] has begun.
struct Vectors;

impl Simd for Vectors {
    type F64 = D;
    type F32 = S;
}

#[derive(Clone, Copy)]
struct D(__m256d);

#[derive(Clone, Copy)]
struct S(__m256);

/// Evaluates an expression of intrinsics. Those that touch memory are given arrays as long as they read or write.
macro_rules! avx2 {
    ($body:expr) => {
        // SAFETY: the processor has AVX2 and FMA, see `Vectors`.
        unsafe { $body }
    };
}

impl F64x4 for D {
    #[inline(always)]
    fn load(from: &[f64; 4]) -> Self {
        Self(avx2!(_mm256_loadu_pd(from.as_ptr())))
    }

    #[inline(always)]
    fn store(self, to: &mut [f64; 4]) {
        avx2!(_mm256_storeu_pd(to.as_mut_ptr(), self.0));
    }

    #[inline(always)]
    fn splat(x: f64) -> Self {
        Self(avx2!(_mm256_set1_pd(x)))
    }

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Self(avx2!(_mm256_add_pd(self.0, other.0)))
    }

    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        Self(avx2!(_mm256_sub_pd(self.0, other.0)))
    }

    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        Self(avx2!(_mm256_mul_pd(self.0, other.0)))
    }

    #[inline(always)]
    fn div(self, by: Self) -> Self {
        Self(avx2!(_mm256_div_pd(self.0, by.0)))
    }

    #[inline(always)]
    fn mul_add(self, by: Self, add: Self) -> Self {
        Self(avx2!(_mm256_fmadd_pd(self.0, by.0, add.0)))
    }

    #[inline(always)]
    fn sqrt(self) -> Self {
        Self(avx2!(_mm256_sqrt_pd(self.0)))
    }

    #[inline(always)]
    fn abs(self) -> Self {
        Self(avx2!(_mm256_andnot_pd(_mm256_set1_pd(-0.0), self.0)))
    }

    #[inline(always)]
    fn min(self, other: Self) -> Self {
        Self(avx2!(_mm256_min_pd(self.0, other.0)))
    }

    #[inline(always)]
    fn max(self, other: Self) -> Self {
        Self(avx2!(_mm256_max_pd(self.0, other.0)))
    }

    #[inline(always)]
    fn if_below(self, limit: Self, then: Self, otherwise: Self) -> Self {
        Self(avx2!(_mm256_blendv_pd(otherwise.0, then.0, _mm256_cmp_pd::<_CMP_LT_OQ>(self.0, limit.0))))
    }

    #[inline(always)]
    fn any_below(self, limit: Self) -> bool {
        avx2!(_mm256_movemask_pd(_mm256_cmp_pd::<_CMP_LT_OQ>(self.0, limit.0)) != 0)
    }

    #[inline(always)]
    fn or(self, other: Self, halves: [bool; 2]) -> Self {
        let [low, high] = halves.map(|own| -i64::from(own));
        let mask = avx2!(_mm256_castsi256_pd(_mm256_set_epi64x(high, high, low, low)));
        Self(avx2!(_mm256_blendv_pd(other.0, self.0, mask)))
    }

    #[inline(always)]
    fn delayed(self, before: Self) -> Self {
        Self(avx2!(_mm256_permute2f128_pd::<0x21>(before.0, self.0)))
    }

    #[inline(always)]
    fn low_halves(self, other: Self) -> Self {
        Self(avx2!(_mm256_permute2f128_pd::<0x20>(self.0, other.0)))
    }

    #[inline(always)]
    fn channels_swapped(self) -> Self {
        Self(avx2!(_mm256_permute_pd::<0b0101>(self.0)))
    }

    #[inline(always)]
    fn transpose([a, b, c, d]: [Self; 4]) -> [Self; 4] {
        let (ab0, ab1) = avx2!((_mm256_unpacklo_pd(a.0, b.0), _mm256_unpackhi_pd(a.0, b.0)));
        let (cd0, cd1) = avx2!((_mm256_unpacklo_pd(c.0, d.0), _mm256_unpackhi_pd(c.0, d.0)));
        [
            Self(avx2!(_mm256_permute2f128_pd::<0x20>(ab0, cd0))),
            Self(avx2!(_mm256_permute2f128_pd::<0x20>(ab1, cd1))),
            Self(avx2!(_mm256_permute2f128_pd::<0x31>(ab0, cd0))),
            Self(avx2!(_mm256_permute2f128_pd::<0x31>(ab1, cd1))),
        ]
    }

    #[inline(always)]
    fn power_of_two(self) -> Self {
        let exponent = avx2!(_mm256_slli_epi64::<EXPONENT_BIT>(_mm256_castpd_si256(self.0)));
        Self(avx2!(_mm256_castsi256_pd(_mm256_add_epi64(exponent, _mm256_castpd_si256(_mm256_set1_pd(1.0))))))
    }

    #[inline(always)]
    fn exponent_and_mantissa(self) -> (Self, Self) {
        let exponent = avx2!(_mm256_castsi256_pd(_mm256_srli_epi64::<EXPONENT_BIT>(_mm256_castpd_si256(self.0))));
        let exponent = avx2!(_mm256_or_pd(exponent, _mm256_set1_pd(WHOLE)));
        let mantissa = avx2!(_mm256_castsi256_pd(_mm256_set1_epi64x(MANTISSA.cast_signed())));
        (
            Self(avx2!(_mm256_sub_pd(exponent, _mm256_set1_pd(WHOLE + BIAS)))),
            Self(avx2!(_mm256_or_pd(_mm256_and_pd(self.0, mantissa), _mm256_set1_pd(1.0)))),
        )
    }
}

impl F32x8 for S {
    const FUSED: bool = true;

    #[inline(always)]
    fn load(from: &[f32; 8]) -> Self {
        Self(avx2!(_mm256_loadu_ps(from.as_ptr())))
    }

    #[inline(always)]
    fn store(self, to: &mut [f32; 8]) {
        avx2!(_mm256_storeu_ps(to.as_mut_ptr(), self.0));
    }

    #[inline(always)]
    fn splat(x: f32) -> Self {
        Self(avx2!(_mm256_set1_ps(x)))
    }

    #[inline(always)]
    fn repeat([left, right]: [f32; 2]) -> Self {
        let both = f64::from_bits(u64::from(left.to_bits()) | u64::from(right.to_bits()) << 32);
        Self(avx2!(_mm256_castpd_ps(_mm256_set1_pd(both))))
    }

    #[inline(always)]
    fn mul_add(self, by: Self, add: Self) -> Self {
        Self(avx2!(_mm256_fmadd_ps(self.0, by.0, add.0)))
    }

    #[inline(always)]
    fn frames_sum(self) -> [f32; 2] {
        let two = avx2!(_mm_add_ps(_mm256_castps256_ps128(self.0), _mm256_extractf128_ps::<1>(self.0)));
        let both = avx2!(_mm_cvtsi128_si64(_mm_castps_si128(_mm_add_ps(two, _mm_movehl_ps(two, two)))));
        let bits = both.cast_unsigned();
        [f32::from_bits(bits as u32), f32::from_bits((bits >> 32) as u32)]
    }
}

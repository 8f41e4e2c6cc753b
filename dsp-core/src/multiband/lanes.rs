//! What dynamics need of four lanes besides what everybody does ([`crate::lanes`]): comparing, choosing, and the
//! two halves of a logarithm and an exponential.
//!
//! Four lanes are \[first band left, right, second band left, right\].

use crate::lanes::Lanes as AllLanes;
use crate::lanes::Plain;

#[cfg(target_arch = "x86_64")]
use crate::lanes::Avx;
#[cfg(target_arch = "x86_64")]
use core::arch::x86_64::{
    _CMP_GT_OQ, _CMP_LT_OQ, _mm256_add_epi64, _mm256_and_pd, _mm256_andnot_pd, _mm256_blendv_pd, _mm256_castpd_si256,
    _mm256_castsi256_pd, _mm256_cmp_pd, _mm256_min_pd, _mm256_movemask_pd, _mm256_or_pd, _mm256_permute_pd,
    _mm256_permute2f128_pd, _mm256_set1_epi64x, _mm256_set1_pd, _mm256_slli_epi64, _mm256_srli_epi64, _mm256_sub_pd,
};

/// Place of the exponent in a 64-bit float.
const EXPONENT_BIT: i32 = 52;
/// The bits of a float that are not sign or exponent.
const MANTISSA: u64 = (1 << EXPONENT_BIT) - 1;
/// 2^52: a whole number below it, put into its lowest bits, is added to it.
const WHOLE: f64 = 4_503_599_627_370_496.0;
/// What is added to an exponent before it is stored.
const BIAS: f64 = 1023.0;

/// Four numbers, and what dynamics do with them.
pub(super) trait Lanes: AllLanes {
    fn min(self, other: Self) -> Self;
    fn abs(self) -> Self;
    /// `then` where `self` is below the limit, `otherwise` elsewhere.
    fn if_below(self, limit: Self, then: Self, otherwise: Self) -> Self;
    /// Whether any lane is above the other's.
    fn any_above(self, other: Self) -> bool;
    /// Left and right in each other's place.
    fn swapped(self) -> Self;
    /// The lower half of `self` and the lower half of `other`.
    fn beside(self, other: Self) -> Self;
    /// 2 to the whole number in the lowest bits of `self`.
    fn power_of_two(self) -> Self;
    /// Of numbers above zero that are not denormal: the exponent, and the mantissa from 1 to 2.
    fn exponent_and_mantissa(self) -> (Self, Self);
}

impl Lanes for Plain {
    #[inline(always)]
    fn min(self, other: Self) -> Self {
        self.if_below(other, self, other)
    }

    #[inline(always)]
    fn abs(self) -> Self {
        Self(self.0.map(f64::abs))
    }

    #[inline(always)]
    fn if_below(self, limit: Self, then: Self, otherwise: Self) -> Self {
        Self(core::array::from_fn(|n| if self.0[n] < limit.0[n] { then.0[n] } else { otherwise.0[n] }))
    }

    #[inline(always)]
    fn any_above(self, other: Self) -> bool {
        let [a, b, c, d] = core::array::from_fn(|lane| self.0[lane] > other.0[lane]);
        a | b | c | d
    }

    #[inline(always)]
    fn swapped(self) -> Self {
        let [a, b, c, d] = self.0;
        Self([b, a, d, c])
    }

    #[inline(always)]
    fn beside(self, other: Self) -> Self {
        Self([self.0[0], self.0[1], other.0[0], other.0[1]])
    }

    #[inline(always)]
    fn power_of_two(self) -> Self {
        Self(self.0.map(|x| f64::from_bits((x.to_bits() << EXPONENT_BIT).wrapping_add(1.0_f64.to_bits()))))
    }

    #[inline(always)]
    fn exponent_and_mantissa(self) -> (Self, Self) {
        let exponent = self.0.map(|x| f64::from_bits((x.to_bits() >> EXPONENT_BIT) | WHOLE.to_bits()) - (WHOLE + BIAS));
        let mantissa = self.0.map(|x| f64::from_bits((x.to_bits() & MANTISSA) | 1.0_f64.to_bits()));
        (Self(exponent), Self(mantissa))
    }
}

// To be touched only where the processor has AVX2, see `Avx`: what the SAFETY comments below rely on.
#[cfg(target_arch = "x86_64")]
impl Lanes for Avx {
    #[inline(always)]
    fn min(self, other: Self) -> Self {
        // SAFETY: the processor has AVX2 (see the type).
        Self(unsafe { _mm256_min_pd(self.0, other.0) })
    }

    #[inline(always)]
    fn abs(self) -> Self {
        // SAFETY: the processor has AVX2 (see the type).
        Self(unsafe { _mm256_andnot_pd(_mm256_set1_pd(-0.0), self.0) })
    }

    #[inline(always)]
    fn if_below(self, limit: Self, then: Self, otherwise: Self) -> Self {
        // SAFETY: the processor has AVX2 (see the type).
        Self(unsafe { _mm256_blendv_pd(otherwise.0, then.0, _mm256_cmp_pd::<_CMP_LT_OQ>(self.0, limit.0)) })
    }

    #[inline(always)]
    fn any_above(self, other: Self) -> bool {
        // SAFETY: the processor has AVX2 (see the type).
        unsafe { _mm256_movemask_pd(_mm256_cmp_pd::<_CMP_GT_OQ>(self.0, other.0)) != 0 }
    }

    #[inline(always)]
    fn swapped(self) -> Self {
        // SAFETY: the processor has AVX2 (see the type).
        Self(unsafe { _mm256_permute_pd::<0b0101>(self.0) })
    }

    #[inline(always)]
    fn beside(self, other: Self) -> Self {
        // SAFETY: the processor has AVX2 (see the type).
        Self(unsafe { _mm256_permute2f128_pd::<0x20>(self.0, other.0) })
    }

    #[inline(always)]
    fn power_of_two(self) -> Self {
        // SAFETY: the processor has AVX2 (see the type).
        unsafe {
            let exponent = _mm256_slli_epi64::<EXPONENT_BIT>(_mm256_castpd_si256(self.0));
            Self(_mm256_castsi256_pd(_mm256_add_epi64(exponent, _mm256_castpd_si256(_mm256_set1_pd(1.0)))))
        }
    }

    #[inline(always)]
    fn exponent_and_mantissa(self) -> (Self, Self) {
        // SAFETY: the processor has AVX2 (see the type).
        unsafe {
            let exponent = _mm256_castsi256_pd(_mm256_srli_epi64::<EXPONENT_BIT>(_mm256_castpd_si256(self.0)));
            let exponent = _mm256_or_pd(exponent, _mm256_set1_pd(WHOLE));
            let mantissa = _mm256_and_pd(self.0, _mm256_castsi256_pd(_mm256_set1_epi64x(MANTISSA.cast_signed())));
            (
                Self(_mm256_sub_pd(exponent, _mm256_set1_pd(WHOLE + BIAS))),
                Self(_mm256_or_pd(mantissa, _mm256_set1_pd(1.0))),
            )
        }
    }
}

//! Four 64-bit lanes: two frames of stereo, or two bands of one frame.

/// Place of the exponent in a 64-bit float.
pub(super) const EXPONENT_BIT: i32 = 52;
/// The bits of a float below its exponent.
pub(super) const MANTISSA: u64 = (1 << EXPONENT_BIT) - 1;
/// 2^52: a whole number below it, put into its lowest bits, is added to it.
pub(super) const WHOLE: f64 = 4_503_599_627_370_496.0;
/// Bias of a stored exponent.
pub(super) const BIAS: f64 = 1023.0;

/// 2 to the whole number in the lowest bits.
#[inline(always)]
pub(super) fn power_of_two(whole: f64) -> f64 {
    // Moves it to the exponent of 1.0.
    f64::from_bits((whole.to_bits() << EXPONENT_BIT).wrapping_add(1.0_f64.to_bits()))
}

/// Four lanes.
pub(crate) trait F64x4: Copy {
    fn load(from: &[f64; 4]) -> Self;
    fn store(self, to: &mut [f64; 4]);
    fn splat(x: f64) -> Self;
    fn add(self, other: Self) -> Self;
    fn sub(self, other: Self) -> Self;
    fn mul(self, other: Self) -> Self;
    fn div(self, by: Self) -> Self;
    /// `self`·`by` + `add`; rounded once or twice, as the instruction set has it.
    fn mul_add(self, by: Self, add: Self) -> Self;
    fn sqrt(self) -> Self;
    fn abs(self) -> Self;
    /// The smaller; `other` where either is NaN.
    fn min(self, other: Self) -> Self;
    /// The larger; `other` where either is NaN.
    fn max(self, other: Self) -> Self;
    /// `then` where `self` is below the limit, `otherwise` elsewhere.
    fn if_below(self, limit: Self, then: Self, otherwise: Self) -> Self;
    /// Whether any lane is below the limit.
    fn any_below(self, limit: Self) -> bool;
    /// `self` in the halves that are asked for, `other` elsewhere.
    fn or(self, other: Self, halves: [bool; 2]) -> Self;
    /// Half a vector later: the upper half of `before`, then the lower half of `self`.
    fn delayed(self, before: Self) -> Self;
    /// The lower half of `self`, then that of `other`.
    fn low_halves(self, other: Self) -> Self;
    /// Left and right exchanged in both halves.
    fn channels_swapped(self) -> Self;
    /// Rows to columns.
    fn transpose(rows: [Self; 4]) -> [Self; 4];
    /// 2 to the whole number in the lowest bits of each lane.
    fn power_of_two(self) -> Self;
    /// Exponent, and mantissa from 1 to 2, of numbers that are above zero and not denormal.
    fn exponent_and_mantissa(self) -> (Self, Self);

    #[inline(always)]
    fn to_array(self) -> [f64; 4] {
        let mut four = [0.0; 4];
        self.store(&mut four);
        four
    }
}

/// On any processor.
impl F64x4 for [f64; 4] {
    #[inline(always)]
    fn load(from: &[f64; 4]) -> Self {
        *from
    }

    #[inline(always)]
    fn store(self, to: &mut [f64; 4]) {
        *to = self;
    }

    #[inline(always)]
    fn splat(x: f64) -> Self {
        [x; 4]
    }

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        core::array::from_fn(|lane| self[lane] + other[lane])
    }

    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        core::array::from_fn(|lane| self[lane] - other[lane])
    }

    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        core::array::from_fn(|lane| self[lane] * other[lane])
    }

    #[inline(always)]
    fn div(self, by: Self) -> Self {
        core::array::from_fn(|lane| self[lane] / by[lane])
    }

    #[inline(always)]
    fn mul_add(self, by: Self, add: Self) -> Self {
        // Without the instruction a fused multiply-add is a library call.
        core::array::from_fn(|lane| self[lane] * by[lane] + add[lane])
    }

    #[inline(always)]
    fn sqrt(self) -> Self {
        self.map(f64::sqrt)
    }

    #[inline(always)]
    fn abs(self) -> Self {
        self.map(f64::abs)
    }

    #[inline(always)]
    fn min(self, other: Self) -> Self {
        self.if_below(other, self, other)
    }

    #[inline(always)]
    fn max(self, other: Self) -> Self {
        other.if_below(self, self, other)
    }

    #[inline(always)]
    fn if_below(self, limit: Self, then: Self, otherwise: Self) -> Self {
        core::array::from_fn(|lane| if self[lane] < limit[lane] { then[lane] } else { otherwise[lane] })
    }

    #[inline(always)]
    fn any_below(self, limit: Self) -> bool {
        let [a, b, c, d] = core::array::from_fn(|lane| self[lane] < limit[lane]);
        a | b | c | d
    }

    #[inline(always)]
    fn or(self, other: Self, halves: [bool; 2]) -> Self {
        core::array::from_fn(|lane| if halves[lane / 2] { self[lane] } else { other[lane] })
    }

    #[inline(always)]
    fn delayed(self, before: Self) -> Self {
        [before[2], before[3], self[0], self[1]]
    }

    #[inline(always)]
    fn low_halves(self, other: Self) -> Self {
        [self[0], self[1], other[0], other[1]]
    }

    #[inline(always)]
    fn channels_swapped(self) -> Self {
        let [a, b, c, d] = self;
        [b, a, d, c]
    }

    #[inline(always)]
    fn transpose([a, b, c, d]: [Self; 4]) -> [Self; 4] {
        [0, 1, 2, 3].map(|lane| [a[lane], b[lane], c[lane], d[lane]])
    }

    #[inline(always)]
    fn power_of_two(self) -> Self {
        self.map(power_of_two)
    }

    #[inline(always)]
    fn exponent_and_mantissa(self) -> (Self, Self) {
        let exponent = self.map(|x| f64::from_bits((x.to_bits() >> EXPONENT_BIT) | WHOLE.to_bits()) - (WHOLE + BIAS));
        (exponent, self.map(|x| f64::from_bits((x.to_bits() & MANTISSA) | 1.0_f64.to_bits())))
    }
}

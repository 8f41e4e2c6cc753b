//! Eight 32-bit lanes: four frames of stereo.

/// Eight lanes.
pub(crate) trait F32x8: Copy {
    /// Whether [`Self::mul_add`] rounds once.
    const FUSED: bool;
    fn load(from: &[f32; 8]) -> Self;
    fn store(self, to: &mut [f32; 8]);
    fn splat(x: f32) -> Self;
    /// A frame four times.
    fn repeat(frame: [f32; 2]) -> Self;
    /// `self`·`by` + `add`; rounded once or twice, as the instruction set has it.
    fn mul_add(self, by: Self, add: Self) -> Self;
    /// The sum of the four frames.
    fn frames_sum(self) -> [f32; 2];
}

/// On any processor.
impl F32x8 for [f32; 8] {
    const FUSED: bool = false;

    #[inline(always)]
    fn load(from: &[f32; 8]) -> Self {
        *from
    }

    #[inline(always)]
    fn store(self, to: &mut [f32; 8]) {
        *to = self;
    }

    #[inline(always)]
    fn splat(x: f32) -> Self {
        [x; 8]
    }

    #[inline(always)]
    fn repeat([left, right]: [f32; 2]) -> Self {
        [left, right, left, right, left, right, left, right]
    }

    #[inline(always)]
    fn mul_add(self, by: Self, add: Self) -> Self {
        // Without the instruction a fused multiply-add is a library call.
        core::array::from_fn(|lane| self[lane] * by[lane] + add[lane])
    }

    #[inline(always)]
    fn frames_sum(self) -> [f32; 2] {
        let [a, b, c, d, e, f, g, h] = self;
        [(a + e) + (c + g), (b + f) + (d + h)]
    }
}

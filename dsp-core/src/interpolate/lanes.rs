//! Eight 32-bit numbers side by side: what the long filters of [`super::peaks`] run on.

#[cfg(target_arch = "x86_64")]
use core::arch::x86_64 as arch;

/// Numbers worked on at once.
pub(super) const LANES: usize = 8;

/// Eight numbers, and what a filter does with them.
pub(super) trait Eight: Copy {
    /// Whether [`Self::mul_add`] rounds once.
    const FUSED: bool;
    fn splat(x: f32) -> Self;
    fn load(from: &[f32; LANES]) -> Self;
    /// A frame four times.
    fn repeat(frame: [f32; 2]) -> Self;
    fn store(self, to: &mut [f32; LANES]);
    /// `self`·`by` + `add`; rounded once or twice, as the instruction set has it.
    fn mul_add(self, by: Self, add: Self) -> Self;
    /// The sum of the four frames.
    fn frames_sum(self) -> [f32; 2];
}

/// What every processor has.
#[derive(Clone, Copy)]
pub(super) struct Plain([f32; LANES]);

impl Eight for Plain {
    const FUSED: bool = false;

    #[inline(always)]
    fn splat(x: f32) -> Self {
        Self([x; LANES])
    }

    #[inline(always)]
    fn load(from: &[f32; LANES]) -> Self {
        Self(*from)
    }

    #[inline(always)]
    fn repeat([left, right]: [f32; 2]) -> Self {
        Self([left, right, left, right, left, right, left, right])
    }

    #[inline(always)]
    fn store(self, to: &mut [f32; LANES]) {
        *to = self.0;
    }

    #[inline(always)]
    fn mul_add(self, by: Self, add: Self) -> Self {
        // Without the instruction a fused multiply-add is a library call.
        Self(core::array::from_fn(|lane| self.0[lane] * by.0[lane] + add.0[lane]))
    }

    #[inline(always)]
    fn frames_sum(self) -> [f32; 2] {
        let [a, b, c, d, e, f, g, h] = self.0;
        [(a + e) + (c + g), (b + f) + (d + h)]
    }
}

/// AVX2 with fused multiply-add. To be touched only inside a function that enables both, which is called only where
/// the processor has them: what the SAFETY comments below rely on.
#[cfg(target_arch = "x86_64")]
#[derive(Clone, Copy)]
pub(super) struct Avx(arch::__m256);

#[cfg(target_arch = "x86_64")]
impl Eight for Avx {
    const FUSED: bool = true;

    #[inline(always)]
    fn splat(x: f32) -> Self {
        // SAFETY: the processor has AVX2 (see the type).
        Self(unsafe { arch::_mm256_set1_ps(x) })
    }

    #[inline(always)]
    fn load(from: &[f32; LANES]) -> Self {
        // SAFETY: the processor has AVX2 (see the type); the eight numbers are readable.
        Self(unsafe { arch::_mm256_loadu_ps(from.as_ptr()) })
    }

    #[inline(always)]
    fn repeat([left, right]: [f32; 2]) -> Self {
        let both = f64::from_bits(u64::from(left.to_bits()) | u64::from(right.to_bits()) << 32);
        // SAFETY: the processor has AVX2 (see the type).
        Self(unsafe { arch::_mm256_castpd_ps(arch::_mm256_set1_pd(both)) })
    }

    #[inline(always)]
    fn store(self, to: &mut [f32; LANES]) {
        // SAFETY: the processor has AVX2 (see the type); the eight numbers are writable.
        unsafe { arch::_mm256_storeu_ps(to.as_mut_ptr(), self.0) }
    }

    #[inline(always)]
    fn mul_add(self, by: Self, add: Self) -> Self {
        // SAFETY: the processor has FMA (see the type).
        Self(unsafe { arch::_mm256_fmadd_ps(self.0, by.0, add.0) })
    }

    #[inline(always)]
    fn frames_sum(self) -> [f32; 2] {
        // SAFETY: the processor has AVX2 (see the type).
        let both = unsafe {
            let two = arch::_mm_add_ps(arch::_mm256_castps256_ps128(self.0), arch::_mm256_extractf128_ps::<1>(self.0));
            arch::_mm_cvtsi128_si64(arch::_mm_castps_si128(arch::_mm_add_ps(two, arch::_mm_movehl_ps(two, two))))
        };
        let bits = both.cast_unsigned();
        [f32::from_bits(bits as u32), f32::from_bits((bits >> 32) as u32)]
    }
}

/// Frames of stereo in the lanes.
const FRAMES: usize = LANES / 2;

/// Adds to `8 * N` numbers the filtered `from`: interleaved stereo, oldest first, taps for the oldest first, a multiple
/// of `4 * T` of them.
///
/// Taps four frames apart read the same lanes, a register further: `T` of those share what is loaded. `S` sums of each
/// (1, 2 or 4) run side by side where one alone would wait for itself. N·S + T is at most 12: all stay in registers.
#[inline(always)]
#[expect(clippy::needless_range_loop, reason = "counted out, the loops unroll and the sums stay in registers")]
pub(super) fn add_filtered<V: Eight, const N: usize, const T: usize, const S: usize>(
    to: &mut [V; N],
    from: &[f32],
    taps: &[f32],
) {
    let from = &from[..LANES * N + 2 * taps.len() - 2];
    let mut sums = [[V::splat(0.0); N]; S];
    sums[0] = *to;
    for (n, taps) in taps.chunks_exact(FRAMES * T).enumerate() {
        // The last lanes of the last tap are where `from` ends.
        let from = &from[LANES * T * n..][..LANES * (N + T) - 2];
        for place in 0..FRAMES {
            let tap: [V; T] = core::array::from_fn(|t| V::splat(taps[FRAMES * t + place]));
            let from = from[2 * place..].as_chunks::<LANES>().0;
            for m in 0..N + T - 1 {
                let x = V::load(&from[m]);
                for t in m.saturating_sub(N - 1)..T.min(m + 1) {
                    let sum = &mut sums[place % S][m - t];
                    *sum = tap[t].mul_add(x, *sum);
                }
            }
        }
    }
    let one = V::splat(1.0);
    for other in 1..S {
        for n in 0..N {
            sums[0][n] = one.mul_add(sums[other][n], sums[0][n]);
        }
    }
    *to = sums[0];
}

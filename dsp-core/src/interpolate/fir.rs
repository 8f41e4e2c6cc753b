//! FIR filtering of interleaved stereo, eight lanes at a time.

use crate::simd::F32x8;

/// Numbers worked on at once.
pub(super) const LANES: usize = 8;
/// Frames of stereo in the lanes.
const FRAMES: usize = LANES / 2;

/// Adds the filtered `from` to `8 * N` numbers: interleaved stereo and taps, both oldest first, a multiple of `4 * T` taps.
///
/// Taps four frames apart read the same lanes, a register further on: `T` of those share each load. `S` partial sums
/// (1, 2 or 4) run side by side where a single one would wait for itself. N·S + T is at most 12: all stay in registers.
#[inline(always)]
#[expect(clippy::needless_range_loop, reason = "counted out, the loops unroll and the sums stay in registers")]
pub(super) fn add_filtered<V: F32x8, const N: usize, const T: usize, const S: usize>(
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

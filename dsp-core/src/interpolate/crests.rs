//! From four points a frame to the largest magnitude around it: the last step of [`super::peaks`].
//!
//! The samples and the points half way between them are given. Between those lie the quarter points, by a short filter;
//! the peak between three points is that of the sine through them.
//!
//! Source: J. O. Smith, "Spectral Audio Signal Processing", on peaks between bins, with a sine instead of the parabola.

use super::fir::LANES;
use super::kernels::QUARTER;

/// Frames that a crest needs before its own and after it, of the samples and of the points half way.
pub(super) const BEFORE: usize = 2;
pub(super) const AFTER: usize = 2;

/// Most that the sine through three points adds to its middle one: they are an eighth of a period apart at least.
pub(super) const RISE: f64 = 1.083;
/// The square of the tangent of half that.
const MOST_SLOPE: f32 = 0.171_6;

/// Numbers of `frames` frames side by side.
pub(super) const fn flat(frames: usize) -> usize {
    2 * frames
}

/// The largest magnitude from an eighth of a frame before each frame to as much before the next. `samples` and `halves`
/// begin [`BEFORE`] frames earlier. `FUSED` where the processor multiplies and adds at once.
#[inline(always)]
pub(super) fn crests<const FUSED: bool, const N: usize>(
    samples: &[f32],
    halves: &[f32],
    taps: &[f32; QUARTER],
) -> [f32; N] {
    let (x_2, x_1, x0) = (&samples[..N], &samples[flat(1)..][..N], &samples[flat(2)..][..N]);
    let (x1, x2) = (&samples[flat(3)..][..N], &samples[flat(4)..][..N]);
    let (y_2, y_1, y0) = (&halves[..N], &halves[flat(1)..][..N], &halves[flat(2)..][..N]);
    let (y1, y2) = (&halves[flat(3)..][..N], &halves[flat(4)..][..N]);
    let mut out = [0.0; N];
    for n in 0..N {
        let three_before = between::<FUSED>([y_1[n] + x0[n], x_1[n] + y0[n], y_2[n] + x1[n], x_2[n] + y1[n]], taps);
        let one = between::<FUSED>([x0[n] + y0[n], y_1[n] + x1[n], x_1[n] + y1[n], y_2[n] + x2[n]], taps);
        let three = between::<FUSED>([y0[n] + x1[n], x0[n] + y1[n], y_1[n] + x2[n], x_1[n] + y2[n]], taps);
        // The largest of the four: a peak next to a smaller one is the neighbour's.
        let points = larger_middle((x0[n], one, y0[n]), (three_before, x0[n], one));
        let points = larger_middle((one, y0[n], three), points);
        let (before, at, after) = larger_middle((y0[n], three, x1[n]), points);
        out[n] = peak_of_three(before, at, after);
    }
    out
}

/// A quarter point, of the sums of the points at equal distances from it, nearest first.
#[inline(always)]
fn between<const FUSED: bool>(sums: [f32; QUARTER], taps: &[f32; QUARTER]) -> f32 {
    let mut sum = taps[0] * sums[0];
    for k in 1..QUARTER {
        // Without the instruction a fused multiply-add is a library call.
        sum = if FUSED { taps[k].mul_add(sums[k], sum) } else { taps[k] * sums[k] + sum };
    }
    sum
}

/// The largest magnitude.
#[inline(always)]
pub(super) fn largest(of: &[f32]) -> f32 {
    let mut most = [0.0_f32; LANES];
    let (eights, rest) = of.as_chunks::<LANES>();
    for eight in eights {
        for lane in 0..LANES {
            most[lane] = larger(eight[lane].abs(), most[lane]);
        }
    }
    let mut all = 0.0;
    for x in rest.iter().chain(&most) {
        all = larger(x.abs(), all);
    }
    all
}

/// The largest bend of the line through samples and points half way: how much one of them differs from the mean of its
/// neighbours, doubled. From the first point half way on, `8 * N` numbers of either; whole registers, so that none is
/// done by itself.
#[inline(always)]
pub(super) fn largest_bend<const N: usize>(samples: &[f32], halves: &[f32]) -> f32 {
    let mut most = [0.0_f32; LANES];
    let x0 = samples[..LANES * N].as_chunks::<LANES>().0;
    let x1 = samples[flat(1)..][..LANES * N].as_chunks::<LANES>().0;
    let y0 = halves[..LANES * N].as_chunks::<LANES>().0;
    let y1 = halves[flat(1)..][..LANES * N].as_chunks::<LANES>().0;
    for n in 0..N {
        for k in 0..LANES {
            let (x0, x1, y0, y1) = (x0[n][k], x1[n][k], y0[n][k], y1[n][k]);
            let (at_half, at_sample) = (x0 - 2.0 * y0 + x1, y0 - 2.0 * x1 + y1);
            most[k] = larger(larger(at_half.abs(), at_sample.abs()), most[k]);
        }
    }
    largest(&most)
}

#[inline(always)]
pub(super) fn larger(a: f32, b: f32) -> f32 {
    if a > b { a } else { b }
}

/// Of two threes of points the one whose middle is larger. Number by number, so that eight of them are chosen at once.
#[inline(always)]
fn larger_middle(a: (f32, f32, f32), b: (f32, f32, f32)) -> (f32, f32, f32) {
    let more = a.1.abs() > b.1.abs();
    (if more { a.0 } else { b.0 }, if more { a.1 } else { b.1 }, if more { a.2 } else { b.2 })
}

/// Amplitude of the sine through three points if its peak lies nearest the middle one, else the middle one's size:
/// with x the middle one, A² = x² + (c − a)² / (4 sin² θ) and cos θ = (a + c) / 2x.
#[inline(always)]
fn peak_of_three(a: f32, x: f32, c: f32) -> f32 {
    let (slope, bend) = (c - a, x - a + (x - c));
    let square = slope * slope;
    // 4 x² sin² θ; no smaller than it is for the fastest sine there is.
    let width = larger(bend * (x + a + (x + c)), larger(square * (1.0 / MOST_SLOPE), f32::MIN_POSITIVE));
    let part = square / width;
    let sign = if x < 0.0 { -1.0 } else { 1.0 };
    // The root's series: within 0.001 dB at the most.
    let rise = if slope.abs() <= bend * sign { part * (0.5 - 0.125 * part) } else { 0.0 };
    x.abs() * (1.0 + rise)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interpolate::kernels::Kernels;
    use plumb_signals::Noise;

    /// Samples and points half way of noise that moves slower and slower.
    fn points(smoothing: f64) -> [Vec<f32>; 2] {
        let mut noise = Noise::new(9);
        let mut y = 0.0;
        let mut next = || {
            y += smoothing * (noise.tick() - y);
            y as f32
        };
        let mut lines = [vec![], vec![]];
        for _ in 0..24 {
            // Two channels of the same.
            lines.iter_mut().for_each(|line| line.extend([next(); 2]));
        }
        lines
    }

    #[test]
    fn no_crest_exceeds_either_bound() {
        let kernels = Kernels::design();
        let mut nearest = [0.0_f64; 2];
        for n in 0..2000 {
            let [x, y] = points([1.0, 0.3, 0.05][n % 3]);
            let crests: [f32; flat(16)] = crests::<false, { flat(16) }>(&x, &y, &kernels.quarter);
            let most = f64::from(largest(&x[..flat(20)]).max(largest(&y[..flat(20)])));
            let bend = f64::from(largest_bend::<5>(&x, &y));
            let bounds = [most * kernels.quarter_bound, most * (1.0 + 1e-5) + bend * kernels.quarter_bend];
            for (bound, nearest) in bounds.into_iter().zip(&mut nearest) {
                let part = f64::from(largest(&crests)) / (bound * RISE);
                *nearest = nearest.max(part);
                assert!(part <= 1.0, "{part} of the bound");
            }
        }
        eprintln!("crests reach {:.3} of one bound and {:.3} of the other", nearest[0], nearest[1]);
        assert!(nearest.iter().all(|part| *part > 0.5));
    }

    #[test]
    fn every_processor_reads_the_same() {
        let [x, y] = points(1.0);
        let taps = Kernels::design().quarter;
        let (a, b) = (crests::<false, { flat(16) }>(&x, &y, &taps), crests::<true, { flat(16) }>(&x, &y, &taps));
        assert!(a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-5));
    }
}

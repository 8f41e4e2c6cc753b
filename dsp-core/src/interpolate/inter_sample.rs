//! Inter-sample peaks from four points a frame: the last step of [`super::peaks`].
//!
//! Given are the samples and the midpoints between them. A short filter adds the quarter points; the peak among three
//! points is that of the sine through them.
//!
//! Source: J. O. Smith, "Spectral Audio Signal Processing", on peaks between bins, with a sine instead of the parabola.

use super::fir::LANES;
use super::kernels::QUARTER;

/// Frames of samples and midpoints that a peak depends on, before and after its own.
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

/// The largest magnitude from an eighth of a frame before each frame to an eighth before the next. `samples` and
/// `midpoints` begin [`BEFORE`] frames earlier. `FUSED` where the processor has fused multiply-add.
#[inline(always)]
pub(super) fn inter_sample_peaks<const FUSED: bool, const N: usize>(
    samples: &[f32],
    midpoints: &[f32],
    taps: &[f32; QUARTER],
) -> [f32; N] {
    let (x_2, x_1, x0) = (&samples[..N], &samples[flat(1)..][..N], &samples[flat(2)..][..N]);
    let (x1, x2) = (&samples[flat(3)..][..N], &samples[flat(4)..][..N]);
    let (y_2, y_1, y0) = (&midpoints[..N], &midpoints[flat(1)..][..N], &midpoints[flat(2)..][..N]);
    let (y1, y2) = (&midpoints[flat(3)..][..N], &midpoints[flat(4)..][..N]);
    let mut out = [0.0; N];
    for n in 0..N {
        let three_before = between::<FUSED>([y_1[n] + x0[n], x_1[n] + y0[n], y_2[n] + x1[n], x_2[n] + y1[n]], taps);
        let one = between::<FUSED>([x0[n] + y0[n], y_1[n] + x1[n], x_1[n] + y1[n], y_2[n] + x2[n]], taps);
        let three = between::<FUSED>([y0[n] + x1[n], x0[n] + y1[n], y_1[n] + x2[n], x_1[n] + y2[n]], taps);
        // The largest of the four; a peak on its other side belongs to the neighbouring frame.
        let points = larger_middle((x0[n], one, y0[n]), (three_before, x0[n], one));
        let points = larger_middle((one, y0[n], three), points);
        let (before, at, after) = larger_middle((y0[n], three, x1[n]), points);
        out[n] = peak_of_three(before, at, after);
    }
    out
}

/// A quarter point, from the sums of points at equal distances from it, nearest first.
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

/// The largest curvature of the line through samples and midpoints: twice the distance of a point from the mean of its
/// neighbours. From the first midpoint on, `8 * N` numbers of either: whole registers.
#[inline(always)]
pub(super) fn largest_curvature<const N: usize>(samples: &[f32], midpoints: &[f32]) -> f32 {
    let mut most = [0.0_f32; LANES];
    let x0 = samples[..LANES * N].as_chunks::<LANES>().0;
    let x1 = samples[flat(1)..][..LANES * N].as_chunks::<LANES>().0;
    let y0 = midpoints[..LANES * N].as_chunks::<LANES>().0;
    let y1 = midpoints[flat(1)..][..LANES * N].as_chunks::<LANES>().0;
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

/// Of two triples of points, the one with the larger middle. Field by field, so that eight are chosen at once.
#[inline(always)]
fn larger_middle(a: (f32, f32, f32), b: (f32, f32, f32)) -> (f32, f32, f32) {
    let more = a.1.abs() > b.1.abs();
    (if more { a.0 } else { b.0 }, if more { a.1 } else { b.1 }, if more { a.2 } else { b.2 })
}

/// Amplitude of the sine through three points if its peak is nearest to the middle one, else the magnitude of that:
/// with x the middle one, A² = x² + (c − a)² / (4 sin² θ) and cos θ = (a + c) / 2x.
#[inline(always)]
fn peak_of_three(a: f32, x: f32, c: f32) -> f32 {
    let (slope, bend) = (c - a, x - a + (x - c));
    let square = slope * slope;
    // 4 x² sin² θ, at least its value for the fastest sine.
    let width = larger(bend * (x + a + (x + c)), larger(square * (1.0 / MOST_SLOPE), f32::MIN_POSITIVE));
    let part = square / width;
    let sign = if x < 0.0 { -1.0 } else { 1.0 };
    // Series of the square root, within 0.001 dB.
    let rise = if slope.abs() <= bend * sign { part * (0.5 - 0.125 * part) } else { 0.0 };
    x.abs() * (1.0 + rise)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interpolate::kernels::Kernels;
    use plumb_signals::Noise;

    /// Samples and midpoints of ever slower noise.
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
    fn no_inter_sample_peak_exceeds_either_bound() {
        let kernels = Kernels::design();
        let mut nearest = [0.0_f64; 2];
        for n in 0..2000 {
            let [x, y] = points([1.0, 0.3, 0.05][n % 3]);
            let peaks: [f32; flat(16)] = inter_sample_peaks::<false, { flat(16) }>(&x, &y, &kernels.quarter);
            let most = f64::from(largest(&x[..flat(20)]).max(largest(&y[..flat(20)])));
            let curvature = f64::from(largest_curvature::<5>(&x, &y));
            let bounds = [most * kernels.quarter_bound, most * (1.0 + 1e-5) + curvature * kernels.quarter_curvature];
            for (bound, nearest) in bounds.into_iter().zip(&mut nearest) {
                let part = f64::from(largest(&peaks)) / (bound * RISE);
                *nearest = nearest.max(part);
                assert!(part <= 1.0, "{part} of the bound");
            }
        }
        eprintln!("peaks reach {:.3} of one bound and {:.3} of the other", nearest[0], nearest[1]);
        assert!(nearest.iter().all(|part| *part > 0.5));
    }

    #[test]
    fn every_processor_reads_the_same() {
        let [x, y] = points(1.0);
        let taps = Kernels::design().quarter;
        let (a, b) = (
            inter_sample_peaks::<false, { flat(16) }>(&x, &y, &taps),
            inter_sample_peaks::<true, { flat(16) }>(&x, &y, &taps),
        );
        assert!(a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-5));
    }
}

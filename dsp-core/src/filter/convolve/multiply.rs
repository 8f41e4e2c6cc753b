//! The multiplications of a partitioned convolution: for each bin, all partitions of the signal with all of the kernel.

use super::kernel::{Kernel, run};
use super::vector::{LANES, Split, Vector, View, ViewMut};
use crate::lanes::Plain;
#[cfg(target_arch = "x86_64")]
use crate::lanes::{Avx, has_avx};
use core::ops::Range;

/// Most bins worked on at once: so many that each partition is read in long runs, so few that the sums stay at hand.
pub(super) const MOST: usize = 64;

/// Sets `sum` to the products of `spectra` (a ring of as many as the kernel has, the newest at `newest`) and `kernel`,
/// for a range of bins; it begins and ends at multiples of 4 within one run of [`MOST`].
pub(super) fn multiply(kernel: &Kernel, spectra: &Split, newest: usize, bins: Range<usize>, sum: ViewMut<'_>) {
    #[cfg(target_arch = "x86_64")]
    if has_avx() {
        // SAFETY: the processor has just been asked for the only feature that the function needs.
        return unsafe { multiply_avx(kernel, spectra, newest, bins, sum) };
    }
    multiply_of::<Plain>(kernel, spectra, newest, bins, sum);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn multiply_avx(kernel: &Kernel, spectra: &Split, newest: usize, bins: Range<usize>, sum: ViewMut<'_>) {
    multiply_of::<Avx>(kernel, spectra, newest, bins, sum);
}

#[inline(always)]
fn multiply_of<V: Vector>(kernel: &Kernel, spectra: &Split, newest: usize, bins: Range<usize>, sum: ViewMut<'_>) {
    let geometry = kernel.geometry();
    let (stride, count, len) = (geometry.stride(), geometry.partitions, geometry.transform());
    let (from, bins) = (bins.start, bins.len());
    assert!(bins.is_multiple_of(LANES) && from % MOST + bins <= MOST);
    let (re, im) = (&mut sum.re[from..from + bins], &mut sum.im[from..from + bins]);
    re.fill(0.0);
    im.fill(0.0);
    let slot = |p: usize| if p <= newest { newest - p } else { newest + count - p };
    // Two at once, so that the sums are fetched and put back half as often.
    for p in (0..count / 2).map(|pair| 2 * pair) {
        let (x, a) = (spectra.at(slot(p) * stride + from, bins), run(&kernel.a, geometry, p, from, bins));
        let (y, b) = (spectra.at(slot(p + 1) * stride + from, bins), run(&kernel.a, geometry, p + 1, from, bins));
        for k in (0..bins).step_by(LANES) {
            // SAFETY: all were cut to as many bins, a multiple of the group.
            unsafe {
                let ([xr, xi], [ar, ai]) = ([V::read(x.re, k), V::read(x.im, k)], [V::read(a.re, k), V::read(a.im, k)]);
                let ([yr, yi], [br, bi]) = ([V::read(y.re, k), V::read(y.im, k)], [V::read(b.re, k), V::read(b.im, k)]);
                let sum_re = V::read(re, k).add(xr.mul(ar).sub(xi.mul(ai)));
                let sum_im = V::read(im, k).add(xr.mul(ai).add(xi.mul(ar)));
                sum_re.add(yr.mul(br).sub(yi.mul(bi))).write(re, k);
                sum_im.add(yr.mul(bi).add(yi.mul(br))).write(im, k);
            }
        }
    }
    let Some(b) = &kernel.b else { return };
    for p in 0..count {
        let (x, b) = (mirrored(spectra.at(slot(p) * stride, len), from, bins), run(b, geometry, p, from, bins));
        for k in (0..bins).step_by(LANES) {
            // SAFETY: all were cut to as many bins, a multiple of the group, and the mirrored ones hold the most.
            unsafe {
                let ([xr, xi], [hr, hi]) =
                    ([V::read(&x[0], k), V::read(&x[1], k)], [V::read(b.re, k), V::read(b.im, k)]);
                V::read(re, k).add(xr.mul(hr).add(xi.mul(hi))).write(re, k);
                V::read(im, k).add(xr.mul(hi).sub(xi.mul(hr))).write(im, k);
            }
        }
    }
}

/// Bins counted backwards from the top: with their conjugates the spectrum of the conjugate signal.
#[inline(always)]
fn mirrored(x: View<'_>, from: usize, bins: usize) -> [[f64; MOST]; 2] {
    let mut out = [[0.0; MOST]; 2];
    let len = x.re.len();
    let [re, im] = &mut out;
    for (k, (re, im)) in re.iter_mut().zip(im).take(bins).enumerate() {
        let place = (len - from - k) & (len - 1);
        (*re, *im) = (x.re[place], x.im[place]);
    }
    out
}

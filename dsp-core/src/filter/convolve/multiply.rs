//! The multiplications of a partitioned convolution: for each bin, all partitions of the signal with all of the kernel.

use super::complex::{LANES, Split, View, ViewMut};
use super::kernel::{Kernel, MOST, place};
use crate::simd::{self, F64x4, Isa, Simd};
use core::ops::Range;

/// Sets `sum` to the sum of products of `spectra` (a ring of as many as the kernel has, the newest at `newest`) and `kernel`,
/// for a range of bins that begins and ends at multiples of 4 within one run of [`MOST`].
pub(super) fn multiply(kernel: &Kernel, spectra: &Split, newest: usize, bins: Range<usize>, sum: ViewMut<'_>) {
    Isa::detect().run(Multiply { kernel, spectra, newest, bins, sum });
}

/// [`multiply_of`].
struct Multiply<'a> {
    kernel: &'a Kernel,
    spectra: &'a Split,
    newest: usize,
    bins: Range<usize>,
    sum: ViewMut<'a>,
}

impl simd::Kernel for Multiply<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self) {
        multiply_of::<S::F64>(self.kernel, self.spectra, self.newest, self.bins, self.sum);
    }
}

#[inline(always)]
fn multiply_of<V: F64x4>(kernel: &Kernel, spectra: &Split, newest: usize, bins: Range<usize>, sum: ViewMut<'_>) {
    let geometry = kernel.geometry();
    let (stride, partitions, len) = (geometry.stride(), geometry.partitions, geometry.transform());
    let (from, count) = (bins.start, bins.len() / LANES);
    let re = &mut sum.re[from..].as_chunks_mut().0[..count];
    let im = &mut sum.im[from..].as_chunks_mut().0[..count];
    re.fill([0.0; LANES]);
    im.fill([0.0; LANES]);
    let slot = |p: usize| if p <= newest { newest - p } else { newest + partitions - p };
    // Two at once, so that the sums are loaded and stored half as often.
    for p in (0..partitions / 2).map(|pair| 2 * pair) {
        let x = spectra.vectors(slot(p) * stride + from, count);
        let y = spectra.vectors(slot(p + 1) * stride + from, count);
        let a = kernel.a.vectors(place(geometry, p, from), count);
        let b = kernel.a.vectors(place(geometry, p + 1, from), count);
        for n in 0..count {
            let ([xr, xi], [ar, ai]): ([V; 2], [V; 2]) = (x.get(n), a.get(n));
            let ([yr, yi], [br, bi]): ([V; 2], [V; 2]) = (y.get(n), b.get(n));
            let sum_re = V::load(&re[n]).add(xr.mul(ar).sub(xi.mul(ai)));
            let sum_im = V::load(&im[n]).add(xr.mul(ai).add(xi.mul(ar)));
            sum_re.add(yr.mul(br).sub(yi.mul(bi))).store(&mut re[n]);
            sum_im.add(yr.mul(bi).add(yi.mul(br))).store(&mut im[n]);
        }
    }
    let Some(b) = &kernel.b else { return };
    for p in 0..partitions {
        let x = mirrored(spectra.at(slot(p) * stride, len), from, bins.len());
        let (x_re, x_im) = (&x[0].as_chunks().0[..count], &x[1].as_chunks().0[..count]);
        let b = b.vectors(place(geometry, p, from), count);
        for n in 0..count {
            let (xr, xi, [hr, hi]) = (V::load(&x_re[n]), V::load(&x_im[n]), b.get(n));
            V::load(&re[n]).add(xr.mul(hr).add(xi.mul(hi))).store(&mut re[n]);
            V::load(&im[n]).add(xr.mul(hi).sub(xi.mul(hr))).store(&mut im[n]);
        }
    }
}

/// Bins in reverse order; their conjugates are the spectrum of the conjugate signal.
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

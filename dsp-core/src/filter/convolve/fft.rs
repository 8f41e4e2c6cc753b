//! A Fourier transform that can be done a little at a time.
//!
//! Source: T. G. Stockham, "High-speed convolution and correlation", AFIPS 1966, in the self-sorting form of radix 4:
//! every pass reads one array and writes another, and its butterflies do not depend on each other, so a pass may stop
//! after any of them. A length that is no power of 4 ends in one pass of radix 2. Nothing is fused, so every processor
//! gives the same bits.

use super::vector::{LANES, Split, Vector, View, ViewMut};
use crate::lanes::Plain;
#[cfg(target_arch = "x86_64")]
use crate::lanes::{Avx, has_avx};
use core::f64::consts::TAU;
use core::ops::Range;

/// Transforms of one length, a power of two from 64.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    len: usize,
    /// exp(−2πi m p / len) for m = 1, 2, 3 and p below a quarter of the length.
    twiddles: [Split; 3],
}

/// The work of a pass, in butterflies of four: a quarter of the length.
pub(super) fn butterflies(len: usize) -> usize {
    len / 4
}

/// Passes of a transform.
pub(super) fn passes(len: usize) -> usize {
    (len.trailing_zeros() as usize).div_ceil(2)
}

impl Plan {
    pub(super) fn new(len: usize) -> Self {
        debug_assert!(len.is_power_of_two() && len >= 64);
        let turn = |m: usize| {
            let angle = move |p: usize| -TAU * (m * p) as f64 / len as f64;
            let each = |part: fn(f64) -> f64| (0..len / 4).map(|p| part(angle(p))).collect();
            Split { re: each(f64::cos), im: each(f64::sin) }
        };
        Self { len, twiddles: [turn(1), turn(2), turn(3)] }
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Does butterflies of one pass, from `x` to `y`; the range begins and ends at multiples of 16.
    pub(super) fn pass(&self, pass: usize, range: Range<usize>, x: View<'_>, y: ViewMut<'_>) {
        #[cfg(target_arch = "x86_64")]
        if has_avx() {
            // SAFETY: the processor has just been asked for the only feature that the function needs.
            return unsafe { self.pass_avx(pass, range, x, y) };
        }
        self.pass_of::<Plain>(pass, range, x, y);
    }

    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2,fma")]
    fn pass_avx(&self, pass: usize, range: Range<usize>, x: View<'_>, y: ViewMut<'_>) {
        self.pass_of::<Avx>(pass, range, x, y);
    }

    #[inline(always)]
    fn pass_of<V: Vector>(&self, pass: usize, range: Range<usize>, x: View<'_>, y: ViewMut<'_>) {
        let stride = 1 << (2 * pass);
        if stride == 1 {
            self.first::<V>(range, x, y);
        } else if 2 * stride == self.len {
            last_of_two::<V>(range, x, y);
        } else {
            self.middle::<V>(stride, range, x, y);
        }
    }

    #[inline(always)]
    fn turns(&self) -> [View<'_>; 3] {
        let [one, two, three] = &self.twiddles;
        [one.at(0, self.len / 4), two.at(0, self.len / 4), three.at(0, self.len / 4)]
    }

    /// The first pass: neighbours have twiddles of their own, and land four apart.
    #[inline(always)]
    fn first<V: Vector>(&self, range: Range<usize>, x: View<'_>, y: ViewMut<'_>) {
        let (x, w) = (quarters(x, self.len), self.turns());
        let (re, im) = (&mut y.re[4 * range.start..4 * range.end], &mut y.im[4 * range.start..4 * range.end]);
        assert!(range.end <= self.len / 4 && range.len().is_multiple_of(LANES));
        for (group, p) in range.step_by(LANES).enumerate() {
            // SAFETY: quarters and twiddles are a quarter of the length, which the range does not leave and which it
            // covers in whole groups; the outputs were cut to four times the range.
            unsafe {
                let w: [[V; 2]; 3] = [both(w[0], p), both(w[1], p), both(w[2], p)];
                let [a, b, c, d] = butterfly([both(x[0], p), both(x[1], p), both(x[2], p), both(x[3], p)], w);
                let rows = V::transpose([a[0], b[0], c[0], d[0]]);
                let parts = V::transpose([a[1], b[1], c[1], d[1]]);
                let at = 4 * LANES * group;
                put([rows[0], parts[0]], re, im, at);
                put([rows[1], parts[1]], re, im, at + LANES);
                put([rows[2], parts[2]], re, im, at + 2 * LANES);
                put([rows[3], parts[3]], re, im, at + 3 * LANES);
            }
        }
    }

    /// A later pass: `stride` neighbours share their twiddles.
    #[inline(always)]
    fn middle<V: Vector>(&self, stride: usize, range: Range<usize>, x: View<'_>, y: ViewMut<'_>) {
        let (x, w) = (quarters(x, self.len), self.turns());
        assert!(range.end <= self.len / 4 && range.len().is_multiple_of(LANES) && range.start.is_multiple_of(LANES));
        let mut at = range.start;
        while at < range.end {
            let q = at & (stride - 1);
            let ps = at - q;
            let run = (stride - q).min(range.end - at);
            let w: [[V; 2]; 3] = [same(w[0], ps), same(w[1], ps), same(w[2], ps)];
            let (re, im) = (&mut y.re[4 * ps..4 * (ps + stride)], &mut y.im[4 * ps..4 * (ps + stride)]);
            for k in (0..run).step_by(LANES) {
                let n = at + k;
                // SAFETY: `n` stays in whole groups below a quarter of the length, which is what each `x` holds;
                // q + k stays so below the stride, and the outputs are four strides long.
                unsafe {
                    let out = butterfly([both(x[0], n), both(x[1], n), both(x[2], n), both(x[3], n)], w);
                    put(out[0], re, im, q + k);
                    put(out[1], re, im, q + k + stride);
                    put(out[2], re, im, q + k + 2 * stride);
                    put(out[3], re, im, q + k + 3 * stride);
                }
            }
            at += run;
        }
    }

    /// All of it at once. `x` is lost; the result is in the returned one of the two arrays.
    pub(super) fn run<'a>(&self, x: &'a mut Split, y: &'a mut Split) -> &'a mut Split {
        let (mut from, mut to) = (x, y);
        for pass in 0..passes(self.len) {
            self.pass(pass, 0..butterflies(self.len), from.at(0, self.len), to.at_mut(0, self.len));
            (from, to) = (to, from);
        }
        from
    }
}

/// The four quarters of an array.
#[inline(always)]
fn quarters(x: View<'_>, len: usize) -> [View<'_>; 4] {
    let (low, high) = x.split_at(len / 2);
    let ((a, b), (c, d)) = (low.split_at(len / 4), high.split_at(len / 4));
    [a, b, c, d]
}

/// Real and imaginary parts of neighbours.
///
/// # Safety
/// As many must be there.
#[inline(always)]
unsafe fn both<V: Vector>(x: View<'_>, at: usize) -> [V; 2] {
    // SAFETY: the caller's promise; both parts are equally long.
    unsafe { [V::read(x.re, at), V::read(x.im, at)] }
}

/// Puts real and imaginary parts of neighbours where they belong.
///
/// # Safety
/// There must be room for as many.
#[inline(always)]
unsafe fn put<V: Vector>(x: [V; 2], re: &mut [f64], im: &mut [f64], at: usize) {
    // SAFETY: the caller's promise.
    unsafe {
        x[0].write(re, at);
        x[1].write(im, at);
    }
}

/// One number as often as there are neighbours.
#[inline(always)]
fn same<V: Vector>(x: View<'_>, at: usize) -> [V; 2] {
    [V::splat(x.re[at]), V::splat(x.im[at])]
}

/// Pass of radix 2 at the end: no twiddles.
#[inline(always)]
fn last_of_two<V: Vector>(range: Range<usize>, x: View<'_>, y: ViewMut<'_>) {
    let half = x.re.len() / 2;
    let (a, b) = x.split_at(half);
    let (sum_re, diff_re) = y.re.split_at_mut(half);
    let (sum_im, diff_im) = y.im.split_at_mut(half);
    assert!(
        2 * range.end <= half && diff_re.len() == half && diff_im.len() == half && range.len().is_multiple_of(LANES)
    );
    for q in (2 * range.start..2 * range.end).step_by(LANES) {
        // SAFETY: whole groups below half the length, which is what each array holds.
        unsafe {
            let (a, b): ([V; 2], [V; 2]) = (both(a, q), both(b, q));
            let (sum, diff) = (plus(a, b), minus(a, b));
            put(sum, sum_re, sum_im, q);
            put(diff, diff_re, diff_im, q);
        }
    }
}

#[inline(always)]
fn plus<V: Vector>(x: [V; 2], y: [V; 2]) -> [V; 2] {
    [x[0].add(y[0]), x[1].add(y[1])]
}

#[inline(always)]
fn minus<V: Vector>(x: [V; 2], y: [V; 2]) -> [V; 2] {
    [x[0].sub(y[0]), x[1].sub(y[1])]
}

#[inline(always)]
fn times<V: Vector>(x: [V; 2], w: [V; 2]) -> [V; 2] {
    [x[0].mul(w[0]).sub(x[1].mul(w[1])), x[0].mul(w[1]).add(x[1].mul(w[0]))]
}

/// Transform of four points, turned by the twiddles; real and imaginary parts apart.
#[inline(always)]
fn butterfly<V: Vector>([a, b, c, d]: [[V; 2]; 4], [w1, w2, w3]: [[V; 2]; 3]) -> [[V; 2]; 4] {
    let (ac, bd) = (plus(a, c), plus(b, d));
    let (a_c, b_d) = (minus(a, c), minus(b, d));
    // a − c ∓ i (b − d)
    let down = [a_c[0].add(b_d[1]), a_c[1].sub(b_d[0])];
    let up = [a_c[0].sub(b_d[1]), a_c[1].add(b_d[0])];
    [plus(ac, bd), times(down, w1), times(minus(ac, bd), w2), times(up, w3)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(len: usize) -> Split {
        let mut seed = 1_u64;
        let mut next = || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (seed >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
        };
        Split { re: (0..len).map(|_| next()).collect(), im: (0..len).map(|_| next()).collect() }
    }

    #[test]
    fn it_is_the_fourier_transform_and_comes_back() {
        for len in [64, 128, 256, 1024, 2048, 4096] {
            let (plan, x) = (Plan::new(len), noise(len));
            let (mut a, mut b) = (x.clone(), Split::zeros(len));
            let bins = plan.run(&mut a, &mut b).clone();
            let mut worst = 0.0_f64;
            for k in [0, 1, 5, len / 4, len / 2, len - 3] {
                let (mut re, mut im) = (0.0, 0.0);
                for n in 0..len {
                    let (s, c) = (-TAU * ((k * n) % len) as f64 / len as f64).sin_cos();
                    re += x.re[n] * c - x.im[n] * s;
                    im += x.re[n] * s + x.im[n] * c;
                }
                worst = worst.max((bins.re[k] - re).abs()).max((bins.im[k] - im).abs());
            }
            let mut back = Split { re: bins.im, im: bins.re };
            let back = plan.run(&mut back, &mut b);
            let scale = len as f64;
            let off = (0..len).map(|n| (back.im[n] / scale - x.re[n]).abs().max((back.re[n] / scale - x.im[n]).abs()));
            let off = off.fold(0.0, f64::max);
            eprintln!("{len} points: bins off by {worst:.1e}, there and back {off:.1e}");
            assert!(worst < 1e-11 && off < 1e-14);
        }
    }

    #[test]
    fn every_processor_gives_the_same_bits() {
        let (plan, x) = (Plan::new(2048), noise(2048));
        for pass in 0..passes(2048) {
            let (mut one, mut other) = (Split::zeros(2048), Split::zeros(2048));
            plan.pass(pass, 0..512, x.at(0, 2048), one.at_mut(0, 2048));
            plan.pass_of::<Plain>(pass, 0..512, x.at(0, 2048), other.at_mut(0, 2048));
            assert!(one.re == other.re && one.im == other.im);
        }
    }

    #[test]
    fn done_in_pieces_it_gives_the_same_bits() {
        let (plan, x) = (Plan::new(2048), noise(2048));
        let (mut a, mut b) = (x.clone(), Split::zeros(2048));
        let whole = plan.run(&mut a, &mut b).clone();
        let (mut from, mut to) = (x, Split::zeros(2048));
        for pass in 0..passes(2048) {
            for piece in [0..48, 48..64, 64..320, 320..512] {
                plan.pass(pass, piece, from.at(0, 2048), to.at_mut(0, 2048));
            }
            core::mem::swap(&mut from, &mut to);
        }
        assert!(from.re == whole.re && from.im == whole.im);
    }
}

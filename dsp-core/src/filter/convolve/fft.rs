//! A Fourier transform that runs in pieces.
//!
//! Source: T. G. Stockham, "High-speed convolution and correlation", AFIPS 1966, in the self-sorting form of radix 4:
//! every pass reads one array and writes another, and its butterflies are independent, so a pass may stop after any of
//! them. A length that is no power of 4 ends in a pass of radix 2. Nothing is fused: every processor gives the same bits.

use super::complex::{LANES, Split, Vectors, View, ViewMut};
use crate::simd::{F64x4, Isa, Kernel, Simd};
use core::f64::consts::TAU;
use core::ops::Range;

/// Transforms of one length, a power of two from 64.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    len: usize,
    /// exp(−2πi m p / len) for m = 1, 2, 3 and p below a quarter of the length.
    twiddles: [Split; 3],
}

/// Butterflies of a pass, of four points each.
pub(super) fn butterflies(len: usize) -> usize {
    len / 4
}

/// Passes of a transform.
pub(super) fn passes(len: usize) -> usize {
    (len.trailing_zeros() as usize).div_ceil(2)
}

/// [`Plan::pass_of`].
struct Pass<'a> {
    plan: &'a Plan,
    pass: usize,
    range: Range<usize>,
    x: View<'a>,
    y: ViewMut<'a>,
}

impl Kernel for Pass<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self) {
        self.plan.pass_of::<S::F64>(self.pass, self.range, self.x, self.y);
    }
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
        Isa::detect().run(Pass { plan: self, pass, range, x, y });
    }

    #[inline(always)]
    fn pass_of<V: F64x4>(&self, pass: usize, range: Range<usize>, x: View<'_>, y: ViewMut<'_>) {
        let stride = 1 << (2 * pass);
        if stride == 1 {
            self.first::<V>(range, x, y);
        } else if stride == LANES {
            self.second::<V>(range, x, y);
        } else if 2 * stride == self.len {
            last_of_two::<V>(range, x, y);
        } else {
            self.later::<V>(stride, range, x, y);
        }
    }

    /// The quarters of an array, each from `from` on.
    #[inline(always)]
    fn quarters<'a>(&self, x: View<'a>, from: usize, count: usize) -> [Vectors<'a>; 4] {
        let quarter = self.len / 4;
        [
            x.vectors(from, count),
            x.vectors(quarter + from, count),
            x.vectors(2 * quarter + from, count),
            x.vectors(3 * quarter + from, count),
        ]
    }

    #[inline(always)]
    fn turns(&self, from: usize, count: usize) -> [Vectors<'_>; 3] {
        let [one, two, three] = &self.twiddles;
        [one.vectors(from, count), two.vectors(from, count), three.vectors(from, count)]
    }

    /// The first pass: neighbours have twiddles of their own, and land four apart.
    #[inline(always)]
    fn first<V: F64x4>(&self, range: Range<usize>, x: View<'_>, y: ViewMut<'_>) {
        let (from, count) = (range.start, range.len() / LANES);
        let ([a, b, c, d], [w1, w2, w3]) = (self.quarters(x, from, count), self.turns(from, count));
        let (re, im) = (&mut squares(y.re, from)[..count], &mut squares(y.im, from)[..count]);
        for n in 0..count {
            let w = [w1.get(n), w2.get(n), w3.get(n)];
            let [a, b, c, d]: [[V; 2]; 4] = butterfly([a.get(n), b.get(n), c.get(n), d.get(n)], w);
            put(V::transpose([a[0], b[0], c[0], d[0]]), &mut re[n]);
            put(V::transpose([a[1], b[1], c[1], d[1]]), &mut im[n]);
        }
    }

    /// The second pass: the four in a vector share their twiddles.
    #[inline(always)]
    fn second<V: F64x4>(&self, range: Range<usize>, x: View<'_>, y: ViewMut<'_>) {
        let (from, count) = (range.start, range.len() / LANES);
        let ([a, b, c, d], [w1, w2, w3]) = (self.quarters(x, from, count), self.turns(from, count));
        let (re, im) = (&mut squares(y.re, from)[..count], &mut squares(y.im, from)[..count]);
        for n in 0..count {
            let w = [w1.first_of(n), w2.first_of(n), w3.first_of(n)];
            let [a, b, c, d]: [[V; 2]; 4] = butterfly([a.get(n), b.get(n), c.get(n), d.get(n)], w);
            put([a[0], b[0], c[0], d[0]], &mut re[n]);
            put([a[1], b[1], c[1], d[1]], &mut im[n]);
        }
    }

    /// A later pass: `stride` neighbours share their twiddles.
    #[inline(always)]
    fn later<V: F64x4>(&self, stride: usize, range: Range<usize>, x: View<'_>, y: ViewMut<'_>) {
        let mut at = range.start;
        while at < range.end {
            let within = at & (stride - 1);
            let first = at - within;
            let count = (stride - within).min(range.end - at) / LANES;
            let ([a, b, c, d], [w1, w2, w3]) = (self.quarters(x, at, count), self.turns(first, 1));
            let w: [[V; 2]; 3] = [w1.first_of(0), w2.first_of(0), w3.first_of(0)];
            let [re, im] = [&mut *y.re, &mut *y.im];
            let re = strides(&mut re[4 * first..], stride, within, count);
            let im = strides(&mut im[4 * first..], stride, within, count);
            for n in 0..count {
                let out = butterfly([a.get(n), b.get(n), c.get(n), d.get(n)], w);
                for m in 0..4 {
                    out[m][0].store(&mut re[m][n]);
                    out[m][1].store(&mut im[m][n]);
                }
            }
            at += LANES * count;
        }
    }

    /// The whole transform. Destroys `x`; the result is in the array returned.
    pub(super) fn run<'a>(&self, x: &'a mut Split, y: &'a mut Split) -> &'a mut Split {
        let (mut from, mut to) = (x, y);
        for pass in 0..passes(self.len) {
            self.pass(pass, 0..butterflies(self.len), from.at(0, self.len), to.at_mut(0, self.len));
            (from, to) = (to, from);
        }
        from
    }
}

/// Output of the butterflies from one on, in the first two passes: sixteen numbers for every four of them.
#[inline(always)]
fn squares(y: &mut [f64], from: usize) -> &mut [[[f64; LANES]; 4]] {
    y[4 * from..].as_chunks_mut().0.as_chunks_mut().0
}

#[inline(always)]
fn put<V: F64x4>(rows: [V; 4], to: &mut [[f64; LANES]; 4]) {
    for (row, to) in rows.into_iter().zip(to) {
        row.store(to);
    }
}

/// `count` vectors of each of four neighbouring strides.
#[inline(always)]
fn strides(y: &mut [f64], stride: usize, from: usize, count: usize) -> [&mut [[f64; LANES]]; 4] {
    let (a, rest) = y.split_at_mut(stride);
    let (b, rest) = rest.split_at_mut(stride);
    let (c, d) = rest.split_at_mut(stride);
    [
        &mut a[from..].as_chunks_mut().0[..count],
        &mut b[from..].as_chunks_mut().0[..count],
        &mut c[from..].as_chunks_mut().0[..count],
        &mut d[from..].as_chunks_mut().0[..count],
    ]
}

/// The last pass of radix 2: no twiddles.
#[inline(always)]
fn last_of_two<V: F64x4>(range: Range<usize>, x: View<'_>, y: ViewMut<'_>) {
    let (half, from, count) = (x.re.len() / 2, 2 * range.start, 2 * range.len() / LANES);
    let (a, b) = (x.vectors(from, count), x.vectors(half + from, count));
    let (sum_re, diff_re) = y.re.split_at_mut(half);
    let (sum_im, diff_im) = y.im.split_at_mut(half);
    let sum_re = &mut sum_re[from..].as_chunks_mut().0[..count];
    let sum_im = &mut sum_im[from..].as_chunks_mut().0[..count];
    let diff_re = &mut diff_re[from..].as_chunks_mut().0[..count];
    let diff_im = &mut diff_im[from..].as_chunks_mut().0[..count];
    for n in 0..count {
        let (a, b): ([V; 2], [V; 2]) = (a.get(n), b.get(n));
        let (sum, diff) = (plus(a, b), minus(a, b));
        sum[0].store(&mut sum_re[n]);
        sum[1].store(&mut sum_im[n]);
        diff[0].store(&mut diff_re[n]);
        diff[1].store(&mut diff_im[n]);
    }
}

#[inline(always)]
fn plus<V: F64x4>(x: [V; 2], y: [V; 2]) -> [V; 2] {
    [x[0].add(y[0]), x[1].add(y[1])]
}

#[inline(always)]
fn minus<V: F64x4>(x: [V; 2], y: [V; 2]) -> [V; 2] {
    [x[0].sub(y[0]), x[1].sub(y[1])]
}

#[inline(always)]
fn times<V: F64x4>(x: [V; 2], w: [V; 2]) -> [V; 2] {
    [x[0].mul(w[0]).sub(x[1].mul(w[1])), x[0].mul(w[1]).add(x[1].mul(w[0]))]
}

/// Transform of four points, times the twiddles; real and imaginary parts apart.
#[inline(always)]
fn butterfly<V: F64x4>([a, b, c, d]: [[V; 2]; 4], [w1, w2, w3]: [[V; 2]; 3]) -> [[V; 2]; 4] {
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
            plan.pass_of::<[f64; 4]>(pass, 0..512, x.at(0, 2048), other.at_mut(0, 2048));
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

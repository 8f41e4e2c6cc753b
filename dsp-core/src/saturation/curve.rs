//! The curves, their antiderivatives, and how much louder they make programme.
//!
//! Every curve has slope 1 at zero, where it is also 0. All are chosen for cheap closed forms: two from the family
//! x/√(1 + x²), two polynomials with several smooth derivatives where they meet their ceiling. In full scale:
//!
//! | curve | formula | ends at |
//! | --- | --- | --- |
//! | Tube | K·c·(t(x/c + β) − t(β)), t(u) = u/√(1 + u²), c = √2, β = 0.2, K = 1/t′(β) | +1.21, −1.79 |
//! | Tape | c·t(x/c), c = √2 | ±1.41 |
//! | Transistor | L·p(x/L), p′(u) = (1 − u²)³ for \|u\| < 1, L = 35/16 | ±1 at ±2.19 |
//! | Clip | L·p(x/L), p′(u) = (1 − u⁴)⁴ for \|u\| < 1, L = 1/p(1) | ±1 at ±1.62 |
//!
//! Sources: J. Parker, V. Zavalishin & E. Le Bivic, "Reducing the aliasing of nonlinear waveshaping using
//! continuous-time convolution" (DAFx 2016): instead of the curve at each sample, its mean between two samples, which
//! is the difference of its antiderivative over their distance. For Tube and Tape that quotient has a form without a
//! difference of near numbers: (√(1+a²) − √(1+b²))/(a − b) = (a + b)/(√(1+a²) + √(1+b²)).

use crate::simd::{F64x4, Isa, Kernel, Simd};
use crate::units::{db_to_gain, power_to_db};
use core::f64::consts::SQRT_2;

/// What is done to the wave.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Curve {
    /// Soft and lopsided: even harmonics too.
    #[default]
    Tube,
    /// Soft and even-handed: odd harmonics that fall quickly.
    Tape,
    /// Bends late, then holds: more and higher odd harmonics.
    Transistor,
    /// Straight up to half of full scale, then a short bend to a flat top.
    Clip,
}

crate::choice!(Curve { Tube => "Tube", Tape => "Tape", Transistor => "Transistor", Clip => "Clip" });

/// Level of the programme whose level is kept, in dBFS RMS.
pub const REFERENCE_DBFS: f64 = -18.0;

impl Curve {
    /// What becomes of one sample.
    #[must_use]
    pub fn at(self, x: f64) -> f64 {
        self.at_four([x; 4])[0]
    }

    fn at_four(self, x: [f64; 4]) -> [f64; 4] {
        with_law!(self, law => { let aux = law.aux(x); law.mean(x, aux, x, aux) })
    }

    /// Gain behind the curve that keeps the level of Gaussian noise of [`REFERENCE_DBFS`] at a drive, in dB; an offset
    /// does not count.
    #[must_use]
    pub fn makeup_db(self, drive_db: f64) -> f64 {
        let (sigma, drive) = (db_to_gain(REFERENCE_DBFS), db_to_gain(drive_db));
        let moments = with_law!(self, law => moments(law, sigma * drive));
        power_to_db(sigma * sigma) - power_to_db(moments[1] - moments[0] * moments[0])
    }
}

/// Points of the sum over a normal distribution, this far apart in standard deviations: for a smooth curve it is as good
/// as the integral.
const POINTS: usize = 96;
const STEP: f64 = 0.125;

/// exp(−z²/2) at the points, shares of their sum.
const WEIGHTS: [f64; POINTS] = weights();

/// From one point to the next the ratio itself falls by one factor, from the middle outwards.
const fn weights() -> [f64; POINTS] {
    /// exp(−`STEP`²).
    const FALL: f64 = 0.984_496_437_005_408_4;
    let (mut weights, mut sum, mut n) = ([0.0; POINTS], 0.0, 0);
    let (mut weight, mut ratio) = (1.0, FALL);
    while n < POINTS / 2 {
        (weights[POINTS / 2 + n], weights[POINTS / 2 - 1 - n]) = (weight, weight);
        sum += 2.0 * weight;
        weight *= ratio;
        ratio *= FALL;
        n += 1;
    }
    n = 0;
    while n < POINTS {
        weights[n] /= sum;
        n += 1;
    }
    weights
}

/// Mean and mean square of what a curve makes of normally distributed numbers.
fn moments<L: Law>(law: L, deviation: f64) -> [f64; 2] {
    Isa::detect().run(Moments { law, deviation })
}

/// [`moments_of`].
struct Moments<L> {
    law: L,
    deviation: f64,
}

impl<L: Law> Kernel for Moments<L> {
    type Output = [f64; 2];

    #[inline(always)]
    fn run<S: Simd>(self) -> [f64; 2] {
        moments_of::<S::F64, L>(self.law, self.deviation)
    }
}

#[inline(always)]
fn moments_of<V: F64x4, L: Law>(law: L, deviation: f64) -> [f64; 2] {
    let middle = 0.5 * (POINTS - 1) as f64;
    let (mut sum, mut squares) = (V::splat(0.0), V::splat(0.0));
    let (weights, _) = WEIGHTS.as_chunks::<4>();
    for (n, weights) in weights.iter().enumerate() {
        let first = (4 * n) as f64 - middle;
        let z = [first * STEP, (first + 1.0) * STEP, (first + 2.0) * STEP, (first + 3.0) * STEP];
        let (weights, x) = (V::load(weights), V::load(&z).mul(V::splat(deviation)));
        let aux = law.aux(x);
        let y = law.mean(x, aux, x, aux);
        let weighted = y.mul(weights);
        (sum, squares) = (sum.add(weighted), y.mul_add(weighted, squares));
    }
    let mut both = [[0.0; 4]; 2];
    sum.store(&mut both[0]);
    squares.store(&mut both[1]);
    let [sum, squares] = both;
    [(sum[0] + sum[1]) + (sum[2] + sum[3]), (squares[0] + squares[1]) + (squares[2] + squares[3])]
}

/// Runs `$body` with the [`Law`] of a curve.
macro_rules! with_law {
    ($curve:expr, $law:ident => $body:expr) => {{
        use $crate::saturation::curve::{Curve, Polynomial, Root};
        match $curve {
            Curve::Tube => {
                let $law = Root::TUBE;
                $body
            }
            Curve::Tape => {
                let $law = Root::TAPE;
                $body
            }
            Curve::Transistor => {
                let $law = Polynomial::TRANSISTOR;
                $body
            }
            Curve::Clip => {
                let $law = Polynomial::CLIP;
                $body
            }
        }
    }};
}
pub(super) use with_law;

/// A curve as the audio runs it, over means between samples.
pub(super) trait Law: Copy {
    /// Whether what it needs leaves registers for what follows the mean.
    const IS_SMALL: bool;
    /// What the mean needs of each of its two samples: worked out once.
    fn aux<V: F64x4>(self, x: V) -> V;
    /// Mean of the curve between two samples; of one with itself, the curve there.
    fn mean<V: F64x4>(self, x: V, aux: V, before: V, aux_before: V) -> V;
}

/// Where Tube and Tape bend, in full scale: from here their harmonics up to the 40th fall by 3 dB each at +12 dB.
const BEND: f64 = SQRT_2;

/// K·c·(t(x/c + β) − t(β)).
#[derive(Clone, Copy, Debug)]
pub(super) struct Root {
    /// β.
    bias: f64,
    /// K·c.
    scale: f64,
}

impl Root {
    pub(super) const TAPE: Self = Self { bias: 0.0, scale: BEND };
    /// With √2·(1 + 0.2²)^(3/2), which a constant cannot work out.
    pub(super) const TUBE: Self = Self { bias: 0.2, scale: 1.499_909_330_593_019_8 };

    /// The quotient of sums, before t(β) is taken off.
    #[inline(always)]
    fn quotient<V: F64x4>(self, x: V, aux: V, before: V, aux_before: V) -> V {
        let sum = x.add(before).mul_add(V::splat(1.0 / BEND), V::splat(2.0 * self.bias));
        sum.div(aux.add(aux_before))
    }
}

impl Law for Root {
    const IS_SMALL: bool = true;

    #[inline(always)]
    fn aux<V: F64x4>(self, x: V) -> V {
        let u = x.mul_add(V::splat(1.0 / BEND), V::splat(self.bias));
        u.mul_add(u, V::splat(1.0)).sqrt()
    }

    #[inline(always)]
    fn mean<V: F64x4>(self, x: V, aux: V, before: V, aux_before: V) -> V {
        // By the same operations as the rest, so that silence stays silence to the last bit.
        let zero = V::splat(0.0);
        let at_rest = self.quotient(zero, self.aux(zero), zero, self.aux(zero));
        self.quotient(x, aux, before, aux_before).sub(at_rest).mul(V::splat(self.scale))
    }
}

/// L·p(x/L): odd, with p′(u) = (1 − u^m)^n. The series of p(u)/u and of its antiderivative by u², in powers of u^m.
#[derive(Clone, Copy, Debug)]
pub(super) struct Polynomial {
    /// L: what comes in where it meets its ceiling of 1.
    full: f64,
    curve: [f64; 5],
    integral: [f64; 5],
    /// Whether m is 4, else 2.
    fourth: bool,
}

impl Polynomial {
    pub(super) const TRANSISTOR: Self = Self::new([1.0, -3.0, 3.0, -1.0, 0.0], 2.0);
    pub(super) const CLIP: Self = Self::new([1.0, -4.0, 6.0, -4.0, 1.0], 4.0);

    /// From the coefficients of p′ in powers of u^m.
    const fn new(slope: [f64; 5], m: f64) -> Self {
        let (mut curve, mut integral, mut sum, mut j) = ([0.0; 5], [0.0; 5], 0.0, 0);
        while j < 5 {
            let power = m * j as f64 + 1.0;
            curve[j] = slope[j] / power;
            integral[j] = curve[j] / (power + 1.0);
            sum += curve[j];
            j += 1;
        }
        Self { full: 1.0 / sum, curve, integral, fourth: m == 4.0 }
    }

    /// x/L held to ±1, and the power that the series run in.
    #[inline(always)]
    fn argument<V: F64x4>(self, x: V) -> (V, V, V) {
        let u = x.mul(V::splat(1.0 / self.full)).min(V::splat(1.0)).max(V::splat(-1.0));
        let square = u.mul(u);
        (u, square, if self.fourth { square.mul(square) } else { square })
    }

    #[inline(always)]
    fn at<V: F64x4>(self, x: V) -> V {
        let (u, _, w) = self.argument(x);
        series(self.curve, w).mul(u).mul(V::splat(self.full))
    }
}

#[inline(always)]
fn series<V: F64x4>([a, b, c, d, e]: [f64; 5], w: V) -> V {
    let top = w.mul_add(V::splat(e), V::splat(d)).mul_add(w, V::splat(c));
    top.mul_add(w, V::splat(b)).mul_add(w, V::splat(a))
}

impl Law for Polynomial {
    const IS_SMALL: bool = false;

    /// The antiderivative.
    #[inline(always)]
    fn aux<V: F64x4>(self, x: V) -> V {
        let (u, square, w) = self.argument(x);
        let inside = series(self.integral, w).mul(square).mul(V::splat(self.full * self.full));
        // Beyond the ceiling it goes on in a straight line.
        x.sub(u.mul(V::splat(self.full))).mul_add(u, inside)
    }

    #[inline(always)]
    fn mean<V: F64x4>(self, x: V, aux: V, before: V, aux_before: V) -> V {
        /// Nearer than this the curve half way is better than a quotient of roundings: both are good to 10⁻¹⁰ here.
        const NEAR: f64 = 3e-5;
        let distance = x.sub(before);
        let quotient = aux.sub(aux_before).div(distance);
        let (apart, near) = (distance.abs(), V::splat(NEAR));
        if apart.any_below(near) {
            apart.if_below(near, self.at(x.add(before).mul(V::splat(0.5))), quotient)
        } else {
            quotient
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::choice::Choice;
    use plumb_signals::Noise;

    /// The formulas of the table above, written down again.
    fn formula(curve: Curve, x: f64) -> f64 {
        let t = |u: f64| u / (1.0 + u * u).sqrt();
        match curve {
            Curve::Tube => (1.0 + 0.2_f64.powi(2)).powf(1.5) * SQRT_2 * (t(x / SQRT_2 + 0.2) - t(0.2)),
            Curve::Tape => SQRT_2 * t(x / SQRT_2),
            Curve::Transistor => {
                let u = (x * 16.0 / 35.0).clamp(-1.0, 1.0);
                35.0 / 16.0 * (u - u.powi(3) + 0.6 * u.powi(5) - u.powi(7) / 7.0)
            }
            Curve::Clip => {
                let p =
                    |u: f64| u - 0.8 * u.powi(5) + 2.0 / 3.0 * u.powi(9) - 4.0 / 13.0 * u.powi(13) + u.powi(17) / 17.0;
                p((x * p(1.0)).clamp(-1.0, 1.0)) / p(1.0)
            }
        }
    }

    #[test]
    fn curves_are_their_formulas_with_slope_one_at_zero() {
        for curve in Curve::ALL {
            for n in -400..=400 {
                let x = f64::from(n) * 0.02;
                // 1e-13: roundings.
                assert!((curve.at(x) - formula(*curve, x)).abs() < 1e-13, "{curve:?} at {x}");
                assert!(curve.at(x + 0.02) >= curve.at(x), "{curve:?} rises");
            }
            assert_eq!(curve.at(0.0), 0.0);
            assert!((curve.at(1e-6) / 1e-6 - 1.0).abs() < 1e-6, "{curve:?}");
            let ends = [curve.at(-1e5), curve.at(1e5)];
            eprintln!("{curve:?}: from {:.3} to {:.3}", ends[0], ends[1]);
        }
    }

    #[test]
    fn makeup_is_the_integral_over_the_noise() {
        let mut worst = 0.0_f64;
        for (curve, drive_db) in Curve::ALL.iter().flat_map(|curve| [0.0, 7.3, 24.0].map(|db| (curve, db))) {
            let deviation = db_to_gain(REFERENCE_DBFS + drive_db);
            let (mut weights, mut sum, mut squares) = (0.0, 0.0, 0.0);
            for n in -480..480 {
                let z = (f64::from(n) + 0.5) * STEP / 10.0;
                let (weight, y) = ((-0.5 * z * z).exp(), formula(*curve, z * deviation));
                (weights, sum, squares) = (weights + weight, sum + weight * y, squares + weight * y * y);
            }
            let power = squares / weights - (sum / weights).powi(2);
            worst = worst.max((curve.makeup_db(drive_db) - (REFERENCE_DBFS - power_to_db(power))).abs());
        }
        eprintln!("makeup: {worst:.1e} dB off at most");
        // What corners of the third derivative leave in a sum of 96 points.
        assert!(worst < 1e-4, "{worst}");
    }

    #[test]
    fn means_are_those_of_the_curve() {
        for curve in Curve::ALL {
            let mut noise = Noise::new(1);
            for n in 0..2000 {
                let a = noise.tick() * 5.0;
                let b = if n % 3 == 0 { a + noise.tick() * 1e-4 } else { noise.tick() * 5.0 };
                let (x, y) = ([a; 4], [b; 4]);
                let mean = with_law!(*curve, law => law.mean(x, law.aux(x), y, law.aux(y)))[0];
                // Gauss's rule of three points in 200 parts: better than 1e-9 for curves with three derivatives.
                let part = (b - a) / 200.0;
                let by_parts: f64 = (0..200)
                    .map(|k| {
                        let (middle, off) = (a + (f64::from(k) + 0.5) * part, 0.5 * part * 0.6_f64.sqrt());
                        let at = |x| formula(*curve, x);
                        (5.0 * at(middle - off) + 8.0 * at(middle) + 5.0 * at(middle + off)) / 18.0
                    })
                    .sum::<f64>()
                    / 200.0;
                assert!((mean - by_parts).abs() < 1e-9, "{curve:?} from {a} to {b}: {mean}, {by_parts}");
            }
        }
    }
}

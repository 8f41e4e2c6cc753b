//! The curve over a run of frames, with little aliasing: means between samples, and what they take of the top given
//! back.
//!
//! The mean between two samples (see [`super::curve`]) keeps down what would fold, most of all near the multiples of
//! the rate it runs at; but it also averages the sound itself: (1 + z⁻¹)/2, half a sample late and −3 dB at a quarter
//! of the rate. Behind it (1 + ρ)/(1 + ρ·z⁻¹) undoes both: together they are within 0.5 dB up to 20 kHz at 44.1 kHz
//! and 0.03 of a sample late, so that the dry sound beside it needs no other alignment than whole frames.
//!
//! While the curve changes, both run, and one fades into the other.

use super::curve::{Curve, Law, with_law};
use crate::oversample::{CHUNK, Factor};
use crate::simd::{F64x4, Isa, Kernel, Simd};
use crate::{Choice, Frame};

/// ρ: how near to half the rate the top is given back.
const RHO: f64 = 0.92;

/// Most frames at the higher rate in a chunk.
const MOST: usize = CHUNK * Factor::ALL[Factor::ALL.len() - 1].times();

/// A fade to another curve, in frames of the higher rate.
#[derive(Clone, Copy, Debug)]
struct Fade {
    to: Curve,
    done: usize,
    total: usize,
}

/// A curve at work.
#[derive(Clone, Debug)]
pub(super) struct Shaper {
    curve: Curve,
    wanted: Curve,
    fade: Option<Fade>,
    /// The last frame that came in.
    before: Frame,
    restore: Restore,
    /// Means of the curve that is, and of the one that comes.
    means: [Vec<Frame>; 2],
}

impl Shaper {
    /// At rest on a curve. Allocates.
    pub(super) fn new(curve: Curve) -> Self {
        // One frame more: they are worked on in pairs.
        let means = || vec![[0.0; 2]; MOST + 1];
        Self {
            curve,
            wanted: curve,
            fade: None,
            before: [0.0; 2],
            restore: Restore::default(),
            means: [means(), means()],
        }
    }

    /// Forgets the past and rests on the curve that it was going to.
    pub(super) fn reset(&mut self) {
        self.curve = self.wanted;
        self.fade = None;
        self.before = [0.0; 2];
        self.restore = Restore::default();
    }

    /// Fades to another curve, as soon as no other fade is under way.
    pub(super) fn set(&mut self, curve: Curve) {
        self.wanted = curve;
    }

    /// Begins a fade of so many frames of the higher rate if one is wanted; returns how many are left of the one
    /// under way. No more than those may be given to [`Self::process`] before this is called again.
    pub(super) fn frames_to_fade(&mut self, total: usize) -> Option<usize> {
        if self.fade.is_none() && self.wanted != self.curve {
            self.fade = Some(Fade { to: self.wanted, done: 0, total });
        }
        self.fade.map(|fade| fade.total - fade.done)
    }

    /// Shapes frames of the higher rate in place, up to [`MOST`].
    pub(super) fn process(&mut self, frames: &mut [Frame]) {
        let Some(last) = frames.last().copied() else { return };
        if let Some(fade) = &mut self.fade {
            let [means, coming] = &mut self.means;
            run(self.curve, self.before, frames, means);
            run(fade.to, self.before, frames, coming);
            for (n, (mean, coming)) in means.iter_mut().zip(coming).take(frames.len()).enumerate() {
                let t = (fade.done + n + 1) as f64 / fade.total as f64;
                *mean = [0, 1].map(|lane| mean[lane] + t * (coming[lane] - mean[lane]));
            }
            fade.done += frames.len();
            if fade.done >= fade.total {
                self.curve = fade.to;
                self.fade = None;
            }
            self.restore.process(means, frames);
        } else {
            self.restore.shape(self.curve, self.before, frames, &mut self.means[0]);
        }
        self.before = last;
    }
}

/// Means of a curve between each frame and the one before it.
fn run(curve: Curve, before: Frame, frames: &[Frame], means: &mut [Frame]) {
    Isa::detect().run(Means { curve, before, frames, means });
}

/// [`run_of`] the curve.
struct Means<'a> {
    curve: Curve,
    before: Frame,
    frames: &'a [Frame],
    means: &'a mut [Frame],
}

impl Kernel for Means<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self) {
        with_law!(self.curve, law => run_of::<S::F64, _>(law, self.before, self.frames, self.means));
    }
}

#[inline(always)]
fn run_of<V: F64x4, L: Law>(law: L, before: Frame, frames: &[Frame], means: &mut [Frame]) {
    let twice = |[l, r]: Frame| [l, r, l, r];
    let mut x_before = V::load(&twice(before));
    let mut aux_before = law.aux(x_before);
    let (pairs, odd) = frames.as_flattened().as_chunks::<4>();
    let (out, _) = means.as_flattened_mut().as_chunks_mut::<4>();
    for (pair, out) in pairs.iter().zip(&mut *out) {
        let x = V::load(pair);
        let aux = law.aux(x);
        law.mean(x, aux, x.delayed(x_before), aux.delayed(aux_before)).store(out);
        (x_before, aux_before) = (x, aux);
    }
    if let ([l, r], Some(out)) = (odd, out.get_mut(pairs.len())) {
        let x = V::load(&twice([*l, *r]));
        let aux = law.aux(x);
        law.mean(x, aux, x.delayed(x_before), aux.delayed(aux_before)).store(out);
    }
}

/// (1 + ρ)/(1 + ρ·z⁻¹), as (1 + ρ)·(1 − ρ·z⁻¹)/(1 − ρ²·z⁻²): a frame waits for the last but one only, so that two
/// are worked on at once.
#[derive(Clone, Copy, Debug, Default)]
struct Restore {
    mean_before: Frame,
    /// The last but one and the last.
    out_before: [Frame; 2],
}

/// [`Restore::process_of`].
struct Process<'a>(&'a mut Restore, &'a [Frame], &'a mut [Frame]);

impl Kernel for Process<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self) {
        self.0.process_of::<S::F64>(self.1, self.2);
    }
}

/// [`Restore::shape_of`] the curve.
struct Shape<'a> {
    restore: &'a mut Restore,
    curve: Curve,
    before: Frame,
    frames: &'a mut [Frame],
}

impl Kernel for Shape<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self) {
        with_law!(self.curve, law => self.restore.shape_of::<S::F64, _>(law, self.before, self.frames));
    }
}

impl Restore {
    /// What came out last.
    #[inline(always)]
    fn last_two<V: F64x4>(&self) -> V {
        let [[a, b], [c, d]] = self.out_before;
        V::load(&[a, b, c, d])
    }

    /// `means` has a frame more than `out`.
    fn process(&mut self, means: &[Frame], out: &mut [Frame]) {
        Isa::detect().run(Process(self, means, out));
    }

    #[inline(always)]
    fn process_of<V: F64x4>(&mut self, means: &[Frame], out: &mut [Frame]) {
        let [l, r] = self.mean_before;
        let (mut before, mut last_two) = (V::load(&[0.0, 0.0, l, r]), self.last_two::<V>());
        let (pairs, odd) = out.as_flattened_mut().as_chunks_mut::<4>();
        let (means, _) = means.as_flattened().as_chunks::<4>();
        for (pair, mean) in pairs.iter_mut().zip(means) {
            let mean = V::load(mean);
            last_two = restored(mean, before, last_two);
            last_two.store(pair);
            before = mean;
        }
        let (mut mean_then, mut out_then) = ([0.0; 4], [0.0; 4]);
        before.store(&mut mean_then);
        last_two.store(&mut out_then);
        if let ([l, r], Some(mean)) = (odd, means.get(pairs.len())) {
            let mut now = [0.0; 4];
            restored(V::load(mean), before, last_two).store(&mut now);
            (*l, *r) = (now[0], now[1]);
            mean_then = [0.0, 0.0, mean[0], mean[1]];
            out_then = [out_then[2], out_then[3], now[0], now[1]];
        }
        self.mean_before = [mean_then[2], mean_then[3]];
        self.out_before = [[out_then[0], out_then[1]], [out_then[2], out_then[3]]];
    }
}

impl Restore {
    /// Means of a curve and what follows, in place: in one go where there are registers for both, which is to the bit
    /// what one after the other gives.
    fn shape(&mut self, curve: Curve, before: Frame, frames: &mut [Frame], means: &mut [Frame]) {
        if !with_law!(curve, law => is_small(law)) {
            run(curve, before, frames, means);
            return self.process(means, frames);
        }
        Isa::detect().run(Shape { restore: self, curve, before, frames });
    }

    #[inline(always)]
    fn shape_of<V: F64x4, L: Law>(&mut self, law: L, x_before: Frame, frames: &mut [Frame]) {
        let ([x_left, x_right], [l, r]) = (x_before, self.mean_before);
        let (mut x_before, mut before, mut last_two) =
            (V::load(&[0.0, 0.0, x_left, x_right]), V::load(&[0.0, 0.0, l, r]), self.last_two::<V>());
        let mut aux_before = law.aux(x_before);
        let (pairs, odd) = frames.as_flattened_mut().as_chunks_mut::<4>();
        for pair in pairs {
            let x = V::load(pair);
            let aux = law.aux(x);
            let mean = law.mean(x, aux, x.delayed(x_before), aux.delayed(aux_before));
            last_two = restored(mean, before, last_two);
            last_two.store(pair);
            (x_before, aux_before, before) = (x, aux, mean);
        }
        let (mut mean_then, mut out_then) = ([0.0; 4], [0.0; 4]);
        before.store(&mut mean_then);
        last_two.store(&mut out_then);
        if let [left, right] = odd {
            let (mut mean_now, mut now) = ([0.0; 4], [0.0; 4]);
            let x = V::load(&[*left, *right, *left, *right]);
            let aux = law.aux(x);
            let mean = law.mean(x, aux, x.delayed(x_before), aux.delayed(aux_before));
            mean.store(&mut mean_now);
            restored(mean, before, last_two).store(&mut now);
            (*left, *right) = (now[0], now[1]);
            mean_then = [0.0, 0.0, mean_now[0], mean_now[1]];
            out_then = [out_then[2], out_then[3], now[0], now[1]];
        }
        self.mean_before = [mean_then[2], mean_then[3]];
        self.out_before = [[out_then[0], out_then[1]], [out_then[2], out_then[3]]];
    }
}

fn is_small<L: Law>(_: L) -> bool {
    L::IS_SMALL
}

/// Two frames of means, those before and the two that came out last: the next two.
#[inline(always)]
fn restored<V: F64x4>(mean: V, before: V, last_two: V) -> V {
    let (gain, zero, pole) = (1.0 + RHO, -(1.0 + RHO) * RHO, RHO * RHO);
    last_two.mul_add(V::splat(pole), mean.delayed(before).mul_add(V::splat(zero), mean.mul(V::splat(gain))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use plumb_signals::Noise;

    #[test]
    fn both_instruction_sets_shape_alike() {
        let frames = Noise::new(1).stereo(6.0, 101);
        for curve in Curve::ALL {
            let (mut plain, mut avx) = ([[0.0; 2]; 102], [[0.0; 2]; 102]);
            with_law!(*curve, law => run_of::<[f64; 4], _>(law, [0.1, -0.3], &frames, &mut plain));
            run(*curve, [0.1, -0.3], &frames, &mut avx);
            for (a, b) in plain.iter().zip(avx).take(101) {
                // 1e-11: roundings, over the nearest distance of two samples here.
                assert!((a[0] - b[0]).abs() < 1e-11 && (a[1] - b[1]).abs() < 1e-11, "{curve:?}: {a:?} {b:?}");
            }
        }
    }

    #[test]
    fn in_one_go_is_one_after_the_other() {
        for curve in Curve::ALL {
            let (mut once, mut apart, mut before) = (Restore::default(), Restore::default(), [0.0; 2]);
            for count in [1, 2, 7, 64, 31, 256] {
                let mut frames = Noise::new(count as u64).stereo(6.0, count);
                let (mut expected, mut means) = (frames.clone(), vec![[0.0; 2]; count + 1]);
                let last = frames[count - 1];
                with_law!(*curve, law => run_of::<[f64; 4], _>(law, before, &frames, &mut means));
                apart.process_of::<[f64; 4]>(&means, &mut expected);
                with_law!(*curve, law => once.shape_of::<[f64; 4], _>(law, before, &mut frames));
                before = last;
                assert_eq!(frames, expected, "{curve:?}, {count} frames");
            }
        }
    }

    #[test]
    fn what_the_mean_takes_of_the_top_is_given_back() {
        for (times, limit_db) in [(1.0, 0.5), (2.0, 0.05), (4.0, 0.01), (8.0, 0.01)] {
            let (mut restore, mut worst) = (Restore::default(), 0.0_f64);
            let pulse: Vec<Frame> = (0..600).map(|n| [if n < 2 { 0.5 } else { 0.0 }, 0.0]).collect();
            let mut out = vec![[0.0; 2]; 600];
            restore.process(&pulse, &mut out[..599]);
            for freq_hz in (1..=200).map(|n| 100.0 * f64::from(n)) {
                let w = core::f64::consts::TAU * freq_hz / (44_100.0 * times);
                let sum = |f: fn(f64) -> f64| out.iter().enumerate().map(|(n, y)| y[0] * f(w * n as f64)).sum::<f64>();
                worst = worst.max(crate::units::gain_to_db(sum(f64::cos).hypot(sum(f64::sin))).abs());
            }
            eprintln!("{times}×: mean and what follows are within {worst:.4} dB up to 20 kHz");
            assert!(worst < limit_db);
        }
    }
}

//! The filter of a de-esser: one state-variable filter both detects the sibilant band and reduces it.
//!
//! Source of the filter: A. Simper, "Solving the continuous SVF equations using trapezoidal integration and equivalent
//! currents" (Cytomic, 2013); names as there. Its three outputs add up to the input, x = low + k·band + high. With the
//! band's gain G the output is low + √G·k·band + G·high, which is D(√G·s) / D(s) with D = s² + k s + 1: a shelf of
//! second order with fixed poles. It has no bump, its states do not depend on the gain (so the gain may move at any
//! frame), and it removes (1 − √G)·k·band + (1 − G)·high: nothing at G = 1.

use crate::Frame;
use crate::filter::MAX_FREQ_NORM;
use crate::filter::pairwise::Pairwise;
use crate::smooth::{CONTROL_FRAMES, RAMP_MS};
use crate::units::{db_to_gain, gain_to_db, ms_to_frames};
use core::f64::consts::{PI, SQRT_2};

/// 1/Q of a Butterworth filter: no bump in front of the detector.
const K: f64 = SQRT_2;

/// What the filter runs on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Coeffs {
    a1: f64,
    a2: f64,
    a3: f64,
}

impl Coeffs {
    #[inline(always)]
    fn of(g: f64) -> Self {
        let a1 = 1.0 / (1.0 + g * (g + K));
        Self { a1, a2: g * a1, a3: g * g * a1 }
    }
}

/// Bilinear-warped frequency.
fn warped(freq_hz: f64, sample_rate_hz: f64) -> f64 {
    (PI * (freq_hz / sample_rate_hz).min(MAX_FREQ_NORM)).tan()
}

/// The upper parts of the frames of a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Parts {
    /// Around the frequency.
    pub(super) middle: [Frame; CONTROL_FRAMES],
    /// Above it, 12 dB per octave: the sibilant band.
    pub(super) high: [Frame; CONTROL_FRAMES],
}

impl Parts {
    pub(super) const SILENT: Self = Self { middle: [[0.0; 2]; CONTROL_FRAMES], high: [[0.0; 2]; CONTROL_FRAMES] };
}

/// What the filter remembers.
#[derive(Clone, Copy, Debug, PartialEq)]
struct State {
    ic1eq: Frame,
    ic2eq: Frame,
}

impl State {
    /// One frame; returns the part around the frequency and the one above it.
    #[inline(always)]
    fn tick(&mut self, c: &Coeffs, x: Frame) -> [Frame; 2] {
        let (mut middle, mut high) = ([0.0; 2], [0.0; 2]);
        for (ch, x) in x.into_iter().enumerate() {
            let (ic1eq, ic2eq) = (self.ic1eq[ch], self.ic2eq[ch]);
            let v3 = x - ic2eq;
            let v1 = c.a1 * ic1eq + c.a2 * v3;
            let v2 = (ic2eq + c.a2 * ic1eq) + c.a3 * v3;
            // 2·v − ic, written out so that few operations lie between a state and the next.
            self.ic1eq[ch] = (2.0 * c.a1 - 1.0) * ic1eq + 2.0 * c.a2 * v3;
            self.ic2eq[ch] = (ic2eq + 2.0 * c.a2 * ic1eq) + 2.0 * c.a3 * v3;
            middle[ch] = K * v1;
            high[ch] = x - middle[ch] - v2;
        }
        [middle, high]
    }
}

/// The filter, whose frequency glides in 20 ms in equal ratios.
#[derive(Clone, Copy, Debug)]
pub(super) struct Glide {
    freq_hz: f64,
    sample_rate_hz: f64,
    g: f64,
    target: f64,
    ratio: f64,
    left: u32,
    /// Until the control tick after the frequency has arrived.
    gliding: bool,
    filter: Pairwise<2>,
}

impl Glide {
    pub(super) fn new(freq_hz: f64, sample_rate_hz: f64) -> Self {
        let g = warped(freq_hz, sample_rate_hz);
        let filter = Pairwise::new();
        let mut new = Self { freq_hz, sample_rate_hz, g, target: g, ratio: 1.0, left: 0, gliding: false, filter };
        new.design();
        new
    }

    pub(super) fn set(&mut self, freq_hz: f64) {
        if freq_hz == self.freq_hz {
            return;
        }
        self.freq_hz = freq_hz;
        self.target = warped(freq_hz, self.sample_rate_hz);
        let frames = ms_to_frames(RAMP_MS, self.sample_rate_hz).round().max(1.0);
        self.left = frames as u32;
        self.gliding = true;
        self.ratio = (self.target / self.g).powf(1.0 / frames);
    }

    /// Filters a run of up to [`CONTROL_FRAMES`] while the frequency glides.
    #[inline(always)]
    pub(super) fn run(&mut self, input: &[Frame], parts: &mut Parts) {
        let (middle, high) = (&mut parts.middle[..input.len()], &mut parts.high[..input.len()]);
        if !self.gliding {
            high.copy_from_slice(input);
            return self.filter.process(high, middle);
        }
        // The recursion of the frequency, without a division ...
        let mut g = [self.g; CONTROL_FRAMES];
        for g in g.iter_mut().take(input.len()) {
            if self.left > 0 {
                self.left -= 1;
                self.g = if self.left == 0 { self.target } else { self.g * self.ratio };
            }
            *g = self.g;
        }
        // ... then the divisions, vectorised.
        let mut coeffs = [Coeffs::of(self.g); CONTROL_FRAMES];
        coeffs.iter_mut().zip(g).for_each(|(coeffs, g)| *coeffs = Coeffs::of(g));
        let [ic1eq, ic2eq] = *self.filter.state();
        let mut state = State { ic1eq, ic2eq };
        for ((x, (middle, high)), coeffs) in input.iter().zip(middle.iter_mut().zip(high)).zip(&coeffs) {
            [*middle, *high] = state.tick(coeffs, *x);
        }
        *self.filter.state() = [state.ic1eq, state.ic2eq];
    }

    /// A control tick: a frequency that has arrived settles.
    pub(super) fn control(&mut self) {
        if self.gliding && self.left == 0 {
            self.gliding = false;
            self.design();
        }
    }

    /// Designs the filter for the present frequency.
    fn design(&mut self) {
        let Coeffs { a1, a2, a3 } = Coeffs::of(self.g);
        // [`State::tick`], multiplied out.
        let high = [-(K * a1 + a2), K * a2 + a3 - 1.0, 1.0 - K * a2 - a3];
        self.filter.set([2.0 * a1 - 1.0, 2.0 * a2, 2.0 * a3], [high, [K * a1, -K * a2, K * a2]]);
    }
}

/// Gain in dB at a frequency of the split-band de-esser that splits at `split_hz`, at a reduction of `reduction_db`: for
/// the editor.
#[must_use]
pub fn gain_db_at(freq_hz: f64, split_hz: f64, reduction_db: f64, sample_rate_hz: f64) -> f64 {
    let w = warped(freq_hz, sample_rate_hz) / warped(split_hz, sample_rate_hz);
    let size = |w: f64| (1.0 - w * w).hypot(K * w);
    gain_to_db(size(w * db_to_gain(-reduction_db / 2.0)) / size(w))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_a_shelf_without_a_bump() {
        for rate in [44_100.0, 192_000.0] {
            for reduction_db in [3.0, 6.0, 24.0] {
                let at = |freq_hz: f64| gain_db_at(freq_hz, 6500.0, reduction_db, rate);
                let curve: Vec<f64> = (0..200).map(|n| at(10.0 * 1.04_f64.powi(n))).collect();
                assert!(curve.windows(2).all(|pair| pair[1] <= pair[0] + 1e-12), "falls all the way");
                assert!(at(650.0) > -0.001, "a decade below: {}", at(650.0));
                assert!((at(MAX_FREQ_NORM * rate) + reduction_db).abs() < 0.3, "all of it at the top");
            }
        }
    }

    #[test]
    fn its_parts_hold_what_they_should() {
        // 12 dB per octave: two octaves below the corner −24 dB, at it −3 dB.
        let rate = 192_000.0;
        for (freq_hz, expected_db) in [(1000.0, -24.08), (4000.0, -3.01), (16_000.0, -0.02)] {
            let (mut glide, mut parts, mut high) = (Glide::new(4000.0, rate), Parts::SILENT, Vec::new());
            for run in plumb_signals::both(&plumb_signals::sine(freq_hz, 0.0, 0.2, rate)).chunks(CONTROL_FRAMES) {
                glide.run(run, &mut parts);
                high.extend(parts.high[..run.len()].iter().map(|frame| frame[0]));
            }
            let gain_db = plumb_signals::tone_db(&high[9600..], freq_hz, rate);
            // 0.05 dB: the bilinear transform's warping at a twelfth of the rate.
            assert!((gain_db - expected_db).abs() < 0.05, "{freq_hz} Hz: {gain_db}");
        }
    }

    #[test]
    fn at_rest_it_is_one_frame_after_the_other() {
        let (mut glide, mut parts, mut worst) = (Glide::new(9000.0, 48_000.0), Parts::SILENT, 0.0_f64);
        let (coeffs, mut state) = (Coeffs::of(glide.g), State { ic1eq: [0.0; 2], ic2eq: [0.0; 2] });
        for run in plumb_signals::Noise::new(5).stereo(0.0, 20_000).chunks(29) {
            glide.run(run, &mut parts);
            for (n, x) in run.iter().enumerate() {
                let [middle, high] = state.tick(&coeffs, *x);
                for ch in 0..2 {
                    worst = worst.max((parts.middle[n][ch] - middle[ch]).abs());
                    worst = worst.max((parts.high[n][ch] - high[ch]).abs());
                }
            }
        }
        eprintln!("two frames at a time: {worst:.1e} off at most");
        // Roundings.
        assert!(worst < 1e-14, "{worst}");
    }
}

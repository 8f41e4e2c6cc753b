//! Where the bands meet: Linkwitz–Riley crossovers of 24 dB per octave as designs, and their frequencies in motion.
//!
//! Source: S. H. Linkwitz, "Active Crossover Networks for Noncoincident Drivers", J. Audio Eng. Soc. 24 (1976), the
//! network by R. Riley. Its low band is a Butterworth low pass twice, and low and high add up to the all-pass with the
//! poles of one Butterworth filter, so the high band is that all-pass less the low band: the sum is all-pass to the
//! last bit whatever the coefficients do, and two filters make what would take four.
//!
//! An unused crossover glides up to the Nyquist frequency, where its all-pass is inaudible, and a little further, where
//! it is removed. So bands are added and removed, and the whole is switched on and off, without a crossfade between
//! signals of different phase, whose level would dip.

use super::settings::{Bands, MAX_CROSSOVERS, Settings};
use crate::filter::MAX_FREQ_NORM;
use crate::filter::prototype::{Prototype, Shape};
use crate::filter::response::Response;
use crate::filter::svf::Coeffs;
use crate::smooth::{CONTROL_FRAMES, RAMP_MS};
use crate::spec::UNPREPARED_RATE_HZ;
use crate::units::ms_to_frames;
use core::f64::consts::FRAC_1_SQRT_2;

/// Least distance between two crossovers.
pub const SPACING_OCTAVES: f64 = 1.0 / 3.0;
/// How far beyond the highest frequency a crossover glides before it is taken out.
const OUT_OCTAVES: f64 = 1.0;

/// One crossover's filters.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Crossover {
    low_pass: Coeffs,
    all_pass: Coeffs,
}

impl Crossover {
    fn design(freq_hz: f64, sample_rate_hz: f64) -> Self {
        let filter = |shape| Coeffs::design(Prototype::new(shape, freq_hz, FRAC_1_SQRT_2), sample_rate_hz);
        Self { low_pass: filter(Shape::HighCut), all_pass: filter(Shape::AllPass) }
    }
}

impl Settings {
    /// The crossovers in effect at a sample rate, one fewer than bands: each at least a third of an octave above the one
    /// below, and all below the Nyquist frequency.
    #[must_use]
    pub fn heard_crossovers_hz(&self, sample_rate_hz: f64) -> [f64; MAX_CROSSOVERS] {
        ordered(&self.clamped(), sample_rate_hz)
    }

    /// Responses of the crossovers at a sample rate: the design that the audio runs on.
    #[must_use]
    pub fn responses(&self, sample_rate_hz: f64) -> Responses {
        Responses::new(&self.clamped(), sample_rate_hz)
    }
}

/// Frequency response of the crossovers, for the editor.
#[derive(Clone, Debug, PartialEq)]
pub struct Responses {
    crossovers: [Crossover; MAX_CROSSOVERS],
    count: usize,
    sample_rate_hz: f64,
}

impl Responses {
    fn new(settings: &Settings, sample_rate_hz: f64) -> Self {
        let crossovers = ordered(settings, sample_rate_hz).map(|hz| Crossover::design(hz, sample_rate_hz));
        Self { crossovers, count: settings.bands.count() - 1, sample_rate_hz }
    }

    /// Complex gain from the input to a band, from the lowest (0) on, before dynamics.
    #[must_use]
    pub fn band(&self, place: usize, freq_hz: f64) -> Response {
        let mut through = Response::UNITY;
        for (n, crossover) in self.crossovers[..self.count].iter().enumerate() {
            let [low_pass, all_pass] =
                [crossover.low_pass, crossover.all_pass].map(|filter| filter.response(freq_hz, self.sample_rate_hz));
            let low = low_pass.then(low_pass);
            through = through.then(match n {
                n if n < place => Response { re: all_pass.re - low.re, im: all_pass.im - low.im },
                n if n == place => low,
                _ => all_pass,
            });
        }
        through
    }

    /// Level of a band in dB, from the lowest (0) on, before dynamics.
    #[must_use]
    pub fn band_db_at(&self, place: usize, freq_hz: f64) -> f64 {
        self.band(place, freq_hz).gain_db()
    }

    /// Complex gain of all bands together, each with its own linear gain: the response as it is now.
    #[must_use]
    pub fn sum(&self, gains: &[f64], freq_hz: f64) -> Response {
        let mut sum = Response { re: 0.0, im: 0.0 };
        for (place, gain) in gains.iter().enumerate().take(self.count + 1) {
            let band = self.band(place, freq_hz);
            sum = Response { re: sum.re + gain * band.re, im: sum.im + gain * band.im };
        }
        sum
    }
}

/// Highest frequency of a crossover.
fn top_hz(sample_rate_hz: f64) -> f64 {
    MAX_FREQ_NORM * sample_rate_hz
}

/// Crossovers in order: from low to high each keeps its distance from the one below, then all keep below the top.
fn ordered(settings: &Settings, sample_rate_hz: f64) -> [f64; MAX_CROSSOVERS] {
    let count = settings.bands.count() - 1;
    let mut ordered_hz = settings.crossovers_hz;
    let mut lowest_hz = 0.0_f64;
    for (n, hz) in ordered_hz.iter_mut().enumerate() {
        *hz = hz.max(lowest_hz);
        lowest_hz = *hz * SPACING_OCTAVES.exp2();
        let above = count.saturating_sub(n + 1) as f64;
        *hz = hz.min(top_hz(sample_rate_hz) * (-above * SPACING_OCTAVES).exp2());
    }
    ordered_hz
}

/// Coefficients of one crossover: a, b1 and b2 of [`crate::filter::section`], and its share.
pub(super) type Numbers = [f64; 4];

/// One crossover within a control step.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Step {
    /// At its start.
    pub(super) numbers: Numbers,
    /// Added every frame.
    pub(super) each: Numbers,
}

/// All crossovers, gliding together: between two orders that keep their distances, so does every position on the way.
#[derive(Clone, Debug)]
pub(super) struct Crossovers {
    sample_rate_hz: f64,
    /// Settings of the present targets.
    asked: Option<(bool, Bands, [f64; MAX_CROSSOVERS], f64)>,
    /// log2 of the frequencies in Hz; beyond the top while removed.
    place: [f64; MAX_CROSSOVERS],
    target: [f64; MAX_CROSSOVERS],
    each: [f64; MAX_CROSSOVERS],
    /// Control steps to go.
    left: u32,
    /// Coefficients at those places.
    now: [Numbers; MAX_CROSSOVERS],
    steps: [Step; MAX_CROSSOVERS],
    count: usize,
    moving: bool,
}

impl Crossovers {
    pub(super) fn new(settings: &Settings) -> Self {
        let mut crossovers = Self {
            sample_rate_hz: UNPREPARED_RATE_HZ,
            asked: None,
            place: [0.0; MAX_CROSSOVERS],
            target: [0.0; MAX_CROSSOVERS],
            each: [0.0; MAX_CROSSOVERS],
            left: 0,
            now: [[0.0; 4]; MAX_CROSSOVERS],
            steps: [Step::default(); MAX_CROSSOVERS],
            count: 0,
            moving: false,
        };
        crossovers.prepare(UNPREPARED_RATE_HZ, settings);
        crossovers
    }

    pub(super) fn prepare(&mut self, sample_rate_hz: f64, settings: &Settings) {
        self.sample_rate_hz = sample_rate_hz;
        self.set(settings);
        self.reset();
    }

    /// Settles on the targets.
    pub(super) fn reset(&mut self) {
        self.place = self.target;
        self.left = 0;
        self.now = core::array::from_fn(|n| self.numbers(n));
        self.steps = self.now.map(|numbers| Step { numbers, each: [0.0; 4] });
        self.count = self.count_in_place();
        self.moving = false;
    }

    /// New targets.
    pub(super) fn set(&mut self, settings: &Settings) {
        let asked = Some((settings.on, settings.bands, settings.crossovers_hz, self.sample_rate_hz));
        if core::mem::replace(&mut self.asked, asked) == asked {
            return;
        }
        let out = self.out();
        let ordered_hz = ordered(settings, self.sample_rate_hz);
        let wanted = if settings.on { settings.bands.count() - 1 } else { 0 };
        let target =
            core::array::from_fn(|n| if n < wanted { ordered_hz[n].log2() } else { out + n as f64 * SPACING_OCTAVES });
        if target != self.target {
            self.target = target;
            let steps = (ms_to_frames(RAMP_MS, self.sample_rate_hz) / CONTROL_FRAMES as f64).round().max(1.0);
            self.left = steps as u32;
            self.each = core::array::from_fn(|n| (target[n] - self.place[n]) / steps);
        }
    }

    /// Begins a control step.
    pub(super) fn step(&mut self) {
        if !self.moving && self.left == 0 {
            return;
        }
        let before = self.count_in_place();
        self.moving = self.left > 0;
        self.left = self.left.saturating_sub(1);
        for n in 0..MAX_CROSSOVERS {
            let (from, was) = (self.now[n], self.place[n]);
            self.place[n] = if self.left == 0 { self.target[n] } else { was + self.each[n] };
            if self.place[n] != was {
                self.now[n] = self.numbers(n);
            }
            let to = self.now[n];
            self.steps[n] =
                Step { numbers: from, each: core::array::from_fn(|i| (to[i] - from[i]) / CONTROL_FRAMES as f64) };
        }
        self.count = before.max(self.count_in_place());
    }

    /// The crossovers in use in this control step, from the lowest on.
    pub(super) fn steps(&self) -> &[Step] {
        &self.steps[..self.count]
    }

    /// Whether any of them moves in this control step.
    pub(super) fn are_moving(&self) -> bool {
        self.moving
    }

    /// Whether all are removed, and stay so.
    pub(super) fn are_out(&self) -> bool {
        !self.moving && self.left == 0 && self.count == 0
    }

    /// Present frequencies in Hz of those in use.
    #[cfg(test)]
    pub(super) fn now_hz(&self) -> Vec<f64> {
        self.place[..self.count].iter().map(|place| place.exp2()).collect()
    }

    /// Where a crossover is removed. Those further up keep their distances there, to return in order.
    fn out(&self) -> f64 {
        top_hz(self.sample_rate_hz).log2() + OUT_OCTAVES
    }

    fn count_in_place(&self) -> usize {
        let out = self.out();
        self.place.iter().take_while(|place| **place < out).count()
    }

    fn numbers(&self, n: usize) -> Numbers {
        let heard = ((self.out() - self.place[n]) / OUT_OCTAVES).clamp(0.0, 1.0);
        let [a, b1, b2, ..] = Crossover::design(self.place[n].exp2(), self.sample_rate_hz).low_pass.state_space();
        [a, b1, b2, heard]
    }
}

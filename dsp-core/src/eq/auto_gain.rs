//! Auto gain: keeps the loudness while bands move, computed from the curve alone.
//!
//! Music is taken as pink noise, equal in both channels and in mid and side, with K-weighting (ITU-R BS.1770): the gain
//! undoes what the curve does to that power, over third-octave points. The signal is not measured, so the gain is static
//! when the bands are.

use super::band::{Band, Target};
use crate::Frame;
use crate::filter::prototype::{Analogue, Prototype};
use crate::meter::k_weighting;
use crate::smooth::{CONTROL_FRAMES, Smoothed};
use crate::units::{db_to_gain, power_to_db};

/// Third-octave points, 20 Hz to 20 kHz.
const POINTS: usize = 31;
/// Left and right, mid and side.
const PARTS: usize = 4;
/// Largest correction, in dB either way: a curve that removes everything is not compensated.
const MAX_GAIN_DB: f64 = 30.0;

fn point_hz(point: usize) -> f64 {
    1000.0 * 10.0_f64.powf((point as f64 - 17.0) / 10.0)
}

/// Squared magnitude of an analogue filter.
fn power_at(Analogue { num, den }: Analogue, w: f64) -> f64 {
    let size = |c: [f64; 3]| (c[0] - c[2] * w * w).powi(2) + (c[1] * w).powi(2);
    size(num) / size(den)
}

/// The gain, and the progress of the sum behind it: one prototype per control step, so that none costs much.
#[derive(Clone, Debug)]
pub(super) struct AutoGain {
    /// Weight of each point in the loudness; they add up to 1.
    weights: [f64; POINTS],
    /// Power of each part behind the prototypes so far.
    powers: [[f64; POINTS]; PARTS],
    /// The next band and prototype; none if there is nothing to do.
    next: Option<(usize, usize)>,
    /// Whether bands have changed since the sum started.
    stale: bool,
    gain_db: Smoothed,
    /// Linear gain at the start and at the end of this control step.
    now: [f64; 2],
}

impl AutoGain {
    pub(super) fn new() -> Self {
        Self {
            weights: [1.0 / POINTS as f64; POINTS],
            powers: [[1.0; POINTS]; PARTS],
            next: None,
            stale: false,
            gain_db: Smoothed::new(0.0),
            now: [1.0; 2],
        }
    }

    /// Learns the sample rate; to be followed by a reset.
    pub(super) fn prepare(&mut self, sample_rate_hz: f64) {
        self.gain_db.prepare(sample_rate_hz);
        let weighting = k_weighting::Coeffs::design(sample_rate_hz);
        let mut sum = 0.0;
        for (point, weight) in self.weights.iter_mut().enumerate() {
            let freq_hz = point_hz(point);
            let counts = point == 0 || freq_hz < 0.5 * sample_rate_hz;
            *weight = if counts { db_to_gain(2.0 * weighting.gain_db_at(freq_hz, sample_rate_hz)) } else { 0.0 };
            sum += *weight;
        }
        self.weights.iter_mut().for_each(|weight| *weight /= sum);
    }

    /// Settles on the gain for these bands.
    pub(super) fn reset(&mut self, on: bool, bands: &[Band]) {
        (self.next, self.stale) = (None, on);
        self.gain_db.set(0.0);
        while self.is_summing() {
            self.sum(bands);
        }
        self.gain_db.reset();
        self.now = [db_to_gain(self.gain_db.value()); 2];
    }

    /// Bands have changed, or it is switched.
    pub(super) fn touch(&mut self, on: bool) {
        self.stale = on;
        if !on {
            self.next = None;
            self.gain_db.set(0.0);
        }
    }

    /// Whether it has sums to do, and needs the bands for them.
    pub(super) fn is_summing(&self) -> bool {
        self.stale || self.next.is_some()
    }

    /// Whether the next control steps have nothing to do.
    pub(super) fn is_settled(&self) -> bool {
        !self.is_summing() && self.gain_db.is_settled() && self.now[0] == self.now[1]
    }

    /// The control step, due every [`CONTROL_FRAMES`] before the frames that follow.
    pub(super) fn control(&mut self) {
        self.now[0] = self.now[1];
        if !self.gain_db.is_settled() {
            self.now[1] = db_to_gain(self.gain_db.skip(CONTROL_FRAMES));
        }
    }

    /// Adds one prototype to the sum; after the last one, ramps to the new gain.
    pub(super) fn sum(&mut self, bands: &[Band]) {
        let (index, prototype) = self.next.unwrap_or_else(|| {
            self.stale = false;
            self.powers = [[1.0; POINTS]; PARTS];
            (0, 0)
        });
        let Some(index) = (index..bands.len()).find(|&index| bands[index].on) else {
            self.next = None;
            self.gain_db.set(self.wanted_db());
            return;
        };
        let (band, all) = (bands[index], bands[index].prototypes());
        if let Some(prototype) = all.list().get(prototype) {
            self.add(band.target, prototype);
        }
        self.next = Some(if prototype + 1 < all.list().len() { (index, prototype + 1) } else { (index + 1, 0) });
    }

    fn add(&mut self, target: Target, prototype: &Prototype) {
        let parts = match target {
            Target::Stereo => [0, 1],
            Target::Left => [0, 0],
            Target::Right => [1, 1],
            Target::Mid => [2, 2],
            Target::Side => [3, 3],
        };
        let analogue = prototype.analogue();
        for point in 0..POINTS {
            let power = power_at(analogue, point_hz(point) / prototype.freq_hz);
            self.powers[parts[0]][point] *= power;
            if parts[1] != parts[0] {
                self.powers[parts[1]][point] *= power;
            }
        }
    }

    /// The gain that undoes the change of power.
    fn wanted_db(&self) -> f64 {
        let [l, r, m, s] = &self.powers;
        let change: f64 =
            (0..POINTS).map(|point| self.weights[point] * (0.25 * (l[point] + r[point]) * (m[point] + s[point]))).sum();
        (-power_to_db(change)).clamp(-MAX_GAIN_DB, MAX_GAIN_DB)
    }

    /// Whether it changes no bit.
    pub(super) fn is_unity(&self) -> bool {
        self.now == [1.0; 2]
    }

    /// Applies the gain, up to the next control step or beyond if it is settled.
    pub(super) fn run(&self, block: &mut [Frame], phase: usize) {
        let [from, to] = self.now;
        if from == to {
            if to != 1.0 {
                block.iter_mut().flatten().for_each(|x| *x *= to);
            }
            return;
        }
        for (at, frame) in (phase + 1..).zip(block) {
            let gain = from + (to - from) * (at as f64 / CONTROL_FRAMES as f64);
            *frame = frame.map(|x| x * gain);
        }
    }
}

//! Mono below: takes the side signal off below a corner, in phase with the mid.
//!
//! The side passes the high band of a Linkwitz–Riley crossover of 24 dB per octave, the mid the all-pass that both
//! bands of it have in common. So mid and side stay in phase at every frequency, and sources that are panned hard move
//! to the centre below the corner without smearing; the price is the all-pass, half a turn at the corner, in the mono
//! sum, whose level stays flat. A high-pass on the side alone would leave the mid untouched and turn the side against it
//! by up to a whole turn around the corner.
//!
//! Of the side −6 dB are left at the corner, −24.6 dB an octave below, −48.2 dB two octaves below.
//!
//! The high band is the all-pass less the low band (see [`crate::multiband`]), so the sum holds while the corner glides.
//! Off and on, the corner glides out below the audio and is faded there: a crossfade at the corner would cancel.
//!
//! Source: S. H. Linkwitz, "Active Crossover Networks for Noncoincident Drivers", J. Audio Eng. Soc. 24 (1976); filters
//! as in [`crate::filter::svf`].

use crate::Frame;
use crate::frame::{from_mid_side, to_mid_side};
use crate::smooth::Smoothed;
use core::f64::consts::{PI, SQRT_2};

/// Where the corner glides to when it is switched off, and the octaves above that in which it is faded.
const OUT_HZ: f64 = 4.0;
const FADE_OCTAVES: f64 = 1.0;

/// The running filters.
#[derive(Clone, Debug)]
pub(super) struct MonoBelow {
    sample_rate_hz: f64,
    /// log2 of the corner in Hz; log2 of [`OUT_HZ`] while off.
    corner: Smoothed,
    filter: Filter,
    /// Integrators of the first filter, for mid and side, and of the second one, for the side.
    first: [Frame; 2],
    second: [f64; 2],
}

/// One design: tan(π·corner/fs) as the numbers of [`crate::filter::section`], and the share of the filtered signal.
#[derive(Clone, Copy, Debug)]
struct Filter {
    a: f64,
    b1: f64,
    b2: f64,
    share: f64,
}

impl Filter {
    fn design(corner_log2: f64, sample_rate_hz: f64) -> Self {
        let g = (PI * corner_log2.exp2() / sample_rate_hz).tan();
        let a1 = 1.0 / (1.0 + g * (g + SQRT_2));
        let share = ((corner_log2 - OUT_HZ.log2()) / FADE_OCTAVES).clamp(0.0, 1.0);
        Self { a: 2.0 * a1 - 1.0, b1: 2.0 * g * a1, b2: 2.0 * g * g * a1, share }
    }

    /// One step of a Butterworth filter: low-pass and all-pass.
    #[inline(always)]
    fn tick(&self, x: f64, ic1eq: &mut f64, ic2eq: &mut f64) -> [f64; 2] {
        let u = x - *ic2eq;
        let band = self.a * *ic1eq + self.b1 * u;
        let low = *ic2eq + self.b1 * *ic1eq + self.b2 * u;
        // v2 and v1 of the paper are the means of the states before and after; the all-pass is x − 2·√2·v1.
        let out = [0.5 * (low + *ic2eq), x - SQRT_2 * (band + *ic1eq)];
        (*ic1eq, *ic2eq) = (band, low);
        out
    }
}

fn corner_log2(hz: f64) -> f64 {
    if hz > 0.0 { hz.log2() } else { OUT_HZ.log2() }
}

impl MonoBelow {
    /// Settled on a corner; 0 is off.
    pub(super) fn new(hz: f64, sample_rate_hz: f64) -> Self {
        let corner = corner_log2(hz);
        Self {
            sample_rate_hz,
            corner: Smoothed::new(corner),
            filter: Filter::design(corner, sample_rate_hz),
            first: [[0.0; 2]; 2],
            second: [0.0; 2],
        }
    }

    pub(super) fn prepare(&mut self, sample_rate_hz: f64) {
        self.sample_rate_hz = sample_rate_hz;
        self.corner.prepare(sample_rate_hz);
        self.reset();
    }

    /// Clears the state; settles on the corner.
    pub(super) fn reset(&mut self) {
        self.corner.reset();
        self.filter = Filter::design(self.corner.value(), self.sample_rate_hz);
        self.clear();
    }

    fn clear(&mut self) {
        (self.first, self.second) = ([[0.0; 2]; 2], [0.0; 2]);
    }

    /// A new corner; 0 is off.
    pub(super) fn set(&mut self, hz: f64) {
        if self.is_off() {
            self.clear();
        }
        self.corner.set(corner_log2(hz));
    }

    /// Whether it is off, the glide over.
    pub(super) fn is_off(&self) -> bool {
        self.corner.is_settled() && self.filter.share == 0.0
    }

    /// Filters finite frames in place, up to where it is off.
    pub(super) fn process(&mut self, block: &mut [Frame]) {
        for frame in block {
            if self.is_off() {
                return;
            }
            if !self.corner.is_settled() {
                self.filter = Filter::design(self.corner.tick(), self.sample_rate_hz);
            }
            let ([mid, side], filter) = (to_mid_side(*frame), self.filter);
            let [[m1, s1], [m2, s2]] = &mut self.first;
            let [_, mid_all] = filter.tick(mid, m1, m2);
            let [low, side_all] = filter.tick(side, s1, s2);
            let [ic1eq, ic2eq] = &mut self.second;
            let [low, _] = filter.tick(low, ic1eq, ic2eq);
            let fade = |dry: f64, wet: f64| dry + filter.share * (wet - dry);
            let wet = if filter.share == 1.0 {
                [mid_all, side_all - low]
            } else {
                [fade(mid, mid_all), fade(side, side_all - low)]
            };
            *frame = from_mid_side(wet);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::f64::consts::TAU;
    use plumb_signals::{both, sine};

    const RATES_HZ: [f64; 4] = [44_100.0, 48_000.0, 96_000.0, 192_000.0];

    /// Complex gains of mid and side at a frequency, by the transform of impulse responses.
    fn gains(hz: f64, freq_hz: f64, rate_hz: f64) -> [[f64; 2]; 2] {
        [[1.0, 1.0], [1.0, -1.0]].map(|impulse: Frame| {
            let mut mono = MonoBelow::new(hz, rate_hz);
            let mut block = vec![[0.0; 2]; (rate_hz * 0.5) as usize];
            block[0] = impulse;
            mono.process(&mut block);
            let [mut re, mut im] = [0.0; 2];
            for (n, frame) in block.iter().enumerate() {
                let (sin, cos) = (TAU * freq_hz * n as f64 / rate_hz).sin_cos();
                (re, im) = (re + frame[0] * cos, im - frame[0] * sin);
            }
            [re, im]
        })
    }

    fn db([re, im]: [f64; 2]) -> f64 {
        crate::units::gain_to_db(re.hypot(im))
    }

    #[test]
    fn side_falls_by_24_db_an_octave_and_the_mono_sum_stays_flat() {
        for rate_hz in RATES_HZ {
            for corner_hz in [20.0, 120.0, 500.0] {
                for (octaves, expected_db) in [(4.0, 0.0), (0.0, -6.02), (-1.0, -24.61), (-2.0, -48.18)] {
                    let freq_hz = corner_hz * f64::exp2(octaves);
                    let [mid, side] = gains(corner_hz, freq_hz, rate_hz);
                    if corner_hz == 120.0 && rate_hz == 48_000.0 {
                        eprintln!("{freq_hz} Hz: mid {:.4} dB, side {:.2} dB", db(mid), db(side));
                    }
                    assert!(db(mid).abs() < 0.01, "{corner_hz} Hz at {freq_hz}: mid {} dB", db(mid));
                    // 0.05 dB: the bilinear transform at 500 Hz.
                    assert!((db(side) - expected_db).abs() < 0.05, "{corner_hz} Hz at {freq_hz}: {} dB", db(side));
                }
            }
        }
    }

    #[test]
    fn mid_and_side_stay_in_phase() {
        for rate_hz in RATES_HZ {
            for n in 0..30 {
                let freq_hz = 20.0 * f64::exp2(f64::from(n) / 3.0);
                let [[mr, mi], [sr, si]] = gains(100.0, freq_hz, rate_hz);
                let turn = (mi * sr - mr * si).atan2(mr * sr + mi * si);
                // Roundings of impulse responses, of a side that is 55 dB down at 20 Hz.
                assert!(turn.abs() < 1e-6, "{freq_hz} Hz: {turn} rad");
            }
        }
    }

    #[test]
    fn gliding_does_not_click() {
        for freq_hz in [40.0, 110.0, 300.0] {
            let input: Vec<Frame> =
                both(&sine(freq_hz, -3.0, 1.0, 48_000.0)).iter().map(|[l, _]| [*l, 0.2 * l]).collect();
            let bend = |frames: &[Frame]| {
                frames.windows(3).fold(0.0, |most: f64, w| most.max((w[0][0] - 2.0 * w[1][0] + w[2][0]).abs()))
            };
            let (mut mono, mut out) = (MonoBelow::new(0.0, 48_000.0), input.clone());
            mono.prepare(48_000.0);
            for (block, hz) in out.chunks_mut(6000).zip([0.0, 120.0, 500.0, 20.0, 0.0, 250.0, 30.0, 0.0]) {
                mono.set(hz);
                mono.process(block);
            }
            eprintln!("{freq_hz} Hz: bends by {:.5}, by itself {:.5}", bend(&out), bend(&input));
            // A glide turns the phase within 20 ms: it bends no more than a tone of 400 Hz does. A click bends by 0.1.
            assert!(bend(&out) < bend(&input) + 2e-3, "{freq_hz} Hz: {}", bend(&out));
            assert!(mono.is_off());
        }
    }
}

//! Saturation of the bands, behind their dynamics.
//!
//! Each band leaves its dynamics twice: as they made it, and as it was split. Both are delayed by the latency of the
//! oversampling, whether their band is saturated or not, so that the sum stays in phase; the saturated sound replaces the
//! first. Delays work on the four lanes of a pair, saturation on the frames of one band ([`crate::saturation`]).
//!
//! A pair whose bands have gone keeps running until the last of them has been heard.

use super::settings::{MAX_BANDS, Settings};
use super::split::{PAIRS, PairFrames, pairs_of};
use crate::Frame;
use crate::oversample::Factor;
use crate::saturation::{self, Wet};
use crate::smooth::CONTROL_FRAMES;

/// Frames in four lanes that a delay holds: a power of two, so that it wraps with a mask.
const RING: usize = (Factor::MAX_LATENCY_FRAMES + 1).next_power_of_two();

/// Delays the frames of a pair.
#[derive(Clone, Debug)]
#[repr(align(32))]
struct PairDelay {
    ring: [[f64; 4]; RING],
    at: usize,
}

impl PairDelay {
    const SILENT: Self = Self { ring: [[0.0; 4]; RING], at: 0 };

    /// Puts a frame in and takes out the one that went in `latency` ago.
    #[inline(always)]
    fn tick(&mut self, frame: [f64; 4], latency: usize) -> [f64; 4] {
        self.ring[self.at % RING] = frame;
        let out = self.ring[self.at.wrapping_sub(latency) % RING];
        self.at = (self.at + 1) % RING;
        out
    }
}

/// Saturation of one pair.
#[derive(Clone, Debug)]
struct PairSaturation {
    processed: PairDelay,
    split: PairDelay,
    wet: [Wet; 2],
    /// Frames since it lost its last band.
    silent_frames: usize,
}

impl PairSaturation {
    fn new(settings: saturation::Settings) -> Self {
        let wet = [Wet::new(settings), Wet::new(settings)];
        Self { processed: PairDelay::SILENT, split: PairDelay::SILENT, wet, silent_frames: usize::MAX }
    }

    fn is_saturating(&self) -> bool {
        self.wet.iter().any(Wet::is_running)
    }
}

/// Saturation of all pairs.
#[derive(Clone, Debug)]
pub(super) struct BandSaturation {
    pairs: [PairSaturation; PAIRS],
    latency: usize,
}

impl BandSaturation {
    pub(super) fn new(settings: &Settings) -> Self {
        let pair = |n: usize| PairSaturation::new(settings.band[n].saturation);
        Self { pairs: [pair(0), pair(1), pair(2)], latency: 0 }
    }

    pub(super) fn prepare(&mut self, sample_rate_hz: f64) {
        self.wets().for_each(|wet| wet.prepare(sample_rate_hz));
    }

    /// Forgets the past and adopts the oversampling.
    pub(super) fn reset(&mut self, factor: Factor) {
        self.latency = factor.latency_frames();
        self.wets().for_each(Wet::reset);
        for pair in &mut self.pairs {
            (pair.processed, pair.split) = (PairDelay::SILENT, PairDelay::SILENT);
        }
        self.rest();
    }

    /// New targets. Bands that are unused or silenced by a solo are not saturated.
    pub(super) fn set(&mut self, settings: &Settings) {
        for (n, wet) in self.wets().enumerate() {
            let band = &settings.band[n.min(MAX_BANDS - 1)];
            let in_use = settings.on && band.on && n < settings.bands.count() && settings.is_heard(n);
            wet.set(saturation::Settings {
                on: in_use && band.saturation.on,
                oversampling: settings.oversampling,
                ..band.saturation
            });
        }
    }

    fn wets(&mut self) -> impl Iterator<Item = &mut Wet> {
        self.pairs.iter_mut().flat_map(|pair| &mut pair.wet)
    }

    /// Latency of the oversampling.
    pub(super) fn latency_frames(&self) -> usize {
        self.latency
    }

    /// Whether any band is saturated.
    pub(super) fn is_saturating(&self) -> bool {
        self.pairs.iter().any(PairSaturation::is_saturating)
    }

    /// Whether there is anything to do: a delay, or saturation.
    pub(super) fn is_needed(&self) -> bool {
        self.latency > 0 || self.is_saturating()
    }

    /// Begins a control step with so many crossovers; returns how many pairs are heard.
    pub(super) fn step(&mut self, crossovers: usize) -> usize {
        let mut heard = pairs_of(crossovers);
        for (n, pair) in self.pairs.iter_mut().enumerate() {
            if n < pairs_of(crossovers) {
                pair.silent_frames = 0;
            } else if pair.silent_frames < self.latency || pair.is_saturating() {
                pair.silent_frames = pair.silent_frames.saturating_add(CONTROL_FRAMES);
                heard = n + 1;
            }
        }
        heard
    }

    /// As if nothing had been heard for the whole latency.
    pub(super) fn rest(&mut self) {
        self.pairs.iter_mut().for_each(|pair| pair.silent_frames = usize::MAX);
    }

    /// Only delays: the input while all is off.
    pub(super) fn delay(&mut self, block: &mut [Frame]) {
        if self.latency == 0 {
            return;
        }
        let delay = &mut self.pairs[0].split;
        for frame in block {
            let [l, r, ..] = delay.tick([frame[0], frame[1], 0.0, 0.0], self.latency);
            *frame = [l, r];
        }
    }

    /// Switched on: what is in the delay becomes the lowest band at unity.
    pub(super) fn wake(&mut self) {
        let pair = &mut self.pairs[0];
        pair.processed = pair.split.clone();
    }

    /// Frames of a pair in place: `processed` as the dynamics made them, and `split`.
    #[inline(always)]
    pub(super) fn run(
        &mut self,
        pair: usize,
        processed: &mut PairFrames,
        split: &mut PairFrames,
        from: usize,
        to: usize,
    ) {
        let PairSaturation { processed: delay, split: split_delay, wet, .. } = &mut self.pairs[pair];
        let (processed, split) = (&mut processed[from..to], &mut split[from..to]);
        let mut now = [[[0.0; 2]; CONTROL_FRAMES]; 2];
        for (half, now) in now.iter_mut().enumerate() {
            if wet[half].is_running() {
                take(half, processed, now);
            }
        }
        if self.latency > 0 {
            for (processed, split) in processed.iter_mut().zip(split) {
                *processed = delay.tick(*processed, self.latency);
                *split = split_delay.tick(*split, self.latency);
            }
        }
        for (half, (wet, now)) in wet.iter_mut().zip(&mut now).enumerate() {
            if wet.is_running() {
                let (mut delayed, count) = ([[0.0; 2]; CONTROL_FRAMES], to - from);
                take(half, processed, &mut delayed);
                wet.process(&mut now[..count], &mut delayed[..count]);
                for (lanes, frame) in processed.iter_mut().zip(delayed) {
                    lanes[2 * half..2 * half + 2].copy_from_slice(&frame);
                }
            }
        }
    }
}

/// The frames of one band of a pair.
#[inline(always)]
fn take(half: usize, pair: &[[f64; 4]], band: &mut [Frame]) {
    for (frame, lanes) in band.iter_mut().zip(pair) {
        *frame = [lanes[2 * half], lanes[2 * half + 1]];
    }
}

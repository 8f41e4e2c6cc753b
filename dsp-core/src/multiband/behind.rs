//! What stands behind the bands' dynamics where a band is saturated, or all wait for saturation.
//!
//! Each band leaves its dynamics in two: as they made it, and as it was split. Both wait as long as the oversampling
//! takes, whether their band is saturated or not, so that the sum stays in line; the saturated sound is put over the
//! first. Waiting is done in lanes, saturation in frames of one band ([`crate::saturation`]).
//!
//! A pair whose bands have gone is kept until the last of them has been heard.

use super::settings::{MAX_BANDS, Settings};
use super::split::{PAIRS, PairFrames, pairs_of};
use crate::Frame;
use crate::oversample::Factor;
use crate::saturation::{self, Wet};
use crate::smooth::CONTROL_FRAMES;

/// Frames in four lanes that a line holds: a power of two, so that it is gone round with a mask.
const RING: usize = (Factor::MAX_LATENCY_FRAMES + 1).next_power_of_two();

/// A pair's frames on their way.
#[derive(Clone, Debug)]
#[repr(align(32))]
struct Line {
    ring: [[f64; 4]; RING],
    at: usize,
}

impl Line {
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

/// Behind one pair.
#[derive(Clone, Debug)]
struct Place {
    processed: Line,
    split: Line,
    wet: [Wet; 2],
    /// Frames since it lost its last band.
    silent_frames: usize,
}

impl Place {
    fn new(settings: saturation::Settings) -> Self {
        let wet = [Wet::new(settings), Wet::new(settings)];
        Self { processed: Line::SILENT, split: Line::SILENT, wet, silent_frames: usize::MAX }
    }

    fn is_saturating(&self) -> bool {
        self.wet.iter().any(Wet::is_running)
    }
}

/// Behind all pairs.
#[derive(Clone, Debug)]
pub(super) struct Behind {
    places: [Place; PAIRS],
    latency: usize,
}

impl Behind {
    pub(super) fn new(settings: &Settings) -> Self {
        let place = |n: usize| Place::new(settings.band[n].saturation);
        Self { places: [place(0), place(1), place(2)], latency: 0 }
    }

    pub(super) fn prepare(&mut self, sample_rate_hz: f64) {
        self.wets().for_each(|wet| wet.prepare(sample_rate_hz));
    }

    /// Forgets the past and adopts the oversampling.
    pub(super) fn reset(&mut self, factor: Factor) {
        self.latency = factor.latency_frames();
        self.wets().for_each(Wet::reset);
        for place in &mut self.places {
            (place.processed, place.split) = (Line::SILENT, Line::SILENT);
        }
        self.rest();
    }

    /// New targets. What is not there, or not heard, is not saturated.
    pub(super) fn set(&mut self, settings: &Settings) {
        for (n, wet) in self.wets().enumerate() {
            let band = &settings.band[n.min(MAX_BANDS - 1)];
            let there = settings.on && band.on && n < settings.bands.count() && settings.is_heard(n);
            wet.set(saturation::Settings {
                on: there && band.saturation.on,
                oversampling: settings.oversampling,
                ..band.saturation
            });
        }
    }

    fn wets(&mut self) -> impl Iterator<Item = &mut Wet> {
        self.places.iter_mut().flat_map(|place| &mut place.wet)
    }

    /// How long all wait.
    pub(super) fn latency_frames(&self) -> usize {
        self.latency
    }

    /// Whether anything is saturated.
    pub(super) fn is_saturating(&self) -> bool {
        self.places.iter().any(Place::is_saturating)
    }

    /// Whether there is anything to do at all.
    pub(super) fn is_there(&self) -> bool {
        self.latency > 0 || self.is_saturating()
    }

    /// Begins a control step in which so many crossovers are heard; returns how many pairs are.
    pub(super) fn step(&mut self, crossovers: usize) -> usize {
        let mut heard = pairs_of(crossovers);
        for (n, place) in self.places.iter_mut().enumerate() {
            if n < pairs_of(crossovers) {
                place.silent_frames = 0;
            } else if place.silent_frames < self.latency || place.is_saturating() {
                place.silent_frames = place.silent_frames.saturating_add(CONTROL_FRAMES);
                heard = n + 1;
            }
        }
        heard
    }

    /// Nobody was heard for as long as all wait.
    pub(super) fn rest(&mut self) {
        self.places.iter_mut().for_each(|place| place.silent_frames = usize::MAX);
    }

    /// Only waits: the input of what is switched off.
    pub(super) fn wait(&mut self, block: &mut [Frame]) {
        if self.latency == 0 {
            return;
        }
        let line = &mut self.places[0].split;
        for frame in block {
            let [l, r, ..] = line.tick([frame[0], frame[1], 0.0, 0.0], self.latency);
            *frame = [l, r];
        }
    }

    /// What has waited was one band at unity, which the lowest now is.
    pub(super) fn wake(&mut self) {
        let place = &mut self.places[0];
        place.processed = place.split.clone();
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
        let Place { processed: line, split: split_line, wet, .. } = &mut self.places[pair];
        let (processed, split) = (&mut processed[from..to], &mut split[from..to]);
        let mut now = [[[0.0; 2]; CONTROL_FRAMES]; 2];
        for (half, now) in now.iter_mut().enumerate() {
            if wet[half].is_running() {
                take(half, processed, now);
            }
        }
        if self.latency > 0 {
            for (processed, split) in processed.iter_mut().zip(split) {
                *processed = line.tick(*processed, self.latency);
                *split = split_line.tick(*split, self.latency);
            }
        }
        for (half, (wet, now)) in wet.iter_mut().zip(&mut now).enumerate() {
            if wet.is_running() {
                let (mut waited, count) = ([[0.0; 2]; CONTROL_FRAMES], to - from);
                take(half, processed, &mut waited);
                wet.process(&mut now[..count], &mut waited[..count]);
                for (lanes, frame) in processed.iter_mut().zip(waited) {
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

//! Compressor: four styles over one static curve, with linked or mid/side lanes, lookahead, sidechain and parallel mix.
//!
//! Key → cuts → level (peak over a window, or power) → static curve → style in dB → gain. The window is what keeps the
//! gain of a steady tone steady (see [`super::detector`]); it is part of the release, whose 63 % include it. A sound
//! goes through in runs that end with the control grid, one stage after the other over a whole run, so that a stage
//! keeps its state in registers and works on several frames at once.

use super::detector::Detector;
use super::follower::{Follower, Law};
use super::key::Key;
use super::key_filter::KeyFilter;
use crate::chain::stage::Stage;
use crate::delay::Delay;
use crate::frame::{Frame, sanitise};
use crate::simd::Isa;
use crate::smooth::CONTROL_FRAMES;
use crate::spec::{Spec, UNPREPARED_RATE_HZ};
use crate::units::{FLOOR_DB, ms_to_frames};
use output::Output;
use power::Power;
use ramps::Ramps;

mod harmonics;
mod law;
mod output;
mod power;
mod ramps;
mod settings;
mod stages;

pub use settings::*;

/// Share of the release that the detector's window takes: enough for half a period of all but the lowest notes, little
/// enough that a release still looks like an exponential.
const WINDOW_OF_RELEASE: f64 = 1.0 / 8.0;
/// Longest window: half a period of 20 Hz.
const MAX_WINDOW_MS: f64 = 25.0;

/// A running compressor.
#[derive(Clone, Debug)]
pub struct Compressor {
    settings: Settings,
    sample_rate_hz: f64,
    ramps: Ramps,
    key_filter: KeyFilter,
    power: Power,
    detector: Detector,
    law: Law,
    followers: [Follower; 2],
    /// Present level of each lane, and what the curve asks for there.
    level_db: Frame,
    /// At the last control tick, and at the next: they differ while the curve moves.
    target_db: [Frame; 2],
    output: Output,
    /// Lookahead of the sound, and of the key for those who listen to it.
    dry_delay: Delay,
    key_delay: Delay,
    /// The run's key as it is listened to, and its reductions, later gains; kept for their room only.
    run_heard: [Frame; CONTROL_FRAMES],
    run_lanes: [[f64; CONTROL_FRAMES]; 2],
    isa: Isa,
    /// Frames since the last control tick.
    phase: usize,
    /// Off, and faded out: the input passes as it is and nothing listens.
    idle: bool,
}

impl Compressor {
    /// A compressor at rest.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        let settings = settings.clamped();
        let rate = UNPREPARED_RATE_HZ;
        let mut compressor = Self {
            settings,
            sample_rate_hz: rate,
            ramps: Ramps::new(&settings),
            key_filter: KeyFilter::new(settings.key_low_cut_hz, settings.key_high_cut_hz, rate),
            power: Power::new(rate),
            detector: Detector::new(0.0, rate),
            law: Law::of(&settings, 0.0, rate),
            followers: [Follower::default(); 2],
            level_db: [FLOOR_DB; 2],
            target_db: [[0.0; 2]; 2],
            output: Output::new(rate),
            dry_delay: Delay::new(0),
            key_delay: Delay::new(0),
            run_heard: [[0.0; 2]; CONTROL_FRAMES],
            run_lanes: [[0.0; CONTROL_FRAMES]; 2],
            isa: Isa::detect(),
            phase: 0,
            idle: false,
        };
        compressor.size();
        compressor
    }

    /// Reduction of the more reduced lane at the last frame, in dB, 0 or more. Make-up and mix are not in it.
    #[must_use]
    pub fn reduction_db(&self) -> f64 {
        let [one_db, other_db] = self.reductions_db();
        one_db.max(other_db)
    }

    /// Reduction of each lane at the last frame, in dB, 0 or more: left and right, or mid and side.
    #[must_use]
    pub fn reductions_db(&self) -> [f64; 2] {
        // A rounding below zero on the way to nothing is nothing.
        self.followers.map(|follower| follower.reduction_db().max(0.0))
    }

    /// What is looked at on the control grid.
    fn control(&mut self) {
        let was_moving = self.ramps.moving;
        self.ramps.control();
        if self.ramps.moving || was_moving {
            self.aim();
        }
        self.followers.iter_mut().for_each(|follower| follower.control(&self.law));
        if self.ramps.is_off() {
            self.forget();
            self.idle = true;
        }
    }

    /// The window and the time constants. The release is shortened by the window, so that its 63 % stay in their time.
    fn set_times(&mut self) {
        let rate = self.sample_rate_hz;
        self.detector.set_window((self.settings.release_ms * WINDOW_OF_RELEASE).min(MAX_WINDOW_MS), rate);
        self.law = Law::of(&self.settings, self.detector.hold_ms(rate), rate);
    }

    /// Room for the longest lookahead, and everything that follows from the rate.
    fn size(&mut self) {
        let most = self.lookahead_frames(Lookahead::Ms5);
        (self.dry_delay, self.key_delay) = (Delay::new(most), Delay::new(most));
        self.set_times();
        self.reset();
    }

    fn lookahead_frames(&self, lookahead: Lookahead) -> usize {
        ms_to_frames(lookahead.ms(), self.sample_rate_hz).round() as usize
    }

    /// As after endless silence; what is on its way out stays.
    fn forget(&mut self) {
        self.key_filter.forget();
        self.power.rest_on([0.0; 2]);
        self.detector.reset();
        self.followers = [Follower::default(); 2];
        (self.level_db, self.target_db) = ([FLOOR_DB; 2], [[0.0; 2]; 2]);
        self.output.forget();
    }
}

impl Stage for Compressor {
    type Settings = Settings;

    /// Learns the rate, then resets.
    fn prepare(&mut self, spec: Spec) {
        self.sample_rate_hz = spec.sample_rate_hz;
        self.ramps.prepare(spec.sample_rate_hz);
        self.key_filter.prepare(spec.sample_rate_hz);
        self.power = Power::new(spec.sample_rate_hz);
        self.output = Output::new(spec.sample_rate_hz);
        self.size();
    }

    /// Forgets the past.
    fn reset(&mut self) {
        let frames = self.lookahead_frames(self.settings.lookahead);
        for delay in [&mut self.dry_delay, &mut self.key_delay] {
            delay.set_frames(frames);
            delay.reset();
        }
        self.ramps.reset();
        self.key_filter.reset();
        self.phase = 0;
        self.forget();
        self.idle = !self.settings.on;
    }

    /// New targets. Lookahead is adopted by the next `reset` or `prepare`.
    fn set(&mut self, settings: Settings) {
        let settings = settings.clamped();
        if settings == self.settings {
            return;
        }
        if settings.detector != self.settings.detector {
            // From where the other kind of level stands.
            self.power.rest_on(self.detector.held());
        }
        let times = settings.times() != self.settings.times();
        self.settings = settings;
        if times {
            self.set_times();
        }
        self.key_filter.set(settings.key_low_cut_hz, settings.key_high_cut_hz);
        self.ramps.set(&settings);
        if self.idle {
            // Nobody hears the others move; only what turns it on is faded.
            self.ramps.reset_but_on();
            self.key_filter.settle();
            self.forget();
            self.idle = !settings.on;
        }
    }

    /// Compresses in place. `external` is the sidechain, silence where it is absent or shorter than the block.
    fn process(&mut self, block: &mut [Frame], external: Option<&[Frame]>) {
        let mut at = 0;
        while at < block.len() {
            if !self.idle && self.phase == 0 {
                self.control();
            }
            if self.idle {
                block[at..].iter_mut().for_each(|frame| *frame = sanitise(*frame));
                self.dry_delay.process(&mut block[at..]);
                return;
            }
            let frames = self.key_filter.run(block.len() - at);
            let external = external.and_then(|frames| frames.get(at..)).unwrap_or(&[]);
            self.run(&mut block[at..at + frames], external);
            self.phase = (self.phase + frames) % CONTROL_FRAMES;
            at += frames;
        }
    }

    /// Whether it does nothing until something is set, and need not be given frames that are numbers.
    fn is_idle(&self) -> bool {
        self.idle && self.dry_delay.frames() == 0
    }

    /// Whether it listens to the sidechain.
    fn uses_sidechain(&self) -> bool {
        !self.idle && self.settings.key == Key::External
    }

    /// Frames by which the output comes later: the lookahead.
    fn latency_frames(&self) -> usize {
        self.dry_delay.frames()
    }

    /// Latency that the next `reset` will adopt: differs from [`Self::latency_frames`] after a structural change.
    fn latency_frames_for(&self, settings: &Settings) -> usize {
        settings.lookahead.frames(self.sample_rate_hz)
    }

    /// Latency of the longest lookahead.
    fn max_latency_frames(&self) -> usize {
        Lookahead::Ms5.frames(self.sample_rate_hz)
    }
}

#[cfg(test)]
mod tests;

//! Compressor: four styles over one static curve, with linked or mid/side lanes, lookahead, sidechain and parallel mix.
//!
//! Key → cuts → level (peak over a window, or power) → static curve → style in dB → gain. The window keeps the gain of a
//! steady tone steady (see [`super::detector`]); the release time includes it.

use super::ballistics::Ballistics;
use super::detector::{Detector, linked, window_ms};
use super::engine::{Context, Dynamics, Engine};
use super::key::{Key, read_sidechain};
use super::key_filter::KeyFilter;
use super::ramps::frames_left;
use super::reduction::{Curve, Followers, RunValues};
use crate::frame::{Frame, from_mid_side, sanitise_all, to_mid_side};
use crate::smooth::CONTROL_FRAMES;
use crate::spec::UNPREPARED_RATE_HZ;
use crate::units::FLOOR_DB;
use output::Output;
use power::Power;
use ramps::{Of, Ramps, StaticCurve};

mod ballistics;
mod harmonics;
mod output;
mod power;
mod ramps;
mod settings;

pub use settings::*;

/// A running compressor.
pub type Compressor = Engine<Compression>;

impl Compressor {
    /// Reduction of the more reduced lane at the last frame, in dB, 0 or more. Make-up and mix are not in it.
    #[must_use]
    pub fn reduction_db(&self) -> f64 {
        let [one_db, other_db] = self.reductions_db();
        one_db.max(other_db)
    }

    /// Reduction of each lane at the last frame, in dB, 0 or more: left and right, or mid and side.
    #[must_use]
    pub fn reductions_db(&self) -> [f64; 2] {
        self.dynamics.followers.reductions_db()
    }
}

/// What makes an [`Engine`] a compressor.
#[derive(Clone, Debug)]
pub struct Compression {
    ramps: Ramps,
    key_filter: KeyFilter,
    power: Power,
    detector: Detector,
    followers: Followers<2>,
    targets: Targets,
    output: Output,
    /// Buffers of a run: the key for listening; reductions, later gains.
    run_heard: [Frame; CONTROL_FRAMES],
    run_lanes: [RunValues; 2],
}

impl Dynamics for Compression {
    type Settings = Settings;
    const LOOKS_AHEAD: bool = true;

    fn new(settings: &Settings) -> Self {
        let rate = UNPREPARED_RATE_HZ;
        let mut compression = Self {
            ramps: Ramps::new(settings),
            key_filter: KeyFilter::new(settings.key_low_cut_hz, settings.key_high_cut_hz, rate),
            power: Power::new(rate),
            detector: Detector::new(0.0, rate),
            followers: Followers::new([Ballistics::of(settings, 0.0, rate)]),
            targets: Targets::NONE,
            output: Output::new(rate),
            run_heard: [[0.0; 2]; CONTROL_FRAMES],
            run_lanes: [[0.0; CONTROL_FRAMES]; 2],
        };
        compression.set_times(settings, rate);
        compression
    }

    fn prepare(&mut self, context: &Context<Settings>) {
        let rate = context.sample_rate_hz;
        self.ramps.prepare(rate);
        self.key_filter.prepare(rate);
        self.power = Power::new(rate);
        self.output = Output::new(rate);
        self.set_times(&context.settings, rate);
    }

    fn reset(&mut self, context: &Context<Settings>) {
        self.ramps.settle_from(Of::On);
        self.key_filter.reset();
        self.rest(context);
    }

    fn set(&mut self, context: &Context<Settings>, before: &Settings) {
        let settings = &context.settings;
        if settings.detector != before.detector {
            // Starts at the level of the other kind.
            self.power.rest_on(self.detector.held());
        }
        if settings.times() != before.times() {
            self.set_times(settings, context.sample_rate_hz);
        }
        self.key_filter.set(settings.key_low_cut_hz, settings.key_high_cut_hz);
        self.ramps.set(settings);
    }

    fn settle_unheard(&mut self, _: &Context<Settings>) {
        self.ramps.settle_from(Of::Mix);
        self.key_filter.settle();
    }

    fn rest(&mut self, _: &Context<Settings>) {
        self.key_filter.forget();
        self.power.rest_on([0.0; 2]);
        self.detector.reset();
        self.followers.settle_on(0.0);
        self.targets = Targets::NONE;
        self.output.forget();
    }

    fn control(&mut self, _: &Context<Settings>) {
        let was_moving = self.ramps.are_moving();
        self.ramps.control();
        if self.ramps.are_moving() || was_moving {
            self.targets.aim(&self.ramps);
        }
        self.followers.control();
        self.key_filter.control();
    }

    #[inline(always)]
    fn run(&mut self, context: &mut Context<Settings>, block: &mut [Frame], sidechain: &[Frame]) {
        sanitise_all(block);
        // On the stack, which stays in the first-level cache from one instance to the next.
        let mut key = copied(block);
        let key = &mut key[..block.len()];
        self.listen(context, key, sidechain);
        let linked = self.ramps.curves().iter().all(|curve| curve.link >= 1.0);
        let mut curve = MovingCurve { targets: &mut self.targets, ramps: &self.ramps, phase: context.phase };
        let followed = self.followers.follow(&mut self.detector, &mut curve, key, linked, &mut self.run_lanes);
        context.delays.signal.process(block);
        self.output.run(&self.ramps, context.phase, block, &self.run_heard, &mut self.run_lanes, followed.lanes);
    }

    fn is_off(&self) -> bool {
        self.ramps.are_off()
    }

    fn uses_sidechain(&self, context: &Context<Settings>) -> bool {
        context.settings.key == Key::External
    }
}

impl Compression {
    /// The window and the time constants. The release is shortened by the window, so that 63 % still take its time.
    fn set_times(&mut self, settings: &Settings, rate: f64) {
        self.detector.set_window(window_ms(settings.release_ms), rate);
        self.followers.ballistics = [Ballistics::of(settings, self.detector.hold_ms(rate), rate)];
    }

    /// Makes the run's key from the block, of which `key` is a copy, or from the sidechain.
    #[inline(always)]
    fn listen(&mut self, context: &mut Context<Settings>, key: &mut [Frame], sidechain: &[Frame]) {
        let Context { settings, delays, .. } = context;
        let mid_side = settings.operation == Operation::MidSide;
        if settings.key == Key::External {
            read_sidechain(sidechain, key);
        }
        if mid_side {
            key.iter_mut().for_each(|frame| *frame = to_mid_side(*frame));
        }
        self.key_filter.filter(key);
        if !self.ramps.line(Of::HearKey).is_zero() || delays.key.frames() > 0 {
            let heard = &mut self.run_heard[..key.len()];
            for (heard, key) in heard.iter_mut().zip(&*key) {
                *heard = if mid_side { from_mid_side(*key) } else { *key };
            }
            delays.key.process(heard);
        }
        if settings.detector == Detection::Rms {
            self.power.process(key);
        }
    }
}

/// Level of each lane, and the reduction that the curve asks for.
#[derive(Clone, Copy, Debug)]
struct Targets {
    level_db: Frame,
    /// At the last control tick, and at the next: they differ while the curve moves.
    target_db: [Frame; 2],
}

impl Targets {
    const NONE: Self = Self { level_db: [FLOOR_DB; 2], target_db: [[0.0; 2]; 2] };

    /// Evaluates the curve at both ends of this control step.
    #[inline(always)]
    fn aim(&mut self, ramps: &Ramps) {
        let ask =
            |curve: &StaticCurve| linked(self.level_db, curve.link).map(|level_db| curve.gain.reduction_db(level_db));
        let [start, end] = ramps.curves();
        let end_db = ask(&end);
        self.target_db = [if ramps.are_moving() { ask(&start) } else { end_db }, end_db];
    }
}

/// The curve as it moves in a control step.
struct MovingCurve<'a> {
    targets: &'a mut Targets,
    ramps: &'a Ramps,
    phase: usize,
}

impl Curve<Frame> for MovingCurve<'_> {
    #[inline(always)]
    fn aim(&mut self, level_db: Frame) {
        self.targets.level_db = level_db;
        self.targets.aim(self.ramps);
    }

    #[inline(always)]
    fn targets(&mut self, lane: usize, from: usize, targets_db: &mut [f64]) -> Option<f64> {
        let [start_db, end_db] = self.targets.target_db.map(|both| both[lane]);
        if start_db == end_db {
            return Some(end_db);
        }
        for (n, target_db) in (self.phase + from..).zip(targets_db) {
            *target_db = end_db + frames_left(n) * (start_db - end_db);
        }
        None
    }
}

/// Copies a run, which is mostly a whole control step: then nothing has to be cleared first.
#[inline(always)]
fn copied(block: &[Frame]) -> [Frame; CONTROL_FRAMES] {
    if let Some(whole) = block.first_chunk() {
        return *whole;
    }
    let mut copy = [[0.0; 2]; CONTROL_FRAMES];
    copy[..block.len()].copy_from_slice(block);
    copy
}

#[cfg(test)]
mod tests;

//! Lookahead limiter: the gain comes down before the peak does, by windowed minimum and FIR smoothing.
//!
//! Source: P. Hämäläinen, "Smoothing of the control signal without clipped output in digital peak limiters"
//! (DAFx 2002). There is no clipper after it: no sample exceeds the ceiling because the gain is low enough. Between
//! the samples it is as exact as the detector and as the gain is slow: programme stays within 0.1 dB, while noise with
//! full level up to half the sample rate does not.
//!
//! A ceiling that moves is held where its 20 ms ramp was one lookahead ago: the gain for what is heard now was settled
//! then. Turned on, the limiter listens for its latency before it fades in.

use super::detector::{Detector, STEPS_PER_DB, linked};
use super::gain_path::GainPath;
use super::switch::Switch;
use crate::delay::Delay;
use crate::frame::sanitise;
use crate::smooth::Smoothed;
use crate::spec::UNPREPARED_RATE_HZ;
use crate::units::{db_to_gain, ms_to_frames, one_pole_keep, pct_to_fraction};
use crate::{Frame, Range, Spec};

/// Gain into the limiter.
pub const DRIVE_DB: Range = Range::linear(0.0, 0.0, 30.0, "dB");
/// Level that the true peak does not exceed.
pub const CEILING_DBTP: Range = Range::linear(-24.0, -1.0, 0.0, "dB");
/// How far ahead the gain starts to move. Structural: adopted by `reset`.
pub const LOOKAHEAD_MS: Range = Range::log(0.1, 2.0, 20.0, "ms");
/// Time to cover 63 % of the way back, in dB.
pub const RELEASE_MS: Range = Range::log(1.0, 100.0, 1000.0, "ms");
/// How far both channels share one reduction.
pub const LINK_PCT: Range = Range::linear(0.0, 100.0, 100.0, "%");

/// Settings of the limiter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Whether it acts at all; off, it is a delay of its latency.
    pub on: bool,
    /// Gain into the limiter.
    pub drive_db: f64,
    /// Level that the true peak does not exceed.
    pub ceiling_dbtp: f64,
    /// How far ahead the gain starts to move. Structural.
    pub lookahead_ms: f64,
    /// Time to cover 63 % of the way back, in dB.
    pub release_ms: f64,
    /// How far both channels share one reduction.
    pub link_pct: f64,
    /// Whether peaks between the samples count; off, only samples are held to the ceiling. Same latency.
    pub true_peak: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            on: true,
            drive_db: DRIVE_DB.default,
            ceiling_dbtp: CEILING_DBTP.default,
            lookahead_ms: LOOKAHEAD_MS.default,
            release_ms: RELEASE_MS.default,
            link_pct: LINK_PCT.default,
            true_peak: true,
        }
    }
}

impl Settings {
    /// Every number within its range.
    fn clamped(self) -> Self {
        let Self { on, drive_db, ceiling_dbtp, lookahead_ms, release_ms, link_pct, true_peak } = self;
        Self {
            on,
            drive_db: DRIVE_DB.clamp(drive_db),
            ceiling_dbtp: CEILING_DBTP.clamp(ceiling_dbtp),
            lookahead_ms: LOOKAHEAD_MS.clamp(lookahead_ms),
            release_ms: RELEASE_MS.clamp(release_ms),
            link_pct: LINK_PCT.clamp(link_pct),
            true_peak,
        }
    }
}

/// Frames of a lookahead; at least 1, so that the gain never jumps.
fn lookahead_frames(lookahead_ms: f64, sample_rate_hz: f64) -> usize {
    ms_to_frames(lookahead_ms, sample_rate_hz).round().max(1.0) as usize
}

/// A level in dB that moves smoothly, and its linear gain.
#[derive(Clone, Copy, Debug)]
struct Level {
    db: Smoothed,
    gain: f64,
}

impl Level {
    fn new(db: f64) -> Self {
        Self { db: Smoothed::new(db), gain: db_to_gain(db) }
    }

    fn prepare(&mut self, sample_rate_hz: f64) {
        self.db.prepare(sample_rate_hz);
        self.gain = db_to_gain(self.db.value());
    }

    fn reset(&mut self) {
        self.db.reset();
        self.gain = db_to_gain(self.db.value());
    }

    #[inline]
    fn tick(&mut self) {
        if !self.db.is_settled() {
            self.gain = db_to_gain(self.db.tick());
        }
    }
}

/// A running limiter.
#[derive(Clone, Debug)]
pub struct Limiter {
    settings: Settings,
    sample_rate_hz: f64,
    lookahead_frames: usize,
    switch: Switch,
    drive: Level,
    ceiling: Level,
    link: Smoothed,
    /// Part of the way back that is left after a frame.
    release_keep: f64,
    detector: Detector,
    paths: [GainPath; 2],
    /// The input, as it came.
    input: Delay,
    /// The drive that each frame of the input got, in dB and as a gain.
    drive_then: Delay,
    reduction_db: f64,
}

impl Limiter {
    /// A limiter at rest.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        let settings = settings.clamped();
        let capacity = lookahead_frames(LOOKAHEAD_MS.max, UNPREPARED_RATE_HZ);
        let mut limiter = Self {
            settings,
            sample_rate_hz: UNPREPARED_RATE_HZ,
            lookahead_frames: 0,
            switch: Switch::new(settings.on),
            drive: Level::new(settings.drive_db),
            ceiling: Level::new(settings.ceiling_dbtp),
            link: Smoothed::new(pct_to_fraction(settings.link_pct)),
            release_keep: 0.0,
            detector: Detector::new(),
            paths: core::array::from_fn(|_| GainPath::new(capacity)),
            input: Delay::new(capacity + Detector::LATENCY_FRAMES),
            drive_then: Delay::new(capacity + Detector::LATENCY_FRAMES),
            reduction_db: 0.0,
        };
        limiter.adopt_rate();
        limiter
    }

    /// Sizes for the longest lookahead, then resets.
    pub fn prepare(&mut self, spec: Spec) {
        self.sample_rate_hz = spec.sample_rate_hz;
        let capacity = lookahead_frames(LOOKAHEAD_MS.max, spec.sample_rate_hz);
        self.paths = core::array::from_fn(|_| GainPath::new(capacity));
        self.input = Delay::new(capacity + Detector::LATENCY_FRAMES);
        self.drive_then = self.input.clone();
        self.adopt_rate();
    }

    /// Everything that depends on the sample rate, but the sizes.
    fn adopt_rate(&mut self) {
        let sample_rate_hz = self.sample_rate_hz;
        self.switch.prepare(sample_rate_hz);
        self.drive.prepare(sample_rate_hz);
        self.ceiling.prepare(sample_rate_hz);
        self.link.prepare(sample_rate_hz);
        self.release_keep = one_pole_keep(self.settings.release_ms, sample_rate_hz);
        self.reset();
    }

    /// Forgets the past and adopts the lookahead.
    pub fn reset(&mut self) {
        self.lookahead_frames = lookahead_frames(self.settings.lookahead_ms, self.sample_rate_hz);
        self.switch.reset();
        self.drive.reset();
        self.ceiling.reset();
        self.link.reset();
        self.detector.reset();
        for path in &mut self.paths {
            path.reset(self.lookahead_frames);
        }
        for delay in [&mut self.input, &mut self.drive_then] {
            delay.reset();
            delay.set_frames(self.lookahead_frames + Detector::LATENCY_FRAMES);
        }
        self.reduction_db = 0.0;
    }

    /// New targets.
    pub fn set(&mut self, settings: Settings) {
        let settings = settings.clamped();
        if settings == self.settings {
            return;
        }
        self.settings = settings;
        self.drive.db.set(settings.drive_db);
        self.ceiling.db.set(settings.ceiling_dbtp);
        self.link.set(pct_to_fraction(settings.link_pct));
        self.release_keep = one_pole_keep(settings.release_ms, self.sample_rate_hz);
        if self.switch.set(settings.on, self.latency_frames()) {
            for path in &mut self.paths {
                path.reset(self.lookahead_frames);
            }
        }
    }

    /// Limits in place.
    pub fn process(&mut self, block: &mut [Frame]) {
        for frame in block {
            *frame = self.tick(sanitise(*frame));
        }
    }

    #[inline]
    fn tick(&mut self, frame: Frame) -> Frame {
        self.drive.tick();
        self.ceiling.tick();
        let link = self.link.tick();
        let driven = frame.map(|x| x * self.drive.gain);
        let delayed = self.input.tick(frame);
        let [drive_db, drive_gain] = self.drive_then.tick([self.drive.db.value(), self.drive.gain]);
        if !self.switch.is_running() {
            self.detector.push(driven);
            self.reduction_db = 0.0;
            return delayed;
        }
        let amount = self.switch.tick();
        let needed = linked(self.detector.tick(driven, self.ceiling.gain, self.settings.true_peak), link);
        let mut steps = [0; 2];
        for lane in 0..2 {
            steps[lane] = self.paths[lane].tick(needed[lane], self.release_keep);
        }
        self.reduction_db = amount * steps[0].max(steps[1]) as f64 / STEPS_PER_DB;
        if amount == 1.0 && steps == [0; 2] {
            return delayed.map(|x| x * drive_gain);
        }
        let gain = |steps: i64| db_to_gain(amount * (drive_db - steps as f64 / STEPS_PER_DB));
        let left = gain(steps[0]);
        let right = if steps[0] == steps[1] { left } else { gain(steps[1]) };
        [delayed[0] * left, delayed[1] * right]
    }

    /// Delay between input and output, of the lookahead adopted by the last `reset`.
    #[must_use]
    pub fn latency_frames(&self) -> usize {
        self.lookahead_frames + Detector::LATENCY_FRAMES
    }

    /// Delay of the longest lookahead, for sizing what runs beside it.
    #[must_use]
    pub fn max_latency_frames(&self) -> usize {
        lookahead_frames(LOOKAHEAD_MS.max, self.sample_rate_hz) + Detector::LATENCY_FRAMES
    }

    /// Delay that the next `reset` will adopt: differs from [`Self::latency_frames`] after a structural change.
    #[must_use]
    pub fn pending_latency_frames(&self) -> usize {
        lookahead_frames(self.settings.lookahead_ms, self.sample_rate_hz) + Detector::LATENCY_FRAMES
    }

    /// Reduction of the more reduced channel at the last frame, in dB, 0 or more.
    #[must_use]
    pub fn reduction_db(&self) -> f64 {
        self.reduction_db
    }
}

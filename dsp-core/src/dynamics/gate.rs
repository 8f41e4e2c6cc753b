//! Gate: turns down what falls below a threshold, with hysteresis and hold so that it does not chatter.
//!
//! Whether it is open is decided on |x| of the louder channel, compared as it is: no level needs to be computed. It
//! closes when nothing was above the closing threshold for the hold time.

use super::ballistics::Ballistics;
use super::detector::louder;
use super::key::{self, Key};
use super::wet_gain::db_to_gain;
use crate::frame::sanitise;
use crate::smooth::Smoothed;
use crate::spec::UNPREPARED_RATE_HZ;
use crate::units::{self, ms_to_frames};
use crate::{Frame, Range, Spec};

/// Level above which it opens.
pub const THRESHOLD_DB: Range = Range::linear(-80.0, -40.0, 0.0, "dB");
/// How far below the threshold it closes again.
pub const HYSTERESIS_DB: Range = Range::linear(0.0, 3.0, 30.0, "dB");
/// Reduction when closed.
pub const RANGE_DB: Range = Range::linear(0.0, 40.0, 80.0, "dB");
/// Time to cover 63 % of opening, in dB.
pub const ATTACK_MS: Range = Range::log(0.1, 0.5, 100.0, "ms");
/// Time it stays open after the level fell below the closing threshold. Below 10 ms it is 10 ms: half a period of
/// 50 Hz must pass before a level is known to have fallen.
pub const HOLD_MS: Range = Range::square(0.0, 30.0, 500.0, "ms");
/// Time to cover 63 % of closing, in dB.
pub const RELEASE_MS: Range = Range::log(5.0, 150.0, 4000.0, "ms");

/// Shortest hold: half a period of 50 Hz. Between two crests of a steady tone the gate must not begin to close.
const MIN_HOLD_MS: f64 = 10.0;
/// Settings of the gate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Whether it acts at all.
    pub on: bool,
    /// Opening threshold.
    pub threshold_db: f64,
    /// Closing threshold, below the opening one.
    pub hysteresis_db: f64,
    /// Reduction when closed.
    pub range_db: f64,
    /// Opening time.
    pub attack_ms: f64,
    /// Time held open.
    pub hold_ms: f64,
    /// Closing time.
    pub release_ms: f64,
    /// What it listens to.
    pub key: Key,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            on: false,
            threshold_db: THRESHOLD_DB.default,
            hysteresis_db: HYSTERESIS_DB.default,
            range_db: RANGE_DB.default,
            attack_ms: ATTACK_MS.default,
            hold_ms: HOLD_MS.default,
            release_ms: RELEASE_MS.default,
            key: Key::Internal,
        }
    }
}

impl Settings {
    /// Every number within its range.
    fn clamped(&self) -> Self {
        Self {
            on: self.on,
            threshold_db: THRESHOLD_DB.clamp(self.threshold_db),
            hysteresis_db: HYSTERESIS_DB.clamp(self.hysteresis_db),
            range_db: RANGE_DB.clamp(self.range_db),
            attack_ms: ATTACK_MS.clamp(self.attack_ms),
            hold_ms: HOLD_MS.clamp(self.hold_ms),
            release_ms: RELEASE_MS.clamp(self.release_ms),
            key: self.key,
        }
    }
}

/// A running gate.
#[derive(Clone, Debug)]
pub struct Gate {
    settings: Settings,
    sample_rate_hz: f64,
    on: Smoothed,
    range_db: Smoothed,
    door: Door,
    ballistics: Ballistics<1>,
    /// What the input is multiplied by.
    gain: f64,
    /// Off, and faded out: the input passes as it is and nothing listens.
    idle: bool,
}

impl Gate {
    /// A gate at rest.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        let settings = settings.clamped();
        let mut gate = Self {
            settings,
            sample_rate_hz: UNPREPARED_RATE_HZ,
            on: Smoothed::new(on_fraction(settings)),
            range_db: Smoothed::new(settings.range_db),
            door: Door::new(settings, UNPREPARED_RATE_HZ),
            ballistics: Ballistics::new(settings.release_ms, settings.attack_ms, UNPREPARED_RATE_HZ),
            gain: 1.0,
            idle: false,
        };
        gate.reset();
        gate
    }

    /// Learns the rate, then resets.
    pub fn prepare(&mut self, spec: Spec) {
        self.sample_rate_hz = spec.sample_rate_hz;
        self.on.prepare(spec.sample_rate_hz);
        self.range_db.prepare(spec.sample_rate_hz);
        self.aim();
        self.reset();
    }

    /// Forgets the past: it is closed, as after endless silence.
    pub fn reset(&mut self) {
        self.on.reset();
        self.range_db.reset();
        if self.settings.on {
            self.idle = false;
            self.door.close();
            self.ballistics.rest_on(self.range_db.value());
            self.gain = self.gain_now();
        } else {
            self.become_idle();
        }
    }

    /// New targets.
    pub fn set(&mut self, settings: Settings) {
        let settings = settings.clamped();
        if settings == self.settings {
            return;
        }
        self.settings = settings;
        self.aim();
        if self.idle {
            // Turned on it starts open, as it sounded so far, and closes in its own time.
            self.range_db.reset();
            self.idle = !settings.on;
        }
    }

    /// Gates in place. `external` is the sidechain, silence where it is absent or shorter than the block.
    pub fn process(&mut self, block: &mut [Frame], external: Option<&[Frame]>) {
        for (n, frame) in block.iter_mut().enumerate() {
            let input = sanitise(*frame);
            *frame =
                if self.idle { input } else { self.tick(input, key::frame(self.settings.key, input, external, n)) };
        }
    }

    /// Reduction at the last frame, in dB, 0 or more.
    #[must_use]
    pub fn reduction_db(&self) -> f64 {
        self.ballistics.reduction_db()[0]
    }

    #[inline]
    fn tick(&mut self, input: Frame, key: Frame) -> Frame {
        let moving = !(self.on.is_settled() && self.range_db.is_settled());
        if moving {
            self.on.tick();
            self.range_db.tick();
        }
        let target_db = if self.door.tick(louder(key)) { 0.0 } else { self.range_db.value() };
        // Arrived, and nothing moves: the gain is what it was.
        if moving || self.reduction_db() != target_db {
            self.ballistics.tick([target_db]);
            self.gain = self.gain_now();
        }
        let output = input.map(|x| x * self.gain);
        if moving && self.on.is_settled() && self.on.value() == 0.0 {
            self.become_idle();
        }
        output
    }

    /// Exactly 1 when off or open.
    #[inline]
    fn gain_now(&self) -> f64 {
        let (on, [gain, _]) = (self.on.value(), db_to_gain([-self.reduction_db(); 2]));
        (1.0 - on) + on * gain
    }

    /// Everything that follows from the settings and the rate.
    fn aim(&mut self) {
        let rate = self.sample_rate_hz;
        self.on.set(on_fraction(self.settings));
        self.range_db.set(self.settings.range_db);
        self.door.aim(self.settings, rate);
        self.ballistics.set_times(self.settings.release_ms, self.settings.attack_ms, rate);
    }

    fn become_idle(&mut self) {
        self.range_db.reset();
        self.door.open();
        self.ballistics.rest_on(0.0);
        self.gain = 1.0;
        self.idle = true;
    }
}

fn on_fraction(settings: Settings) -> f64 {
    if settings.on { 1.0 } else { 0.0 }
}

/// Open or closed.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Door {
    opens_above: f64,
    closes_below: f64,
    hold_frames: u32,
    is_open: bool,
    /// Frames since the level was last above the closing threshold.
    below_frames: u32,
}

impl Door {
    fn new(settings: Settings, sample_rate_hz: f64) -> Self {
        let mut door = Self { opens_above: 0.0, closes_below: 0.0, hold_frames: 0, is_open: false, below_frames: 0 };
        door.aim(settings, sample_rate_hz);
        door
    }

    fn aim(&mut self, settings: Settings, sample_rate_hz: f64) {
        self.opens_above = units::db_to_gain(settings.threshold_db);
        self.closes_below = units::db_to_gain(settings.threshold_db - settings.hysteresis_db);
        self.hold_frames = ms_to_frames(settings.hold_ms.max(MIN_HOLD_MS), sample_rate_hz).round() as u32;
    }

    fn open(&mut self) {
        (self.is_open, self.below_frames) = (true, 0);
    }

    fn close(&mut self) {
        (self.is_open, self.below_frames) = (false, 0);
    }

    /// Looks at one more |x|; says whether it is open.
    #[inline]
    fn tick(&mut self, level: f64) -> bool {
        if level > self.closes_below {
            self.below_frames = 0;
            self.is_open |= level > self.opens_above;
        } else if self.is_open {
            self.below_frames += 1;
            self.is_open = self.below_frames < self.hold_frames;
        }
        self.is_open
    }
}

#[cfg(test)]
mod tests;

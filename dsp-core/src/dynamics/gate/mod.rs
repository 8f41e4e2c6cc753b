//! Gate, downward expander and ducker: turns down what lies below a threshold, or below another signal.
//!
//! Key → low and high cut → open or closed ([`door`](self), with hysteresis and hold), or the static curve of expansion
//! (`expander.rs`) on the largest |x| of the hold time → ballistics in dB → gain. Attack is always the answer to a loud
//! key, release to a quiet one: a gate opens with its attack, a ducker comes down with it.
//!
//! With lookahead the signal is late against the key, so that the front of a drum is not cut off. The hold is counted
//! in what is heard: it is longer by the lookahead.

mod door;
mod expander;
mod ramps;
mod settings;
mod stages;
#[cfg(test)]
mod tests;

use super::detector::Detector;
use super::follower::{Follower, Law};
use super::key::Key;
use super::key_filter::KeyFilter;
use crate::chain::stage::Stage;
use crate::delay::Delay;
use crate::frame::sanitise_all;
use crate::simd::Isa;
use crate::simd::decibel::db_to_gains;
use crate::smooth::Smoothed;
use crate::spec::UNPREPARED_RATE_HZ;
use crate::units::{self, FLOOR_DB, ms_to_frames};
use crate::{Choice, Frame, Spec};
use door::Door;
use ramps::Ramps;

pub use super::lookahead::Lookahead;
pub use settings::{
    ATTACK_MS, HOLD_MS, HYSTERESIS_DB, KEY_HIGH_CUT_HZ, KEY_LOW_CUT_HZ, KNEE_DB, Mode, RANGE_DB, RATIO, RELEASE_MS,
    Settings, THRESHOLD_DB,
};

/// Shortest hold: half a period of 50 Hz. Between two crests of a steady tone the gate must not begin to close.
const MIN_HOLD_MS: f64 = 10.0;

/// A running gate.
#[derive(Clone, Debug)]
pub struct Gate {
    settings: Settings,
    sample_rate_hz: f64,
    lookahead_frames: usize,
    ramps: Ramps,
    /// Share of the sidechain in the key.
    external: Smoothed,
    key_filter: KeyFilter,
    door: Door,
    /// The largest |x| of the hold time, for expansion.
    detector: Detector,
    /// Its level, and what expansion asks for there.
    level_db: f64,
    expansion_db: f64,
    times: Law,
    follower: Follower,
    /// What the input is multiplied by.
    gain: f64,
    /// The signal, and the key as it is listened to, on their way.
    input: Delay,
    heard_key: Delay,
    isa: Isa,
    /// Off, and faded out: the input passes as it is and nothing listens.
    idle: bool,
}

impl Gate {
    /// A gate at rest.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        let (settings, rate) = (settings.clamped(), UNPREPARED_RATE_HZ);
        let mut gate = Self {
            settings,
            sample_rate_hz: rate,
            lookahead_frames: 0,
            ramps: Ramps::new(&settings),
            external: Smoothed::new(share_of_external(settings.key)),
            key_filter: KeyFilter::new(settings.key_low_cut_hz, settings.key_high_cut_hz, rate),
            door: Door::new(),
            detector: Detector::new(0.0, rate),
            level_db: FLOOR_DB,
            expansion_db: 0.0,
            times: Law::straight(0.0, 0.0, rate),
            follower: Follower::default(),
            gain: 1.0,
            input: Delay::new(longest_frames(rate)),
            heard_key: Delay::new(longest_frames(rate)),
            isa: Isa::detect(),
            idle: false,
        };
        gate.reset();
        gate
    }

    /// Reduction at the last frame, in dB, 0 or more.
    #[must_use]
    pub fn reduction_db(&self) -> f64 {
        self.follower.reduction_db()
    }

    /// Reduction that the present state of things asks for.
    #[inline(always)]
    fn asked_db(&self) -> f64 {
        match self.settings.mode {
            Mode::Expand => self.expansion_db,
            _ if self.passes() => 0.0,
            Mode::Gate | Mode::Duck => self.ramps.range_db.value(),
        }
    }

    /// Whether the door, as it stands, lets all through: a gate's open, a ducker's closed.
    #[inline(always)]
    fn passes(&self) -> bool {
        self.door.is_open() == (self.settings.mode == Mode::Gate)
    }

    /// What happens on the control grid: what is near enough has arrived.
    fn control(&mut self) {
        let before = self.follower;
        self.follower.control(&self.times);
        if self.follower != before {
            self.gain = self.gain_now();
        }
    }

    #[inline]
    fn gain_now(&self) -> f64 {
        mixed(self.follower.reduction_db(), self.ramps.on.value())
    }

    /// Where the settings want everything to go.
    fn aim(&mut self) {
        let settings = self.settings;
        self.ramps.set(&settings);
        self.external.set(share_of_external(settings.key));
        self.key_filter.set(settings.key_low_cut_hz, settings.key_high_cut_hz);
        let [opens_above, closes_below] =
            [settings.threshold_db, settings.threshold_db - settings.hysteresis_db].map(units::db_to_gain);
        self.door.aim(opens_above, closes_below);
    }

    /// Hold, window and time constants, which follow from the settings, the rate and the lookahead.
    fn set_times(&mut self) {
        let (settings, rate) = (self.settings, self.sample_rate_hz);
        let hold_ms = settings.hold_ms.max(MIN_HOLD_MS);
        let hold_frames = ms_to_frames(hold_ms, rate).round() as usize + self.lookahead_frames;
        self.door.set_hold(hold_frames as u32);
        self.detector.set_window(hold_frames as f64 / rate * 1000.0, rate);
        let (rise_ms, fall_ms) = match settings.mode {
            Mode::Gate | Mode::Expand => (settings.release_ms, settings.attack_ms),
            Mode::Duck => (settings.attack_ms, settings.release_ms),
        };
        self.times = Law::straight(rise_ms, fall_ms, rate);
    }

    /// Nothing is turned down, and nothing was heard but what asks for that.
    fn rest(&mut self) {
        self.door.put(self.settings.mode != Mode::Duck);
        self.hear_the_threshold();
        self.key_filter.forget();
        self.follower = Follower::default();
        self.gain = 1.0;
    }

    /// As if the level had just been where expansion begins.
    fn hear_the_threshold(&mut self) {
        // A little more, for the rounding.
        self.level_db = self.ramps.expander().clear_db() + 1e-9;
        self.detector.reset();
        self.detector.tick([units::db_to_gain(self.level_db); 2]);
        self.expansion_db = 0.0;
    }
}

impl Stage for Gate {
    type Settings = Settings;

    /// Learns the rate and sizes for the longest lookahead, then resets.
    fn prepare(&mut self, spec: Spec) {
        self.sample_rate_hz = spec.sample_rate_hz;
        self.ramps.prepare(spec.sample_rate_hz);
        self.external.prepare(spec.sample_rate_hz);
        self.key_filter.prepare(spec.sample_rate_hz);
        self.input = Delay::new(longest_frames(spec.sample_rate_hz));
        self.heard_key = self.input.clone();
        self.reset();
    }

    /// Forgets the past, as after endless silence, and adopts the lookahead.
    fn reset(&mut self) {
        self.lookahead_frames = self.settings.lookahead.frames(self.sample_rate_hz);
        for delay in [&mut self.input, &mut self.heard_key] {
            delay.reset();
            delay.set_frames(self.lookahead_frames);
        }
        self.set_times();
        self.aim();
        self.ramps.reset();
        self.external.reset();
        self.key_filter.reset();
        self.idle = !self.settings.on;
        if self.idle {
            self.rest();
            return;
        }
        self.door.put(false);
        self.detector.reset();
        self.level_db = FLOOR_DB;
        self.expansion_db = self.ramps.expander().reduction_db(FLOOR_DB);
        self.follower = Follower::at(self.asked_db());
        self.gain = self.gain_now();
    }

    /// New targets.
    fn set(&mut self, settings: Settings) {
        let settings = settings.clamped();
        if settings == self.settings {
            return;
        }
        let before = core::mem::replace(&mut self.settings, settings);
        if settings.times() != before.times() {
            self.set_times();
        }
        self.aim();
        if self.idle {
            // Turned on it sounds as it did so far, and closes in its own time. The control grid begins here.
            self.ramps.begin_in(self.lookahead_frames);
            self.external.reset();
            self.key_filter.reset();
            self.rest();
            self.idle = !settings.on;
        } else if settings.mode == Mode::Expand && before.mode != Mode::Expand {
            self.hear_the_threshold();
        }
    }

    /// Gates in place. `external` is the sidechain, silence where it is absent or shorter than the block.
    fn process(&mut self, block: &mut [Frame], external: Option<&[Frame]>) {
        let mut at = 0;
        while at < block.len() {
            if self.idle {
                sanitise_all(&mut block[at..]);
                return self.input.process(&mut block[at..]);
            }
            if self.key_filter.is_at_control() {
                self.control();
            }
            let frames = self.key_filter.run(block.len() - at);
            let external = external.and_then(|frames| frames.get(at..)).unwrap_or(&[]);
            self.run(&mut block[at..at + frames], external);
            at += frames;
        }
    }

    /// Whether it does nothing until something is set, and need not be given frames that are numbers.
    fn is_idle(&self) -> bool {
        self.idle && self.lookahead_frames == 0
    }

    /// Whether it listens to the sidechain, or will.
    fn uses_sidechain(&self) -> bool {
        !self.idle && (self.external.value() > 0.0 || !self.external.is_settled())
    }

    /// Delay of the signal: the lookahead adopted by the last reset.
    fn latency_frames(&self) -> usize {
        self.lookahead_frames
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

/// Dry and reduced as one gain, exactly 1 when off or nothing is reduced.
#[inline]
fn mixed(reduction_db: f64, on: f64) -> f64 {
    let [gain] = db_to_gains([-reduction_db]);
    (1.0 - on) + on * gain
}

fn share_of_external(key: Key) -> f64 {
    f64::from(u8::from(key == Key::External))
}

/// The longest lookahead.
fn longest_frames(sample_rate_hz: f64) -> usize {
    Lookahead::ALL.iter().map(|lookahead| lookahead.frames(sample_rate_hz)).max().unwrap_or(0)
}

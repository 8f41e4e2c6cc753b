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
#[cfg(test)]
mod tests;

use super::ballistics::Ballistics;
use super::detector::{Detector, louder};
use super::key::{self, Key};
use super::key_filter::KeyFilter;
use super::wet_gain::db_to_gain;
use crate::delay::Delay;
use crate::frame::sanitise;
use crate::smooth::{CONTROL_FRAMES, Smoothed};
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
    ballistics: Ballistics<1>,
    /// What the input is multiplied by.
    gain: f64,
    /// The signal, and the key as it is listened to, on their way.
    input: Delay,
    heard_key: Delay,
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
            ballistics: Ballistics::new(0.0, 0.0, rate),
            gain: 1.0,
            input: Delay::new(longest_frames(rate)),
            heard_key: Delay::new(longest_frames(rate)),
            idle: false,
        };
        gate.reset();
        gate
    }

    /// Learns the rate and sizes for the longest lookahead, then resets.
    pub fn prepare(&mut self, spec: Spec) {
        self.sample_rate_hz = spec.sample_rate_hz;
        self.ramps.prepare(spec.sample_rate_hz);
        self.external.prepare(spec.sample_rate_hz);
        self.key_filter.prepare(spec.sample_rate_hz);
        self.input = Delay::new(longest_frames(spec.sample_rate_hz));
        self.heard_key = self.input.clone();
        self.reset();
    }

    /// Forgets the past, as after endless silence, and adopts the lookahead.
    pub fn reset(&mut self) {
        self.lookahead_frames = self.settings.lookahead.frames(self.sample_rate_hz);
        for delay in [&mut self.input, &mut self.heard_key] {
            delay.reset();
            delay.set_frames(self.lookahead_frames);
        }
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
        self.ballistics.rest_on(self.asked_db(false));
        self.gain = self.gain_now();
    }

    /// New targets.
    pub fn set(&mut self, settings: Settings) {
        let settings = settings.clamped();
        if settings == self.settings {
            return;
        }
        let before = self.settings;
        self.settings = settings;
        self.aim();
        if self.idle {
            // Turned on it sounds as it did so far, and closes in its own time.
            self.ramps.begin_in(self.lookahead_frames);
            self.external.reset();
            self.key_filter.settle();
            self.rest();
            self.idle = !settings.on;
        } else if settings.mode == Mode::Expand && before.mode != Mode::Expand {
            self.hear_the_threshold();
        }
    }

    /// Delay of the signal: the lookahead adopted by the last reset.
    #[must_use]
    pub fn latency_frames(&self) -> usize {
        self.lookahead_frames
    }

    /// Latency of the longest lookahead.
    #[must_use]
    pub fn max_latency_frames(&self) -> usize {
        Lookahead::Ms5.frames(self.sample_rate_hz)
    }

    /// Latency that the next `reset` will adopt: differs from [`Self::latency_frames`] after a structural change.
    #[must_use]
    pub fn pending_latency_frames(&self) -> usize {
        self.settings.lookahead.frames(self.sample_rate_hz)
    }

    /// Gates in place. `external` is the sidechain, silence where it is absent or shorter than the block.
    pub fn process(&mut self, block: &mut [Frame], external: Option<&[Frame]>) {
        let mut at = 0;
        while at < block.len() {
            let frames = self.key_filter.run(block.len() - at);
            let run = &mut block[at..at + frames];
            run.iter_mut().for_each(|frame| *frame = sanitise(*frame));
            if !self.idle {
                self.run(run, external.and_then(|frames| frames.get(at..)));
            } else if self.lookahead_frames > 0 {
                run.iter_mut().for_each(|frame| *frame = self.input.tick(*frame));
            }
            at += frames;
        }
    }

    /// Reduction at the last frame, in dB, 0 or more.
    #[must_use]
    pub fn reduction_db(&self) -> f64 {
        self.ballistics.reduction_db()[0]
    }

    /// At most [`CONTROL_FRAMES`].
    #[inline]
    fn run(&mut self, block: &mut [Frame], external: Option<&[Frame]>) {
        let mut keys = [[0.0; 2]; CONTROL_FRAMES];
        let keys = &mut keys[..block.len()];
        self.listen(keys, block, external);
        let (moving, waiting) = (self.ramps.moving, self.ramps.waiting());
        let (mut gains, mut wet) = ([0.0; CONTROL_FRAMES], [1.0; CONTROL_FRAMES]);
        let settled = if moving {
            self.follow::<true>(&mut gains, &mut wet, keys)
        } else {
            self.follow::<false>(&mut gains, &mut wet, keys)
        };
        if settled {
            gains = [self.gain; CONTROL_FRAMES];
        } else {
            self.gain = to_gains(&mut gains, &wet, block.len());
        }
        if self.lookahead_frames > 0 || !self.ramps.listen.is_off() || !self.ramps.listen.is_settled() {
            self.play(block, keys, &gains, waiting);
        } else if !settled || self.gain != 1.0 {
            block.iter_mut().zip(gains).for_each(|(frame, gain)| *frame = [frame[0] * gain, frame[1] * gain]);
        }
        if moving {
            self.ramps.look();
        }
        if self.ramps.is_off() {
            self.rest();
            self.idle = true;
        }
    }

    /// Reductions of a run in dB and how much of them is applied; whether nothing of both moved. Parameters may move
    /// from one frame to the next, or are shared by all.
    #[inline]
    fn follow<const MOVING: bool>(
        &mut self,
        reductions_db: &mut [f64; CONTROL_FRAMES],
        wet: &mut [f64; CONTROL_FRAMES],
        keys: &[Frame],
    ) -> bool {
        // In registers meanwhile.
        let (mut door, mut ballistics, mut settled) = (self.door, self.ballistics, !MOVING);
        let (mode, mut range_db, mut expander) =
            (self.settings.mode, self.ramps.range_db.value(), self.ramps.expander());
        for (n, key) in keys.iter().enumerate() {
            if MOVING {
                self.ramps.tick();
                (range_db, expander, wet[n]) =
                    (self.ramps.range_db.value(), self.ramps.expander(), self.ramps.on.value());
            }
            let level = louder(*key);
            let open = door.tick(level);
            let target_db = if mode == Mode::Expand {
                let rises = self.detector.tick([level; 2]);
                if rises {
                    [self.level_db, _] = self.detector.levels_db(1.0);
                }
                if rises || MOVING {
                    self.expansion_db = expander.reduction_db(self.level_db);
                }
                self.expansion_db
            } else if open == (mode == Mode::Gate) {
                0.0
            } else {
                range_db
            };
            // Arrived: the gain is what it was.
            if ballistics.reduction_db() != [target_db] {
                ballistics.tick([target_db]);
                settled = false;
            }
            [reductions_db[n]] = ballistics.reduction_db();
        }
        (self.door, self.ballistics) = (door, ballistics);
        settled
    }

    /// A run of the result, or what is listened to instead.
    #[inline]
    fn play(&mut self, block: &mut [Frame], keys: &[Frame], gains: &[f64], waiting: usize) {
        let (late, mut listen) = (self.lookahead_frames > 0, self.ramps.listen);
        let listens = !(listen.is_off() && listen.is_settled());
        for (n, (frame, key)) in block.iter_mut().zip(keys).enumerate() {
            let (mut input, mut key) = (*frame, *key);
            if late {
                (input, key) = (self.input.tick(input), self.heard_key.tick(key));
            }
            let output = [input[0] * gains[n], input[1] * gains[n]];
            *frame = output;
            if listens {
                if n >= waiting {
                    listen.tick();
                }
                *frame = listen.heard(output, key, [input[0] - output[0], input[1] - output[1]]);
            }
        }
        self.ramps.listen = listen;
    }

    /// What the detector hears of a run.
    #[inline]
    fn listen(&mut self, keys: &mut [Frame], block: &[Frame], external: Option<&[Frame]>) {
        let outer = |n: usize, input| key::frame(Key::External, input, external, n);
        if !self.external.is_settled() {
            let share = &mut self.external;
            self.key_filter.process(keys, |n| {
                let (share, input, outer) = (share.tick(), block[n], outer(n, block[n]));
                [0, 1].map(|lane| input[lane] + share * (outer[lane] - input[lane]))
            });
        } else if self.external.value() == 0.0 {
            self.key_filter.process(keys, |n| block[n]);
        } else {
            self.key_filter.process(keys, |n| outer(n, block[n]));
        }
    }

    /// Reduction that the present state of things asks for.
    #[inline]
    fn asked_db(&self, open: bool) -> f64 {
        match self.settings.mode {
            Mode::Expand => self.expansion_db,
            Mode::Gate if open => 0.0,
            Mode::Duck if !open => 0.0,
            Mode::Gate | Mode::Duck => self.ramps.range_db.value(),
        }
    }

    #[inline]
    fn gain_now(&self) -> f64 {
        mixed(self.ballistics.reduction_db(), self.ramps.on.value())
    }

    /// Everything that follows from the settings, the rate and the lookahead.
    fn aim(&mut self) {
        let (settings, rate) = (self.settings, self.sample_rate_hz);
        self.ramps.set(&settings);
        self.external.set(share_of_external(settings.key));
        self.key_filter.set(settings.key_low_cut_hz, settings.key_high_cut_hz);
        let hold_ms = settings.hold_ms.max(MIN_HOLD_MS);
        let hold_frames = ms_to_frames(hold_ms, rate).round() as usize + self.lookahead_frames;
        let [opens_above, closes_below] =
            [settings.threshold_db, settings.threshold_db - settings.hysteresis_db].map(units::db_to_gain);
        self.door.aim(opens_above, closes_below, hold_frames as u32);
        self.detector.set_window(hold_frames as f64 / rate * 1000.0, rate);
        let (rise_ms, fall_ms) = match settings.mode {
            Mode::Gate | Mode::Expand => (settings.release_ms, settings.attack_ms),
            Mode::Duck => (settings.attack_ms, settings.release_ms),
        };
        self.ballistics.set_times(rise_ms, fall_ms, rate);
    }

    /// Nothing is turned down, and nothing was heard but what asks for that.
    fn rest(&mut self) {
        self.door.put(self.settings.mode != Mode::Duck);
        self.hear_the_threshold();
        self.key_filter.forget();
        self.ballistics.rest_on(0.0);
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

/// Reductions in dB as gains, in place and two at a time; returns the last of `frames`.
#[inline]
fn to_gains(reductions_db: &mut [f64; CONTROL_FRAMES], wet: &[f64; CONTROL_FRAMES], frames: usize) -> f64 {
    for (pair, on) in reductions_db.chunks_exact_mut(2).zip(wet.chunks_exact(2)).take(frames.div_ceil(2)) {
        let gains = db_to_gain([-pair[0], -pair[1]]);
        pair.copy_from_slice(&[(1.0 - on[0]) + on[0] * gains[0], (1.0 - on[1]) + on[1] * gains[1]]);
    }
    reductions_db[frames - 1]
}

/// Dry and reduced as one gain, exactly 1 when off or nothing is reduced.
#[inline]
fn mixed([reduction_db]: [f64; 1], on: f64) -> f64 {
    let [gain, _] = db_to_gain([-reduction_db; 2]);
    (1.0 - on) + on * gain
}

fn share_of_external(key: Key) -> f64 {
    f64::from(u8::from(key == Key::External))
}

/// The longest lookahead.
fn longest_frames(sample_rate_hz: f64) -> usize {
    Lookahead::ALL.iter().map(|lookahead| lookahead.frames(sample_rate_hz)).max().unwrap_or(0)
}

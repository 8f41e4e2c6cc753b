//! Gate, downward expander and ducker: turns down what lies below a threshold, or below another signal.
//!
//! Key → low and high cut → open or closed (`trigger.rs`, with hysteresis and hold), or the static curve of expansion
//! (`expander.rs`) on the largest |x| of the hold time → ballistics in dB → gain. Attack is always the answer to a loud
//! key, release to a quiet one: a gate opens with its attack, a ducker comes down with it.
//!
//! With lookahead the signal is delayed against the key, so that the onset of a drum is not cut off. The hold counts
//! from what is heard: it is longer by the lookahead.

mod expander;
mod ramps;
mod settings;
#[cfg(test)]
mod tests;
mod trigger;

use super::ballistics::{Ballistics, Follower};
use super::detector::{Detector, linked};
use super::engine::{Context, Dynamics, Engine};
use super::key::{Key, read_sidechain};
use super::key_filter::KeyFilter;
use super::listen::heard;
use super::lookahead::LookaheadDelays;
use super::reduction::{Curve, Followed, Followers, RunValues, to_gains};
use crate::Frame;
use crate::frame::sanitise_all;
use crate::simd::decibel::db_to_gains;
use crate::smooth::{CONTROL_FRAMES, Smoothed};
use crate::spec::UNPREPARED_RATE_HZ;
use crate::units::{self, FLOOR_DB, ms_to_frames};
use ramps::{Moves, Of, Ramps};
use trigger::Trigger;

pub use super::lookahead::Lookahead;
pub use settings::{
    ATTACK_MS, HOLD_MS, HYSTERESIS_DB, KEY_HIGH_CUT_HZ, KEY_LOW_CUT_HZ, KNEE_DB, Mode, RANGE_DB, RATIO, RELEASE_MS,
    Settings, THRESHOLD_DB,
};

/// Shortest hold: half a period of 50 Hz. Between two crests of a steady tone the gate must not begin to close.
const MIN_HOLD_MS: f64 = 10.0;

/// A running gate.
pub type Gate = Engine<Gating>;

impl Gate {
    /// Reduction at the last frame, in dB, 0 or more.
    #[must_use]
    pub fn reduction_db(&self) -> f64 {
        let [reduction_db] = self.dynamics.followers.reductions_db();
        reduction_db
    }
}

/// What makes an [`Engine`] a gate.
#[derive(Clone, Debug)]
pub struct Gating {
    ramps: Ramps,
    /// Share of the sidechain in the key.
    external: Smoothed,
    key_filter: KeyFilter,
    trigger: Trigger,
    /// The largest |x| of the hold time, for expansion.
    detector: Detector,
    /// Its level, and what expansion asks for there.
    level_db: f64,
    expansion_db: f64,
    followers: Followers<1>,
    /// Present gain.
    gain: f64,
}

impl Dynamics for Gating {
    type Settings = Settings;
    const LOOKS_AHEAD: bool = true;

    fn new(settings: &Settings) -> Self {
        let rate = UNPREPARED_RATE_HZ;
        Self {
            ramps: Ramps::new(settings),
            external: Smoothed::new(share_of_external(settings.key)),
            key_filter: KeyFilter::new(settings.key_low_cut_hz, settings.key_high_cut_hz, rate),
            trigger: Trigger::new(),
            detector: Detector::new(0.0, rate),
            level_db: FLOOR_DB,
            expansion_db: 0.0,
            followers: Followers::new([Ballistics::straight(0.0, 0.0, rate)]),
            gain: 1.0,
        }
    }

    fn prepare(&mut self, context: &Context<Settings>) {
        let rate = context.sample_rate_hz;
        self.ramps.prepare(rate);
        self.external.prepare(rate);
        self.key_filter.prepare(rate);
    }

    fn reset(&mut self, context: &Context<Settings>) {
        let settings = &context.settings;
        self.set_times(context);
        self.aim(settings);
        self.ramps.settle();
        self.external.reset();
        self.key_filter.reset();
        if !settings.on {
            return self.rest(context);
        }
        self.trigger.put(false);
        self.detector.reset();
        self.level_db = FLOOR_DB;
        self.expansion_db = self.ramps.expander().reduction_db(FLOOR_DB);
        let [follower] = &mut self.followers.lanes;
        *follower = Follower::at(match settings.mode {
            Mode::Expand => self.expansion_db,
            Mode::Gate => self.ramps.value(Of::RangeDb),
            Mode::Duck => 0.0,
        });
        self.gain = self.gain_now();
    }

    fn set(&mut self, context: &Context<Settings>, before: &Settings) {
        let settings = &context.settings;
        if settings.times() != before.times() {
            self.set_times(context);
        }
        self.aim(settings);
        if settings.mode == Mode::Expand && before.mode != Mode::Expand {
            self.hear_the_threshold();
        }
    }

    /// Switched on, the gate starts open and closes in its own time.
    fn settle_unheard(&mut self, context: &Context<Settings>) {
        self.ramps.begin_in(context.delays.frames());
        self.external.reset();
        self.key_filter.reset();
    }

    fn rest(&mut self, context: &Context<Settings>) {
        self.trigger.put(context.settings.mode != Mode::Duck);
        self.hear_the_threshold();
        self.key_filter.forget();
        self.followers.settle_on(0.0);
        self.gain = 1.0;
    }

    fn control(&mut self, _: &Context<Settings>) {
        let before = self.followers.lanes;
        self.followers.control();
        if self.followers.lanes != before {
            self.gain = self.gain_now();
        }
        self.key_filter.control();
    }

    #[inline(always)]
    fn run(&mut self, context: &mut Context<Settings>, block: &mut [Frame], sidechain: &[Frame]) {
        sanitise_all(block);
        let mut key = [[0.0; 2]; CONTROL_FRAMES];
        let key = &mut key[..block.len()];
        self.listen(context, key, block, sidechain);
        let expands = context.settings.mode == Mode::Expand;
        if self.ramps.are_used(expands) {
            return self.run_moving(context, block, key);
        }
        let moving = self.ramps.moving;
        if moving {
            self.ramps.skip_curve(block.len());
        }
        let mut gains = [[0.0; CONTROL_FRAMES]];
        let still = self.follow(context.settings.mode, key, &mut gains, None).still;
        let [gains] = &mut gains;
        if !still {
            self.gain = mixed_gains(gains, &[self.ramps.value(Of::On); CONTROL_FRAMES], block.len());
        }
        if context.delays.frames() > 0 || self.ramps.listens() {
            let gains = if still { &[self.gain; CONTROL_FRAMES] } else { &*gains };
            self.play(&mut context.delays, 0, block, key, gains);
        } else if !still {
            block.iter_mut().zip(gains).for_each(|(frame, gain)| *frame = [frame[0] * *gain, frame[1] * *gain]);
        } else if self.gain != 1.0 {
            block.as_flattened_mut().iter_mut().for_each(|x| *x *= self.gain);
        }
        if moving {
            self.ramps.look();
        }
    }

    fn is_off(&self) -> bool {
        self.ramps.are_off()
    }

    fn uses_sidechain(&self, _: &Context<Settings>) -> bool {
        self.external.value() > 0.0 || !self.external.is_settled()
    }
}

impl Gating {
    /// Processes a run while parameters move.
    #[inline(never)]
    fn run_moving(&mut self, context: &mut Context<Settings>, block: &mut [Frame], key: &mut [Frame]) {
        let (mut gains, mut moves, mode) = ([[0.0; CONTROL_FRAMES]], Moves::new(), context.settings.mode);
        let waiting = self.ramps.wait(block.len());
        self.ramps.run(block.len(), waiting, mode == Mode::Expand, &mut moves);
        self.follow(mode, key, &mut gains, Some(&moves));
        let [gains] = &mut gains;
        self.gain = mixed_gains(gains, moves.of(Of::On), block.len());
        self.play(&mut context.delays, waiting, block, key, gains);
        self.ramps.look();
    }

    /// Finds the reductions of a run.
    #[inline(always)]
    fn follow(
        &mut self,
        mode: Mode,
        key: &[Frame],
        reductions_db: &mut [RunValues; 1],
        moves: Option<&Moves>,
    ) -> Followed {
        if mode == Mode::Expand {
            let mut curve = Expansion {
                ramps: &self.ramps,
                moves,
                level_db: &mut self.level_db,
                expansion_db: &mut self.expansion_db,
            };
            return self.followers.follow(&mut self.detector, &mut curve, key, true, reductions_db);
        }
        let mut curve =
            RangeByTrigger { opens: mode == Mode::Gate, passes: false, range_db: self.ramps.value(Of::RangeDb), moves };
        curve.aim(self.trigger.is_open());
        self.followers.follow(&mut self.trigger, &mut curve, key, true, reductions_db)
    }

    /// Outputs the result of a run, or what is listened to instead. Nothing moves in the first `waiting` frames.
    fn play(
        &mut self,
        delays: &mut LookaheadDelays,
        waiting: usize,
        block: &mut [Frame],
        key: &mut [Frame],
        gains: &RunValues,
    ) {
        delays.signal.process(block);
        delays.key.process(key);
        if !self.ramps.listens() {
            block.iter_mut().zip(gains).for_each(|(frame, gain)| *frame = [frame[0] * gain, frame[1] * gain]);
            return;
        }
        let mut shares = [[0.0; CONTROL_FRAMES]; 2];
        self.ramps.run_listening(block.len(), waiting, &mut shares);
        for (n, (frame, key)) in block.iter_mut().zip(key).enumerate() {
            let (dry, result) = (*frame, frame.map(|x| x * gains[n]));
            *frame = heard([shares[0][n], shares[1][n]], result, *key, [dry[0] - result[0], dry[1] - result[1]]);
        }
    }

    /// Makes the run's key.
    #[inline(always)]
    fn listen(&mut self, context: &Context<Settings>, key: &mut [Frame], block: &[Frame], sidechain: &[Frame]) {
        key.copy_from_slice(block);
        if self.uses_sidechain(context) {
            let mut outer = [[0.0; 2]; CONTROL_FRAMES];
            let outer = &mut outer[..block.len()];
            read_sidechain(sidechain, outer);
            for (key, outer) in key.iter_mut().zip(outer) {
                let share = self.external.tick();
                *key =
                    if share < 1.0 { [0, 1].map(|lane| key[lane] + share * (outer[lane] - key[lane])) } else { *outer };
            }
        }
        self.key_filter.filter(key);
    }

    #[inline]
    fn gain_now(&self) -> f64 {
        let [follower] = self.followers.lanes;
        let ([gain], on) = (db_to_gains([-follower.reduction_db()]), self.ramps.value(Of::On));
        (1.0 - on) + on * gain
    }

    /// Passes new targets on.
    fn aim(&mut self, settings: &Settings) {
        self.ramps.set(settings);
        self.external.set(share_of_external(settings.key));
        self.key_filter.set(settings.key_low_cut_hz, settings.key_high_cut_hz);
        let [opens_above, closes_below] =
            [settings.threshold_db, settings.threshold_db - settings.hysteresis_db].map(units::db_to_gain);
        self.trigger.aim(opens_above, closes_below);
    }

    /// Hold, window and time constants, from the settings, the rate and the lookahead.
    fn set_times(&mut self, context: &Context<Settings>) {
        let (settings, rate) = (&context.settings, context.sample_rate_hz);
        let hold_ms = settings.hold_ms.max(MIN_HOLD_MS);
        let hold_frames = ms_to_frames(hold_ms, rate).round() as usize + context.delays.frames();
        self.trigger.set_hold(hold_frames as u32);
        self.detector.set_window(hold_frames as f64 / rate * 1000.0, rate);
        let (rise_ms, fall_ms) = match settings.mode {
            Mode::Gate | Mode::Expand => (settings.release_ms, settings.attack_ms),
            Mode::Duck => (settings.attack_ms, settings.release_ms),
        };
        self.followers.ballistics = [Ballistics::straight(rise_ms, fall_ms, rate)];
    }

    /// Sets the level to where expansion begins.
    fn hear_the_threshold(&mut self) {
        // A little more, for the rounding.
        self.level_db = self.ramps.expander().clear_db() + 1e-9;
        self.detector.reset();
        self.detector.tick([units::db_to_gain(self.level_db); 2]);
        self.expansion_db = 0.0;
    }
}

/// The curve of expansion, whether its parameters move or not.
struct Expansion<'a> {
    ramps: &'a Ramps,
    moves: Option<&'a Moves>,
    level_db: &'a mut f64,
    expansion_db: &'a mut f64,
}

impl Curve<Frame> for Expansion<'_> {
    #[inline(always)]
    fn aim(&mut self, levels_db: Frame) {
        [*self.level_db, _] = linked(levels_db, 1.0);
        *self.expansion_db = self.ramps.expander().reduction_db(*self.level_db);
    }

    #[inline(always)]
    fn targets(&mut self, _: usize, from: usize, targets_db: &mut [f64]) -> Option<f64> {
        let Some(moves) = self.moves else { return Some(*self.expansion_db) };
        moves.expand(from, *self.level_db, targets_db);
        *self.expansion_db = targets_db.last().copied().unwrap_or(*self.expansion_db);
        None
    }
}

/// The full range or none of it, by the trigger.
struct RangeByTrigger<'a> {
    /// Whether an open trigger means no reduction: in a gate, not in a ducker.
    opens: bool,
    passes: bool,
    range_db: f64,
    moves: Option<&'a Moves>,
}

impl Curve<bool> for RangeByTrigger<'_> {
    #[inline(always)]
    fn aim(&mut self, is_open: bool) {
        self.passes = is_open == self.opens;
    }

    #[inline(always)]
    fn targets(&mut self, _: usize, from: usize, targets_db: &mut [f64]) -> Option<f64> {
        let Some(moves) = self.moves else { return Some(if self.passes { 0.0 } else { self.range_db }) };
        if self.passes {
            targets_db.fill(0.0);
        } else {
            targets_db.copy_from_slice(&moves.of(Of::RangeDb)[from..from + targets_db.len()]);
        }
        None
    }
}

/// Converts reductions in dB to gains in place, mixed with dry; returns the last of `frames`.
#[inline(always)]
fn mixed_gains(reductions_db: &mut RunValues, wet: &RunValues, frames: usize) -> f64 {
    reductions_db.iter_mut().for_each(|db| *db = -*db);
    to_gains(reductions_db, frames);
    for (gain, wet) in reductions_db.iter_mut().zip(wet) {
        *gain = (1.0 - wet) + wet * *gain;
    }
    reductions_db[frames - 1]
}

fn share_of_external(key: Key) -> f64 {
    f64::from(u8::from(key == Key::External))
}

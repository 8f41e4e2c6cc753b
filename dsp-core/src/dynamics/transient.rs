//! Transient shaper: changes the gain of attacks and of what sustains after them, independently of the level.
//!
//! Three envelopes in dB follow the peak level of the louder channel: one is fast, one rises slowly, one falls slowly.
//! Attack is where the fast one exceeds the one that rises slowly, sustain where it is below the one that falls slowly.
//! The differences are in dB, so they do not depend on the level. From `FULL_DB` up the whole gain is applied, below it
//! 3x² − 2x³ of it, so that the ripple of steady sounds hardly moves the gain. Both channels share it. No latency.
//!
//! **Clip-safe**: no boost takes a sample above full scale, nor one that is above it already any higher. The level is at
//! least the magnitude of each sample, so the boost is limited to the distance from the level to 0 dBFS, with a knee of
//! `CEILING_KNEE_DB`. Cuts, and boosts that stay below the knee, are not affected.

use super::ballistics::Ballistics;
use super::detector::{Detector, linked};
use super::engine::{Context, Dynamics, DynamicsSettings, Engine};
use super::gain_computer::GainComputer;
use super::ramps::{Line, Lines, frames_left};
use super::reduction::{Curve, Followers, RunValues, to_gains};
use crate::frame::sanitise_all;
use crate::smooth::CONTROL_FRAMES;
use crate::spec::UNPREPARED_RATE_HZ;
use crate::units::{FLOOR_DB, ms_to_frames, pct_to_fraction};
use crate::{Frame, Range};

/// Gain of attacks.
pub const ATTACK_DB: Range = Range::linear(-24.0, 0.0, 24.0, "dB");
/// Gain of what sustains after attacks.
pub const SUSTAIN_DB: Range = Range::linear(-24.0, 0.0, 24.0, "dB");
/// Share of the shaped signal; the rest is dry.
pub const MIX_PCT: Range = Range::linear(0.0, 100.0, 100.0, "%");

/// Settings of the transient shaper.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Whether it acts at all.
    pub on: bool,
    /// Gain of attacks.
    pub attack_db: f64,
    /// Gain of what sustains after attacks.
    pub sustain_db: f64,
    /// Whether boosts stop at full scale.
    pub clip_safe: bool,
    /// Share of the shaped signal.
    pub mix_pct: f64,
    /// Whether only the difference to the dry signal is heard.
    pub delta: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            on: false,
            attack_db: ATTACK_DB.default,
            sustain_db: SUSTAIN_DB.default,
            clip_safe: true,
            mix_pct: MIX_PCT.default,
            delta: false,
        }
    }
}

impl DynamicsSettings for Settings {
    fn clamped(&self) -> Self {
        Self {
            attack_db: ATTACK_DB.clamp(self.attack_db),
            sustain_db: SUSTAIN_DB.clamp(self.sustain_db),
            mix_pct: MIX_PCT.clamp(self.mix_pct),
            ..*self
        }
    }

    fn is_on(&self) -> bool {
        self.on
    }
}

/// Window of the level: half a period of 40 Hz.
const WINDOW_MS: f64 = 12.5;
/// Rise of the fast envelope: as short as an onset, long enough to smooth its steps.
const FAST_RISE_MS: f64 = 0.1;
/// Fall of the fast envelope: smooths the steps in which the window lets the level fall.
const FAST_FALL_MS: f64 = 5.0;
/// Rise of the envelope that attacks are measured from.
const SLOW_RISE_MS: f64 = 15.0;
/// Fall of the envelope that sustain is measured from: a sound that falls by 80 dB per second lags 12 dB.
const SLOW_FALL_MS: f64 = 150.0;
/// Difference from which all of the gain is applied.
const FULL_DB: f64 = 12.0;
/// Largest difference: an attack out of silence lasts as long as one of 24 dB, 10 ms at full gain.
const MAX_DB: f64 = 24.0;
/// Width of the knee around full scale.
const CEILING_KNEE_DB: f64 = 6.0;

/// Indices of the envelopes.
const FAST: usize = 0;
const SLOW_TO_RISE: usize = 1;
const SLOW_TO_FALL: usize = 2;
const ENVELOPES: usize = 3;

/// A running transient shaper.
pub type TransientShaper = Engine<TransientShaping>;

impl TransientShaper {
    /// Gain at the last frame, in dB, of either sign. The mix is not in it.
    #[must_use]
    pub fn gain_db(&self) -> f64 {
        self.dynamics.gain_db
    }
}

/// Parameters that ramp in 20 ms.
#[derive(Clone, Copy)]
enum Of {
    On,
    Mix,
    AttackDb,
    SustainDb,
    ClipSafe,
    Delta,
}

const MOVING: usize = Of::Delta as usize + 1;

/// What makes an [`Engine`] a transient shaper.
#[derive(Clone, Debug)]
pub struct TransientShaping {
    lines: Lines<MOVING>,
    detector: Detector,
    envelopes: Followers<ENVELOPES, ENVELOPES>,
    level_db: f64,
    gain_db: f64,
    /// Control steps in which the envelopes only learn the level: switched on, what sounds already is no attack.
    learning: u32,
}

impl Dynamics for TransientShaping {
    type Settings = Settings;

    fn new(settings: &Settings) -> Self {
        let rate = UNPREPARED_RATE_HZ;
        Self {
            lines: Lines::new(targets(settings)),
            detector: Detector::new(WINDOW_MS, rate),
            envelopes: Followers::new(ballistics(rate)),
            level_db: FLOOR_DB,
            gain_db: 0.0,
            learning: 0,
        }
    }

    fn prepare(&mut self, context: &Context<Settings>) {
        self.lines.prepare(context.sample_rate_hz);
        self.detector.set_window(WINDOW_MS, context.sample_rate_hz);
        self.envelopes.ballistics = ballistics(context.sample_rate_hz);
    }

    fn reset(&mut self, context: &Context<Settings>) {
        self.lines.settle_from(Of::On as usize);
        self.learning = 0;
        self.rest(context);
    }

    fn set(&mut self, context: &Context<Settings>, _: &Settings) {
        self.lines.set(targets(&context.settings));
    }

    fn settle_unheard(&mut self, context: &Context<Settings>) {
        self.lines.settle_from(Of::Mix as usize);
        self.learning = (ms_to_frames(WINDOW_MS, context.sample_rate_hz) / CONTROL_FRAMES as f64).ceil() as u32 + 1;
    }

    fn rest(&mut self, _: &Context<Settings>) {
        self.detector.reset();
        self.envelopes.settle_on(FLOOR_DB);
        (self.level_db, self.gain_db) = (FLOOR_DB, 0.0);
    }

    fn control(&mut self, _: &Context<Settings>) {
        self.lines.control();
        if self.learning > 0 {
            self.learning -= 1;
            return self.envelopes.settle_on(self.level_db);
        }
        self.envelopes.control();
        let [fast, to_rise, to_fall] = &mut self.envelopes.lanes;
        let fast_db = fast.reduction_db();
        to_rise.hold_within(fast_db - MAX_DB, f64::INFINITY);
        to_fall.hold_within(f64::NEG_INFINITY, fast_db + MAX_DB);
    }

    #[inline(always)]
    fn run(&mut self, context: &mut Context<Settings>, block: &mut [Frame], _: &[Frame]) {
        sanitise_all(block);
        let frames = block.len();
        let mut envelopes_db = [[0.0; CONTROL_FRAMES]; ENVELOPES];
        let mut levels_db = [0.0; CONTROL_FRAMES];
        let mut levels = Levels { level_db: &mut self.level_db, levels_db: &mut levels_db };
        self.envelopes.follow(&mut self.detector, &mut levels, block, false, &mut envelopes_db);

        let line = |of: Of| self.lines.line(of as usize);
        let left = |n: usize| frames_left(context.phase + n);
        let asked = [line(Of::AttackDb), line(Of::SustainDb)];
        let mut gains =
            if self.learning > 0 { [0.0; CONTROL_FRAMES] } else { shaped(&envelopes_db, asked, context.phase) };
        let clip_safe = line(Of::ClipSafe);
        if !clip_safe.is_zero() {
            for (n, (gain_db, level_db)) in gains.iter_mut().zip(levels_db).enumerate().take(frames) {
                if *gain_db > 0.0 && level_db + *gain_db > -CEILING_KNEE_DB / 2.0 {
                    *gain_db += clip_safe.at(left(n)) * (below_ceiling(*gain_db, level_db) - *gain_db);
                }
            }
        }
        self.gain_db = gains[frames - 1];
        to_gains(&mut gains, frames);
        let [on, mix, delta] = [Of::On, Of::Mix, Of::Delta].map(line);
        for (n, (frame, gain)) in block.iter_mut().zip(gains).enumerate() {
            let on = on.at(left(n));
            // Exactly 1 where nothing changes.
            let whole = (1.0 - on * delta.at(left(n))) + on * mix.at(left(n)) * (gain - 1.0);
            *frame = [frame[0] * whole, frame[1] * whole];
        }
    }

    fn is_off(&self) -> bool {
        self.lines.is_settled_on_zero(Of::On as usize)
    }
}

/// The level of the louder channel, for all envelopes and for the ceiling.
struct Levels<'a> {
    level_db: &'a mut f64,
    levels_db: &'a mut RunValues,
}

impl Curve<Frame> for Levels<'_> {
    #[inline(always)]
    fn aim(&mut self, levels_db: Frame) {
        [*self.level_db, _] = linked(levels_db, 1.0);
    }

    #[inline(always)]
    fn targets(&mut self, lane: usize, from: usize, targets_db: &mut [f64]) -> Option<f64> {
        if lane == FAST {
            self.levels_db[from..from + targets_db.len()].fill(*self.level_db);
        }
        Some(*self.level_db)
    }
}

/// The gains in dB for the envelopes of a run.
#[inline(always)]
fn shaped(envelopes_db: &[RunValues; ENVELOPES], [attack_db, sustain_db]: [Line; 2], phase: usize) -> RunValues {
    let mut gains_db = [0.0; CONTROL_FRAMES];
    for (n, gain_db) in gains_db.iter_mut().enumerate() {
        let (fast_db, left) = (envelopes_db[FAST][n], frames_left(phase + n));
        let attack = share(fast_db - envelopes_db[SLOW_TO_RISE][n]);
        let sustain = share(envelopes_db[SLOW_TO_FALL][n] - fast_db);
        *gain_db = attack_db.at(left) * attack + sustain_db.at(left) * sustain;
    }
    gains_db
}

/// Share of the gain for a difference of envelopes: 0 to 1, without a corner.
#[inline(always)]
fn share(difference_db: f64) -> f64 {
    let x = difference_db * (1.0 / FULL_DB);
    let x = if x > 0.0 { x } else { 0.0 };
    let x = if x < 1.0 { x } else { 1.0 };
    x * x * (3.0 - 2.0 * x)
}

/// Limits a boost at a level so that it does not exceed full scale, or the level itself where that is higher.
fn below_ceiling(gain_db: f64, level_db: f64) -> f64 {
    let ceiling = GainComputer::new(0.0, 1.0, CEILING_KNEE_DB, f64::INFINITY);
    (gain_db - ceiling.reduction_db(level_db.min(0.0) + gain_db)).max(0.0)
}

fn ballistics(sample_rate_hz: f64) -> [Ballistics; ENVELOPES] {
    [(FAST_RISE_MS, FAST_FALL_MS), (SLOW_RISE_MS, FAST_FALL_MS), (FAST_RISE_MS, SLOW_FALL_MS)]
        .map(|(rise_ms, fall_ms)| Ballistics::straight(rise_ms, fall_ms, sample_rate_hz))
}

fn targets(settings: &Settings) -> [f64; MOVING] {
    let share = |yes: bool| f64::from(u8::from(yes));
    let Settings { on, attack_db, sustain_db, clip_safe, mix_pct, delta } = *settings;
    [share(on), pct_to_fraction(mix_pct), attack_db, sustain_db, share(clip_safe), share(delta)]
}

#[cfg(test)]
mod tests;

//! The dynamics of two bands, both channels, in four lanes: level, curve, ballistics, gain, width, mix.
//!
//! The level is the largest magnitude of a window ([`super::window`]), so level, curve and target move rarely: when a
//! peak exceeds the window, and when one leaves it. In between the gain's distance to the target shrinks by one factor
//! per lane: an exponential in dB with the time constant of its 63 %. Parameters move in straight lines from control step
//! to control step, and so does the target.

use super::curve::{self, Curve};
use super::mix::{self, mixed};
use super::settings::{Band, MAX_BANDS, Mode, Settings};
use super::split::PairFrames;
use super::window::{CHUNK_FRAMES, Window};
use crate::dynamics::ballistics::REACHED_DB;
use crate::dynamics::detector::window_ms;
use crate::simd::F64x4;
use crate::simd::decibel::{db_to_gain, gain_to_db};
use crate::smooth::{CONTROL_FRAMES, RAMP_MS};
use crate::units::{ms_to_frames, one_pole_keep};

/// Numbers that move.
const NUMBERS: usize = curve::NUMBERS + mix::NUMBERS;

/// One number per lane.
type Four = [f64; 4];

/// What determines the window and the time constants of a band.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Times {
    mode: Mode,
    attack_ms: f64,
    release_ms: f64,
    sample_rate_hz: f64,
}

/// Two bands. New settings act from the next control step on.
#[derive(Clone, Debug)]
#[repr(align(32))]
pub(super) struct Pair {
    /// The parameters at the start of the control step, at its end, and their targets.
    from: [Four; NUMBERS],
    to: [Four; NUMBERS],
    target: [Four; NUMBERS],
    /// Control steps to go.
    left: u32,
    moving: bool,
    /// Whether the output mix moves too.
    mix_moves: bool,
    /// Settings of the present window and time constants.
    times: [Option<Times>; 2],
    /// Whether the curve has changed since the target was found.
    fresh: bool,
    /// Largest magnitude in the window, and in the part being filled.
    held: Four,
    filling: Four,
    /// The gain that the curve asks for, in dB, its slope per frame, and the distance of the present gain to it.
    asked_db: Four,
    each_db: Four,
    away_db: Four,
    /// Share of the distance that remains after a frame: on the way up, on the way down, and now.
    keep_up: Four,
    keep_down: Four,
    keep: Four,
    windows: [Window; 2],
}

impl Pair {
    pub(super) fn new() -> Self {
        Self {
            from: [[0.0; 4]; NUMBERS],
            to: [[0.0; 4]; NUMBERS],
            target: [[0.0; 4]; NUMBERS],
            left: 0,
            moving: false,
            mix_moves: false,
            times: [None; 2],
            fresh: true,
            held: [0.0; 4],
            filling: [0.0; 4],
            asked_db: [0.0; 4],
            each_db: [0.0; 4],
            away_db: [0.0; 4],
            keep_up: [0.0; 4],
            keep_down: [0.0; 4],
            keep: [0.0; 4],
            windows: [Window::new(), Window::new()],
        }
    }

    /// New targets for the pair at a place from the lowest (0) on.
    pub(super) fn set(&mut self, settings: &Settings, pair: usize, sample_rate_hz: f64) {
        let mut target = self.target;
        for half in 0..2 {
            // The highest band has no partner: that half of the pair stays silent.
            let place = (2 * pair + half).min(MAX_BANDS - 1);
            let band = &settings.band[place];
            let numbers = curve::numbers(band).into_iter().chain(mix::numbers(settings, place));
            for (lanes, number) in target.iter_mut().zip(numbers) {
                lanes[2 * half..2 * half + 2].fill(number);
            }
            self.set_times(half, band, sample_rate_hz);
        }
        if target != self.target {
            self.target = target;
            let steps = ms_to_frames(RAMP_MS, sample_rate_hz) / CONTROL_FRAMES as f64;
            self.left = steps.round().max(1.0) as u32;
        }
    }

    /// The window and the time constants. The response to a falling level is shortened by the window, so that 63 % still
    /// take its time.
    fn set_times(&mut self, half: usize, band: &Band, sample_rate_hz: f64) {
        let Band { mode, attack_ms, release_ms, .. } = *band;
        let times = Some(Times { mode, attack_ms, release_ms, sample_rate_hz });
        if core::mem::replace(&mut self.times[half], times) == times {
            return;
        }
        let hold_ms = self.windows[half].set_ms(window_ms(band.release_ms), sample_rate_hz);
        let attack = one_pole_keep(band.attack_ms, sample_rate_hz);
        let release = one_pole_keep(band.release_ms - hold_ms, sample_rate_hz);
        let (up, down) = match band.mode {
            Mode::Compress | Mode::UpCompress => (release, attack),
            Mode::Expand | Mode::UpExpand => (attack, release),
        };
        self.keep_up[2 * half..2 * half + 2].fill(up);
        self.keep_down[2 * half..2 * half + 2].fill(down);
        self.fresh = true;
    }

    /// Settles on the targets, as after endless silence.
    pub(super) fn reset(&mut self) {
        (self.from, self.to) = (self.target, self.target);
        (self.left, self.moving, self.mix_moves, self.fresh) = (0, false, false, true);
        self.forget();
    }

    /// Forgets the past.
    pub(super) fn forget(&mut self) {
        (self.held, self.filling) = ([0.0; 4], [0.0; 4]);
        self.windows.iter_mut().for_each(Window::reset);
        self.retarget::<[f64; 4]>(0);
        self.away_db = [0.0; 4];
    }

    /// Begins a control step.
    pub(super) fn step(&mut self) {
        self.fresh |= self.moving;
        self.from = self.to;
        self.moving = self.left > 0;
        if self.moving {
            let share = 1.0 / f64::from(self.left);
            self.left -= 1;
            if self.left == 0 {
                self.to = self.target;
            } else {
                for (to, target) in self.to.as_flattened_mut().iter_mut().zip(self.target.as_flattened()) {
                    *to += share * (*target - *to);
                }
            }
            self.fresh = true;
        }
        self.mix_moves = self.moving && self.from[curve::NUMBERS..] != self.to[curve::NUMBERS..];
    }

    /// Whether anything moves in this control step or will.
    pub(super) fn is_moving(&self) -> bool {
        self.moving || self.left > 0
    }

    /// Gain in dB that the dynamics of the lower and the upper band apply at the last frame, of the channel in which
    /// it is larger.
    pub(super) fn gains_db(&self) -> [f64; 2] {
        [0, 2].map(|lane| {
            let [left_db, right_db] = [lane, lane + 1].map(|lane| self.asked_db[lane] + self.away_db[lane]);
            if right_db.abs() > left_db.abs() { right_db } else { left_db }
        })
    }

    /// Peak level in dB of the lower and the upper band's key at the last frame, of the louder channel.
    pub(super) fn levels_db(&self) -> [f64; 2] {
        let held = [self.held[0].max(self.held[1]), 0.0, self.held[2].max(self.held[3]), 0.0];
        let level_db = gain_to_db(held);
        [level_db[0], level_db[2]]
    }

    /// Processes the frames `from..to` of a control step in place. `keys` are the keys, if not the same. With `APART` the
    /// processed and the `split` signal are mixed later, by [`Self::mix`].
    #[inline(always)]
    pub(super) fn run<V: F64x4, const APART: bool>(
        &mut self,
        frames: &mut PairFrames,
        split: &mut PairFrames,
        keys: Option<&PairFrames>,
        from: usize,
        to: usize,
    ) {
        if self.fresh {
            self.retarget::<V>(from);
            self.fresh = false;
        }
        let mut at = from;
        while at < to {
            let end = (at / CHUNK_FRAMES * CHUNK_FRAMES + CHUNK_FRAMES).min(to);
            match (self.moving, self.mix_moves && !APART) {
                (true, true) => self.run_chunk::<V, true, true, APART>(frames, split, keys, at, end),
                (true, false) => self.run_chunk::<V, true, false, APART>(frames, split, keys, at, end),
                (false, _) => self.run_chunk::<V, false, false, APART>(frames, split, keys, at, end),
            }
            if end.is_multiple_of(CHUNK_FRAMES) {
                self.end_chunk::<V>(end);
            }
            at = end;
        }
    }

    #[inline(always)]
    fn run_chunk<V: F64x4, const MOVING: bool, const MIX_MOVES: bool, const APART: bool>(
        &mut self,
        frames: &mut PairFrames,
        split: &mut PairFrames,
        keys: Option<&PairFrames>,
        from: usize,
        to: usize,
    ) {
        let (mut held, mut filling) = (V::load(&self.held), V::load(&self.filling));
        let (mut asked_db, mut away_db) = (V::load(&self.asked_db), V::load(&self.away_db));
        let mut keep = V::load(&self.keep);
        let mut mix = self.mix_at::<V, false>(from);
        for n in from..to {
            let x = V::load(&frames[n]);
            let key = match keys {
                Some(keys) => V::load(&keys[n]).abs(),
                None => x.abs(),
            };
            filling = filling.max(key);
            if held.any_below(key) {
                held = held.max(key);
                held.store(&mut self.held);
                asked_db.store(&mut self.asked_db);
                away_db.store(&mut self.away_db);
                self.retarget::<V>(n);
                (asked_db, away_db) = (V::load(&self.asked_db), V::load(&self.away_db));
                keep = V::load(&self.keep);
            }
            if MOVING {
                let each_db = V::load(&self.each_db);
                (asked_db, away_db) = (asked_db.add(each_db), away_db.sub(each_db));
                // Both ways, then one of them, so that neither waits for the comparison.
                let (up_db, down_db) = (away_db.mul(V::load(&self.keep_up)), away_db.mul(V::load(&self.keep_down)));
                away_db = away_db.if_below(V::splat(0.0), up_db, down_db);
            } else {
                away_db = away_db.mul(keep);
            }
            if MIX_MOVES {
                mix = self.mix_at::<V, true>(n);
            }
            let y = x.mul(db_to_gain(asked_db.add(away_db)));
            if APART {
                y.store(&mut frames[n]);
                x.store(&mut split[n]);
            } else {
                mixed(x, y, &mix).store(&mut frames[n]);
            }
        }
        held.store(&mut self.held);
        filling.store(&mut self.filling);
        asked_db.store(&mut self.asked_db);
        away_db.store(&mut self.away_db);
        keep.store(&mut self.keep);
    }

    /// Mixes what [`Self::run`] has left apart, behind the saturation.
    #[inline(always)]
    pub(super) fn mix<V: F64x4>(&self, frames: &mut PairFrames, split: &PairFrames, from: usize, to: usize) {
        let mut mix = self.mix_at::<V, false>(from);
        for n in from..to {
            if self.mix_moves {
                mix = self.mix_at::<V, true>(n);
            }
            mixed(V::load(&split[n]), V::load(&frames[n]), &mix).store(&mut frames[n]);
        }
    }

    /// The output mix at a frame of the control step; where nothing moves, at its start.
    #[inline(always)]
    fn mix_at<V: F64x4, const MOVING: bool>(&self, n: usize) -> [V; mix::NUMBERS] {
        let mut mix = [V::splat(0.0); mix::NUMBERS];
        for (mix, number) in mix.iter_mut().zip(curve::NUMBERS..) {
            *mix = V::load(&self.from[number]);
            if MOVING {
                let t = V::splat((n + 1) as f64 / CONTROL_FRAMES as f64);
                *mix = V::load(&self.to[number]).sub(*mix).mul_add(t, *mix);
            }
        }
        mix
    }

    /// Ends a chunk, after `at` frames of the control step.
    #[inline(always)]
    fn end_chunk<V: F64x4>(&mut self, at: usize) {
        let (away_db, zero) = (V::load(&self.away_db), V::splat(0.0));
        away_db.abs().if_below(V::splat(REACHED_DB), zero, away_db).store(&mut self.away_db);
        let mut fell = false;
        for (half, window) in self.windows.iter_mut().enumerate() {
            if let (Some(held), Some(filling)) =
                (self.held[2 * half..].first_chunk_mut(), self.filling[2 * half..].first_chunk_mut())
            {
                fell |= window.end_chunk(held, filling);
            }
        }
        if fell {
            self.retarget::<V>(at);
        }
    }

    /// Evaluates the curve again after `at` frames of the control step. The gain stays where it is.
    #[inline(always)]
    fn retarget<V: F64x4>(&mut self, at: usize) {
        let (held, before_db) = (V::load(&self.held), V::load(&self.asked_db));
        let mut asked_db = curve_of::<V>(&self.from).linked_db(held);
        let mut each_db = V::splat(0.0);
        if self.moving {
            each_db = curve_of::<V>(&self.to).linked_db(held).sub(asked_db).mul(V::splat(1.0 / CONTROL_FRAMES as f64));
            asked_db = each_db.mul_add(V::splat(at as f64), asked_db);
        }
        let away_db = V::load(&self.away_db).add(before_db.sub(asked_db));
        asked_db.store(&mut self.asked_db);
        each_db.store(&mut self.each_db);
        away_db.store(&mut self.away_db);
        away_db.if_below(V::splat(0.0), V::load(&self.keep_up), V::load(&self.keep_down)).store(&mut self.keep);
    }
}

#[inline(always)]
fn curve_of<V: F64x4>(numbers: &[Four; NUMBERS]) -> Curve<V> {
    Curve::load(numbers)
}

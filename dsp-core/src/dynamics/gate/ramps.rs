//! The gate's moving parameters.

use super::Settings;
use super::expander::{self, Expander, inverse};
use crate::dynamics::listen::Listen;
use crate::dynamics::listen_fade::ListenFade;
use crate::smooth::{CONTROL_FRAMES, Smoothed};

/// Where the moving parameters are at each frame of a run.
pub(super) struct Moves {
    pub(super) on: [f64; CONTROL_FRAMES],
    pub(super) range_db: [f64; CONTROL_FRAMES],
    threshold_db: [f64; CONTROL_FRAMES],
    slope: [f64; CONTROL_FRAMES],
    knee_db: [f64; CONTROL_FRAMES],
}

impl Moves {
    /// Room for them.
    pub(super) fn new() -> Self {
        let room = [0.0; CONTROL_FRAMES];
        Self { on: room, range_db: room, threshold_db: room, slope: room, knee_db: room }
    }

    /// What expansion asks for at a level, from a frame on.
    pub(super) fn expand(&self, from: usize, level_db: f64, reductions_db: &mut [f64]) {
        for (n, reduction_db) in (from..).zip(reductions_db) {
            let (slope, knee_db, range_db) = (self.slope[n], self.knee_db[n], self.range_db[n]);
            *reduction_db = expander::reduction_db(level_db, self.threshold_db[n], slope, knee_db, range_db);
        }
    }
}

/// Everything that moves in 20 ms.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ramps {
    /// Share of the gated signal; the rest is dry.
    pub(super) on: Smoothed,
    pub(super) range_db: Smoothed,
    threshold_db: Smoothed,
    inverse: Smoothed,
    knee_db: Smoothed,
    pub(super) listen: ListenFade,
    /// Frames that must be heard before anything moves: turned on, it first knows what it looks ahead to.
    waiting: usize,
    /// Whether any of them moves, or will.
    pub(super) moving: bool,
    /// Whether one of those does that only expansion asks.
    curve_moves: bool,
    /// Whether one of the others does.
    others_move: bool,
}

impl Ramps {
    pub(super) fn new(settings: &Settings) -> Self {
        let (zero, listen) = (Smoothed::new(0.0), ListenFade::new(Listen::Off));
        let mut ramps = Self {
            on: zero,
            range_db: zero,
            threshold_db: zero,
            inverse: zero,
            knee_db: zero,
            listen,
            waiting: 0,
            moving: false,
            curve_moves: false,
            others_move: false,
        };
        ramps.set(settings);
        ramps.reset();
        ramps
    }

    fn all(&mut self) -> [&mut Smoothed; 5] {
        let Self { on, range_db, threshold_db, inverse, knee_db, .. } = self;
        [on, range_db, threshold_db, inverse, knee_db]
    }

    pub(super) fn prepare(&mut self, sample_rate_hz: f64) {
        self.all().into_iter().for_each(|ramp| ramp.prepare(sample_rate_hz));
        self.listen.prepare(sample_rate_hz);
    }

    pub(super) fn set(&mut self, settings: &Settings) {
        self.on.set(f64::from(u8::from(settings.on)));
        self.range_db.set(settings.range_db);
        self.threshold_db.set(settings.threshold_db);
        self.inverse.set(inverse(settings.ratio));
        self.knee_db.set(settings.knee_db);
        // Off, there is nothing to listen to.
        self.listen.set(if settings.on { settings.listen } else { Listen::Off });
        self.look();
    }

    /// Sees what moves.
    pub(super) fn look(&mut self) {
        self.curve_moves = ![self.threshold_db, self.inverse, self.knee_db].iter().all(Smoothed::is_settled);
        self.others_move = ![self.on, self.range_db].iter().all(Smoothed::is_settled) || !self.listen.is_settled();
        self.moving = self.curve_moves || self.others_move;
    }

    pub(super) fn reset(&mut self) {
        self.all().into_iter().for_each(Smoothed::reset);
        self.listen.reset();
        self.waiting = 0;
        self.look();
    }

    /// Turned on from rest: all that was never heard jumps, the rest begins to move in `frames`.
    pub(super) fn begin_in(&mut self, frames: usize) {
        let (on, listen) = (self.on, self.listen);
        self.reset();
        (self.on, self.listen, self.waiting) = (on, listen, frames);
        self.look();
    }

    /// As many frames further, but for what is listened to; `moves` gets what there is at each of them. The curve is
    /// asked for, or goes on unseen.
    #[inline]
    pub(super) fn run(&mut self, frames: usize, curve: bool, moves: &mut Moves) {
        let waiting = self.waiting.min(frames);
        self.waiting -= waiting;
        let go = |ramp: &mut Smoothed, values: &mut [f64; CONTROL_FRAMES]| {
            values[..waiting].fill(ramp.value());
            ramp.run(&mut values[waiting..frames]);
        };
        go(&mut self.on, &mut moves.on);
        go(&mut self.range_db, &mut moves.range_db);
        if curve {
            go(&mut self.threshold_db, &mut moves.threshold_db);
            go(&mut self.knee_db, &mut moves.knee_db);
            go(&mut self.inverse, &mut moves.slope);
            moves.slope[..frames].iter_mut().for_each(|slope| *slope = expander::slope(*slope));
        } else if self.curve_moves {
            for ramp in [&mut self.threshold_db, &mut self.inverse, &mut self.knee_db] {
                ramp.skip(frames - waiting);
            }
        }
    }

    /// Whether anything moves that is asked for; if not, and anything does, [`Self::pass`] lets it go on unseen.
    pub(super) fn asked(&self, curve: bool) -> bool {
        self.others_move || (curve && self.curve_moves)
    }

    /// As many frames further while nothing is asked for what moves.
    pub(super) fn pass(&mut self, frames: usize) {
        let waiting = self.waiting.min(frames);
        self.waiting -= waiting;
        for ramp in [&mut self.threshold_db, &mut self.inverse, &mut self.knee_db] {
            ramp.skip(frames - waiting);
        }
    }

    /// Frames in which nothing moves yet.
    pub(super) fn waiting(&self) -> usize {
        self.waiting
    }

    pub(super) fn expander(&self) -> Expander {
        Expander {
            threshold_db: self.threshold_db.value(),
            inverse: self.inverse.value(),
            knee_db: self.knee_db.value(),
            range_db: self.range_db.value(),
        }
    }

    /// Faded out.
    pub(super) fn is_off(&self) -> bool {
        !self.moving && self.on.value() == 0.0
    }
}

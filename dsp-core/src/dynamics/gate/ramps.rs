//! The gate's moving parameters, frame by frame.

use super::Settings;
use super::expander::{self, Expander, inverse};
use crate::dynamics::listen::Listen;
use crate::dynamics::ramps::{self, Values};
use crate::dynamics::reduction::RunValues;
use crate::smooth::CONTROL_FRAMES;

/// Everything that moves in 20 ms.
#[derive(Clone, Copy)]
pub(super) enum Of {
    /// Share of the gated signal; the rest is dry.
    On,
    HearKey,
    HearRemoved,
    RangeDb,
    ThresholdDb,
    Inverse,
    KneeDb,
}

const COUNT: usize = Of::KneeDb as usize + 1;
/// Those that only expansion asks for.
const CURVE: [Of; 3] = [Of::ThresholdDb, Of::Inverse, Of::KneeDb];
const OTHERS: core::ops::Range<usize> = 0..Of::ThresholdDb as usize;

/// Where the moving parameters are at each frame of a run; the slope in place of what it is made of.
pub(super) struct Moves(Values<COUNT>);

impl Moves {
    /// Room for them.
    pub(super) fn new() -> Self {
        Self([[0.0; CONTROL_FRAMES]; COUNT])
    }

    pub(super) fn of(&self, of: Of) -> &RunValues {
        &self.0[of as usize]
    }

    /// What expansion asks for at a level, from a frame on.
    pub(super) fn expand(&self, from: usize, level_db: f64, reductions_db: &mut [f64]) {
        for (n, reduction_db) in (from..).zip(reductions_db) {
            let [range_db, threshold_db, slope, knee_db] =
                [Of::RangeDb, Of::ThresholdDb, Of::Inverse, Of::KneeDb].map(|of| self.of(of)[n]);
            *reduction_db = expander::reduction_db(level_db, threshold_db, slope, knee_db, range_db);
        }
    }
}

/// The parameters on their way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ramps {
    ramps: ramps::Ramps<COUNT>,
    /// Frames that must be heard before anything moves: turned on, it first knows what it looks ahead to.
    waiting: usize,
    /// Whether any of them moves, or will.
    pub(super) moving: bool,
    /// Whether one of those does that only expansion asks for.
    curve_moves: bool,
    /// Whether one of the others does.
    others_move: bool,
}

impl Ramps {
    pub(super) fn new(settings: &Settings) -> Self {
        let ramps = ramps::Ramps::new(targets(settings));
        Self { ramps, waiting: 0, moving: false, curve_moves: false, others_move: false }
    }

    pub(super) fn prepare(&mut self, sample_rate_hz: f64) {
        self.ramps.prepare(sample_rate_hz);
    }

    pub(super) fn set(&mut self, settings: &Settings) {
        self.ramps.set(targets(settings));
        self.look();
    }

    /// Sees what moves.
    pub(super) fn look(&mut self) {
        self.curve_moves = !self.ramps.are_settled(Of::ThresholdDb as usize..COUNT);
        self.others_move = !self.ramps.are_settled(OTHERS);
        self.moving = self.curve_moves || self.others_move;
    }

    /// Settles all.
    pub(super) fn settle(&mut self) {
        self.ramps.settle_from(0);
        self.waiting = 0;
        self.look();
    }

    /// Turned on from rest: all that was never heard jumps, the rest begins to move in `frames`.
    pub(super) fn begin_in(&mut self, frames: usize) {
        self.ramps.settle_from(Of::RangeDb as usize);
        self.waiting = frames;
        self.look();
    }

    /// Of as many frames, those in which nothing moves yet.
    pub(super) fn wait(&mut self, frames: usize) -> usize {
        let waiting = self.waiting.min(frames);
        self.waiting -= waiting;
        waiting
    }

    /// As many frames further, but for what is listened to; `moves` gets what there is at each of them. The curve is
    /// asked for, or goes on unseen.
    #[inline]
    pub(super) fn run(&mut self, frames: usize, waiting: usize, curve: bool, moves: &mut Moves) {
        for of in [Of::On, Of::RangeDb] {
            self.go(of, frames, waiting, &mut moves.0[of as usize]);
        }
        if curve {
            for of in CURVE {
                self.go(of, frames, waiting, &mut moves.0[of as usize]);
            }
            let slopes = &mut moves.0[Of::Inverse as usize][..frames];
            slopes.iter_mut().for_each(|slope| *slope = expander::slope(*slope));
        } else if self.curve_moves {
            self.skip(frames - waiting);
        }
    }

    /// As many frames further of what is listened to.
    pub(super) fn run_listening(&mut self, frames: usize, waiting: usize, shares: &mut [RunValues; 2]) {
        let [key, removed] = shares;
        self.go(Of::HearKey, frames, waiting, key);
        self.go(Of::HearRemoved, frames, waiting, removed);
    }

    #[inline(always)]
    fn go(&mut self, of: Of, frames: usize, waiting: usize, values: &mut RunValues) {
        values[..waiting].fill(self.value(of));
        self.ramps.run(of as usize, &mut values[waiting..frames]);
    }

    /// Whether anything moves that is asked for; if not, and anything does, [`Self::skip_curve`] lets it go on unseen.
    pub(super) fn are_used(&self, curve: bool) -> bool {
        self.others_move || (curve && self.curve_moves)
    }

    /// As many frames further while nothing is asked for what moves.
    pub(super) fn skip_curve(&mut self, frames: usize) {
        let waiting = self.wait(frames);
        self.skip(frames - waiting);
    }

    fn skip(&mut self, frames: usize) {
        CURVE.into_iter().for_each(|of| self.ramps.skip(of as usize, frames));
    }

    #[inline(always)]
    pub(super) fn value(&self, of: Of) -> f64 {
        self.ramps.value(of as usize)
    }

    pub(super) fn expander(&self) -> Expander {
        let [threshold_db, inverse, knee_db, range_db] =
            [Of::ThresholdDb, Of::Inverse, Of::KneeDb, Of::RangeDb].map(|of| self.value(of));
        Expander { threshold_db, inverse, knee_db, range_db }
    }

    /// Whether the key or what is removed is heard, or is about to be.
    pub(super) fn listens(&self) -> bool {
        let listening = Of::HearKey as usize..Of::HearRemoved as usize + 1;
        [Of::HearKey, Of::HearRemoved].iter().any(|of| self.value(*of) != 0.0) || !self.ramps.are_settled(listening)
    }

    /// Whether the gate is off and has faded out.
    pub(super) fn are_off(&self) -> bool {
        !self.moving && self.value(Of::On) == 0.0
    }
}

fn targets(settings: &Settings) -> [f64; COUNT] {
    let on = f64::from(u8::from(settings.on));
    // Off, there is nothing to listen to.
    let [key, removed] = if settings.on { settings.listen } else { Listen::Off }.shares();
    [on, key, removed, settings.range_db, settings.threshold_db, inverse(settings.ratio), settings.knee_db]
}

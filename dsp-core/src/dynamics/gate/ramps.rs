//! The gate's moving parameters, frame by frame.

use super::Settings;
use super::expander::{self, Expander, inverse};
use crate::dynamics::listen::Listen;
use crate::dynamics::ramps::{self, Values};
use crate::dynamics::reduction::RunValues;
use crate::smooth::CONTROL_FRAMES;

/// Parameters that ramp in 20 ms.
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
/// Those that only expansion uses.
const CURVE: [Of; 3] = [Of::ThresholdDb, Of::Inverse, Of::KneeDb];
const OTHERS: core::ops::Range<usize> = 0..Of::ThresholdDb as usize;

/// The moving parameters at each frame of a run; the slope in place of the inverse ratio.
pub(super) struct Moves(Values<COUNT>);

impl Moves {
    /// Empty.
    pub(super) fn new() -> Self {
        Self([[0.0; CONTROL_FRAMES]; COUNT])
    }

    pub(super) fn of(&self, of: Of) -> &RunValues {
        &self.0[of as usize]
    }

    /// Reductions that expansion asks for at a level, from a frame on.
    pub(super) fn expand(&self, from: usize, level_db: f64, reductions_db: &mut [f64]) {
        for (n, reduction_db) in (from..).zip(reductions_db) {
            let [range_db, threshold_db, slope, knee_db] =
                [Of::RangeDb, Of::ThresholdDb, Of::Inverse, Of::KneeDb].map(|of| self.of(of)[n]);
            *reduction_db = expander::reduction_db(level_db, threshold_db, slope, knee_db, range_db);
        }
    }
}

/// The parameters as they move.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ramps {
    ramps: ramps::Ramps<COUNT>,
    /// Frames until anything moves: switched on, the gate first fills its lookahead.
    waiting: usize,
    /// Whether any of them moves, or will.
    pub(super) moving: bool,
    /// Whether one of those moves that only expansion uses.
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

    /// Updates what moves.
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

    /// Switched on while idle: whatever was not heard settles, the rest begins to move in `frames`.
    pub(super) fn begin_in(&mut self, frames: usize) {
        self.ramps.settle_from(Of::RangeDb as usize);
        self.waiting = frames;
        self.look();
    }

    /// Counts frames; returns in how many of them nothing moves yet.
    pub(super) fn wait(&mut self, frames: usize) -> usize {
        let waiting = self.waiting.min(frames);
        self.waiting -= waiting;
        waiting
    }

    /// Advances all but what is listened to, and writes the values to `moves`; those of the curve only if it is used.
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

    /// Advances what is listened to.
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

    /// Whether anything in use moves; if only the unused curve does, [`Self::skip_curve`] advances it.
    pub(super) fn are_used(&self, curve: bool) -> bool {
        self.others_move || (curve && self.curve_moves)
    }

    /// Advances the curve's parameters while it is not used.
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

    /// Whether the key or the removed part is heard, or is about to be.
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
    // Switched off, listening ends too.
    let [key, removed] = if settings.on { settings.listen } else { Listen::Off }.shares();
    [on, key, removed, settings.range_db, settings.threshold_db, inverse(settings.ratio), settings.knee_db]
}

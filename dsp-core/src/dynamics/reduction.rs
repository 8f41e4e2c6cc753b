//! From what a detector hears to the reductions of a run: detector, curve, ballistics.
//!
//! A detector's level moves rarely, and between two moves the curve asks for one target, or for targets on a line. So a
//! run is cut where the level moves, and each piece is followed at once.

use super::ballistics::{Ballistics, Follower};
use crate::Frame;
use crate::simd::decibel::db_to_gains;
use crate::smooth::CONTROL_FRAMES;

/// One number for every frame of a run.
pub(super) type RunValues = [f64; CONTROL_FRAMES];

/// Levels converted to gains at once.
const PACK: usize = 4;

/// Converts levels in dB to gains in place, those of the first `frames`.
#[inline(always)]
pub(super) fn to_gains(levels_db: &mut RunValues, frames: usize) {
    let (packs, _) = levels_db.as_chunks_mut::<PACK>();
    for pack in packs.iter_mut().take(frames.div_ceil(PACK)) {
        *pack = db_to_gains(*pack);
    }
}

/// What listens to the key.
pub(super) trait Detect {
    /// What the curve is asked with.
    type Level;

    /// Listens up to the first frame at which the level may have moved, and says how many lie before it: if there is
    /// such a frame, it has been listened to. `after_one`: the frame before was one.
    fn until_move(&mut self, key: &[Frame], after_one: bool) -> usize;

    /// The level after the last frame.
    fn level(&self) -> Self::Level;
}

/// What decides on the reductions.
pub(super) trait Curve<Level> {
    /// The level has moved.
    fn aim(&mut self, level: Level);

    /// What a lane is to be reduced by in the frames of a run from number `from` on: one target for all of them, or
    /// one in each of `targets_db`.
    fn targets(&mut self, lane: usize, from: usize, targets_db: &mut [f64]) -> Option<f64>;
}

/// How the reductions of a run came out.
#[derive(Clone, Copy)]
pub(super) struct Followed {
    /// Lanes that have reductions of their own; with one, it is both's.
    pub(super) lanes: usize,
    /// Whether there is but one reduction, the one before the run.
    pub(super) still: bool,
}

/// The reductions of each lane. A lane that has no ballistics of its own has the last.
#[derive(Clone, Copy, Debug)]
pub(super) struct Followers<const LANES: usize, const TIMES: usize = 1> {
    pub(super) ballistics: [Ballistics; TIMES],
    pub(super) lanes: [Follower; LANES],
}

impl<const LANES: usize, const TIMES: usize> Followers<LANES, TIMES> {
    /// Without any reduction.
    pub(super) fn new(ballistics: [Ballistics; TIMES]) -> Self {
        Self { ballistics, lanes: [Follower::default(); LANES] }
    }

    /// Settled on a reduction.
    pub(super) fn settle_on(&mut self, reduction_db: f64) {
        self.lanes = [Follower::at(reduction_db); LANES];
    }

    /// A control tick.
    pub(super) fn control(&mut self) {
        for (n, lane) in self.lanes.iter_mut().enumerate() {
            lane.control(&self.ballistics[n.min(TIMES - 1)]);
        }
    }

    /// Reduction of each lane at the last frame, in dB, 0 or more.
    pub(super) fn reductions_db(&self) -> [f64; LANES] {
        // A rounding below zero on the way to nothing is nothing.
        self.lanes.map(|lane| lane.reduction_db().max(0.0))
    }

    /// Finds the reductions of a run. `linked`: all lanes have one target.
    #[inline(always)]
    pub(super) fn follow<D: Detect>(
        &mut self,
        detector: &mut D,
        curve: &mut impl Curve<D::Level>,
        key: &[Frame],
        linked: bool,
        reductions_db: &mut [RunValues; LANES],
    ) -> Followed {
        let one = linked && self.lanes.iter().all(|lane| *lane == self.lanes[0]);
        let (lanes, mut still) = (if one { 1 } else { LANES }, true);
        let (mut from, mut heard) = (0, 0);
        loop {
            let to = heard + detector.until_move(&key[heard..], heard > 0);
            for (n, (lane, reductions_db)) in self.lanes.iter_mut().zip(&mut *reductions_db).enumerate().take(lanes) {
                let (ballistics, reductions_db) = (&self.ballistics[n.min(TIMES - 1)], &mut reductions_db[from..to]);
                match curve.targets(n, from, reductions_db) {
                    Some(target_db) => {
                        still &= lane.is_settled_on(target_db);
                        lane.run(ballistics, target_db, reductions_db);
                    }
                    None => {
                        still = false;
                        lane.run_along(ballistics, reductions_db);
                    }
                }
            }
            if to == key.len() {
                break;
            }
            curve.aim(detector.level());
            (from, heard) = (to, to + 1);
        }
        if one {
            self.lanes = [self.lanes[0]; LANES];
        }
        Followed { lanes, still }
    }
}

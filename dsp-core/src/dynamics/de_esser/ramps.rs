//! The de-esser's moving parameters, frame by frame.

use super::settings::{KNEE_DB, Mode, Settings, curve};
use crate::dynamics::gain_computer::GainComputer;
use crate::dynamics::listen::Listen;
use crate::dynamics::ramps::{self, Values};
use crate::dynamics::reduction::RunValues;
use crate::smooth::CONTROL_FRAMES;
use crate::units::pct_to_fraction;

/// Parameters that ramp in 20 ms.
#[derive(Clone, Copy)]
pub(super) enum Of {
    /// Share of the reduction in dB that is applied.
    On,
    HearKey,
    HearRemoved,
    Link,
    /// Share of the wide-band mode.
    Wide,
    ThresholdDb,
    RangeDb,
}

const COUNT: usize = Of::RangeDb as usize + 1;

/// The moving parameters at each frame of a run.
#[derive(Clone, Debug)]
pub(super) struct Moves(Values<COUNT>);

impl Moves {
    /// Empty.
    pub(super) fn new() -> Self {
        Self([[0.0; CONTROL_FRAMES]; COUNT])
    }

    #[inline(always)]
    pub(super) fn of(&self, of: Of) -> &RunValues {
        &self.0[of as usize]
    }

    /// What the [`curve`] asks for at a frame and an excess, without a branch, so that it vectorises.
    #[inline(always)]
    pub(super) fn reduction_db(&self, n: usize, excess_db: f64) -> f64 {
        moving_curve(self.of(Of::ThresholdDb)[n], self.of(Of::RangeDb)[n], excess_db)
    }

    /// The same at one excess for all frames from one on.
    #[inline(always)]
    pub(super) fn reductions_db(&self, from: usize, excess_db: f64, reductions_db: &mut [f64]) {
        let to = from + reductions_db.len();
        let moves = self.of(Of::ThresholdDb)[from..to].iter().zip(&self.of(Of::RangeDb)[from..to]);
        for (reduction_db, (threshold_db, range_db)) in reductions_db.iter_mut().zip(moves) {
            *reduction_db = moving_curve(*threshold_db, *range_db, excess_db);
        }
    }
}

#[inline(always)]
fn moving_curve(threshold_db: f64, range_db: f64, excess_db: f64) -> f64 {
    let over_db = excess_db - threshold_db;
    let into_db = over_db + KNEE_DB / 2.0;
    let into_db = if into_db > 0.0 { into_db } else { 0.0 };
    let into_db = if into_db < KNEE_DB { into_db } else { KNEE_DB };
    let above_db = over_db - KNEE_DB / 2.0;
    let above_db = if above_db > 0.0 { above_db } else { 0.0 };
    let asked_db = into_db * into_db * (0.5 / KNEE_DB) + above_db;
    if asked_db < range_db { asked_db } else { range_db }
}

/// The parameters as they move.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ramps {
    ramps: ramps::Ramps<COUNT>,
    /// Whether any of them moves.
    pub(super) moving: bool,
}

impl Ramps {
    pub(super) fn new(settings: &Settings) -> Self {
        Self { ramps: ramps::Ramps::new(targets(settings)), moving: false }
    }

    pub(super) fn prepare(&mut self, sample_rate_hz: f64) {
        self.ramps.prepare(sample_rate_hz);
    }

    pub(super) fn set(&mut self, settings: &Settings) {
        self.ramps.set(targets(settings));
        self.look();
    }

    /// Settles a parameter and all that follow it.
    pub(super) fn settle_from(&mut self, first: Of) {
        self.ramps.settle_from(first as usize);
        self.look();
    }

    /// Advances all, and writes the values to `moves`.
    #[inline(always)]
    pub(super) fn run(&mut self, frames: usize, moves: &mut Moves) {
        for (place, values) in moves.0.iter_mut().enumerate() {
            self.ramps.run(place, &mut values[..frames]);
        }
    }

    /// Writes the value of one that does not move to all frames of a run.
    #[inline(always)]
    pub(super) fn hold(&self, of: Of, moves: &mut Moves) {
        moves.0[of as usize].fill(self.value(of));
    }

    /// Updates what moves.
    pub(super) fn look(&mut self) {
        self.moving = !self.ramps.are_settled(0..COUNT);
    }

    #[inline(always)]
    pub(super) fn value(&self, of: Of) -> f64 {
        self.ramps.value(of as usize)
    }

    pub(super) fn curve(&self) -> GainComputer {
        curve(self.value(Of::ThresholdDb), self.value(Of::RangeDb))
    }

    /// Whether the key or the removed part is heard, or is about to be.
    #[inline]
    pub(super) fn listens(&self) -> bool {
        let listening = Of::HearKey as usize..Of::HearRemoved as usize + 1;
        [Of::HearKey, Of::HearRemoved].iter().any(|of| self.value(*of) != 0.0) || !self.ramps.are_settled(listening)
    }

    /// Whether the de-esser is off and has faded out.
    pub(super) fn are_off(&self) -> bool {
        !self.moving && self.value(Of::On) == 0.0
    }
}

fn targets(settings: &Settings) -> [f64; COUNT] {
    let share = |yes: bool| f64::from(u8::from(yes));
    // Switched off, listening ends too.
    let [key, removed] = if settings.on { settings.listen } else { Listen::Off }.shares();
    let (link, wide) = (pct_to_fraction(settings.link_pct), share(settings.mode == Mode::Wide));
    [share(settings.on), key, removed, link, wide, settings.threshold_db, settings.range_db]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moving_is_the_curve() {
        let mut worst = 0.0_f64;
        for (threshold_db, range_db) in [(-6.0, 6.0), (-30.0, 24.0), (6.0, 0.0)] {
            let mut moves = Moves::new();
            moves.0[Of::ThresholdDb as usize] = [threshold_db; CONTROL_FRAMES];
            moves.0[Of::RangeDb as usize] = [range_db; CONTROL_FRAMES];
            for excess_db in (-5000..5000).map(|n| f64::from(n) * 0.01) {
                let expected_db = curve(threshold_db, range_db).reduction_db(excess_db);
                worst = worst.max((moves.reduction_db(7, excess_db) - expected_db).abs());
            }
        }
        eprintln!("the curve while it moves: {worst:.1e} dB off at most");
        // Roundings of numbers near 50.
        assert!(worst < 1e-13, "{worst}");
    }
}

//! The de-esser's moving parameters.

use super::settings::{KNEE_DB, Mode, Settings, law};
use crate::dynamics::gain_computer::GainComputer;
use crate::dynamics::listen::Listen;
use crate::dynamics::listen_fade::ListenFade;
use crate::smooth::{CONTROL_FRAMES, Smoothed};
use crate::units::pct_to_fraction;

/// Where the moving parameters are at each frame of a run.
#[derive(Clone, Debug)]
pub(super) struct Moves {
    pub(super) on: [f64; CONTROL_FRAMES],
    pub(super) link: [f64; CONTROL_FRAMES],
    pub(super) wide: [f64; CONTROL_FRAMES],
    threshold_db: [f64; CONTROL_FRAMES],
    range_db: [f64; CONTROL_FRAMES],
}

impl Moves {
    /// Room for them.
    pub(super) fn new() -> Self {
        let room = [0.0; CONTROL_FRAMES];
        Self { on: room, link: room, wide: room, threshold_db: room, range_db: room }
    }

    /// What [`law`] asks for at a frame and an excess, without a branch, so that several frames are asked for at once.
    #[inline(always)]
    pub(super) fn reduction_db(&self, n: usize, excess_db: f64) -> f64 {
        moving_law(self.threshold_db[n], self.range_db[n], excess_db)
    }

    /// The same at one excess for all frames from one to before another.
    #[inline(always)]
    pub(super) fn reductions_db(&self, from: usize, excess_db: f64, reductions_db: &mut [f64]) {
        let to = from + reductions_db.len();
        let moves = self.threshold_db[from..to].iter().zip(&self.range_db[from..to]);
        for (reduction_db, (threshold_db, range_db)) in reductions_db.iter_mut().zip(moves) {
            *reduction_db = moving_law(*threshold_db, *range_db, excess_db);
        }
    }
}

#[inline(always)]
fn moving_law(threshold_db: f64, range_db: f64, excess_db: f64) -> f64 {
    let over_db = excess_db - threshold_db;
    let into_db = over_db + KNEE_DB / 2.0;
    let into_db = if into_db > 0.0 { into_db } else { 0.0 };
    let into_db = if into_db < KNEE_DB { into_db } else { KNEE_DB };
    let above_db = over_db - KNEE_DB / 2.0;
    let above_db = if above_db > 0.0 { above_db } else { 0.0 };
    let asked_db = into_db * into_db * (0.5 / KNEE_DB) + above_db;
    if asked_db < range_db { asked_db } else { range_db }
}

/// Everything that moves in 20 ms.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ramps {
    /// Share of the reduction in dB that is applied.
    pub(super) on: Smoothed,
    threshold_db: Smoothed,
    range_db: Smoothed,
    pub(super) link: Smoothed,
    /// Share of the wide-band mode.
    pub(super) wide: Smoothed,
    pub(super) listen: ListenFade,
    /// Whether any of them moves.
    pub(super) moving: bool,
}

impl Ramps {
    pub(super) fn new(settings: &Settings) -> Self {
        let zero = Smoothed::new(0.0);
        let listen = ListenFade::new(Listen::Off);
        let mut ramps =
            Self { on: zero, threshold_db: zero, range_db: zero, link: zero, wide: zero, listen, moving: false };
        ramps.set(settings);
        ramps.reset();
        ramps
    }

    fn all(&mut self) -> [&mut Smoothed; 5] {
        let Self { on, threshold_db, range_db, link, wide, listen: _, moving: _ } = self;
        [on, threshold_db, range_db, link, wide]
    }

    pub(super) fn prepare(&mut self, sample_rate_hz: f64) {
        self.all().into_iter().for_each(|ramp| ramp.prepare(sample_rate_hz));
        self.listen.prepare(sample_rate_hz);
    }

    pub(super) fn set(&mut self, settings: &Settings) {
        self.on.set(f64::from(u8::from(settings.on)));
        self.threshold_db.set(settings.threshold_db);
        self.range_db.set(settings.range_db);
        self.link.set(pct_to_fraction(settings.link_pct));
        self.wide.set(f64::from(u8::from(settings.mode == Mode::Wide)));
        // Off, there is nothing to listen to.
        self.listen.set(if settings.on { settings.listen } else { Listen::Off });
        self.look();
    }

    pub(super) fn reset(&mut self) {
        self.all().into_iter().for_each(Smoothed::reset);
        self.listen.reset();
        self.moving = false;
    }

    /// Everything but what turns it on.
    pub(super) fn settle_unheard(&mut self) {
        let (on, listen) = (self.on, self.listen);
        self.reset();
        (self.on, self.listen) = (on, listen);
        self.moving = !(on.is_settled() && listen.is_settled());
    }

    /// As many frames further, but for what is listened to; `moves` gets what there is at each of them.
    #[inline(always)]
    pub(super) fn run(&mut self, frames: usize, moves: &mut Moves) {
        self.on.run(&mut moves.on[..frames]);
        self.link.run(&mut moves.link[..frames]);
        self.wide.run(&mut moves.wide[..frames]);
        self.threshold_db.run(&mut moves.threshold_db[..frames]);
        self.range_db.run(&mut moves.range_db[..frames]);
    }

    /// Sees what moves.
    pub(super) fn look(&mut self) {
        self.moving = self.all().iter().any(|ramp| !ramp.is_settled()) || !self.listen.is_settled();
    }

    pub(super) fn law(&self) -> GainComputer {
        law(self.threshold_db.value(), self.range_db.value())
    }

    /// Whether the key or what is removed is heard, or is about to be.
    #[inline]
    pub(super) fn listens(&self) -> bool {
        !(self.listen.is_off() && self.listen.is_settled())
    }

    pub(super) fn is_off(&self) -> bool {
        !self.moving && self.on.value() == 0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moving_is_the_law() {
        let mut worst = 0.0_f64;
        for (threshold_db, range_db) in [(-6.0, 6.0), (-30.0, 24.0), (6.0, 0.0)] {
            let mut moves = Moves::new();
            (moves.threshold_db, moves.range_db) = ([threshold_db; CONTROL_FRAMES], [range_db; CONTROL_FRAMES]);
            for excess_db in (-5000..5000).map(|n| f64::from(n) * 0.01) {
                let expected_db = law(threshold_db, range_db).reduction_db(excess_db);
                worst = worst.max((moves.reduction_db(7, excess_db) - expected_db).abs());
            }
        }
        eprintln!("the law while it moves: {worst:.1e} dB off at most");
        // Roundings of numbers near 50.
        assert!(worst < 1e-13, "{worst}");
    }
}

//! How a reduction follows what the curve asks for, in each style.
//!
//! All laws are exponentials in dB ([`crate::dynamics::ballistics`] and its source, "smooth branching"). With r the
//! reduction, r∞ what the curve asks for and R the release:
//!
//! - **Clean, FET**: r − r∞ shrinks by e in the attack or in R.
//! - **Bus**: a feedback loop hears its own output, level − r. Around its solution, which is the curve's r∞, the loop
//!   drives r by (a − r)/R with a = r∞ + (K − 1)·(r∞ − r), not below 0, where K is the ratio, held to 8. So r falls
//!   as r·e^(−t/R) until the output is at the threshold, then K times as fast: a release to nothing takes R, one to a
//!   smaller reduction takes R/K to R. The attack is divided by the loop's gain, which makes it the labelled one.
//! - **Opto** and automatic release: r falls quickly, with the fast time, to a floor f, which falls slowly, with the
//!   slow time, to r∞. While r rises or stays, f = share·r + memory share·m, where m follows r with the memory time.
//!   Opto: half of r at first, 0.9 of it after long reduction; fast 0.2·R, slow 2.45·R, memory 8·R, so that after a
//!   short reduction 63 % take R. Automatic release: nothing at first, 0.9 after long reduction; fast R, slow 6·R,
//!   memory 4·R.

use super::settings::{Settings, Style};
use crate::units::{ms_to_frames, one_pole_keep};

/// Distance in dB at which a reduction has arrived: 1e-10 of the signal, far below 24 bits.
const REACHED_DB: f64 = 1e-9;
/// Distance in dB within which a reduction counts as kept up: the level of a steady tone moves by less.
const NEAR_DB: f64 = 0.1;
/// Largest gain of the feedback loop: the ratio at which a partial release stops getting faster.
const MAX_LOOP_GAIN: f64 = 8.0;

/// The way down.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fall {
    /// One exponential.
    Straight,
    /// A feedback loop; what its distance to the target shrinks by each frame while it compresses.
    Loop { loop_keep: f64 },
    /// To a floor that falls slowly.
    Floor { slow_keep: f64, memory_keep: f64, share: f64, memory_share: f64 },
}

/// The times of a follower, per frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Law {
    rise_keep: f64,
    fall_keep: f64,
    hold_frames: u32,
    fall: Fall,
}

impl Law {
    /// What the settings ask for. `held_ms` is how long the detector holds a level: part of the release.
    pub(super) fn new(settings: &Settings, held_ms: f64, sample_rate_hz: f64) -> Self {
        let keep = |ms: f64| one_pole_keep(ms, sample_rate_hz);
        let release_ms = settings.release_ms - held_ms;
        let floor = |slow: f64, memory: f64, share: f64| Fall::Floor {
            slow_keep: keep(slow * release_ms),
            memory_keep: keep(memory * settings.release_ms),
            share,
            memory_share: 0.9 - share,
        };
        let (fall_ms, fall) = match settings.style {
            Style::Opto => (0.2 * release_ms, floor(2.45, 8.0, 0.5)),
            _ if settings.auto_release => (release_ms, floor(6.0, 4.0, 0.0)),
            Style::Bus => {
                let loop_keep = keep(release_ms / settings.ratio.min(MAX_LOOP_GAIN));
                (release_ms, Fall::Loop { loop_keep })
            }
            Style::Clean | Style::Fet => (release_ms, Fall::Straight),
        };
        Self {
            rise_keep: keep(settings.attack_ms),
            fall_keep: keep(fall_ms),
            hold_frames: ms_to_frames(settings.hold_ms, sample_rate_hz).round() as u32,
            fall,
        }
    }
}

/// The reduction of one lane.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Follower {
    target_db: f64,
    /// Reduction above the target: below 0 it rises.
    away_db: f64,
    hold_left: u32,
    /// What was reduced lately.
    memory_db: f64,
    floor_db: f64,
}

impl Follower {
    #[inline(always)]
    pub(super) fn reduction_db(&self) -> f64 {
        self.target_db + self.away_db
    }

    /// What happens on the control grid: what is near enough has arrived, and has not begun to fall.
    pub(super) fn control(&mut self, law: &Law) {
        if self.away_db.abs() < REACHED_DB {
            self.away_db = 0.0;
        }
        if self.away_db < NEAR_DB {
            self.hold_left = law.hold_frames;
            self.lay_floor(law);
        }
    }

    /// Follows one target for as many frames as `reductions_db` takes.
    #[inline(always)]
    pub(super) fn run(&mut self, law: &Law, target_db: f64, reductions_db: &mut [f64]) {
        if target_db != self.target_db {
            self.away_db = self.reduction_db() - target_db;
            self.target_db = target_db;
        }
        if self.away_db <= 0.0 {
            self.hold_left = law.hold_frames;
            self.rise(law, reductions_db);
        } else {
            // What is near falls without hold: it only follows the level's own small moves.
            let hold = if self.away_db < NEAR_DB { 0 } else { self.hold_left as usize };
            let (held, falling) = reductions_db.split_at_mut(reductions_db.len().min(hold));
            if !held.is_empty() {
                self.hold_left -= held.len() as u32;
                held.fill(self.reduction_db());
                self.remember(law, held);
            }
            self.fall(law, falling);
        }
    }

    #[inline(always)]
    fn rise(&mut self, law: &Law, reductions_db: &mut [f64]) {
        if self.away_db == 0.0 {
            reductions_db.fill(self.target_db);
        } else {
            for reduction_db in &mut *reductions_db {
                self.away_db *= law.rise_keep;
                *reduction_db = self.target_db + self.away_db;
            }
        }
        self.remember(law, reductions_db);
    }

    /// Keeps in mind what is reduced.
    #[inline(always)]
    fn remember(&mut self, law: &Law, reductions_db: &[f64]) {
        if let Fall::Floor { memory_keep, .. } = law.fall {
            for reduction_db in reductions_db {
                self.memory_db = reduction_db + (self.memory_db - reduction_db) * memory_keep;
            }
            self.lay_floor(law);
        }
    }

    /// Lays the floor for the next fall.
    #[inline(always)]
    fn lay_floor(&mut self, law: &Law) {
        if let Fall::Floor { share, memory_share, .. } = law.fall {
            let reduction_db = self.reduction_db();
            self.floor_db = share * reduction_db + memory_share * self.memory_db.min(reduction_db);
        }
    }

    #[inline(always)]
    fn fall(&mut self, law: &Law, reductions_db: &mut [f64]) {
        let (target_db, keep) = (self.target_db, law.fall_keep);
        match law.fall {
            Fall::Straight => {
                for reduction_db in reductions_db {
                    self.away_db *= keep;
                    *reduction_db = target_db + self.away_db;
                }
            }
            Fall::Loop { loop_keep } => {
                for reduction_db in reductions_db {
                    let to_nothing_db = (target_db + self.away_db) * keep - target_db;
                    self.away_db = to_nothing_db.max(self.away_db * loop_keep);
                    *reduction_db = target_db + self.away_db;
                }
            }
            Fall::Floor { slow_keep, memory_keep, .. } => {
                for reduction_db in reductions_db {
                    // Above the target, and never above the reduction itself.
                    let above_db = self.floor_db - target_db;
                    let floor_db = (above_db.max(0.0) * slow_keep).min(self.away_db);
                    self.away_db = floor_db + (self.away_db - floor_db) * keep;
                    self.floor_db = target_db + above_db.min(floor_db);
                    *reduction_db = target_db + self.away_db;
                    self.memory_db = *reduction_db + (self.memory_db - *reduction_db) * memory_keep;
                }
            }
        }
    }
}

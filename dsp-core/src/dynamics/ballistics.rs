//! How fast a reduction follows what the curve asks for: exponentials in dB.
//!
//! Source: D. Giannoulis, M. Massberg, J. D. Reiss, "Digital Dynamic Range Compressor Design – A Tutorial and
//! Analysis", J. Audio Eng. Soc. 60 (2012), eq. 16, "smooth branching". With r the reduction and r∞ the target, r − r∞
//! shrinks by e in the time of a rise or of a fall. So "the time to cover 63 %" is exactly the time constant, up and
//! down. The paper's decoupled form rounds the release by the attack and would miss that; the target that ripples at
//! twice the signal's frequency, which decoupling is for, is prevented by the detector. What the compressor's styles
//! add is in `compressor/ballistics.rs`.

use crate::units::one_pole_keep;

/// Distance in dB at which a reduction has arrived: 1e-10 of the signal, far below 24 bits. It lets a gate that has
/// opened, and a compressor that has let go, be exactly at 0 dB.
pub(crate) const REACHED_DB: f64 = 1e-9;
/// Distance in dB within which a reduction counts as kept up: the level of a steady tone moves by less.
const NEAR_DB: f64 = 0.1;

/// How a reduction falls.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Fall {
    /// One exponential.
    Straight,
    /// A feedback loop, whose distance to the target shrinks by `loop_keep` each frame while it compresses.
    Loop { loop_keep: f64 },
    /// Quickly to a floor, which falls slowly.
    Floor { slow_keep: f64, memory_keep: f64, share: f64, memory_share: f64 },
}

/// Attack and release of a [`Follower`], per frame or per step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Ballistics {
    pub(super) rise_keep: f64,
    pub(super) fall_keep: f64,
    pub(super) hold_frames: u32,
    pub(super) fall: Fall,
}

impl Ballistics {
    /// One exponential each way: times to cover 63 % of a rise and of a fall.
    pub(crate) fn straight(rise_ms: f64, fall_ms: f64, sample_rate_hz: f64) -> Self {
        let [rise_keep, fall_keep] = [rise_ms, fall_ms].map(|ms| one_pole_keep(ms, sample_rate_hz));
        Self { rise_keep, fall_keep, hold_frames: 0, fall: Fall::Straight }
    }
}

/// The reduction of one lane.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Follower {
    target_db: f64,
    /// Reduction above the target: below 0 it rises.
    away_db: f64,
    hold_left: u32,
    /// What was reduced lately.
    memory_db: f64,
    /// The floor above the target.
    floor_away_db: f64,
}

impl Follower {
    /// Settled on a reduction.
    pub(crate) fn at(reduction_db: f64) -> Self {
        Self { target_db: reduction_db, ..Self::default() }
    }

    /// Whether it has settled on that reduction.
    #[inline(always)]
    pub(super) fn is_settled_on(&self, reduction_db: f64) -> bool {
        self.away_db == 0.0 && self.target_db == reduction_db
    }

    /// Takes the reduction into a range.
    pub(crate) fn hold_within(&mut self, least_db: f64, most_db: f64) {
        self.away_db = self.reduction_db().max(least_db).min(most_db) - self.target_db;
    }

    /// The reduction at the last frame.
    #[inline(always)]
    pub(crate) fn reduction_db(&self) -> f64 {
        self.target_db + self.away_db
    }

    /// On the control grid: a reduction that is near enough has arrived, and has not begun to fall.
    pub(super) fn control(&mut self, ballistics: &Ballistics) {
        if self.away_db.abs() < REACHED_DB {
            self.away_db = 0.0;
        }
        if self.away_db < NEAR_DB {
            self.hold_left = ballistics.hold_frames;
            self.lay_floor(ballistics);
        }
    }

    /// One step towards a target, exactly there once it is near enough; for what moves on the control grid only, so
    /// `ballistics` are of that rate, straight and without hold. Returns the reduction.
    #[inline]
    pub(crate) fn step(&mut self, ballistics: &Ballistics, target_db: f64) -> f64 {
        let away_db = self.reduction_db() - target_db;
        let left_db = away_db * if away_db < 0.0 { ballistics.rise_keep } else { ballistics.fall_keep };
        self.away_db = if left_db.abs() < REACHED_DB { 0.0 } else { left_db };
        self.target_db = target_db;
        self.reduction_db()
    }

    /// Follows one target for as many frames as `reductions_db` takes.
    #[inline(always)]
    pub(super) fn run(&mut self, ballistics: &Ballistics, target_db: f64, reductions_db: &mut [f64]) {
        if target_db != self.target_db {
            self.aim(target_db);
        }
        if self.away_db <= 0.0 {
            self.hold_left = ballistics.hold_frames;
            self.rise(ballistics, reductions_db);
        } else {
            // A reduction near its target falls without hold: it only follows small moves of the level.
            let hold = if self.away_db < NEAR_DB { 0 } else { self.hold_left as usize };
            let (held, falling) = reductions_db.split_at_mut(reductions_db.len().min(hold));
            if !held.is_empty() {
                self.hold_left -= held.len() as u32;
                held.fill(self.reduction_db());
                self.remember(ballistics, held);
            }
            self.fall(ballistics, falling);
        }
    }

    /// Follows a target that moves from frame to frame: `along_db` has the targets, and gets the reductions.
    #[inline(always)]
    pub(super) fn run_along(&mut self, ballistics: &Ballistics, along_db: &mut [f64]) {
        if ballistics.fall != Fall::Straight || ballistics.hold_frames > 0 || self.hold_left > 0 {
            for one_db in along_db.chunks_exact_mut(1) {
                self.run(ballistics, one_db[0], one_db);
            }
            return;
        }
        if ballistics.rise_keep <= ballistics.fall_keep {
            self.run_straight::<true>(ballistics, along_db);
        } else {
            self.run_straight::<false>(ballistics, along_db);
        }
    }

    /// Which of rise and fall is quicker is known beforehand, so no frame waits for a branch: the next distance is the
    /// upper, or the lower, of both.
    #[inline(always)]
    fn run_straight<const RISES_QUICKER: bool>(&mut self, ballistics: &Ballistics, along_db: &mut [f64]) {
        let (mut away_db, mut before_db) = (self.away_db, self.target_db);
        for reduction_db in along_db {
            let target_db = *reduction_db;
            away_db += before_db - target_db;
            let (rising_db, falling_db) = (away_db * ballistics.rise_keep, away_db * ballistics.fall_keep);
            away_db = if (rising_db > falling_db) == RISES_QUICKER { rising_db } else { falling_db };
            *reduction_db = target_db + away_db;
            before_db = target_db;
        }
        (self.away_db, self.target_db) = (away_db, before_db);
    }

    /// Another target; the reduction and the floor stay.
    #[inline(always)]
    fn aim(&mut self, target_db: f64) {
        let further_db = self.target_db - target_db;
        self.away_db += further_db;
        self.floor_away_db += further_db;
        self.target_db = target_db;
    }

    #[inline(always)]
    fn rise(&mut self, ballistics: &Ballistics, reductions_db: &mut [f64]) {
        if self.away_db == 0.0 {
            reductions_db.fill(self.target_db);
        } else {
            for reduction_db in &mut *reductions_db {
                self.away_db *= ballistics.rise_keep;
                *reduction_db = self.target_db + self.away_db;
            }
        }
        self.remember(ballistics, reductions_db);
    }

    /// Updates the memory of what was reduced.
    #[inline(always)]
    fn remember(&mut self, ballistics: &Ballistics, reductions_db: &[f64]) {
        if let Fall::Floor { memory_keep, .. } = ballistics.fall {
            for reduction_db in reductions_db {
                self.memory_db = self.memory_db * memory_keep + reduction_db * (1.0 - memory_keep);
            }
            self.lay_floor(ballistics);
        }
    }

    /// Lays the floor for the next fall.
    #[inline(always)]
    fn lay_floor(&mut self, ballistics: &Ballistics) {
        if let Fall::Floor { share, memory_share, .. } = ballistics.fall {
            let reduction_db = self.reduction_db();
            let floor_db = share * reduction_db + memory_share * self.memory_db.min(reduction_db);
            self.floor_away_db = floor_db - self.target_db;
        }
    }

    #[inline(always)]
    fn fall(&mut self, ballistics: &Ballistics, reductions_db: &mut [f64]) {
        let (target_db, keep) = (self.target_db, ballistics.fall_keep);
        match ballistics.fall {
            Fall::Straight => {
                for reduction_db in reductions_db {
                    self.away_db *= keep;
                    *reduction_db = target_db + self.away_db;
                }
            }
            Fall::Loop { loop_keep } => {
                // The slower of two falls: the first while the reduction is far away, then the other.
                let (drop_db, mut rest) = (target_db * (1.0 - keep), reductions_db.iter_mut());
                let near_db = drop_db / (keep - loop_keep);
                while self.away_db > near_db {
                    let Some(reduction_db) = rest.next() else { return };
                    self.away_db = self.away_db * keep - drop_db;
                    *reduction_db = target_db + self.away_db;
                }
                for reduction_db in rest {
                    self.away_db *= loop_keep;
                    *reduction_db = target_db + self.away_db;
                }
            }
            Fall::Floor { slow_keep, memory_keep, .. } => {
                // Above the target, and never above the reduction itself; below, it waits.
                let mut floor_db = self.floor_away_db.max(0.0).min(self.away_db / slow_keep);
                let (mut away_db, mut memory_db) = (self.away_db, self.memory_db);
                let (to_floor, to_memory) = (1.0 - keep, 1.0 - memory_keep);
                let falls = self.floor_away_db > 0.0 && !reductions_db.is_empty();
                for reduction_db in reductions_db {
                    floor_db *= slow_keep;
                    away_db = away_db * keep + floor_db * to_floor;
                    *reduction_db = target_db + away_db;
                    memory_db = memory_db * memory_keep + *reduction_db * to_memory;
                }
                if falls {
                    self.floor_away_db = floor_db;
                }
                (self.away_db, self.memory_db) = (away_db, memory_db);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dynamics::compressor::{Settings, Style};
    use plumb_signals::Noise;

    /// The formulas as they are written down, frame by frame.
    #[derive(Default)]
    struct Plain {
        reduction_db: f64,
        hold_left: u32,
        memory_db: f64,
        floor_db: f64,
    }

    impl Plain {
        fn tick(&mut self, ballistics: &Ballistics, target_db: f64) -> f64 {
            let away_db = self.reduction_db - target_db;
            if away_db <= 0.0 {
                self.hold_left = ballistics.hold_frames;
                self.reduction_db = target_db + away_db * ballistics.rise_keep;
                self.lay_floor(ballistics);
            } else if away_db >= NEAR_DB && self.hold_left > 0 {
                self.hold_left -= 1;
                self.lay_floor(ballistics);
            } else {
                self.fall(ballistics, target_db, away_db);
            }
            self.reduction_db
        }

        fn fall(&mut self, ballistics: &Ballistics, target_db: f64, away_db: f64) {
            match ballistics.fall {
                Fall::Straight => self.reduction_db = target_db + away_db * ballistics.fall_keep,
                Fall::Loop { loop_keep } => {
                    let to_nothing_db = self.reduction_db * ballistics.fall_keep;
                    self.reduction_db = to_nothing_db.max(target_db + away_db * loop_keep);
                }
                Fall::Floor { slow_keep, memory_keep, .. } => {
                    let above_db = self.floor_db - target_db;
                    let floor_db = (above_db.max(0.0) * slow_keep).min(away_db);
                    self.reduction_db = target_db + floor_db + (away_db - floor_db) * ballistics.fall_keep;
                    self.floor_db = target_db + above_db.min(floor_db);
                    self.memory_db = self.reduction_db + (self.memory_db - self.reduction_db) * memory_keep;
                }
            }
        }

        fn lay_floor(&mut self, ballistics: &Ballistics) {
            if let Fall::Floor { memory_keep, share, memory_share, .. } = ballistics.fall {
                let reduction_db = self.reduction_db;
                self.memory_db = reduction_db + (self.memory_db - reduction_db) * memory_keep;
                self.floor_db = share * reduction_db + memory_share * self.memory_db.min(reduction_db);
            }
        }
    }

    /// What an exponential has covered after its time constant: 1 − 1/e.
    const COVERED: f64 = 0.632_120_558_828_557_7;

    #[test]
    fn covers_63_percent_of_a_step_in_its_time() {
        for rate in [8_000.0, 44_100.0, 192_000.0] {
            let (ballistics, mut follower) = (Ballistics::straight(10.0, 200.0, rate), Follower::default());
            let frames = |ms: f64| (ms * rate / 1000.0) as usize;
            (0..frames(10.0)).for_each(|_| _ = follower.step(&ballistics, 20.0));
            // 1e-9: rounding over up to 38,400 frames; both times are whole frames at these rates.
            assert!((follower.reduction_db() - 20.0 * COVERED).abs() < 1e-9);
            follower = Follower::at(20.0);
            (0..frames(200.0)).for_each(|_| _ = follower.step(&ballistics, 5.0));
            assert!((follower.reduction_db() - (20.0 - 15.0 * COVERED)).abs() < 1e-9);
        }
    }

    #[test]
    fn arrives_exactly() {
        let (ballistics, mut follower) = (Ballistics::straight(1.0, 1.0, 48_000.0), Follower::default());
        for target_db in [12.0, 0.0] {
            // 23 time constants reach 1e-9 dB from 12 dB; 30 ms is 30 of them.
            (0..1440).for_each(|_| _ = follower.step(&ballistics, target_db));
            assert_eq!(follower.reduction_db(), target_db);
        }
    }

    #[test]
    fn runs_equal_the_formulas_frame_by_frame() {
        for style in [Style::Clean, Style::Bus, Style::Opto, Style::Fet] {
            for (auto_release, hold_ms, attack_ms) in
                [(false, 0.0, 1.0), (true, 0.0, 1.0), (false, 0.5, 1.0), (false, 0.0, 300.0)]
            {
                let settings =
                    Settings { style, auto_release, hold_ms, attack_ms, release_ms: 20.0, ..Settings::default() };
                let ballistics = Ballistics::of(&settings, 2.0, 48_000.0);
                let (mut noise, mut runs, mut plain, mut worst) =
                    (Noise::new(6), Follower::default(), Plain::default(), 0.0_f64);
                let mut before_db = 0.0;
                for n in 0..3_000 {
                    let (to_db, frames) = (12.0 * (1.0 + noise.tick()), 1 + n % 32);
                    let mut along_db = vec![to_db; frames];
                    if n % 3 == 0 {
                        // A line.
                        for (n, db) in along_db.iter_mut().enumerate() {
                            *db = before_db + (n + 1) as f64 / frames as f64 * (to_db - before_db);
                        }
                    }
                    let expected: Vec<f64> = along_db.iter().map(|db| plain.tick(&ballistics, *db)).collect();
                    if n % 3 == 0 {
                        runs.run_along(&ballistics, &mut along_db);
                    } else {
                        runs.run(&ballistics, to_db, &mut along_db);
                    }
                    for (a, b) in along_db.iter().zip(expected) {
                        worst = worst.max((a - b).abs());
                    }
                    before_db = to_db;
                }
                eprintln!("{style:?}, automatic {auto_release}, hold {hold_ms} ms: {worst:.1e} dB off at most");
                // Roundings of numbers near 24, kept over a release.
                assert!(worst < 1e-10, "{style:?} {settings:?}: {worst}");
            }
        }
    }
}

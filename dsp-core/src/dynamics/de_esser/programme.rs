//! The slow level of the whole signal, which the excess is measured from.
//!
//! A mean square with the time constant [`TIME_MS`]. Until twice that time it is the mean of everything so far, recent
//! input weighing most, so that a quiet phrase begins as a loud one does and a pop before it is forgotten. Silence and
//! implausible levels are ignored, and input far below the level counts little: the first "s" after a breath meets the
//! level of the phrase before.

use crate::Frame;
use crate::simd::decibel::powers_to_db;
use crate::smooth::CONTROL_FRAMES;
use crate::units::{FLOOR_DB, ms_to_frames};

/// Time constant: a syllable or two.
const TIME_MS: f64 = 400.0;
/// Input needed for a valid level; nothing is reduced before.
const LEARN_MS: f64 = 20.0;
/// Mean square below which it is silence: −65 dBFS.
const SILENT_POWER: f64 = 3.162_277_660_168_379e-7;
/// Largest plausible mean square, +12 dBFS: anything louder is a fault upstream, not programme.
const MAX_POWER: f64 = 16.0;
/// Below this share of the level (−30 dB) it is a pause, ...
const PAUSE_SHARE: f64 = 1e-3;
/// ... and counts so little: about 1 dB per second.
const PAUSE_WEIGHT: f64 = 0.1;
/// Least programme level, in dBFS.
const LEAST_DB: f64 = -50.0;

/// A slow mean square of each channel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Programme {
    /// Sum of squares since the last step.
    squares: Frame,
    power: Frame,
    taken: f64,
    constant: f64,
    learned: f64,
}

impl Programme {
    pub(super) fn new(sample_rate_hz: f64) -> Self {
        let steps = |ms: f64| ms_to_frames(ms, sample_rate_hz / CONTROL_FRAMES as f64).max(1.0);
        let (constant, learned) = (steps(TIME_MS), steps(LEARN_MS));
        Self { squares: [0.0; 2], power: [0.0; 2], taken: 0.0, constant, learned }
    }

    /// Whether there is enough input for a level.
    #[inline]
    pub(super) fn is_known(&self) -> bool {
        self.taken >= self.learned
    }

    /// Ends a control step; returns whether the level moved.
    #[inline]
    pub(super) fn step(&mut self) -> bool {
        let now = self.squares.map(|sum| sum / CONTROL_FRAMES as f64);
        self.squares = [0.0; 2];
        let (louder, level) = (now[0].max(now[1]), self.power[0].max(self.power[1]));
        if !(SILENT_POWER..=MAX_POWER).contains(&louder) {
            return false;
        }
        let weight = if louder < PAUSE_SHARE * level { PAUSE_WEIGHT } else { 1.0 };
        self.taken = (self.taken + weight).min(2.0 * self.constant - 1.0);
        let share = (2.0 * weight / (self.taken + 1.0)).min(1.0);
        for (power, now) in self.power.iter_mut().zip(now) {
            *power += share * (now - *power);
        }
        true
    }

    /// Adds frames to the control step.
    #[inline(always)]
    pub(super) fn hear(&mut self, frames: &[Frame]) {
        for frame in frames {
            for (sum, x) in self.squares.iter_mut().zip(frame) {
                *sum += x * x;
            }
        }
    }

    /// Level of each channel in dBFS of a sine.
    #[inline]
    pub(super) fn own_levels_db(&self) -> Frame {
        powers_to_db(self.power.map(|power| 2.0 * power)).map(|level_db| level_db.max(LEAST_DB))
    }
}

const _: () = assert!(LEAST_DB > FLOOR_DB);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dynamics::detector::linked;
    use crate::units::db_to_gain;

    impl Programme {
        fn levels_db(&self, link: f64) -> Frame {
            linked(self.own_levels_db(), link)
        }
    }

    /// Level after seconds of a steady sine's mean square, from a state.
    fn after(programme: &mut Programme, level_db: f64, seconds: f64) -> f64 {
        let square = db_to_gain(level_db).powi(2) / 2.0;
        for _ in 0..(seconds * 1500.0) as usize {
            programme.squares = [square * CONTROL_FRAMES as f64; 2];
            programme.step();
        }
        programme.levels_db(1.0)[0]
    }

    #[test]
    fn is_the_level_at_once_and_stays_through_pauses() {
        let mut programme = Programme::new(48_000.0);
        assert!((after(&mut programme, -20.0, 0.001) + 20.0).abs() < 1e-9, "at the first step");
        assert!(!programme.is_known());
        assert!((after(&mut programme, -20.0, 1.0) + 20.0).abs() < 1e-9);
        assert!(programme.is_known());
        let before = programme;
        assert_eq!(after(&mut programme, -70.0, 10.0), before.levels_db(1.0)[0], "silence");
        let fallen_db = -20.0 - after(&mut programme, -55.0, 1.0);
        assert!((1.0..1.2).contains(&fallen_db), "a pause: 4.34 dB in ten time constants, {fallen_db}");
        let before = programme;
        assert_eq!(after(&mut programme, 80.0, 5.0), before.levels_db(1.0)[0], "a runaway neighbour");
        assert!((after(&mut programme, 15.0, 12.0) - 15.0).abs() < 0.1, "hot, but programme");
        assert!((after(&mut programme, -20.0, 12.0) + 20.0).abs() < 0.1, "never stuck");
        assert_eq!(Programme::new(48_000.0).levels_db(0.5), [LEAST_DB; 2]);
    }
}

//! The long-term level of a band's region: what a relative threshold is measured from.
//!
//! A mean square with a time constant of [`TIME_MS`]. It holds while the region is silent, so that a pause does not lower
//! the threshold. Over its first time constant it is the plain mean of the past: it starts with no level of its own, and
//! a quiet song starts as a loud one does.

use crate::units::{FLOOR_DB, ms_to_frames, power_to_db};

/// Time constant: some bars' beats, less than a verse.
const TIME_MS: f64 = 3000.0;
/// Below this the region counts as silent.
pub(super) const SILENT_DB: f64 = -70.0;

/// Share by which the mean square moves before its level is computed again: 0.004 dB, inaudible, and a logarithm saved
/// in nearly every step.
const UNMOVED: f64 = 1e-3;

/// A slow mean square.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct LongTerm {
    power: f64,
    taken: f64,
    constant: f64,
    /// The power whose level was computed, and that level.
    known_power: f64,
    known_db: f64,
}

impl LongTerm {
    /// Before any input; `step_rate_hz` powers come a second.
    pub(super) fn new(step_rate_hz: f64) -> Self {
        Self {
            power: 0.0,
            taken: 0.0,
            constant: ms_to_frames(TIME_MS, step_rate_hz).max(1.0),
            known_power: 0.0,
            known_db: FLOOR_DB,
        }
    }

    /// Takes in the mean square of a step that was not silent.
    pub(super) fn take(&mut self, power: f64) {
        self.taken = (self.taken + 1.0).min(self.constant);
        self.power += (power - self.power) / self.taken;
        if (self.power - self.known_power).abs() > UNMOVED * self.known_power {
            self.known_power = self.power;
            self.known_db = power_to_db(2.0 * self.power).max(FLOOR_DB);
        }
    }

    /// Peak level of the sine of this mean square, in dBFS; none before any input.
    pub(super) fn level_db(&self) -> Option<f64> {
        (self.known_power > 0.0).then_some(self.known_db)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_the_mean_at_first_and_then_covers_63_percent_in_its_time() {
        let mut long_term = LongTerm::new(1500.0);
        assert_eq!(long_term.level_db(), None);
        [0.2, 0.4, 0.6].into_iter().for_each(|power| long_term.take(power));
        assert!((long_term.power - 0.4).abs() < 1e-15);
        (0..4500).for_each(|_| long_term.take(0.1));
        let before = long_term.power;
        (0..4500).for_each(|_| long_term.take(1.0));
        let covered = (long_term.power - before) / (1.0 - before);
        // A step of 1/4500 instead of an infinitely small one.
        assert!((covered - 0.632_12).abs() < 1e-4, "{covered}");
    }
}

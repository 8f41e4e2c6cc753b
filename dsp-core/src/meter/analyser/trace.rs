//! A line that rises at once and falls at a set speed, and the highest it has been.

use crate::units::FLOOR_DB;

/// Levels of all points, and their peaks, in dB.
#[derive(Clone, Debug, Default)]
pub(super) struct Trace {
    levels_db: Vec<f64>,
    peaks_db: Vec<f64>,
}

impl Trace {
    /// Silence at so many points.
    pub(super) fn clear(&mut self, points: usize) {
        self.levels_db = vec![FLOOR_DB; points];
        self.forget_peaks();
    }

    pub(super) fn forget_peaks(&mut self) {
        self.peaks_db = vec![FLOOR_DB; self.levels_db.len()];
    }

    /// Goes to new levels, down by `fall_db` at most; says whether any has moved.
    pub(super) fn update(&mut self, now_db: &[f64], fall_db: f64, hold: bool) -> bool {
        let mut moved = false;
        for ((level_db, peak_db), now_db) in self.levels_db.iter_mut().zip(&mut self.peaks_db).zip(now_db) {
            let next_db = now_db.max(*level_db - fall_db);
            moved |= next_db != *level_db;
            *level_db = next_db;
            if hold {
                *peak_db = peak_db.max(*level_db);
            }
        }
        moved
    }

    pub(super) fn levels_db(&self) -> &[f64] {
        &self.levels_db
    }

    pub(super) fn peaks_db(&self) -> &[f64] {
        &self.peaks_db
    }
}

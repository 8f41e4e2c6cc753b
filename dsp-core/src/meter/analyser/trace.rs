//! A trace that rises at once and falls at a set speed, with peak hold.

use crate::units::FLOOR_DB;

/// Levels of all points, and their held peaks, in dB.
#[derive(Clone, Debug, Default)]
pub(super) struct Trace {
    pub(super) levels_db: Vec<f64>,
    pub(super) peaks_db: Vec<f64>,
}

impl Trace {
    /// Silence at so many points.
    pub(super) fn clear(&mut self, points: usize) {
        self.levels_db = vec![FLOOR_DB; points];
        self.clear_peaks();
    }

    pub(super) fn clear_peaks(&mut self) {
        self.peaks_db = vec![FLOOR_DB; self.levels_db.len()];
    }

    /// Moves to new levels, down by at most `fall_db`. Returns whether any level has changed.
    pub(super) fn update(&mut self, now_db: &[f64], fall_db: f64, hold: bool) -> bool {
        let mut changed = false;
        for ((level_db, peak_db), now_db) in self.levels_db.iter_mut().zip(&mut self.peaks_db).zip(now_db) {
            let next_db = now_db.max(*level_db - fall_db);
            changed |= next_db != *level_db;
            *level_db = next_db;
            if hold {
                *peak_db = peak_db.max(*level_db);
            }
        }
        changed
    }
}

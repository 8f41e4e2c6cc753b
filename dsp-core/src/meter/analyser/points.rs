//! Mapping from the bins of a transform to the points of a display, evenly spaced in octaves.

use super::settings::Smoothing;
use crate::units::{FLOOR_DB, db_to_gain, power_to_db};

/// Lowest frequency on display.
const LOW_HZ: f64 = 10.0;
/// Highest frequency on display.
const HIGH_HZ: f64 = 30_000.0;
/// Points from one to the other: 44 an octave.
const COUNT: usize = 512;

/// Distance of two points in octaves.
pub(super) fn step_oct() -> f64 {
    (HIGH_HZ / LOW_HZ).log2() / (COUNT - 1) as f64
}

/// Frequencies of the points up to Nyquist.
pub(super) fn frequencies(nyquist_hz: f64) -> Vec<f64> {
    let at = |n: usize| LOW_HZ * (n as f64 * step_oct()).exp2();
    (0..COUNT).map(at).take_while(|freq_hz| *freq_hz <= nyquist_hz).collect()
}

/// Maps powers of bins to levels of points.
#[derive(Clone, Debug)]
pub(super) struct Mapping {
    /// Position of each point among the bins, and of the limits to its neighbours.
    positions: Vec<[f64; 3]>,
    smoothing: Smoothing,
    /// Buffers: levels of the bins, and running sums.
    bins_db: Vec<f64>,
    sums: Vec<f64>,
}

impl Mapping {
    pub(super) fn new(frequencies: &[f64], bin_hz: f64, smoothing: Smoothing) -> Self {
        let half = (0.5 * step_oct()).exp2();
        let positions = frequencies.iter().map(|hz| [hz / bin_hz, hz / half / bin_hz, hz * half / bin_hz]).collect();
        Self { positions, smoothing, bins_db: Vec::new(), sums: Vec::new() }
    }

    /// Levels of the points in dB.
    pub(super) fn levels_db(&mut self, power: &[f64], points_db: &mut Vec<f64>) {
        self.bins_db.clear();
        self.bins_db.extend(power.iter().map(|power| power_to_db(*power).max(FLOOR_DB)));
        points_db.clear();
        if self.smoothing == Smoothing::None {
            points_db.extend(self.positions.iter().map(|position| peak_db(&self.bins_db, *position)));
        } else {
            running_sums(power, &mut self.sums);
            let (sums, bins_db) = (&self.sums, &self.bins_db);
            let mean = |[at, low, high]: [f64; 3]| {
                if high - low < 1.0 {
                    db_to_gain(curve_db(bins_db, at)).powi(2)
                } else {
                    // A bin extends halfway to its neighbours.
                    mean_between(sums, low + 0.5, high + 0.5)
                }
            };
            let points: Vec<f64> = self.positions.iter().map(|position| mean(*position)).collect();
            self.smooth(&points, points_db);
        }
    }

    /// The mean over the points within the width of the smoothing, as far as there are any.
    fn smooth(&mut self, power: &[f64], points_db: &mut Vec<f64>) {
        running_sums(power, &mut self.sums);
        let half = (self.smoothing.octaves() / step_oct()).max(1.0) / 2.0;
        points_db.extend((0..power.len()).map(|n| {
            let centre = n as f64 + 0.5;
            power_to_db(mean_between(&self.sums, centre - half, centre + half)).max(FLOOR_DB)
        }));
    }
}

/// `sums[n]` is the sum of the first n values.
fn running_sums(values: &[f64], sums: &mut Vec<f64>) {
    sums.clear();
    sums.push(0.0);
    let mut sum = 0.0;
    sums.extend(values.iter().map(|value| {
        sum += value;
        sum
    }));
}

/// Mean between two positions of values that are each one wide, the first from 0 to 1.
fn mean_between(sums: &[f64], low: f64, high: f64) -> f64 {
    let top = (sums.len() - 1) as f64;
    let (low, high) = (low.clamp(0.0, top), high.clamp(0.0, top));
    let upto = |position: f64| {
        let below = (position as usize).min(sums.len() - 2);
        sums[below] + (position - below as f64) * (sums[below + 1] - sums[below])
    };
    // Rounding may take a difference of sums below zero.
    if high > low { ((upto(high) - upto(low)) / (high - low)).max(0.0) } else { 0.0 }
}

/// The highest level within the limits of a point: that of the curve at the point, and of its local peaks.
fn peak_db(bins_db: &[f64], [at, low, high]: [f64; 3]) -> f64 {
    let (first, last) = (low.ceil() as usize, (high.floor() as usize).min(bins_db.len() - 1));
    let inside = bins_db.get(first..=last).unwrap_or(&[]).iter().fold(curve_db(bins_db, at), |most, db| most.max(*db));
    // Local peaks of bins up to half a bin outside may lie inside.
    let (first, last) = ((low.round() as usize).max(1), (high.round() as usize).min(bins_db.len().saturating_sub(2)));
    (first..=last).fold(inside, |most, bin| match local_peak(bins_db, bin) {
        Some((position, db)) if (low..high).contains(&position) => most.max(db),
        _ => most,
    })
}

/// Position and level of the peak near a bin that is higher than its neighbours: the position is that of the parabola
/// through the three, the level that of the curve there.
fn local_peak(bins_db: &[f64], bin: usize) -> Option<(f64, f64)> {
    let [below, here, above] = [bins_db[bin - 1], bins_db[bin], bins_db[bin + 1]];
    if here < below || here <= above {
        return None;
    }
    let position = bin as f64 + 0.5 * (below - above) / (below - 2.0 * here + above);
    Some((position, curve_db(bins_db, position)))
}

/// A smooth curve through the levels of the bins (E. Catmull and R. Rom, "A class of local interpolating splines",
/// 1974). In dB the main lobe of a window is nearly a parabola, which this reproduces: a sine between two bins has its
/// level.
fn curve_db(bins_db: &[f64], position: f64) -> f64 {
    let last = bins_db.len() - 1;
    let bin = (position.max(0.0) as usize).min(last);
    let t = (position - bin as f64).clamp(0.0, 1.0);
    let at = |bin: usize| bins_db[bin.min(last)];
    let [a, b, c, d] = [at(bin.saturating_sub(1)), at(bin), at(bin + 1), at(bin + 2)];
    b + 0.5 * t * (c - a + t * (2.0 * a - 5.0 * b + 4.0 * c - d + t * (3.0 * (b - c) + d - a)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_span_the_octaves_up_to_nyquist() {
        let all = frequencies(48_000.0);
        assert_eq!(all.len(), COUNT);
        assert!((all[0] - LOW_HZ).abs() < 1e-9 && (all[COUNT - 1] - HIGH_HZ).abs() < 1e-6);
        assert!(frequencies(22_050.0).last().is_some_and(|last| (21_700.0..=22_050.0).contains(last)));
    }

    #[test]
    fn the_curve_reproduces_parabolas() {
        let parabola = |x: f64| -3.3 * (x - 4.3).powi(2);
        let bins: Vec<f64> = (0..10).map(|bin| parabola(f64::from(bin))).collect();
        for place in [1.0, 3.5, 4.3, 4.9, 6.01] {
            assert!((curve_db(&bins, place) - parabola(place)).abs() < 1e-12);
        }
        let (place, db) = local_peak(&bins, 4).unwrap();
        assert!((place - 4.3).abs() < 1e-12 && db.abs() < 1e-12);
    }

    #[test]
    fn means_weight_partial_values() {
        let mut sums = Vec::new();
        running_sums(&[1.0, 2.0, 4.0], &mut sums);
        for (low, high, mean) in [(0.0, 3.0, 7.0 / 3.0), (0.5, 1.5, 1.5), (1.25, 1.75, 2.0), (-5.0, 1.0, 1.0)] {
            assert!((mean_between(&sums, low, high) - mean).abs() < 1e-12);
        }
        assert_eq!(mean_between(&sums, 4.0, 5.0), 0.0);
    }
}

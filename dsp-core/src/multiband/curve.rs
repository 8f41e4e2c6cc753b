//! The static curve of all modes: which gain at which level, four lanes at once.
//!
//! Source of the knee: D. Giannoulis, M. Massberg, J. D. Reiss, "Digital Dynamic Range Compressor Design – A Tutorial
//! and Analysis", J. Audio Eng. Soc. 60 (2012), eq. 4. With its excess E(d), which is 0 up to d = −W/2,
//! (d + W/2)²/(2W) within the knee and d from W/2 on, and o = L − T the level over the threshold, the gain in dB is
//!
//! ```text
//! Compress         −(1 − 1/R)·E(o)     at least −range
//! Expand           −(R − 1)·E(−o)      at least −range
//! Upward compress  +(1 − 1/R)·E(−o)    at most +range, times F(L)
//! Upward expand    +(R − 1)·E(o)       at most +range, times F(L)
//! ```
//!
//! where F goes from 0 at the floor to 1 at [`FLOOR_FADE_DB`] above it as 3w² − 2w³. All four are one formula with two
//! slopes and two limits, so a change of mode is a ramp like any other.

use super::settings::{Band, GAIN_DB, Mode};
use crate::simd::F64x4;
use crate::simd::decibel::gain_to_db;
use crate::units::pct_to_fraction;

/// How far above the floor upward modes act fully.
pub const FLOOR_FADE_DB: f64 = 12.0;
/// dB per dB of the steepest expansion: a higher ratio acts as a switch, limited by the range.
pub const STEEPEST: f64 = 99.0;

/// Parameters of a [`Curve`].
pub(super) const NUMBERS: usize = 8;

/// Parameters of a band's curve: threshold, knee, slope above and below the threshold, lowest and highest gain, floor,
/// link. Every interpolation between two sets is a curve.
pub(super) fn numbers(band: &Band) -> [f64; NUMBERS] {
    let compress = 1.0 - 1.0 / band.ratio;
    let expand = (band.ratio - 1.0).min(STEEPEST);
    let (above, below) = match band.mode {
        _ if !band.on => (0.0, 0.0),
        Mode::Compress => (-compress, 0.0),
        Mode::Expand => (0.0, -expand),
        Mode::UpCompress => (0.0, compress),
        Mode::UpExpand => (expand, 0.0),
    };
    let (lowest_db, highest_db) = match band.mode {
        Mode::Compress | Mode::Expand => (-band.range_db, 0.0),
        Mode::UpCompress | Mode::UpExpand => (0.0, band.range_db),
    };
    let link = pct_to_fraction(band.link_pct);
    [band.threshold_db, band.knee_db, above, below, lowest_db, highest_db, band.floor_db, link]
}

impl Band {
    /// Gain in dB that the dynamics apply at a steady level in dB: the static curve, for the editor.
    #[must_use]
    pub fn dynamics_db(&self, level_db: f64) -> f64 {
        steady_db(&self.clamped(0), level_db)
    }

    /// Output level in dB of a steady input level in dB, with the band's gain.
    #[must_use]
    pub fn output_db(&self, input_db: f64) -> f64 {
        input_db + self.dynamics_db(input_db) + GAIN_DB.clamp(self.gain_db)
    }
}

/// Gain in dB that a band applies at a steady level in dB.
fn steady_db(band: &Band, level_db: f64) -> f64 {
    let curve = Curve::<[f64; 4]>::load(&numbers(band).map(|number| [number; 4]));
    curve.gain_db([level_db; 4])[0]
}

/// A curve in each lane.
#[derive(Clone, Copy)]
pub(super) struct Curve<V>([V; NUMBERS]);

impl<V: F64x4> Curve<V> {
    #[inline(always)]
    pub(super) fn load(numbers: &[[f64; 4]]) -> Self {
        let mut lanes = [V::splat(0.0); NUMBERS];
        for (lane, numbers) in lanes.iter_mut().zip(numbers) {
            *lane = V::load(numbers);
        }
        Self(lanes)
    }

    /// Gain in dB for the largest magnitudes, linked.
    #[inline(always)]
    pub(super) fn linked_db(&self, held: V) -> V {
        let own_db = gain_to_db(held);
        let louder_db = own_db.max(own_db.channels_swapped());
        self.gain_db(self.0[7].mul_add(louder_db.sub(own_db), own_db))
    }

    /// Gain in dB at a level in dB.
    #[inline(always)]
    fn gain_db(&self, level_db: V) -> V {
        let [threshold_db, knee_db, above, below, lowest_db, highest_db, floor_db, _] = self.0;
        let (zero, one) = (V::splat(0.0), V::splat(1.0));
        let over_db = level_db.sub(threshold_db);
        // A knee of no width is never entered: any divisor will do.
        let per_knee = V::splat(0.5).div(knee_db.max(V::splat(f64::EPSILON)));
        let up_db = excess_db(over_db, knee_db, per_knee);
        let down_db = excess_db(zero.sub(over_db), knee_db, per_knee);
        let gain_db = above.mul_add(up_db, below.mul(down_db)).max(lowest_db).min(highest_db);
        let w = level_db.sub(floor_db).mul(V::splat(1.0 / FLOOR_FADE_DB)).max(zero).min(one);
        let fade = w.mul(w).mul(V::splat(-2.0).mul_add(w, V::splat(3.0)));
        gain_db.max(zero).mul_add(fade, gain_db.min(zero))
    }
}

/// The paper's bend; `per_knee` is 1/(2W).
#[inline(always)]
fn excess_db<V: F64x4>(over_db: V, knee_db: V, per_knee: V) -> V {
    let half_db = knee_db.mul(V::splat(0.5));
    let into_db = over_db.add(half_db).max(V::splat(0.0)).min(knee_db);
    into_db.mul(into_db).mul_add(per_knee, over_db.sub(half_db).max(V::splat(0.0)))
}

//! Low and high cut of a strip: two bands with their own ranges, Butterworth filters of order 1 to 16.

use super::band::{Band, Shape};
use super::cascade;
pub use super::slope::Slope;
use crate::Range;
use core::f64::consts::FRAC_1_SQRT_2;

/// Corner of the low cut, where it is 3 dB down.
pub const LOW_CUT_HZ: Range = Range::log(10.0, 80.0, 2000.0, "Hz");
/// Corner of the high cut, where it is 3 dB down.
pub const HIGH_CUT_HZ: Range = Range::log(500.0, 18_000.0, 30_000.0, "Hz");

/// Which side is removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Removes what lies below the corner.
    Low,
    /// Removes what lies above the corner.
    High,
}

impl Side {
    /// Range of the corner.
    #[must_use]
    pub const fn freq_hz(self) -> Range {
        match self {
            Self::Low => LOW_CUT_HZ,
            Self::High => HIGH_CUT_HZ,
        }
    }
}

/// Settings of one cut.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Whether it acts at all.
    pub on: bool,
    /// Corner, where it is 3 dB down.
    pub freq_hz: f64,
    /// How steeply it falls.
    pub slope: Slope,
}

impl Settings {
    /// Switched off, at the usual corner of its side.
    #[must_use]
    pub const fn off(side: Side) -> Self {
        Self { on: false, freq_hz: side.freq_hz().default, slope: Slope::Db12 }
    }

    /// The band that does it: a Butterworth filter.
    #[must_use]
    pub fn band(&self, side: Side) -> Band {
        let shape = match side {
            Side::Low => Shape::LowCut,
            Side::High => Shape::HighCut,
        };
        let freq_hz = side.freq_hz().clamp(self.freq_hz);
        Band { on: self.on, slope: self.slope, q: FRAC_1_SQRT_2, ..Band::flat(shape, freq_hz) }
    }

    /// Steady-state gain in dB at `freq_hz`; 0 when off.
    #[must_use]
    pub fn gain_db_at(&self, side: Side, freq_hz: f64, sample_rate_hz: f64) -> f64 {
        self.band(side).gain_db_at(freq_hz, sample_rate_hz)
    }
}

/// Both cuts as an equaliser of two bands.
#[must_use]
pub fn both(low: Settings, high: Settings) -> cascade::Settings<2> {
    cascade::Settings::of([low.band(Side::Low), high.band(Side::High)])
}

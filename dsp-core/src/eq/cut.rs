//! Low and high cut with a choice of slopes: Butterworth filters of order 1 to 16.

use crate::{Frame, Range, Spec, choice};

/// Corner of the low cut, where it is 3 dB down.
pub const LOW_CUT_HZ: Range = Range::log(10.0, 80.0, 2000.0, "Hz");
/// Corner of the high cut, where it is 3 dB down.
pub const HIGH_CUT_HZ: Range = Range::log(500.0, 18_000.0, 30_000.0, "Hz");

/// How steeply a cut falls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slope {
    /// 6 dB per octave.
    Db6,
    /// 12 dB per octave.
    Db12,
    /// 18 dB per octave.
    Db18,
    /// 24 dB per octave.
    Db24,
    /// 36 dB per octave.
    Db36,
    /// 48 dB per octave.
    Db48,
    /// 72 dB per octave.
    Db72,
    /// 96 dB per octave.
    Db96,
}

choice!(Slope {
    Db6 => "6 dB/oct", Db12 => "12 dB/oct", Db18 => "18 dB/oct", Db24 => "24 dB/oct",
    Db36 => "36 dB/oct", Db48 => "48 dB/oct", Db72 => "72 dB/oct", Db96 => "96 dB/oct",
});

/// Which side is removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Removes what lies below the corner.
    Low,
    /// Removes what lies above the corner.
    High,
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
        let freq_hz = match side {
            Side::Low => LOW_CUT_HZ.default,
            Side::High => HIGH_CUT_HZ.default,
        };
        Self { on: false, freq_hz, slope: Slope::Db12 }
    }

    /// Steady-state gain in dB at `freq_hz`; 0 when off.
    #[must_use]
    pub fn gain_db_at(&self, _side: Side, _freq_hz: f64, _sample_rate_hz: f64) -> f64 {
        0.0
    }
}

/// A running cut.
#[derive(Clone, Debug)]
pub struct Cut {
    settings: Settings,
}

impl Cut {
    /// A cut of one side.
    #[must_use]
    pub fn new(_side: Side, settings: Settings) -> Self {
        Self { settings }
    }

    /// Sizes and designs for the rate, then resets.
    pub fn prepare(&mut self, _spec: Spec) {}

    /// Forgets the past.
    pub fn reset(&mut self) {}

    /// New targets.
    pub fn set(&mut self, settings: Settings) {
        self.settings = settings;
    }

    /// Filters in place.
    pub fn process(&mut self, _block: &mut [Frame]) {}
}

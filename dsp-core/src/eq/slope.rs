//! Slopes of low and high cuts.

use crate::choice;

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

impl Slope {
    /// Order of the filter: 6 dB per octave each.
    #[must_use]
    pub const fn order(self) -> usize {
        match self {
            Self::Db6 => 1,
            Self::Db12 => 2,
            Self::Db18 => 3,
            Self::Db24 => 4,
            Self::Db36 => 6,
            Self::Db48 => 8,
            Self::Db72 => 12,
            Self::Db96 => 16,
        }
    }
}

choice!(Slope {
    Db6 => "6 dB/oct", Db12 => "12 dB/oct", Db18 => "18 dB/oct", Db24 => "24 dB/oct",
    Db36 => "36 dB/oct", Db48 => "48 dB/oct", Db72 => "72 dB/oct", Db96 => "96 dB/oct",
});

//! What the user asks of the analyser.

use crate::{Choice, Range, choice};

/// How much the picture is turned around 1 kHz: at 3 dB pink noise is level, at 4.5 dB most music is.
pub const TILT_DB_PER_OCT: Range = Range::linear(0.0, 4.5, 6.0, "dB/oct");

/// Frames in a transform: more tell low notes apart, fewer show when things happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FftSize {
    /// 1,024 frames.
    Frames1024,
    /// 2,048 frames.
    Frames2048,
    /// 4,096 frames.
    Frames4096,
    /// 8,192 frames.
    Frames8192,
    /// 16,384 frames.
    Frames16384,
}

choice!(FftSize {
    Frames1024 => "1024", Frames2048 => "2048", Frames4096 => "4096", Frames8192 => "8192", Frames16384 => "16384",
});

impl FftSize {
    /// Frames in a transform.
    #[must_use]
    pub fn frames(self) -> usize {
        1024 << self.index()
    }
}

/// Width over which power is averaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Smoothing {
    /// Every peak at its own level.
    None,
    /// A twenty-fourth of an octave.
    Oct24,
    /// A twelfth of an octave.
    Oct12,
    /// A sixth of an octave.
    Oct6,
    /// A third of an octave.
    Oct3,
    /// An octave.
    Oct1,
}

choice!(Smoothing {
    None => "None", Oct24 => "1/24 oct", Oct12 => "1/12 oct", Oct6 => "1/6 oct", Oct3 => "1/3 oct", Oct1 => "1 oct",
});

impl Smoothing {
    /// Width of the average.
    #[must_use]
    pub fn octaves(self) -> f64 {
        match self {
            Self::None => 0.0,
            Self::Oct24 => 1.0 / 24.0,
            Self::Oct12 => 1.0 / 12.0,
            Self::Oct6 => 1.0 / 6.0,
            Self::Oct3 => 1.0 / 3.0,
            Self::Oct1 => 1.0,
        }
    }
}

/// How soon the picture forgets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speed {
    /// Falls 4 dB a second.
    VerySlow,
    /// Falls 8 dB a second.
    Slow,
    /// Falls 16 dB a second.
    Medium,
    /// Falls 32 dB a second.
    Fast,
    /// Falls 64 dB a second.
    VeryFast,
}

choice!(Speed {
    VerySlow => "Very slow", Slow => "Slow", Medium => "Medium", Fast => "Fast", VeryFast => "Very fast",
});

impl Speed {
    /// How fast a level falls when its sound has ended.
    #[must_use]
    pub fn decay_db_per_s(self) -> f64 {
        f64::from(4_u8 << self.index())
    }

    /// Time constant of the average of power: one that falls twice as fast as the picture, so that this is what is
    /// seen of a sound's end.
    #[must_use]
    pub fn average_s(self) -> f64 {
        2.0 / self.decay_db_per_s()
    }
}

/// What of a stereo signal is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnalyserChannel {
    /// Mean power of left and right.
    Stereo,
    /// The left channel.
    Left,
    /// The right channel.
    Right,
    /// Half the sum.
    Mid,
    /// Half the difference.
    Side,
}

choice!(AnalyserChannel { Stereo => "Stereo", Left => "Left", Right => "Right", Mid => "Mid", Side => "Side" });

/// Settings of an analyser.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Frames in a transform.
    pub size: FftSize,
    /// How much the picture is turned around 1 kHz.
    pub tilt_db_per_oct: f64,
    /// Width over which power is averaged.
    pub smoothing: Smoothing,
    /// How soon the picture forgets.
    pub speed: Speed,
    /// What is looked at.
    pub channel: AnalyserChannel,
    /// Whether the picture stands still.
    pub freeze: bool,
    /// Whether the highest levels are kept.
    pub peak_hold: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            size: FftSize::Frames4096,
            tilt_db_per_oct: TILT_DB_PER_OCT.default,
            smoothing: Smoothing::None,
            speed: Speed::Medium,
            channel: AnalyserChannel::Stereo,
            freeze: false,
            peak_hold: false,
        }
    }
}

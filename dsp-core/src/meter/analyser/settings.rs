//! Settings of the spectrum analyser.

use crate::{Choice, Range, choice};

/// Tilt around 1 kHz: pink noise is level at 3 dB, most music at 4.5 dB.
pub const TILT_DB_PER_OCT: Range = Range::linear(0.0, 4.5, 6.0, "dB/oct");

/// Frames in a transform: more resolve low notes, fewer resolve time.
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

/// Speed at which levels fall.
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
    /// Fall of a level once its sound has ended.
    #[must_use]
    pub fn decay_db_per_s(self) -> f64 {
        f64::from(4_u8 << self.index())
    }

    /// Time constant of the average of power, which falls twice as fast as levels may: the end of a sound shows the
    /// latter.
    #[must_use]
    pub fn average_s(self) -> f64 {
        2.0 / self.decay_db_per_s()
    }
}

/// The part of a stereo signal that is analysed.
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
    /// Tilt around 1 kHz; see [`TILT_DB_PER_OCT`].
    pub tilt_db_per_oct: f64,
    /// Width over which power is averaged.
    pub smoothing: Smoothing,
    /// Speed at which levels fall.
    pub speed: Speed,
    /// The part of the signal that is analysed.
    pub channel: AnalyserChannel,
    /// Whether the levels are frozen.
    pub freeze: bool,
    /// Whether peaks are held.
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

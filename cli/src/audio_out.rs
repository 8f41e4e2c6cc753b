//! Writing audio files, WAV or FLAC by file name, atomically.

use crate::args::Bits;
use crate::error::Error;
use crate::flac_out::{self, FlacOut};
use crate::wav_out::{self, WavOut};
use std::path::Path;

/// The format of an output file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Microsoft WAV.
    Wav,
    /// Lossless compression.
    Flac,
}

impl Kind {
    /// The kind given by a file name; `None` for all others.
    pub(crate) fn of(path: &Path) -> Option<Self> {
        let ends =
            |endings: &[&str]| path.extension().is_some_and(|e| endings.iter().any(|s| e.eq_ignore_ascii_case(s)));
        match () {
            () if ends(&wav_out::ENDINGS) => Some(Self::Wav),
            () if ends(&flac_out::ENDINGS) => Some(Self::Flac),
            () => None,
        }
    }
}

/// The content of an output file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Content {
    /// Requested word length, if any.
    pub(crate) bits: Option<Bits>,
    /// Word length that preserves the input.
    pub(crate) natural_bits: Bits,
    /// 1 or 2 channels.
    pub(crate) channels: usize,
    /// Frames per second.
    pub(crate) sample_rate_hz: u32,
}

/// An output file being written to a temporary file.
pub(crate) enum AudioOut {
    Wav(WavOut),
    Flac(Box<FlacOut>),
}

impl AudioOut {
    /// Creates a file that appears at `path` when finished.
    pub(crate) fn create(path: &Path, content: Content) -> Result<Self, Error> {
        let Content { bits, natural_bits, channels, sample_rate_hz } = content;
        match Kind::of(path) {
            Some(Kind::Wav) => {
                WavOut::create(path, bits.unwrap_or(natural_bits), channels, sample_rate_hz).map(Self::Wav)
            }
            Some(Kind::Flac) => {
                if bits == Some(Bits::Float32) {
                    return Err(Error::file(path, "FLAC cannot store floats; expected --bits 16 or 24"));
                }
                let bits = bits.unwrap_or(Bits::Int24);
                FlacOut::create(path, bits, channels, sample_rate_hz).map(|out| Self::Flac(Box::new(out)))
            }
            None => Err(Error::file(path, "not a WAV or FLAC file name; expected one ending in .wav or .flac")),
        }
    }

    /// Appends frames: one slice per channel, of equal length.
    pub(crate) fn write(&mut self, channels: &[&[f32]]) -> Result<(), Error> {
        match self {
            Self::Wav(out) => out.write(channels),
            Self::Flac(out) => out.write(channels),
        }
    }

    /// Completes the file and renames it into place. Returns the number of clipped samples.
    pub(crate) fn finish(self) -> Result<u64, Error> {
        match self {
            Self::Wav(out) => out.finish(),
            Self::Flac(out) => out.finish(),
        }
    }
}

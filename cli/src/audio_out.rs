//! Writing audio files: WAV or FLAC, as the name ends; whole or not at all.

use crate::args::Bits;
use crate::error::Error;
use crate::flac_out::FlacOut;
use crate::wav_out::WavOut;
use std::path::Path;

/// How a file that is written ends by its kind.
pub(crate) const WAV_ENDINGS: [&str; 2] = ["wav", "wave"];
/// How a file that is written ends by its kind.
pub(crate) const FLAC_ENDINGS: [&str; 1] = ["flac"];

/// What a file is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Microsoft's.
    Wav,
    /// Without loss, in less room.
    Flac,
}

impl Kind {
    /// The kind that a name ends as; `None` for all others.
    pub(crate) fn of(path: &Path) -> Option<Self> {
        let ends =
            |endings: &[&str]| path.extension().is_some_and(|e| endings.iter().any(|s| e.eq_ignore_ascii_case(s)));
        match () {
            () if ends(&WAV_ENDINGS) => Some(Self::Wav),
            () if ends(&FLAC_ENDINGS) => Some(Self::Flac),
            () => None,
        }
    }
}

/// What is in a file that is written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Content {
    /// Word length that was asked for, if one was.
    pub(crate) bits: Option<Bits>,
    /// Word length that fits what went in.
    pub(crate) natural_bits: Bits,
    /// 1 or 2.
    pub(crate) channels: usize,
    /// Frames per second.
    pub(crate) sample_rate_hz: u32,
}

/// A file being written, beside its place.
pub(crate) enum AudioOut {
    Wav(WavOut),
    Flac(Box<FlacOut>),
}

impl AudioOut {
    /// Begins a file that will be at `path` when finished.
    pub(crate) fn create(path: &Path, content: Content) -> Result<Self, Error> {
        let Content { bits, natural_bits, channels, sample_rate_hz } = content;
        match Kind::of(path) {
            Some(Kind::Wav) => {
                WavOut::create(path, bits.unwrap_or(natural_bits), channels, sample_rate_hz).map(Self::Wav)
            }
            Some(Kind::Flac) => {
                if bits == Some(Bits::Float32) {
                    return Err(Error::file(path, "FLAC does not hold floats; expected --bits 16 or 24"));
                }
                let bits = bits.unwrap_or(Bits::Int24);
                FlacOut::create(path, bits, channels, sample_rate_hz).map(|out| Self::Flac(Box::new(out)))
            }
            None => Err(Error::file(path, "not the name of a WAV or FLAC file; expected one ending in .wav or .flac")),
        }
    }

    /// Appends frames, one slice per channel, all equally long.
    pub(crate) fn write(&mut self, channels: &[&[f32]]) -> Result<(), Error> {
        match self {
            Self::Wav(out) => out.write(channels),
            Self::Flac(out) => out.write(channels),
        }
    }

    /// Completes the file and moves it to its place. Tells how many samples were clipped.
    pub(crate) fn finish(self) -> Result<u64, Error> {
        match self {
            Self::Wav(out) => out.finish(),
            Self::Flac(out) => out.finish(),
        }
    }
}

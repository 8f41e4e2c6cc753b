//! Writing WAV files, atomically.
//!
//! Source: Microsoft, "Multiple channel audio data and WAVE files" (2007): more than 16 bits need
//! WAVE_FORMAT_EXTENSIBLE; IBM and Microsoft, "Multimedia Programming Interface and Data Specifications 1.0" (1991)
//! and its 1994 update: formats other than PCM have a `fact` chunk.

use crate::args::Bits;
use crate::atomic_file;
use crate::error::Error;
use crate::quantise::Quantiser;
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// File name endings.
pub(crate) const ENDINGS: [&str; 2] = ["wav", "wave"];
/// `wFormatTag` of integer samples.
const FORMAT_PCM: u16 = 1;
/// `wFormatTag` of float samples.
const FORMAT_FLOAT: u16 = 3;
/// `wFormatTag` of the extensible header.
const FORMAT_EXTENSIBLE: u16 = 0xFFFE;
/// The bytes of a `SubFormat` GUID after its first two, the format tag.
const GUID_TAIL: [u8; 14] = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71];
/// Bytes of `RIFF`, the size and `WAVE`.
const RIFF_BYTES: u64 = 12;
/// Bytes of a chunk's id and size.
const CHUNK_BYTES: u64 = 8;

/// A WAV file being written to a temporary file.
pub(crate) struct WavOut {
    file: BufWriter<NamedTempFile>,
    path: PathBuf,
    bits: Bits,
    channels: u16,
    sample_rate_hz: u32,
    frames: u64,
    quantiser: Quantiser,
    /// A block as written to the file.
    bytes: Vec<u8>,
}

impl WavOut {
    /// Creates a file that appears at `path` when finished.
    pub(crate) fn create(path: &Path, bits: Bits, channels: usize, sample_rate_hz: u32) -> Result<Self, Error> {
        let file = atomic_file::create(path, "WAV", &ENDINGS)?;
        let channels = u16::try_from(channels).unwrap_or(u16::MAX);
        let mut out = Self {
            file: BufWriter::new(file),
            path: path.to_owned(),
            bits,
            channels,
            sample_rate_hz,
            frames: 0,
            quantiser: Quantiser::new(bits),
            bytes: Vec::new(),
        };
        let header = out.header();
        out.file.write_all(&header).map_err(|error| Error::write(path, error))?;
        Ok(out)
    }

    /// Appends frames: one slice per channel, of equal length.
    pub(crate) fn write(&mut self, channels: &[&[f32]]) -> Result<(), Error> {
        let frames = channels.first().map_or(0, |channel| channel.len());
        self.frames += frames as u64;
        if self.riff_bytes() > u64::from(u32::MAX) {
            return Err(Error::file(&self.path, "exceeds 4 GiB; expected at most that for WAV"));
        }
        self.bytes.clear();
        for n in 0..frames {
            for channel in channels {
                match self.bits {
                    Bits::Float32 => self.bytes.extend(channel[n].to_le_bytes()),
                    Bits::Int24 => self.bytes.extend(&self.quantiser.nearest(channel[n]).to_le_bytes()[..3]),
                    Bits::Int16 => self.bytes.extend(&self.quantiser.nearest(channel[n]).to_le_bytes()[..2]),
                }
            }
        }
        self.file.write_all(&self.bytes).map_err(|error| Error::write(&self.path, error))
    }

    /// Completes the file and renames it into place. Returns the number of clipped samples.
    pub(crate) fn finish(mut self) -> Result<u64, Error> {
        let path = self.path.clone();
        self.complete().map_err(|error| Error::write(&path, error))?;
        let file = self.file.into_inner().map_err(|error| Error::write(&path, error.into_error()))?;
        atomic_file::commit(file, &path)?;
        Ok(self.quantiser.clipped())
    }

    fn complete(&mut self) -> io::Result<()> {
        if self.data_bytes() % 2 == 1 {
            self.file.write_all(&[0])?; // chunks start at even offsets
        }
        let header = self.header();
        self.file.seek(SeekFrom::Start(0))?;
        self.file.write_all(&header)?;
        self.file.flush()
    }

    fn sample_bytes(&self) -> u16 {
        match self.bits {
            Bits::Int16 => 2,
            Bits::Int24 => 3,
            Bits::Float32 => 4,
        }
    }

    fn data_bytes(&self) -> u64 {
        self.frames * u64::from(self.channels) * u64::from(self.sample_bytes())
    }

    /// The RIFF size: bytes after the size field.
    fn riff_bytes(&self) -> u64 {
        let chunks = CHUNK_BYTES + self.format().len() as u64 + self.fact().len() as u64 + CHUNK_BYTES;
        RIFF_BYTES - CHUNK_BYTES + chunks + self.data_bytes().next_multiple_of(2)
    }

    /// Everything before the samples.
    fn header(&self) -> Vec<u8> {
        // `write` has checked that sizes fit.
        let size = |bytes: u64| u32::try_from(bytes).unwrap_or(u32::MAX).to_le_bytes();
        let format = self.format();
        let mut header = Vec::new();
        header.extend(b"RIFF");
        header.extend(size(self.riff_bytes()));
        header.extend(b"WAVEfmt ");
        header.extend(size(format.len() as u64));
        header.extend(format);
        header.extend(self.fact());
        header.extend(b"data");
        header.extend(size(self.data_bytes()));
        header
    }

    /// The body of the `fmt ` chunk.
    fn format(&self) -> Vec<u8> {
        let tag = match self.bits {
            Bits::Int16 => FORMAT_PCM,
            Bits::Int24 => FORMAT_EXTENSIBLE,
            Bits::Float32 => FORMAT_FLOAT,
        };
        let frame_bytes = self.channels * self.sample_bytes();
        let bits = self.sample_bytes() * 8;
        let mut format = Vec::new();
        format.extend(tag.to_le_bytes());
        format.extend(self.channels.to_le_bytes());
        format.extend(self.sample_rate_hz.to_le_bytes());
        format.extend((self.sample_rate_hz * u32::from(frame_bytes)).to_le_bytes());
        format.extend(frame_bytes.to_le_bytes());
        format.extend(bits.to_le_bytes());
        match self.bits {
            Bits::Int16 => {}
            Bits::Float32 => format.extend(0_u16.to_le_bytes()),
            Bits::Int24 => {
                // Speaker mask: front centre, or front left and right.
                let speakers: u32 = if self.channels == 1 { 4 } else { 3 };
                format.extend(22_u16.to_le_bytes());
                format.extend(bits.to_le_bytes());
                format.extend(speakers.to_le_bytes());
                format.extend(FORMAT_PCM.to_le_bytes());
                format.extend(GUID_TAIL);
            }
        }
        format
    }

    /// The `fact` chunk of a float file.
    fn fact(&self) -> Vec<u8> {
        if self.bits != Bits::Float32 {
            return Vec::new();
        }
        let frames = u32::try_from(self.frames).unwrap_or(u32::MAX);
        [b"fact".as_slice(), &4_u32.to_le_bytes(), &frames.to_le_bytes()].concat()
    }
}

//! Reading audio files: WAV, FLAC, Ogg Vorbis and MP3, block by block.
//!
//! Damaged files are rejected where damage can be detected: WAV and FLAC need every frame their header announces, in
//! order and with the right checksum, Ogg every page. MP3 is decoded as far as possible, with lost frames as silence and
//! a warning.

use crate::args::Bits;
use crate::error::Error;
use crate::ogg_check::Damage;
use crate::pcm::Pcm;
use crate::source::Source;
use dsp_core::flush::FlushGuard;
use dsp_core::{Frame, Spec};
use std::fs::File;
use std::path::{Path, PathBuf};
use symphonia::core::codecs::CodecParameters;
use symphonia::core::codecs::audio::well_known::{
    CODEC_ID_MP3, CODEC_ID_PCM_F32LE, CODEC_ID_PCM_F64LE, CODEC_ID_VORBIS,
};
use symphonia::core::codecs::audio::{AudioCodecId, AudioCodecParameters, AudioDecoder, AudioDecoderOptions};
use symphonia::core::codecs::registry::CodecRegistry;
use symphonia::core::errors::Error as MediaError;
use symphonia::core::formats::probe::{Hint, Probe};
use symphonia::core::formats::{FormatOptions, FormatReader, Track, TrackType};
use symphonia::core::io::MediaSourceStream;
use symphonia::core::meta::MetadataOptions;
use symphonia::core::packet::Packet;
use symphonia::default::{codecs, formats, meta};

/// Longest block passed to a chain or meter.
pub(crate) const BLOCK_FRAMES: usize = 4096;
/// Readable formats, for messages.
const READABLE: &str = "WAV, FLAC, Ogg Vorbis or MP3";
/// Longest integer word that a 32-bit float holds exactly.
const EXACT_BITS: u32 = 24;

/// Sample format of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Word {
    /// Integers of so many bits.
    Int(u32),
    /// Floats of so many bits.
    Float(u32),
    /// Lossy compression, which has no word length.
    Lossy,
}

impl Word {
    /// Word length of integer samples that were read exactly.
    pub(crate) fn exact_bits(self) -> Option<u32> {
        match self {
            Self::Int(bits) => Some(bits).filter(|bits| *bits <= EXACT_BITS),
            Self::Float(_) | Self::Lossy => None,
        }
    }
}

/// An audio file being read.
pub(crate) struct AudioIn {
    path: PathBuf,
    format: Box<dyn FormatReader>,
    decoder: Box<dyn AudioDecoder>,
    /// Direct conversion, for samples that need no decoder.
    pcm: Option<Pcm>,
    track: u32,
    lossy: bool,
    spec: Spec,
    sample_rate_hz: u32,
    bits: Bits,
    word: Word,
    /// Number of frames according to the file, if it says.
    expected_frames: Option<u64>,
    /// Frames read so far.
    frames: u64,
    /// Frames that could not be decoded.
    lost: u64,
    /// Samples that were NaN or infinite.
    not_finite: u64,
    channels: Vec<Vec<f32>>,
}

impl AudioIn {
    /// Opens a file and reads its headers.
    pub(crate) fn open(path: &Path) -> Result<Self, Error> {
        let error = |problem: String| Error::file(path, problem);
        let file = File::open(path).map_err(|cause| error(format!("cannot open: {cause}; expected {READABLE}")))?;
        if file.metadata().is_ok_and(|metadata| metadata.is_dir()) {
            return Err(error(format!("is a folder; expected {READABLE}")));
        }
        let source = Source::new(file).map_err(|cause| error(format!("cannot read: {cause}; expected {READABLE}")))?;
        if let Some(Damage { frame, how }) = source.damage() {
            return Err(error(format!("corrupt or truncated at frame {frame}: {how}; expected an intact file")));
        }
        let format = probe(source)
            .map_err(|cause| error(format!("unreadable format ({}); expected {READABLE}", message(&cause))))?;
        let no_audio = || error(format!("no audio track; expected {READABLE}"));
        let track = format.default_track(TrackType::Audio).ok_or_else(no_audio)?;
        let Some(CodecParameters::Audio(params)) = &track.codec_params else { return Err(no_audio()) };
        let decoder = decoder(track, params).map_err(|_| error(format!("unsupported codec; expected {READABLE}")))?;
        let (spec, sample_rate_hz) = spec(params).map_err(error)?;
        let lossy = is_lossy(params.codec);
        Ok(Self {
            path: path.to_owned(),
            decoder,
            pcm: Pcm::of(params),
            track: track.id,
            lossy,
            spec,
            sample_rate_hz,
            bits: natural_bits(lossy, params),
            word: word(lossy, params),
            expected_frames: track.num_frames.filter(|_| has_exact_length(track, params)),
            frames: 0,
            lost: 0,
            not_finite: 0,
            channels: vec![Vec::new(); spec.channels],
            format,
        })
    }

    /// Sample rate, channels and block length for processing this file.
    pub(crate) fn spec(&self) -> Spec {
        self.spec
    }

    /// Frames per second.
    pub(crate) fn sample_rate_hz(&self) -> u32 {
        self.sample_rate_hz
    }

    /// Number of frames according to the file, if it says.
    pub(crate) fn expected_frames(&self) -> Option<u64> {
        self.expected_frames
    }

    /// Output word length that preserves everything 32-bit floats hold of this file.
    pub(crate) fn natural_bits(&self) -> Bits {
        self.bits
    }

    /// Sample format of the file.
    pub(crate) fn word(&self) -> Word {
        self.word
    }

    /// Reads the whole file in blocks of up to [`BLOCK_FRAMES`]. Mono is copied to both lanes.
    pub(crate) fn read_all(&mut self, mut process: impl FnMut(&[Frame])) -> Result<(), Error> {
        let mut block: Vec<Frame> = Vec::with_capacity(BLOCK_FRAMES);
        while let Some(channels) = self.read()? {
            let _flush = FlushGuard::new();
            let (left, right) = (&channels[0], channels.last().unwrap_or(&channels[0]));
            for (left, right) in left.chunks(BLOCK_FRAMES).zip(right.chunks(BLOCK_FRAMES)) {
                block.clear();
                block.extend(left.iter().zip(right).map(|(l, r)| [f64::from(*l), f64::from(*r)]));
                process(&block);
            }
        }
        Ok(())
    }

    /// Warnings about the file, once it has been read.
    pub(crate) fn warnings(&self) -> Vec<String> {
        let mut problems = Vec::new();
        if self.lost > 0 {
            problems.push(format!("{} frames could not be decoded and were replaced by silence", self.lost));
        }
        if let Some(expected) = self.expected_frames.filter(|expected| self.lossy && self.frames < *expected) {
            problems.push(format!("contains only {} of {expected} frames", self.frames));
        }
        if self.not_finite > 0 {
            problems.push(format!("{} samples are NaN or infinite and were read as silence", self.not_finite));
        }
        problems.iter().map(|problem| format!("{}: warning: {problem}", self.path.display())).collect()
    }

    /// The next frames, one buffer per channel, never empty; `None` at the end of an intact file.
    pub(crate) fn read(&mut self) -> Result<Option<&mut [Vec<f32>]>, Error> {
        loop {
            let packet = match self.format.next_packet() {
                Ok(Some(packet)) => packet,
                Ok(None) => break,
                Err(error) if self.is_end(&error) => break,
                Err(error) => return Err(self.damaged(&message(&error))),
            };
            if packet.track_id == self.track && self.decode(&packet)? > 0 {
                return Ok(Some(&mut self.channels));
            }
        }
        self.check_end()?;
        Ok(None)
    }

    /// Decodes a packet into `channels`; returns its number of frames.
    fn decode(&mut self, packet: &Packet) -> Result<usize, Error> {
        // MP3 packets carry no positions, and those of Ogg files are already checked.
        if !self.lossy && u64::try_from(packet.pts.get()).is_ok_and(|at| at > self.frames) {
            return Err(self.damaged(&format!("unreadable up to frame {}", packet.pts.get())));
        }
        if let Some(pcm) = self.pcm {
            pcm.decode(&packet.data, &mut self.channels);
            return Ok(self.count(pcm.is_float()));
        }
        match self.decoder.decode(packet) {
            Ok(decoded) => {
                if decoded.num_planes() != self.spec.channels && decoded.frames() > 0 {
                    return Err(self.damaged("the channel count changes"));
                }
                decoded.copy_to_vecs_planar(&mut self.channels);
            }
            Err(_) if self.lossy => {
                let frames = usize::try_from(packet.dur.get()).unwrap_or(0);
                self.channels = vec![vec![0.0; frames]; self.spec.channels];
                self.lost += frames as u64;
            }
            Err(error) => return Err(self.damaged(&message(&error))),
        }
        Ok(self.count(true))
    }

    /// Counts the frames in `channels` and silences floats that are NaN or infinite.
    fn count(&mut self, floats: bool) -> usize {
        for channel in self.channels.iter_mut().filter(|_| floats) {
            // Such samples are rare: one vectorised pass finds whether there are any.
            let largest = channel.iter().fold(0, |largest, sample| sample.abs().to_bits().max(largest));
            if largest < f32::INFINITY.to_bits() {
                continue;
            }
            for sample in channel.iter_mut().filter(|sample| !sample.is_finite()) {
                *sample = 0.0;
                self.not_finite += 1;
            }
        }
        let frames = self.channels.first().map_or(0, Vec::len);
        self.frames += frames as u64;
        frames
    }

    /// Whether a reader's error only means the end of a lossy file, whose end is not marked.
    fn is_end(&self, error: &MediaError) -> bool {
        let is_end = match error {
            MediaError::IoError(error) => error.kind() == std::io::ErrorKind::UnexpectedEof,
            MediaError::DecodeError(_) | MediaError::Unsupported(_) => true, // junk after the last frame
            _ => false,
        };
        self.lossy && is_end
    }

    /// Checks that the file was complete.
    fn check_end(&mut self) -> Result<(), Error> {
        if self.lossy {
            if self.frames == self.lost && self.frames > 0 {
                return Err(Error::file(&self.path, format!("no frame could be decoded; expected {READABLE}")));
            }
        } else if self.expected_frames.is_some_and(|expected| self.frames < expected) {
            return Err(self.damaged("the file ends"));
        } else if self.decoder.finalize().verify_ok == Some(false) {
            return Err(Error::file(
                &self.path,
                "corrupt: the audio does not match the checksum in its header; expected an intact file",
            ));
        }
        Ok(())
    }

    fn damaged(&self, how: &str) -> Error {
        let expected =
            self.expected_frames.map_or_else(|| "an intact file".to_owned(), |expected| format!("{expected} frames"));
        Error::file(&self.path, format!("corrupt or truncated at frame {}: {how}; expected {expected}", self.frames))
    }
}

/// Detects the format.
fn probe(source: Source) -> Result<Box<dyn FormatReader>, MediaError> {
    let mut probe = Probe::default();
    probe.register_format::<formats::WavReader<'_>>();
    probe.register_format::<formats::FlacReader<'_>>();
    probe.register_format::<formats::OggReader<'_>>();
    probe.register_format::<formats::MpaReader<'_>>();
    probe.register_metadata::<meta::Id3v1Reader<'_>>();
    probe.register_metadata::<meta::Id3v2Reader<'_>>();
    probe.register_metadata::<meta::ApeReader<'_>>();
    let stream = MediaSourceStream::new(Box::new(source), Default::default());
    probe.probe(&Hint::new(), stream, FormatOptions::default(), MetadataOptions::default())
}

fn decoder(track: &Track, params: &AudioCodecParameters) -> Result<Box<dyn AudioDecoder>, MediaError> {
    let mut registry = CodecRegistry::new();
    registry.register_audio_decoder::<codecs::PcmDecoder>();
    registry.register_audio_decoder::<codecs::FlacDecoder>();
    registry.register_audio_decoder::<codecs::VorbisDecoder>();
    registry.register_audio_decoder::<codecs::MpaDecoder>();
    // Without an encoder's tag the length of an MP3 is a guess; then it is not trimmed.
    let trim = params.codec != CODEC_ID_MP3 || has_exact_length(track, params);
    registry.make_audio_decoder(params, &AudioDecoderOptions::default().gapless(trim).verify(true))
}

fn is_lossy(codec: AudioCodecId) -> bool {
    codec == CODEC_ID_MP3 || codec == CODEC_ID_VORBIS
}

/// Whether the length is exact. That of an MP3 is if the encoder wrote it, along with its delay; else it is a guess
/// from the bit rate.
fn has_exact_length(track: &Track, params: &AudioCodecParameters) -> bool {
    params.codec != CODEC_ID_MP3 || track.delay.is_some()
}

/// Sample rate and channels, if the chains support them.
fn spec(params: &AudioCodecParameters) -> Result<(Spec, u32), String> {
    let rate = params.sample_rate.ok_or("no sample rate in the header; expected one")?;
    let channels = params.channels.as_ref().ok_or("no channel count in the header; expected 1 or 2")?.count();
    // Its messages read "problem: expected …"; ours use a semicolon.
    let spec = Spec::new(f64::from(rate), BLOCK_FRAMES, channels).map_err(|e| e.to_string().replace(": ", "; "))?;
    Ok((spec, rate))
}

/// The reader reports the word length of integers, and 32, 64 or nothing for floats.
fn natural_bits(lossy: bool, params: &AudioCodecParameters) -> Bits {
    match params.bits_per_sample {
        Some(bits) if !lossy && bits <= EXACT_BITS => Bits::Int24,
        _ => Bits::Float32,
    }
}

fn word(lossy: bool, params: &AudioCodecParameters) -> Word {
    match params.bits_per_sample {
        _ if lossy => Word::Lossy,
        _ if params.codec == CODEC_ID_PCM_F32LE => Word::Float(32),
        _ if params.codec == CODEC_ID_PCM_F64LE => Word::Float(64),
        Some(bits) => Word::Int(bits),
        None => Word::Float(32),
    }
}

/// A decoder's message without its prefix.
fn message(error: &MediaError) -> String {
    match error {
        MediaError::DecodeError(text) | MediaError::Unsupported(text) | MediaError::LimitError(text) => {
            (*text).to_owned()
        }
        MediaError::IoError(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => "the file ends".to_owned(),
        MediaError::ResetRequired => "a second stream begins".to_owned(),
        other => other.to_string(),
    }
}

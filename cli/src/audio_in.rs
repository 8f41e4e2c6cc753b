//! Reading audio files: WAV, FLAC, Ogg Vorbis and MP3, block by block.
//!
//! What can be checked must be whole: of WAV and FLAC every frame the header promises, in order, with the right
//! checksum; of Ogg every page. An MP3 is decoded as far as it goes, lost frames as silence, and the loss is told.

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

/// Longest block given to a chain or a meter at once.
pub(crate) const BLOCK_FRAMES: usize = 4096;
/// What can be read, for messages.
const READABLE: &str = "WAV, FLAC, Ogg Vorbis or MP3";
/// Largest integer word that a 32-bit float, and so a 24-bit file, holds exactly.
const EXACT_BITS: u32 = 24;

/// How a file keeps its samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Word {
    /// As integers of so many bits.
    Int(u32),
    /// As floats of so many bits.
    Float(u32),
    /// Coded with loss, as no samples of any length.
    Lossy,
}

impl Word {
    /// Bits of integers that the samples read hold exactly.
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
    /// Where the samples need no decoder.
    pcm: Option<Pcm>,
    track: u32,
    lossy: bool,
    spec: Spec,
    sample_rate_hz: u32,
    bits: Bits,
    word: Word,
    /// Frames the file says it has, where it knows.
    promised: Option<u64>,
    /// Frames read so far.
    frames: u64,
    /// Frames that could not be decoded.
    lost: u64,
    /// Samples that were not finite.
    not_finite: u64,
    channels: Vec<Vec<f32>>,
}

impl AudioIn {
    /// Opens a file and learns what is in it.
    pub(crate) fn open(path: &Path) -> Result<Self, Error> {
        let wrong = |problem: String| Error::file(path, problem);
        let file = File::open(path).map_err(|error| wrong(format!("cannot open: {error}; expected {READABLE}")))?;
        if file.metadata().is_ok_and(|metadata| metadata.is_dir()) {
            return Err(wrong(format!("is a folder; expected {READABLE}")));
        }
        let source = Source::new(file).map_err(|error| wrong(format!("cannot read: {error}; expected {READABLE}")))?;
        if let Some(Damage { frame, how }) = source.damage() {
            return Err(wrong(format!("corrupt or cut off at frame {frame}: {how}; expected a whole file")));
        }
        let format = probe(source)
            .map_err(|error| wrong(format!("not audio that can be read ({}); expected {READABLE}", say(&error))))?;
        let no_audio = || wrong(format!("no audio in it; expected {READABLE}"));
        let track = format.default_track(TrackType::Audio).ok_or_else(no_audio)?;
        let Some(CodecParameters::Audio(params)) = &track.codec_params else { return Err(no_audio()) };
        let decoder =
            decoder(track, params).map_err(|_| wrong(format!("no decoder for what is in it; expected {READABLE}")))?;
        let (spec, sample_rate_hz) = spec(params).map_err(wrong)?;
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
            promised: track.num_frames.filter(|_| is_counted(track, params)),
            frames: 0,
            lost: 0,
            not_finite: 0,
            channels: vec![Vec::new(); spec.channels],
            format,
        })
    }

    /// Rate, channels and block length for what processes this file.
    pub(crate) fn spec(&self) -> Spec {
        self.spec
    }

    /// Frames per second.
    pub(crate) fn sample_rate_hz(&self) -> u32 {
        self.sample_rate_hz
    }

    /// Frames that the file says it has, where it knows.
    pub(crate) fn promised(&self) -> Option<u64> {
        self.promised
    }

    /// Word length that loses nothing that 32-bit floats hold of this file.
    pub(crate) fn natural_bits(&self) -> Bits {
        self.bits
    }

    /// How the file keeps its samples.
    pub(crate) fn word(&self) -> Word {
        self.word
    }

    /// Reads all there is, in blocks of up to [`BLOCK_FRAMES`]. Mono travels in both lanes.
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

    /// What there is to say about the file, once it has been read.
    pub(crate) fn warnings(&self) -> Vec<String> {
        let mut problems = Vec::new();
        if self.lost > 0 {
            problems.push(format!("{} frames could not be decoded and are silence", self.lost));
        }
        if let Some(promised) = self.promised.filter(|promised| self.lossy && self.frames < *promised) {
            problems.push(format!("only {} of {promised} frames are in it", self.frames));
        }
        if self.not_finite > 0 {
            problems.push(format!("{} samples are not finite numbers and were read as silence", self.not_finite));
        }
        problems.iter().map(|problem| format!("{}: warning: {problem}", self.path.display())).collect()
    }

    /// The next frames, one buffer per channel, never empty; `None` at the end of a file that was all right.
    pub(crate) fn read(&mut self) -> Result<Option<&mut [Vec<f32>]>, Error> {
        loop {
            let packet = match self.format.next_packet() {
                Ok(Some(packet)) => packet,
                Ok(None) => break,
                Err(error) if self.ends_with(&error) => break,
                Err(error) => return Err(self.broken(&say(&error))),
            };
            if packet.track_id == self.track && self.decode(&packet)? > 0 {
                return Ok(Some(&mut self.channels));
            }
        }
        self.check_end()?;
        Ok(None)
    }

    /// Decodes a packet into `channels`; the frames that were in it.
    fn decode(&mut self, packet: &Packet) -> Result<usize, Error> {
        // Positions of an MP3's packets are only counted, and of an Ogg file's already checked.
        if !self.lossy && u64::try_from(packet.pts.get()).is_ok_and(|at| at > self.frames) {
            return Err(self.broken(&format!("nothing readable before frame {}", packet.pts.get())));
        }
        if let Some(pcm) = self.pcm {
            pcm.decode(&packet.data, &mut self.channels);
            return Ok(self.took_in(pcm.is_float()));
        }
        match self.decoder.decode(packet) {
            Ok(decoded) => {
                if decoded.num_planes() != self.spec.channels && decoded.frames() > 0 {
                    return Err(self.broken("the number of channels changes"));
                }
                decoded.copy_to_vecs_planar(&mut self.channels);
            }
            Err(_) if self.lossy => {
                let frames = usize::try_from(packet.dur.get()).unwrap_or(0);
                self.channels = vec![vec![0.0; frames]; self.spec.channels];
                self.lost += frames as u64;
            }
            Err(error) => return Err(self.broken(&say(&error))),
        }
        Ok(self.took_in(true))
    }

    /// Counts what is in `channels`; of floats, what is not a finite number becomes silence.
    fn took_in(&mut self, floats: bool) -> usize {
        for channel in self.channels.iter_mut().filter(|_| floats) {
            // One look at all of them, many at once: there are hardly ever any.
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

    /// Whether an error of the reader is only the end of a lossy file: no such file says where it ends.
    fn ends_with(&self, error: &MediaError) -> bool {
        let is_end = match error {
            MediaError::IoError(error) => error.kind() == std::io::ErrorKind::UnexpectedEof,
            MediaError::DecodeError(_) | MediaError::Unsupported(_) => true, // junk behind the last frame
            _ => false,
        };
        self.lossy && is_end
    }

    /// Whether all that should be there was.
    fn check_end(&mut self) -> Result<(), Error> {
        if self.lossy {
            if self.frames == self.lost && self.frames > 0 {
                return Err(Error::file(&self.path, format!("nothing in it could be decoded; expected {READABLE}")));
            }
        } else if self.promised.is_some_and(|promised| self.frames < promised) {
            return Err(self.broken("the file ends"));
        } else if self.decoder.finalize().verify_ok == Some(false) {
            return Err(Error::file(&self.path, "corrupt; expected audio with the checksum in its header"));
        }
        Ok(())
    }

    fn broken(&self, how: &str) -> Error {
        let expected = self.promised.map_or_else(|| "a whole file".to_owned(), |promised| format!("{promised} frames"));
        Error::file(&self.path, format!("corrupt or cut off at frame {}: {how}; expected {expected}", self.frames))
    }
}

/// Finds out what kind of file it is.
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
    // An MP3 is trimmed to a length that is a guess where no encoder left word of it: better not at all then.
    let trim = params.codec != CODEC_ID_MP3 || is_counted(track, params);
    registry.make_audio_decoder(params, &AudioDecoderOptions::default().gapless(trim).verify(true))
}

fn is_lossy(codec: AudioCodecId) -> bool {
    codec == CODEC_ID_MP3 || codec == CODEC_ID_VORBIS
}

/// Whether the length that the reader knows was written by the encoder. That of an MP3 is, with its delay; else it is
/// a guess from the bit rate.
fn is_counted(track: &Track, params: &AudioCodecParameters) -> bool {
    params.codec != CODEC_ID_MP3 || track.delay.is_some()
}

/// Rate and channels, if the chains can run on them.
fn spec(params: &AudioCodecParameters) -> Result<(Spec, u32), String> {
    let rate = params.sample_rate.ok_or("no sample rate in its header; expected one")?;
    let channels = params.channels.as_ref().ok_or("no number of channels in its header; expected 1 or 2")?.count();
    // The messages read "what: expected …": ours set a semicolon there.
    let spec = Spec::new(f64::from(rate), BLOCK_FRAMES, channels).map_err(|e| e.to_string().replace(": ", "; "))?;
    Ok((spec, rate))
}

/// The reader knows a number of bits for integers, 32 or 64 or none for floats.
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

/// A decoder's message without its preamble.
fn say(error: &MediaError) -> String {
    match error {
        MediaError::DecodeError(text) | MediaError::Unsupported(text) | MediaError::LimitError(text) => {
            (*text).to_owned()
        }
        MediaError::IoError(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => "the file ends".to_owned(),
        MediaError::ResetRequired => "a second stream begins".to_owned(),
        other => other.to_string(),
    }
}

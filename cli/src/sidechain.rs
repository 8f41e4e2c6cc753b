//! The sidechain file, read in step with the input file.

use crate::audio_in::AudioIn;
use crate::error::Error;
use std::path::Path;

/// The sidechain file; silent after its end.
pub(crate) struct Sidechain {
    input: AudioIn,
    /// Whether stereo is mixed down to mono.
    fold: bool,
    /// Frames read but not yet used, per channel.
    buffered: Vec<Vec<f32>>,
    /// The block returned by [`Self::next`].
    block: Vec<Vec<f32>>,
    ended: bool,
}

impl Sidechain {
    /// Opens a sidechain file for an open input file.
    pub(crate) fn open(path: &Path, main: &AudioIn, input_path: &Path) -> Result<Self, Error> {
        let input = AudioIn::open(path)?;
        let (rate, expected) = (input.sample_rate_hz(), main.sample_rate_hz());
        if rate != expected {
            let problem = format!("sample rate {rate} Hz; expected {expected} Hz as in {}", input_path.display());
            return Err(Error::file(path, problem));
        }
        let fold = input.spec().channels > main.spec().channels;
        let channels = if fold { 1 } else { input.spec().channels };
        let empty = vec![Vec::new(); channels];
        Ok(Self { input, fold, buffered: empty.clone(), block: empty, ended: false })
    }

    /// The next frames, one buffer per channel.
    pub(crate) fn next(&mut self, frames: usize) -> Result<&[Vec<f32>], Error> {
        while !self.ended && self.buffered[0].len() < frames {
            match self.input.read()? {
                Some([left, right]) if self.fold => {
                    self.buffered[0].extend(left.iter().zip(right).map(|(l, r)| 0.5 * (*l + *r)));
                }
                Some(channels) => {
                    for (buffered, channel) in self.buffered.iter_mut().zip(channels) {
                        buffered.extend_from_slice(channel);
                    }
                }
                None => self.ended = true,
            }
        }
        for (block, buffered) in self.block.iter_mut().zip(&mut self.buffered) {
            let available = frames.min(buffered.len());
            block.clear();
            block.extend(buffered.drain(..available));
            block.resize(frames, 0.0);
        }
        Ok(&self.block)
    }

    /// Warnings about the file.
    pub(crate) fn warnings(&self) -> Vec<String> {
        self.input.warnings()
    }
}

//! The sidechain file, cut to the blocks of the main one.

use crate::audio_in::AudioIn;
use crate::error::Error;
use std::path::Path;

/// A file heard beside the main one; behind its end there is silence.
pub(crate) struct Sidechain {
    input: AudioIn,
    /// Whether two channels are heard as their mean.
    fold: bool,
    /// Read and not yet given away, per channel.
    waiting: Vec<Vec<f32>>,
    /// What [`Self::next`] gives away.
    block: Vec<Vec<f32>>,
    ended: bool,
}

impl Sidechain {
    /// Opens a file for a main file that is open.
    pub(crate) fn open(path: &Path, main: &AudioIn, main_path: &Path) -> Result<Self, Error> {
        let input = AudioIn::open(path)?;
        let (rate, expected) = (input.sample_rate_hz(), main.sample_rate_hz());
        if rate != expected {
            let problem = format!("sample rate {rate} Hz; expected {expected} Hz as in {}", main_path.display());
            return Err(Error::file(path, problem));
        }
        let fold = input.spec().channels > main.spec().channels;
        let channels = if fold { 1 } else { input.spec().channels };
        let empty = vec![Vec::new(); channels];
        Ok(Self { input, fold, waiting: empty.clone(), block: empty, ended: false })
    }

    /// The next frames, one buffer per channel.
    pub(crate) fn next(&mut self, frames: usize) -> Result<&[Vec<f32>], Error> {
        while !self.ended && self.waiting[0].len() < frames {
            match self.input.read()? {
                Some([left, right]) if self.fold => {
                    self.waiting[0].extend(left.iter().zip(right).map(|(l, r)| 0.5 * (*l + *r)));
                }
                Some(channels) => {
                    for (waiting, channel) in self.waiting.iter_mut().zip(channels) {
                        waiting.extend_from_slice(channel);
                    }
                }
                None => self.ended = true,
            }
        }
        for (block, waiting) in self.block.iter_mut().zip(&mut self.waiting) {
            let there = frames.min(waiting.len());
            block.clear();
            block.extend(waiting.drain(..there));
            block.resize(frames, 0.0);
        }
        Ok(&self.block)
    }

    /// What there is to say about the file.
    pub(crate) fn warnings(&self) -> Vec<String> {
        self.input.warnings()
    }
}

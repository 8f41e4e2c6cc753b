//! Streams blocks from the input through the chain to the output.

use crate::audio_in::BLOCK_FRAMES;
use crate::audio_out::AudioOut;
use crate::error::Error;
use crate::sidechain::Sidechain;
use dsp_core::flush::FlushGuard;
use plumb_controls::Controlled;

/// A chain with its sidechain input and its output file.
pub(super) struct Run<C> {
    pub(super) chain: C,
    pub(super) sidechain: Option<Sidechain>,
    pub(super) out: AudioOut,
    /// Frames of latency still to be dropped from the start of the output.
    pub(super) skip: usize,
}

impl<C: Controlled> Run<C> {
    /// Processes channels of any length in place and writes the output.
    pub(super) fn block(&mut self, channels: &mut [Vec<f32>]) -> Result<(), Error> {
        let frames = channels.first().map_or(0, Vec::len);
        for at in (0..frames).step_by(BLOCK_FRAMES) {
            let end = frames.min(at + BLOCK_FRAMES);
            let mut block: Vec<&mut [f32]> = channels.iter_mut().map(|channel| &mut channel[at..end]).collect();
            let key = self.sidechain.as_mut().map(|sidechain| sidechain.next(end - at)).transpose()?;
            {
                let _flush = FlushGuard::new();
                self.chain.process(&mut block, key);
            }
            let skip = self.skip.min(end - at);
            self.skip -= skip;
            let out: Vec<&[f32]> = block.iter().map(|channel| &channel[skip..]).collect();
            self.out.write(&out)?;
        }
        Ok(())
    }

    /// Flushes the latency with silence.
    pub(super) fn tail(&mut self, channels: usize) -> Result<(), Error> {
        let frames = self.chain.latency_frames();
        self.block(&mut vec![vec![0.0; frames]; channels])
    }
}

//! What a band's detector hears.

use super::RunningBand;
use crate::Frame;
use crate::eq::band::Target;
use crate::eq::dynamic::Source;
use crate::frame::to_mid_side;
use crate::smooth::CONTROL_FRAMES;

impl RunningBand {
    /// Whether its gain moves with the level, or is on its way back.
    pub(in crate::eq) fn is_dynamic(&self) -> bool {
        self.follower.is_active()
    }

    /// Whether it listens to the sidechain.
    pub(in crate::eq) fn hears_key(&self) -> bool {
        self.is_dynamic() && self.wanted.dynamic.source == Source::Sidechain
    }

    /// Listens to what comes into the equaliser, or to the sidechain: silence where that is missing.
    pub(in crate::eq) fn hear(&mut self, chunk: &[Frame], key: &[Frame]) {
        if !self.is_dynamic() {
            return;
        }
        let source = if self.wanted.dynamic.source == Source::Sidechain { key } else { chunk };
        if self.wanted.target == Target::Stereo && source.len() == chunk.len() {
            return self.follower.hear(source);
        }
        let mut heard = [[0.0; 2]; CONTROL_FRAMES];
        for (heard, frame) in heard.iter_mut().zip(source) {
            *heard = acted_on(self.wanted.target, *frame);
        }
        self.follower.hear(&heard[..chunk.len()]);
    }
}

/// The part of a frame that a target means, in both lanes.
fn acted_on(target: Target, frame: Frame) -> Frame {
    match target {
        Target::Stereo => frame,
        Target::Left => [frame[0]; 2],
        Target::Right => [frame[1]; 2],
        Target::Mid => [to_mid_side(frame)[0]; 2],
        Target::Side => [to_mid_side(frame)[1]; 2],
    }
}

//! The input of a band's detector.

use super::RunningBand;
use crate::Frame;
use crate::eq::band::Target;
use crate::eq::dynamic::Source;
use crate::frame::to_mid_side;
use crate::smooth::CONTROL_FRAMES;

impl RunningBand {
    /// Whether its gain moves with the level, or returns to its set gain.
    pub(in crate::eq) fn is_dynamic(&self) -> bool {
        self.dynamics.is_active()
    }

    /// Whether its detector listens to the sidechain.
    pub(in crate::eq) fn uses_sidechain(&self) -> bool {
        self.is_dynamic() && self.wanted.dynamic.source == Source::Sidechain
    }

    /// Feeds the detector with the equaliser's input or the sidechain, silence where that is missing.
    pub(in crate::eq) fn detect(&mut self, chunk: &[Frame], key: &[Frame]) {
        if !self.is_dynamic() {
            return;
        }
        let source = if self.wanted.dynamic.source == Source::Sidechain { key } else { chunk };
        if self.wanted.target == Target::Stereo && source.len() == chunk.len() {
            return self.dynamics.detect(source);
        }
        let mut part = [[0.0; 2]; CONTROL_FRAMES];
        for (part, frame) in part.iter_mut().zip(source) {
            *part = acted_on(self.wanted.target, *frame);
        }
        self.dynamics.detect(&part[..chunk.len()]);
    }
}

/// The part of a frame that a target selects, in both lanes.
fn acted_on(target: Target, frame: Frame) -> Frame {
    match target {
        Target::Stereo => frame,
        Target::Left => [frame[0]; 2],
        Target::Right => [frame[1]; 2],
        Target::Mid => [to_mid_side(frame)[0]; 2],
        Target::Side => [to_mid_side(frame)[1]; 2],
    }
}

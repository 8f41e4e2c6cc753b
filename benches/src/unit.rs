//! Units that are timed: a module on frames, or a plugin on a host's channels.

use crate::programme::Piece;
use dsp_core::Frame;
use std::hint::black_box;

/// A unit that is timed.
pub(crate) trait Unit {
    /// Plays a piece in blocks. Returns the ns it took if it keeps its own time.
    fn play(&mut self, piece: Piece<'_>, block: usize) -> Option<f64>;
}

/// A `dsp-core` module, on frames in place. Copying the frames into the block is included.
pub(crate) struct Frames<F>(F, Vec<Frame>);

impl<F: FnMut(&mut [Frame])> Frames<F> {
    pub(crate) fn new(process: F) -> Self {
        Self(process, Vec::new())
    }
}

impl<F: FnMut(&mut [Frame])> Unit for Frames<F> {
    fn play(&mut self, piece: Piece<'_>, block: usize) -> Option<f64> {
        self.1.resize(block, [0.0; 2]);
        for input in piece.frames.chunks(block) {
            let output = &mut self.1[..input.len()];
            output.copy_from_slice(input);
            (self.0)(black_box(output));
        }
        None
    }
}

/// Works on a host's channels in place. Copying in and out of the block is included, as hosts do.
pub(crate) struct Floats<F>(F, [Vec<f32>; 2], [Vec<f32>; 2]);

impl<F: FnMut(&mut [&mut [f32]])> Floats<F> {
    pub(crate) fn new(process: F) -> Self {
        Self(process, Default::default(), Default::default())
    }
}

impl<F: FnMut(&mut [&mut [f32]])> Unit for Floats<F> {
    fn play(&mut self, piece: Piece<'_>, block: usize) -> Option<f64> {
        let Self(process, buffers, output) = self;
        buffers.iter_mut().for_each(|buffer| buffer.resize(block, 0.0));
        output.iter_mut().for_each(|track| track.resize(piece.left.len(), 0.0));
        let mut at = 0;
        for (left, right) in piece.left.chunks(block).zip(piece.right.chunks(block)) {
            let len = left.len();
            let [l, r] = buffers.each_mut().map(|buffer| &mut buffer[..len]);
            l.copy_from_slice(left);
            r.copy_from_slice(right);
            process(black_box(&mut [&mut *l, &mut *r]));
            output[0][at..at + len].copy_from_slice(l);
            output[1][at..at + len].copy_from_slice(r);
            at += len;
        }
        None
    }
}

/// A module on a host's channels: like [`Frames`], with conversion from 32 to 64 bit and back.
pub(crate) fn bordered(mut process: impl FnMut(&mut [Frame])) -> impl FnMut(&mut [&mut [f32]]) {
    let mut frames: Vec<Frame> = Vec::new();
    move |channels| {
        let [left, right] = channels else { return };
        frames.resize(left.len(), [0.0; 2]);
        for (frame, (l, r)) in frames.iter_mut().zip(left.iter().zip(right.iter())) {
            *frame = [f64::from(*l), f64::from(*r)];
        }
        process(&mut frames);
        for (frame, (l, r)) in frames.iter().zip(left.iter_mut().zip(right.iter_mut())) {
            (*l, *r) = (frame[0] as f32, frame[1] as f32);
        }
    }
}

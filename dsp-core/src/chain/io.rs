//! The border of a chain: the host's 32-bit channels to 64-bit frames and back, converted once.

use crate::{Frame, frame::sanitise};

/// Frames a chain works on at a time: small enough to stay in the first-level cache through every module.
pub(super) const CHUNK: usize = 128;

/// Where a chain works: the host's block, chunk by chunk, as frames. Empty until made with room.
#[derive(Clone, Debug, Default)]
pub(super) struct Bench {
    block: Vec<Frame>,
    dry: Vec<Frame>,
    key: Vec<Frame>,
}

impl Bench {
    /// With room for a chunk of everything. Allocates.
    pub(super) fn with_room() -> Self {
        let room = || vec![[0.0; 2]; CHUNK];
        Self { block: room(), dry: room(), key: room() }
    }

    /// Runs `work` over the host's channels: given a chunk to work on in place, the same as it came in, and the
    /// sidechain beside it.
    pub(super) fn run<K: AsRef<[f32]>>(
        &mut self,
        main: &mut [&mut [f32]],
        key: Option<&[K]>,
        mut work: impl FnMut(&mut [Frame], &[Frame], Option<&[Frame]>),
    ) {
        let frames = main.iter().map(|channel| channel.len()).min().unwrap_or(0);
        let room = self.block.len();
        let mut at = 0;
        while at < frames && room > 0 {
            let len = room.min(frames - at);
            let (block, dry, side) = (&mut self.block[..len], &mut self.dry[..len], &mut self.key[..len]);
            load(main, at, block);
            dry.copy_from_slice(block);
            let key = key.map(|key| {
                load(key, at, side);
                &*side
            });
            work(block, dry, key);
            store(block, main, at);
            at += len;
        }
    }
}

/// Reads `frames.len()` frames from `at` on; mono travels in both lanes, what is missing is silence, and nothing
/// that is not a number gets in.
fn load<C: AsRef<[f32]>>(channels: &[C], at: usize, frames: &mut [Frame]) {
    let lane = |channel: usize| channels.get(channel).map_or(&[][..], |c| c.as_ref().get(at..).unwrap_or(&[]));
    let left = lane(0);
    let right = if channels.len() > 1 { lane(1) } else { left };
    if left.len() >= frames.len() && right.len() >= frames.len() {
        for (frame, (l, r)) in frames.iter_mut().zip(left.iter().zip(right)) {
            *frame = sanitise([f64::from(*l), f64::from(*r)]);
        }
    } else {
        for (n, frame) in frames.iter_mut().enumerate() {
            let sample = |lane: &[f32]| lane.get(n).copied().map_or(0.0, f64::from);
            *frame = sanitise([sample(left), sample(right)]);
        }
    }
}

/// Writes frames to the channels from `at` on; a mono output takes the left lane.
fn store(frames: &[Frame], channels: &mut [&mut [f32]], at: usize) {
    for (lane, channel) in channels.iter_mut().take(2).enumerate() {
        for (sample, frame) in channel[at..].iter_mut().zip(frames) {
            *sample = to_f32(frame[lane]);
        }
    }
}

/// The nearest 32-bit number; magnitudes beyond its range become its largest.
#[inline]
fn to_f32(x: f64) -> f32 {
    x.clamp(f64::from(f32::MIN), f64::from(f32::MAX)) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_samples_are_silence_and_mono_fills_both_lanes() {
        let mut frames = [[9.0; 2]; 4];
        load(&[[1.0_f32, 2.0, f32::NAN]], 1, &mut frames);
        assert_eq!(frames, [[2.0; 2], [0.0; 2], [0.0; 2], [0.0; 2]]);
        load::<[f32; 0]>(&[], 0, &mut frames);
        assert_eq!(frames, [[0.0; 2]; 4]);
        load(&[vec![1.0_f32; 4], vec![0.5; 2]], 0, &mut frames);
        assert_eq!(frames[1..3], [[1.0, 0.5], [1.0, 0.0]]);
    }

    #[test]
    fn ordinary_samples_come_back_bit_for_bit() {
        let samples = [0.1_f32, -1.0, f32::MIN_POSITIVE, 3.5e4];
        let mut frames = [[0.0; 2]; 4];
        load(&[samples], 0, &mut frames);
        let mut out = [0.0_f32; 4];
        store(&frames, &mut [&mut out], 0);
        assert_eq!(out, samples);
        assert_eq!(to_f32(1e300), f32::MAX);
    }
}

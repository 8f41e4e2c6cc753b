//! The border of a chain: the host's 32-bit channels to 64-bit frames and back, converted once.

use crate::{Frame, frame::LIMIT};

/// Frames a chain works on at a time: so few that they stay in the first-level cache through every module, so many that
/// the modules' code, which does not fit there beside each other, is seldom fetched anew.
pub(super) const CHUNK: usize = 256;
/// Frames of a short block, which needs no more room.
const SHORT: usize = 64;

/// Runs `work` over the host's channels, chunk by chunk: given a chunk as frames to work on in place, and the sidechain
/// beside it. The frames lie on the stack, which stays in the nearest cache from one instance to the next.
pub(super) fn run<K: AsRef<[f32]>>(
    main: &mut [&mut [f32]],
    key: Option<&[K]>,
    mut work: impl FnMut(&mut [Frame], Option<&[Frame]>),
) {
    if frames(main) <= SHORT {
        run_in(&mut [[0.0; 2]; SHORT], main, key, &mut work);
    } else {
        run_in(&mut [[0.0; 2]; CHUNK], main, key, &mut work);
    }
}

/// [`run`] in chunks of at most `room`. Never inlined: all of a chain's work is in it, and is wanted once.
#[inline(never)]
fn run_in<K: AsRef<[f32]>>(
    room: &mut [Frame],
    main: &mut [&mut [f32]],
    key: Option<&[K]>,
    work: &mut impl FnMut(&mut [Frame], Option<&[Frame]>),
) {
    let frames = frames(main);
    for at in (0..frames).step_by(room.len()) {
        let count = room.len().min(frames - at);
        let block = &mut room[..count];
        load(main, at, block);
        match key {
            None => work(block, None),
            Some(key) => with_key(key, at, block, work),
        }
        store(block, main, at);
    }
}

/// Apart, so that only those with a sidechain have the room for it.
#[inline(never)]
fn with_key<K: AsRef<[f32]>>(
    key: &[K],
    at: usize,
    block: &mut [Frame],
    work: &mut impl FnMut(&mut [Frame], Option<&[Frame]>),
) {
    let mut side = [[0.0; 2]; CHUNK];
    let side = &mut side[..block.len()];
    load(key, at, side);
    work(block, Some(side));
}

/// What a chain at rest does: the samples stay as they are, if they are numbers.
pub(super) fn pass(main: &mut [&mut [f32]]) {
    let frames = frames(main);
    for channel in main.iter_mut().take(2) {
        channel[..frames].iter_mut().for_each(|x| *x = held(*x));
    }
}

/// Frames that all channels have.
pub(super) fn frames(main: &[&mut [f32]]) -> usize {
    main.iter().map(|channel| channel.len()).min().unwrap_or(0)
}

/// Reads `frames.len()` frames from `at` on; mono travels in both lanes, what is missing is silence, and nothing
/// that is not a number gets in.
fn load<C: AsRef<[f32]>>(channels: &[C], at: usize, frames: &mut [Frame]) {
    let lane = |channel: usize| channels.get(channel).map_or(&[][..], |c| c.as_ref().get(at..).unwrap_or(&[]));
    let left = lane(0);
    let right = if channels.len() > 1 { lane(1) } else { left };
    if left.len() >= frames.len() && right.len() >= frames.len() {
        for (frame, (l, r)) in frames.iter_mut().zip(left.iter().zip(right)) {
            *frame = [f64::from(held(*l)), f64::from(held(*r))];
        }
    } else {
        for (n, frame) in frames.iter_mut().enumerate() {
            let sample = |lane: &[f32]| lane.get(n).map_or(0.0, |x| f64::from(held(*x)));
            *frame = [sample(left), sample(right)];
        }
    }
}

/// A sample as [`crate::frame::sanitise`] would have it, several at once.
#[inline(always)]
fn held(x: f32) -> f32 {
    const MOST: f32 = LIMIT as f32;
    let x = if x > MOST { MOST } else { x };
    let x = if x < -MOST { -MOST } else { x };
    if x.is_nan() { 0.0 } else { x }
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
    use crate::frame::sanitise;

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
    fn nothing_but_numbers_gets_in_and_through() {
        let odd = [f32::NAN, f32::INFINITY, -3e38, -0.25, 1e5, -f32::NAN, f32::NEG_INFINITY, 0.5];
        let mut frames = [[0.0; 2]; 8];
        load(&[odd, odd], 0, &mut frames);
        let mut passed = [odd, odd];
        let [left, right] = &mut passed;
        pass(&mut [left, right]);
        for (n, (frame, x)) in frames.iter().zip(odd).enumerate() {
            assert_eq!(*frame, sanitise([f64::from(x); 2]));
            assert_eq!([0, 1].map(|channel| f64::from(passed[channel][n])), *frame);
        }
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

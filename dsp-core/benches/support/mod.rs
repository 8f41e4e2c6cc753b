//! What a frame costs: the least time over many runs, which is the time that nothing disturbed.

use dsp_core::Frame;
use dsp_core::flush::FlushGuard;
use plumb_signals::Noise;
use std::hint::black_box;
use std::time::Instant;

/// Nanoseconds per stereo frame of `process`, which is given blocks of `frames` of noise, told its number.
pub(crate) fn ns_per_frame(frames: usize, mut process: impl FnMut(usize, &mut [Frame])) -> f64 {
    const RUNS: usize = 300;
    /// Frames in a page of memory.
    const PAGE: usize = 4096 / size_of::<Frame>();
    let _flush = FlushGuard::new();
    // Half a page apart: a copy to the same place in another page waits for itself.
    let mut memory = vec![[0.0; 2]; 2 * frames + PAGE];
    let (input, rest) = memory.split_at_mut(frames);
    let block = &mut rest[(PAGE / 2 + PAGE - frames % PAGE) % PAGE..][..frames];
    input.copy_from_slice(&Noise::new(1).stereo(-12.0, frames));
    let blocks = (1 << 13) / frames;
    let mut best = f64::INFINITY;
    for run in 0..RUNS {
        let start = Instant::now();
        for index in 0..blocks {
            block.copy_from_slice(input);
            process(run * blocks + index, black_box(block));
        }
        best = best.min(start.elapsed().as_secs_f64());
    }
    best * 1e9 / (blocks * frames) as f64
}

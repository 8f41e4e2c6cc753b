//! Cost of the long convolutions: ns per stereo frame, the least of many runs, and its spread over the blocks.
#![expect(clippy::print_stdout, reason = "a bench prints its results")]

use dsp_core::filter::convolve::{Convolver, Geometry, Kernel, Taps};
use dsp_core::flush::FlushGuard;
use std::time::Instant;

const RATE_HZ: f64 = 48_000.0;
/// Runs over the same audio: a disturbance of one does not affect all.
const RUNS: usize = 100;

/// A case to measure.
#[derive(Clone, Copy)]
struct Case {
    geometry: Geometry,
    /// Four responses instead of one.
    matrix: bool,
    /// Fades back to back.
    fading: bool,
}

/// Least cost of each block, in ns, the first one starting `lead` frames after a reset.
fn costs(case: Case, frames: usize, lead: usize) -> Vec<f64> {
    let Case { geometry, matrix, fading } = case;
    let h = || (0..geometry.taps()).map(|n| 1.0 / (1 + n) as f64).collect::<Vec<_>>();
    let taps = if matrix { Taps::Matrix([[h(), h()], [h(), h()]]) } else { Taps::Same(h()) };
    let mut spare = vec![Box::new(Kernel::new(geometry, &taps)); 2];
    let mut engine = Convolver::new(&[geometry], RATE_HZ);
    let audio: Vec<[f64; 2]> = (0..8 * geometry.partition().max(512)).map(|n| [(n as f64 * 0.1).sin(); 2]).collect();
    let mut least = vec![f64::INFINITY; audio.len() / frames];
    let kernel = spare.pop();
    spare.extend(engine.fade_to(kernel));
    engine.reset(0);
    engine.process(&mut audio[..lead].to_vec());
    for _ in 0..RUNS {
        let mut out = audio.clone();
        for (block, least) in out.chunks_exact_mut(frames).zip(&mut least) {
            spare.extend(engine.take_spent());
            if fading && engine.is_steady() {
                let kernel = spare.pop();
                spare.extend(engine.fade_to(kernel));
            }
            let start = Instant::now();
            engine.process(block);
            *least = least.min(start.elapsed().as_secs_f64() * 1e9);
        }
    }
    least
}

fn main() {
    let _flush = FlushGuard::new();
    for (name, partition, partitions) in
        [("matched", 128, 8), ("linear 4k", 512, 8), ("linear 8k", 1024, 8), ("linear 16k", 2048, 8)]
    {
        let geometry = Geometry::new(partition, partitions, 0);
        for (kind, matrix, fading) in [("same", false, false), ("matrix", true, false), ("same, fading", false, true)] {
            let case = Case { geometry, matrix, fading };
            let mean = |costs: &[f64], frames: usize| costs.iter().sum::<f64>() / (costs.len() * frames) as f64;
            let small = costs(case, 64, 0);
            let per_frame = mean(&small, 64);
            let shifted = costs(case, 64, 33);
            let most = small.iter().chain(&shifted).copied().fold(0.0, f64::max);
            println!(
                "{name:10} {kind:12}: {per_frame:5.1} ns per frame at 64, {:5.1} at 512; the most expensive 64 cost {:.2} of the mean",
                mean(&costs(case, 512, 0), 512),
                most / (64.0 * per_frame),
            );
        }
    }
}

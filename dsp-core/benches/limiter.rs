//! Cost of the limiter: nanoseconds per stereo frame, the least of many runs.
#![expect(clippy::print_stdout, reason = "a bench talks to who runs it")]

mod support;

use dsp_core::Stage;
use dsp_core::interpolate::peaks::{CHUNK, PeakReader};
use dsp_core::limiter::lookahead::{Detection, Limiter, Settings};
use dsp_core::{Frame, Spec};
use plumb_signals::Noise;

const SPEC: Spec = Spec { sample_rate_hz: 48_000.0, max_frames: 512, channels: 2 };

/// White noise through one pole at 1 kHz, brought back to its level and to `level_db`: bright, dense programme.
fn programme(level_db: f64) -> Vec<Frame> {
    let mut y = [0.0; 2];
    let pole = |x: f64, y: &mut f64| {
        *y += 0.12 * (x - *y);
        *y * 4.0
    };
    let noise = Noise::new(4).stereo(level_db, 1 << 15);
    noise.iter().map(|x| core::array::from_fn(|lane| pole(x[lane], &mut y[lane]))).collect()
}

fn main() {
    let settings = |drive_db: f64| Settings { drive_db, ..Settings::default() };
    let cases: [(&str, Vec<Frame>, Settings); 7] = [
        ("hot +6", programme(-6.0), settings(6.0)),
        ("hot +12", programme(-6.0), settings(12.0)),
        ("under the ceiling", programme(-12.0), settings(0.0)),
        ("quiet", programme(-40.0), settings(0.0)),
        ("white +12", Noise::new(2).stereo(0.0, 1 << 15), settings(12.0)),
        ("hot, sample peak", programme(-6.0), Settings { detection: Detection::SamplePeak, ..settings(12.0) }),
        ("hot, instant", programme(-6.0), Settings { detection: Detection::ZeroLatency, ..settings(12.0) }),
    ];
    for (name, audio, settings) in cases {
        let costs = [64, 512].map(|frames| {
            let mut limiter = Limiter::new(settings);
            limiter.prepare(SPEC);
            support::ns_per_frame(frames, |index, block| {
                let from = index * frames % audio.len();
                block.copy_from_slice(&audio[from..from + frames]);
                limiter.process(block, None);
            })
        });
        println!("{name:18}: {:5.1} ns per frame at 64, {:5.1} at 512", costs[0], costs[1]);
    }
    let mut reader = PeakReader::new();
    let cost = support::ns_per_frame(512, |_, block| {
        for chunk in block.as_chunks::<CHUNK>().0 {
            reader.read(chunk, -1.0, &mut [[0.0; 2]; CHUNK]);
        }
    });
    println!("the reader alone  : {cost:5.1} ns per frame");
}

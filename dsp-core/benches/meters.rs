//! Cost of the meters: nanoseconds per stereo frame, the least of many runs.
#![expect(clippy::print_stdout, reason = "a bench reports on standard output")]

mod support;

use dsp_core::meter::{bridge::MeterBridge, correlation::CorrelationMeter, level::LevelMeter};
use dsp_core::meter::{loudness::LoudnessMeter, true_peak::TruePeakMeter};
use dsp_core::{Frame, Spec};
use plumb_signals::Noise;

const SPEC: Spec = Spec { sample_rate_hz: 48_000.0, max_frames: 512, channels: 2 };

/// White noise through one pole at 1 kHz, at about its level: bright, dense programme.
fn programme(level_db: f64) -> Vec<Frame> {
    let mut y = [0.0; 2];
    let pole = |x: f64, y: &mut f64| {
        *y += 0.12 * (x - *y);
        *y * 4.0
    };
    let noise = Noise::new(4).stereo(level_db, 1 << 15);
    noise.iter().map(|x| core::array::from_fn(|lane| pole(x[lane], &mut y[lane]))).collect()
}

fn costs(audio: &[Frame], mut process: impl FnMut(&[Frame])) -> [f64; 2] {
    [64, 512].map(|frames| {
        support::ns_per_frame(frames, |index, block| {
            let from = index * frames % audio.len();
            block.copy_from_slice(&audio[from..from + frames]);
            process(block);
        })
    })
}

fn main() {
    for (name, audio) in
        [("hot", programme(-6.0)), ("quiet", programme(-40.0)), ("white", Noise::new(2).stereo(0.0, 1 << 15))]
    {
        let (mut loudness, mut true_peak) = (LoudnessMeter::default(), TruePeakMeter::default());
        let (mut level, mut correlation) = (LevelMeter::default(), CorrelationMeter::default());
        loudness.prepare(SPEC);
        true_peak.prepare(SPEC);
        level.prepare(SPEC);
        correlation.prepare(SPEC);
        let mut bridge = MeterBridge::default();
        bridge.prepare(SPEC);
        bridge.record_history(Default::default());
        let both = costs(&audio, |block| {
            loudness.process(block);
            true_peak.process(block);
        });
        let rows = [
            ("loudness", costs(&audio, |block| loudness.process(block))),
            ("true peak", costs(&audio, |block| true_peak.process(block))),
            (
                "true peak, reset every block",
                costs(&audio, |block| {
                    true_peak.reset();
                    true_peak.process(block);
                }),
            ),
            ("both", both),
            ("level", costs(&audio, |block| level.process(block))),
            ("correlation", costs(&audio, |block| correlation.process(block))),
            (
                "these four",
                costs(&audio, |block| {
                    level.process(block);
                    loudness.process(block);
                    true_peak.process(block);
                    correlation.process(block);
                }),
            ),
            ("meter bridge: PSR, DR, history", costs(&audio, |block| bridge.process(block))),
        ];
        for (what, [small, large]) in rows {
            println!("{name:6} {what:32}: {small:5.1} ns per frame at 64, {large:5.1} at 512");
        }
    }
}

//! Cost.

use super::common::limiter;
use crate::common::RATE_HZ;
use crate::page::Page;
use crate::reference::ns_of_eight;
use crate::timing::ns_per_frame;
use dsp_core::Frame;
use dsp_core::Stage;
use dsp_core::limiter::lookahead::{Detection, Settings};
use plumb_signals::Noise;

/// Block sizes of hosts.
const BLOCKS: [usize; 2] = [64, 512];

/// White noise through one pole at 1 kHz, brought back to its level: bright, dense programme.
fn programme(level_dbfs: f64) -> Vec<Frame> {
    let mut y = [0.0; 2];
    let pole = |x: f64, y: &mut f64| {
        *y += 0.12 * (x - *y);
        *y * 4.0
    };
    let noise = Noise::new(4).stereo(level_dbfs, 1 << 15);
    noise.iter().map(|x| core::array::from_fn(|lane| pole(x[lane], &mut y[lane]))).collect()
}

pub(super) fn part(page: &mut Page) {
    page.part("Speed");
    page.say(
        "Time for one stereo frame at 48 kHz, the least of 300 runs. Nanoseconds depend on the machine and the run; \
         what counts is the ratio to eight plain cookbook biquads (transposed direct form II, 64 bit, both channels, \
         as compiled) timed in the same run.",
    );
    let settings = |drive_db: f64| Settings { drive_db, ..Settings::default() };
    let with = |detection| Settings { detection, ..settings(12.0) };
    let cases = [
        ("dense programme, driven by 6 dB", programme(-6.0), settings(6.0)),
        ("dense programme, driven by 12 dB", programme(-6.0), settings(12.0)),
        ("white noise, driven by 12 dB", Noise::new(2).stereo(0.0, 1 << 15), settings(12.0)),
        ("below the ceiling", programme(-12.0), settings(0.0)),
        ("quiet", programme(-40.0), settings(0.0)),
        ("sample peak, driven by 12 dB", programme(-6.0), with(Detection::SamplePeak)),
        ("without latency, driven by 12 dB", programme(-6.0), with(Detection::ZeroLatency)),
    ];
    let reference = BLOCKS.map(ns_of_eight);
    let cell = |ns: f64, reference: f64| {
        let instances = 1e9 / RATE_HZ / ns;
        format!("{ns:.1} ns, {:.2} of the biquads', {instances:.0} instances", ns / reference)
    };
    let row =
        |name: &str, [small, large]: [f64; 2]| [name.to_owned(), cell(small, reference[0]), cell(large, reference[1])];
    let mut rows = vec![row("eight plain biquads, 64 bit", reference)];
    for (name, audio, settings) in cases {
        let costs = BLOCKS.map(|frames| {
            let mut limiter = limiter(settings, RATE_HZ);
            ns_per_frame(frames, |index, block| {
                let from = index * frames % audio.len();
                block.copy_from_slice(&audio[from..from + frames]);
                limiter.process(block, None);
            })
        });
        rows.push(row(name, costs));
    }
    page.table(["48 kHz", "blocks of 64", "blocks of 512"], &rows);
}

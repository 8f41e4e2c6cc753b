//! What the compressor costs, in ns per stereo frame at 48 kHz, on a programme whose level never rests.

use dsp_core::Stage;
use dsp_core::dynamics::compressor::{Compressor, Detection, Lookahead, Operation, Settings, Style};
use dsp_core::dynamics::key::Key;
use dsp_core::flush::FlushGuard;
use dsp_core::{Frame, Spec};
use plumb_signals::Noise;
use std::hint::black_box;
use std::time::Instant;

const BLOCKS: [usize; 2] = [64, 512];
/// Frames of the programme: two bursts of drums over a swelling bed, about a second.
const FRAMES: usize = 1 << 15;

/// Bursts that decay over 80 ms, every 250 ms, over a bed that swells; both channels alike but not equal.
fn programme(seed: u64) -> Vec<Frame> {
    let noise = Noise::new(seed).stereo(0.0, FRAMES);
    let level = |n: usize| {
        let (burst, swell) = ((n % 12_000) as f64 / 3_840.0, n as f64 / FRAMES as f64);
        0.9 * (-burst).exp() + 0.1 * (1.0 + (std::f64::consts::TAU * swell).sin())
    };
    noise
        .iter()
        .enumerate()
        .map(|(n, [l, r])| [level(n) * (0.8 * l + 0.2 * r), level(n) * (0.2 * l + 0.8 * r)])
        .collect()
}

/// The least time of many runs over the programme, per frame.
fn report(name: &str, settings: Settings, moved: impl Fn(usize) -> Option<Settings>) {
    const RUNS: usize = 40;
    let _flush = FlushGuard::new();
    let (input, key) = (programme(1), programme(2));
    for frames in BLOCKS {
        let mut compressor = Compressor::new(settings);
        compressor.prepare(Spec { sample_rate_hz: 48_000.0, max_frames: frames, channels: 2 });
        let mut block = vec![[0.0; 2]; frames];
        let mut best = f64::INFINITY;
        for _ in 0..RUNS {
            let start = Instant::now();
            for (index, (input, key)) in input.chunks(frames).zip(key.chunks(frames)).enumerate() {
                block.copy_from_slice(input);
                if let Some(moved) = moved(index) {
                    compressor.set(moved);
                }
                compressor.process(black_box(&mut block), Some(key));
            }
            best = best.min(start.elapsed().as_secs_f64());
        }
        eprintln!("{name:40} {frames:4} frames: {:6.2} ns", best * 1e9 / FRAMES as f64);
    }
}

fn main() {
    let on = Settings { on: true, threshold_db: -24.0, ratio: 4.0, ..Settings::default() };
    let still = |name: &str, settings| report(name, settings, |_| None);
    still("clean", on);
    still("clean, not linked", Settings { link_pct: 0.0, ..on });
    still("clean, no key cut", Settings { key_low_cut_hz: 10.0, ..on });
    still("bus", Settings { style: Style::Bus, ..on });
    still("opto", Settings { style: Style::Opto, ..on });
    still("FET", Settings { style: Style::Fet, ..on });
    still("clean, automatic release", Settings { auto_release: true, ..on });
    still("RMS", Settings { detector: Detection::Rms, ..on });
    still("mid/side, not linked", Settings { operation: Operation::MidSide, link_pct: 0.0, ..on });
    still("external key", Settings { key: Key::External, ..on });
    still("both key cuts", Settings { key_high_cut_hz: 5_000.0, ..on });
    still("5 ms lookahead", Settings { lookahead: Lookahead::Ms5, ..on });
    still("off", Settings { on: false, ..on });
    let moving = |name: &str, on: Settings| {
        report(&format!("{name}, threshold and ratio moving"), on, |index| {
            let up = index % 2 == 0;
            Some(Settings { threshold_db: if up { -20.0 } else { -28.0 }, ratio: if up { 2.0 } else { 8.0 }, ..on })
        });
    };
    moving("clean", on);
    moving("bus", Settings { style: Style::Bus, ..on });
    moving("opto", Settings { style: Style::Opto, ..on });
    moving("FET", Settings { style: Style::Fet, ..on });
    moving("mid/side", Settings { operation: Operation::MidSide, link_pct: 0.0, ..on });
    report("clean, make-up and mix moving", on, |index| {
        let up = index % 2 == 0;
        Some(Settings { makeup_db: if up { 2.0 } else { 6.0 }, mix_pct: if up { 60.0 } else { 90.0 }, ..on })
    });
}

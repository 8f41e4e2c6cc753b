//! What saturation costs, in ns per stereo frame at 48 kHz.

mod support;

use dsp_core::Stage;
use dsp_core::oversample::Oversampler;
use dsp_core::saturation::{Curve, Factor, Saturation, Settings};
use dsp_core::{Choice, Spec};
use support::ns_per_frame;

const BLOCKS: [usize; 2] = [64, 512];

fn report(name: &str, settings: Settings, moved: impl Fn(usize) -> Option<Settings>) {
    for frames in BLOCKS {
        let mut saturation = Saturation::new(settings);
        saturation.prepare(Spec { sample_rate_hz: 48_000.0, max_frames: frames, channels: 2 });
        let ns = ns_per_frame(frames, |index, block| {
            if let Some(moved) = moved(index) {
                saturation.set(moved);
            }
            saturation.process(block, None);
        });
        eprintln!("{name:36} {frames:4} frames: {ns:6.2} ns");
    }
}

fn main() {
    let driven = Settings { drive_db: 12.0, ..Settings::default() };
    for oversampling in Factor::ALL {
        for curve in Curve::ALL {
            let name = format!("{curve:?} at {}", Factor::TEXTS[oversampling.index()]);
            report(&name, Settings { curve: *curve, oversampling: *oversampling, ..driven }, |_| None);
        }
    }
    for factor in Factor::ALL {
        let mut oversampler = Oversampler::new(*factor);
        let ns = ns_per_frame(64, |_, block| oversampler.process(block, |_| ()));
        eprintln!("only up and down, {}              64 frames: {ns:6.2} ns", Factor::TEXTS[factor.index()]);
    }
    let four = Settings { oversampling: Factor::X4, ..driven };
    report("off at 4×", Settings { on: false, ..four }, |_| None);
    for curve in Curve::ALL {
        let four = Settings { curve: *curve, ..four };
        let tilted = Settings { tone_db: 3.0, mix_pct: 50.0, ..four };
        report(&format!("{curve:?} at 4×, tilted, half mixed"), tilted, |_| None);
        report(&format!("{curve:?} at 4×, drive moving"), four, |index| {
            Some(Settings { drive_db: if index % 2 == 0 { 6.0 } else { 18.0 }, ..four })
        });
        report(&format!("{curve:?} at 4×, tone and mix moving"), tilted, |index| {
            let up = index % 2 == 0;
            Some(Settings { tone_db: if up { 2.0 } else { 4.0 }, mix_pct: if up { 40.0 } else { 60.0 }, ..tilted })
        });
    }
}

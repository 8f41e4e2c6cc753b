//! What gate, de-esser and transient shaper cost, in ns per stereo frame at 48 kHz, on material that keeps them working.

mod support;

use dsp_core::Stage;
use dsp_core::dynamics::gate::{Gate, Lookahead, Mode, Settings};
use dsp_core::dynamics::key::Key;
use dsp_core::dynamics::{de_esser, listen::Listen, transient};
use dsp_core::{Frame, Spec};
use plumb_signals::Noise;
use support::ns_per_frame;

const BLOCKS: [usize; 2] = [64, 512];
/// Frames of each loud and each quiet part.
const PART: usize = 4096;

fn spec(frames: usize) -> Spec {
    Spec { sample_rate_hz: 48_000.0, max_frames: frames, channels: 2 }
}

/// Loud and quiet noise in turn.
fn gated() -> Vec<Frame> {
    let mut material = Noise::new(2).stereo(-12.0, PART);
    material.extend(Noise::new(3).stereo(-52.0, PART));
    material
}

/// A low tone, on whose second half lies an "s".
fn sung() -> Vec<Frame> {
    let mut noise = Noise::new(4);
    let tone = |n: usize| 0.1 * (n as f64 * 0.03).sin();
    let mut before = 0.0;
    let mut s = |n: usize| {
        let now = if n < PART { 0.0 } else { 0.1 * noise.tick() };
        now - core::mem::replace(&mut before, now)
    };
    (0..2 * PART).map(|n| [tone(n) + s(n); 2]).collect()
}

/// Least cost over material that goes round; `moved` is told the number of the block.
fn report(name: &str, material: &[Frame], mut process: impl FnMut(usize, &mut [Frame])) {
    for frames in BLOCKS {
        let parts = material.len() / frames;
        let ns = ns_per_frame(frames, |index, block| {
            block.copy_from_slice(&material[index % parts * frames..][..frames]);
            process(index, block);
        });
        eprintln!("{name:36} {frames:4} frames: {ns:6.2} ns");
    }
}

fn gate(name: &str, settings: Settings, moved: impl Fn(usize) -> Settings) {
    let (material, key) = (gated(), Noise::new(5).stereo(-12.0, 512));
    let mut gate = Gate::new(settings);
    gate.prepare(spec(512));
    report(name, &material, |index, block| {
        gate.set(moved(index));
        let key = &key[..block.len()];
        gate.process(block, Some(key));
    });
}

fn main() {
    let on = Settings { on: true, release_ms: 50.0, ..Settings::default() };
    let still = |name: &str, settings: Settings| gate(name, settings, move |_| settings);
    still("gate off", Settings::default());
    still("gate", on);
    still("expand", Settings { mode: Mode::Expand, ..on });
    still("duck", Settings { mode: Mode::Duck, ..on });
    still("gate, 5 ms ahead", Settings { lookahead: Lookahead::Ms5, ..on });
    still("expand, 5 ms ahead", Settings { mode: Mode::Expand, lookahead: Lookahead::Ms5, ..on });
    still("gate, both cuts", Settings { key_low_cut_hz: 100.0, key_high_cut_hz: 5000.0, ..on });
    still("gate, sidechain", Settings { key: Key::External, ..on });
    still("gate, removed heard", Settings { listen: Listen::Removed, ..on });
    for (name, mode) in [("gate", Mode::Gate), ("expand", Mode::Expand), ("duck", Mode::Duck)] {
        gate(&format!("{name}, threshold and range moving"), Settings { mode, ..on }, |index| {
            let place = (index % 50) as f64;
            Settings { mode, threshold_db: -40.0 + 0.1 * place, range_db: 30.0 + 0.1 * place, ..on }
        });
    }
    let material = sung();
    let on = de_esser::Settings { on: true, ..de_esser::Settings::default() };
    let still = |settings: de_esser::Settings| move |_| settings;
    let de_esser = |name: &str, moved: &dyn Fn(usize) -> de_esser::Settings| {
        let mut de_esser = de_esser::DeEsser::new(moved(0));
        de_esser.prepare(spec(512));
        report(name, &material, |index, block| {
            de_esser.set(moved(index));
            de_esser.process(block, None);
        });
    };
    de_esser("de-esser off", &still(de_esser::Settings::default()));
    de_esser("de-esser split", &still(on));
    de_esser("de-esser wide", &still(de_esser::Settings { mode: de_esser::Mode::Wide, ..on }));
    de_esser("de-esser split, not linked", &still(de_esser::Settings { link_pct: 0.0, ..on }));
    let place = |index: usize| (index % 50) as f64;
    de_esser("de-esser split, frequency moving", &|index| de_esser::Settings {
        freq_hz: 5000.0 + 20.0 * place(index),
        range_db: 6.0 + 0.1 * place(index),
        ..on
    });
    de_esser("de-esser split, threshold moving", &|index| de_esser::Settings {
        threshold_db: -8.0 + 0.1 * place(index),
        range_db: 6.0 + 0.1 * place(index),
        ..on
    });
    let material = gated();
    let on = transient::Settings { on: true, attack_db: 6.0, sustain_db: -3.0, ..transient::Settings::default() };
    let shaper = |name: &str, moved: &dyn Fn(usize) -> transient::Settings| {
        let mut shaper = transient::TransientShaper::new(moved(0));
        shaper.prepare(spec(512));
        report(name, &material, |index, block| {
            shaper.set(moved(index));
            shaper.process(block, None);
        });
    };
    shaper("transient shaper off", &|_| transient::Settings::default());
    shaper("transient shaper", &|_| on);
    shaper("transient shaper, moving", &|index| transient::Settings { attack_db: 0.1 * place(index), ..on });
}

//! Compressor: null tests.

use super::common::{compressed, hard};
use crate::common::{RATE_HZ, null};
use crate::page::Page;
use dsp_core::Frame;
use dsp_core::Stage;
use dsp_core::dynamics::compressor::{Listen, Operation, Settings, Style};
use plumb_signals::Noise;

/// Two signals frame by frame.
fn mixed(a: &[Frame], b: &[Frame], mix: impl Fn(f64, f64) -> f64) -> Vec<Frame> {
    a.iter().zip(b).map(|(a, b)| [mix(a[0], b[0]), mix(a[1], b[1])]).collect()
}

/// Makes the right channel of the left one.
fn image(frames: &[Frame], right: impl Fn(f64) -> f64) -> Vec<Frame> {
    frames.iter().map(|frame| [frame[0], right(frame[0])]).collect()
}

pub(super) fn part(page: &mut Page) {
    page.part("Compressor: nulls");
    page.say(
        "Two seconds of uncorrelated white noise at −1 dBFS, threshold −30 dBFS, 4:1, attack 1 ms, release 100 ms: \
         some 20 dB of reduction. Pairs that should be identical, and their difference relative to the signal:",
    );
    let noise = Noise::new(1).stereo(-1.0, 96_000);
    let on = Settings { threshold_db: -30.0, ratio: 4.0, attack_ms: 1.0, release_ms: 100.0, ..hard() };
    let run = |settings: Settings, input: &[Frame]| compressed(settings, input, RATE_HZ);
    let plain = |settings: Settings| null(&run(settings, &noise), &noise);
    let wet = run(on, &noise);
    let mut rows = vec![
        ["off".to_owned(), "the input".to_owned(), plain(Settings { on: false, ..on })],
        ["mix 0 %".to_owned(), "the input".to_owned(), plain(Settings { mix_pct: 0.0, ..on })],
        ["ratio 1:1".to_owned(), "the input".to_owned(), plain(Settings { ratio: 1.0, ..on })],
        ["range 0 dB".to_owned(), "the input".to_owned(), plain(Settings { range_db: 0.0, ..on })],
    ];
    let mut row = |one: &str, other: &str, left: String| rows.push([one.to_owned(), other.to_owned(), left]);
    let half = run(Settings { mix_pct: 50.0, ..on }, &noise);
    row("mix 50 %", "the mean of input and output", null(&half, &mixed(&noise, &wet, |dry, wet| 0.5 * (dry + wet))));
    for (name, set) in [
        ("Clean", on),
        (
            "FET, mid/side, not linked, mix 70 %",
            Settings { style: Style::Fet, operation: Operation::MidSide, link_pct: 0.0, mix_pct: 70.0, ..on },
        ),
    ] {
        let [out, removed] = [Listen::Off, Listen::Removed].map(|listen| run(Settings { listen, ..set }, &noise));
        row(
            &format!("output and what is removed, {name}"),
            "the input",
            null(&mixed(&out, &removed, |a, b| a + b), &noise),
        );
    }
    let (mid, side) = (image(&noise, |left| left), image(&noise, |left| -left));
    let in_mid_side = Settings { operation: Operation::MidSide, link_pct: 0.0, ..on };
    let unlinked = Settings { link_pct: 0.0, ..on };
    row("mid/side, of mono", "left/right, of mono", null(&run(in_mid_side, &mid), &run(unlinked, &mid)));
    row("mid/side, of side alone", "left/right, of the same", null(&run(in_mid_side, &side), &run(unlinked, &side)));
    let quarter = image(&noise, |left| 0.25 * left);
    let linked = run(on, &quarter);
    row("linked, right a quarter of left", "a quarter of left", null(&linked, &image(&linked, |left| 0.25 * left)));
    let alone: Vec<Frame> = noise.iter().map(|frame| [frame[0], 0.0]).collect();
    let lefts = [&noise, &alone].map(|input| image(&run(unlinked, input), |_| 0.0));
    row("not linked, left beside noise", "left beside silence", null(&lefts[0], &lefts[1]));
    let mut blocks = noise.clone();
    let mut compressor = dsp_core::dynamics::compressor::Compressor::new(on);
    compressor.prepare(crate::common::spec(RATE_HZ));
    blocks.chunks_mut(37).for_each(|block| compressor.process(block, None));
    row("in blocks of 37", "in one", null(&blocks, &wet));
    page.table(["this", "and this", "difference"], &rows);
}

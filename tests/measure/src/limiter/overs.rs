//! Overshoot of the ceiling.

use super::common::{DETECTIONS, STYLES, limited};
use crate::common::{RATE_HZ, RATES, khz, left};
use crate::figure::{Axis, Curve, Figure, Panel};
use crate::page::Page;
use crate::spectrum::finely;
use anyhow::Result;
use dsp_core::limiter::lookahead::{Detection, Settings};
use dsp_core::units::db_to_gain;
use plumb_canvas::paper::{AMBER, BLUE};
use plumb_signals::{Noise, both, bright_bursts, clicks, quarter_rate_bursts, sample_peak_db, sine};
use plumb_signals::{square, sweep, true_peak_db};

/// Frames of each signal, and those at either end that are not looked at: an abrupt edge rings by itself.
const LEN: usize = 34_000;
const EDGE: usize = 2000;

/// What is driven into the ceiling: its name, and the signal at a rate.
type Signal = (&'static str, fn(f64) -> Vec<f64>);

/// What programme may be like.
const PROGRAMME: [Signal; 4] = [
    ("bursts of noise as bright as loud music", |fs| bright_bursts(LEN, fs)),
    ("bursts at a quarter of the rate", |fs| quarter_rate_bursts(LEN, fs)),
    ("sweep from 20 Hz to 20 kHz", |fs| sweep(20.0, 20_000.0, 0.0, LEN as f64 / fs, fs)),
    ("clicks", |_| clicks(LEN)),
];

/// What nobody listens to: full level up to half the rate.
const TORTURE: [Signal; 3] = [
    ("square of 3001 Hz without band limit", |fs| square(3001.0, 0.0, LEN as f64 / fs, fs)),
    ("white noise", |_| noise(|x| x)),
    ("random ±1", |_| noise(f64::signum)),
];

fn noise(of: fn(f64) -> f64) -> Vec<f64> {
    let mut noise = Noise::new(2);
    (0..LEN).map(|_| of(noise.tick())).collect()
}

fn driven() -> Settings {
    Settings { drive_db: 12.0, release_ms: 20.0, ..Settings::default() }
}

fn out(settings: Settings, (_, signal): Signal, sample_rate_hz: f64) -> Vec<f64> {
    left(&limited(settings, &both(&signal(sample_rate_hz)), sample_rate_hz))
}

fn table(page: &mut Page, signals: &[Signal], most: &str) {
    let mut rows = Vec::new();
    for signal in signals {
        let cells = RATES.map(|rate_hz| {
            let out = out(driven(), *signal, rate_hz);
            format!("{:+.3}", true_peak_db(&out, EDGE) - driven().ceiling_db)
        });
        let [a, b, c, d] = cells;
        rows.push([signal.0.to_owned(), a, b, c, d]);
    }
    rows.push(core::array::from_fn(|n| if n == 0 { "the tests fail above" } else { most }.to_owned()));
    let heads = RATES.map(khz);
    let [a, b, c, d] = heads.each_ref().map(String::as_str);
    page.table(["true peak over the ceiling, dB", a, b, c, d], &rows);
}

/// Every detection and style, with automatic release, part link and soft clip.
fn others(page: &mut Page) {
    page.say(
        "Sample-peak detection holds sample values only, and the other styles hold the ceiling as the first one \
         does. Bright bursts and bursts at a quarter of the rate, 48 kHz, over the ceiling in dB:",
    );
    let mut rows = Vec::new();
    let mut row = |name: String, settings: Settings| {
        let [a, b] = [PROGRAMME[0], PROGRAMME[1]].map(|signal| {
            let out = out(settings, signal, RATE_HZ);
            let over = [sample_peak_db(&out), true_peak_db(&out, EDGE)].map(|db| db - settings.ceiling_db);
            format!("{:+.3}, {:+.3}", over[0] + 0.0, over[1])
        });
        rows.push([name, a, b]);
    };
    for (name, style) in STYLES {
        row(format!("{name}, true peak"), Settings { style, ..driven() });
    }
    let helped = Settings { auto_release: true, transient_link_pct: 75.0, soft_clip_pct: 30.0, ..driven() };
    row("Transparent, true peak, automatic release, clip 30 %".to_owned(), helped);
    for (name, detection) in &DETECTIONS[1..] {
        row(format!("Transparent, {name}"), Settings { detection: *detection, ..driven() });
    }
    page.table(["", "bright bursts: samples, true peak", "quarter of the rate: samples, true peak"], &rows);
}

/// The worst moment of random ±1.
fn moment(page: &mut Page) -> Result<()> {
    page.say("The worst moment of random ±1 at 48 kHz: the reconstructed wave, and the samples. Dashed: the ceiling.");
    const TIMES: usize = 32;
    let samples = out(driven(), TORTURE[2], RATE_HZ);
    let fine = finely(&samples, TIMES)?;
    let inner = EDGE * TIMES..fine.len() - EDGE * TIMES;
    let worst = inner.max_by(|a, b| fine[*a].abs().total_cmp(&fine[*b].abs())).unwrap_or(EDGE * TIMES);
    let (centre, sign) = (worst / TIMES, fine[worst].signum());
    let at = |place: f64| place - centre as f64;
    let wave = ((centre - 12) * TIMES..=(centre + 12) * TIMES).map(|n| [at(n as f64 / TIMES as f64), sign * fine[n]]);
    // Each sample as a stem.
    let stem = |n: usize| [[at(n as f64) - 1e-6, 0.0], [at(n as f64), sign * samples[n]], [at(n as f64) + 1e-6, 0.0]];
    let stems: Vec<_> = (centre - 12..=centre + 12).flat_map(stem).collect();
    let ceiling = db_to_gain(driven().ceiling_db);
    let panel = Panel::new("output", 280.0, [-1.2, 1.2], 0.4)
        .with(Curve::new(AMBER, stems).named("samples"))
        .with(Curve::new(BLUE, wave.collect()).named("between them"))
        .with(Curve::truth(vec![[-12.0, ceiling], [12.0, ceiling]]).named("ceiling"))
        .with(Curve::truth(vec![[-12.0, -ceiling], [12.0, -ceiling]]));
    let figure = Figure::new(Axis::linear("frames", -12.0, 12.0, 2.0), vec![panel]);
    page.picture("moment", "The worst moment of random ±1", &figure)
}

pub(super) fn part(page: &mut Page) -> Result<()> {
    page.part("Overshoot of the ceiling");
    page.say(
        "A limiter detects inter-sample peaks with a filter of finite length and moves its gain in finite time, so \
         some true peaks can exceed the ceiling. By how much is judged without such a filter: 32-fold ideal \
         interpolation of the whole output by Fourier transform. Full-scale signals, driven by another 12 dB into a \
         ceiling of −1 dBTP, release 20 ms. Signals like programme:",
    );
    table(page, &PROGRAMME, "0.05");
    page.say("And test signals of full level up to Nyquist, which no filter of finite length sees entirely:");
    table(page, &TORTURE, "0.1 square, 0.3 noise");
    moment(page)?;
    others(page);
    let sample = Settings { detection: Detection::SamplePeak, ..driven() };
    let tone = sine(RATE_HZ / 4.0, 0.0, LEN as f64 / RATE_HZ, RATE_HZ);
    let over = true_peak_db(&left(&limited(sample, &both(&tone), RATE_HZ)), EDGE) - sample.ceiling_db;
    page.say(&format!(
        "A steady sine at a quarter of the rate, with its peaks between the samples, is {over:.2} dB over the ceiling \
         if only samples are limited: hence true-peak detection.",
    ));
    Ok(())
}

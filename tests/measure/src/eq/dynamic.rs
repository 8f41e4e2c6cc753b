//! Dynamic bands: curves and times.

use super::bands::{at, bell};
use crate::common::{COVERED, RATE_HZ, left};
use crate::figure::{Axis, Curve, Figure, Panel};
use crate::page::Page;
use anyhow::Result;
use dsp_core::Stage;
use dsp_core::eq::band::Band;
use dsp_core::eq::cascade::Settings;
use dsp_core::eq::dynamic::{self, curve};
use dsp_core::units::{db_to_gain, gain_to_db};
use plumb_canvas::paper::{AMBER, BLUE, RED};
use plumb_signals::{both, sine, tone_db};
use std::f64::consts::TAU;

const FREQ_HZ: f64 = 1000.0;
/// Frames in a period.
const PERIOD: usize = 48;

/// A bell of 0 dB at 1 kHz that moves.
fn moving(dynamic: dynamic::Settings) -> Settings<1> {
    Settings::of([Band { dynamic: dynamic::Settings { on: true, ..dynamic }, ..bell(FREQ_HZ, 0.0, 1.0) }])
}

/// Gain in dB that a steady sine is given.
fn gain_db(dynamic: dynamic::Settings, level_db: f64) -> f64 {
    let mut block = both(&sine(FREQ_HZ, level_db, 1.2, RATE_HZ));
    at(moving(dynamic), RATE_HZ).process(&mut block, None);
    let y = left(&block);
    tone_db(&y[y.len() * 3 / 4..], FREQ_HZ, RATE_HZ) - level_db
}

fn static_curve(page: &mut Page) -> Result<()> {
    page.say(
        "A dynamic bell at 1 kHz, threshold −30 dBFS, with steady sines at 61 levels; gain is output over input level. \
         Dashed: the curve of the settings.",
    );
    let still = dynamic::Settings { threshold_db: -30.0, ..dynamic::Settings::STATIC };
    let cases = [
        ("range −12 dB, knee 8 dB", dynamic::Settings { range_db: -12.0, knee_db: 8.0, ..still }, BLUE),
        ("range −12 dB, knee 24 dB", dynamic::Settings { range_db: -12.0, knee_db: 24.0, ..still }, AMBER),
        ("range +9 dB, knee 16 dB", dynamic::Settings { range_db: 9.0, knee_db: 16.0, ..still }, RED),
    ];
    let mut panel = Panel::new("gain, dB", 300.0, [-14.0, 12.0], 2.0);
    let (mut rows, mut truths) = (Vec::new(), Vec::new());
    for (name, settings, color) in cases {
        let static_db =
            |level_db| curve::offset_db(level_db, settings.threshold_db, settings.knee_db, settings.range_db);
        let levels = (0..=60).map(|n| f64::from(n) - 60.0);
        let gains: Vec<[f64; 2]> = levels.map(|level_db| [level_db, gain_db(settings, level_db)]).collect();
        let worst = gains.iter().map(|[level_db, gain_db]| (gain_db - static_db(*level_db)).abs()).fold(0.0, f64::max);
        rows.push([name.to_owned(), format!("{worst:.3} dB")]);
        panel = panel.with(Curve::new(color, gains).named(name));
        truths.push(
            (0..=240).map(|n| f64::from(n) / 4.0 - 60.0).map(|level_db| [level_db, static_db(level_db)]).collect(),
        );
    }
    for (index, truth) in truths.into_iter().enumerate() {
        let truth = Curve::truth(truth);
        panel = panel.with(if index == 0 { truth.named("the static curve") } else { truth });
    }
    page.table(["dynamic band", "largest error against the curve"], &rows);
    let figure = Figure::new(Axis::linear("level of the sine, dBFS", -60.0, 0.0, 10.0), vec![panel]);
    page.picture("dynamic-curve", "Gain of dynamic bands against the level", &figure)
}

/// Frames at which the sine of a step gets loud and quiet again, and its end.
const LOUD: usize = 4800;
const QUIET: usize = 52_800;
const END: usize = 148_800;

/// Gain over time, in seconds and dB, of a sine that steps from −50 to −10 dBFS and back: of each period.
fn step(dynamic: dynamic::Settings) -> Vec<[f64; 2]> {
    let level_db = |n: usize| if (LOUD..QUIET).contains(&n) { -10.0 } else { -50.0 };
    let x: Vec<f64> =
        (0..END).map(|n| db_to_gain(level_db(n)) * (TAU * (n % PERIOD) as f64 / PERIOD as f64).sin()).collect();
    let mut block = both(&x);
    at(moving(dynamic), RATE_HZ).process(&mut block, None);
    let y = left(&block);
    let power = |x: &[f64]| x.iter().map(|x| x * x).sum::<f64>();
    let periods = x.chunks_exact(PERIOD).zip(y.chunks_exact(PERIOD)).enumerate();
    periods
        .map(|(n, (x, y))| [(n as f64 + 0.5) * PERIOD as f64 / RATE_HZ, gain_to_db((power(y) / power(x)).sqrt())])
        .collect()
}

/// Time from a frame on until 63 % of the way to where it ends is covered for good, in ms: right behind a step down, what
/// still rings from before it is louder than the sine.
fn covered_ms(gains: &[[f64; 2]], from: usize, to: usize) -> Option<f64> {
    let (before, gains) = gains[..to / PERIOD].split_at(from / PERIOD);
    let (start_db, end_db) = (before.last()?[1], gains.last()?[1]);
    let share = |gain_db: f64| (gain_db - start_db) / (end_db - start_db);
    let last = gains.iter().rposition(|[_, gain_db]| share(*gain_db) < COVERED)?;
    let ([t0, a], [t1, b]) = (gains[last], *gains.get(last + 1)?);
    let seconds = t0 + (COVERED - share(a)) / (share(b) - share(a)) * (t1 - t0);
    Some((seconds - from as f64 / RATE_HZ) * 1000.0)
}

fn times(page: &mut Page) -> Result<()> {
    page.say(
        "Ballistics: a 1 kHz sine steps from −50 to −10 dBFS and back. Attack and release are the times to cover 63 % \
         in dB, measured at the output, period by period:",
    );
    let cases = [(5.0, 50.0, BLUE), (15.0, 150.0, AMBER), (60.0, 400.0, RED)];
    let mut panel = Panel::new("gain, dB", 260.0, [-14.0, 2.0], 4.0);
    let mut rows = Vec::new();
    for (attack_ms, release_ms, color) in cases {
        let gains = step(dynamic::Settings { range_db: -12.0, attack_ms, release_ms, ..dynamic::Settings::STATIC });
        let text = |ms: Option<f64>| ms.map_or_else(|| "never".to_owned(), |ms| format!("{ms:.1} ms"));
        rows.push([
            format!("{attack_ms} ms"),
            text(covered_ms(&gains, LOUD, QUIET)),
            format!("{release_ms} ms"),
            text(covered_ms(&gains, QUIET, END)),
        ]);
        let points = gains.iter().map(|[seconds, gain_db]| [seconds * 1000.0, *gain_db]).collect();
        panel = panel.with(Curve::new(color, points).named(format!("{attack_ms} and {release_ms} ms")));
    }
    page.table(["attack set", "measured", "release set", "measured"], &rows);
    let figure = Figure::new(Axis::linear("time, ms", 0.0, 3000.0, 500.0), vec![panel]);
    page.picture("dynamic-steps", "Gain of a dynamic band while the level steps up and down", &figure)
}

pub(super) fn part(page: &mut Page) -> Result<()> {
    page.part("Dynamic bands");
    static_curve(page)?;
    times(page)
}

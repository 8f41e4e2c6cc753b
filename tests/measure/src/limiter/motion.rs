//! The gain trajectory.

use super::common::limited;
use crate::common::{RATE_HZ, RATES, covered_ms, khz};
use crate::figure::{Axis, Curve, Figure, Panel};
use crate::page::Page;
use anyhow::Result;
use dsp_core::limiter::lookahead::{Detection, Settings, Style};
use plumb_canvas::Color;
use plumb_canvas::paper::{AMBER, BLUE, GREEN, RED};
use plumb_signals::level_db;

/// Style and automatic release.
const CASES: [(&str, Style, bool); 4] = [
    ("Transparent", Style::Transparent, false),
    ("Punchy", Style::Punchy, false),
    ("Loud", Style::Loud, false),
    ("Transparent, automatic", Style::Transparent, true),
];

/// Frames of silence-like before what comes.
fn before(sample_rate_hz: f64) -> usize {
    (0.1 * sample_rate_hz) as usize
}

/// Gains in dB, from 100 ms before a constant of 0 dBFS comes, which lasts for some time, driven 11 dB over the ceiling;
/// a constant of −40 dBFS else.
fn gains(settings: Settings, loud_s: f64, then_s: f64, sample_rate_hz: f64) -> Vec<f64> {
    let frames = |seconds: f64| (seconds * sample_rate_hz).round() as usize;
    let parts = [(0.01, before(sample_rate_hz)), (1.0, frames(loud_s)), (0.01, frames(then_s))];
    let x: Vec<f64> = parts.into_iter().flat_map(|(level, count)| vec![level; count]).collect();
    let settings = Settings { drive_db: 10.0, detection: Detection::SamplePeak, ..settings };
    let input: Vec<_> = x.iter().map(|x| [*x; 2]).collect();
    let out = limited(settings, &input, sample_rate_hz);
    out.iter().zip(&x).map(|(y, x)| level_db(y[0] / x) - settings.drive_db).collect()
}

/// The gain around a single peak.
fn around(settings: Settings, color: Color) -> Curve {
    let ms = |n: usize| (n as f64 - before(RATE_HZ) as f64) / RATE_HZ * 1000.0;
    let gains = gains(settings, 1.0 / RATE_HZ, 0.05, RATE_HZ);
    Curve::new(color, gains.iter().enumerate().map(|(n, db)| [ms(n), *db]).collect())
}

/// The gain around the end of what lasted for some time.
fn released(settings: Settings, loud_s: f64, color: Color) -> Curve {
    let gains = gains(settings, loud_s, 0.6, RATE_HZ);
    let end = before(RATE_HZ) + (loud_s * RATE_HZ) as usize;
    let ms = |n: usize| (n as f64 - end as f64) / RATE_HZ * 1000.0;
    Curve::new(color, gains.iter().enumerate().skip(end - 2400).step_by(24).map(|(n, db)| [ms(n), *db]).collect())
}

fn pictures(page: &mut Page) -> Result<()> {
    page.say(
        "A constant of 0 dBFS starts and stops, driven 11 dB over the ceiling: output over input is the gain of every \
         frame. Here it lasts one frame, at 0 ms; the lookahead is 5 ms. The gain is down when the peak arrives, does \
         not move before the lookahead, and has no corners:",
    );
    let mut attack = Panel::new("gain, dB", 240.0, [-12.0, 1.0], 2.0);
    let mut short = Panel::new("gain, dB: after 10 ms", 220.0, [-12.0, 1.0], 2.0);
    let mut long = Panel::new("gain, dB: after a second", 220.0, [-12.0, 1.0], 2.0);
    for ((name, style, auto_release), color) in CASES.into_iter().zip([BLUE, RED, AMBER, GREEN]) {
        let settings = Settings { style, auto_release, ..Settings::default() };
        if !auto_release && style != Style::Loud {
            let ahead = Settings { lookahead_ms: 5.0, ..settings };
            attack = attack.with(around(ahead, color).named(name));
        }
        short = short.with(released(settings, 0.01, color).named(name));
        long = long.with(released(settings, 1.0, color));
    }
    let figure = Figure::new(Axis::linear("time, ms", -6.0, 2.0, 1.0), vec![attack]);
    page.picture("attack", "Gain around a single peak", &figure)?;
    page.say(
        "The release, with lookahead 2 ms and release 100 ms. Loud and automatic release recover fast after a short \
         peak, and slowly after a long reduction:",
    );
    let figure = Figure::new(Axis::linear("time after the peak has gone, ms", -50.0, 500.0, 50.0), vec![short, long]);
    page.picture("release", "Gain after a short peak and after a long one", &figure)
}

fn times(page: &mut Page) {
    page.say(
        "Time from the end of the peak to 63 % of the release in dB, after half a second of reduction; in ms. The \
         excess over the set time is the smoothing over the lookahead, here 2 ms. Loud and automatic release depend on \
         the duration by design: a quarter of the set time after a short peak; the set time, or four times that, after \
         a long one.",
    );
    let mut rows = Vec::new();
    let mut row = |name: String, settings: Settings, loud_s: f64, meant_ms: f64| {
        let cells = RATES.map(|rate_hz| {
            let gains = gains(settings, loud_s, 6.0 * meant_ms.max(100.0) / 1000.0, rate_hz);
            let end = before(rate_hz) + (loud_s * rate_hz).round() as usize;
            covered_ms(&gains[end..], gains[end - 1], 0.0, rate_hz).map_or("never".to_owned(), |ms| format!("{ms:.1}"))
        });
        let [a, b, c, d] = cells;
        rows.push([name, format!("{} ms", settings.release_ms), a, b, c, d]);
    };
    for release_ms in [10.0, 100.0, 500.0] {
        for (name, style, auto_release) in &CASES[..2] {
            let settings = Settings { style: *style, auto_release: *auto_release, release_ms, ..Settings::default() };
            row((*name).to_owned(), settings, 0.5, release_ms);
        }
    }
    for (name, style, auto_release) in &CASES[2..] {
        let settings = Settings { style: *style, auto_release: *auto_release, ..Settings::default() };
        row(format!("{name}, after 10 ms"), settings, 0.01, 400.0);
        row(format!("{name}, after 2 s"), settings, 2.0, 400.0);
    }
    let heads = RATES.map(khz);
    let [a, b, c, d] = heads.each_ref().map(String::as_str);
    page.table(["style", "release set", a, b, c, d], &rows);
}

pub(super) fn part(page: &mut Page) -> Result<()> {
    page.part("Gain trajectory");
    pictures(page)?;
    times(page);
    Ok(())
}

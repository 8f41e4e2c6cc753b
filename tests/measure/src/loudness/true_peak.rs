//! The true-peak meter against the signal between the samples.

use super::{RATE_HZ, RATES, khz, spec};
use crate::common::largest;
use crate::figure::{Axis, Curve, Figure, Panel};
use crate::page::Page;
use anyhow::Result;
use dsp_core::meter::true_peak::TruePeakMeter;
use plumb_canvas::paper::{AMBER, BLUE, RED};
use plumb_signals::{Noise, both, bright_bursts, sample_peak_db, square, sweep, true_peak_db};
use std::f64::consts::{PI, TAU};

/// A sine with soft ends, by period in frames and phase in degrees: an abrupt end would ring by itself.
fn tone(period: f64, phase_deg: f64, amplitude: f64, frames: usize) -> Vec<f64> {
    let x = |n: usize| amplitude * (TAU * (n as f64 / period).fract() + phase_deg.to_radians()).sin();
    faded((0..frames).map(x).collect())
}

fn faded(mut x: Vec<f64>) -> Vec<f64> {
    let len = x.len();
    let soft = |n: usize| 0.5 - 0.5 * (PI * (n.min(len - 1 - n) as f64 / 2000.0).min(1.0)).cos();
    x.iter_mut().enumerate().for_each(|(n, x)| *x *= soft(n));
    x
}

fn reading_db(mono: &[f64], sample_rate_hz: f64) -> f64 {
    let mut meter = TruePeakMeter::default();
    meter.prepare(spec(sample_rate_hz));
    meter.process(&both(mono));
    meter.process(&vec![[0.0; 2]; meter.latency_frames()]);
    meter.max_dbtp()
}

/// The steady tones of Tech 3341.
pub(super) fn tones(page: &mut Page) {
    page.say(
        "Cases 15 to 19 of Tech 3341: tones whose peaks lie between the samples; +0.2 and −0.4 dB are allowed. (The standard \
         rounds: 0.50 is −6.02 dB, 1.41 is +2.98.)",
    );
    let cases = [
        ("15: a quarter of the rate, 0°", 4.0, 0.0, 0.5, -6.0),
        ("16: a quarter of the rate, 45°", 4.0, 45.0, 0.5, -6.0),
        ("17: a sixth, 60°", 6.0, 60.0, 0.5, -6.0),
        ("18: an eighth, 67.5°", 8.0, 67.5, 0.5, -6.0),
        ("19: a quarter, 45°, above full scale", 4.0, 45.0, 1.41, 3.0),
    ];
    let rows = cases.map(|(name, period, phase_deg, amplitude, expected_db)| {
        let [a, b, c, d] = RATES.map(|rate_hz| {
            format!("{:+.3} dB", reading_db(&tone(period, phase_deg, amplitude, 20_000), rate_hz) - expected_db)
        });
        [name.to_owned(), format!("{expected_db:+} dBTP"), a, b, c, d]
    });
    let heads = RATES.map(khz);
    let [a, b, c, d] = heads.each_ref().map(String::as_str);
    page.table(["case", "expected", a, b, c, d], &rows);
}

/// Errors over frequency: the lowest and the highest reading of 24 phases.
fn over_frequency(page: &mut Page) -> Result<()> {
    page.say(
        "Sines at 48 kHz in 24 phases each: the error of the lowest and the highest reading, and of the samples alone at their \
         lowest. The dashed lines are the limits of Tech 3341.",
    );
    let mut lines: [Vec<[f64; 2]>; 3] = Default::default();
    for n in 1..=150 {
        // No simple fraction of the rate, so that phases matter as little as they do in music.
        let hz = 150.0 * f64::from(n) + 7.3;
        let (mut low, mut high, mut samples) = (f64::INFINITY, f64::NEG_INFINITY, f64::INFINITY);
        for phase in 0..24 {
            // Short, so that the phase holds: 150 Hz beside a fraction of the rate, it turns once in 7 ms.
            let x = tone(RATE_HZ / hz, 15.0 * f64::from(phase), 1.0, 4400);
            let reading = reading_db(&x, RATE_HZ);
            (low, high, samples) = (low.min(reading), high.max(reading), samples.min(sample_peak_db(&x)));
        }
        for (line, value) in lines.iter_mut().zip([low, high, samples]) {
            line.push([hz / 1000.0, value]);
        }
    }
    let [low, high, samples] = lines;
    let line = |db: f64| Curve::truth(vec![[0.0, db], [24.0, db]]);
    let worst = |from: f64, to: f64| {
        let within = |line: &[[f64; 2]]| largest(line.iter().filter(|[khz, _]| (from..to).contains(khz)).map(|p| p[1]));
        within(&low).max(within(&high))
    };
    let rows = [(0.0, 10.0), (10.0, 16.0), (16.0, 20.0), (20.0, 22.0), (22.0, 22.5)]
        .map(|(from, to)| [format!("{from} to {to} kHz"), format!("{:.3} dB", worst(from, to))]);
    let panel = Panel::new("reading less amplitude, dB", 280.0, [-1.0, 0.4], 0.2)
        .with(Curve::new(AMBER, samples).named("samples"))
        .with(Curve::new(RED, low).named("lowest reading"))
        .with(Curve::new(BLUE, high).named("highest reading"))
        .with(line(0.2))
        .with(line(-0.4));
    let figure = Figure::new(Axis::linear("frequency, kHz", 0.0, 24.0, 2.0), vec![panel]);
    page.picture("true-peak", "Error of the true-peak meter over frequency", &figure)?;
    page.table(["frequencies", "largest error"], &rows);
    Ok(())
}

/// Signals, against 32-fold ideal interpolation.
fn signals(page: &mut Page) {
    const LEN: usize = 60_000;
    page.say(
        "Other signals against 32-fold ideal interpolation by Fourier transform: the error of the reading. Signals with full \
         level up to Nyquist (the square, the last two) read too low, as with any filter of finite length.",
    );
    let noise = |of: fn(f64) -> f64| {
        let mut noise = Noise::new(2);
        faded((0..LEN).map(|_| of(noise.tick())).collect())
    };
    type Signal<'a> = (&'a str, Box<dyn Fn(f64) -> Vec<f64> + 'a>);
    let signals: [Signal<'_>; 5] = [
        ("bursts of noise as bright as loud music", Box::new(|fs| faded(bright_bursts(LEN, fs)))),
        ("sweep from 20 Hz to 20 kHz", Box::new(|fs| faded(sweep(20.0, 20_000.0, 0.0, LEN as f64 / fs, fs)))),
        ("square of 997 Hz without band limit", Box::new(|fs| faded(square(997.0, 0.0, LEN as f64 / fs, fs)))),
        ("white noise", Box::new(move |_| noise(|x| x))),
        ("random ±1", Box::new(move |_| noise(f64::signum))),
    ];
    let rows = signals.map(|(name, signal)| {
        let [a, b, c, d] = RATES.map(|rate_hz| {
            let x = signal(rate_hz);
            format!("{:+.3} dB", reading_db(&x, rate_hz) - true_peak_db(&x, 0))
        });
        [name.to_owned(), a, b, c, d]
    });
    let heads = RATES.map(khz);
    let [a, b, c, d] = heads.each_ref().map(String::as_str);
    page.table(["signal", a, b, c, d], &rows);
}

pub(super) fn part(page: &mut Page) -> Result<()> {
    page.part("True peak");
    tones(page);
    over_frequency(page)?;
    signals(page);
    Ok(())
}

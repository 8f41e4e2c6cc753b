//! Saturation: curves, harmonics, aliasing, and level compensation.

use crate::common::{RATE_HZ, largest, left, spec};
use crate::figure::{Axis, Curve as Line, Figure, Panel};
use crate::page::Page;
use crate::spectrum::Spectrum;
use anyhow::{Context, Result};
use dsp_core::Frame;
use dsp_core::Stage;
use dsp_core::saturation::{Curve, Factor, Saturation, Settings};
use dsp_core::units::db_to_gain;
use plumb_canvas::paper::{AMBER, BLUE, COLORS, GREEN, RED};
use plumb_signals::{Noise, both, level_db, rms_db, sine};
use std::f64::consts::{SQRT_2, TAU};

const CURVES: [(&str, Curve); 4] =
    [("Tube", Curve::Tube), ("Tape", Curve::Tape), ("Transistor", Curve::Transistor), ("Clip", Curve::Clip)];

fn run(settings: Settings, input: &[Frame], sample_rate_hz: f64) -> Vec<Frame> {
    let mut saturation = Saturation::new(settings);
    saturation.prepare(spec(sample_rate_hz));
    let mut out = input.to_vec();
    saturation.process(&mut out, None);
    out
}

/// The formulas, written out separately.
fn formula(curve: Curve, x: f64) -> f64 {
    let bend = |u: f64| u / (1.0 + u * u).sqrt();
    let held = |x: f64, end: f64, p: fn(f64) -> f64| (end * p((x / end).abs().min(1.0))).copysign(x);
    match curve {
        Curve::Tube => (1.0_f64 + 0.04).powf(1.5) * SQRT_2 * (bend(x / SQRT_2 + 0.2) - bend(0.2)),
        Curve::Tape => SQRT_2 * bend(x / SQRT_2),
        Curve::Transistor => held(x, 35.0 / 16.0, |u| u - u.powi(3) + 3.0 / 5.0 * u.powi(5) - u.powi(7) / 7.0),
        Curve::Clip => {
            let p: fn(f64) -> f64 =
                |u| u - 4.0 / 5.0 * u.powi(5) + 6.0 / 9.0 * u.powi(9) - 4.0 / 13.0 * u.powi(13) + u.powi(17) / 17.0;
            held(x, 1.0 / p(1.0), p)
        }
    }
}

fn shapes(page: &mut Page) -> Result<()> {
    page.say(
        "Output against input for half a period of a 1 kHz sine at +9.5 dBFS without drive (at 768 kHz, for enough \
         samples). Dashed: the formula. Tube is lower by the DC of its asymmetric curve, which is filtered out.",
    );
    const FAST_HZ: f64 = 768_000.0;
    const PERIOD: usize = 768;
    let input = sine(1000.0, 9.5, 1.0, FAST_HZ);
    let mut panel = Panel::new("out", 320.0, [-2.0, 2.0], 0.5);
    let mut laws = Vec::new();
    for ((name, curve), color) in CURVES.into_iter().zip(COLORS) {
        let out = left(&run(Settings { curve, ..Settings::default() }, &both(&input), FAST_HZ));
        // It starts at 45°: from −90° on, and what the latest period's formula has for a mean.
        let from = out.len() - PERIOD - PERIOD * 3 / 8;
        let period = &input[input.len() - PERIOD..];
        let gain = db_to_gain(curve.makeup_db(0.0));
        let mean = period.iter().map(|x| formula(curve, *x)).sum::<f64>() / PERIOD as f64;
        let half = (from..from + PERIOD / 2).step_by(3).map(|n| [input[n], out[n] / gain]);
        panel = panel.with(Line::new(color, half.collect()).named(name));
        let law = (0..=120).map(|n| f64::from(n) / 20.0 - 3.0).map(|x| [x, formula(curve, x) - mean]);
        laws.push(Line::truth(law.collect()));
    }
    let panel = laws.into_iter().fold(panel, Panel::with);
    page.picture("waves", "The four curves", &Figure::new(Axis::linear("in", -3.0, 3.0, 0.5), vec![panel]))
}

/// Amplitudes of a second of a settled tone, bin by bin of 1 Hz.
fn amplitudes(settings: Settings, freq_hz: f64, level_dbfs: f64, sample_rate_hz: f64) -> Result<Vec<f64>> {
    let out = left(&run(settings, &both(&sine(freq_hz, level_dbfs, 2.0, sample_rate_hz)), sample_rate_hz));
    let second = &out[out.len() - sample_rate_hz as usize..];
    Ok(Spectrum::new(second, sample_rate_hz).context("a spectrum of a second")?.amplitudes())
}

/// Amplitudes of the harmonics that the formula makes of a sine, from the first on.
fn series(curve: Curve, amplitude: f64) -> Result<Vec<f64>> {
    let wave: Vec<f64> = (0..8192).map(|n| formula(curve, amplitude * (TAU * f64::from(n) / 8192.0).sin())).collect();
    Ok(Spectrum::new(&wave, 8192.0).context("a spectrum of a turn")?.amplitudes().split_off(1))
}

fn harmonics(page: &mut Page) -> Result<()> {
    page.say(
        "Harmonics of a 997 Hz sine at −6 dBFS with 12 dB of drive at 4×, relative to the first; and the largest error \
         of the first seven against the Fourier series of the formula, where they exceed −100 dB:",
    );
    let mut rows = Vec::new();
    let mut panels = Vec::new();
    for ((name, curve), color) in CURVES.into_iter().zip(COLORS) {
        let settings = Settings { curve, drive_db: 12.0, oversampling: Factor::X4, ..Settings::default() };
        let bins = amplitudes(settings, 997.0, -6.0, RATE_HZ)?;
        let expected = series(curve, db_to_gain(6.0))?;
        let (makeup, db) = (db_to_gain(curve.makeup_db(12.0)), |k: usize| level_db(bins[997 * k] / bins[997]));
        let off = (1..=7).filter(|k| expected[k - 1] > 1e-5 * expected[0]);
        let worst = largest(off.map(|k| level_db(bins[997 * k] / (makeup * expected[k - 1]))));
        let text = |k: usize| if db(k) < -150.0 { "none".to_owned() } else { format!("{:.1} dB", db(k)) };
        let [a, b, c, d, e, f] = [2, 3, 4, 5, 6, 7].map(text);
        rows.push([name.to_owned(), a, b, c, d, e, f, format!("{worst:.4} dB")]);
        let out: Vec<[f64; 2]> = stems(&bins);
        panels.push(Panel::new(format!("{name}: level, dBFS"), 120.0, [-160.0, 0.0], 40.0).with(Line::new(color, out)));
    }
    page.table(["curve", "2nd", "3rd", "4th", "5th", "6th", "7th", "error"], &rows);
    page.picture("harmonics", "Harmonics of the four curves", &Figure::new(Axis::hz(500.0, 20_000.0), panels))
}

/// A spectrum in 400 places at equal ratios: the loudest bin of each.
fn stems(bins: &[f64]) -> Vec<[f64; 2]> {
    let hz = |n: usize| 500.0 * 40.0_f64.powf(n as f64 / 400.0);
    let loudest = |from: f64, to: f64| bins[from as usize..to as usize].iter().copied().fold(1e-20, f64::max);
    (0..400).map(|n| [hz(n), level_db(loudest(hz(n), hz(n + 1).min(20_000.0)))]).collect()
}

/// Loudest bin below a frequency that is no harmonic of the tone, relative to it, in dB.
fn alias_db(bins: &[f64], top: usize) -> f64 {
    let others = bins[..top].iter().enumerate().skip(20).filter(|(hz, _)| hz % TONE != 0);
    level_db(others.map(|(_, amplitude)| *amplitude).fold(0.0, f64::max) / bins[TONE])
}

/// The tone for the alias measurement, in Hz.
const TONE: usize = 4999;

/// A tone with 12 dB of drive through a curve per sample, without antialiasing.
fn plain(curve: Curve, sample_rate_hz: f64) -> Result<Vec<f64>> {
    let wave: Vec<f64> = sine(TONE as f64, 12.0, 1.0, sample_rate_hz).into_iter().map(|x| formula(curve, x)).collect();
    Ok(Spectrum::new(&wave, sample_rate_hz).context("a spectrum of a second")?.amplitudes())
}

fn aliases(page: &mut Page) -> Result<()> {
    page.say(
        "Aliasing: a 4999 Hz sine at 0 dBFS with 12 dB of drive. Harmonics above Nyquist fold back to inharmonic \
         frequencies. The loudest alias below 20 kHz, relative to the sine; the first column is the formula applied \
         per sample, without oversampling and antiderivative antialiasing:",
    );
    const FACTORS: [Factor; 4] = [Factor::X1, Factor::X2, Factor::X4, Factor::X8];
    let settings = |curve, oversampling| Settings { curve, drive_db: 12.0, oversampling, ..Settings::default() };
    let mut rows = Vec::new();
    let mut low = Vec::new();
    for rate_hz in [44_100.0, RATE_HZ] {
        for (name, curve) in CURVES {
            let mut spectra = vec![plain(curve, rate_hz)?];
            for factor in FACTORS {
                spectra.push(amplitudes(settings(curve, factor), TONE as f64, 0.0, rate_hz)?);
            }
            let below = |top: usize, n: usize| format!("{:.1} dB", alias_db(&spectra[n], top));
            let name = format!("{name}, {}", crate::common::khz(rate_hz));
            let [a, b, c, d, e] = [0, 1, 2, 3, 4].map(|n| below(20_000, n));
            rows.push([name.clone(), a, b, c, d, e]);
            let [a, b] = [0, 1].map(|n| below(TONE, n));
            low.push([name, a, b]);
        }
    }
    page.table(["loudest alias below 20 kHz", "plain", "1×", "2×", "4×", "8×"], &rows);
    page.say(
        "At 1×, antiderivative antialiasing does not reduce what folds from just above Nyquist into the top octave; at \
         44.1 kHz it is even louder than without, because the treble that the averaging removes is restored \
         afterwards, aliases included. Aliases below the tone, where nothing masks them, are removed:",
    );
    page.table(["loudest alias below the tone", "plain", "1×"], &low);
    page.say("Transistor at 48 kHz: the sine and its harmonics at 5, 10, 15 and 20 kHz; all else is aliasing:");
    let mut first = Panel::new("without oversampling: level, dBFS", 220.0, [-160.0, 0.0], 40.0);
    first = first.with(Line::new(RED, stems(&plain(Curve::Transistor, RATE_HZ)?)).named("plain"));
    let of = |factor| amplitudes(settings(Curve::Transistor, factor), TONE as f64, 0.0, RATE_HZ);
    first = first.with(Line::new(AMBER, stems(&of(Factor::X1)?)).named("1×"));
    let mut second = Panel::new("oversampled: level, dBFS", 220.0, [-160.0, 0.0], 40.0);
    second = second.with(Line::new(GREEN, stems(&of(Factor::X2)?)).named("2×"));
    second = second.with(Line::new(BLUE, stems(&of(Factor::X4)?)).named("4×"));
    page.picture("aliases", "Aliasing", &Figure::new(Axis::hz(500.0, 20_000.0), vec![first, second]))
}

/// Noise that falls by 3 dB an octave, as programme does (P. Kellet's filter), at a level in dBFS RMS.
fn pink(level_dbfs: f64) -> Vec<f64> {
    let (mut noise, mut b) = (Noise::new(5), [0.0; 3]);
    let out: Vec<f64> = (0..192_000)
        .map(|_| {
            let white = noise.tick();
            b[0] = 0.997_65 * b[0] + white * 0.099_046;
            b[1] = 0.963 * b[1] + white * 0.296_516_4;
            b[2] = 0.57 * b[2] + white * 1.052_691_3;
            b[0] + b[1] + b[2] + white * 0.1848
        })
        .collect();
    let gain = db_to_gain(level_dbfs - rms_db(&out));
    out.into_iter().map(|x| gain * x).collect()
}

fn level(page: &mut Page) -> Result<()> {
    page.say(
        "Drive keeps the level: change in level of four seconds of pink noise at −18 dBFS RMS, for which the make-up \
         gain is designed, and at −24 and −12 dBFS, which get louder and softer, as with any curve:",
    );
    let mut rows = Vec::new();
    let mut panels = Vec::new();
    for (level_dbfs, ends) in [(-24.0, [-2.0, 6.0]), (-18.0, [-1.0, 1.0]), (-12.0, [-6.0, 2.0])] {
        let input = both(&pink(level_dbfs));
        let before = rms_db(&left(&input));
        let step = if level_dbfs == -18.0 { 0.5 } else { 2.0 };
        let mut panel = Panel::new(format!("programme of {level_dbfs} dBFS: change in level, dB"), 130.0, ends, step);
        for ((name, curve), color) in CURVES.into_iter().zip(COLORS) {
            let changed = |drive_db: f64| {
                let settings = Settings { curve, drive_db, ..Settings::default() };
                rms_db(&left(&run(settings, &input, RATE_HZ))) - before
            };
            let points: Vec<[f64; 2]> = (0..=8).map(|n| 3.0 * f64::from(n)).map(|db| [db, changed(db)]).collect();
            let worst = largest(points.iter().map(|[_, change]| *change));
            rows.push([format!("{name}, {level_dbfs} dBFS"), format!("{worst:.2} dB")]);
            let line = Line::new(color, points);
            panel = panel.with(if panels.is_empty() { line.named(name) } else { line });
        }
        panels.push(panel);
    }
    page.table(["programme", "largest change, drive 0 to 24 dB"], &rows);
    page.picture(
        "level",
        "Change in level against the drive",
        &Figure::new(Axis::linear("drive, dB", 0.0, 24.0, 3.0), panels),
    )
}

pub(super) fn part(page: &mut Page) -> Result<()> {
    page.part("Saturation");
    shapes(page)?;
    harmonics(page)?;
    aliases(page)?;
    level(page)
}

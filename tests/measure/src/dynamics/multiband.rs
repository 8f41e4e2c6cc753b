//! Multiband dynamics: the bands, their sum, their curves, and crossovers that move.

use super::common::excess_db;
use crate::common::{RATE_HZ, RATES, each_db, khz, largest, left, spaced, spec};
use crate::figure::{Axis, Curve, Figure, Panel};
use crate::page::Page;
use crate::spectrum::{Spectrum, windowed};
use anyhow::{Context, Result};
use dsp_core::Frame;
use dsp_core::Stage;
use dsp_core::multiband::{Bands, CROSSOVERS_HZ, FLOOR_FADE_DB, Mode, Multiband, Settings};
use plumb_canvas::paper::{BLUE, COLORS, GREEN, RED};
use plumb_signals::{both, level_db, sine, tone_db};

/// Bands that do nothing.
fn split(bands: Bands) -> Settings {
    let mut settings = Settings { on: true, bands, ..Settings::default() };
    settings.band.iter_mut().for_each(|band| band.ratio = 1.0);
    settings
}

fn run(settings: Settings, input: &[Frame], sample_rate_hz: f64) -> Vec<Frame> {
    let mut multiband = Multiband::new(settings);
    multiband.prepare(spec(sample_rate_hz));
    let mut out = input.to_vec();
    multiband.process(&mut out, None);
    out
}

/// Level of the response to an impulse at frequencies from 20 Hz to 20 kHz.
fn response(settings: Settings, sample_rate_hz: f64) -> Result<Vec<[f64; 2]>> {
    let mut impulse = vec![[0.0; 2]; 1 << 17];
    impulse[0] = [1e-3; 2];
    let y = left(&run(settings, &impulse, sample_rate_hz));
    let spectrum = Spectrum::new(&y, sample_rate_hz).context("a spectrum of an impulse")?;
    let bins: Vec<_> = spectrum.bins(19.0, 21_000.0).collect();
    let near = |hz: f64| bins.iter().min_by(|a, b| (a.0 - hz).abs().total_cmp(&(b.0 - hz).abs()));
    let points = spaced(20.0, 20_000.0, 240).filter_map(near);
    Ok(points.map(|(hz, [re, im])| [*hz, level_db(1e3 * re.hypot(*im))]).collect())
}

/// The analogue Linkwitz-Riley network: level of a band of four.
fn paper_db(place: usize, freq_hz: f64) -> f64 {
    let part = |(n, crossover): (usize, &dsp_core::Range)| {
        let fourth = (freq_hz / crossover.default).powi(4);
        if n < place {
            fourth / (1.0 + fourth)
        } else if n == place {
            1.0 / (1.0 + fourth)
        } else {
            1.0
        }
    };
    level_db(CROSSOVERS_HZ[..3].iter().enumerate().map(part).product())
}

fn bands(page: &mut Page) -> Result<()> {
    page.say(
        "Four bands at the default crossovers (120 Hz, 1 and 6 kHz), soloed one by one and together, at 48 kHz, \
         measured with an impulse. Dashed: the analogue network. Towards Nyquist our slopes are steeper, as in all \
         such filters without oversampling. Below, magnified: the sum.",
    );
    let mut panel = Panel::new("level of each band, dB", 280.0, [-60.0, 5.0], 10.0);
    for (place, color) in COLORS.into_iter().take(4).enumerate() {
        let mut solo = split(Bands::Four);
        solo.band[place].solo = true;
        panel = panel.with(Curve::new(color, response(solo, RATE_HZ)?).named(format!("band {}", place + 1)));
    }
    for place in 0..4 {
        let paper = spaced(20.0, 20_000.0, 240).map(|hz| [hz, paper_db(place, hz)]);
        panel = panel.with(Curve::truth(paper.collect()));
    }
    let sum = Curve::new(BLUE, response(split(Bands::Four), RATE_HZ)?);
    let flat = Panel::new("level of the sum, dB", 110.0, [-0.01, 0.01], 0.005).with(sum);
    let figure = Figure::new(Axis::hz(20.0, 20_000.0), vec![panel, flat]);
    page.picture("bands", "The bands and their sum", &figure)?;
    page.say(
        "Largest deviation of the sum from 0 dB, from 20 Hz to 20 kHz. The sum is an all-pass: flat in level, with one \
         turn of phase around each crossover, as after any such network without latency.",
    );
    let mut rows = Vec::new();
    for (name, bands) in [("two", Bands::Two), ("three", Bands::Three), ("four", Bands::Four), ("five", Bands::Five)] {
        let mut row = [name.to_owned(), String::new(), String::new(), String::new(), String::new()];
        for (cell, rate_hz) in row[1..].iter_mut().zip(RATES) {
            let worst = largest(response(split(bands), rate_hz)?.iter().map(|[_, db]| *db));
            *cell = format!("{worst:.0e} dB");
        }
        rows.push(row);
    }
    let heads = RATES.map(khz);
    let [a, b, c, d] = heads.each_ref().map(String::as_str);
    page.table(["bands", a, b, c, d], &rows);
    Ok(())
}

/// A tone in the middle of the third band.
const FREQ_HZ: f64 = 2449.0;
const PLACE: usize = 2;

/// The four modes, and the gain in dB of their formulas.
const MODES: [(&str, Mode); 4] = [
    ("compress", Mode::Compress),
    ("expand", Mode::Expand),
    ("upward compress", Mode::UpCompress),
    ("upward expand", Mode::UpExpand),
];

fn law_db(mode: Mode, level_db: f64) -> f64 {
    let (threshold_db, ratio, knee_db, range_db, floor_db) = (-36.0, 2.0, 6.0, 15.0, -75.0);
    let over = level_db - threshold_db;
    let w = ((level_db - floor_db) / FLOOR_FADE_DB).clamp(0.0, 1.0);
    let fade = 3.0 * w.powi(2) - 2.0 * w.powi(3);
    match mode {
        Mode::Compress => -((1.0 - 1.0 / ratio) * excess_db(over, knee_db)).min(range_db),
        Mode::Expand => -((ratio - 1.0) * excess_db(-over, knee_db)).min(range_db),
        Mode::UpCompress => ((1.0 - 1.0 / ratio) * excess_db(-over, knee_db)).min(range_db) * fade,
        Mode::UpExpand => ((ratio - 1.0) * excess_db(over, knee_db)).min(range_db) * fade,
    }
}

fn curves(page: &mut Page) -> Result<()> {
    page.say(
        "The four modes in the third band, soloed: 2449 Hz sines at 81 levels, threshold −36 dBFS, ratio 2, knee 6 dB, \
         range 15 dB, floor −75 dBFS; gain against the level in the band. Dashed: the formula.",
    );
    let mut solo = split(Bands::Four);
    let band = &mut solo.band[PLACE];
    band.solo = true;
    (band.threshold_db, band.knee_db, band.range_db, band.floor_db) = (-36.0, 6.0, 15.0, -75.0);
    (band.attack_ms, band.release_ms) = (5.0, 100.0);
    let heard_db = |settings: Settings, level_db: f64| {
        let out = left(&run(settings, &both(&sine(FREQ_HZ, level_db, 1.5, RATE_HZ)), RATE_HZ));
        tone_db(&out[out.len() - 12_000..], FREQ_HZ, RATE_HZ)
    };
    let in_band_db = heard_db(solo, 0.0);
    let mut panel = Panel::new("gain, dB", 280.0, [-16.0, 16.0], 4.0);
    let mut rows = Vec::new();
    for ((name, mode), color) in MODES.into_iter().zip(COLORS) {
        let mut settings = solo;
        (settings.band[PLACE].mode, settings.band[PLACE].ratio) = (mode, 2.0);
        let at = |db: f64| [db + in_band_db, heard_db(settings, db) - db - in_band_db];
        let points: Vec<[f64; 2]> = each_db(-80, 0).map(at).collect();
        let worst = largest(points.iter().map(|[level_db, gain_db]| gain_db - law_db(mode, *level_db)));
        rows.push([name.to_owned(), format!("{worst:.4} dB")]);
        panel = panel.with(Curve::new(color, points).named(name));
    }
    for (_, mode) in MODES {
        let law = (0..=320).map(|n| f64::from(n) / 4.0 - 80.0).map(|db| [db, law_db(mode, db)]);
        panel = panel.with(Curve::truth(law.collect()));
    }
    let figure = Figure::new(Axis::linear("level in the band, dBFS", -80.0, 0.0, 10.0), vec![panel]);
    page.picture("modes", "Gain of the four modes against the level", &figure)?;
    page.table(["mode", "largest error against the formula"], &rows);
    Ok(())
}

/// 400 ms of a −12 dBFS sine of 500 Hz with 6 dB more below a crossover and 6 dB less above, which moves from 200 Hz to
/// 5 kHz within 50 ms, set every 64 frames.
fn glide(moves: bool) -> Vec<f64> {
    let at = |share: f64| {
        let mut settings = split(Bands::Two);
        settings.crossovers_hz[0] = 200.0 * 25.0_f64.powf(share);
        (settings.band[0].gain_db, settings.band[1].gain_db) = (6.0, -6.0);
        settings
    };
    let mut multiband = Multiband::new(at(0.0));
    multiband.prepare(spec(RATE_HZ));
    let mut block = both(&sine(500.0, -12.0, 0.4, RATE_HZ));
    // The start of the sine is a click by itself and is left out. 400 ms are whole periods.
    multiband.process(&mut block.clone(), None);
    for (n, chunk) in block.chunks_mut(64).enumerate() {
        let share = (((n * 64) as f64 - 0.175 * RATE_HZ) / (0.05 * RATE_HZ)).clamp(0.0, 1.0);
        multiband.set(at(if moves { share } else { 0.0 }));
        multiband.process(chunk, None);
    }
    left(&block)
}

/// The same swell within one frame, which clicks.
fn cut(from: &[f64]) -> Vec<f64> {
    let gain = 10_f64.powf(12.0 / 20.0);
    from.iter().enumerate().map(|(n, x)| if n > from.len() / 2 { x * gain } else { *x }).collect()
}

fn motion(page: &mut Page) -> Result<()> {
    page.say(
        "A crossover sweeps from 200 Hz to 5 kHz within 50 ms while a 500 Hz sine at −12 dBFS plays, with +6 dB below \
         it and −6 dB above: the sine swells by nearly 12 dB and its phase turns. For comparison, the same swell \
         within one frame, which is a click. The loudest of twelve frequencies from 4 to 17 kHz:",
    );
    let (still, moved) = (glide(false), glide(true));
    let clicked = cut(&still);
    let far: Vec<f64> = (0..12).map(|n| 4000.0 * 1.14_f64.powi(n) + 13.0).collect();
    let mut panel = Panel::new("level, dBFS; 400 ms, Blackman–Harris window", 280.0, [-200.0, 0.0], 40.0);
    let mut rows = Vec::new();
    for (name, y, color) in [("a click", &clicked, RED), ("glide", &moved, BLUE), ("nothing moves", &still, GREEN)] {
        let loudest = far.iter().map(|hz| tone_db(y, *hz, RATE_HZ)).fold(f64::NEG_INFINITY, f64::max);
        rows.push([name.to_owned(), format!("{loudest:.1} dBFS")]);
        panel = panel.with(Curve::new(color, windowed(y, RATE_HZ)?).named(name));
    }
    page.table(["", "splatter"], &rows);
    page.picture("glide", "Spectra while a crossover moves", &Figure::new(Axis::hz(20.0, 20_000.0), vec![panel]))
}

pub(super) fn part(page: &mut Page) -> Result<()> {
    page.part("Multiband dynamics");
    bands(page)?;
    curves(page)?;
    motion(page)
}

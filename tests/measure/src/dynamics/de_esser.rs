//! De-esser: detection, frequency response, and level independence.

use super::common::excess_db;
use crate::common::{RATE_HZ, each_db, largest, left, spaced, spec};
use crate::figure::{Axis, Curve, Figure, Panel};
use crate::page::Page;
use crate::spectrum::Spectrum;
use anyhow::{Context, Result};
use dsp_core::Stage;
use dsp_core::dynamics::de_esser::{DeEsser, Mode, Settings};
use dsp_core::units::db_to_gain;
use plumb_canvas::paper::{AMBER, BLUE, COLORS, RED};
use plumb_signals::{Noise, both, level_db, sine, tone_db};
use std::f64::consts::{PI, TAU};

const SPLIT_HZ: f64 = 6500.0;
/// A tone of the voice, and one of its "s".
const VOICE_HZ: f64 = 500.0;
const S_HZ: f64 = 12_000.0;
/// Knee around the threshold.
const KNEE_DB: f64 = 6.0;

fn on() -> Settings {
    Settings { on: true, freq_hz: SPLIT_HZ, ..Settings::default() }
}

fn de_esser(settings: Settings) -> DeEsser {
    let mut de_esser = DeEsser::new(settings);
    de_esser.prepare(spec(RATE_HZ));
    de_esser
}

/// Excess of both tones by definition: their peak after a second-order Butterworth high-pass, over that of the sine of
/// the same total power.
fn excess_of(voice_db: f64, s_db: f64) -> f64 {
    let warped = |freq_hz: f64| (PI * freq_hz / RATE_HZ).tan() / (PI * SPLIT_HZ / RATE_HZ).tan();
    let behind =
        |freq_hz: f64, db: f64| db_to_gain(db) * warped(freq_hz).powi(2) / (1.0 + warped(freq_hz).powi(4)).sqrt();
    let power = db_to_gain(voice_db).powi(2) + db_to_gain(s_db).powi(2);
    level_db((behind(VOICE_HZ, voice_db) + behind(S_HZ, s_db)) / power.sqrt())
}

fn law(page: &mut Page) -> Result<()> {
    page.say(
        "The detector uses the excess: the level above the split frequency over the total level. The input is a steady \
         500 Hz tone at −20 dBFS and a 12 kHz tone at 61 levels; split 6.5 kHz, range 12 dB, wide band. Shown is the \
         reduction of the high tone against the excess by definition. Dashed: 1 dB per dB above the threshold, with a \
         knee of 6 dB, up to the range.",
    );
    let mut panel = Panel::new("reduction, dB", 260.0, [-1.0, 14.0], 2.0);
    let (mut rows, mut laws) = (Vec::new(), Vec::new());
    for (threshold_db, color) in [(-20.0, BLUE), (-12.0, AMBER), (-6.0, RED)] {
        let law = |excess: f64| excess_db(excess - threshold_db, KNEE_DB).min(12.0);
        let points: Vec<[f64; 2]> = each_db(-60, 0)
            .map(|s_db| {
                let (voice, s) = (sine(VOICE_HZ, -20.0, 5.0, RATE_HZ), sine(S_HZ, s_db, 5.0, RATE_HZ));
                let mut block = both(&voice.iter().zip(&s).map(|(a, b)| a + b).collect::<Vec<_>>());
                let settings = Settings { threshold_db, range_db: 12.0, mode: Mode::Wide, ..on() };
                de_esser(settings).process(&mut block, None);
                let y = left(&block[block.len() - 9600..]);
                [excess_of(-20.0, s_db), s_db - tone_db(&y, S_HZ, RATE_HZ)]
            })
            .collect();
        let worst = largest(points.iter().map(|[excess, taken]| taken - law(*excess)));
        rows.push([format!("{threshold_db} dB"), format!("{worst:.4} dB")]);
        panel = panel.with(Curve::new(color, points).named(format!("threshold {threshold_db} dB")));
        laws.push(Curve::truth((-160..=12).map(|n| f64::from(n) / 4.0).map(|db| [db, law(db)]).collect()));
    }
    let panel = laws.into_iter().fold(panel, Panel::with);
    let figure = Figure::new(Axis::linear("excess, dB", -40.0, 3.0, 5.0), vec![panel]);
    page.picture("excess", "Reduction of the de-esser against the excess", &figure)?;
    page.table(["threshold", "largest error against the curve"], &rows);
    Ok(())
}

/// Gains in dB over frequency of a split-band de-esser at full range: faint tones beside the loud two.
fn response(range_db: f64) -> Result<Vec<[f64; 2]>> {
    let hz: Vec<usize> = spaced(31.0, 20_000.0, 60).map(|hz| hz as usize).filter(|hz| hz % 500 != 0).collect();
    let frames = RATE_HZ as usize;
    let faint: Vec<f64> = (0..frames)
        .map(|n| hz.iter().map(|hz| 1e-6 * (TAU * ((hz * n) % frames) as f64 / frames as f64).sin()).sum())
        .collect();
    let (voice, s) = (sine(VOICE_HZ, -20.0, 6.0, RATE_HZ), sine(S_HZ, -12.0, 6.0, RATE_HZ));
    let mut block = both(&(0..voice.len()).map(|n| voice[n] + s[n] + faint[n % frames]).collect::<Vec<_>>());
    de_esser(Settings { threshold_db: -30.0, range_db, mode: Mode::Split, ..on() }).process(&mut block, None);
    let y = left(&block[block.len() - frames..]);
    let levels = Spectrum::new(&y, RATE_HZ).context("a spectrum of a second")?.amplitudes();
    Ok(hz.into_iter().map(|hz| [hz as f64, level_db(levels[hz] / 1e-6)]).collect())
}

fn shelf(page: &mut Page) -> Result<()> {
    page.say(
        "Frequency response of the split-band mode under reduction: a shelf, measured with faint tones beside the two \
         that drive the detector. Split 6.5 kHz. There is no bump, and no change a decade below.",
    );
    let mut panel = Panel::new("gain, dB", 280.0, [-26.0, 2.0], 4.0);
    let mut rows = Vec::new();
    for (range_db, color) in [3.0, 6.0, 12.0, 24.0].into_iter().zip(COLORS) {
        let points = response(range_db)?;
        let at = |hz: f64| points.iter().min_by(|a, b| (a[0] - hz).abs().total_cmp(&(b[0] - hz).abs()));
        let cells = [650.0, 2000.0, SPLIT_HZ, 20_000.0].map(|hz| at(hz).map_or(0.0, |point| point[1]));
        let highest = points.iter().map(|point| point[1]).fold(f64::NEG_INFINITY, f64::max);
        let [a, b, c, d] = cells.map(|db| format!("{db:.4} dB"));
        rows.push([format!("{range_db} dB"), a, b, c, d, format!("{highest:.0e} dB")]);
        panel = panel.with(Curve::new(color, points).named(format!("{range_db} dB taken")));
    }
    page.picture(
        "shelf",
        "What the de-esser does to the spectrum",
        &Figure::new(Axis::hz(30.0, 20_000.0), vec![panel]),
    )?;
    page.table(["reduction", "near 650 Hz", "near 2 kHz", "near 6.5 kHz", "near 20 kHz", "highest anywhere"], &rows);
    Ok(())
}

/// A voice on one note, with an "s" from 0.8 to 1 s and one half as loud from 1.4 to 1.6 s.
fn phrase(offset_db: f64) -> Vec<f64> {
    let (mut noise, mut before) = (Noise::new(4), 0.0);
    (0..96_000_u32)
        .map(|n| {
            let t = f64::from(n) / RATE_HZ;
            let voice: f64 = (1..16).map(|k| (TAU * f64::from(k) * 140.0 * t).sin() / f64::from(k * k)).sum();
            let now = noise.tick();
            let hiss = now - core::mem::replace(&mut before, now);
            let loud = if (0.8..1.0).contains(&t) { 0.25 } else { 0.125 };
            let s = if (0.8..1.0).contains(&t) || (1.4..1.6).contains(&t) { loud * hiss } else { 0.0 };
            db_to_gain(offset_db - 20.0) * (voice + s)
        })
        .collect()
}

fn levels(page: &mut Page) {
    page.say(
        "The same phrase, a voice on one note with two \"s\", at different levels: the largest reduction of the louder \
         \"s\", and the largest difference of the reduction after the first 0.3 s from that of the phrase at −20 dB. \
         The total level counts as at least −50 dBFS, so that hiss is not an \"s\"; quieter phrases are not processed.",
    );
    let reductions = |offset_db: f64| -> Vec<f64> {
        let mut de_esser = de_esser(Settings { range_db: 24.0, threshold_db: -12.0, ..on() });
        let each = |frame| {
            de_esser.process(&mut [frame], None);
            de_esser.reduction_db()
        };
        both(&phrase(offset_db)).into_iter().map(each).collect()
    };
    let reference = reductions(0.0);
    let mut rows = Vec::new();
    for offset_db in [15.0, 5.0, 0.0, -10.0, -20.0, -30.0, -40.0] {
        let these = reductions(offset_db);
        let apart = largest(these.iter().zip(&reference).skip(14_400).map(|(a, b)| a - b));
        rows.push([format!("{} dB", offset_db - 20.0), format!("{:.2} dB", largest(these)), format!("{apart:.4} dB")]);
    }
    page.table(["level of the phrase", "largest reduction", "difference"], &rows);
}

pub(super) fn part(page: &mut Page) -> Result<()> {
    page.part("De-esser");
    law(page)?;
    shelf(page)?;
    levels(page);
    Ok(())
}

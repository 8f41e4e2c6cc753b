//! Compressor: which level makes which level.

use super::common::{STYLES, compressed_mono, excess_db, hard};
use crate::common::{RATE_HZ, each_db, largest, left};
use crate::figure::{Axis, Curve, Figure, Panel};
use crate::page::Page;
use anyhow::Result;
use dsp_core::dynamics::compressor::{Detection, Settings};
use plumb_canvas::paper::COLORS;
use plumb_signals::{sine, tone_db};

const FREQ_HZ: f64 = 997.0;
const THRESHOLD_DB: f64 = -30.0;
/// Ratio and knee.
const CASES: [(f64, f64); 7] =
    [(1.5, 0.0), (2.0, 0.0), (4.0, 0.0), (f64::INFINITY, 0.0), (4.0, 6.0), (4.0, 12.0), (4.0, 30.0)];

fn settings((ratio, knee_db): (f64, f64)) -> Settings {
    Settings { threshold_db: THRESHOLD_DB, ratio, knee_db, ..hard() }
}

fn name((ratio, knee_db): (f64, f64)) -> String {
    let ratio = if ratio.is_finite() { format!("{ratio}:1") } else { "∞:1".to_owned() };
    if knee_db == 0.0 { format!("{ratio}, hard") } else { format!("{ratio}, knee {knee_db} dB") }
}

/// Level in dBFS that a formula makes of a level.
fn law_db((ratio, knee_db): (f64, f64), level_db: f64) -> f64 {
    level_db - (1.0 - 1.0 / ratio) * excess_db(level_db - THRESHOLD_DB, knee_db)
}

/// Levels of steady sines, before and after.
fn measured(settings: Settings) -> Vec<[f64; 2]> {
    let at = |level_db: f64| {
        let out = left(&compressed_mono(settings, &sine(FREQ_HZ, level_db, 1.0, RATE_HZ), RATE_HZ));
        [level_db, tone_db(&out[out.len() * 3 / 4..], FREQ_HZ, RATE_HZ)]
    };
    each_db(-60, 0).map(at).collect()
}

fn worst_db(case: (f64, f64), points: &[[f64; 2]]) -> f64 {
    largest(points.iter().map(|[level_db, out_db]| out_db - law_db(case, *level_db)))
}

/// Ratios: output over input, with the law.
fn ratios() -> Panel {
    let mut panel = Panel::new("level out, dBFS: ratios", 300.0, [-60.0, 0.0], 10.0);
    for (case, color) in CASES[..4].iter().zip(COLORS) {
        panel = panel.with(Curve::new(color, measured(settings(*case))).named(name(*case)));
    }
    let law = |case| fine().map(move |level_db| [level_db, law_db(case, level_db)]).collect();
    CASES[..4].iter().fold(panel, |panel, case| panel.with(Curve::truth(law(*case))))
}

/// Knees: how far the output is below that of a hard knee.
fn knees() -> Panel {
    let mut panel = Panel::new("level out less that of 4:1, hard, dB: knees", 200.0, [-3.5, 0.5], 0.5);
    let hard = |level_db| law_db(CASES[2], level_db);
    for (case, color) in CASES[4..].iter().zip(&COLORS[4..]) {
        let points =
            measured(settings(*case)).into_iter().map(|[level_db, out_db]| [level_db, out_db - hard(level_db)]);
        panel = panel.with(Curve::new(*color, points.collect()).named(name(*case)));
    }
    let law = |case| fine().map(move |level_db| [level_db, law_db(case, level_db) - hard(level_db)]).collect();
    CASES[4..].iter().fold(panel, |panel, case| panel.with(Curve::truth(law(*case))))
}

/// Levels for a law.
fn fine() -> impl Iterator<Item = f64> {
    (0..=480).map(|n| f64::from(n) / 8.0 - 60.0)
}

pub(super) fn part(page: &mut Page) -> Result<()> {
    page.part("Compressor: static curves");
    page.say(
        "Steady sines of 997 Hz at 61 levels from −60 to 0 dBFS, threshold −30 dBFS, 48 kHz, the level of what comes out. \
         Dashed is the formula of the textbook. The four styles share one curve; they differ in how they get there.",
    );
    let axis = Axis::linear("level in, dBFS", -60.0, 0.0, 10.0);
    page.picture("curves", "Static curves of the compressor", &Figure::new(axis, vec![ratios(), knees()]))?;
    page.say("Largest difference from the formula, in dB, in every style, and with the RMS detector:");
    let mut rows = Vec::new();
    let styles = STYLES.map(|(name, style)| (name.to_owned(), Settings { style, ..hard() }));
    let rms = ("Clean, RMS".to_owned(), Settings { detector: Detection::Rms, ..hard() });
    for (name, base) in styles.into_iter().chain([rms]) {
        let cells = CASES.map(|case| {
            let points = measured(Settings { style: base.style, detector: base.detector, ..settings(case) });
            format!("{:.5}", worst_db(case, &points))
        });
        let [a, b, c, d, e, f, g] = cells;
        rows.push([name, a, b, c, d, e, f, g]);
    }
    let heads = CASES.map(name);
    let [a, b, c, d, e, f, g] = heads.each_ref().map(String::as_str);
    page.table(["style", a, b, c, d, e, f, g], &rows);
    Ok(())
}

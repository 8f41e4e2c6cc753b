//! Compressor: static curves.

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

/// Output level in dBFS of the formula.
fn law_db((ratio, knee_db): (f64, f64), level_db: f64) -> f64 {
    level_db - (1.0 - 1.0 / ratio) * excess_db(level_db - THRESHOLD_DB, knee_db)
}

/// Levels of steady sines at input and output.
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

/// Ratios: output over input level, with the formula.
fn ratios() -> Panel {
    let mut panel = Panel::new("level out, dBFS: ratios", 300.0, [-60.0, 0.0], 10.0);
    for (case, color) in CASES[..4].iter().zip(COLORS) {
        panel = panel.with(Curve::new(color, measured(settings(*case))).named(name(*case)));
    }
    let law = |case| fine().map(move |level_db| [level_db, law_db(case, level_db)]).collect();
    CASES[..4].iter().fold(panel, |panel, case| panel.with(Curve::truth(law(*case))))
}

/// Knees: output level against that of a hard knee.
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
        "Output level of steady 997 Hz sines at 61 levels from −60 to 0 dBFS, threshold −30 dBFS, at 48 kHz. Dashed: \
         the textbook formula. The four styles share one static curve and differ in their ballistics.",
    );
    let axis = Axis::linear("level in, dBFS", -60.0, 0.0, 10.0);
    page.picture("curves", "Static curves of the compressor", &Figure::new(axis, vec![ratios(), knees()]))?;
    page.say("Largest error against the formula in dB, for every style and for the RMS detector:");
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

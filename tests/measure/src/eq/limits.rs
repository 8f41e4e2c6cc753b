//! The largest error of every shape over all settings.

use super::bands::bell;
use crate::common::{khz, spaced};
use crate::figure::{Axis, Curve, Figure, Panel};
use crate::page::Page;
use anyhow::Result;
use dsp_core::eq::band::{Band, Shape};
use dsp_core::eq::slope::Slope;
use plumb_canvas::paper::COLORS;
use std::f64::consts::FRAC_1_SQRT_2;

const RATES_HZ: [f64; 3] = [44_100.0, 48_000.0, 96_000.0];
/// What the tests of dsp-core allow at each of them, in dB.
const GAIN_LIMITS_DB: [f64; 3] = [0.2, 0.12, 0.005];
const CUT_LIMITS_DB: [f64; 3] = [0.15, 0.1, 0.01];
/// Settings over which the largest error is taken.
const GAINS_DB: [f64; 7] = [-18.0, -9.0, -1.0, 0.1, 3.0, 12.0, 18.0];
/// Gains below this are ignored, in dB.
const DEEP_DB: f64 = -48.0;

/// Largest error of a band in dB between 20 Hz and 20 kHz.
fn worst_db(band: &Band, rate_hz: f64) -> f64 {
    let (curve, prototypes) = (band.curve(rate_hz), band.prototypes());
    let near = spaced(band.freq_hz * 0.7, band.freq_hz * 1.43, 200);
    let all = spaced(20.0, 20_000.0, 400).chain(near).filter(|hz| (20.0..=20_000.0).contains(hz));
    let error = |hz| {
        let truth = prototypes.prototype_response(hz).gain_db();
        if truth > DEEP_DB { (curve.response(hz).gain_db() - truth).abs() } else { 0.0 }
    };
    all.map(error).fold(0.0, f64::max)
}

fn worst_of(shape: Shape, slope: Slope, gains_db: &[f64], rate_hz: f64) -> f64 {
    let qs = || spaced(0.3, 10.0, 8).chain([0.5, FRAC_1_SQRT_2]);
    let mut worst = 0.0_f64;
    for freq_hz in spaced(20.0, 19_000.0, 30) {
        for q in qs() {
            for &gain_db in gains_db {
                worst = worst.max(worst_db(&Band { slope, gain_db, q, ..Band::flat(shape, freq_hz) }, rate_hz));
            }
        }
    }
    worst
}

/// A row: one shape at all rates.
fn row(name: &str, shape: Shape, slope: Slope, gains_db: &[f64]) -> [String; 4] {
    let [a, b, c] = RATES_HZ.map(|rate_hz| format!("{:.4}", worst_of(shape, slope, gains_db, rate_hz)));
    [name.to_owned(), a, b, c]
}

fn table(page: &mut Page, limits_db: [f64; 3], mut rows: Vec<[String; 4]>) {
    let [a, b, c] = limits_db.map(|limit_db| format!("{limit_db}"));
    rows.push(["the tests fail above".to_owned(), a, b, c]);
    let [a, b, c] = RATES_HZ.map(khz);
    page.table(["largest error, dB", a.as_str(), b.as_str(), c.as_str()], &rows);
}

pub(super) fn part(page: &mut Page) -> Result<()> {
    page.part("Every setting");
    page.say(&format!(
        "The largest error in level against the analogue filter from 20 Hz to 20 kHz, over all combinations of 30 \
         frequencies from 20 Hz to 19 kHz, ten Qs from 0.3 to 10 and {} gains within ±18 dB:",
        GAINS_DB.len()
    ));
    let gains = [
        ("bell", Shape::Bell),
        ("low shelf", Shape::LowShelf),
        ("high shelf", Shape::HighShelf),
        ("tilt", Shape::Tilt),
    ];
    table(page, GAIN_LIMITS_DB, gains.map(|(name, shape)| row(name, shape, Slope::Db12, &GAINS_DB)).to_vec());
    page.say(&format!("Cuts and passes, wherever their gain is above {DEEP_DB} dB:"));
    let cuts = [
        ("low cut, 12 dB/oct", Shape::LowCut, Slope::Db12),
        ("high cut, 12 dB/oct", Shape::HighCut, Slope::Db12),
        ("low cut, 6 dB/oct", Shape::LowCut, Slope::Db6),
        ("high cut, 6 dB/oct", Shape::HighCut, Slope::Db6),
        ("notch", Shape::Notch, Slope::Db12),
        ("band pass", Shape::BandPass, Slope::Db12),
    ];
    table(page, CUT_LIMITS_DB, cuts.map(|(name, shape, slope)| row(name, shape, slope, &[0.0])).to_vec());
    page.say("Error over frequency, for a bell of +18 dB:");
    let panels = [(44_100.0, 0.2), (48_000.0, 0.12)].into_iter().enumerate().map(|(index, (rate_hz, high))| {
        let panel = Panel::new(format!("largest error at {}, dB", khz(rate_hz)), 230.0, [0.0, high], 0.04);
        [0.3, 1.0, 3.0, 10.0].into_iter().zip(COLORS).fold(panel, |panel, (q, color)| {
            let error = |hz| [hz, worst_db(&bell(hz, 18.0, q), rate_hz)];
            let curve = Curve::new(color, spaced(100.0, 19_000.0, 160).map(error).collect());
            panel.with(if index == 0 { curve.named(format!("Q {q}")) } else { curve })
        })
    });
    page.picture(
        "limits",
        "Largest error against the frequency of the bell",
        &Figure::new(Axis::hz(100.0, 20_000.0), panels.collect()),
    )?;
    page.say("Below some 2 kHz the error is negligible at any rate: digital equalisers differ in the top octave.");
    Ok(())
}

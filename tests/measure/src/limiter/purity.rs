//! Distortion of a steady tone.

use super::common::{STYLES, limited};
use crate::common::{RATE_HZ, left};
use crate::figure::{Axis, Curve, Figure, Panel};
use crate::page::Page;
use crate::spectrum::{Spectrum, residue_db};
use anyhow::{Context, Result};
use dsp_core::limiter::lookahead::Settings;
use plumb_canvas::paper::COLORS;
use plumb_signals::{both, rms_db, sine};

/// The third second of a sine that is reduced by 6 dB.
fn steady(settings: Settings, freq_hz: f64) -> Vec<f64> {
    let settings = Settings { drive_db: 6.0, ceiling_db: 0.0, ..settings };
    let out = left(&limited(settings, &both(&sine(freq_hz, 0.0, 3.5, RATE_HZ)), RATE_HZ));
    out[2 * RATE_HZ as usize..][..RATE_HZ as usize].to_vec()
}

pub(super) fn part(page: &mut Page) -> Result<()> {
    page.part("Purity");
    page.say(
        "A 0 dBFS sine driven by 6 dB into a ceiling of 0 dBTP: a constant 6 dB of reduction, at 48 kHz. Between two \
         peaks the gain would recover; it holds for a tenth of the release, and looks ahead. Everything but the sine, \
         relative to it (THD+N):",
    );
    const TONES_HZ: [f64; 4] = [997.0, 211.0, 107.0, 50.0];
    let mut rows = Vec::new();
    for (name, style) in STYLES {
        for (release_ms, auto_release) in [(20.0, false), (100.0, false), (500.0, false), (100.0, true)] {
            let settings = Settings { style, release_ms, auto_release, ..Settings::default() };
            let cells = TONES_HZ.map(|hz| {
                let y = steady(settings, hz);
                format!("{:.1} dB", residue_db(&y, hz, RATE_HZ) - rms_db(&y))
            });
            let [a, b, c, d] = cells;
            let automatic = if auto_release { ", automatic" } else { "" };
            rows.push([format!("{name}, {release_ms} ms{automatic}"), a, b, c, d]);
        }
    }
    let heads = TONES_HZ.map(|hz| format!("{hz} Hz"));
    let [a, b, c, d] = heads.each_ref().map(String::as_str);
    page.table(["style, release", a, b, c, d], &rows);
    page.say(
        "A release that is short for a low tone modulates the gain within its period, which is distortion: the price \
         of loudness in any limiter.",
    );
    let mut panels = Vec::new();
    for hz in [997.0, 107.0] {
        let title = format!("level, dBFS; {hz} Hz, a second, 1 Hz to a bin, no window");
        let mut panel = Panel::new(title, 240.0, [-300.0, 0.0], 60.0);
        for (release_ms, color) in [20.0, 100.0, 500.0].into_iter().zip(COLORS) {
            let y = steady(Settings { release_ms, ..Settings::default() }, hz);
            let levels = Spectrum::new(&y, RATE_HZ).context("a spectrum of a second")?.levels(20.0, 23_900.0, 500);
            let curve = Curve::new(color, levels);
            panel = panel.with(if panels.is_empty() { curve.named(format!("release {release_ms} ms")) } else { curve });
        }
        panels.push(panel);
    }
    page.picture("purity", "Spectra of limited sines", &Figure::new(Axis::hz(20.0, 24_000.0), panels))
}

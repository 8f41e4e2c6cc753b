//! Compressor: attack and release.

use super::common::{STYLES, compressed_mono, hard};
use crate::common::{RATE_HZ, RATES, covered_ms, gains_db, khz, largest};
use crate::figure::{Axis, Curve, Figure, Panel};
use crate::page::Page;
use anyhow::Result;
use dsp_core::dynamics::compressor::{Settings, Style};
use plumb_canvas::paper::{AMBER, BLUE, GREEN, RED};
use plumb_signals::square;

/// Levels of the step: 4 dB below a threshold of −40 dBFS, and 16 dB above it, which at 4:1 are 12 dB of reduction.
const QUIET_DB: f64 = -44.0;
const LOUD_DB: f64 = -24.0;
const FULL_DB: f64 = -12.0;

fn settings(style: Style, auto_release: bool, attack_ms: f64, release_ms: f64) -> Settings {
    Settings { style, auto_release, threshold_db: -40.0, ratio: 4.0, attack_ms, release_ms, ..hard() }
}

/// A square wave whose level steps up and down again: seconds of each part, and the gain of every frame.
struct Step {
    gains_db: Vec<f64>,
    falls: usize,
    rises: usize,
    rate_hz: f64,
}

impl Step {
    fn new(settings: Settings, end_db: f64, seconds: [f64; 3], rate_hz: f64) -> Self {
        let parts = [QUIET_DB, LOUD_DB, end_db].into_iter().zip(seconds);
        let parts: Vec<Vec<f64>> = parts.map(|(db, seconds)| square(1000.0, db, seconds, rate_hz)).collect();
        let (rises, falls) = (parts[0].len(), parts[0].len() + parts[1].len());
        let x = parts.concat();
        Self { gains_db: gains_db(&x, &compressed_mono(settings, &x, rate_hz)), rises, falls, rate_hz }
    }

    fn attack_ms(&self) -> Option<f64> {
        covered_ms(&self.gains_db[self.rises..self.falls], 0.0, FULL_DB, self.rate_hz)
    }

    /// From where it is to the gain where it ends.
    fn release_ms(&self, end_db: f64) -> Option<f64> {
        covered_ms(&self.gains_db[self.falls..], self.gains_db[self.falls - 1], end_db, self.rate_hz)
    }
}

fn text(ms: Option<f64>) -> String {
    ms.map_or_else(|| "never".to_owned(), |ms| format!("{ms:.2}"))
}

/// Attack and release of a style, set and measured, at all rates.
fn times(page: &mut Page) {
    let mut rows = Vec::new();
    let mut worst = Vec::new();
    let slow = [("Opto", Style::Opto, false), ("Clean, automatic release", Style::Clean, true)];
    let plain = STYLES.into_iter().filter(|(_, style)| *style != Style::Opto);
    for (name, style, auto_release) in plain.map(|(name, style)| (name, style, false)).chain(slow) {
        let (mut worst_attack, mut worst_release) = (0.0_f64, 0.0_f64);
        for (attack_ms, release_ms) in [(0.5, 40.0), (10.0, 100.0), (50.0, 600.0)] {
            let [attacks, releases] = {
                let grows = auto_release || style == Style::Opto;
                let (loud_s, quick) = (attack_ms * 0.02 + 0.01, settings(style, auto_release, 0.5, release_ms));
                let both = RATES.map(|rate_hz| {
                    let set = settings(style, auto_release, attack_ms, release_ms);
                    let step = Step::new(set, QUIET_DB, [0.05, loud_s, release_ms * 0.002], rate_hz);
                    // Programme-dependent releases begin after 10 ms, before they slow down.
                    let short =
                        || Step::new(quick, QUIET_DB, [0.05, 0.01, release_ms * 0.002], rate_hz).release_ms(0.0);
                    [step.attack_ms(), if grows { short() } else { step.release_ms(0.0) }]
                });
                [both.map(|[attack, _]| attack), both.map(|[_, release]| release)]
            };
            let off = |set: f64, got: [Option<f64>; 4]| largest(got.map(|ms| ms.map_or(1.0, |ms| ms / set - 1.0)));
            worst_attack = worst_attack.max(off(attack_ms, attacks));
            worst_release = worst_release.max(off(release_ms, releases));
            for (what, set, [a, b, c, d]) in [("attack", attack_ms, attacks), ("release", release_ms, releases)] {
                rows.push([format!("{name}, {what}"), format!("{set}"), text(a), text(b), text(c), text(d)]);
            }
        }
        let percent = |share: f64| format!("{:.2} %", 100.0 * share);
        worst.push([name.to_owned(), percent(worst_attack), percent(worst_release)]);
    }
    let heads = RATES.map(khz);
    let [a, b, c, d] = heads.each_ref().map(String::as_str);
    page.table(["style", "set, ms", a, b, c, d], &rows);
    page.say("Largest error:");
    page.table(["style", "attack", "release"], &worst);
}

/// Releases that differ from the set time by design.
fn others(page: &mut Page) {
    page.say(
        "Some releases differ from the set time by design: Opto and automatic release slow down the longer the \
         reduction lasted, and Bus, which detects its own output, releases faster while it still compresses. Release \
         100 ms, at 48 kHz:",
    );
    let mut rows = Vec::new();
    let ms = |style, auto_release, loud_s: f64, end_db: f64, to_db: f64| {
        let step = Step::new(settings(style, auto_release, 0.5, 100.0), end_db, [0.05, loud_s, 2.0], RATE_HZ);
        format!("{} ms", text(step.release_ms(to_db)))
    };
    for (name, style, auto_release) in [
        ("Clean", Style::Clean, false),
        ("Bus", Style::Bus, false),
        ("Opto", Style::Opto, false),
        ("Clean, automatic release", Style::Clean, true),
    ] {
        let at = |loud_s: f64| ms(style, auto_release, loud_s, QUIET_DB, 0.0);
        // From 16 to 8 dB above the threshold: 12 to 6 dB of reduction.
        let partly = ms(style, auto_release, 0.2, LOUD_DB - 8.0, FULL_DB / 2.0);
        rows.push([name.to_owned(), at(0.01), at(0.2), at(2.0), partly]);
    }
    page.table(["style", "to nothing after 10 ms", "after 200 ms", "after 2 s", "from 12 to 6 dB after 200 ms"], &rows);
}

pub(super) fn part(page: &mut Page) -> Result<()> {
    page.part("Compressor: attack and release");
    page.say(
        "A 1 kHz square wave steps from 4 dB below the threshold to 16 dB above it and back: at 4:1, 12 dB of \
         reduction. The magnitude of a square wave is constant, so output over input is the gain of every frame. \
         Attack 10 ms, release 100 ms, 48 kHz. (Above, Bus covers Clean: without a signal it has no output to detect. \
         Below, the automatic release covers Clean.)",
    );
    let cases = [
        ("Clean and FET", Style::Clean, false, BLUE),
        ("Bus", Style::Bus, false, RED),
        ("Opto", Style::Opto, false, AMBER),
        ("Clean, automatic release", Style::Clean, true, GREEN),
    ];
    let mut whole = Panel::new("gain, dB; the level falls below the threshold", 260.0, [-14.0, 1.0], 2.0);
    let mut half = Panel::new("gain, dB; the level falls to half the reduction", 260.0, [-14.0, 1.0], 2.0);
    for (name, style, auto_release, color) in cases {
        let curve = |end_db: f64| {
            let step = Step::new(settings(style, auto_release, 10.0, 100.0), end_db, [0.05, 0.25, 0.7], RATE_HZ);
            let every = step.gains_db.iter().enumerate().step_by(48);
            Curve::new(color, every.map(|(n, db)| [n as f64 / RATE_HZ * 1000.0, *db]).collect())
        };
        whole = whole.with(curve(QUIET_DB).named(name));
        half = half.with(curve(LOUD_DB - 8.0));
    }
    let figure = Figure::new(Axis::linear("time, ms", 0.0, 1000.0, 100.0), vec![whole, half]);
    page.picture("steps", "Gain of the styles while the level steps up and down", &figure)?;
    page.say(
        "Set and measured, in ms. Programme-dependent releases (Opto, automatic) are measured after 10 ms of \
         reduction, before they slow down:",
    );
    times(page);
    others(page);
    Ok(())
}

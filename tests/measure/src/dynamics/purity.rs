//! Compressor: distortion of a steady sine.

use super::common::{STYLES, compressed_mono, hard};
use crate::common::{RATE_HZ, left};
use crate::figure::{Axis, Curve, Figure, Panel};
use crate::page::Page;
use crate::spectrum::{Spectrum, residue_db};
use anyhow::{Context, Result};
use dsp_core::dynamics::compressor::{Detection, Settings, Style};
use plumb_canvas::paper::COLORS;
use plumb_signals::{level_db, rms_db, sine};

/// 8 dB above the threshold, which at 4:1 are 6 dB of reduction.
fn settings() -> Settings {
    Settings { threshold_db: -14.0, ratio: 4.0, attack_ms: 10.0, release_ms: 100.0, ..hard() }
}

/// The third second of a sine: whole periods, all settled.
fn steady(settings: Settings, freq_hz: f64, level_dbfs: f64) -> Vec<f64> {
    let out = left(&compressed_mono(settings, &sine(freq_hz, level_dbfs, 3.0, RATE_HZ), RATE_HZ));
    out[2 * RATE_HZ as usize..].to_vec()
}

/// Levels of the harmonics from the first on, up to 20 kHz, in dB.
fn harmonics_db(y: &[f64], freq_hz: f64) -> Result<Vec<f64>> {
    let amplitudes = Spectrum::new(y, RATE_HZ).context("a spectrum of a second")?.amplitudes();
    Ok((1..)
        .map(|k| k * freq_hz as usize)
        .take_while(|bin| *bin < 20_000)
        .map(|bin| level_db(amplitudes[bin]))
        .collect())
}

/// Harmonics together over the first one, in dB.
fn thd_db(y: &[f64], freq_hz: f64) -> Result<f64> {
    let levels = harmonics_db(y, freq_hz)?;
    let power = levels[1..].iter().map(|db| 10_f64.powf(db / 10.0)).sum::<f64>();
    Ok(level_db(power.sqrt()) - levels[0])
}

fn table(page: &mut Page) -> Result<()> {
    let mut rows = Vec::new();
    let clean = settings();
    let mut cases = STYLES.map(|(name, style)| (name.to_owned(), Settings { style, ..clean })).to_vec();
    cases.push(("Clean, RMS".to_owned(), Settings { detector: Detection::Rms, ..clean }));
    cases.push(("Clean, release 30 ms".to_owned(), Settings { release_ms: 30.0, ..clean }));
    let shortest = Settings { attack_ms: 0.05, release_ms: 10.0, ..clean };
    cases.push(("Clean, 0.05 and 10 ms: the shortest there are".to_owned(), shortest));
    cases.push(("the same, RMS".to_owned(), Settings { detector: Detection::Rms, ..shortest }));
    for (name, settings) in cases {
        let mut cells = Vec::new();
        for freq_hz in [997.0, 107.0] {
            let y = steady(settings, freq_hz, -6.0);
            cells.push(format!("{:.1} dB", thd_db(&y, freq_hz)?));
            cells.push(format!("{:.1} dB", residue_db(&y, freq_hz, RATE_HZ) - rms_db(&y)));
        }
        let [a, b, c, d] = <[String; 4]>::try_from(cells).unwrap_or_default();
        rows.push([name, a, b, c, d]);
    }
    page.table(["", "997 Hz: THD", "THD+N", "107 Hz: THD", "THD+N"], &rows);
    Ok(())
}

fn fet(page: &mut Page) -> Result<()> {
    page.say(
        "FET adds harmonics by design: a third harmonic that grows with level and reduction. 997 Hz at −6 dBFS, 4:1, \
         relative to the tone:",
    );
    let mut rows = Vec::new();
    for threshold_db in [-6.0, -8.0, -10.0, -14.0, -22.0] {
        let y = steady(Settings { style: Style::Fet, threshold_db, ..settings() }, 997.0, -6.0);
        let levels = harmonics_db(&y, 997.0)?;
        let at = |k: usize| format!("{:.1} dB", levels[k - 1] - levels[0]);
        let percent = 100.0 * 10_f64.powf((levels[2] - levels[0]) / 20.0);
        rows.push([format!("{:.1} dB", -6.0 - levels[0]), at(2), format!("{} = {percent:.3} %", at(3)), at(4), at(5)]);
    }
    page.table(["reduction", "2nd", "3rd", "4th", "5th"], &rows);
    Ok(())
}

pub(super) fn part(page: &mut Page) -> Result<()> {
    page.part("Compressor: purity");
    page.say(
        "A sine at −6 dBFS with 6 dB of reduction: threshold −14 dBFS, 4:1, attack 10 ms, release 100 ms, 48 kHz. A \
         detector that follows every half wave modulates the gain, which is distortion; ours holds the maximum of a \
         sliding window, so the gain of a steady tone is steady. Relative to the tone: its harmonics up to 20 kHz \
         (THD), and everything else (THD+N).",
    );
    table(page)?;
    page.say(
        "The rest of THD+N depends on where samples fall next to a peak, which differs from window to window, so that \
         the maxima differ a little. The window is an eighth of the release, at most 25 ms: a release shorter than \
         four periods of a tone distorts it, as in any compressor. The last rows show by how much.",
    );
    let mut panels = Vec::new();
    for freq_hz in [997.0, 107.0] {
        let title = format!("level, dBFS; {freq_hz} Hz, a second, 1 Hz to a bin, no window");
        let mut panel = Panel::new(title, 260.0, [-360.0, 0.0], 60.0);
        for (name, style) in [STYLES[3], STYLES[2], STYLES[1], STYLES[0]] {
            let spectrum = Spectrum::new(&steady(Settings { style, ..settings() }, freq_hz, -6.0), RATE_HZ);
            let levels = spectrum.context("a spectrum of a second")?.levels(20.0, 23_900.0, 500);
            let color = COLORS[STYLES.iter().position(|(other, _)| *other == name).unwrap_or(0)];
            let curve = Curve::new(color, levels);
            panel = panel.with(if panels.is_empty() { curve.named(name) } else { curve });
        }
        panels.push(panel);
    }
    let figure = Figure::new(Axis::hz(20.0, 24_000.0), panels);
    page.picture("purity", "Spectra of sines at 6 dB of reduction", &figure)?;
    fet(page)
}

//! The plot of a check: four stacked panels, the first three over a common time axis.

use super::analysis::Findings;
use super::panel::{DIM, GROUND, HEIGHT, LEFT, Panel, RIGHT, SMALL, TEXT, TITLE, WIDTH};
use super::panels;
use super::services::Service;
use super::text::time;
use crate::level::finite;
use dsp_core::meter::overview::Bin;
use plumb_canvas::{Anchor, Canvas};

/// Merges the bins into one column per pixel.
fn columns(bins: &[Bin]) -> Vec<Bin> {
    let count = (RIGHT - LEFT) as usize;
    let column = |at: usize| {
        let first = at * bins.len() / count;
        let end = ((at + 1) * bins.len() / count).max(first + 1);
        bins.get(first..end).and_then(|bins| bins.iter().copied().reduce(Bin::and))
    };
    (0..count).filter_map(column).collect()
}

/// Draws a file analysed with an overview.
pub(super) fn draw(findings: &Findings, services: &[Service]) -> Option<Canvas> {
    let mut canvas = Canvas::new(WIDTH, HEIGHT, GROUND)?;
    head(&mut canvas, findings);
    let columns = columns(&findings.bins);
    let wave = panels::waveform(&mut canvas, 105.0, 250.0, findings, &columns);
    let loudness = panels::loudness(&mut canvas, 425.0, 300.0, findings, &columns, services);
    let peaks = panels::true_peaks(&mut canvas, 795.0, 180.0, findings, &columns);
    for panel in [wave, loudness, peaks] {
        time_axis(&mut canvas, &panel, findings.seconds(findings.frames));
    }
    panels::spectrum(&mut canvas, 1070.0, 270.0, findings);
    Some(canvas)
}

fn head(canvas: &mut Canvas, findings: &Findings) {
    let name: String = findings.file.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let level =
        |level: f64, decimals| finite(level).map_or_else(|| "-inf".to_owned(), |level| format!("{level:.decimals$}"));
    let summary = &findings.summary;
    let numbers = format!(
        "{} LUFS    range {:.1} LU    {} dBTP    {}",
        level(summary.integrated_lufs, 1),
        summary.range_lu,
        level(summary.true_peak_dbtp, 2),
        time(findings.seconds(findings.frames)),
    );
    let width = RIGHT - LEFT - canvas.text_width(TITLE, &numbers) - 40.0;
    let shown = canvas.fitting(TITLE, &name, width);
    canvas.text([LEFT, 40.0], TITLE, Anchor::Left, TEXT, &shown);
    canvas.text([RIGHT, 40.0], TITLE, Anchor::Right, TEXT, &numbers);
}

/// Tick spacings of the time axis, in seconds.
const TIME_STEPS_S: [f64; 17] =
    [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0, 900.0, 3600.0];

fn time_axis(canvas: &mut Canvas, panel: &Panel, seconds: f64) {
    let step = TIME_STEPS_S.into_iter().find(|step| seconds / step <= 12.0).unwrap_or(seconds / 10.0);
    if seconds <= 0.0 {
        return;
    }
    for n in 0..=(seconds / step) as u64 {
        let at = n as f64 * step;
        let x = Panel::x(at / seconds);
        canvas.line(&[[x, panel.bottom()], [x, panel.bottom() + 6.0]], 1.0, DIM);
        let ms = (at * 1000.0).round() as u64;
        let text = if step < 1.0 {
            format!("{}:{:05.2}", ms / 60_000, (ms % 60_000) as f64 / 1000.0)
        } else {
            format!("{}:{:02}", ms / 60_000, ms / 1000 % 60)
        };
        canvas.text([x, panel.bottom() + 20.0], SMALL, Anchor::Middle, DIM, &text);
    }
}

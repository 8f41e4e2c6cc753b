//! The picture of a check: what is drawn where. Four panels beneath each other, the first three over one time axis.

use super::analysis::Findings;
use super::panels;
use super::report::finite;
use super::services::Service;
use super::text::time;
use dsp_core::meter::overview::Bin;
use plumb_canvas::{Anchor, Canvas, Color};

/// Size of the picture, in pixels.
const WIDTH: u32 = 1600;
const HEIGHT: u32 = 1400;
/// Where all panels begin and end: numbers of the axes on the left, names of lines on the right.
const LEFT: f32 = 90.0;
const RIGHT: f32 = 1350.0;

/// Sizes of text.
pub(super) const SMALL: f32 = 18.0;
pub(super) const LARGE: f32 = 21.0;
const TITLE: f32 = 27.0;

/// Colours: each means the same in all panels.
pub(super) const GROUND: Color = Color(22, 24, 29, 255);
const PANEL: Color = Color(30, 33, 40, 255);
pub(super) const GRID: Color = Color(56, 61, 72, 255);
pub(super) const TEXT: Color = Color(205, 210, 220, 255);
pub(super) const DIM: Color = Color(140, 147, 160, 255);
pub(super) const BLUE: Color = Color(92, 160, 240, 255);
pub(super) const PALE: Color = Color(92, 160, 240, 110);
pub(super) const GREEN: Color = Color(120, 210, 140, 255);
pub(super) const AMBER: Color = Color(240, 180, 70, 255);
pub(super) const RED: Color = Color(240, 90, 80, 255);

/// A rectangle with a scale upwards.
#[derive(Clone, Copy, Debug)]
pub(super) struct Panel {
    top: f32,
    height: f32,
    low: f64,
    high: f64,
}

impl Panel {
    pub(super) fn new(top: f32, height: f32, low: f64, high: f64) -> Self {
        Self { top, height, low, high }
    }

    /// Where a value is drawn; what lies outside is held at the edge.
    pub(super) fn y(&self, value: f64) -> f32 {
        let share = (value.clamp(self.low, self.high) - self.low) / (self.high - self.low);
        self.top + self.height * (1.0 - share as f32)
    }

    /// Where a share of the width lies.
    pub(super) fn x(share: f64) -> f32 {
        LEFT + (RIGHT - LEFT) * share as f32
    }

    pub(super) const LEFT: f32 = LEFT;
    pub(super) const RIGHT: f32 = RIGHT;
    /// Beside the panels.
    pub(super) const MARGIN: f32 = WIDTH as f32 - RIGHT;

    /// Lowest value of the scale.
    pub(super) fn low(&self) -> f64 {
        self.low
    }

    pub(super) fn bottom(&self) -> f32 {
        self.top + self.height
    }

    pub(super) fn top(&self) -> f32 {
        self.top
    }

    /// Ground, title, names of colours, and lines at multiples of `step`.
    pub(super) fn frame(&self, canvas: &mut Canvas, title: &str, names: &[(&str, Color)], step: f64) {
        canvas.rect([LEFT, self.top], [RIGHT, self.bottom()], PANEL);
        let y = self.top - 18.0;
        canvas.text([LEFT, y], LARGE, Anchor::Left, TEXT, title);
        let mut x = LEFT + canvas.text_width(LARGE, title) + 32.0;
        for (name, color) in names {
            canvas.rect([x, y - 2.5], [x + 26.0, y + 2.5], *color);
            canvas.text([x + 34.0, y], SMALL, Anchor::Left, TEXT, name);
            x += canvas.text_width(SMALL, name) + 64.0;
        }
        let first = (self.low / step).ceil() as i64;
        let last = (self.high / step).floor() as i64;
        for n in first..=last {
            let value = n as f64 * step;
            self.level(canvas, value, GRID);
            canvas.text([LEFT - 10.0, self.y(value)], SMALL, Anchor::Right, DIM, &format!("{value}"));
        }
    }

    /// A line across at a value.
    pub(super) fn level(&self, canvas: &mut Canvas, value: f64, color: Color) {
        let y = self.y(value);
        canvas.line(&[[LEFT, y], [RIGHT, y]], 1.0, color);
    }
}

/// Everything as many columns as there are pixels across.
pub(super) fn columns(bins: &[Bin]) -> Vec<Bin> {
    let count = (RIGHT - LEFT) as usize;
    let column = |at: usize| {
        let first = at * bins.len() / count;
        let end = ((at + 1) * bins.len() / count).max(first + 1);
        bins.get(first..end).and_then(|bins| bins.iter().copied().reduce(Bin::and))
    };
    (0..count).filter_map(column).collect()
}

/// Draws a file whose bins were kept.
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
    let room = RIGHT - LEFT - canvas.text_width(TITLE, &numbers) - 40.0;
    let shown = canvas.fitting(TITLE, &name, room);
    canvas.text([LEFT, 40.0], TITLE, Anchor::Left, TEXT, &shown);
    canvas.text([RIGHT, 40.0], TITLE, Anchor::Right, TEXT, &numbers);
}

/// Steps of a time axis, in seconds.
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

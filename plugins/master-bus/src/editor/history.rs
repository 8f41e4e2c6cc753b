//! Loudness over the last seconds or hours, as the chain has recorded it.

use dsp_core::meter::loudness_history::Excerpt;
use dsp_core::{Choice, choice};
use egui::{Align, Layout, RichText, Ui, Vec2, vec2};
use plumb_panels::BusContext;
use plumb_widgets::{Accent, LoudnessGraph, Theme, loudness_graph_ui};
use std::time::Duration;

/// How much of the past is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Span {
    /// The shortest of the others that holds everything.
    #[default]
    All,
    /// Seconds: half a minute.
    Half,
    /// Minutes.
    Three,
    /// Minutes.
    Twelve,
    /// One.
    Hour,
    /// Half of one.
    Day,
}

choice!(Span { All => "All", Half => "30 s", Three => "3 min", Twelve => "12 min", Hour => "1 h", Day => "12 h" });

/// Opacity of momentary loudness's name: its area is dimmer than the line.
const DIM: f32 = 0.6;
/// Longest time shown: what a history keeps.
const LONGEST_S: f64 = 48.0 * 3600.0;

impl Span {
    /// Its length in seconds, given the history's.
    fn seconds(self, length_s: f64) -> f64 {
        match self {
            Self::All => {
                let others = Self::ALL.iter().filter(|span| **span != Self::All).map(|span| span.seconds(length_s));
                others.into_iter().find(|span_s| *span_s >= length_s).unwrap_or(LONGEST_S)
            }
            Self::Half => 30.0,
            Self::Three => 180.0,
            Self::Twelve => 720.0,
            Self::Hour => 3600.0,
            Self::Day => 43_200.0,
        }
    }
}

/// The graph of one open editor.
#[derive(Debug, Default)]
pub(super) struct History {
    pub(super) span: Span,
    seen: Excerpt,
    points: Vec<[f32; 2]>,
    /// Length of the history when it was last read, in seconds.
    length_s: f64,
}

impl History {
    /// The graph, and below it the choice of how much it shows.
    pub(super) fn ui(&mut self, ui: &mut Ui, theme: &Theme, context: &BusContext<'_>, size: Vec2) {
        self.read(ui, context);
        let theme = &theme.with_accent(Accent::Stereo);
        ui.vertical(|ui| {
            let graph = LoudnessGraph {
                points: &self.points,
                step_s: self.seen.step_s,
                span_s: self.span.seconds(self.length_s),
                target_lufs: context.settings.meters.target_lufs,
                integrated_lufs: context.readings.output.loudness.integrated_lufs,
            };
            loudness_graph_ui(ui, theme, vec2(size.x, size.y - theme.switch_size.y - theme.gap), &graph);
            ui.horizontal(|ui| {
                ui.set_max_width(size.x);
                choice_ui(ui, theme, &mut self.span);
                legend_ui(ui, theme);
            });
        });
    }

    /// Reads the history, and requests another frame while it grows: steady readings wake nothing.
    fn read(&mut self, ui: &Ui, context: &BusContext<'_>) {
        let history = context.taps().history();
        history.read(self.span.seconds(history.length_s()), &mut self.seen);
        self.points.clear();
        self.points.extend(self.seen.points.iter().map(|point| [point.momentary_lufs, point.short_term_lufs]));
        if std::mem::replace(&mut self.length_s, history.length_s()) != self.length_s {
            ui.ctx().request_repaint_after(Duration::from_secs_f64(self.seen.step_s));
        }
    }
}

/// The legend, at the right end.
fn legend_ui(ui: &mut Ui, theme: &Theme) {
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        for (name, color) in [("Short-term", theme.accent), ("Momentary", theme.accent.gamma_multiply(DIM))] {
            ui.label(RichText::new(name).size(theme.font_small).color(color));
        }
    });
}

/// A choice as a row of words, of the editor itself: no control of the plugin.
pub(super) fn choice_ui<C: Choice>(ui: &mut Ui, theme: &Theme, value: &mut C) {
    ui.horizontal(|ui| {
        ui.set_min_height(theme.switch_size.y);
        for (choice, text) in C::ALL.iter().zip(C::TEXTS) {
            ui.selectable_value(value, *choice, *text);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_span_is_kept_finely_enough_for_a_picture() {
        let history = dsp_core::meter::loudness_history::LoudnessHistory::default();
        for span in Span::ALL {
            let mut seen = Excerpt::default();
            history.read(span.seconds(0.0), &mut seen);
            let points = span.seconds(0.0) / seen.step_s;
            assert!((250.0..2048.0).contains(&points), "{span:?}: {points}");
        }
        for (length_s, span_s) in [(0.0, 30.0), (31.0, 180.0), (3600.0, 3600.0), (50_000.0, LONGEST_S)] {
            assert_eq!(Span::All.seconds(length_s), span_s);
        }
    }
}

//! The spectra behind an equaliser's curve: input as an area, output as a line, the sidechain if a band uses it. Levels
//! have their own scale at the right edge.

use crate::spectra_menu::{Asked, ShownSpectra, SpectraView, menu_ui};
use dsp_core::meter::analyser::SpectrumAnalyser;
use dsp_core::meter::taps::{SignalTaps, TapPoint};
use egui::{Align2, Color32, FontId, Painter, Rect, Ui, pos2, vec2};
use plumb_widgets::{Accent, Plot, Theme, paint_level_scale, paint_points, paint_points_area, unit_width};
use std::time::Duration;

/// Time between two updates: that of the meters, which wake the editor.
const EVERY_S: f64 = 1.0 / 30.0;
/// Least time between two updates, a little less than the meters': moving the mouse repaints more often.
const LEAST_S: f64 = 0.8 * EVERY_S;
/// Levels at the bottom and at the top of the graph.
const SPAN_DBFS: [f64; 2] = [-90.0, 0.0];
/// Opacity of the input's area.
const AREA_OPACITY: f32 = 0.16;
/// Opacity of held peaks.
const PEAKS_OPACITY: f32 = 0.5;
/// Width of a line, in points.
const LINE_WIDTH: f32 = 1.0;
/// Between the graph's left edge and the button, in points: room for the gain scale.
const LEFT: f32 = 42.0;
/// Size of the button, in points.
const BUTTON: egui::Vec2 = vec2(70.0, 20.0);

/// The spectra of one open editor, and how the user wants to see them.
#[derive(Debug, Default)]
pub struct Spectra {
    view: SpectraView,
    /// Those that are shown.
    running: Vec<(TapPoint, SpectrumAnalyser)>,
    /// When they were last updated.
    updated_s: f64,
    changes: bool,
}

impl Spectra {
    /// Paints the spectra onto an empty graph, and a button that opens their settings. Returns the free part of the
    /// graph's first line. `uses_sidechain` is whether a band does.
    pub fn ui(&mut self, ui: &mut Ui, theme: &Theme, plot: &Plot, taps: &SignalTaps, uses_sidechain: bool) -> Rect {
        self.choose(taps, uses_sidechain);
        self.update(ui);
        let painter = ui.painter_at(plot.rect);
        let mut free = Rect::from_min_size(plot.rect.min, vec2(plot.rect.width(), theme.name_height + 4.0));
        if self.running.is_empty() {
            free.max.x -= theme.gap;
        } else {
            let levels = plot.with_decibels(SPAN_DBFS[0], SPAN_DBFS[1]);
            self.running.iter().for_each(|(place, analyser)| self.paint(&painter, theme, &levels, *place, analyser));
            let unit = if self.view.settings.tilt_db_per_oct == 0.0 { "dBFS" } else { "dBFS at 1 kHz" };
            paint_level_scale(&painter, &Theme { accent: color(theme, TapPoint::Post), ..*theme }, &levels, unit);
            free.max.x -= unit_width(&painter, theme, unit) + 3.0 * theme.gap;
        }
        let button = Rect::from_min_size(plot.rect.min + vec2(LEFT, 3.0), BUTTON);
        if menu_ui(ui, theme, button, &mut self.view) == Asked::ClearPeaks {
            self.running.iter_mut().for_each(|(_, analyser)| analyser.clear_peaks());
        }
        free.min.x = self.legend_ui(&painter, theme, button);
        free
    }

    /// Starts and ends analysers: a closed tap costs nothing.
    fn choose(&mut self, taps: &SignalTaps, uses_sidechain: bool) {
        let wanted = |place: TapPoint| match place {
            TapPoint::Pre => matches!(self.view.shown, ShownSpectra::Pre | ShownSpectra::Both),
            TapPoint::Post => matches!(self.view.shown, ShownSpectra::Post | ShownSpectra::Both),
            TapPoint::Key => self.view.shown != ShownSpectra::Off && (self.view.key || uses_sidechain),
            TapPoint::Out => false,
        };
        self.running.retain(|(place, _)| wanted(*place));
        for place in [TapPoint::Pre, TapPoint::Key, TapPoint::Post] {
            if wanted(place) && self.running.iter().all(|(running, _)| *running != place) {
                self.running.push((place, SpectrumAnalyser::new(taps.at(place), self.view.settings)));
            }
        }
    }

    /// Updates the analysers at the rate of the meters; requests another frame while a spectrum changes.
    fn update(&mut self, ui: &Ui) {
        let now_s = ui.input(|input| input.time);
        let elapsed_s = now_s - self.updated_s;
        if elapsed_s >= LEAST_S {
            self.updated_s = now_s;
            self.changes = false;
            for (_, analyser) in &mut self.running {
                analyser.set(self.view.settings);
                self.changes |= analyser.update(elapsed_s);
            }
        }
        if self.changes {
            ui.ctx().request_repaint_after(Duration::from_secs_f64(EVERY_S));
        }
    }

    fn paint(&self, painter: &Painter, theme: &Theme, levels: &Plot, place: TapPoint, analyser: &SpectrumAnalyser) {
        let color = color(theme, place);
        let spectrum = || analyser.frequencies().iter().copied().zip(analyser.levels_db());
        if place == TapPoint::Pre {
            paint_points_area(painter, levels, color.gamma_multiply(AREA_OPACITY), spectrum());
        } else {
            paint_points(painter, levels, color, LINE_WIDTH, spectrum());
        }
        if self.view.settings.peak_hold {
            let peaks = analyser.frequencies().iter().copied().zip(analyser.peaks_db());
            paint_points(painter, levels, color.gamma_multiply(PEAKS_OPACITY), LINE_WIDTH, peaks);
        }
    }

    /// The legend, right of the button. Returns where it ends.
    fn legend_ui(&self, painter: &Painter, theme: &Theme, button: Rect) -> f32 {
        let mut x = button.right() + theme.gap;
        let mut word = |text: &str, color: Color32| {
            let font = FontId::proportional(theme.font_small);
            let place = painter.text(pos2(x, button.center().y), Align2::LEFT_CENTER, text, font, color);
            x = place.right() + theme.gap;
        };
        for (place, name) in [(TapPoint::Pre, "Pre EQ"), (TapPoint::Post, "Post EQ"), (TapPoint::Key, "Sidechain")] {
            if self.running.iter().any(|(running, _)| *running == place) {
                word(name, color(theme, place));
            }
        }
        if self.view.settings.freeze && !self.running.is_empty() {
            word("Frozen", theme.level_hot);
        }
        x
    }
}

/// Hues no band has.
fn color(theme: &Theme, place: TapPoint) -> Color32 {
    match place {
        TapPoint::Pre => theme.text_dim,
        TapPoint::Post | TapPoint::Out => Accent::Eq.color(),
        TapPoint::Key => Accent::Saturation.color(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_shown_runs() {
        let taps = SignalTaps::default();
        let mut spectra = Spectra::default();
        let running = |spectra: &mut Spectra, shown, key, heard| {
            (spectra.view.shown, spectra.view.key) = (shown, key);
            spectra.choose(&taps, heard);
            spectra.running.iter().map(|(place, _)| *place).collect::<Vec<_>>()
        };
        use TapPoint::{Key, Post, Pre};
        assert_eq!(running(&mut spectra, ShownSpectra::Off, true, true), []);
        assert_eq!(running(&mut spectra, ShownSpectra::Pre, false, false), [Pre]);
        assert_eq!(running(&mut spectra, ShownSpectra::Both, false, false), [Pre, Post]);
        assert_eq!(running(&mut spectra, ShownSpectra::Post, false, true), [Post, Key]);
        assert_eq!(running(&mut spectra, ShownSpectra::Post, true, false), [Post, Key]);
        assert_eq!(running(&mut spectra, ShownSpectra::Post, false, false), [Post]);
    }
}

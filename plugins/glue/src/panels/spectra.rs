//! The spectra behind the equaliser's curve: what comes in as an area, what goes out as a line, the sidechain if it
//! matters. Levels have a scale of their own at the right edge.

use super::spectra_menu::menu_ui;
use dsp_core::choice;
use dsp_core::meter::{
    analyser::{Settings, SpectrumAnalyser},
    taps::{SignalTaps, TapPoint},
};
use egui::{Align2, Color32, FontId, Painter, Rect, Ui, pos2, vec2};
use plumb_widgets::{Accent, Plot, Theme, paint_level_scale, paint_points, paint_points_area, unit_width};
use std::time::Duration;

/// Time between two pictures: that of the meters, which wake the editor.
const EVERY_S: f64 = 1.0 / 30.0;
/// Least time between two pictures, below that of the meters: the editor is also drawn when the mouse moves.
const LEAST_S: f64 = 0.8 * EVERY_S;
/// Levels at the foot and at the top of the graph.
const SPAN_DBFS: [f64; 2] = [-90.0, 0.0];
/// Opacity of the area of what comes in.
const AREA_OPACITY: f32 = 0.16;
/// Opacity of what was highest.
const PEAKS_OPACITY: f32 = 0.5;
/// Width of a line, in points.
const LINE_WIDTH: f32 = 1.0;
/// Between the graph's left edge and the button, in points: the numbers of the gain are there.
const LEFT: f32 = 42.0;
/// Size of the button, in points.
const BUTTON: egui::Vec2 = vec2(70.0, 20.0);

/// Which spectra are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shown {
    /// None; nothing is computed.
    Off,
    /// In front of the equaliser.
    Pre,
    /// Behind it.
    Post,
    /// Both.
    #[default]
    Both,
}

choice!(Shown { Off => "Off", Pre => "Pre EQ", Post => "Post EQ", Both => "Both" });

/// The spectra of one open editor, and how the user wants to see them.
#[derive(Debug, Default)]
pub struct Spectra {
    /// Which are shown.
    pub shown: Shown,
    /// Whether the sidechain is shown even though no band listens to it.
    pub key: bool,
    /// How they are computed.
    pub settings: Settings,
    /// Those that are shown.
    running: Vec<(TapPoint, SpectrumAnalyser)>,
    /// When they were last brought up to date.
    updated_s: f64,
    changes: bool,
}

impl Spectra {
    /// Paints what there is to see onto an empty graph, and a button that opens the settings. Gives back what is left
    /// free of the graph's first line. `heard` is whether a band listens to the sidechain.
    pub fn ui(&mut self, ui: &mut Ui, theme: &Theme, plot: &Plot, taps: &SignalTaps, heard: bool) -> Rect {
        self.choose(taps, heard);
        self.update(ui);
        let painter = ui.painter_at(plot.rect);
        let mut free = Rect::from_min_size(plot.rect.min, vec2(plot.rect.width(), theme.name_height + 4.0));
        if self.running.is_empty() {
            free.max.x -= theme.gap;
        } else {
            let levels = plot.with_decibels(SPAN_DBFS[0], SPAN_DBFS[1]);
            self.running.iter().for_each(|(place, analyser)| self.paint(&painter, theme, &levels, *place, analyser));
            let unit = if self.settings.tilt_db_per_oct == 0.0 { "dBFS" } else { "dBFS at 1 kHz" };
            paint_level_scale(&painter, &Theme { accent: color(theme, TapPoint::Post), ..*theme }, &levels, unit);
            free.max.x -= unit_width(&painter, theme, unit) + 3.0 * theme.gap;
        }
        let button = Rect::from_min_size(plot.rect.min + vec2(LEFT, 3.0), BUTTON);
        menu_ui(ui, theme, button, self);
        free.min.x = self.legend_ui(&painter, theme, button);
        free
    }

    /// Starts and ends analysers: a tap that nobody looks at costs nothing.
    fn choose(&mut self, taps: &SignalTaps, heard: bool) {
        let wanted = |place: TapPoint| match place {
            TapPoint::Pre => matches!(self.shown, Shown::Pre | Shown::Both),
            TapPoint::Post => matches!(self.shown, Shown::Post | Shown::Both),
            TapPoint::Key => self.shown != Shown::Off && (self.key || heard),
            TapPoint::Out => false,
        };
        self.running.retain(|(place, _)| wanted(*place));
        for place in [TapPoint::Pre, TapPoint::Key, TapPoint::Post] {
            if wanted(place) && self.running.iter().all(|(running, _)| *running != place) {
                self.running.push((place, SpectrumAnalyser::new(taps.at(place), self.settings)));
            }
        }
    }

    /// Takes in what has come, at the rate of the meters; asks for another frame while it changes.
    fn update(&mut self, ui: &Ui) {
        let now_s = ui.input(|input| input.time);
        let elapsed_s = now_s - self.updated_s;
        if elapsed_s >= LEAST_S {
            self.updated_s = now_s;
            self.changes = false;
            for (_, analyser) in &mut self.running {
                analyser.set(self.settings);
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
        if self.settings.peak_hold {
            let peaks = analyser.frequencies().iter().copied().zip(analyser.peaks_db());
            paint_points(painter, levels, color.gamma_multiply(PEAKS_OPACITY), LINE_WIDTH, peaks);
        }
    }

    /// Says which spectrum is which, right of the button; where that ends.
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
        if self.settings.freeze && !self.running.is_empty() {
            word("Frozen", theme.level_hot);
        }
        x
    }

    /// Begins to hold peaks anew.
    pub(super) fn forget_peaks(&mut self) {
        self.running.iter_mut().for_each(|(_, analyser)| analyser.clear_peaks());
    }
}

/// Hues that no band has.
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
            (spectra.shown, spectra.key) = (shown, key);
            spectra.choose(&taps, heard);
            spectra.running.iter().map(|(place, _)| *place).collect::<Vec<_>>()
        };
        use TapPoint::{Key, Post, Pre};
        assert_eq!(running(&mut spectra, Shown::Off, true, true), []);
        assert_eq!(running(&mut spectra, Shown::Pre, false, false), [Pre]);
        assert_eq!(running(&mut spectra, Shown::Both, false, false), [Pre, Post]);
        assert_eq!(running(&mut spectra, Shown::Post, false, true), [Post, Key]);
        assert_eq!(running(&mut spectra, Shown::Post, true, false), [Post, Key]);
        assert_eq!(running(&mut spectra, Shown::Post, false, false), [Post]);
    }
}

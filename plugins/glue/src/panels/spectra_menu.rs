//! How the user wants to see the spectra: a button on the graph, and the settings that it opens.

use super::spectra::Spectra;
use dsp_core::Choice;
use egui::containers::menu::{MenuButton, MenuConfig};
use egui::{Button, Direction, Grid, Layout, PopupCloseBehavior, Rect, RichText, Ui, UiBuilder};
use plumb_widgets::Theme;

/// What the picture may be turned by, in dB an octave.
const TILTS: [(f64, &str); 5] = [(0.0, "0"), (1.5, "1.5"), (3.0, "3"), (4.5, "4.5"), (6.0, "6 dB/oct")];

/// The button, and the settings while they are open.
pub(super) fn menu_ui(ui: &mut Ui, theme: &Theme, place: Rect, spectra: &mut Spectra) {
    let layout = Layout::centered_and_justified(Direction::LeftToRight);
    let ui = &mut ui.new_child(UiBuilder::new().max_rect(place).layout(layout));
    ui.spacing_mut().button_padding.y = 0.0;
    ui.spacing_mut().interact_size.y = place.height();
    let text = RichText::new("Analyser").size(theme.font_small).color(theme.text_dim);
    let button = Button::new(text);
    let config = MenuConfig::new().close_behavior(PopupCloseBehavior::CloseOnClickOutside);
    let (response, _) = MenuButton::from_button(button).config(config).ui(ui, |ui| {
        ui.spacing_mut().item_spacing = egui::vec2(theme.gap, theme.gap);
        Grid::new("analyser").show(ui, |ui| rows_ui(ui, theme, spectra));
    });
    response.on_hover_text("Spectra behind the curve: which are shown, and how");
}

fn rows_ui(ui: &mut Ui, theme: &Theme, spectra: &mut Spectra) {
    row_ui(ui, theme, "Show", &mut spectra.shown);
    line_ui(ui, theme, "Sidechain", |ui| {
        ui.selectable_value(&mut spectra.key, false, "If a band listens");
        ui.selectable_value(&mut spectra.key, true, "Always");
    });
    let settings = &mut spectra.settings;
    row_ui(ui, theme, "Channel", &mut settings.channel);
    row_ui(ui, theme, "Size", &mut settings.size);
    row_ui(ui, theme, "Smoothing", &mut settings.smoothing);
    row_ui(ui, theme, "Speed", &mut settings.speed);
    line_ui(ui, theme, "Tilt", |ui| {
        for (tilt, text) in TILTS {
            ui.selectable_value(&mut settings.tilt_db_per_oct, tilt, text);
        }
    });
    line_ui(ui, theme, "Picture", |ui| {
        ui.toggle_value(&mut spectra.settings.freeze, "Freeze");
        ui.toggle_value(&mut spectra.settings.peak_hold, "Hold peaks");
        if spectra.settings.peak_hold && ui.button("Clear peaks").clicked() {
            spectra.forget_peaks();
        }
    });
}

/// A choice as a row of words.
fn row_ui<C: Choice>(ui: &mut Ui, theme: &Theme, name: &str, value: &mut C) {
    line_ui(ui, theme, name, |ui| {
        for (choice, text) in C::ALL.iter().zip(C::TEXTS) {
            ui.selectable_value(value, *choice, *text);
        }
    });
}

fn line_ui(ui: &mut Ui, theme: &Theme, name: &str, contents: impl FnOnce(&mut Ui)) {
    ui.label(RichText::new(name).color(theme.text_dim));
    ui.horizontal(contents);
    ui.end_row();
}

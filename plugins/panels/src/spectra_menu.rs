//! The analyser's settings: a button on the graph, and the menu it opens.

use dsp_core::meter::analyser::Settings;
use dsp_core::{Choice, choice};
use egui::containers::menu::{MenuButton, MenuConfig};
use egui::{Button, Direction, Grid, Layout, PopupCloseBehavior, Rect, RichText, Ui, UiBuilder};
use plumb_widgets::Theme;

/// Tilts to choose from, in dB per octave.
const TILTS: [(f64, &str); 5] = [(0.0, "0"), (1.5, "1.5"), (3.0, "3"), (4.5, "4.5"), (6.0, "6 dB/oct")];

/// Which spectra are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum ShownSpectra {
    /// None; nothing is computed.
    Off,
    /// Before the equaliser.
    Pre,
    /// After it.
    Post,
    /// Both.
    #[default]
    Both,
}

choice!(ShownSpectra { Off => "Off", Pre => "Pre EQ", Post => "Post EQ", Both => "Both" });

/// What the user has chosen to see.
#[derive(Debug, Default)]
pub(crate) struct SpectraView {
    /// Which are shown.
    pub(crate) shown: ShownSpectra,
    /// Whether the sidechain is shown even if no band listens to it.
    pub(crate) key: bool,
    /// How they are computed.
    pub(crate) settings: Settings,
}

/// What the menu asks of the spectra besides a view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    Nothing,
    /// Held peaks start over.
    ClearPeaks,
}

/// The button, and the menu while it is open.
pub(crate) fn menu_ui(ui: &mut Ui, theme: &Theme, place: Rect, view: &mut SpectraView) -> Asked {
    let mut asked = Asked::Nothing;
    let layout = Layout::centered_and_justified(Direction::LeftToRight);
    let ui = &mut ui.new_child(UiBuilder::new().max_rect(place).layout(layout));
    ui.spacing_mut().button_padding.y = 0.0;
    ui.spacing_mut().interact_size.y = place.height();
    let text = RichText::new("Analyser").size(theme.font_small).color(theme.text_dim);
    let button = Button::new(text);
    let config = MenuConfig::new().close_behavior(PopupCloseBehavior::CloseOnClickOutside);
    let (response, _) = MenuButton::from_button(button).config(config).ui(ui, |ui| {
        ui.spacing_mut().item_spacing = egui::vec2(theme.gap, theme.gap);
        Grid::new("analyser").show(ui, |ui| asked = rows_ui(ui, theme, view));
    });
    response.on_hover_text("Spectra behind the curve: which are shown, and how");
    asked
}

fn rows_ui(ui: &mut Ui, theme: &Theme, view: &mut SpectraView) -> Asked {
    let mut asked = Asked::Nothing;
    row_ui(ui, theme, "Show", &mut view.shown);
    line_ui(ui, theme, "Sidechain", |ui| {
        ui.selectable_value(&mut view.key, false, "If a band listens");
        ui.selectable_value(&mut view.key, true, "Always");
    });
    let settings = &mut view.settings;
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
        ui.toggle_value(&mut view.settings.freeze, "Freeze");
        ui.toggle_value(&mut view.settings.peak_hold, "Hold peaks");
        if view.settings.peak_hold && ui.button("Clear peaks").clicked() {
            asked = Asked::ClearPeaks;
        }
    });
    asked
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

//! The equaliser: its graph, and the controls of all four bands under it.

use super::output_panel;
use dsp_core::chain::channel::{BANDS, ChannelStrip};
use egui::{Ui, vec2};
use plumb_glue::Desk;
use plumb_glue::panels::{GraphBand, eq_graph_ui};
use plumb_widgets::{Accent, Theme};

/// The bands' names; in ids they are in lower case.
const NAMES: [&str; BANDS] = ["LF", "LMF", "HMF", "HF"];

/// The equaliser's section, as wide and high as the rest of the page allows.
pub(super) fn eq_panel_ui(ui: &mut Ui, desk: &Desk<'_, ChannelStrip>, selected: &mut usize) {
    let theme = &desk.theme;
    let frame = 2.0 * theme.gap + plumb_glue::panels::FRAME;
    let width = ui.available_width() - output_panel::width(theme) - theme.gap - frame;
    let bands_height = theme.switch_size.y + theme.gap + theme.knob_cell.y;
    let height = ui.available_height() - frame - theme.header_height - 2.0 * theme.gap - bands_height;
    desk.section(ui, Accent::Eq, "EQ", Some("eq_on"), |ui, theme| {
        let bands: Vec<GraphBand> = (0..BANDS).map(|index| graph_band(desk, index)).collect();
        let curve = |freq_hz| desk.settings.gain_db_at(freq_hz, desk.sample_rate_hz);
        eq_graph_ui(ui, theme, desk, vec2(width, height.max(1.0)), &bands, selected, curve);
        ui.horizontal_top(|ui| {
            let spare = width - BANDS as f32 * band_width(theme);
            ui.spacing_mut().item_spacing.x = (spare / (BANDS - 1) as f32).max(theme.gap);
            for (index, band) in bands.iter().enumerate() {
                band_ui(ui, &Theme { accent: theme.band_color(index), ..*theme }, desk, band);
            }
        });
    });
}

fn graph_band(desk: &Desk<'_, ChannelStrip>, index: usize) -> GraphBand {
    GraphBand {
        prefix: format!("eq_{}", NAMES[index].to_lowercase()),
        name: NAMES[index].to_owned(),
        mark: (index + 1).to_string(),
        band: desk.settings.eq.bands[index],
    }
}

/// Width of a band's controls: three knobs.
fn band_width(theme: &Theme) -> f32 {
    3.0 * theme.knob_cell.x + 2.0 * theme.gap
}

fn band_ui(ui: &mut Ui, theme: &Theme, desk: &Desk<'_, ChannelStrip>, band: &GraphBand) {
    let id = |field: &str| format!("{}_{field}", band.prefix);
    ui.vertical(|ui| {
        ui.spacing_mut().item_spacing.x = theme.gap;
        ui.horizontal_top(|ui| {
            desk.switch(ui, theme, &id("on"), &band.name);
            // The inner bands are always bells.
            if matches!(band.name.as_str(), "LF" | "HF") {
                desk.switch(ui, theme, &id("bell"), "Bell");
            }
        });
        ui.horizontal_top(|ui| {
            for (field, label) in [("freq_hz", "Freq"), ("gain_db", "Gain"), ("q", "Q")] {
                desk.knob(ui, theme, &id(field), label);
            }
        });
    });
}

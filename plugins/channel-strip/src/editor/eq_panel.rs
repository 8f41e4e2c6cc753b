//! The equaliser: its graph, the selected band's further controls beside it, the knobs of all four bands under it.

use super::output_panel;
use dsp_core::chain::channel::{BANDS, ChannelStrip, Settings};
use egui::{Ui, Vec2, vec2};
use plumb_glue::Desk;
use plumb_glue::panels::{EqBand, Graph, GraphBand, Spectra, eq_graph_ui, eq_header_ui};
use plumb_widgets::{Accent, Theme};

/// The bands' names; in ids they are in lower case.
const NAMES: [&str; BANDS] = ["LF", "LMF", "HMF", "HF"];

/// The equaliser's section, as wide and high as the rest of the page allows.
pub(super) fn eq_panel_ui(ui: &mut Ui, desk: &Desk<'_, ChannelStrip>, selected: &mut usize, spectra: &mut Spectra) {
    let theme = &desk.theme;
    let frame = 2.0 * theme.gap + plumb_glue::panels::FRAME;
    let width = ui.available_width() - output_panel::width(theme) - theme.gap - frame;
    let bands_height = theme.switch_size.y + theme.gap + theme.knob_cell.y;
    let height = ui.available_height() - frame - theme.header_height - 2.0 * theme.gap - bands_height;
    desk.section(ui, Accent::Eq, "EQ", Some("eq_on"), |ui, theme| {
        let bands: Vec<GraphBand> = (0..BANDS).map(|index| graph_band(desk, index)).collect();
        eq_header_ui(ui, theme, desk, width, false);
        upper_ui(ui, theme, desk, &bands, (selected, spectra), vec2(width, height.max(1.0)));
        ui.horizontal_top(|ui| {
            let spare = width - BANDS as f32 * band_width(theme);
            ui.spacing_mut().item_spacing.x = (spare / (BANDS - 1) as f32).max(theme.gap);
            for (index, band) in bands.iter().enumerate() {
                if band_ui(ui, &Theme { accent: theme.band_color(index), ..*theme }, desk, band) {
                    *selected = index;
                }
            }
        });
    });
}

/// The graph, and beside it what the selected band has besides its knobs.
fn upper_ui(
    ui: &mut Ui,
    theme: &Theme,
    desk: &Desk<'_, ChannelStrip>,
    bands: &[GraphBand],
    (selected, spectra): (&mut usize, &mut Spectra),
    size: Vec2,
) {
    type Selected<'a> = EqBand<'a, ChannelStrip>;
    let panel_width = Selected::half_width(theme) + theme.gap + Selected::width(theme);
    ui.horizontal_top(|ui| {
        let size = vec2(size.x - panel_width - 2.0 * theme.gap, size.y);
        let graph = Graph { size, bands, scale_pct: desk.settings.eq.scale_pct };
        let moved = desk.settings.eq.moved_by(desk.readings.eq_offsets_db);
        let curve = Settings { eq: moved, ..desk.settings }.curve(desk.sample_rate_hz);
        let curve = |freq_hz| curve.gain_db_at(freq_hz);
        eq_graph_ui(ui, theme, desk, &graph, selected, spectra, curve);
        ui.add_space(theme.gap);
        let Some(band) = bands.get(*selected) else { return };
        let band = EqBand::new(theme, desk, band, *selected);
        ui.vertical(|ui| {
            band.name_ui(ui);
            ui.horizontal_top(|ui| {
                ui.vertical(|ui| {
                    band.target_ui(ui);
                    band.listen_ui(ui);
                    band.reference_ui(ui);
                    band.source_ui(ui);
                });
                ui.vertical(|ui| band.dynamic_ui(ui));
            });
        });
    });
}

fn graph_band(desk: &Desk<'_, ChannelStrip>, index: usize) -> GraphBand {
    GraphBand {
        prefix: format!("eq_{}", NAMES[index].to_lowercase()),
        name: NAMES[index].to_owned(),
        mark: (index + 1).to_string(),
        band: desk.settings.eq.bands[index],
        offset_db: desk.readings.eq_offsets_db[index],
    }
}

/// Width of a band's controls: three knobs.
fn band_width(theme: &Theme) -> f32 {
    3.0 * theme.knob_cell.x + 2.0 * theme.gap
}

/// One band's switch and knobs. Returns whether a button was pressed on any of them.
fn band_ui(ui: &mut Ui, theme: &Theme, desk: &Desk<'_, ChannelStrip>, band: &GraphBand) -> bool {
    let id = |field: &str| format!("{}_{field}", band.prefix);
    let place = ui.vertical(|ui| {
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
    place.response.contains_pointer() && ui.input(|input| input.pointer.any_pressed())
}

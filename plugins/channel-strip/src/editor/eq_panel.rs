//! The equaliser: its graph, beside it how the selected band moves, under it the knobs of all four bands.

use super::{output_panel, tone_column};
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
    let beside = tone_column::width(theme) + theme.gap + output_panel::width(theme) + theme.gap;
    let width = ui.available_width() - beside - frame;
    let bands_height = theme.switch_size.y + theme.gap + theme.knob_cell.y;
    let height = ui.available_height() - frame - theme.header_height - 2.0 * theme.gap - bands_height;
    desk.section(ui, Accent::Eq, "EQ", Some("eq_on"), |ui, theme| {
        let bands: Vec<GraphBand> = (0..BANDS).map(|index| graph_band(desk, index)).collect();
        eq_header_ui(ui, theme, desk, width, false);
        upper_ui(ui, theme, desk, &bands, (selected, spectra), vec2(width, height.max(1.0)));
        ui.horizontal_top(|ui| {
            let spare = width - BANDS as f32 * band_width();
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
    ui.horizontal_top(|ui| {
        let size = vec2(size.x - Selected::width(theme) - 2.0 * theme.gap, size.y);
        let graph = Graph { size, bands, scale_pct: desk.settings.eq.scale_pct };
        let moved = desk.settings.eq.moved_by(desk.readings.eq_offsets_db);
        let curve = Settings { eq: moved, ..desk.settings }.curve(desk.sample_rate_hz);
        let curve = |freq_hz| curve.gain_db_at(freq_hz);
        eq_graph_ui(ui, theme, desk, &graph, selected, spectra, curve);
        ui.add_space(theme.gap);
        let Some(band) = bands.get(*selected) else { return };
        let band = EqBand::new(theme, desk, band, *selected);
        ui.vertical(|ui| {
            band.name_and_target_ui(ui);
            band.dynamic_ui(ui);
            ui.horizontal_top(|ui| {
                band.reference_ui(ui);
                band.source_ui(ui);
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

/// Width of a knob here, in points: three to a band, and bands apart.
const KNOB_WIDTH: f32 = 62.0;

/// Width of a band's controls: three knobs without gaps.
const fn band_width() -> f32 {
    3.0 * KNOB_WIDTH
}

/// One band's switches and knobs. Returns whether a button was pressed on any of them.
fn band_ui(ui: &mut Ui, theme: &Theme, desk: &Desk<'_, ChannelStrip>, band: &GraphBand) -> bool {
    let id = |field: &str| format!("{}_{field}", band.prefix);
    let third = (band_width() - 2.0 * theme.gap) / 3.0;
    let theme = &Theme {
        switch_size: vec2(third, theme.switch_size.y),
        knob_cell: vec2(KNOB_WIDTH, theme.knob_cell.y),
        ..*theme
    };
    let place = ui.vertical(|ui| {
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = theme.gap;
            desk.switch(ui, theme, &id("on"), &band.name);
            desk.switch(ui, theme, &id("listen"), "Listen");
            // The inner bands are always bells.
            if matches!(band.name.as_str(), "LF" | "HF") {
                desk.switch(ui, theme, &id("bell"), "Bell");
            }
        });
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = 0.0;
            for (field, label) in [("freq_hz", "Freq"), ("gain_db", "Gain"), ("q", "Q")] {
                desk.knob(ui, theme, &id(field), label);
            }
        });
    });
    place.response.contains_pointer() && ui.input(|input| input.pointer.any_pressed())
}

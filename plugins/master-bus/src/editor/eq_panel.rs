//! The equaliser: its graph, a strip of all bands under it, the selected band's controls beside it.

use super::output_panel;
use dsp_core::chain::master::{BANDS, MasterBus};
use egui::{Align, Button, Color32, Layout, RichText, Ui, vec2};
use plumb_glue::Desk;
use plumb_glue::panels::{EqBand, FRAME, Graph, GraphBand, Spectra, eq_graph_ui, eq_header_ui};
use plumb_widgets::{Accent, Theme};

/// Width of the button that selects a band, in points.
const SELECT_WIDTH: f32 = 32.0;
/// Between that button and the band's switch, in points: closer than bands are to each other.
const JOIN: f32 = 2.0;

/// The equaliser's section, as wide as the sections beside it allow.
pub(super) fn eq_panel_ui(
    ui: &mut Ui,
    desk: &Desk<'_, MasterBus>,
    selected: &mut usize,
    spectra: &mut Spectra,
    height: f32,
) {
    let theme = &desk.theme;
    let width = ui.available_width() - output_panel::width(theme) - theme.gap - 2.0 * theme.gap - FRAME;
    desk.section(ui, Accent::Eq, "EQ", Some("eq_on"), |ui, theme| {
        eq_header_ui(ui, theme, desk, width, true);
        let bands: Vec<GraphBand> = (0..BANDS).map(|index| graph_band(desk, index)).collect();
        let left = width - EqBand::<MasterBus>::width(theme) - 2.0 * theme.gap;
        ui.horizontal_top(|ui| {
            ui.vertical(|ui| {
                let size = vec2(left, height - theme.switch_size.y - theme.gap);
                let graph = Graph { size, bands: &bands, scale_pct: desk.settings.eq.scale_pct };
                let moved = desk.settings.eq.moved_by(desk.readings.eq_offsets_db);
                let curve = moved.curve(desk.sample_rate_hz);
                let curve = |freq_hz| curve.gain_db_at(freq_hz);
                eq_graph_ui(ui, theme, desk, &graph, selected, spectra, curve);
                bands_ui(ui, theme, desk, &bands, selected, left);
            });
            ui.add_space(theme.gap);
            if let Some(band) = bands.get(*selected) {
                ui.vertical(|ui| selected_ui(ui, &EqBand::new(theme, desk, band, *selected)));
            }
        });
    });
}

fn graph_band(desk: &Desk<'_, MasterBus>, index: usize) -> GraphBand {
    GraphBand {
        prefix: format!("eq_{}", index + 1),
        name: format!("Band {}", index + 1),
        mark: (index + 1).to_string(),
        band: desk.settings.eq.bands[index],
        offset_db: desk.readings.eq_offsets_db[index],
    }
}

/// Everything of the selected band.
fn selected_ui(ui: &mut Ui, band: &EqBand<'_, MasterBus>) {
    band.name_ui(ui);
    band.shape_ui(ui);
    band.knobs_ui(ui);
    ui.horizontal(|ui| {
        band.target_ui(ui);
        ui.with_layout(Layout::bottom_up(Align::Min), |ui| band.listen_ui(ui));
    });
    band.dynamic_ui(ui);
    ui.horizontal_top(|ui| {
        band.reference_ui(ui);
        band.source_ui(ui);
    });
}

/// The strip of all bands: a button that selects each, and its switch.
fn bands_ui(
    ui: &mut Ui,
    theme: &Theme,
    desk: &Desk<'_, MasterBus>,
    bands: &[GraphBand],
    selected: &mut usize,
    width: f32,
) {
    ui.horizontal_top(|ui| {
        let cell = (width + theme.gap) / BANDS as f32 - theme.gap;
        for (index, band) in bands.iter().enumerate() {
            let theme = &Theme { accent: theme.band_color(index), ..*theme };
            if select_ui(ui, theme, band, index == *selected) {
                *selected = index;
            }
            let rest = vec2(cell - SELECT_WIDTH - JOIN, theme.switch_size.y);
            ui.add_space(JOIN - theme.gap);
            desk.switch(ui, &Theme { switch_size: rest, ..*theme }, &format!("{}_on", band.prefix), "On");
        }
    });
}

/// The button that selects a band. Returns whether it was clicked.
fn select_ui(ui: &mut Ui, theme: &Theme, band: &GraphBand, is_selected: bool) -> bool {
    let text = RichText::new(&band.mark).color(if is_selected { theme.text_on_accent } else { theme.accent });
    let fill = if is_selected { theme.accent } else { theme.face };
    let edge = if is_selected { theme.text } else { Color32::TRANSPARENT };
    let button = Button::new(text).fill(fill).stroke((1.0, edge));
    let size = vec2(SELECT_WIDTH, theme.switch_size.y);
    ui.add_sized(size, button).on_hover_text(format!("Show {}", band.name)).clicked()
}

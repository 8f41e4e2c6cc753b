//! The equaliser: its graph, a strip of all bands under it, the selected band's controls beside it.

use super::bands::{JOIN, SELECT_WIDTH, select_ui};
use dsp_core::chain::master::{BANDS, MasterBus};
use egui::{Align, Layout, Ui, Vec2, vec2};
use plumb_glue::Desk;
use plumb_glue::panels::{EqBand, Graph, GraphBand, Spectra, eq_graph_ui, eq_header_ui};
use plumb_widgets::Theme;

/// The equaliser, in a space of a size.
pub(super) fn eq_ui(
    ui: &mut Ui,
    theme: &Theme,
    desk: &Desk<'_, MasterBus>,
    selected: &mut usize,
    spectra: &mut Spectra,
    size: Vec2,
) {
    eq_header_ui(ui, theme, desk, size.x, true);
    let bands: Vec<GraphBand> = (0..BANDS).map(|index| graph_band(desk, index)).collect();
    let left = size.x - EqBand::<MasterBus>::width(theme) - 2.0 * theme.gap;
    ui.horizontal_top(|ui| {
        ui.vertical(|ui| {
            let size = vec2(left, size.y - theme.switch_size.y - theme.gap);
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
            if select_ui(ui, theme, &band.mark, &band.name, index == *selected) {
                *selected = index;
            }
            let rest = vec2(cell - SELECT_WIDTH - JOIN, theme.switch_size.y);
            ui.add_space(JOIN - theme.gap);
            desk.switch(ui, &Theme { switch_size: rest, ..*theme }, &format!("{}_on", band.prefix), "On");
        }
    });
}

//! The equaliser: its graph, a strip of all bands under it, the selected band's controls beside it.

use super::bands::{JOIN, SELECT_WIDTH, select_ui};
use dsp_core::chain::master::{BANDS, Readings, Settings};
use egui::{Align, Layout, Ui, Vec2, vec2};
use plumb_controls::bus::{EqPhase, EqShape};
use plumb_panels::{BusContext, EqBandPanel, Graph, GraphBand, Spectra, eq_band_width, eq_graph_ui, eq_header_ui};
use plumb_widgets::Theme;

/// Width of the choice of what the equaliser does to the phase, in points.
const PHASE_WIDTH: f32 = 180.0;

/// The equaliser, within a size.
pub(super) fn eq_ui(
    ui: &mut Ui,
    theme: &Theme,
    context: &BusContext<'_>,
    selected: &mut usize,
    spectra: &mut Spectra,
    size: Vec2,
) {
    eq_header_ui(ui, theme, context, size.x, |ui| context.inline(ui, theme, EqPhase::Phase, "Phase", PHASE_WIDTH));
    let bands: Vec<GraphBand> = (0..BANDS).map(|index| graph_band(context, index)).collect();
    let left = size.x - eq_band_width(theme) - 2.0 * theme.gap;
    ui.horizontal_top(|ui| {
        ui.vertical(|ui| {
            let size = vec2(left, size.y - theme.switch_size.y - theme.gap);
            let graph = Graph { size, bands: &bands, scale_pct: context.settings.eq.scale_pct };
            let moved = context.settings.eq.moved_by(context.readings.eq_offsets_db);
            let curve = moved.curve(context.sample_rate_hz());
            let curve = |freq_hz| curve.gain_db_at(freq_hz);
            eq_graph_ui(ui, theme, context, &graph, selected, spectra, curve);
            bands_ui(ui, theme, context, &bands, selected, left);
        });
        ui.add_space(theme.gap);
        if let Some(band) = bands.get(*selected) {
            ui.vertical(|ui| selected_ui(ui, &EqBandPanel::new(theme, context, band, *selected)));
        }
    });
}

fn graph_band(context: &BusContext<'_>, index: usize) -> GraphBand {
    GraphBand {
        name: format!("Band {}", index + 1),
        mark: (index + 1).to_string(),
        band: context.settings.eq.bands[index],
        offset_db: context.readings.eq_offsets_db[index],
    }
}

/// Everything of the selected band.
fn selected_ui(ui: &mut Ui, band: &EqBandPanel<'_, Settings, Readings>) {
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
    context: &BusContext<'_>,
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
            context.switch(ui, &Theme { switch_size: rest, ..*theme }, (index, EqShape::On), "On");
        }
    });
}

//! The equaliser: its graph, the dynamics of the selected band beside it, the knobs of all four bands below.

use super::{output_panel, tone_column};
use dsp_core::chain::channel::{BANDS, Settings};
use egui::{Ui, Vec2, vec2};
use plumb_controls::strip::{EqSwitch, OuterBand};
use plumb_controls::{Eq, EqBand};
use plumb_panels::{EqBandPanel, Graph, GraphBand, Spectra, StripContext, eq_band_width, eq_graph_ui, eq_header_ui};
use plumb_widgets::{Accent, Theme};

/// The bands' names.
const NAMES: [&str; BANDS] = ["LF", "LMF", "HMF", "HF"];

/// The equaliser's section, as wide and high as the rest of the page allows.
pub(super) fn eq_panel_ui(ui: &mut Ui, context: &StripContext<'_>, selected: &mut usize, spectra: &mut Spectra) {
    let theme = &context.theme;
    let frame = 2.0 * theme.gap + plumb_panels::FRAME;
    let beside = tone_column::width(theme) + theme.gap + output_panel::width(theme) + theme.gap;
    let width = ui.available_width() - beside - frame;
    let bands_height = theme.switch_size.y + theme.gap + theme.knob_cell.y;
    let height = ui.available_height() - frame - theme.header_height - 2.0 * theme.gap - bands_height;
    context.section(ui, Accent::Eq, "EQ", Some(Eq::On.into()), |ui, theme| {
        let bands: Vec<GraphBand> = (0..BANDS).map(|index| graph_band(context, index)).collect();
        eq_header_ui(ui, theme, context, width, |_| {});
        upper_ui(ui, theme, context, &bands, (selected, spectra), vec2(width, height.max(1.0)));
        ui.horizontal_top(|ui| {
            let spare = width - BANDS as f32 * band_width();
            ui.spacing_mut().item_spacing.x = (spare / (BANDS - 1) as f32).max(theme.gap);
            for index in 0..BANDS {
                if band_ui(ui, &Theme { accent: theme.band_color(index), ..*theme }, context, index) {
                    *selected = index;
                }
            }
        });
    });
}

/// The graph, and beside it the controls of the selected band without its knobs.
fn upper_ui(
    ui: &mut Ui,
    theme: &Theme,
    context: &StripContext<'_>,
    bands: &[GraphBand],
    (selected, spectra): (&mut usize, &mut Spectra),
    size: Vec2,
) {
    ui.horizontal_top(|ui| {
        let size = vec2(size.x - eq_band_width(theme) - 2.0 * theme.gap, size.y);
        let graph = Graph { size, bands, scale_pct: context.settings.eq.scale_pct };
        let moved = context.settings.eq.moved_by(context.readings.eq_offsets_db);
        let curve = Settings { eq: moved, ..context.settings }.curve(context.sample_rate_hz());
        let curve = |freq_hz| curve.gain_db_at(freq_hz);
        eq_graph_ui(ui, theme, context, &graph, selected, spectra, curve);
        ui.add_space(theme.gap);
        let Some(band) = bands.get(*selected) else { return };
        let band = EqBandPanel::new(theme, context, band, *selected);
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

fn graph_band(context: &StripContext<'_>, index: usize) -> GraphBand {
    GraphBand {
        name: NAMES[index].to_owned(),
        mark: (index + 1).to_string(),
        band: context.settings.eq.bands[index],
        offset_db: context.readings.eq_offsets_db[index],
    }
}

/// Width of a knob here, in points: three a band, with space between bands.
const KNOB_WIDTH: f32 = 62.0;

/// Width of a band's controls: three knobs without gaps.
const fn band_width() -> f32 {
    3.0 * KNOB_WIDTH
}

/// One band's switches and knobs. Returns whether a button was pressed on any of them.
fn band_ui(ui: &mut Ui, theme: &Theme, context: &StripContext<'_>, index: usize) -> bool {
    let third = (band_width() - 2.0 * theme.gap) / 3.0;
    let theme = &Theme {
        switch_size: vec2(third, theme.switch_size.y),
        knob_cell: vec2(KNOB_WIDTH, theme.knob_cell.y),
        ..*theme
    };
    let place = ui.vertical(|ui| {
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = theme.gap;
            context.switch(ui, theme, (index, EqSwitch::On), NAMES[index]);
            context.switch(ui, theme, (index, EqBand::Listen), "Listen");
            // The inner bands are always bells.
            if index == 0 || index == BANDS - 1 {
                context.switch(ui, theme, (index, OuterBand::Bell), "Bell");
            }
        });
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = 0.0;
            for (row, label) in [(EqBand::FreqHz, "Freq"), (EqBand::GainDb, "Gain"), (EqBand::Q, "Q")] {
                context.knob(ui, theme, (index, row), label);
            }
        });
    });
    place.response.contains_pointer() && ui.input(|input| input.pointer.any_pressed())
}

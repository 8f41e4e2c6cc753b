//! The multiband dynamics: the graph of the bands, a row of all of them below it, the controls of the selected one beside
//! it.

use super::bands::{JOIN, SELECT_WIDTH, select_ui};
use super::multiband_band::{self, band_ui};
use super::multiband_graph::graph_ui;
use egui::{Ui, Vec2, vec2};
use plumb_controls::{Multiband, MultibandBand};
use plumb_panels::{BusContext, Spectra, lit_ui};
use plumb_widgets::{Theme, change_ui};

/// Width of the choice of how many bands, in points.
const BANDS_WIDTH: f32 = 164.0;
/// Width of the mix, in points.
const MIX_WIDTH: f32 = 118.0;
/// Width of the choice of an oversampling, in points.
const OVERSAMPLING_WIDTH: f32 = 146.0;

/// The multiband dynamics, within a size.
pub(super) fn multiband_ui(
    ui: &mut Ui,
    theme: &Theme,
    context: &BusContext<'_>,
    selected: &mut usize,
    spectra: &mut Spectra,
    size: Vec2,
) {
    header_ui(ui, theme, context, size.x);
    *selected = (*selected).min(context.settings.multiband.bands.count() - 1);
    let left = size.x - multiband_band::width(theme) - 2.0 * theme.gap;
    let strip = theme.switch_size.y + JOIN + theme.name_height;
    ui.horizontal_top(|ui| {
        ui.vertical(|ui| {
            graph_ui(ui, theme, context, selected, spectra, vec2(left, size.y - strip - theme.gap));
            strip_ui(ui, theme, context, selected, left);
        });
        ui.add_space(theme.gap);
        ui.vertical(|ui| band_ui(ui, theme, context, *selected, size.y));
    });
}

/// The controls that all bands share.
fn header_ui(ui: &mut Ui, theme: &Theme, context: &BusContext<'_>, width: f32) {
    let multiband = &context.settings.multiband;
    context.header(ui, width, |ui| {
        context.switch(ui, theme, Multiband::Delta, "Delta");
        context.field(ui, theme, Multiband::MixPct, "Mix", vec2(MIX_WIDTH, theme.switch_size.y));
        let saturates = multiband.band[..multiband.bands.count()].iter().any(|band| band.saturation.on);
        lit_ui(ui, theme, saturates, |ui| {
            context.inline(ui, theme, Multiband::SatOversampling, "Oversampling", OVERSAMPLING_WIDTH);
        });
        context.inline(ui, theme, Multiband::Bands, "Bands", BANDS_WIDTH);
    });
}

/// All bands: a button that selects each, its switches, and its change of gain now.
fn strip_ui(ui: &mut Ui, theme: &Theme, context: &BusContext<'_>, selected: &mut usize, width: f32) {
    let count = context.settings.multiband.bands.count();
    let cell = (width + theme.gap) / count as f32 - theme.gap;
    ui.horizontal_top(|ui| {
        for index in 0..count {
            let theme = &Theme { accent: theme.band_color(index), ..*theme };
            ui.vertical(|ui| {
                ui.spacing_mut().item_spacing = Vec2::splat(JOIN);
                let name = format!("Band {}", index + 1);
                ui.horizontal_top(|ui| {
                    if select_ui(ui, theme, &(index + 1).to_string(), &name, index == *selected) {
                        *selected = index;
                    }
                    let rest = (cell - SELECT_WIDTH) / 2.0 - JOIN;
                    let theme = &Theme { switch_size: vec2(rest, theme.switch_size.y), ..*theme };
                    context.switch(ui, theme, (index, MultibandBand::On), "On");
                    context.switch(ui, theme, (index, MultibandBand::Solo), "Solo");
                });
                let change_db = context.readings.multiband_gains_db[index];
                change_ui(ui, theme, vec2(cell, theme.name_height), &format!("{name} gain now"), change_db);
            });
        }
    });
}

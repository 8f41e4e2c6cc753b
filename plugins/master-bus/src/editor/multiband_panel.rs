//! The multiband dynamics: the graph of the bands, a strip of all of them under it, the controls of the band in hand
//! beside it.

use super::bands::{JOIN, SELECT_WIDTH, select_ui};
use super::multiband_band::{self, band_ui};
use super::multiband_graph::graph_ui;
use dsp_core::chain::master::MasterBus;
use egui::{Ui, Vec2, vec2};
use plumb_glue::Desk;
use plumb_glue::panels::{Spectra, lit_ui};
use plumb_widgets::{Theme, change_ui};

/// Width of the choice of how many bands, in points.
const BANDS_WIDTH: f32 = 164.0;
/// Width of the mix, in points.
const MIX_WIDTH: f32 = 118.0;
/// Width of the choice of an oversampling, in points.
const OVERSAMPLING_WIDTH: f32 = 146.0;

/// The multiband dynamics, in a space of a size.
pub(super) fn multiband_ui(
    ui: &mut Ui,
    theme: &Theme,
    desk: &Desk<'_, MasterBus>,
    selected: &mut usize,
    spectra: &mut Spectra,
    size: Vec2,
) {
    header_ui(ui, theme, desk, size.x);
    *selected = (*selected).min(desk.settings.multiband.bands.count() - 1);
    let left = size.x - multiband_band::width(theme) - 2.0 * theme.gap;
    let strip = theme.switch_size.y + JOIN + theme.name_height;
    ui.horizontal_top(|ui| {
        ui.vertical(|ui| {
            graph_ui(ui, theme, desk, selected, spectra, vec2(left, size.y - strip - theme.gap));
            strip_ui(ui, theme, desk, selected, left);
        });
        ui.add_space(theme.gap);
        ui.vertical(|ui| band_ui(ui, theme, desk, *selected, size.y));
    });
}

/// What they have in common.
fn header_ui(ui: &mut Ui, theme: &Theme, desk: &Desk<'_, MasterBus>, width: f32) {
    let multiband = &desk.settings.multiband;
    desk.header(ui, width, |ui| {
        desk.switch(ui, theme, "mb_delta", "Delta");
        desk.field(ui, theme, "mb_mix_pct", "Mix", vec2(MIX_WIDTH, theme.switch_size.y));
        let saturates = multiband.band[..multiband.bands.count()].iter().any(|band| band.saturation.on);
        lit_ui(ui, theme, saturates, |ui| {
            desk.inline(ui, theme, "mb_sat_oversampling", "Oversampling", OVERSAMPLING_WIDTH);
        });
        desk.inline(ui, theme, "mb_bands", "Bands", BANDS_WIDTH);
    });
}

/// All bands: a button that takes each in hand, its switches, and what its dynamics do now.
fn strip_ui(ui: &mut Ui, theme: &Theme, desk: &Desk<'_, MasterBus>, selected: &mut usize, width: f32) {
    let count = desk.settings.multiband.bands.count();
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
                    desk.switch(ui, theme, &format!("mb_{}_on", index + 1), "On");
                    desk.switch(ui, theme, &format!("mb_{}_solo", index + 1), "Solo");
                });
                let change_db = desk.readings.multiband_gains_db[index];
                change_ui(ui, theme, vec2(cell, theme.name_height), &format!("{name} gain now"), change_db);
            });
        }
    });
}

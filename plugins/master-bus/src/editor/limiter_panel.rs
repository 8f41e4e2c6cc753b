//! The limiter and, behind it, the dither.

use dsp_core::chain::master::MasterBus;
use egui::Ui;
use plumb_glue::Desk;
use plumb_widgets::{Accent, reduction_ui};

const UPPER: [(&str, &str); 3] =
    [("limiter_drive_db", "Drive"), ("limiter_ceiling_dbtp", "Ceiling"), ("limiter_lookahead_ms", "Lookahead")];
const LOWER: [(&str, &str); 2] = [("limiter_release_ms", "Release"), ("limiter_link_pct", "Link")];
/// Width of the choice of a word length, in points.
const DEPTH_WIDTH: f32 = 116.0;

/// The limiter's section.
pub(super) fn limiter_panel_ui(ui: &mut Ui, desk: &Desk<'_, MasterBus>, height: f32) {
    desk.section(ui, Accent::Limiter, "Limiter", Some("limiter_on"), |ui, theme| {
        ui.horizontal_top(|ui| {
            reduction_ui(ui, theme, height, "Lim GR", desk.readings.limiter_reduction_db);
            ui.vertical(|ui| {
                desk.knobs(ui, theme, UPPER.len(), &UPPER);
                ui.horizontal_top(|ui| {
                    desk.knobs(ui, theme, LOWER.len(), &LOWER);
                    ui.vertical(|ui| {
                        ui.add_space(theme.name_height);
                        desk.switch(ui, theme, "limiter_true_peak", "True pk");
                    });
                });
            });
        });
    });
}

/// The dither's section.
pub(super) fn dither_panel_ui(ui: &mut Ui, desk: &Desk<'_, MasterBus>, height: f32) {
    desk.section(ui, Accent::Meter, "Dither", None, |ui, theme| {
        ui.set_min_height(height);
        desk.choice(ui, theme, "dither_depth", "Word length", DEPTH_WIDTH);
    });
}

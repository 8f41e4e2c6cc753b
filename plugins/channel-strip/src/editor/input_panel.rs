//! Trim, polarity, both cuts, and the level behind the trim.

use dsp_core::chain::channel::ChannelStrip;
use egui::Ui;
use plumb_glue::Desk;
use plumb_glue::panels::level_ui;
use plumb_widgets::{Accent, Theme};

/// Width of the choice of a slope, in points.
const SLOPE_WIDTH: f32 = 90.0;

/// The input's section.
pub(super) fn input_panel_ui(ui: &mut Ui, desk: &Desk<'_, ChannelStrip>, height: f32) {
    desk.section(ui, Accent::Input, "Input", None, |ui, theme| {
        ui.horizontal_top(|ui| {
            ui.vertical(|ui| {
                ui.horizontal_top(|ui| {
                    desk.knob(ui, theme, "input_trim_db", "Trim");
                    ui.vertical(|ui| {
                        ui.add_space(theme.name_height);
                        let wide = &slope_wide(theme);
                        desk.switch(ui, wide, "polarity_invert", "Polarity");
                    });
                });
                cut_ui(ui, theme, desk, "low_cut", "Low cut");
                cut_ui(ui, theme, desk, "high_cut", "High cut");
            });
            let (peak_dbfs, rms_dbfs) = (desk.readings.input_peak_dbfs, desk.readings.input_rms_dbfs);
            level_ui(ui, theme, height, desk.settings.meter_scale, peak_dbfs, rms_dbfs);
        });
    });
}

fn cut_ui(ui: &mut Ui, theme: &Theme, desk: &Desk<'_, ChannelStrip>, prefix: &str, label: &str) {
    ui.horizontal_top(|ui| {
        desk.knob(ui, theme, &format!("{prefix}_freq_hz"), "Freq");
        ui.vertical(|ui| {
            desk.switch(ui, &slope_wide(theme), &format!("{prefix}_on"), label);
            desk.choice(ui, theme, &format!("{prefix}_slope"), "Slope", SLOPE_WIDTH);
        });
    });
}

/// The theme with switches as wide as the choice under them.
fn slope_wide(theme: &Theme) -> Theme {
    Theme { switch_size: egui::vec2(SLOPE_WIDTH, theme.switch_size.y), ..*theme }
}

//! Width and pan, then the output's gain and level.

use dsp_core::chain::channel::ChannelStrip;
use egui::Ui;
use plumb_glue::Desk;
use plumb_glue::panels::{FRAME, level};
use plumb_widgets::{Accent, Theme, meter_ui};

/// Width of the two sections: that of two knobs.
pub(super) fn width(theme: &Theme) -> f32 {
    2.0 * theme.knob_cell.x + theme.gap + 2.0 * theme.gap + FRAME
}

/// The stereo and output sections, one above the other.
pub(super) fn output_panel_ui(ui: &mut Ui, desk: &Desk<'_, ChannelStrip>) {
    ui.vertical(|ui| {
        desk.section(ui, Accent::Stereo, "Stereo", None, |ui, theme| {
            desk.knobs(ui, theme, 2, &[("width_pct", "Width"), ("pan_pct", "Pan")]);
        });
        let height = ui.available_height() - desk.theme.header_height - 3.0 * desk.theme.gap - FRAME;
        desk.section(ui, Accent::Meter, "Output", None, |ui, theme| {
            ui.set_min_width(2.0 * theme.knob_cell.x + theme.gap);
            ui.horizontal_top(|ui| {
                desk.knob(ui, theme, "output_gain_db", "Gain");
                let channels = level(desk.readings.output_peak_dbfs, desk.readings.output_rms_dbfs);
                meter_ui(ui, theme, height, "Level", &channels, None);
            });
        });
    });
}

//! The output: gain, and the level behind everything.

use dsp_core::chain::channel::ChannelStrip;
use egui::Ui;
use plumb_glue::Desk;
use plumb_glue::panels::{FRAME, level_ui};
use plumb_widgets::{Accent, Theme};

/// Width of the section: that of a knob.
pub(super) fn width(theme: &Theme) -> f32 {
    theme.knob_cell.x + 2.0 * theme.gap + FRAME
}

/// The output's section, as high as the rest of the page.
pub(super) fn output_panel_ui(ui: &mut Ui, desk: &Desk<'_, ChannelStrip>) {
    let theme = &desk.theme;
    let height = ui.available_height() - theme.header_height - 4.0 * theme.gap - FRAME - theme.knob_cell.y;
    desk.section(ui, Accent::Meter, "Output", None, |ui, theme| {
        ui.set_min_width(theme.knob_cell.x);
        desk.knob(ui, theme, "output_gain_db", "Gain");
        let (peak_dbfs, rms_dbfs) = (desk.readings.output_peak_dbfs, desk.readings.output_rms_dbfs);
        level_ui(ui, theme, height, desk.settings.meter_scale, peak_dbfs, rms_dbfs);
    });
}

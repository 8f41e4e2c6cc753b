//! The output: gain and level.

use egui::Ui;
use plumb_controls::strip::Output;
use plumb_panels::{FRAME, StripContext, level_ui};
use plumb_widgets::{Accent, Theme};

/// Width of the section: that of a knob.
pub(super) fn width(theme: &Theme) -> f32 {
    theme.knob_cell.x + 2.0 * theme.gap + FRAME
}

/// The output's section, as high as the rest of the page.
pub(super) fn output_panel_ui(ui: &mut Ui, context: &StripContext<'_>) {
    let theme = &context.theme;
    let height = ui.available_height() - theme.header_height - 4.0 * theme.gap - FRAME - theme.knob_cell.y;
    context.section(ui, Accent::Meter, "Output", None, |ui, theme| {
        ui.set_min_width(theme.knob_cell.x);
        context.knob(ui, theme, Output::GainDb, "Gain");
        let (peak_dbfs, rms_dbfs) = (context.readings.output_peak_dbfs, context.readings.output_rms_dbfs);
        level_ui(ui, theme, height, context.settings.meter_scale, peak_dbfs, rms_dbfs);
    });
}

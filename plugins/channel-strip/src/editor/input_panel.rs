//! Trim, polarity, both cuts, and the level after the trim.

use egui::Ui;
use plumb_controls::strip::{Cuts, Input};
use plumb_panels::StripContext;
use plumb_panels::level_ui;
use plumb_widgets::{Accent, Theme};

/// Width of the choice of a slope, in points.
const SLOPE_WIDTH: f32 = 90.0;

/// The input's section.
pub(super) fn input_panel_ui(ui: &mut Ui, context: &StripContext<'_>, height: f32) {
    context.section(ui, Accent::Input, "Input", None, |ui, theme| {
        ui.horizontal_top(|ui| {
            ui.vertical(|ui| {
                ui.horizontal_top(|ui| {
                    context.knob(ui, theme, Input::InputTrimDb, "Trim");
                    ui.vertical(|ui| {
                        ui.add_space(theme.name_height);
                        let wide = &slope_wide(theme);
                        context.switch(ui, wide, Input::PolarityInvert, "Polarity");
                    });
                });
                cut_ui(ui, theme, context, [Cuts::LowCutOn, Cuts::LowCutFreqHz, Cuts::LowCutSlope], "Low cut");
                cut_ui(ui, theme, context, [Cuts::HighCutOn, Cuts::HighCutFreqHz, Cuts::HighCutSlope], "High cut");
            });
            let (peak_dbfs, rms_dbfs) = (context.readings.input_peak_dbfs, context.readings.input_rms_dbfs);
            level_ui(ui, theme, height, context.settings.meter_scale, peak_dbfs, rms_dbfs);
        });
    });
}

fn cut_ui(ui: &mut Ui, theme: &Theme, context: &StripContext<'_>, [on, freq_hz, slope]: [Cuts; 3], label: &str) {
    ui.horizontal_top(|ui| {
        context.knob(ui, theme, freq_hz, "Freq");
        ui.vertical(|ui| {
            context.switch(ui, &slope_wide(theme), on, label);
            context.choice(ui, theme, slope, "Slope", SLOPE_WIDTH);
        });
    });
}

/// The theme with switches as wide as the choice under them.
fn slope_wide(theme: &Theme) -> Theme {
    Theme { switch_size: egui::vec2(SLOPE_WIDTH, theme.switch_size.y), ..*theme }
}

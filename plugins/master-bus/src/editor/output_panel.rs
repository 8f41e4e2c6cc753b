//! The output: level, loudness, true peak and correlation.

use egui::{Button, Ui, vec2};
use plumb_controls::bus::Meters;
use plumb_panels::{BusContext, FRAME, level_ui};
use plumb_widgets::{Accent, Theme, Tone, readout_ui};

/// Numbers in the column.
const READOUTS: f32 = 6.0;
/// Correlation below which a mono sum loses level.
const OUT_OF_PHASE: f64 = 0.0;

/// Width of the section.
pub(super) fn width(theme: &Theme) -> f32 {
    theme.meter_width + theme.gap + theme.readout_size.x + 2.0 * theme.gap + FRAME
}

/// The output's section.
pub(super) fn output_panel_ui(ui: &mut Ui, context: &BusContext<'_>, height: f32) {
    context.section(ui, Accent::Meter, "Output", None, |ui, theme| {
        ui.horizontal_top(|ui| {
            let output = &context.readings.output;
            level_ui(ui, theme, height, context.settings.meters.scale, output.peak_dbfs, output.rms_dbfs);
            ui.vertical(|ui| readouts_ui(ui, theme, context, height));
        });
    });
}

fn readouts_ui(ui: &mut Ui, theme: &Theme, context: &BusContext<'_>, height: f32) {
    let pitch = (height - theme.switch_size.y) / READOUTS - theme.gap;
    let theme = &Theme { readout_size: vec2(theme.readout_size.x, pitch.min(theme.readout_size.y)), ..*theme };
    let loudness = &context.readings.output.loudness;
    for (label, value, unit) in [
        ("Momentary", loudness.momentary_lufs, "LUFS"),
        ("Short-term", loudness.short_term_lufs, "LUFS"),
        ("Integrated", loudness.integrated_lufs, "LUFS"),
        ("Loudness range", loudness.range_lu, "LU"),
    ] {
        readout_ui(ui, theme, label, value, unit, Tone::Plain);
    }
    readout_ui(ui, theme, "True peak max", context.readings.output.true_peak_dbtp, "dBTP", true_peak_tone(context));
    let correlation = context.readings.output.correlation;
    let tone = if correlation < OUT_OF_PHASE { Tone::Over } else { Tone::Plain };
    readout_ui(ui, theme, "Correlation", correlation, "", tone);
    ui.horizontal_top(|ui| {
        let size = vec2((theme.readout_size.x - theme.gap) / 2.0, theme.switch_size.y);
        if ui.add_sized(size, Button::new("Reset")).on_hover_text("Measure anew").clicked() {
            context.reset_measurement();
        }
        context.switch(ui, &Theme { switch_size: size, ..*theme }, Meters::Pause, "Pause");
    });
}

/// Over the limiter's ceiling, or over full scale without the limiter.
fn true_peak_tone(context: &BusContext<'_>) -> Tone {
    /// What a true-peak meter may read above the ceiling although the limiter held it, in dB.
    const TOLERANCE_DB: f64 = 0.05;
    let limiter = &context.settings.limiter;
    let limit_dbtp = if limiter.on { limiter.ceiling_db } else { 0.0 };
    if context.readings.output.true_peak_dbtp > limit_dbtp + TOLERANCE_DB { Tone::Over } else { Tone::Plain }
}

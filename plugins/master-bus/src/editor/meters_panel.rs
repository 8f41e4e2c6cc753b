//! The meters in full: loudness over time with its target, the stereo image, and what is measured over time.

use super::history::History;
use super::scope::Scope;
use egui::{Ui, Vec2, vec2};
use plumb_controls::bus::Meters;
use plumb_panels::BusContext;
use plumb_widgets::{Theme, Tone, correlation_ui, readout_ui};

/// Width of the column of the stereo image, in points.
const IMAGE_WIDTH: f32 = 300.0;
/// Height of the correlation's bar with its numbers, in points.
const CORRELATION_HEIGHT: f32 = 36.0;
/// Widths of the controls in the header, in points.
const ON_WIDTH: f32 = 80.0;
const RESET_WIDTH: f32 = 110.0;
const SCALE_WIDTH: f32 = 150.0;
const TARGET_WIDTH: f32 = 170.0;
/// Least PSR even in the loudest passage, in LU, as I. Shepherd advises.
const LEAST_PSR_LU: f64 = 8.0;

/// The meters, within a size.
pub(super) fn meters_ui(
    ui: &mut Ui,
    theme: &Theme,
    context: &BusContext<'_>,
    history: &mut History,
    scope: &mut Scope,
    size: Vec2,
) {
    context.header(ui, size.x, |ui| {
        let reset = Theme { switch_size: vec2(RESET_WIDTH, theme.switch_size.y), ..*theme };
        context.switch(ui, &reset, Meters::ResetOnPlay, "Reset on play");
        context.inline(ui, theme, Meters::Scale, "Scale", SCALE_WIDTH);
        context.field(ui, theme, Meters::TargetLufs, "Target", vec2(TARGET_WIDTH, theme.switch_size.y));
        let on = Theme { switch_size: vec2(ON_WIDTH, theme.switch_size.y), ..*theme };
        context.switch(ui, &on, Meters::On, "Measure");
    });
    let left = size.x - IMAGE_WIDTH - 2.0 * theme.gap;
    let graph = size.y - theme.readout_size.y - theme.gap;
    ui.horizontal_top(|ui| {
        ui.vertical(|ui| {
            history.ui(ui, theme, context, vec2(left, graph));
            ratios_ui(ui, theme, context, left);
        });
        ui.add_space(theme.gap);
        ui.vertical(|ui| {
            scope.ui(ui, theme, context, vec2(IMAGE_WIDTH, graph - CORRELATION_HEIGHT - theme.gap));
            correlation_ui(ui, theme, vec2(IMAGE_WIDTH, CORRELATION_HEIGHT), context.readings.output.correlation);
            maxima_ui(ui, theme, context);
        });
    });
}

/// A number, or a dash while there is none.
fn known(value: f64) -> f64 {
    if value.is_finite() { value } else { f64::NAN }
}

fn ratios_ui(ui: &mut Ui, theme: &Theme, context: &BusContext<'_>, width: f32) {
    let output = &context.readings.output;
    let numbers = [
        ("PLR", output.plr_lu(), "LU", None),
        ("PSR", output.psr_lu, "LU", Some(LEAST_PSR_LU)),
        ("PSR min", output.min_psr_lu, "LU", Some(LEAST_PSR_LU)),
        ("DR", output.dr_db, "dB", None),
    ];
    let cell = (width + theme.gap) / numbers.len() as f32 - theme.gap;
    let theme = &Theme { readout_size: vec2(cell, theme.readout_size.y), ..*theme };
    ui.horizontal_top(|ui| {
        for (label, value, unit, least) in numbers {
            let squashed = value.is_finite() && least.is_some_and(|least| value < least);
            readout_ui(ui, theme, label, known(value), unit, if squashed { Tone::Hot } else { Tone::Plain });
        }
    });
}

fn maxima_ui(ui: &mut Ui, theme: &Theme, context: &BusContext<'_>) {
    let loudness = &context.readings.output.loudness;
    let cell = (IMAGE_WIDTH - theme.gap) / 2.0;
    let theme = &Theme { readout_size: vec2(cell, theme.readout_size.y), ..*theme };
    ui.horizontal_top(|ui| {
        readout_ui(ui, theme, "Momentary max", loudness.max_momentary_lufs, "LUFS", Tone::Plain);
        readout_ui(ui, theme, "Short-term max", loudness.max_short_term_lufs, "LUFS", Tone::Plain);
    });
}

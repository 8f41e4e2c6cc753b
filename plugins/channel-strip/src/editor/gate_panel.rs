//! The gate: gain reduction, knobs, and one-line controls for the rest.

use dsp_core::dynamics::gate::Mode;
use egui::Ui;
use plumb_controls::strip::Gate;
use plumb_panels::{StripContext, column_ui, lit_ui};
use plumb_widgets::{Accent, reduction_ui};

/// Knobs in a row.
const PER_ROW: usize = 4;
const LOWER: [(Gate, &str); PER_ROW] =
    [(Gate::RangeDb, "Range"), (Gate::AttackMs, "Attack"), (Gate::HoldMs, "Hold"), (Gate::ReleaseMs, "Release")];
const DETECTOR: [(Gate, &str); 3] =
    [(Gate::Lookahead, "Lookahead"), (Gate::KeyLowCutHz, "Low cut"), (Gate::KeyHighCutHz, "High cut")];
const KEY: [(Gate, &str); 2] = [(Gate::Key, "Key"), (Gate::Listen, "Listen")];
/// Width of the choice of a mode in the header, in points.
const MODE_WIDTH: f32 = 220.0;

/// The gate's section.
pub(super) fn gate_panel_ui(ui: &mut Ui, context: &StripContext<'_>, height: f32) {
    let expands = context.settings.gate.mode == Mode::Expand;
    context.section(ui, Accent::Gate, "Gate", Some(Gate::On.into()), |ui, theme| {
        let knobs_width = PER_ROW as f32 * (theme.knob_cell.x + theme.gap) - theme.gap;
        let width = theme.reduction_width + theme.gap + knobs_width;
        context.header(ui, width, |ui| context.inline(ui, theme, Gate::Mode, "Mode", MODE_WIDTH));
        ui.horizontal_top(|ui| {
            reduction_ui(ui, theme, height, "Gate GR", context.readings.gate_reduction_db);
            ui.vertical(|ui| {
                ui.horizontal_top(|ui| {
                    context.knob(ui, theme, Gate::ThresholdDb, "Threshold");
                    lit_ui(ui, theme, !expands, |ui| context.knob(ui, theme, Gate::HysteresisDb, "Hysteresis"));
                    lit_ui(ui, theme, expands, |ui| {
                        context.knob(ui, theme, Gate::Ratio, "Ratio");
                        context.knob(ui, theme, Gate::KneeDb, "Knee");
                    });
                });
                context.knobs(ui, theme, PER_ROW, &LOWER);
                ui.horizontal_top(|ui| {
                    let column = (knobs_width - theme.gap) / 2.0;
                    column_ui(ui, theme, context, column, &DETECTOR);
                    column_ui(ui, theme, context, column, &KEY);
                });
            });
        });
    });
}

//! The gate: what it takes away, its knobs, and lines for what is seldom touched.

use dsp_core::chain::channel::ChannelStrip;
use dsp_core::dynamics::gate::Mode;
use egui::Ui;
use plumb_glue::Desk;
use plumb_glue::panels::{column_ui, lit_ui};
use plumb_widgets::{Accent, reduction_ui};

/// Knobs in a row.
const PER_ROW: usize = 4;
const LOWER: [(&str, &str); PER_ROW] = [
    ("gate_range_db", "Range"),
    ("gate_attack_ms", "Attack"),
    ("gate_hold_ms", "Hold"),
    ("gate_release_ms", "Release"),
];
const DETECTOR: [(&str, &str); 3] =
    [("gate_lookahead", "Lookahead"), ("gate_key_low_cut_hz", "Low cut"), ("gate_key_high_cut_hz", "High cut")];
const KEY: [(&str, &str); 2] = [("gate_key", "Key"), ("gate_listen", "Listen")];
/// Width of the choice of a mode in the header, in points.
const MODE_WIDTH: f32 = 220.0;

/// The gate's section.
pub(super) fn gate_panel_ui(ui: &mut Ui, desk: &Desk<'_, ChannelStrip>, height: f32) {
    let expands = desk.settings.gate.mode == Mode::Expand;
    desk.section(ui, Accent::Gate, "Gate", Some("gate_on"), |ui, theme| {
        let knobs_width = PER_ROW as f32 * (theme.knob_cell.x + theme.gap) - theme.gap;
        let width = theme.reduction_width + theme.gap + knobs_width;
        desk.header(ui, width, |ui| desk.inline(ui, theme, "gate_mode", "Mode", MODE_WIDTH));
        ui.horizontal_top(|ui| {
            reduction_ui(ui, theme, height, "Gate GR", desk.readings.gate_reduction_db);
            ui.vertical(|ui| {
                ui.horizontal_top(|ui| {
                    desk.knob(ui, theme, "gate_threshold_db", "Threshold");
                    lit_ui(ui, theme, !expands, |ui| desk.knob(ui, theme, "gate_hysteresis_db", "Hysteresis"));
                    lit_ui(ui, theme, expands, |ui| {
                        desk.knob(ui, theme, "gate_ratio", "Ratio");
                        desk.knob(ui, theme, "gate_knee_db", "Knee");
                    });
                });
                desk.knobs(ui, theme, PER_ROW, &LOWER);
                ui.horizontal_top(|ui| {
                    let column = (knobs_width - theme.gap) / 2.0;
                    column_ui(ui, theme, desk, column, &DETECTOR);
                    column_ui(ui, theme, desk, column, &KEY);
                });
            });
        });
    });
}

//! The gate: what it takes away, and its knobs.

use dsp_core::chain::channel::ChannelStrip;
use egui::Ui;
use plumb_glue::Desk;
use plumb_widgets::{Accent, reduction_ui};

const KNOBS: [(&str, &str); 6] = [
    ("gate_threshold_db", "Threshold"),
    ("gate_hysteresis_db", "Hysteresis"),
    ("gate_range_db", "Range"),
    ("gate_attack_ms", "Attack"),
    ("gate_hold_ms", "Hold"),
    ("gate_release_ms", "Release"),
];
/// Knobs in a row.
const PER_ROW: usize = 3;

/// The gate's section.
pub(super) fn gate_panel_ui(ui: &mut Ui, desk: &Desk<'_, ChannelStrip>, height: f32) {
    desk.section(ui, Accent::Gate, "Gate", Some("gate_on"), |ui, theme| {
        ui.horizontal_top(|ui| {
            ui.set_min_height(height);
            reduction_ui(ui, theme, height, "Gate GR", desk.readings.gate_reduction_db);
            ui.vertical(|ui| {
                desk.knobs(ui, theme, PER_ROW, &KNOBS);
                ui.add_space(height - super::knob_rows(theme, 2.0) - theme.choice_size.y - 2.0 * theme.gap);
                let width = PER_ROW as f32 * (theme.knob_cell.x + theme.gap) - theme.gap;
                desk.choice(ui, theme, "gate_key", "Key", width);
            });
        });
    });
}

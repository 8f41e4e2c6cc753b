//! The compressor: reduction, static curve, knobs.

use crate::chain::Chain;
use crate::desk::Desk;
use dsp_core::dynamics::compressor::Settings;
use egui::{Ui, vec2};
use plumb_widgets::{Accent, Theme, Transfer, reduction_ui, transfer_ui};

/// Reduction from which on the working point is shown, in dB: below, it could be anywhere under the threshold.
const LEAST_REDUCTION_DB: f64 = 0.1;
/// Halvings in the search for the working point: 60 dB to a thousandth.
const HALVINGS: usize = 16;

const KNOBS: [(&str, &str); 10] = [
    ("comp_threshold_db", "Threshold"),
    ("comp_ratio", "Ratio"),
    ("comp_knee_db", "Knee"),
    ("comp_range_db", "Range"),
    ("comp_attack_ms", "Attack"),
    ("comp_release_ms", "Release"),
    ("comp_link_pct", "Link"),
    ("comp_key_low_cut_hz", "Key cut"),
    ("comp_makeup_db", "Make-up"),
    ("comp_mix_pct", "Mix"),
];

/// What the compressor's panel shows, and in what space.
#[derive(Clone, Copy, Debug)]
pub struct Compressor {
    /// As set.
    pub settings: Settings,
    /// What it takes away now.
    pub reduction_db: f64,
    /// Whether it can listen to a sidechain.
    pub has_key: bool,
    /// Knobs in a row.
    pub per_row: usize,
    /// Width of the curve.
    pub curve_width: f32,
    /// Height of the contents.
    pub height: f32,
}

/// The compressor's section.
pub fn compressor_panel_ui<C: Chain>(ui: &mut Ui, desk: &Desk<'_, C>, comp: &Compressor) {
    desk.section(ui, Accent::Compressor, "Compressor", Some("comp_on"), |ui, theme| {
        ui.horizontal_top(|ui| {
            ui.set_min_height(comp.height);
            reduction_ui(ui, theme, comp.height, "Comp GR", comp.reduction_db);
            ui.vertical(|ui| {
                let key_height = if comp.has_key { theme.choice_size.y + theme.gap } else { 0.0 };
                curve_ui(ui, theme, comp, comp.height - key_height);
                if comp.has_key {
                    desk.choice(ui, theme, "comp_key", "Key", comp.curve_width);
                }
            });
            desk.knobs(ui, theme, comp.per_row, &KNOBS);
        });
    });
}

fn curve_ui(ui: &mut Ui, theme: &Theme, comp: &Compressor, height: f32) {
    let theme = &Theme { transfer_size: vec2(comp.curve_width, height), ..*theme };
    let settings = &comp.settings;
    let transfer = Transfer {
        name: "Compressor curve",
        threshold_db: Some(settings.threshold_db),
        operating_db: working_point_db(settings, comp.reduction_db),
    };
    transfer_ui(ui, theme, &transfer, |input_db| settings.output_db(input_db));
}

/// Where on its curve the compressor works, told by what it takes away now: input and output in dB.
fn working_point_db(settings: &Settings, reduction_db: f64) -> Option<(f64, f64)> {
    if !settings.on || reduction_db < LEAST_REDUCTION_DB {
        return None;
    }
    let reduction_at = |input_db: f64| input_db + settings.makeup_db - settings.output_db(input_db);
    let (mut low_db, mut high_db) = (-60.0, 0.0);
    for _ in 0..HALVINGS {
        let middle_db = f64::midpoint(low_db, high_db);
        if reduction_at(middle_db) < reduction_db {
            low_db = middle_db;
        } else {
            high_db = middle_db;
        }
    }
    Some((high_db, settings.output_db(high_db)))
}

//! The limiter: what is turned often as knobs, the rest as lines, what is for the ear in the header.

use dsp_core::chain::master::MasterBus;
use dsp_core::limiter::settings::Detection;
use egui::{Ui, vec2};
use plumb_glue::Desk;
use plumb_glue::panels::{FRAME, lines_ui, lit_ui};
use plumb_widgets::{Accent, Theme, reduction_ui};

const KNOBS: [(&str, &str); 4] = [
    ("limiter_drive_db", "Drive"),
    ("limiter_ceiling_db", "Ceiling"),
    ("limiter_release_ms", "Release"),
    ("limiter_soft_clip_pct", "Soft clip"),
];
const STYLE: (&str, &str) = ("limiter_style", "Style");
const LOOKAHEAD: (&str, &str) = ("limiter_lookahead_ms", "Lookahead");
const LINKS: [(&str, &str); 2] =
    [("limiter_transient_link_pct", "Transient link"), ("limiter_release_link_pct", "Release link")];
/// Width of the column with the style, in points.
const STYLE_WIDTH: f32 = 160.0;
/// Height of a line, in points: three of them are as high as a knob.
const LINE_HEIGHT: f32 = 25.0;
/// Widths of the switches in the header, in points.
const AUTO_WIDTH: f32 = 98.0;
const UNITY_WIDTH: f32 = 84.0;
const DELTA_WIDTH: f32 = 56.0;

/// Width of the knobs, and of the lines under them.
fn knobs_width(theme: &Theme) -> f32 {
    KNOBS.len() as f32 * (theme.knob_cell.x + theme.gap) - theme.gap
}

/// Width of the section.
pub(super) fn width(theme: &Theme) -> f32 {
    theme.reduction_width + theme.gap + knobs_width(theme) + 2.0 * theme.gap + FRAME
}

/// The limiter's section.
pub(super) fn limiter_panel_ui(ui: &mut Ui, desk: &Desk<'_, MasterBus>, height: f32) {
    desk.section(ui, Accent::Limiter, "Limiter", Some("limiter_on"), |ui, theme| {
        let width = knobs_width(theme);
        header_ui(ui, theme, desk, theme.reduction_width + theme.gap + width);
        ui.horizontal_top(|ui| {
            reduction_ui(ui, theme, height, "Lim GR", desk.readings.limiter_reduction_db);
            ui.vertical(|ui| {
                desk.knobs(ui, theme, KNOBS.len(), &KNOBS);
                lines(ui, &Theme { switch_size: vec2(theme.switch_size.x, LINE_HEIGHT), ..*theme }, desk, width);
            });
        });
    });
}

fn header_ui(ui: &mut Ui, theme: &Theme, desk: &Desk<'_, MasterBus>, width: f32) {
    desk.header(ui, width, |ui| {
        for (id, name, width) in [
            ("limiter_delta", "Delta", DELTA_WIDTH),
            ("limiter_unity_gain", "Unity gain", UNITY_WIDTH),
            ("limiter_auto_release", "Auto release", AUTO_WIDTH),
        ] {
            desk.switch(ui, &Theme { switch_size: vec2(width, theme.switch_size.y), ..*theme }, id, name);
        }
    });
}

fn lines(ui: &mut Ui, theme: &Theme, desk: &Desk<'_, MasterBus>, width: f32) {
    desk.inline(ui, theme, "limiter_detection", "Detection", width);
    ui.horizontal_top(|ui| {
        lines_ui(ui, theme, desk, STYLE_WIDTH, &[&[STYLE]]);
        // Without latency there is no lookahead.
        lit_ui(ui, theme, desk.settings.limiter.detection != Detection::ZeroLatency, |ui| {
            let size = vec2(width - STYLE_WIDTH - theme.gap, theme.switch_size.y);
            desk.field(ui, theme, LOOKAHEAD.0, LOOKAHEAD.1, size);
        });
    });
    ui.horizontal_top(|ui| {
        let half = vec2((width - theme.gap) / 2.0, theme.switch_size.y);
        LINKS.iter().for_each(|(id, name)| desk.field(ui, theme, id, name, half));
    });
}

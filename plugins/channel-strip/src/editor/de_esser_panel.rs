//! The de-esser: reduction, three knobs, and lines for the rest.

use dsp_core::chain::channel::ChannelStrip;
use egui::{Ui, vec2};
use plumb_glue::Desk;
use plumb_glue::panels::{column_ui, knob_rows, lines_height};
use plumb_widgets::{Accent, Theme, reduction_ui};

const KNOBS: [(&str, &str); 3] =
    [("deess_freq_hz", "Freq"), ("deess_threshold_db", "Threshold"), ("deess_range_db", "Range")];
const TIMES: [(&str, &str); 2] = [("deess_attack_ms", "Attack"), ("deess_release_ms", "Release")];
const REST: [(&str, &str); 2] = [("deess_link_pct", "Link"), ("deess_listen", "Listen")];
/// Share of the width of the lines that the times take: listening has the longer texts.
const TIMES_SHARE: f32 = 0.47;
/// Width of the choice of a mode in the header, in points.
const MODE_WIDTH: f32 = 204.0;

/// Least height of the contents of its section.
pub(super) fn height(theme: &Theme) -> f32 {
    knob_rows(theme, 1) + theme.gap + lines_height(theme, TIMES.len())
}

/// The de-esser's section, with contents of a width of 320 or more and a height.
pub(super) fn de_esser_panel_ui(ui: &mut Ui, desk: &Desk<'_, ChannelStrip>, width: f32, height: f32) {
    desk.section(ui, Accent::DeEsser, "De-esser", Some("deess_on"), |ui, theme| {
        desk.header(ui, width, |ui| desk.inline(ui, theme, "deess_mode", "Mode", MODE_WIDTH));
        ui.horizontal_top(|ui| {
            reduction_ui(ui, theme, height, "Ess GR", desk.readings.de_esser_reduction_db);
            let room = width - theme.reduction_width - theme.gap;
            ui.vertical(|ui| {
                let cell = vec2((room + theme.gap) / KNOBS.len() as f32 - theme.gap, theme.knob_cell.y);
                desk.knobs(ui, &Theme { knob_cell: cell, ..*theme }, KNOBS.len(), &KNOBS);
                ui.horizontal_top(|ui| {
                    let times = (room - theme.gap) * TIMES_SHARE;
                    column_ui(ui, theme, desk, times, &TIMES);
                    column_ui(ui, theme, desk, room - theme.gap - times, &REST);
                });
            });
        });
    });
}

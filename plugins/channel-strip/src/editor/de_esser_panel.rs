//! The de-esser: gain reduction, three knobs, and one-line controls for the rest.

use egui::{Ui, vec2};
use plumb_controls::DeEsser;
use plumb_panels::{StripContext, column_ui, knob_rows, lines_height};
use plumb_widgets::{Accent, Theme, reduction_ui};

const KNOBS: [(DeEsser, &str); 3] =
    [(DeEsser::FreqHz, "Freq"), (DeEsser::ThresholdDb, "Threshold"), (DeEsser::RangeDb, "Range")];
const TIMES: [(DeEsser, &str); 2] = [(DeEsser::AttackMs, "Attack"), (DeEsser::ReleaseMs, "Release")];
const REST: [(DeEsser, &str); 2] = [(DeEsser::LinkPct, "Link"), (DeEsser::Listen, "Listen")];
/// Share of the width for the times: the choice of what to listen to has longer texts.
const TIMES_SHARE: f32 = 0.47;
/// Width of the choice of a mode in the header, in points.
const MODE_WIDTH: f32 = 204.0;

/// Least height of the contents of its section.
pub(super) fn height(theme: &Theme) -> f32 {
    knob_rows(theme, 1) + theme.gap + lines_height(theme, TIMES.len())
}

/// The de-esser's section, with contents of a width of 320 or more and a height.
pub(super) fn de_esser_panel_ui(ui: &mut Ui, context: &StripContext<'_>, width: f32, height: f32) {
    context.section(ui, Accent::DeEsser, "De-esser", Some(DeEsser::On.into()), |ui, theme| {
        context.header(ui, width, |ui| context.inline(ui, theme, DeEsser::Mode, "Mode", MODE_WIDTH));
        ui.horizontal_top(|ui| {
            reduction_ui(ui, theme, height, "De-ess GR", context.readings.de_esser_reduction_db);
            let room = width - theme.reduction_width - theme.gap;
            ui.vertical(|ui| {
                let cell = vec2((room + theme.gap) / KNOBS.len() as f32 - theme.gap, theme.knob_cell.y);
                context.knobs(ui, &Theme { knob_cell: cell, ..*theme }, KNOBS.len(), &KNOBS);
                ui.horizontal_top(|ui| {
                    let times = (room - theme.gap) * TIMES_SHARE;
                    column_ui(ui, theme, context, times, &TIMES);
                    column_ui(ui, theme, context, room - theme.gap - times, &REST);
                });
            });
        });
    });
}

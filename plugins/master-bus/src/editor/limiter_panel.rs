//! The limiter: knobs, one-line controls for the rest, monitoring aids in the header.

use dsp_core::limiter::settings::Detection;
use egui::{Ui, vec2};
use plumb_controls::bus::Limiter;
use plumb_panels::{BusContext, FRAME, lines_ui, lit_ui};
use plumb_widgets::{Accent, Theme, reduction_ui};

const KNOBS: [(Limiter, &str); 4] = [
    (Limiter::DriveDb, "Drive"),
    (Limiter::CeilingDb, "Ceiling"),
    (Limiter::ReleaseMs, "Release"),
    (Limiter::SoftClipPct, "Soft clip"),
];
const STYLE: (Limiter, &str) = (Limiter::Style, "Style");
const LOOKAHEAD: (Limiter, &str) = (Limiter::LookaheadMs, "Lookahead");
const LINKS: [(Limiter, &str); 2] =
    [(Limiter::TransientLinkPct, "Transient link"), (Limiter::ReleaseLinkPct, "Release link")];
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
pub(super) fn limiter_panel_ui(ui: &mut Ui, context: &BusContext<'_>, height: f32) {
    context.section(ui, Accent::Limiter, "Limiter", Some(Limiter::On.into()), |ui, theme| {
        let width = knobs_width(theme);
        header_ui(ui, theme, context, theme.reduction_width + theme.gap + width);
        ui.horizontal_top(|ui| {
            reduction_ui(ui, theme, height, "Lim GR", context.readings.limiter_reduction_db);
            ui.vertical(|ui| {
                context.knobs(ui, theme, KNOBS.len(), &KNOBS);
                lines(ui, &Theme { switch_size: vec2(theme.switch_size.x, LINE_HEIGHT), ..*theme }, context, width);
            });
        });
    });
}

fn header_ui(ui: &mut Ui, theme: &Theme, context: &BusContext<'_>, width: f32) {
    context.header(ui, width, |ui| {
        for (id, name, width) in [
            (Limiter::Delta, "Delta", DELTA_WIDTH),
            (Limiter::UnityGain, "Unity gain", UNITY_WIDTH),
            (Limiter::AutoRelease, "Auto release", AUTO_WIDTH),
        ] {
            context.switch(ui, &Theme { switch_size: vec2(width, theme.switch_size.y), ..*theme }, id, name);
        }
    });
}

fn lines(ui: &mut Ui, theme: &Theme, context: &BusContext<'_>, width: f32) {
    context.inline(ui, theme, Limiter::Detection, "Detection", width);
    ui.horizontal_top(|ui| {
        lines_ui(ui, theme, context, STYLE_WIDTH, &[&[STYLE]]);
        // Without latency there is no lookahead.
        lit_ui(ui, theme, context.settings.limiter.detection != Detection::ZeroLatency, |ui| {
            let size = vec2(width - STYLE_WIDTH - theme.gap, theme.switch_size.y);
            context.field(ui, theme, LOOKAHEAD.0, LOOKAHEAD.1, size);
        });
    });
    ui.horizontal_top(|ui| {
        let half = vec2((width - theme.gap) / 2.0, theme.switch_size.y);
        LINKS.iter().for_each(|(id, name)| context.field(ui, theme, *id, name, half));
    });
}

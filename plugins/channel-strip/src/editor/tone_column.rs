//! The column beside the equaliser: saturation, de-esser, width and pan, clipper.

use super::de_esser_panel::{self, de_esser_panel_ui};
use super::saturation_panel::{self, saturation_panel_ui};
use egui::{Ui, vec2};
use plumb_controls::Clipper;
use plumb_controls::strip::Stereo;
use plumb_panels::FRAME;
use plumb_panels::StripContext;
use plumb_widgets::{Accent, Theme};

/// Width of the contents of its sections, in points.
const CONTENTS_WIDTH: f32 = 328.0;
/// Widths in the clipper's header, in points.
const OVERSAMPLING_WIDTH: f32 = 160.0;
const DELTA_WIDTH: f32 = 52.0;

const CLIPPER: [(Clipper, &str); 3] =
    [(Clipper::DriveDb, "Drive"), (Clipper::CeilingDb, "Ceiling"), (Clipper::KneePct, "Knee")];

/// Width of the column.
pub(super) fn width(theme: &Theme) -> f32 {
    CONTENTS_WIDTH + 2.0 * theme.gap + FRAME
}

/// The four sections; the de-esser takes the height that the others leave.
pub(super) fn tone_column_ui(ui: &mut Ui, context: &StripContext<'_>) {
    let theme = &context.theme;
    let section = |contents: f32| contents + theme.header_height + 3.0 * theme.gap + FRAME;
    let stereo_height = theme.switch_size.y;
    let others = section(saturation_panel::height(theme)) + 2.0 * section(stereo_height) + 3.0 * theme.gap;
    let de_esser_height = (ui.available_height() - others - section(0.0)).max(de_esser_panel::height(theme));
    ui.vertical(|ui| {
        saturation_panel_ui(ui, context, CONTENTS_WIDTH);
        de_esser_panel_ui(ui, context, CONTENTS_WIDTH, de_esser_height);
        context.section(ui, Accent::Stereo, "Stereo", None, |ui, theme| {
            ui.horizontal_top(|ui| {
                let size = vec2((CONTENTS_WIDTH + theme.gap) / 3.0 - theme.gap, stereo_height);
                context.field(ui, theme, Stereo::MonoBelowHz, "Mono", size);
                context.field(ui, theme, Stereo::WidthPct, "Width", size);
                context.field(ui, theme, Stereo::PanPct, "Pan", size);
            });
        });
        clipper_ui(ui, context, stereo_height);
    });
}

fn clipper_ui(ui: &mut Ui, context: &StripContext<'_>, height: f32) {
    context.section(ui, Accent::Limiter, "Clipper", Some(Clipper::On.into()), |ui, theme| {
        context.header(ui, CONTENTS_WIDTH, |ui| {
            let delta = Theme { switch_size: vec2(DELTA_WIDTH, theme.switch_size.y), ..*theme };
            context.switch(ui, &delta, Clipper::Delta, "Delta");
            context.inline(ui, theme, Clipper::Oversampling, "Oversampling", OVERSAMPLING_WIDTH);
        });
        ui.horizontal_top(|ui| {
            let width = (CONTENTS_WIDTH + theme.gap) / CLIPPER.len() as f32 - theme.gap;
            CLIPPER.iter().for_each(|(id, name)| context.field(ui, theme, *id, name, vec2(width, height)));
        });
    });
}

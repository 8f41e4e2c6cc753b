//! What follows the equaliser, one above the other: saturation, de-esser, width and pan.

use super::de_esser_panel::{self, de_esser_panel_ui};
use super::saturation_panel::{self, saturation_panel_ui};
use dsp_core::chain::channel::ChannelStrip;
use egui::{Ui, vec2};
use plumb_glue::Desk;
use plumb_glue::panels::FRAME;
use plumb_widgets::{Accent, Theme};

/// Width of the contents of its sections, in points.
const CONTENTS_WIDTH: f32 = 328.0;

/// Width of the column.
pub(super) fn width(theme: &Theme) -> f32 {
    CONTENTS_WIDTH + 2.0 * theme.gap + FRAME
}

/// The three sections; the de-esser is as high as the others leave room.
pub(super) fn tone_column_ui(ui: &mut Ui, desk: &Desk<'_, ChannelStrip>) {
    let theme = &desk.theme;
    let section = |contents: f32| contents + theme.header_height + 3.0 * theme.gap + FRAME;
    let stereo_height = theme.switch_size.y;
    let others = section(saturation_panel::height(theme)) + section(stereo_height) + 2.0 * theme.gap;
    let de_esser_height = (ui.available_height() - others - section(0.0)).max(de_esser_panel::height(theme));
    ui.vertical(|ui| {
        saturation_panel_ui(ui, desk, CONTENTS_WIDTH);
        de_esser_panel_ui(ui, desk, CONTENTS_WIDTH, de_esser_height);
        desk.section(ui, Accent::Stereo, "Stereo", None, |ui, theme| {
            ui.horizontal_top(|ui| {
                let size = vec2((CONTENTS_WIDTH - theme.gap) / 2.0, stereo_height);
                desk.field(ui, theme, "stereo_width_pct", "Width", size);
                desk.field(ui, theme, "stereo_pan_pct", "Pan", size);
            });
        });
    });
}

//! The bus's editor: in the upper part what has a graph (equaliser, multiband, de-esser, meters, one at a time) between the
//! levels that go in and come out; in the lower part compressor and limiter; width and dither in the line at the top.

mod bands;
mod de_esser_panel;
mod eq_panel;
mod history;
mod limiter_panel;
mod meters_panel;
mod multiband_band;
mod multiband_graph;
mod multiband_panel;
mod output_panel;
mod scope;
mod upper;

use dsp_core::chain::master::MasterBus;
use dsp_core::dither::Depth;
use egui::{Ui, vec2};
use plumb_glue::panels::{
    Compressor, FRAME, Lines, Spectra, compressor_panel_ui, header_ui, level_ui, lit_ui, page_ui,
};
use plumb_glue::{Desk, Face};
use plumb_widgets::{Accent, Theme};
use upper::View;

/// Height of the line at the top, in points.
const HEADER_HEIGHT: f32 = 34.0;
/// Size of the width's field in it, in points.
const WIDTH_SIZE: egui::Vec2 = vec2(140.0, 26.0);
/// Widths of what there is to the dither in it, in points: word length, spectrum, a switch.
const DITHER_WIDTHS: [f32; 3] = [140.0, 200.0, 88.0];

/// Narrowest the compressor's curve may be, in points.
const CURVE_WIDTH: f32 = 90.0;

/// What the user has selected, and looks at.
#[derive(Debug, Default)]
pub struct Editor {
    /// Which section the upper part shows.
    view: View,
    /// The equaliser's band in hand.
    band: usize,
    /// The multiband's band in hand.
    multiband: usize,
    spectra: Spectra,
    history: history::History,
    scope: scope::Scope,
}

impl Face<MasterBus> for Editor {
    const SIZE: (f32, f32) = (1280.0, 840.0);
    const MIN_SIZE: (f32, f32) = (1240.0, 820.0);

    fn ui(&mut self, ui: &mut Ui, desk: &Desk<'_, MasterBus>) {
        page_ui(ui, desk, |ui| {
            let bypass = |ui: &mut Ui, theme: &Theme| desk.switch(ui, theme, "bypass", "Bypass");
            header_ui(ui, desk, "Plumb Master Bus", HEADER_HEIGHT, bypass, |ui, theme| ends_ui(ui, theme, desk));
            let lower = section_height(&desk.theme, Compressor::height(&desk.theme, Lines::Beside));
            let height = ui.available_height() - lower - desk.theme.gap;
            let contents = height - section_height(&desk.theme, 0.0);
            ui.horizontal_top(|ui| {
                input_panel_ui(ui, desk, contents);
                let width = ui.available_width() - output_panel::width(&desk.theme) - 3.0 * desk.theme.gap - FRAME;
                self.upper_ui(ui, desk, vec2(width, contents));
                output_panel::output_panel_ui(ui, desk, contents);
            });
            ui.horizontal_top(|ui| dynamics_row_ui(ui, desk));
        });
    }
}

/// Height of a section around contents of a height.
fn section_height(theme: &Theme, contents: f32) -> f32 {
    contents + theme.header_height + 3.0 * theme.gap + FRAME
}

/// What has no panel of its own, from the right.
fn ends_ui(ui: &mut Ui, theme: &Theme, desk: &Desk<'_, MasterBus>) {
    let [depth, shape, blank] = DITHER_WIDTHS;
    let switch = Theme { switch_size: vec2(blank, WIDTH_SIZE.y), ..*theme };
    lit_ui(ui, theme, desk.settings.dither.depth != Depth::Off, |ui| {
        desk.switch(ui, &switch, "dither_auto_blank", "Auto blank");
        desk.inline(ui, theme, "dither_shaping", "Shaping", shape);
    });
    desk.inline(ui, theme, "dither_depth", "Dither", depth);
    ui.add_space(theme.gap);
    desk.field(ui, &theme.with_accent(Accent::Stereo), "stereo_width_pct", "Width", WIDTH_SIZE);
}

fn input_panel_ui(ui: &mut Ui, desk: &Desk<'_, MasterBus>, height: f32) {
    desk.section(ui, Accent::Input, "Input", None, |ui, theme| {
        let (peak_dbfs, rms_dbfs) = (desk.readings.input_peak_dbfs, desk.readings.input_rms_dbfs);
        level_ui(ui, theme, height, desk.settings.meters.scale, peak_dbfs, rms_dbfs);
    });
}

fn dynamics_row_ui(ui: &mut Ui, desk: &Desk<'_, MasterBus>) {
    let theme = &desk.theme;
    let bare = Compressor::width_without_curve(theme, Lines::Beside) + 2.0 * theme.gap + FRAME;
    let comp = Compressor {
        settings: desk.settings.compressor,
        reductions_db: desk.readings.compressor_reductions_db,
        curve_width: (ui.available_width() - limiter_panel::width(theme) - theme.gap - bare).max(CURVE_WIDTH),
        lines: Lines::Beside,
    };
    compressor_panel_ui(ui, desk, &comp);
    limiter_panel::limiter_panel_ui(ui, desk, Compressor::height(theme, Lines::Beside));
}

#[cfg(test)]
mod tests;

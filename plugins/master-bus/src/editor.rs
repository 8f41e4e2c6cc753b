//! The bus's editor, in the order of the signal: input, equaliser; compressor, width, limiter, dither; what comes out.

mod eq_panel;
mod limiter_panel;
mod output_panel;

use dsp_core::chain::master::MasterBus;
use egui::{Ui, vec2};
use plumb_glue::panels::{Compressor, FRAME, Spectra, compressor_panel_ui, header_ui, level, page_ui};
use plumb_glue::{Desk, Face};
use plumb_widgets::{Accent, Theme, meter_ui};

/// Height of the line at the top, in points.
const HEADER_HEIGHT: f32 = 34.0;
/// Narrowest the compressor's curve may be, in points: as wide as it is high.
const CURVE_WIDTH: f32 = 182.0;

/// What the user has selected, and looks at.
#[derive(Debug, Default)]
pub struct Editor {
    band: usize,
    spectra: Spectra,
}

impl Face<MasterBus> for Editor {
    const SIZE: (f32, f32) = (1240.0, 820.0);
    const MIN_SIZE: (f32, f32) = (1180.0, 800.0);

    fn ui(&mut self, ui: &mut Ui, desk: &Desk<'_, MasterBus>) {
        page_ui(ui, desk, |ui| {
            let extra_width = ui.available_width() - (Self::MIN_SIZE.0 - 2.0 * desk.theme.gap);
            let bypass = |ui: &mut Ui, theme: &Theme| desk.switch(ui, theme, "bypass", "Bypass");
            header_ui(ui, desk, "Plumb Master Bus", HEADER_HEIGHT, bypass, |_, _| {});
            let height = ui.available_height() - section_height(&desk.theme, knob_rows(&desk.theme)) - desk.theme.gap;
            ui.horizontal_top(|ui| {
                let contents = height - section_height(&desk.theme, 0.0);
                input_panel_ui(ui, desk, contents);
                eq_panel::eq_panel_ui(ui, desk, &mut self.band, &mut self.spectra, contents);
                output_panel::output_panel_ui(ui, desk, contents);
            });
            ui.horizontal_top(|ui| dynamics_row_ui(ui, desk, extra_width.max(0.0)));
        });
    }
}

/// Height of a section around contents of a height.
fn section_height(theme: &Theme, contents: f32) -> f32 {
    contents + theme.header_height + 3.0 * theme.gap + FRAME
}

/// Height of the contents of the lower row: two rows of knobs.
fn knob_rows(theme: &Theme) -> f32 {
    2.0 * theme.knob_cell.y + theme.gap
}

fn input_panel_ui(ui: &mut Ui, desk: &Desk<'_, MasterBus>, height: f32) {
    desk.section(ui, Accent::Input, "Input", None, |ui, theme| {
        let channels = level(desk.readings.input_peak_dbfs, desk.readings.input_rms_dbfs);
        meter_ui(ui, theme, height, "Level", &channels, None);
    });
}

fn dynamics_row_ui(ui: &mut Ui, desk: &Desk<'_, MasterBus>, extra_width: f32) {
    let height = knob_rows(&desk.theme);
    let comp = Compressor {
        settings: desk.settings.compressor,
        reduction_db: desk.readings.compressor_reduction_db,
        has_key: false,
        per_row: 5,
        curve_width: CURVE_WIDTH + extra_width,
        height,
    };
    compressor_panel_ui(ui, desk, &comp);
    desk.section(ui, Accent::Stereo, "Stereo", None, |ui, theme| {
        ui.set_min_size(vec2(theme.knob_cell.x, height));
        desk.knob(ui, theme, "width_pct", "Width");
    });
    limiter_panel::limiter_panel_ui(ui, desk, height);
    limiter_panel::dither_panel_ui(ui, desk, height);
}

#[cfg(test)]
mod tests;

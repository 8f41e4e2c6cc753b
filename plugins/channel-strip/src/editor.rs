//! The strip's editor, in the order of the signal: input and cuts, gate, compressor; equaliser, stereo, output.

mod eq_panel;
mod gate_panel;
mod input_panel;
mod output_panel;

use dsp_core::chain::channel::ChannelStrip;
use egui::Ui;
use plumb_glue::panels::{Compressor, Spectra, compressor_panel_ui, header_ui, page_ui};
use plumb_glue::{Desk, Face};
use plumb_widgets::{Theme, Tone, readout_ui};

/// Height of the line at the top, in points: a readout's.
const HEADER_HEIGHT: f32 = 56.0;
/// Narrowest the compressor's curve may be, in points: as wide as it is high.
const CURVE_WIDTH: f32 = 224.0;
/// Rows of knobs in the upper row of sections.
const ROWS: f32 = 3.0;

/// What the user has selected, and looks at.
#[derive(Debug, Default)]
pub struct Editor {
    band: usize,
    spectra: Spectra,
}

impl Face<ChannelStrip> for Editor {
    const SIZE: (f32, f32) = (1240.0, 820.0);
    const MIN_SIZE: (f32, f32) = (1180.0, 800.0);

    fn ui(&mut self, ui: &mut Ui, desk: &Desk<'_, ChannelStrip>) {
        page_ui(ui, desk, |ui| {
            let extra_width = ui.available_width() - (Self::MIN_SIZE.0 - 2.0 * desk.theme.gap);
            header_panel_ui(ui, desk);
            ui.horizontal_top(|ui| dynamics_row_ui(ui, desk, extra_width.max(0.0)));
            ui.horizontal_top(|ui| {
                eq_panel::eq_panel_ui(ui, desk, &mut self.band, &mut self.spectra);
                output_panel::output_panel_ui(ui, desk);
            });
        });
    }
}

fn header_panel_ui(ui: &mut Ui, desk: &Desk<'_, ChannelStrip>) {
    let bypass_and_order = |ui: &mut Ui, theme: &Theme| {
        desk.switch(ui, theme, "bypass", "Bypass");
        desk.choice(ui, theme, "order", "Order", theme.choice_size.x);
    };
    header_ui(ui, desk, "Plumb Channel Strip", HEADER_HEIGHT, bypass_and_order, |ui, theme| {
        readout_ui(ui, theme, "Short-term", desk.readings.short_term_lufs, "LUFS", Tone::Plain);
        readout_ui(ui, theme, "Momentary", desk.readings.momentary_lufs, "LUFS", Tone::Plain);
    });
}

/// Height of so many rows of knobs.
fn knob_rows(theme: &Theme, rows: f32) -> f32 {
    rows * theme.knob_cell.y + (rows - 1.0) * theme.gap
}

fn dynamics_row_ui(ui: &mut Ui, desk: &Desk<'_, ChannelStrip>, extra_width: f32) {
    let height = knob_rows(&desk.theme, ROWS);
    input_panel::input_panel_ui(ui, desk, height);
    gate_panel::gate_panel_ui(ui, desk, height);
    let comp = Compressor {
        settings: desk.settings.compressor,
        reduction_db: desk.readings.compressor_reduction_db,
        has_key: true,
        per_row: 4,
        curve_width: CURVE_WIDTH + extra_width,
        height,
    };
    compressor_panel_ui(ui, desk, &comp);
}

#[cfg(test)]
mod tests;

//! The strip's editor, in the order of the signal: input and cuts, gate, compressor; equaliser, saturation, de-esser,
//! stereo, output.

mod de_esser_panel;
mod eq_panel;
mod gate_panel;
mod input_panel;
mod output_panel;
mod saturation_panel;
mod tone_column;

use dsp_core::chain::channel::ChannelStrip;
use egui::Ui;
use plumb_glue::panels::{Compressor, Lines, Spectra, compressor_panel_ui, header_ui, page_ui};
use plumb_glue::{Desk, Face};
use plumb_widgets::{Theme, Tone, readout_ui};

/// Height of the line at the top, in points: a readout's.
const HEADER_HEIGHT: f32 = 56.0;
/// Width of the choice of a scale in it, in points.
const SCALE_WIDTH: f32 = 90.0;
/// Narrowest the compressor's curve may be, in points: about as wide as it is high.
const CURVE_WIDTH: f32 = 190.0;

/// What the user has selected, and looks at.
#[derive(Debug, Default)]
pub struct Editor {
    band: usize,
    spectra: Spectra,
}

impl Face<ChannelStrip> for Editor {
    const SIZE: (f32, f32) = (1280.0, 860.0);
    const MIN_SIZE: (f32, f32) = (1240.0, 852.0);

    fn ui(&mut self, ui: &mut Ui, desk: &Desk<'_, ChannelStrip>) {
        page_ui(ui, desk, |ui| {
            let extra_width = ui.available_width() - (Self::MIN_SIZE.0 - 2.0 * desk.theme.gap);
            header_panel_ui(ui, desk);
            ui.horizontal_top(|ui| dynamics_row_ui(ui, desk, extra_width.max(0.0)));
            ui.horizontal_top(|ui| {
                eq_panel::eq_panel_ui(ui, desk, &mut self.band, &mut self.spectra);
                tone_column::tone_column_ui(ui, desk);
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
        desk.choice(ui, theme, "meter_scale", "Level scale", SCALE_WIDTH);
    });
}

fn dynamics_row_ui(ui: &mut Ui, desk: &Desk<'_, ChannelStrip>, extra_width: f32) {
    let height = Compressor::height(&desk.theme, Lines::Below);
    input_panel::input_panel_ui(ui, desk, height);
    gate_panel::gate_panel_ui(ui, desk, height);
    let comp = Compressor {
        settings: desk.settings.compressor,
        reductions_db: desk.readings.compressor_reductions_db,
        curve_width: CURVE_WIDTH + extra_width,
        lines: Lines::Below,
    };
    compressor_panel_ui(ui, desk, &comp);
}

#[cfg(test)]
mod tests;

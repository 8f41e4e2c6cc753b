//! The strip's editor, in the order of the signal: input and cuts, gate, transient shaper, compressor; equaliser,
//! saturation, de-esser, stereo, output.

mod de_esser_panel;
mod eq_panel;
mod gate_panel;
mod input_panel;
mod output_panel;
mod saturation_panel;
mod tone_column;
mod transient_panel;

use dsp_core::Choice;
use dsp_core::chain::channel::{Readings, Section, Settings};
use egui::{Ui, vec2};
use plumb_controls::strip::{Main, Meters, Order};
use plumb_panels::{CompressorPanel, EditorUi, Lines, Spectra, StripContext, compressor_panel_ui, header_ui, page_ui};
use plumb_widgets::{Accent, FlowStep, Theme, Tone, readout_ui};

/// Height of the line at the top, in points: a readout's.
const HEADER_HEIGHT: f32 = 56.0;
/// Width of the choice of a scale in it, in points.
const SCALE_WIDTH: f32 = 90.0;
/// Width of a section on the line of their order, in points.
const FLOW_STEP_WIDTH: f32 = 76.0;
/// Least width of the compressor's curve, in points: about its height.
const CURVE_WIDTH: f32 = 190.0;

/// What the user has selected.
#[derive(Debug, Default)]
pub struct Editor {
    band: usize,
    spectra: Spectra,
}

impl EditorUi for Editor {
    type Settings = Settings;
    type Readings = Readings;

    const SIZE: (f32, f32) = (1400.0, 944.0);
    const MIN_SIZE: (f32, f32) = (1360.0, 936.0);

    fn ui(&mut self, ui: &mut Ui, context: &StripContext<'_>) {
        page_ui(ui, context, |ui| {
            let extra_width = ui.available_width() - (Self::MIN_SIZE.0 - 2.0 * context.theme.gap);
            header_panel_ui(ui, context);
            ui.horizontal_top(|ui| dynamics_row_ui(ui, context, extra_width.max(0.0)));
            ui.horizontal_top(|ui| {
                eq_panel::eq_panel_ui(ui, context, &mut self.band, &mut self.spectra);
                tone_column::tone_column_ui(ui, context);
                output_panel::output_panel_ui(ui, context);
            });
        });
    }
}

fn header_panel_ui(ui: &mut Ui, context: &StripContext<'_>) {
    let bypass_and_order = |ui: &mut Ui, theme: &Theme| {
        context.switch(ui, theme, Main::Bypass, "Bypass");
        order_ui(ui, theme, context);
    };
    header_ui(ui, context, "Plumb Channel Strip", HEADER_HEIGHT, bypass_and_order, |ui, theme| {
        readout_ui(ui, theme, "Short-term", context.readings.short_term_lufs, "LUFS", Tone::Plain);
        readout_ui(ui, theme, "Momentary", context.readings.momentary_lufs, "LUFS", Tone::Plain);
        context.choice(ui, theme, Meters::Scale, "Level scale", SCALE_WIDTH);
    });
}

/// The order of the sections, each in its hue.
fn order_ui(ui: &mut Ui, theme: &Theme, context: &StripContext<'_>) {
    let settings = &context.settings;
    let steps = settings.order.sections().map(|section| {
        let (accent, on) = match section {
            Section::Gate => (Accent::Gate, settings.gate.on),
            Section::Compressor => (Accent::Compressor, settings.compressor.on),
            Section::Eq => (Accent::Eq, settings.eq.on),
            Section::Saturation => (Accent::Saturation, settings.saturation.on),
            Section::DeEsser => (Accent::DeEsser, settings.de_esser.on),
            Section::Transient => (Accent::Transient, settings.transient.on),
        };
        FlowStep { name: Section::TEXTS[section.index()], color: accent.color(), on }
    });
    let size = vec2(FLOW_STEP_WIDTH * steps.len() as f32, theme.switch_size.y);
    context.flow(ui, theme, Order::Order, size, &steps, |to| {
        settings.order.with_moved(settings.order.sections()[to.from], to.to).code() as f64
    });
}

fn dynamics_row_ui(ui: &mut Ui, context: &StripContext<'_>, extra_width: f32) {
    let height = CompressorPanel::height(&context.theme, Lines::Below);
    input_panel::input_panel_ui(ui, context, height);
    gate_panel::gate_panel_ui(ui, context, height);
    transient_panel::transient_panel_ui(ui, context);
    let comp = CompressorPanel {
        settings: context.settings.compressor,
        reductions_db: context.readings.compressor_reductions_db,
        curve_width: CURVE_WIDTH + extra_width,
        lines: Lines::Below,
    };
    compressor_panel_ui(ui, context, &comp);
}

#[cfg(test)]
mod tests;

//! The bus's editor. Above, between the levels of input and output, one of the sections with a graph: equaliser,
//! multiband, de-esser or meters. Below, compressor and limiter. Width and dither are in the line at the top.

mod bands;
mod clipper_panel;
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

use dsp_core::Choice;
use dsp_core::chain::master::{Readings, Section, Settings};
use dsp_core::dither::Depth;
use egui::{Ui, vec2};
use plumb_controls::bus::{Dither, Main, Order, Stereo};
use plumb_panels::{
    BusContext, CompressorPanel, EditorUi, FRAME, Lines, compressor_panel_ui, header_ui, level_ui, lit_ui, page_ui,
};
use plumb_widgets::{Accent, FlowStep, Theme};
use upper::Upper;

/// Height of the line at the top, in points.
const HEADER_HEIGHT: f32 = 34.0;
/// Size of the fields of width and mono below in it, in points.
const WIDTH_SIZE: egui::Vec2 = vec2(120.0, 26.0);
/// Widths of the dither's controls in it, in points: word length, spectrum, auto blank.
const DITHER_WIDTHS: [f32; 3] = [140.0, 200.0, 88.0];

/// Width of a section on the line of their order, in points.
const FLOW_STEP_WIDTH: f32 = 64.0;
/// Least width of the compressor's curve, in points.
const CURVE_WIDTH: f32 = 90.0;

/// What the user has selected.
#[derive(Debug, Default)]
pub struct Editor {
    upper: Upper,
}

impl EditorUi for Editor {
    type Settings = Settings;
    type Readings = Readings;

    const SIZE: (f32, f32) = (1360.0, 840.0);
    const MIN_SIZE: (f32, f32) = (1320.0, 820.0);

    fn ui(&mut self, ui: &mut Ui, context: &BusContext<'_>) {
        page_ui(ui, context, |ui| {
            let bypass_and_order = |ui: &mut Ui, theme: &Theme| {
                context.switch(ui, theme, Main::Bypass, "Bypass");
                order_ui(ui, theme, context);
            };
            header_ui(ui, context, "Plumb Master Bus", HEADER_HEIGHT, bypass_and_order, |ui, theme| {
                ends_ui(ui, theme, context);
            });
            let lower = section_height(&context.theme, CompressorPanel::height(&context.theme, Lines::Beside));
            let height = ui.available_height() - lower - context.theme.gap;
            let contents = height - section_height(&context.theme, 0.0);
            ui.horizontal_top(|ui| {
                input_panel_ui(ui, context, contents);
                let width =
                    ui.available_width() - output_panel::width(&context.theme) - 3.0 * context.theme.gap - FRAME;
                self.upper.ui(ui, context, vec2(width, contents));
                output_panel::output_panel_ui(ui, context, contents);
            });
            ui.horizontal_top(|ui| dynamics_row_ui(ui, context));
        });
    }
}

/// The order of the sections, each in its hue.
fn order_ui(ui: &mut Ui, theme: &Theme, context: &BusContext<'_>) {
    let settings = &context.settings;
    let steps = settings.order.sections().map(|section| {
        let (accent, on) = match section {
            Section::Eq => (Accent::Eq, settings.eq.on),
            Section::Compressor => (Accent::Compressor, settings.compressor.on),
            Section::Multiband => (Accent::Multiband, settings.multiband.on),
            Section::DeEsser => (Accent::DeEsser, settings.de_esser.on),
        };
        FlowStep { name: Section::TEXTS[section.index()], color: accent.color(), on }
    });
    let size = vec2(FLOW_STEP_WIDTH * steps.len() as f32, theme.switch_size.y);
    context.flow(ui, theme, Order::Order, size, &steps, |to| {
        settings.order.with_moved(settings.order.sections()[to.from], to.to).code() as f64
    });
}

/// Height of a section around contents of a height.
fn section_height(theme: &Theme, contents: f32) -> f32 {
    contents + theme.header_height + 3.0 * theme.gap + FRAME
}

/// The controls without a panel of their own, from the right.
fn ends_ui(ui: &mut Ui, theme: &Theme, context: &BusContext<'_>) {
    let [depth, shape, blank] = DITHER_WIDTHS;
    let switch = Theme { switch_size: vec2(blank, WIDTH_SIZE.y), ..*theme };
    lit_ui(ui, theme, context.settings.dither.depth != Depth::Off, |ui| {
        context.switch(ui, &switch, Dither::AutoBlank, "Auto blank");
        context.inline(ui, theme, Dither::Shaping, "Shaping", shape);
    });
    context.inline(ui, theme, Dither::Depth, "Dither", depth);
    ui.add_space(theme.gap);
    let stereo = &theme.with_accent(Accent::Stereo);
    context.field(ui, stereo, Stereo::WidthPct, "Width", WIDTH_SIZE);
    context.field(ui, stereo, Stereo::MonoBelowHz, "Mono", WIDTH_SIZE);
}

fn input_panel_ui(ui: &mut Ui, context: &BusContext<'_>, height: f32) {
    context.section(ui, Accent::Input, "Input", None, |ui, theme| {
        let (peak_dbfs, rms_dbfs) = (context.readings.input_peak_dbfs, context.readings.input_rms_dbfs);
        level_ui(ui, theme, height, context.settings.meters.scale, peak_dbfs, rms_dbfs);
    });
}

fn dynamics_row_ui(ui: &mut Ui, context: &BusContext<'_>) {
    let theme = &context.theme;
    let bare = CompressorPanel::width_without_curve(theme, Lines::Beside) + 2.0 * theme.gap + FRAME;
    let comp = CompressorPanel {
        settings: context.settings.compressor,
        reductions_db: context.readings.compressor_reductions_db,
        curve_width: (ui.available_width() - limiter_panel::width(theme) - theme.gap - bare).max(CURVE_WIDTH),
        lines: Lines::Beside,
    };
    compressor_panel_ui(ui, context, &comp);
    limiter_panel::limiter_panel_ui(ui, context, CompressorPanel::height(theme, Lines::Beside));
}

#[cfg(test)]
mod tests;

//! The page that holds the panels, and its header.

use crate::context::PanelContext;
use dsp_core::meter::scale::MeterScale;
use egui::{Align, FontId, Frame, Label, Layout, Margin, RichText, Ui, vec2};
use plumb_controls::ControlTable;
use plumb_widgets::{LevelScale, Reading, Theme, meter_ui};

/// Width of a section's two edges, in points.
pub const FRAME: f32 = 2.0;
/// Height of the product's name, in points.
const NAME_SIZE: f32 = 20.0;

/// Everything, within a margin.
pub fn page_ui<S: ControlTable, R>(ui: &mut Ui, context: &PanelContext<'_, S, R>, contents: impl FnOnce(&mut Ui)) {
    Frame::new().inner_margin(Margin::same(context.theme.gap as i8)).show(ui, |ui| {
        ui.set_min_size(ui.available_size());
        // A list opens in full.
        ui.spacing_mut().combo_height = f32::INFINITY;
        contents(ui);
    });
}

/// The line at the top: `left` after the product's name, `right` from the right edge.
pub fn header_ui<S: ControlTable, R>(
    ui: &mut Ui,
    context: &PanelContext<'_, S, R>,
    name: &str,
    height: f32,
    left: impl FnOnce(&mut Ui, &Theme),
    right: impl FnOnce(&mut Ui, &Theme),
) {
    let theme = &context.theme;
    let size = vec2(ui.available_width(), height);
    ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
        ui.set_min_size(size);
        ui.add_space(theme.gap);
        title_ui(ui, name, NAME_SIZE, theme);
        ui.add_space(2.0 * theme.gap);
        left(ui, theme);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| right(ui, theme));
    });
}

/// A line of text that belongs to no control.
pub fn title_ui(ui: &mut Ui, text: &str, size: f32, theme: &Theme) {
    let text = RichText::new(text).font(FontId::proportional(size)).color(theme.text);
    ui.add(Label::new(text).selectable(false).extend());
}

/// A meter of peak and RMS of both channels on a scale.
pub fn level_ui(ui: &mut Ui, theme: &Theme, height: f32, scale: MeterScale, peak_dbfs: [f64; 2], rms_dbfs: [f64; 2]) {
    let channels = [0, 1]
        .map(|channel| Reading { peak_db: scale.peak_db(peak_dbfs[channel]), rms_db: scale.rms_db(rms_dbfs[channel]) });
    let scale = LevelScale { full_scale_db: scale.headroom_db(), zones_db: scale.zones_db() };
    meter_ui(ui, theme, height, "Level", &scale, &channels, None);
}

/// Height of `rows` rows of knobs.
#[must_use]
pub fn knob_rows(theme: &Theme, rows: usize) -> f32 {
    rows as f32 * (theme.knob_cell.y + theme.gap) - theme.gap
}

/// Contents that are dim unless `counts`. They keep their place and work.
pub fn lit_ui(ui: &mut Ui, theme: &Theme, counts: bool, contents: impl FnOnce(&mut Ui)) {
    ui.scope(|ui| {
        if !counts {
            ui.multiply_opacity(theme.off_opacity);
        }
        contents(ui);
    });
}

//! The saturation: three knobs, a picture of what it does to the wave, and which curve that is.

use dsp_core::chain::channel::ChannelStrip;
use dsp_core::saturation::Curve;
use egui::{Role, Sense, Stroke, Ui, Vec2, WidgetInfo, pos2, vec2};
use plumb_glue::Desk;
use plumb_glue::panels::{column_ui, knob_rows, lines_height};
use plumb_widgets::{Accent, Theme};

const KNOBS: [(&str, &str); 3] = [("sat_drive_db", "Drive"), ("sat_tone_db", "Tone"), ("sat_mix_pct", "Mix")];
/// Width of the choice of an oversampling in the header, in points.
const OVERSAMPLING_WIDTH: f32 = 210.0;
/// The picture reaches so far in both directions: every curve has reached its ceiling, or nearly.
const REACH: f64 = 2.5;
/// Horizontal distance of two points of the picture.
const STEP: f32 = 2.0;

/// Height of the contents of its section.
pub(super) fn height(theme: &Theme) -> f32 {
    knob_rows(theme, 1) + theme.gap + lines_height(theme, 1)
}

/// The saturation's section, with contents of a width.
pub(super) fn saturation_panel_ui(ui: &mut Ui, desk: &Desk<'_, ChannelStrip>, width: f32) {
    desk.section(ui, Accent::Saturation, "Saturation", Some("sat_on"), |ui, theme| {
        desk.header(ui, width, |ui| {
            desk.inline(ui, theme, "sat_oversampling", "Oversampling", OVERSAMPLING_WIDTH);
        });
        ui.horizontal_top(|ui| {
            desk.knobs(ui, theme, KNOBS.len(), &KNOBS);
            let knobs_width = KNOBS.len() as f32 * (theme.knob_cell.x + theme.gap);
            picture_ui(ui, theme, vec2(width - knobs_width, theme.knob_cell.y), desk.settings.saturation.curve);
        });
        column_ui(ui, theme, desk, width, &[("sat_curve", "Curve")]);
    });
}

/// Output over input of one sample.
fn picture_ui(ui: &mut Ui, theme: &Theme, size: Vec2, curve: Curve) {
    let (_, rect) = ui.allocate_space(size);
    let response = ui.interact(rect, ui.make_persistent_id("saturation curve"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Canvas, ui.is_enabled(), "Saturation curve"));
    let painter = ui.painter_at(rect);
    painter.rect_filled(rect, theme.corner, theme.well);
    painter.vline(rect.center().x, rect.y_range(), Stroke::new(1.0, theme.grid));
    painter.hline(rect.x_range(), rect.center().y, Stroke::new(1.0, theme.grid));
    let place = |input: f64, output: f64| {
        rect.center() + vec2(input as f32 * rect.width(), -output as f32 * rect.height()) / (2.0 * REACH as f32)
    };
    painter.line_segment([place(-REACH, -REACH), place(REACH, REACH)], Stroke::new(1.0, theme.grid));
    let count = (rect.width() / STEP).ceil() as usize;
    let points = (0..=count).map(|i| {
        let input = REACH * (2.0 * i as f64 / count as f64 - 1.0);
        let at = place(input, curve.at(input));
        pos2(at.x, at.y)
    });
    painter.line(points.collect(), Stroke::new(2.0, theme.accent));
}

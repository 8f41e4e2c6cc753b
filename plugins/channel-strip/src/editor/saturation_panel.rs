//! The saturation: three knobs, its transfer curve, and the choice of curve.

use dsp_core::saturation::Curve;
use egui::{Role, Sense, Stroke, Ui, Vec2, WidgetInfo, pos2, vec2};
use plumb_controls::strip::Saturation;
use plumb_panels::{StripContext, column_ui, knob_rows, lines_height};
use plumb_widgets::{Accent, Theme};

const KNOBS: [(Saturation, &str); 3] =
    [(Saturation::DriveDb, "Drive"), (Saturation::ToneDb, "Tone"), (Saturation::MixPct, "Mix")];
/// Width of the choice of an oversampling in the header, in points.
const OVERSAMPLING_WIDTH: f32 = 210.0;
/// Range of both axes: every curve has nearly reached its ceiling there.
const REACH: f64 = 2.5;
/// Horizontal distance of two points of the curve.
const STEP: f32 = 2.0;

/// Height of the contents of its section.
pub(super) fn height(theme: &Theme) -> f32 {
    knob_rows(theme, 1) + theme.gap + lines_height(theme, 1)
}

/// The saturation's section, with contents of a width.
pub(super) fn saturation_panel_ui(ui: &mut Ui, context: &StripContext<'_>, width: f32) {
    context.section(ui, Accent::Saturation, "Saturation", Some(Saturation::On.into()), |ui, theme| {
        context.header(ui, width, |ui| {
            context.inline(ui, theme, Saturation::Oversampling, "Oversampling", OVERSAMPLING_WIDTH);
        });
        ui.horizontal_top(|ui| {
            context.knobs(ui, theme, KNOBS.len(), &KNOBS);
            let knobs_width = KNOBS.len() as f32 * (theme.knob_cell.x + theme.gap);
            picture_ui(ui, theme, vec2(width - knobs_width, theme.knob_cell.y), context.settings.saturation.curve);
        });
        column_ui(ui, theme, context, width, &[(Saturation::Curve, "Curve")]);
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

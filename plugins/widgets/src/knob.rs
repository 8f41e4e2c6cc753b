//! A rotary knob: its name above, its value with the unit below.

use crate::gesture::{self, entry};
use crate::param::{ParamHandle, explain};
use crate::text::paint_text;
use crate::theme::Theme;
use egui::{Align2, Color32, Painter, Pos2, Rect, Response, Sense, Shape, Stroke, Ui, pos2, vec2};
use std::f32::consts::{PI, TAU};

/// Angle of the lowest value, clockwise from three o'clock: seven o'clock, where every knob starts.
const START_ANGLE: f32 = 0.75 * PI;
/// From the lowest to the highest value: three quarters of a turn, leaving the bottom free.
const SWEEP_ANGLE: f32 = 1.5 * PI;
/// Width of the arc in points.
const ARC_WIDTH: f32 = 3.5;
/// Gap between the arc and the face of the knob, in points.
const ARC_GAP: f32 = 3.0;
/// Points of a full circle's outline: no corner shows at 46 points diameter.
const CIRCLE_POINTS: f32 = 72.0;
/// A default this far from both ends makes the knob bipolar, such as a gain or a balance.
const BIPOLAR: std::ops::Range<f32> = 0.4..0.6;
/// A value this near its default counts as untouched: a hundredth of a pixel of drag.
const UNTOUCHED: f32 = 1e-4;

/// A knob under the parameter's own name.
pub fn knob_ui(ui: &mut Ui, theme: &Theme, param: &dyn ParamHandle) -> Response {
    knob_labelled_ui(ui, theme, param.name(), param)
}

/// A knob under a shorter name, where the section implies the rest.
pub fn knob_labelled_ui(ui: &mut Ui, theme: &Theme, label: &str, param: &dyn ParamHandle) -> Response {
    let (_, rect) = ui.allocate_space(theme.knob_cell);
    let id = ui.make_persistent_id(("knob", param.name()));
    let mut response = ui.interact(rect, id, Sense::click_and_drag());
    let name_rect = Rect::from_min_size(rect.min, vec2(rect.width(), theme.name_height));
    let value_rect = Rect::from_min_max(pos2(rect.left(), rect.bottom() - theme.value_height), rect.max);

    let shown = gesture::drag_param(ui, &mut response, theme, param, Some(value_rect));
    gesture::describe(ui, &response, param, shown);
    let mut cut = false;
    if ui.is_rect_visible(rect) {
        let untouched = is_untouched(param, shown);
        let name_color = if response.hovered() || response.dragged() { theme.text } else { theme.text_dim };
        cut |= paint_text(ui.painter(), name_rect, Align2::CENTER_CENTER, label, theme.font_small, name_color);
        let dial = Rect::from_x_y_ranges(rect.x_range(), name_rect.bottom()..=value_rect.top());
        paint_knob(ui.painter(), theme, dial, param, shown, response.hovered() || response.dragged());
        let color = if untouched { theme.text_dim } else { theme.text };
        cut |= entry::value_ui(ui, theme, &mut response, value_rect, param, shown, color);
    }
    if !response.dragged() && !entry::is_open(ui.ctx(), id) {
        response = explain(response, param, cut);
    }
    response
}

/// Whether the value is the default.
pub(crate) fn is_untouched(param: &dyn ParamHandle, shown: f32) -> bool {
    (shown - param.default_normalized()).abs() < UNTOUCHED
}

/// Where the lit part of a control begins: at the default if bipolar, else at the low end.
pub(crate) fn lit_from(param: &dyn ParamHandle) -> f32 {
    let default = param.default_normalized();
    if BIPOLAR.contains(&default) { default } else { 0.0 }
}

fn paint_knob(painter: &Painter, theme: &Theme, dial: Rect, param: &dyn ParamHandle, shown: f32, hot: bool) {
    let radius = theme.knob_diameter / 2.0;
    // The arc is open at the bottom, so the circle may sit a little lower than the middle.
    let center = pos2(dial.center().x, dial.top() + radius + (dial.height() - theme.knob_diameter).max(0.0) / 2.0);
    let arc_radius = radius - ARC_WIDTH / 2.0;
    let light = if is_untouched(param, shown) { theme.accent.gamma_multiply(0.55) } else { theme.accent };
    painter.add(arc(center, arc_radius, 0.0, 1.0, theme.track));
    let (low, high) = (shown.min(lit_from(param)), shown.max(lit_from(param)));
    if high > low {
        painter.add(arc(center, arc_radius, low, high, light));
    }
    let face = if hot { theme.face_hovered } else { theme.face };
    let face_radius = radius - ARC_WIDTH - ARC_GAP;
    painter.circle(center, face_radius, face, Stroke::new(1.0, theme.border));
    let hand = [at(center, face_radius * 0.35, shown), at(center, face_radius - 2.0, shown)];
    painter.line_segment(hand, Stroke::new(2.5, if is_untouched(param, shown) { light } else { theme.text }));
}

/// The point of a value on a circle around `center`.
fn at(center: Pos2, radius: f32, value: f32) -> Pos2 {
    let angle = START_ANGLE + SWEEP_ANGLE * value;
    center + radius * vec2(angle.cos(), angle.sin())
}

fn arc(center: Pos2, radius: f32, from: f32, to: f32, color: Color32) -> Shape {
    let pieces = ((to - from) * SWEEP_ANGLE / TAU * CIRCLE_POINTS).ceil().max(1.0);
    let points = (0..=pieces as usize).map(|i| at(center, radius, from + (to - from) * i as f32 / pieces)).collect();
    Shape::line(points, Stroke::new(ARC_WIDTH, color))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{self, FakeParam};
    use egui_kittest::kittest::{NodeT, Queryable};

    #[test]
    fn a_knob_shows_its_name_and_value() {
        let param = FakeParam::threshold();
        let harness = testing::harness(|ui, theme| {
            knob_ui(ui, theme, &param);
        });
        let node = harness.get_by_label("Threshold");
        assert_eq!(node.value().as_deref(), Some("-18.0 dB"));
        // f32 to f64.
        assert!((node.accesskit_node().numeric_value().unwrap() - 0.7).abs() < 1e-6);
    }

    #[test]
    fn a_knob_keeps_its_size_with_any_text() {
        let theme = Theme::default();
        let mut long = FakeParam::threshold();
        long.name = "A name that goes on and on and on".to_owned();
        long.unit = " decibels relative to full scale";
        let mut size = egui::Vec2::ZERO;
        let harness = testing::harness(|ui, theme| {
            size = knob_ui(ui, theme, &long).rect.size();
        });
        testing::assert_texts_are_apart(&harness);
        drop(harness);
        assert_eq!(size, theme.knob_cell);
    }

    #[test]
    fn the_arc_starts_at_a_central_default_or_at_the_low_end() {
        let mut param = FakeParam::threshold();
        assert_eq!(lit_from(&param), 0.0);
        param.default = 0.5;
        assert_eq!(lit_from(&param), 0.5);
    }

    #[test]
    fn arcs_run_clockwise_from_seven_to_five_o_clock() {
        let center = pos2(0.0, 0.0);
        let (low, mid, high) = (at(center, 1.0, 0.0), at(center, 1.0, 0.5), at(center, 1.0, 1.0));
        // f32 sine and cosine.
        assert!((low.x + high.x).abs() < 1e-6 && (low.y - high.y).abs() < 1e-6 && low.x < 0.0 && low.y > 0.0);
        assert!(mid.x.abs() < 1e-6 && (mid.y + 1.0).abs() < 1e-6);
    }
}

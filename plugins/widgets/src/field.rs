//! A number on one line: its name, its value, and a thin track under both. For headers and lists, where there is no room
//! for a knob.

use crate::gesture::{self, entry};
use crate::knob::{is_untouched, lit_from};
use crate::param::{ParamHandle, explain};
use crate::text::paint_text;
use crate::theme::Theme;
use egui::{Align2, CornerRadius, Rect, Response, Sense, Ui, Vec2, lerp, pos2};

/// Height of the track, in points.
const TRACK_HEIGHT: f32 = 3.0;

/// A field of a size under a shorter name than that of the parameter. Handles like a knob.
pub fn field_labelled_ui(ui: &mut Ui, theme: &Theme, label: &str, size: Vec2, param: &dyn ParamHandle) -> Response {
    let (_, rect) = ui.allocate_space(size);
    let inside = rect.shrink2(egui::vec2(theme.gap, 0.0));
    let name_width = crate::text::text_width(ui.painter(), label, theme.font_small) + 1.0;
    let (name_rect, value_rect) = inside.split_left_right_at_x(inside.left() + name_width);
    parts_ui(ui, theme, label, [rect, rect, name_rect, value_rect], param)
}

/// The same as a row of a list, with its name in a column of a width before the field.
pub fn field_line_ui(
    ui: &mut Ui,
    theme: &Theme,
    label: &str,
    [name_width, width]: [f32; 2],
    param: &dyn ParamHandle,
) -> Response {
    let (_, rect) = ui.allocate_space(egui::vec2(width, theme.switch_size.y));
    let (name_rect, face) = rect.split_left_right_at_x(rect.left() + name_width);
    let value_rect = face.shrink2(egui::vec2(theme.gap, 0.0));
    parts_ui(ui, theme, label, [rect, face, name_rect, value_rect], param)
}

/// A field with the rectangles of the whole, its face, its name and its value.
fn parts_ui(
    ui: &mut Ui,
    theme: &Theme,
    label: &str,
    [rect, face_rect, name_rect, value_rect]: [Rect; 4],
    param: &dyn ParamHandle,
) -> Response {
    let id = ui.make_persistent_id(("field", param.name()));
    let mut response = ui.interact(rect, id, Sense::click_and_drag());
    let shown = gesture::drag_param(ui, &mut response, theme, param, Some(value_rect));
    gesture::describe(ui, &response, param, shown);
    let mut cut = false;
    if ui.is_rect_visible(rect) {
        let hot = response.hovered() || response.dragged();
        let face = if hot { theme.face_hovered } else { theme.face };
        ui.painter().rect_filled(face_rect, theme.corner, face);
        paint_track(ui, theme, face_rect, param, shown);
        let name_color = if hot { theme.text } else { theme.text_dim };
        cut |= paint_text(ui.painter(), name_rect, Align2::LEFT_CENTER, label, theme.font_small, name_color);
        let color = if is_untouched(param, shown) { theme.text_dim } else { theme.text };
        cut |= entry::value_ui(ui, theme, &mut response, value_rect, param, shown, color);
    }
    if !response.dragged() && !entry::is_open(ui.ctx(), id) {
        response = explain(response, param, cut);
    }
    response
}

fn paint_track(ui: &Ui, theme: &Theme, rect: Rect, param: &dyn ParamHandle, shown: f32) {
    let x_at = |value: f32| lerp(rect.left()..=rect.right(), value);
    let foot = |from: f32, to: f32| {
        Rect::from_two_pos(pos2(x_at(from), rect.bottom() - TRACK_HEIGHT), pos2(x_at(to), rect.bottom()))
    };
    let rounded = CornerRadius { nw: 0, ne: 0, sw: theme.corner as u8, se: theme.corner as u8 };
    let light = if is_untouched(param, shown) { theme.accent.gamma_multiply(0.55) } else { theme.accent };
    ui.painter().rect_filled(foot(0.0, 1.0), rounded, theme.track);
    ui.painter().rect_filled(foot(lit_from(param), shown), 0.0, light);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{self, FakeParam};
    use egui::vec2;
    use egui_kittest::kittest::Queryable;

    #[test]
    fn it_shows_name_and_value_and_drags_like_a_knob() {
        let param = FakeParam::threshold();
        let mut harness = testing::harness(|ui, theme| {
            field_labelled_ui(ui, theme, "Level", vec2(130.0, 26.0), &param);
        });
        let texts: Vec<String> = testing::texts(&harness).into_iter().map(|(text, _)| text).collect();
        assert_eq!(texts, ["Level", "-18.0 dB"]);
        testing::assert_texts_are_apart(&harness);
        let from = harness.get_by_label("Threshold").rect().center();
        testing::drag(&mut harness, from, &[vec2(0.0, -20.0)]);
        // A tenth of the travel of 200 points.
        let set = param.take_last_set().unwrap();
        assert!((set - 0.8).abs() < 1e-3, "{set}");
    }

    #[test]
    fn values_of_a_list_align_in_one_column() {
        let (number, choice) = (FakeParam::threshold(), FakeParam::choice("Mode", &["Soft", "Hard"]));
        let mut rects = Vec::new();
        let harness = testing::harness(|ui, theme| {
            let columns = [60.0, 170.0];
            rects = vec![
                field_line_ui(ui, theme, "Level", columns, &number).rect,
                crate::choice_line_ui(ui, theme, "Mode", columns, &choice).rect,
            ];
        });
        testing::assert_texts_are_apart(&harness);
        let button = harness.get_by_label("Mode: Soft").rect();
        drop(harness);
        assert_eq!(rects[0].size(), rects[1].size());
        assert_eq!(button.left(), rects[0].left() + 60.0);
    }
}

//! The current gain change, up or down: a bar from the middle, and a number.

use crate::text::{decibels, paint_text};
use crate::theme::Theme;
use egui::{Align2, Rect, Response, Role, Sense, Stroke, Ui, Vec2, WidgetInfo, pos2, remap_clamp};

/// Range of the bar to either side, in dB.
const SPAN_DB: f32 = 12.0;
/// Width of the number, in points.
const NUMBER_WIDTH: f32 = 38.0;
/// Changes below this show as 0.0, in dB.
const LEAST_DB: f64 = 0.05;

/// A meter of a size: left of the middle is reduction, right of it boost.
pub fn change_ui(ui: &mut Ui, theme: &Theme, size: Vec2, name: &str, change_db: f64) -> Response {
    let (_, rect) = ui.allocate_space(size);
    let id = ui.make_persistent_id(("change", name));
    let response = ui.interact(rect, id, Sense::hover());
    let change_db = if change_db.is_finite() { change_db } else { 0.0 };
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::Meter, ui.is_enabled(), name);
        info.current_text_value = Some(format!("{} dB", decibels(change_db)));
        info
    });
    if ui.is_rect_visible(rect) {
        let painter = ui.painter();
        let (bar, number) = rect.split_left_right_at_x((rect.right() - NUMBER_WIDTH).max(rect.left()));
        painter.rect_filled(bar, 1.0, theme.well);
        let x = remap_clamp(change_db as f32, -SPAN_DB..=SPAN_DB, bar.left()..=bar.right());
        let middle = bar.center().x;
        let lit = Rect::from_x_y_ranges(middle.min(x)..=middle.max(x), bar.shrink(2.0).y_range());
        painter.rect_filled(lit, 0.0, theme.accent);
        painter.line_segment([pos2(middle, bar.top()), pos2(middle, bar.bottom())], Stroke::new(1.0, theme.track));
        let color = if change_db.abs() < LEAST_DB { theme.text_dim } else { theme.text };
        paint_text(painter, number, Align2::RIGHT_CENTER, decibels(change_db), theme.font_small, color);
    }
    response.on_hover_text(format!("{name}, in dB"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;
    use egui::vec2;
    use egui_kittest::kittest::Queryable;

    #[test]
    fn it_shows_amount_and_direction_of_finite_values() {
        for (change_db, says) in [(-3.24, "-3.2 dB"), (2.0, "2.0 dB"), (f64::NAN, "0.0 dB"), (-400.0, "-400.0 dB")] {
            let harness = testing::harness(|ui, theme| {
                change_ui(ui, theme, vec2(116.0, 18.0), "Band 1 gain", change_db);
            });
            assert_eq!(harness.get_by_label("Band 1 gain").value().as_deref(), Some(says));
            testing::assert_texts_are_apart(&harness);
        }
    }
}

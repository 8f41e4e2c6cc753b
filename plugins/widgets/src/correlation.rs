//! Phase correlation as a bar: right of the middle adds up in mono, left of it cancels.

use crate::text::paint_text;
use crate::theme::Theme;
use egui::{Align2, Rect, Response, Role, Sense, Stroke, Ui, Vec2, WidgetInfo, pos2, remap_clamp, vec2};

/// Numbers under the bar.
const NUMBERS: [(f32, &str); 3] = [(-1.0, "-1"), (0.0, "0"), (1.0, "+1")];
/// Width of a number, in points.
const NUMBER_WIDTH: f32 = 24.0;

/// A meter of a size, −1 at its left edge, +1 at its right.
pub fn correlation_ui(ui: &mut Ui, theme: &Theme, size: Vec2, value: f64) -> Response {
    const NAME: &str = "Correlation meter";
    let (_, rect) = ui.allocate_space(size);
    let response = ui.interact(rect, ui.make_persistent_id(NAME), Sense::hover());
    let value = if value.is_finite() { value } else { 1.0 };
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::Meter, ui.is_enabled(), NAME);
        info.current_text_value = Some(format!("{value:.2}"));
        info
    });
    if ui.is_rect_visible(rect) {
        let painter = ui.painter();
        let (bar, foot) = rect.split_top_bottom_at_y(rect.bottom() - theme.name_height);
        let at = |value: f32| remap_clamp(value, -1.0..=1.0, bar.left()..=bar.right());
        painter.rect_filled(bar, 1.0, theme.well);
        let (middle, x) = (at(0.0), at(value as f32));
        let lit = Rect::from_x_y_ranges(middle.min(x)..=middle.max(x), bar.shrink(2.0).y_range());
        painter.rect_filled(lit, 0.0, if value < 0.0 { theme.level_over } else { theme.level_good });
        painter.vline(middle, bar.y_range(), Stroke::new(1.0, theme.track));
        for (number, text) in NUMBERS {
            // Not cut off at the edges.
            let half = NUMBER_WIDTH / 2.0;
            let x = at(number).clamp(rect.left() + half, rect.right() - half);
            let place = Rect::from_center_size(pos2(x, foot.center().y), vec2(NUMBER_WIDTH, foot.height()));
            paint_text(painter, place, Align2::CENTER_CENTER, text, theme.font_small, theme.text_dim);
        }
    }
    response.on_hover_text("Phase correlation: below 0, mono loses level")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;
    use egui_kittest::kittest::Queryable;

    #[test]
    fn it_is_labelled_and_its_numbers_do_not_overlap() {
        for (value, says) in [(-0.254, "-0.25"), (1.0, "1.00"), (f64::NAN, "1.00")] {
            let harness = testing::harness(|ui, theme| {
                correlation_ui(ui, theme, vec2(200.0, 34.0), value);
            });
            assert_eq!(harness.get_by_label("Correlation meter").value().as_deref(), Some(says));
            testing::assert_texts_are_apart(&harness);
        }
    }
}

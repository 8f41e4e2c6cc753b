//! A meter of gain reduction: a bar that hangs from 0, a line that holds the deepest, a scale, and a number.

use crate::scale::Scale;
use crate::text::{decibels, paint_text};
use crate::theme::Theme;
use egui::{Align2, Painter, Rangef, Rect, Response, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

/// Most reduction the scale shows, in dB.
const BOTTOM_DB: f64 = 20.0;
/// Numbers on the scale, the ones that must not be left out first.
const NUMBERS: [i32; 8] = [0, 20, 10, 6, 3, 15, 8, 12];
/// Width of the bar, in points.
const BAR_WIDTH: f32 = 16.0;

/// A reduction meter. `reduction_db` is 0 or more, as dsp-core counts it; the number is the largest so far, which a
/// click clears.
pub fn reduction_ui(ui: &mut Ui, theme: &Theme, height: f32, name: &str, reduction_db: f64) -> Response {
    let (_, rect) = ui.allocate_space(vec2(theme.reduction_width, height));
    let id = ui.make_persistent_id(("reduction", name));
    let mut response = ui.interact(rect, id, Sense::click());
    let reduction_db = if reduction_db.is_nan() { 0.0 } else { reduction_db.max(0.0) };
    let before = if response.clicked() {
        response.mark_changed();
        0.0
    } else {
        ui.data(|data| data.get_temp::<f64>(id)).unwrap_or(0.0)
    };
    let max_db = reduction_db.max(before);
    ui.data_mut(|data| data.insert_temp(id, max_db));
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::Meter, ui.is_enabled(), name);
        info.current_text_value = Some(format!("{} dB", decibels(max_db)));
        info
    });
    let mut cut = false;
    if ui.is_rect_visible(rect) {
        cut = paint_reduction(ui.painter(), theme, rect, name, reduction_db, max_db);
    }
    response.on_hover_ui(|ui| {
        ui.label(if cut { format!("{name}: click to clear") } else { "Click to clear".to_owned() });
    })
}

/// Returns whether the name was cut.
fn paint_reduction(painter: &Painter, theme: &Theme, rect: Rect, name: &str, now_db: f64, max_db: f64) -> bool {
    let name_rect = Rect::from_min_size(rect.min, vec2(rect.width(), theme.name_height));
    let max_rect = name_rect.translate(vec2(0.0, theme.name_height));
    let cut = paint_text(painter, name_rect, Align2::CENTER_CENTER, name, theme.font_small, theme.text_dim);
    let color = if max_db > 0.0 { theme.text } else { theme.text_dim };
    paint_text(painter, max_rect, Align2::CENTER_CENTER, decibels(max_db), theme.font_body, color);

    // Half a line at both ends, for the numbers there.
    let y = Rangef::new(max_rect.bottom() + theme.name_height / 2.0, rect.bottom() - theme.name_height / 2.0);
    let scale = Scale { top_db: 0.0, bottom_db: BOTTOM_DB, y };
    let bar = Rect::from_x_y_ranges(rect.left()..=rect.left() + BAR_WIDTH, y);
    painter.rect_filled(bar, 1.0, theme.well);
    if now_db > 0.0 {
        painter.rect_filled(scale.span(bar, 0.0, now_db), 0.0, theme.accent);
    }
    if max_db > 0.0 {
        painter.hline(bar.x_range(), scale.y_at(max_db), Stroke::new(2.0, theme.text));
    }
    let numbers = Rect::from_min_max(pos2(bar.right() + 2.0, y.min), pos2(rect.right(), y.max));
    scale.paint(painter, theme, numbers, &NUMBERS);
    cut
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;
    use egui_kittest::kittest::Queryable;
    use std::cell::Cell;

    #[test]
    fn it_remembers_the_deepest_until_a_click() {
        let reduction = Cell::new(7.26);
        let mut harness = testing::harness(|ui, theme| {
            reduction_ui(ui, theme, 160.0, "GR", reduction.get());
        });
        reduction.set(2.0);
        harness.run();
        assert_eq!(harness.get_by_label("GR").value().as_deref(), Some("7.3 dB"));
        harness.get_by_label("GR").click();
        harness.run();
        assert_eq!(harness.get_by_label("GR").value().as_deref(), Some("2.0 dB"));
        testing::assert_texts_are_apart(&harness);
    }

    #[test]
    fn nonsense_does_no_harm() {
        for level in [f64::NAN, -3.0, f64::INFINITY] {
            let harness = testing::harness(|ui, theme| {
                reduction_ui(ui, theme, 160.0, "GR", level);
            });
            testing::assert_texts_are_apart(&harness);
        }
    }
}

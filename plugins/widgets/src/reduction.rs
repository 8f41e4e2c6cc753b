//! A gain reduction meter: one or two bars down from 0, a peak-hold line, a scale, and a number.

use crate::scale::Scale;
use crate::text::{decibels, paint_text};
use crate::theme::Theme;
use egui::{Align2, Painter, Rangef, Rect, Response, Role, Sense, Stroke, Ui, Vec2, WidgetInfo, pos2, vec2};

/// Most reduction the scale shows, in dB.
const BOTTOM_DB: f64 = 20.0;
/// Numbers on the scale, the most important first.
const NUMBERS: [i32; 8] = [0, 20, 10, 6, 3, 15, 8, 12];
/// Width of the bar, in points.
const BAR_WIDTH: f32 = 16.0;
/// From one bar to the next, in points.
const BAR_PITCH: f32 = BAR_WIDTH + 2.0;

/// A reduction meter. `reduction_db` is 0 or more, as dsp-core counts it; the number is the largest so far, which a
/// click clears.
pub fn reduction_ui(ui: &mut Ui, theme: &Theme, height: f32, name: &str, reduction_db: f64) -> Response {
    meter_ui(ui, theme, vec2(theme.reduction_width, height), name, &[("", reduction_db)])
}

/// Two reductions side by side with their letters; the number is the larger of both.
pub fn reductions_ui(ui: &mut Ui, theme: &Theme, height: f32, name: &str, lanes: &[(&str, f64); 2]) -> Response {
    meter_ui(ui, theme, vec2(reductions_width(theme), height), name, lanes)
}

/// Width of a meter of two reductions, in points.
#[must_use]
pub fn reductions_width(theme: &Theme) -> f32 {
    theme.reduction_width + BAR_PITCH
}

/// Reduction of a lane now, and at most so far: both 0 or more.
#[derive(Clone, Copy, Debug)]
struct Lane<'a> {
    letter: &'a str,
    now_db: f64,
    max_db: f64,
}

impl<'a> Lane<'a> {
    fn new((letter, reduction_db): (&'a str, f64), before_db: f64) -> Self {
        let now_db = if reduction_db.is_nan() { 0.0 } else { reduction_db.max(0.0) };
        Self { letter, now_db, max_db: now_db.max(before_db) }
    }
}

fn meter_ui(ui: &mut Ui, theme: &Theme, size: Vec2, name: &str, lanes: &[(&str, f64)]) -> Response {
    let (_, rect) = ui.allocate_space(size);
    // Lanes with other letters have maxima of their own.
    let id = ui.make_persistent_id(("reduction", name, lanes.first().map(|lane| lane.0)));
    let mut response = ui.interact(rect, id, Sense::click());
    let before = if response.clicked() {
        response.mark_changed();
        [0.0; 2]
    } else {
        ui.data(|data| data.get_temp::<[f64; 2]>(id)).unwrap_or_default()
    };
    let lanes: Vec<Lane<'_>> = lanes.iter().zip(before).map(|(lane, before_db)| Lane::new(*lane, before_db)).collect();
    let held = [0, 1].map(|index| lanes.get(index).map_or(0.0, |lane| lane.max_db));
    ui.data_mut(|data| data.insert_temp(id, held));
    let max_db = held[0].max(held[1]);
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::Meter, ui.is_enabled(), name);
        info.current_text_value = Some(format!("{} dB", decibels(max_db)));
        info
    });
    let mut cut = false;
    if ui.is_rect_visible(rect) {
        cut = paint_reduction(ui.painter(), theme, rect, name, &lanes, max_db);
    }
    response.on_hover_ui(|ui| {
        ui.label(if cut { format!("{name}: click to clear") } else { "Click to clear".to_owned() });
    })
}

/// Returns whether the name was cut.
fn paint_reduction(painter: &Painter, theme: &Theme, rect: Rect, name: &str, lanes: &[Lane<'_>], max_db: f64) -> bool {
    let name_rect = Rect::from_min_size(rect.min, vec2(rect.width(), theme.name_height));
    let max_rect = name_rect.translate(vec2(0.0, theme.name_height));
    let cut = paint_text(painter, name_rect, Align2::CENTER_CENTER, name, theme.font_small, theme.text_dim);
    let color = if max_db > 0.0 { theme.text } else { theme.text_dim };
    paint_text(painter, max_rect, Align2::CENTER_CENTER, decibels(max_db), theme.font_body, color);

    // Half a line at both ends, for the numbers there; and a line for the letters.
    let letters = if lanes.len() > 1 { theme.name_height } else { 0.0 };
    let foot = rect.bottom() - letters;
    let y = Rangef::new(max_rect.bottom() + theme.name_height / 2.0, foot - theme.name_height / 2.0);
    let scale = Scale { top_db: 0.0, bottom_db: BOTTOM_DB, y };
    let mut right = rect.left();
    for (index, lane) in lanes.iter().enumerate() {
        let left = rect.left() + index as f32 * BAR_PITCH;
        let bar = Rect::from_x_y_ranges(left..=left + BAR_WIDTH, y);
        paint_lane(painter, theme, &scale, bar, lane);
        right = bar.right();
        if lane.letter.is_empty() {
            continue;
        }
        let place = Rect::from_x_y_ranges(bar.x_range(), foot..=rect.bottom());
        paint_text(painter, place, Align2::CENTER_CENTER, lane.letter, theme.font_small, theme.text_dim);
    }
    let numbers = Rect::from_min_max(pos2(right + 2.0, y.min), pos2(rect.right(), y.max));
    scale.paint(painter, theme, numbers, &NUMBERS);
    cut
}

fn paint_lane(painter: &Painter, theme: &Theme, scale: &Scale, bar: Rect, lane: &Lane<'_>) {
    painter.rect_filled(bar, 1.0, theme.well);
    if lane.now_db > 0.0 {
        painter.rect_filled(scale.span(bar, 0.0, lane.now_db), 0.0, theme.accent);
    }
    if lane.max_db > 0.0 {
        painter.hline(bar.x_range(), scale.y_at(lane.max_db), Stroke::new(2.0, theme.text));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;
    use egui_kittest::kittest::Queryable;
    use std::cell::Cell;

    #[test]
    fn a_click_clears_the_largest_reduction() {
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
    fn two_lanes_keep_separate_maxima_and_new_lanes_start_anew() {
        let lanes = Cell::new([("L", 7.26), ("R", 1.0)]);
        let mut harness = testing::harness(|ui, theme| {
            reductions_ui(ui, theme, 160.0, "GR", &lanes.get());
        });
        assert_eq!(harness.get_by_label("GR").value().as_deref(), Some("7.3 dB"));
        let texts: Vec<String> = testing::texts(&harness).into_iter().map(|(text, _)| text).collect();
        assert!(["L", "R"].iter().all(|letter| texts.iter().any(|text| text == letter)), "{texts:?}");
        testing::assert_texts_are_apart(&harness);
        lanes.set([("M", 0.5), ("S", 3.0)]);
        harness.run();
        assert_eq!(harness.get_by_label("GR").value().as_deref(), Some("3.0 dB"));
    }

    #[test]
    fn non_finite_values_are_harmless() {
        for level in [f64::NAN, -3.0, f64::INFINITY] {
            let harness = testing::harness(|ui, theme| {
                reduction_ui(ui, theme, 160.0, "GR", level);
            });
            testing::assert_texts_are_apart(&harness);
        }
    }
}

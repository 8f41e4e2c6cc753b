//! A scale of levels along the right edge of a graph whose left edge shows gain: with its own marks, colour and unit.

use crate::plot::Plot;
use crate::text::{paint_text, text_width};
use crate::theme::Theme;
use egui::{Align2, Painter, Rect, Stroke, pos2};

/// Distance of two numbers, in dB.
const STEP_DB: i32 = 20;
/// Length of a mark, in points.
const MARK: f32 = 5.0;
/// Room for a number and its mark, in points.
pub const LEVEL_SCALE_WIDTH: f32 = 34.0;

/// Paints the scale of `levels`, whose decibels are levels; `unit` stands at its top, in the right corner.
pub fn paint_level_scale(painter: &Painter, theme: &Theme, levels: &Plot, unit: &str) {
    let rect = levels.rect;
    let half = theme.name_height / 2.0;
    let top = rect.top() + theme.name_height;
    let foot = rect.bottom() - theme.name_height;
    for level_db in (levels.min_db as i32..=levels.max_db as i32).rev().filter(|db| db % STEP_DB == 0) {
        let y = levels.y_at(f64::from(level_db));
        if y < top + half || y > foot - half {
            continue;
        }
        painter.hline(rect.right() - MARK..=rect.right(), y, Stroke::new(1.0, theme.accent));
        let place = Rect::from_min_max(
            pos2(rect.right() - LEVEL_SCALE_WIDTH, y - half),
            pos2(rect.right() - MARK - 2.0, y + half),
        );
        paint_text(painter, place, Align2::RIGHT_CENTER, level_db.to_string(), theme.font_small, theme.accent);
    }
    let place = Rect::from_min_max(rect.left_top(), pos2(rect.right() - 2.0, top));
    paint_text(painter, place, Align2::RIGHT_CENTER, unit, theme.font_small, theme.accent);
}

/// Width of the unit that stands above the scale, in points.
#[must_use]
pub fn unit_width(painter: &Painter, theme: &Theme, unit: &str) -> f32 {
    text_width(painter, unit, theme.font_small)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::plot_ui;
    use crate::testing;

    #[test]
    fn it_does_not_overlap_the_gain_scale_at_any_size() {
        for size in [(700.0, 300.0), (240.0, 120.0)] {
            let harness = testing::harness(|ui, theme| {
                let (_, plot) = plot_ui(ui, theme, size.into(), "EQ", 18.0);
                paint_level_scale(ui.painter(), theme, &plot.with_decibels(-90.0, 0.0), "dBFS at 1 kHz");
            });
            testing::assert_texts_are_apart(&harness);
        }
    }
}

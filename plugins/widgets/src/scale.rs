//! The dB scale beside a meter: one mapping for bars, marks and numbers.

use crate::text::paint_text;
use crate::theme::Theme;
use egui::{Align2, Painter, Rangef, Rect, Stroke, pos2, remap_clamp};

/// Least distance of two numbers, in points: a line of 12 px type.
const NUMBER_PITCH: f32 = 13.0;
/// Length of a mark, in points.
const MARK: f32 = 4.0;

/// A vertical scale.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scale {
    /// Values at the top and at the bottom.
    pub(crate) top_db: f64,
    pub(crate) bottom_db: f64,
    /// Where they are on the screen.
    pub(crate) y: Rangef,
}

impl Scale {
    /// Position of a value; values beyond are at the ends, NaN is at the bottom.
    pub(crate) fn y_at(&self, value_db: f64) -> f32 {
        let value_db = if value_db.is_nan() { self.bottom_db } else { value_db };
        remap_clamp(value_db as f32, self.top_db as f32..=self.bottom_db as f32, self.y.min..=self.y.max)
    }

    /// Paints marks and numbers into `rect`, which is as high as the scale. Numbers that would overlap an earlier one
    /// are left out, so the most important come first.
    pub(crate) fn paint(&self, painter: &Painter, theme: &Theme, rect: Rect, numbers: &[i32]) {
        let mut taken: [f32; MAX_NUMBERS] = [f32::INFINITY; MAX_NUMBERS];
        for (slot, number) in numbers.iter().take(MAX_NUMBERS).enumerate() {
            let y = self.y_at(f64::from(*number));
            if taken.iter().any(|other| (other - y).abs() < NUMBER_PITCH) {
                continue;
            }
            taken[slot] = y;
            painter.hline(rect.left()..=rect.left() + MARK, y, Stroke::new(1.0, theme.track));
            let line = Rect::from_x_y_ranges(
                rect.left() + MARK + 2.0..=rect.right(),
                y - theme.name_height / 2.0..=y + theme.name_height / 2.0,
            );
            let text = number.to_string();
            paint_text(painter, line, Align2::LEFT_CENTER, text, theme.font_small, theme.text_dim);
        }
    }

    /// The part of `bar` between two values, the upper one first.
    pub(crate) fn span(&self, bar: Rect, upper_db: f64, lower_db: f64) -> Rect {
        Rect::from_min_max(pos2(bar.left(), self.y_at(upper_db)), pos2(bar.right(), self.y_at(lower_db)))
    }
}

/// No scale has more numbers than this.
const MAX_NUMBERS: usize = 12;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stay_between_the_ends() {
        let scale = Scale { top_db: 6.0, bottom_db: -60.0, y: Rangef::new(10.0, 76.0) };
        let places = [6.0, -27.0, -60.0, 20.0, f64::NEG_INFINITY, f64::NAN].map(|db| scale.y_at(db));
        assert_eq!(places, [10.0, 43.0, 76.0, 10.0, 76.0, 76.0]);
    }
}

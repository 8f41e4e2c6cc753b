//! A large number, readable from a distance, with its name and unit.

use crate::text::{decibels, paint_text, text_width};
use crate::theme::Theme;
use egui::{Align2, Color32, Painter, Rect, Response, Role, Sense, Ui, WidgetInfo, pos2, vec2};

/// Gap between the number and its unit, in points.
const UNIT_GAP: f32 = 4.0;
/// Height of the unit's line from the readout's foot, in points.
const UNIT_HEIGHT: f32 = 24.0;

/// Meaning of the number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// A number.
    #[default]
    Plain,
    /// As it should be.
    Good,
    /// Near a limit.
    Hot,
    /// Past a limit.
    Over,
}

impl Tone {
    const fn color(self, theme: &Theme) -> Color32 {
        match self {
            Self::Plain => theme.text,
            Self::Good => theme.level_good,
            Self::Hot => theme.level_hot,
            Self::Over => theme.level_over,
        }
    }
}

/// A readout with one decimal, e.g. "Integrated", -14.2, "LUFS". −∞ shows as "–∞", no number as "–".
pub fn readout_ui(ui: &mut Ui, theme: &Theme, label: &str, value: f64, unit: &str, tone: Tone) -> Response {
    let (_, rect) = ui.allocate_space(theme.readout_size);
    let id = ui.make_persistent_id(("readout", label));
    let response = ui.interact(rect, id, Sense::hover());
    let number = decibels(value);
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::Meter, ui.is_enabled(), label);
        info.current_text_value = Some(format!("{number} {unit}"));
        info
    });
    if ui.is_rect_visible(rect) && paint_readout(ui.painter(), theme, rect, label, &number, unit, tone) {
        return response.on_hover_ui(|ui| {
            ui.label(format!("{label}: {number} {unit}"));
        });
    }
    response
}

/// Returns whether a text was cut.
fn paint_readout(
    painter: &Painter,
    theme: &Theme,
    rect: Rect,
    label: &str,
    number: &str,
    unit: &str,
    tone: Tone,
) -> bool {
    let label_rect = Rect::from_min_size(rect.min, vec2(rect.width(), theme.name_height));
    let line = Rect::from_min_max(pos2(rect.left(), label_rect.bottom()), rect.max);
    let room = line.width() - text_width(painter, unit, theme.font_small) - UNIT_GAP - 1.0;
    let number_width = (text_width(painter, number, theme.font_number) + 1.0).min(room);
    let (number_rect, rest) = line.split_left_right_at_x(line.left() + number_width);
    // At the number's foot: both share a baseline.
    let unit_rect = Rect::from_min_max(pos2(rest.left() + UNIT_GAP, rest.bottom() - UNIT_HEIGHT), rest.max);
    let mut cut = paint_text(painter, label_rect, Align2::LEFT_CENTER, label, theme.font_small, theme.text_dim);
    let color = tone.color(theme);
    cut |= paint_text(painter, number_rect, Align2::LEFT_CENTER, number, theme.font_number, color);
    cut |= paint_text(painter, unit_rect, Align2::LEFT_CENTER, unit, theme.font_small, theme.text_dim);
    cut
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;
    use egui_kittest::kittest::Queryable;

    #[test]
    fn it_shows_one_decimal_and_silence_as_minus_infinity() {
        for (value, text) in [(-14.24, "-14.2"), (f64::NEG_INFINITY, "–∞"), (-0.01, "0.0"), (f64::NAN, "–")] {
            let harness = testing::harness(|ui, theme| {
                readout_ui(ui, theme, "Integrated", value, "LUFS", Tone::Plain);
            });
            assert_eq!(harness.get_by_label("Integrated").value(), Some(format!("{text} LUFS")));
            let texts: Vec<String> = testing::texts(&harness).into_iter().map(|(text, _)| text).collect();
            assert_eq!(texts, ["Integrated", text, "LUFS"]);
            testing::assert_texts_are_apart(&harness);
        }
    }

    #[test]
    fn long_numbers_stay_inside() {
        let harness = testing::harness(|ui, theme| {
            readout_ui(ui, theme, "True peak of the whole programme", -123_456_789.0, "dBTP", Tone::Over);
        });
        let theme = Theme::default();
        let place = harness.get_by_label("True peak of the whole programme").rect();
        assert_eq!(place.size(), theme.readout_size);
        // One point of slack: glyphs may lean out of their advance.
        for (text, rect) in testing::texts(&harness) {
            assert!(place.expand(1.0).contains_rect(rect), "{text:?} at {rect:?} leaves {place:?}");
        }
    }
}

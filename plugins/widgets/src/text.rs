//! Text that stays inside its rectangle: longer text ends in an ellipsis.

use crate::theme::Theme;
use egui::text::{LayoutJob, TextWrapping};
use egui::{Align2, Color32, Painter, Rect, Ui};

/// Paints one line of text into `rect`. Returns whether it was cut, and needs a tooltip.
pub(crate) fn paint_text(
    painter: &Painter,
    rect: Rect,
    align: Align2,
    text: impl Into<String>,
    size: f32,
    color: Color32,
) -> bool {
    let mut job = LayoutJob::simple_singleline(text.into(), Theme::font(size), color);
    job.wrap = TextWrapping::truncate_at_width(rect.width());
    let galley = painter.layout_job(job);
    let place = align.align_size_within_rect(galley.size(), rect);
    let cut = galley.elided;
    painter.galley(place.min, galley, color);
    cut
}

/// Width of one line of text.
pub(crate) fn text_width(painter: &Painter, text: &str, size: f32) -> f32 {
    painter.layout_no_wrap(text.to_owned(), Theme::font(size), Color32::PLACEHOLDER).size().x
}

/// Width that a control's name needs.
#[must_use]
pub fn name_width(ui: &Ui, theme: &Theme, name: &str) -> f32 {
    text_width(ui.painter(), name, theme.font_small) + 1.0
}

/// A decibel number as meters print it: one decimal, "–∞" for silence, "–" for no number at all.
pub(crate) fn decibels(value: f64) -> String {
    if value.is_nan() {
        "–".to_owned()
    } else if value == f64::NEG_INFINITY {
        "–∞".to_owned()
    } else if value == f64::INFINITY {
        "∞".to_owned()
    } else {
        // Adding zero turns −0 into 0; rounding first, so that "-0.0" never shows.
        format!("{:.1}", (value * 10.0).round() / 10.0 + 0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decibels_are_printed_as_on_a_meter() {
        let texts = [-18.04, -0.04, 3.0, f64::NEG_INFINITY, f64::NAN].map(decibels);
        assert_eq!(texts, ["-18.0", "0.0", "3.0", "–∞", "–"]);
    }
}

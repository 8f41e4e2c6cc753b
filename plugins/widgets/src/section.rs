//! A section: a panel with a title, a switch, and its own hue. Its contents are dimmed while it is off.

use crate::param::{ParamHandle, explain};
use crate::switch;
use crate::text::paint_text;
use crate::theme::{Accent, Theme};
use egui::{Align2, Color32, Frame, InnerResponse, Margin, Rect, Sense, Stroke, StrokeKind, Ui, pos2, vec2};

/// Size of the switch in the header, in points.
pub(crate) const PILL: egui::Vec2 = vec2(30.0, 16.0);
/// Width of the bar of colour of a section without a switch, in points.
const BAR_WIDTH: f32 = 4.0;

/// A section as large as its contents, which get a theme in the section's hue. `on` is the parameter that switches it;
/// without one, it is always on. A section that is off is dimmed but works. Titles are unique within a `Ui`.
pub fn section_ui<R>(
    ui: &mut Ui,
    theme: &Theme,
    accent: Accent,
    title: &str,
    on: Option<&dyn ParamHandle>,
    add_contents: impl FnOnce(&mut Ui, &Theme) -> R,
) -> InnerResponse<R> {
    let theme = &theme.with_accent(accent);
    frame(theme).show(ui, |ui| {
        ui.push_id(title, |ui| {
            ui.vertical(|ui| {
                let header = header_space(ui, theme, title, on.is_some());
                let lit = header_ui(ui, theme, header, title, on);
                ui.scope(|ui| {
                    if !lit {
                        ui.multiply_opacity(theme.off_opacity);
                    }
                    add_contents(ui, theme)
                })
                .inner
            })
            .inner
        })
        .inner
    })
}

/// Background and border of a section.
pub(crate) fn frame(theme: &Theme) -> Frame {
    Frame::new()
        .fill(theme.panel)
        .stroke(Stroke::new(1.0, theme.border))
        .corner_radius(theme.corner)
        .inner_margin(Margin::same(theme.gap as i8))
}

/// Width of the title with the switch before it: the rest of the header is free.
#[must_use]
pub fn header_width(ui: &Ui, theme: &Theme, title: &str, has_switch: bool) -> f32 {
    let mark = if has_switch { PILL.x } else { BAR_WIDTH };
    mark + theme.gap + crate::text::text_width(ui.painter(), title, theme.font_title) + 1.0
}

/// As wide as the title needs; wider contents carry it.
fn header_space(ui: &mut Ui, theme: &Theme, title: &str, has_switch: bool) -> Rect {
    let width = header_width(ui, theme, title, has_switch);
    ui.allocate_exact_size(vec2(width, theme.header_height), Sense::hover()).0
}

/// Returns whether the section is on.
fn header_ui(ui: &Ui, theme: &Theme, rect: Rect, title: &str, on: Option<&dyn ParamHandle>) -> bool {
    let middle = rect.left_center();
    let (lit, text_left) = match on {
        Some(param) => {
            let pill = Rect::from_min_size(middle - vec2(0.0, PILL.y / 2.0), PILL);
            let id = ui.make_persistent_id(("section", param.name()));
            // The title switches too, so the target is as large as the header.
            let (response, lit) = switch::toggle(ui, rect, id, param);
            paint_pill(ui, theme, pill, lit, response.hovered());
            explain(response, param, false);
            (lit, pill.right())
        }
        None => {
            let bar = Rect::from_min_size(middle - vec2(0.0, PILL.y / 2.0), vec2(BAR_WIDTH, PILL.y));
            ui.painter().rect_filled(bar, 1.0, theme.accent);
            (true, bar.right())
        }
    };
    let place = Rect::from_min_max(pos2(text_left + theme.gap, rect.top()), rect.max);
    let color = if lit { theme.accent } else { theme.text_dim };
    paint_text(ui.painter(), place, Align2::LEFT_CENTER, title, theme.font_title, color);
    lit
}

pub(crate) fn paint_pill(ui: &Ui, theme: &Theme, pill: Rect, lit: bool, hovered: bool) {
    let radius = pill.height() / 2.0;
    let (fill, knob, x) = if lit {
        (theme.accent, theme.text_on_accent, pill.right() - radius)
    } else {
        (theme.well, theme.text_dim, pill.left() + radius)
    };
    let edge = if hovered {
        theme.text
    } else if lit {
        Color32::TRANSPARENT
    } else {
        theme.track
    };
    ui.painter().rect(pill, radius, fill, Stroke::new(1.0, edge), StrokeKind::Inside);
    ui.painter().circle_filled(pos2(x, pill.center().y), radius - 4.0, knob);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knob_ui;
    use crate::testing::{self, Call, FakeParam};
    use egui_kittest::kittest::Queryable;
    use std::cell::Cell;

    #[test]
    fn the_switch_toggles_and_dimmed_contents_still_work() {
        let (on, threshold) = (FakeParam::switch("Comp On"), FakeParam::threshold());
        on.value.set(1.0);
        let opacity = Cell::new(0.0);
        let mut harness = testing::harness(|ui, theme| {
            section_ui(ui, theme, Accent::Compressor, "Compressor", Some(&on), |ui, theme| {
                opacity.set(ui.opacity());
                assert_eq!(theme.accent, Accent::Compressor.color());
                knob_ui(ui, theme, &threshold);
            });
        });
        assert_eq!(opacity.get(), 1.0);
        harness.get_by_label("Comp On").click();
        harness.run();
        assert_eq!(on.take_calls(), [Call::Begin, Call::Set(0.0), Call::End]);
        assert_eq!(opacity.get(), Theme::default().off_opacity);
        let from = harness.get_by_label("Threshold").rect().center();
        testing::drag(&mut harness, from, &[vec2(0.0, 20.0)]);
        assert!(threshold.take_last_set().is_some());
        testing::assert_texts_are_apart(&harness);
    }

    #[test]
    fn sections_are_side_by_side_at_their_own_size() {
        let (a, b) = (FakeParam::threshold(), FakeParam::continuous("Ratio", 1.0, 20.0, 0.3, ":1"));
        let rects = Cell::new([Rect::NOTHING; 2]);
        let harness = testing::harness(|ui, theme| {
            ui.horizontal_top(|ui| {
                let left = section_ui(ui, theme, Accent::Gate, "Gate", None, |ui, theme| {
                    knob_ui(ui, theme, &a);
                });
                let right = section_ui(ui, theme, Accent::Compressor, "Compressor", None, |ui, theme| {
                    ui.horizontal(|ui| [knob_ui(ui, theme, &a), knob_ui(ui, theme, &b)]);
                });
                rects.set([left.response.rect, right.response.rect]);
            });
        });
        let theme = Theme::default();
        let [left, right] = rects.get();
        // Contents, a margin on each side, and the edge.
        let edge = 2.0 * theme.gap + 2.0;
        assert_eq!(left.width(), theme.knob_cell.x + edge);
        assert_eq!(right.width(), 2.0 * theme.knob_cell.x + theme.gap + edge);
        assert_eq!(left.height(), right.height());
        assert!(left.right() < right.left());
        testing::assert_texts_are_apart(&harness);
    }
}

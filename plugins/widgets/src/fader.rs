//! A fader for the output level of a section.

use crate::gesture::{self, entry};
use crate::knob::{is_untouched, lit_from};
use crate::param::{ParamHandle, explain};
use crate::text::paint_text;
use crate::theme::Theme;
use egui::{Align2, Painter, Rect, Response, Sense, Stroke, StrokeKind, Ui, lerp, pos2, vec2};

/// Size of the cap, in points.
const CAP: egui::Vec2 = vec2(28.0, 14.0);
/// Width of the track, in points.
const TRACK_WIDTH: f32 = 4.0;

/// A vertical fader with its name above and its value below.
pub fn fader_ui(ui: &mut Ui, theme: &Theme, param: &dyn ParamHandle) -> Response {
    let (_, rect) = ui.allocate_space(theme.fader_size);
    let id = ui.make_persistent_id(("fader", param.name()));
    let mut response = ui.interact(rect, id, Sense::click_and_drag());
    let name_rect = Rect::from_min_size(rect.min, vec2(rect.width(), theme.name_height));
    let value_rect = Rect::from_min_max(pos2(rect.left(), rect.bottom() - theme.value_height), rect.max);
    let slot = Rect::from_x_y_ranges(rect.x_range(), name_rect.bottom()..=value_rect.top());

    // The cap follows the pointer: a full travel is the length of the track.
    let theme = &Theme { drag_travel: slot.height() - CAP.y, ..*theme };
    let shown = gesture::drag_param(ui, &mut response, theme, param, Some(value_rect));
    gesture::describe(ui, &response, param, shown);
    let mut cut = false;
    if ui.is_rect_visible(rect) {
        let hot = response.hovered() || response.dragged();
        let name_color = if hot { theme.text } else { theme.text_dim };
        cut |= paint_text(ui.painter(), name_rect, Align2::CENTER_CENTER, param.name(), theme.font_small, name_color);
        paint_fader(ui.painter(), theme, slot, param, shown, hot);
        let color = if is_untouched(param, shown) { theme.text_dim } else { theme.text };
        cut |= entry::value_ui(ui, theme, &mut response, value_rect, param, shown, color);
    }
    if !response.dragged() && !entry::is_open(ui.ctx(), id) {
        response = explain(response, param, cut);
    }
    response
}

fn paint_fader(painter: &Painter, theme: &Theme, slot: Rect, param: &dyn ParamHandle, shown: f32, hot: bool) {
    let ends = slot.bottom() - CAP.y / 2.0..=slot.top() + CAP.y / 2.0;
    let y_at = |value: f32| lerp(ends.clone(), value);
    let x = slot.center().x;
    let track = |from: f32, to: f32| {
        Rect::from_two_pos(pos2(x - TRACK_WIDTH / 2.0, y_at(from)), pos2(x + TRACK_WIDTH / 2.0, y_at(to)))
    };
    let light = if is_untouched(param, shown) { theme.accent.gamma_multiply(0.55) } else { theme.accent };
    painter.rect_filled(track(0.0, 1.0), TRACK_WIDTH / 2.0, theme.track);
    painter.rect_filled(track(lit_from(param), shown), 0.0, light);
    let mark = Stroke::new(1.0, theme.text_dim);
    painter.hline(x - CAP.x / 2.0..=x + CAP.x / 2.0, y_at(param.default_normalized()), mark);
    let cap = Rect::from_center_size(pos2(x, y_at(shown)), CAP);
    let face = if hot { theme.face_hovered } else { theme.face };
    painter.rect(cap, theme.corner, face, Stroke::new(1.0, theme.border), StrokeKind::Inside);
    painter.hline(cap.x_range().shrink(4.0), cap.center().y, Stroke::new(2.0, theme.text));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{self, Call, FakeParam};
    use egui_kittest::kittest::Queryable;

    #[test]
    fn the_cap_follows_the_pointer_over_its_whole_track() {
        let param = FakeParam::continuous("Output", -30.0, 30.0, 0.5, " dB");
        let mut harness = testing::harness(|ui, theme| {
            fader_ui(ui, theme, &param);
        });
        let theme = Theme::default();
        let track = theme.fader_size.y - theme.name_height - theme.value_height - CAP.y;
        let from = harness.get_by_label("Output").rect().center();
        testing::drag(&mut harness, from, &[vec2(0.0, -track / 4.0)]);
        let calls = param.take_calls();
        // f32 positions on the screen.
        let up = |to: f32| (to - 0.75).abs() < 1e-4;
        assert!(matches!(calls[..], [Call::Begin, Call::Set(to), Call::End] if up(to)), "{calls:?}");
        testing::assert_texts_are_apart(&harness);
    }
}

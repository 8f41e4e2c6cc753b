//! A latching button.

use crate::gesture::{self, held};
use crate::param::{ParamHandle, explain};
use crate::text::paint_text;
use crate::theme::Theme;
use egui::{Align2, Color32, Id, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo};

/// A value from here on is "on".
const ON: f32 = 0.5;

/// A switch with the parameter's own name on it.
pub fn switch_ui(ui: &mut Ui, theme: &Theme, param: &dyn ParamHandle) -> Response {
    switch_labelled_ui(ui, theme, param.name(), param)
}

/// A switch with a shorter name, where the section implies the rest.
pub fn switch_labelled_ui(ui: &mut Ui, theme: &Theme, label: &str, param: &dyn ParamHandle) -> Response {
    let (_, rect) = ui.allocate_space(theme.switch_size);
    let id = ui.make_persistent_id(("switch", param.name()));
    let (response, on) = toggle(ui, rect, id, param);
    let cut = ui.is_rect_visible(rect) && paint_button(ui, theme, rect, label, on, response.hovered());
    explain(response, param, cut)
}

/// Whether the switch shows on, which may be ahead of the host.
#[must_use]
pub fn is_on(ui: &Ui, id: Id, param: &dyn ParamHandle) -> bool {
    held::shown(ui.ctx(), id, param) >= ON
}

/// The behaviour: a click toggles, the right button offers the default.
pub(crate) fn toggle(ui: &Ui, rect: Rect, id: Id, param: &dyn ParamHandle) -> (Response, bool) {
    let mut response = ui.interact(rect, id, Sense::click());
    if response.clicked() {
        let to = if is_on(ui, id, param) { 0.0 } else { 1.0 };
        held::set_once(ui.ctx(), id, param, to);
        response.mark_changed();
    }
    gesture::menu(ui.ctx(), &mut response, id, param, false);
    let on = is_on(ui, id, param);
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, ui.is_enabled(), on, param.name()));
    (response, on)
}

/// A button's face with its text, lit or not. Returns whether the text was cut.
pub(crate) fn paint_button(ui: &Ui, theme: &Theme, rect: Rect, label: &str, lit: bool, hovered: bool) -> bool {
    let (fill, text) = match (lit, hovered) {
        (true, _) => (theme.accent, theme.text_on_accent),
        (false, true) => (theme.face_hovered, theme.text),
        (false, false) => (theme.face, theme.text_dim),
    };
    let edge = if lit && hovered { theme.text } else { Color32::TRANSPARENT };
    let painter = ui.painter();
    painter.rect(rect, theme.corner, fill, Stroke::new(1.0, edge), StrokeKind::Inside);
    let inside = rect.shrink2(egui::vec2(theme.gap / 2.0, 0.0));
    paint_text(painter, inside, Align2::CENTER_CENTER, label, theme.font_body, text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{self, Call, FakeParam};
    use egui_kittest::kittest::{NodeT, Queryable};

    #[test]
    fn a_click_toggles_as_one_gesture_each() {
        let param = FakeParam::switch("Comp On");
        let mut harness = testing::harness(|ui, theme| {
            switch_ui(ui, theme, &param);
        });
        for to in [1.0, 0.0, 1.0] {
            harness.get_by_label("Comp On").click();
            harness.run();
            assert_eq!(param.take_calls(), [Call::Begin, Call::Set(to), Call::End]);
            let toggled = harness.get_by_label("Comp On").accesskit_node().toggled();
            assert_eq!(toggled == Some(egui::accesskit::Toggled::True), to == 1.0);
        }
    }

    #[test]
    fn clicks_before_the_host_answers_still_toggle() {
        let param = FakeParam::switch("Comp On");
        param.echo.set(false);
        let mut harness = testing::harness(|ui, theme| {
            switch_ui(ui, theme, &param);
        });
        harness.get_by_label("Comp On").click();
        harness.get_by_label("Comp On").click();
        harness.run();
        let sets = [Call::Begin, Call::Set(1.0), Call::End, Call::Begin, Call::Set(0.0), Call::End];
        assert_eq!(param.take_calls(), sets);
    }

    #[test]
    fn the_menu_offers_the_default_only() {
        let param = FakeParam::switch("Comp On");
        param.value.set(1.0);
        let mut harness = testing::harness(|ui, theme| {
            switch_ui(ui, theme, &param);
        });
        harness.get_by_label("Comp On").click_secondary();
        harness.run();
        assert!(harness.query_by_label("Type value…").is_none());
        harness.get_by_label("Reset to default").click();
        harness.run();
        assert_eq!(param.take_last_set(), Some(0.0));
    }
}

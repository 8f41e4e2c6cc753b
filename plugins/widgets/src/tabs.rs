//! Several sections in one place: each has a tab in the header with its own switch, so that the state of all is visible.

use crate::param::{ParamHandle, explain};
use crate::section::{PILL, frame, paint_pill};
use crate::switch;
use crate::text::{paint_text, text_width};
use crate::theme::{Accent, Theme};
use egui::{Align2, InnerResponse, Rect, Role, Sense, Ui, Vec2, WidgetInfo, pos2, vec2};

/// Height of the line under the tab that is shown, in points.
const MARK_HEIGHT: f32 = 2.0;

/// One of the sections.
#[derive(Clone, Copy)]
pub struct Tab<'a> {
    /// Title, unique within its `Ui`.
    pub title: &'a str,
    /// Its hue.
    pub accent: Accent,
    /// Its switch; without one, it is always on.
    pub on: Option<&'a dyn ParamHandle>,
}

impl std::fmt::Debug for Tab<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tab").field("title", &self.title).finish_non_exhaustive()
    }
}

/// Sections of which one is shown, `shown` of `tabs`, as large as its contents; these dim while it is off, but work.
/// Returns the result of the contents, and the rectangles of the switches.
pub fn tabs_ui<R>(
    ui: &mut Ui,
    theme: &Theme,
    tabs: &[Tab<'_>],
    shown: &mut usize,
    add_contents: impl FnOnce(&mut Ui, &Theme, usize) -> R,
) -> InnerResponse<(R, Vec<Option<Rect>>)> {
    frame(theme).show(ui, |ui| {
        ui.vertical(|ui| {
            let mut places = Vec::new();
            let mut lit = true;
            ui.horizontal_top(|ui| {
                for (index, tab) in tabs.iter().enumerate() {
                    let (place, on) = tab_ui(ui, theme, tab, index, shown);
                    places.push(place);
                    if index == *shown {
                        lit = on;
                    }
                }
            });
            let tab = tabs.get(*shown);
            let theme = &tab.map_or(*theme, |tab| theme.with_accent(tab.accent));
            let inner = ui.push_id(tab.map_or("", |tab| tab.title), |ui| {
                if !lit {
                    ui.multiply_opacity(theme.off_opacity);
                }
                add_contents(ui, theme, *shown)
            });
            (inner.inner, places)
        })
        .inner
    })
}

/// One tab. Returns where its switch is, and whether it is on.
fn tab_ui(ui: &mut Ui, theme: &Theme, tab: &Tab<'_>, index: usize, shown: &mut usize) -> (Option<Rect>, bool) {
    let theme = &theme.with_accent(tab.accent);
    let text = text_width(ui.painter(), tab.title, theme.font_title) + 1.0;
    let pill_width = if tab.on.is_some() { PILL.x + 2.0 * theme.gap } else { theme.gap };
    let width = pill_width + text + 2.0 * theme.gap;
    let (_, rect) = ui.allocate_space(vec2(width, theme.header_height));
    let pill_place = Rect::from_min_max(rect.min, pos2(rect.left() + pill_width, rect.bottom()));
    let title_place = Rect::from_min_max(pos2(pill_place.right(), rect.top()), rect.max);

    let id = ui.make_persistent_id(("tab", tab.title));
    let response = ui.interact(title_place, id, Sense::click());
    if response.clicked() {
        *shown = index;
    }
    let is_shown = index == *shown;
    response.widget_info(|| WidgetInfo::selected(Role::Tab, ui.is_enabled(), is_shown, tab.title));
    let hot = response.hovered();
    response.on_hover_text(format!("Show {}", tab.title));

    let fill = match (is_shown, hot) {
        (true, _) => theme.face,
        (false, true) => theme.face_hovered,
        (false, false) => theme.panel,
    };
    ui.painter().rect_filled(rect, theme.corner, fill);
    if is_shown {
        let foot = Rect::from_min_max(pos2(rect.left(), rect.bottom() - MARK_HEIGHT), rect.max);
        ui.painter().rect_filled(foot, 0.0, theme.accent);
    }
    let on = tab.on.is_none_or(|param| {
        let (switch, on) = switch::toggle(ui, pill_place, id.with("switch"), param);
        let pill = Rect::from_center_size(pill_place.center(), PILL);
        paint_pill(ui, theme, pill, on, switch.hovered());
        explain(switch, param, false);
        on
    });
    let color = match (on, is_shown || hot) {
        (true, _) => theme.accent,
        (false, true) => theme.text,
        (false, false) => theme.text_dim,
    };
    let place = title_place.translate(Vec2::new(theme.gap / 2.0, 0.0));
    paint_text(ui.painter(), place, Align2::LEFT_CENTER, tab.title, theme.font_title, color);
    (tab.on.map(|_| pill_place), on)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knob_ui;
    use crate::testing::{self, Call, FakeParam};
    use egui_kittest::kittest::Queryable;
    use std::cell::Cell;

    #[test]
    fn a_tab_shows_its_section_and_all_switches_work() {
        let (eq, multi) = (FakeParam::switch("EQ On"), FakeParam::switch("MB On"));
        let continuous = |name| FakeParam::continuous(name, 1.0, 20.0, 0.3, ":1");
        let knobs = [FakeParam::threshold(), continuous("Ratio"), continuous("Span")];
        let (shown, opacity) = (Cell::new(0), Cell::new(0.0));
        eq.value.set(1.0);
        let mut harness = testing::harness(|ui, theme| {
            let tabs = [
                Tab { title: "EQ", accent: Accent::Eq, on: Some(&eq) },
                Tab { title: "Multiband", accent: Accent::Multiband, on: Some(&multi) },
                Tab { title: "Meters", accent: Accent::Meter, on: None },
            ];
            let mut now = shown.get();
            tabs_ui(ui, theme, &tabs, &mut now, |ui, theme, index| {
                opacity.set(ui.opacity());
                knob_ui(ui, theme, &knobs[index]);
            });
            shown.set(now);
        });
        assert_eq!((opacity.get(), harness.query_by_label("Ratio").is_some()), (1.0, false));
        harness.get_by_label("Multiband").click();
        harness.run();
        assert_eq!((shown.get(), harness.query_by_label("Threshold").is_some()), (1, false));
        harness.get_by_label("Ratio");
        assert_eq!(opacity.get(), Theme::default().off_opacity);
        assert_eq!((eq.take_calls(), multi.take_calls()), (vec![], vec![]), "looking switches nothing");
        harness.get_by_label("EQ On").click();
        harness.run();
        assert_eq!((shown.get(), eq.take_calls()), (1, vec![Call::Begin, Call::Set(0.0), Call::End]));
        harness.get_by_label("MB On").click();
        harness.run();
        assert_eq!((opacity.get(), multi.take_calls().len()), (1.0, 3));
        harness.get_by_label("Meters").click();
        harness.run();
        harness.get_by_label("Span");
        assert_eq!((shown.get(), opacity.get()), (2, 1.0), "without a switch it is always on");
        testing::assert_texts_are_apart(&harness);
    }
}

//! One of several choices: a row of buttons if they are few and short, else a drop-down list.

use crate::gesture::{self, held};
use crate::param::{self, ParamHandle, explain};
use crate::switch::paint_button;
use crate::text::{paint_text, text_width};
use crate::theme::Theme;
use egui::{Align2, ComboBox, Id, Rect, Response, Role, Sense, StrokeKind, Ui, UiBuilder, WidgetInfo, pos2, vec2};

/// Above this number of choices, a list.
const MAX_BUTTONS: usize = 4;
/// Gap between the name and the buttons, in points.
const NAME_GAP: f32 = 3.0;

/// A choice under the parameter's own name.
pub fn choice_ui(ui: &mut Ui, theme: &Theme, param: &dyn ParamHandle) -> Response {
    choice_labelled_ui(ui, theme, param.name(), theme.choice_size.x, param)
}

/// A choice under a shorter name and of another width. A continuous parameter shows as a single entry.
pub fn choice_labelled_ui(ui: &mut Ui, theme: &Theme, label: &str, width: f32, param: &dyn ParamHandle) -> Response {
    let (_, rect) = ui.allocate_space(vec2(width, theme.choice_size.y));
    let name_rect = Rect::from_min_size(rect.min, vec2(width, theme.name_height));
    let body = Rect::from_min_max(pos2(rect.left(), name_rect.bottom() + NAME_GAP), rect.max);
    parts_ui(ui, theme, label, [rect, name_rect, body], param)
}

/// The same on one line after its name, for a header.
pub fn choice_inline_ui(ui: &mut Ui, theme: &Theme, label: &str, width: f32, param: &dyn ParamHandle) -> Response {
    let (_, rect) = ui.allocate_space(vec2(width, theme.switch_size.y));
    let name_width = text_width(ui.painter(), label, theme.font_small) + theme.gap;
    let (name_rect, body) = rect.split_left_right_at_x(rect.left() + name_width);
    parts_ui(ui, theme, label, [rect, name_rect, body], param)
}

/// The same as a row of a list, with its name in a column of a width.
pub fn choice_line_ui(
    ui: &mut Ui,
    theme: &Theme,
    label: &str,
    [name_width, width]: [f32; 2],
    param: &dyn ParamHandle,
) -> Response {
    let (_, rect) = ui.allocate_space(vec2(width, theme.switch_size.y));
    let (name_rect, body) = rect.split_left_right_at_x(rect.left() + name_width);
    parts_ui(ui, theme, label, [rect, name_rect, body], param)
}

/// A choice with the rectangles of the whole, its name, and its entries.
fn parts_ui(
    ui: &mut Ui,
    theme: &Theme,
    label: &str,
    [rect, name_rect, body]: [Rect; 3],
    param: &dyn ParamHandle,
) -> Response {
    let id = ui.make_persistent_id(("choice", param.name()));
    let mut response = ui.interact(rect, id, Sense::click());
    gesture::menu(ui.ctx(), &mut response, id, param, false);
    let cut = paint_text(ui.painter(), name_rect, Align2::LEFT_CENTER, label, theme.font_small, theme.text_dim);
    let texts = texts(param);
    let picked = if fits(ui, theme, body.width(), &texts) {
        response.widget_info(|| WidgetInfo::labeled(Role::RadioGroup, ui.is_enabled(), param.name()));
        buttons_ui(ui, theme, body, id, param, &texts)
    } else {
        list_ui(ui, body, id, param, &texts)
    };
    if let (Some(step), Some(last)) = (picked, param::last_step(param)) {
        held::set_once(ui.ctx(), id, param, step as f32 / last);
        response.mark_changed();
    }
    explain(response, param, cut)
}

fn texts(param: &dyn ParamHandle) -> Vec<String> {
    let last = param::last_step(param).unwrap_or(1.0);
    (0..param.steps().unwrap_or(1)).map(|step| param.text_at(step as f32 / last)).collect()
}

/// Whether each text fits into its part of the width.
fn fits(ui: &Ui, theme: &Theme, width: f32, texts: &[String]) -> bool {
    let room = width / texts.len() as f32 - theme.gap;
    texts.len() <= MAX_BUTTONS && texts.iter().all(|text| text_width(ui.painter(), text, theme.font_body) <= room)
}

/// A row of buttons, the chosen one lit. Returns the one that was clicked.
fn buttons_ui(ui: &Ui, theme: &Theme, rect: Rect, id: Id, param: &dyn ParamHandle, texts: &[String]) -> Option<usize> {
    let chosen = param::step_at(param, held::shown(ui.ctx(), id, param));
    let width = rect.width() / texts.len() as f32;
    let mut picked = None;
    ui.painter().rect_filled(rect, theme.corner, theme.face);
    for (step, text) in texts.iter().enumerate() {
        let place = Rect::from_min_size(rect.min + vec2(width * step as f32, 0.0), vec2(width, rect.height()));
        let mut button = ui.interact(place, id.with(("button", step)), Sense::click());
        if button.clicked() && step != chosen {
            picked = Some(step);
        }
        let lit = step == picked.unwrap_or(chosen);
        button.widget_info(|| {
            let name = format!("{}: {text}", param.name());
            WidgetInfo::selected(Role::RadioButton, ui.is_enabled(), lit, name)
        });
        // The menu belongs to each button too, as they cover the whole.
        gesture::menu(ui.ctx(), &mut button, id, param, false);
        paint_button(ui, theme, place, text, lit, button.hovered());
    }
    ui.painter().rect_stroke(rect, theme.corner, (1.0, theme.border), StrokeKind::Inside);
    picked
}

/// A drop-down list. Returns the one that was picked.
fn list_ui(ui: &mut Ui, rect: Rect, id: Id, param: &dyn ParamHandle, texts: &[String]) -> Option<usize> {
    let chosen = param::step_at(param, held::shown(ui.ctx(), id, param));
    let mut picked = None;
    let mut body = ui.new_child(UiBuilder::new().max_rect(rect));
    body.spacing_mut().interact_size.y = rect.height();
    let list = ComboBox::from_id_salt(id)
        .width(rect.width())
        .truncate()
        .selected_text(texts.get(chosen).map_or("", String::as_str))
        .show_ui(&mut body, |ui| {
            for (step, text) in texts.iter().enumerate() {
                if ui.selectable_label(step == chosen, text).clicked() && step != chosen {
                    picked = Some(step);
                }
            }
        });
    let mut button = list.response.accessible_name(param.name());
    gesture::menu(body.ctx(), &mut button, id, param, false);
    picked
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{self, Call, FakeParam};
    use egui_kittest::Harness;
    use egui_kittest::kittest::Queryable;

    fn choice(param: &FakeParam) -> Harness<'_> {
        testing::harness(|ui, theme| {
            choice_ui(ui, theme, param);
        })
    }

    #[test]
    fn a_click_on_a_button_is_one_gesture() {
        let param = FakeParam::choice("Mode", &["Soft", "Hard", "Off"]);
        let mut harness = choice(&param);
        harness.get_by_label("Mode: Off").click();
        harness.run();
        assert_eq!(param.take_calls(), [Call::Begin, Call::Set(1.0), Call::End]);
        harness.get_by_label("Mode: Hard").click();
        harness.run();
        assert_eq!(param.take_last_set(), Some(0.5));
        harness.get_by_label("Mode: Hard").click();
        harness.run();
        assert_eq!(param.take_calls(), [], "what is chosen already");
        testing::assert_texts_are_apart(&harness);
    }

    #[test]
    fn many_or_long_choices_are_a_list() {
        let many = FakeParam::choice("Slope", &["6 dB", "12 dB", "24 dB", "48 dB", "96 dB"]);
        let long = FakeParam::choice("Phase", &["Minimum phase", "Linear phase", "Mixed phase"]);
        for (param, pick, value) in [(many, "24 dB", 0.5), (long, "Mixed phase", 1.0)] {
            let mut harness = choice(&param);
            assert_eq!(harness.get_by_label(&param.name).value().as_deref(), Some(param.choices[0]));
            harness.get_by_label(&param.name).click();
            harness.run();
            harness.get_by_label(pick).click();
            harness.run();
            assert_eq!(param.take_calls(), [Call::Begin, Call::Set(value), Call::End]);
            assert_eq!(harness.get_by_label(&param.name).value().as_deref(), Some(pick));
            assert_eq!(harness.query_all_by_label("24 dB").count(), 0, "the list closes");
        }
    }

    #[test]
    fn buttons_and_lists_are_the_same_size() {
        let few = FakeParam::choice("Few", &["A", "B"]);
        let many = FakeParam::choice("Many", &["A", "B", "C", "D", "E"]);
        let mut sizes = Vec::new();
        let harness = testing::harness(|ui, theme| {
            sizes = vec![choice_ui(ui, theme, &few).rect.size(), choice_ui(ui, theme, &many).rect.size()];
        });
        let list = harness.get_by_label("Many").rect();
        drop(harness);
        let theme = Theme::default();
        assert_eq!(sizes, [theme.choice_size; 2]);
        assert_eq!(list.width(), theme.choice_size.x);
        assert!(list.height() <= theme.choice_size.y - theme.name_height, "{list:?}");
    }

    #[test]
    fn on_one_line_the_name_comes_first() {
        let param = FakeParam::choice("Phase", &["Zero latency", "Natural", "Linear", "Mixed", "Low"]);
        let mut harness = testing::harness(|ui, theme| {
            choice_inline_ui(ui, theme, "Phase", 180.0, &param);
        });
        testing::assert_texts_are_apart(&harness);
        assert!(harness.get_by_label("Phase").rect().height() <= Theme::default().switch_size.y);
        harness.get_by_label("Phase").click();
        harness.run();
        harness.get_by_label("Linear").click();
        harness.run();
        assert_eq!(param.take_last_set(), Some(0.5));
    }

    #[test]
    fn the_menu_of_both_kinds_restores_the_default() {
        for (choices, label) in [(&["A", "B"][..], "Mode: A"), (&["A", "B", "C", "D", "E"], "Mode")] {
            let param = FakeParam::choice("Mode", choices);
            param.value.set(1.0);
            let mut harness = choice(&param);
            harness.get_by_label(label).click_secondary();
            harness.run();
            harness.get_by_label("Reset to default").click();
            harness.run();
            assert_eq!(param.take_calls(), [Call::Begin, Call::Set(0.0), Call::End], "{label}");
        }
    }
}

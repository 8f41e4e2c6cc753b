//! The order of a chain's sections as a line of chips, first to last. A chip is dragged to another place, or moved by the
//! arrows at its ends, or by the arrow keys while it has the focus.

use crate::gesture;
use crate::param::{ParamHandle, explain};
use crate::text::paint_text;
use crate::theme::Theme;
use egui::{
    Align2, Color32, CursorIcon, EventFilter, Id, Key, Modifiers, PointerButton, Rect, Response, Role, Sense, Stroke,
    StrokeKind, Ui, Vec2, WidgetInfo, pos2, vec2,
};

/// Between two chips, in points: room for the line that joins them.
const JOINT: f32 = 8.0;
/// Width of the arrow at each end of a chip, in points.
const ARROW_WIDTH: f32 = 13.0;
/// Half the height of an arrow, in points.
const ARROW_HALF: f32 = 3.5;
/// Width of the bar of colour on a chip, in points.
const BAR_WIDTH: f32 = 3.0;

/// One section on the line.
#[derive(Clone, Copy, Debug)]
pub struct FlowStep<'a> {
    /// Short name, unique on the line.
    pub name: &'a str,
    /// Its hue.
    pub color: Color32,
    /// Whether it is on: others are dim, but keep their place.
    pub on: bool,
}

/// A section that the user has moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FlowMove {
    /// Where it stood.
    pub from: usize,
    /// Where it stands now; the others close up.
    pub to: usize,
}

/// The line, of a size. `param` gives it its name and its help, and is what the right button resets.
pub fn flow_ui(
    ui: &mut Ui,
    theme: &Theme,
    size: Vec2,
    param: &dyn ParamHandle,
    steps: &[FlowStep<'_>],
) -> (Response, Option<FlowMove>) {
    let (_, rect) = ui.allocate_space(size);
    let id = ui.make_persistent_id(("flow", param.name()));
    let response = ui.interact(rect, id, Sense::hover());
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::List, ui.is_enabled(), param.name());
        info.current_text_value = Some(param.text());
        info
    });
    let line = Line { rect, count: steps.len() };
    ui.painter().hline(rect.x_range(), rect.center().y, Stroke::new(1.0, theme.track));
    let mut moved = None;
    let mut held = None;
    for (place, step) in steps.iter().enumerate() {
        let chip = chip(ui, id, &line, place, step, param);
        held = held.or(chip.held);
        moved = moved.or(chip.moved);
    }
    // While a chip is held, the others stand as they will when it is let go.
    let drawn = held.map_or_else(|| (0..steps.len()).collect(), |(from, x)| reordered(steps.len(), from, line.at(x)));
    for (slot, place) in drawn.into_iter().enumerate() {
        if held.is_none_or(|(from, _)| from != place) {
            paint_chip(ui, theme, id, line.slot(slot), place, &steps[place], steps.len());
        }
    }
    if let Some((from, x)) = held {
        let slot = line.slot(from);
        let at = slot
            .translate(vec2((x - slot.center().x).clamp(rect.left() - slot.left(), rect.right() - slot.right()), 0.0));
        paint_chip(ui, theme, id, at, from, &steps[from], steps.len());
    }
    (explain(response, param, false), moved)
}

/// Where chips stand.
struct Line {
    rect: Rect,
    count: usize,
}

impl Line {
    fn pitch(&self) -> f32 {
        (self.rect.width() + JOINT) / self.count.max(1) as f32
    }

    fn slot(&self, place: usize) -> Rect {
        let left = self.rect.left() + place as f32 * self.pitch();
        Rect::from_min_size(pos2(left, self.rect.top()), vec2(self.pitch() - JOINT, self.rect.height()))
    }

    /// The place nearest to a point.
    fn at(&self, x: f32) -> usize {
        (((x - self.rect.left()) / self.pitch()).max(0.0) as usize).min(self.count.saturating_sub(1))
    }
}

/// The places of `count` sections, one of which is moved.
fn reordered(count: usize, from: usize, to: usize) -> Vec<usize> {
    let mut places: Vec<usize> = (0..count).collect();
    let moved = places.remove(from);
    places.insert(to, moved);
    places
}

/// What the user does with a chip.
struct Chip {
    /// Its place and where the pointer holds it.
    held: Option<(usize, f32)>,
    moved: Option<FlowMove>,
}

fn chip(ui: &Ui, line_id: Id, line: &Line, place: usize, step: &FlowStep<'_>, param: &dyn ParamHandle) -> Chip {
    let slot = line.slot(place);
    let mut response = ui.interact(slot, line_id.with(step.name), Sense::click_and_drag());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), step.name));
    if response.clicked() {
        response.request_focus();
    }
    gesture::menu(ui.ctx(), &mut response, line_id, param, false);
    if response.hovered() || response.dragged() {
        ui.ctx().set_cursor_icon(CursorIcon::ResizeHorizontal);
    }
    let last = line.count.saturating_sub(1);
    let to = |to: usize| (to != place).then_some(FlowMove { from: place, to });
    let mut moved = None;
    for (end, label, target) in [(0, "earlier", place.saturating_sub(1)), (1, "later", (place + 1).min(last))] {
        let arrow = arrow_place(slot, end);
        let response = ui.interact(arrow, line_id.with((step.name, end)), Sense::click());
        let name = format!("Move {} {label}", step.name);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled() && target != place, &name));
        if response.clicked() {
            moved = to(target);
        }
        response.on_hover_text(name);
    }
    if response.has_focus() {
        // Without this, egui takes the arrows to move the focus.
        let filter = EventFilter { horizontal_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
        for (key, target) in [(Key::ArrowLeft, place.saturating_sub(1)), (Key::ArrowRight, (place + 1).min(last))] {
            if ui.input_mut(|input| input.consume_key(Modifiers::NONE, key)) {
                moved = moved.or(to(target));
            }
        }
    }
    let pointer = ui.ctx().pointer_latest_pos();
    let held = pointer.filter(|_| response.dragged_by(PointerButton::Primary)).map(|at| (place, at.x));
    if response.drag_stopped_by(PointerButton::Primary)
        && let Some(at) = pointer
    {
        moved = to(line.at(at.x));
    }
    Chip { held, moved }
}

/// The arrow at the left (0) or right (1) end of a chip.
fn arrow_place(slot: Rect, end: usize) -> Rect {
    let size = vec2(ARROW_WIDTH, slot.height());
    if end == 0 {
        Rect::from_min_size(slot.min, size)
    } else {
        Rect::from_min_size(slot.right_top() - vec2(ARROW_WIDTH, 0.0), size)
    }
}

fn paint_chip(ui: &Ui, theme: &Theme, line_id: Id, slot: Rect, place: usize, step: &FlowStep<'_>, count: usize) {
    let painter = ui.painter();
    let id = line_id.with(step.name);
    let response = ui.ctx().read_response(id);
    let hot = response.as_ref().is_some_and(|chip| chip.contains_pointer() || chip.dragged() || chip.has_focus());
    let face = if hot { theme.face_hovered } else { theme.face };
    let edge = if response.is_some_and(|chip| chip.has_focus()) { theme.text } else { theme.border };
    painter.rect(slot, theme.corner, face, Stroke::new(1.0, edge), StrokeKind::Inside);
    let color = if step.on { step.color } else { theme.text_dim };
    let bar = Rect::from_min_size(slot.left_bottom() - vec2(0.0, BAR_WIDTH), vec2(slot.width(), BAR_WIDTH));
    painter.rect_filled(bar, 1.0, if step.on { step.color } else { theme.track });
    paint_text(painter, slot.shrink2(vec2(2.0, 0.0)), Align2::CENTER_CENTER, step.name, theme.font_small, color);
    if hot {
        for (end, shown) in [(0, place > 0), (1, place + 1 < count)] {
            if shown {
                let at = arrow_place(slot, end).center();
                let tip = if end == 0 { -ARROW_HALF } else { ARROW_HALF };
                let corners = [vec2(tip, 0.0), vec2(-tip * 0.4, -ARROW_HALF), vec2(-tip * 0.4, ARROW_HALF)];
                let corners = corners.map(|corner| at + corner).to_vec();
                painter.add(egui::Shape::convex_polygon(corners, theme.text, Stroke::NONE));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{self, Call, FakeParam};
    use crate::theme::Accent;
    use egui_kittest::Harness;
    use egui_kittest::kittest::Queryable;
    use std::cell::RefCell;

    const NAMES: [&str; 4] = ["Gate", "EQ", "Comp", "Sat"];

    fn moved(names: &RefCell<Vec<&'static str>>, to: FlowMove) {
        let mut names = names.borrow_mut();
        let name = names.remove(to.from);
        names.insert(to.to, name);
    }

    fn line<'a>(names: &'a RefCell<Vec<&'static str>>, param: &'a FakeParam) -> Harness<'a> {
        testing::harness(move |ui, theme| {
            let color = Accent::Eq.color();
            let steps: Vec<_> =
                names.borrow().iter().map(|name| FlowStep { name, color, on: *name != "Sat" }).collect();
            let (_, to) = flow_ui(ui, theme, vec2(400.0, 26.0), param, &steps);
            if let Some(to) = to {
                moved(names, to);
            }
        })
    }

    #[test]
    fn a_chip_is_dragged_to_another_place_and_the_others_close_up() {
        let (names, param) = (RefCell::new(NAMES.to_vec()), FakeParam::choice("Order", &["a", "b"]));
        let mut harness = line(&names, &param);
        let from = harness.get_by_label("Gate").rect().center();
        testing::drag(&mut harness, from, &[vec2(120.0, 0.0), vec2(90.0, 4.0)]);
        assert_eq!(*names.borrow(), ["EQ", "Comp", "Gate", "Sat"]);
        let from = harness.get_by_label("Sat").rect().center();
        testing::drag(&mut harness, from, &[vec2(-900.0, 0.0)]);
        assert_eq!(*names.borrow(), ["Sat", "EQ", "Comp", "Gate"]);
        testing::assert_texts_are_apart(&harness);
    }

    #[test]
    fn arrows_move_by_one_and_stop_at_the_ends() {
        let (names, param) = (RefCell::new(NAMES.to_vec()), FakeParam::choice("Order", &["a", "b"]));
        let mut harness = line(&names, &param);
        for (label, order) in [
            ("Move EQ earlier", ["EQ", "Gate", "Comp", "Sat"]),
            ("Move EQ earlier", ["EQ", "Gate", "Comp", "Sat"]),
            ("Move Comp later", ["EQ", "Gate", "Sat", "Comp"]),
            ("Move Comp later", ["EQ", "Gate", "Sat", "Comp"]),
        ] {
            harness.get_by_label(label).click();
            harness.run();
            assert_eq!(*names.borrow(), order, "{label}");
        }
    }

    #[test]
    fn keys_move_the_chip_that_has_the_focus_and_the_focus_goes_along() {
        let (names, param) = (RefCell::new(NAMES.to_vec()), FakeParam::choice("Order", &["a", "b"]));
        let mut harness = line(&names, &param);
        harness.get_by_label("EQ").focus();
        harness.run();
        for order in [["Gate", "Comp", "EQ", "Sat"], ["Gate", "Comp", "Sat", "EQ"], ["Gate", "Comp", "Sat", "EQ"]] {
            harness.key_press(Key::ArrowRight);
            harness.run();
            assert_eq!(*names.borrow(), order);
        }
        harness.key_press(Key::ArrowLeft);
        harness.run();
        assert_eq!(*names.borrow(), ["Gate", "Comp", "EQ", "Sat"]);
    }

    #[test]
    fn a_click_moves_nothing_and_the_right_button_resets() {
        let (names, param) = (RefCell::new(NAMES.to_vec()), FakeParam::choice("Order", &["a", "b"]));
        param.value.set(1.0);
        let mut harness = line(&names, &param);
        harness.get_by_label("Comp").click();
        harness.run();
        assert_eq!(*names.borrow(), NAMES);
        assert_eq!(param.take_calls(), []);
        harness.get_by_label("Comp").click_secondary();
        harness.run();
        harness.get_by_label("Reset to default").click();
        harness.run();
        assert_eq!(param.take_calls(), [Call::Begin, Call::Set(0.0), Call::End]);
    }
}

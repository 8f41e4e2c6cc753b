//! How the user changes a parameter, the same for every control.
//!
//! - drag up or down: move; with Shift or Ctrl ten times finer
//! - wheel: one step; with Shift or Ctrl finer
//! - double click, or Alt and click: back to the default
//! - double click on the value: type it
//! - right click: a menu with both
//! - arrow keys while focused, and the actions of a screen reader: one step
//!
//! Each of them reaches the host as begin, set, end.

pub mod entry;
pub mod held;
mod nudge;

pub(crate) use nudge::{is_fine, nudge};

use crate::param::{self, ParamHandle};
use crate::theme::Theme;
use egui::{Context, CursorIcon, Id, PointerButton, Popup, Rect, Response, Ui, Vec2, WidgetInfo};

/// Lets the user move `param` by `response`, which senses clicks and drags, and returns the value to show. `value_rect`
/// is that of its text: a double click there types instead of resetting.
pub fn drag_param(
    ui: &Ui,
    response: &mut Response,
    theme: &Theme,
    param: &dyn ParamHandle,
    value_rect: Option<Rect>,
) -> f32 {
    let ctx = &response.ctx.clone();
    let id = response.id;
    drag(ctx, response, theme, param);
    if ui.is_enabled() {
        if wants_reset(response) {
            match value_rect {
                Some(rect) if response.double_clicked() && is_within(response, rect) => entry::open(ctx, id, param),
                _ => reset(ctx, response, id, param),
            }
        }
        nudge(ctx, response, id, theme, param);
        menu(ctx, response, id, param, value_rect.is_some());
    }
    held::shown(ctx, id, param)
}

/// Whether this frame's click means "back to the default".
pub(crate) fn wants_reset(response: &Response) -> bool {
    response.double_clicked() || (response.clicked() && response.ctx.input(|i| i.modifiers.alt))
}

/// Resets to the default, as one gesture.
pub(crate) fn reset(ctx: &Context, response: &mut Response, id: Id, param: &dyn ParamHandle) {
    held::set_once(ctx, id, param, param.default_normalized());
    response.mark_changed();
}

/// The pointer's way in this frame of a drag with the primary button, and whether the drag still goes on. The way of the
/// frame that lets go counts too; a drag that Escape ended or that lost its widget does not move any more.
pub(crate) fn drag_motion(response: &Response) -> (Vec2, bool) {
    if response.dragged_by(PointerButton::Primary) {
        (response.drag_delta(), true)
    } else if response.drag_stopped_by(PointerButton::Primary) {
        (response.ctx.input(|i| i.pointer.delta()), false)
    } else {
        (Vec2::ZERO, false)
    }
}

/// Describes the control and its value to screen readers, and tests.
pub(crate) fn describe(ui: &Ui, response: &Response, param: &dyn ParamHandle, shown: f32) {
    response.widget_info(|| {
        let mut info = WidgetInfo::slider(ui.is_enabled(), f64::from(shown), param.name());
        info.current_text_value = Some(param::text_of(param, shown));
        info
    });
    response.ctx.accesskit_node_builder(response.id, |node| {
        node.set_min_numeric_value(0.0);
        node.set_max_numeric_value(1.0);
        for action in [egui::accesskit::Action::Increment, egui::accesskit::Action::Decrement] {
            node.add_action(action);
        }
    });
}

fn drag(ctx: &Context, response: &mut Response, theme: &Theme, param: &dyn ParamHandle) {
    let id = response.id;
    if response.hovered() || response.dragged() {
        ctx.set_cursor_icon(CursorIcon::ResizeVertical);
    }
    let (motion, dragging) = drag_motion(response);
    if dragging && !held::is_held(ctx, id) {
        entry::close(ctx, id);
        held::hold(ctx, id, param);
    }
    if held::is_held(ctx, id) {
        let fine = if ctx.input(|i| is_fine(i.modifiers)) { theme.fine } else { 1.0 };
        if motion.y != 0.0 && held::move_by(ctx, id, param, -motion.y * fine / travel(theme, param)) {
            response.mark_changed();
        }
        if !dragging {
            held::release(ctx, id, param);
        }
    }
}

/// Points of drag from one end to the other. A control of few steps takes less: nobody drags 100 px to the next choice.
fn travel(theme: &Theme, param: &dyn ParamHandle) -> f32 {
    param::last_step(param).map_or(theme.drag_travel, |last| theme.drag_travel.min(last * theme.drag_per_step))
}

fn is_within(response: &Response, rect: Rect) -> bool {
    response.interact_pointer_pos().is_some_and(|pos| rect.contains(pos))
}

/// The right-click menu.
pub(crate) fn menu(ctx: &Context, response: &mut Response, id: Id, param: &dyn ParamHandle, can_type: bool) {
    let mut wants_entry = false;
    let mut wants_reset = false;
    // Its own id: egui would give it that of a combo box's list.
    Popup::context_menu(response).id(response.id.with("menu")).show(|ui| {
        wants_entry = can_type && ui.button("Type value…").clicked();
        wants_reset = ui.button("Reset to default").clicked();
    });
    if wants_entry {
        entry::open(ctx, id, param);
    }
    if wants_reset {
        reset(ctx, response, id, param);
    }
}

#[cfg(test)]
mod tests;

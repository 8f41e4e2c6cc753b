//! One step up or down: the wheel, the arrow keys, a screen reader.

use super::held;
use crate::param::{self, ParamHandle};
use crate::theme::Theme;
use egui::accesskit::Action;
use egui::{Context, Event, EventFilter, Id, InputState, Key, Modifiers, MouseWheelUnit, Response};

/// Scrolled points that make a notch, for touchpads: what egui scrolls for one notch of a wheel.
const POINTS_PER_NOTCH: f32 = 40.0;

/// Whether the modifiers ask for fine movement. Hosts and plugins disagree on the key, so both do it.
pub(crate) fn is_fine(modifiers: Modifiers) -> bool {
    modifiers.shift || modifiers.ctrl || modifiers.command
}

/// Moves `param` by what the wheel, the keys or a screen reader asked of `response` in this frame.
pub(crate) fn nudge(ctx: &Context, response: &mut Response, id: Id, theme: &Theme, param: &dyn ParamHandle) {
    let focused = response.has_focus();
    if focused {
        // Without this, egui takes the arrows to move the focus.
        let filter = EventFilter { vertical_arrows: true, ..EventFilter::default() };
        ctx.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
    }
    let (notches, fine) = ctx.input(|i| asked(i, response, focused));
    if notches == 0.0 {
        return;
    }
    let now = held::shown(ctx, id, param);
    let to = match param::last_step(param) {
        Some(last) => now + whole_notches(ctx, id, notches) / last,
        None => now + notches * theme.wheel_step * if fine { theme.fine } else { 1.0 },
    };
    if param::snap(param, to) != now {
        held::set_once(ctx, id, param, to);
        response.mark_changed();
    }
}

/// Steps asked for, up is positive, and whether to make them fine. Runs under egui's lock: asks nothing else of it.
fn asked(input: &InputState, response: &Response, focused: bool) -> (f32, bool) {
    let mut fine = is_fine(input.modifiers);
    let mut notches = input.num_accesskit_action_requests(response.id, Action::Increment) as f32
        - input.num_accesskit_action_requests(response.id, Action::Decrement) as f32;
    for event in &input.events {
        match event {
            Event::MouseWheel { unit, delta, modifiers, .. } if response.hovered() => {
                // With Shift held, some systems turn the wheel sideways.
                let delta = if delta.y == 0.0 && modifiers.shift { delta.x } else { delta.y };
                fine |= is_fine(*modifiers);
                notches += match unit {
                    MouseWheelUnit::Point => delta / POINTS_PER_NOTCH,
                    MouseWheelUnit::Line => delta,
                    MouseWheelUnit::Page => delta.signum(),
                };
            }
            Event::Key { key, pressed: true, modifiers, .. } if focused && is_plain(*modifiers) => {
                notches += match key {
                    Key::ArrowUp => 1.0,
                    Key::ArrowDown => -1.0,
                    _ => 0.0,
                };
            }
            _ => {}
        }
    }
    (notches, fine)
}

/// Keys with Alt or Command belong to the host.
fn is_plain(modifiers: Modifiers) -> bool {
    !modifiers.alt && !modifiers.command
}

/// Adds up parts of notches, as touchpads send them, and gives the whole ones out.
fn whole_notches(ctx: &Context, id: Id, notches: f32) -> f32 {
    let id = id.with("notches");
    let sum = ctx.data(|data| data.get_temp::<f32>(id)).unwrap_or(0.0);
    // A change of direction starts over, so that the first move back is not spent on a rest of the way there.
    let sum = if sum * notches < 0.0 { notches } else { sum + notches };
    ctx.data_mut(|data| data.insert_temp(id, sum.fract()));
    sum.trunc()
}

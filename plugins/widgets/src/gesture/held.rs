//! The value of a parameter during a gesture. The host may return values late, rounded, or not at all, so until the end
//! of the gesture the control shows, and continues from, the value it requested. That value is in egui's memory under the
//! control's id.

use crate::param::{ParamHandle, snap};
use egui::{Context, Id};

/// How long after a gesture a control waits for the host to catch up, in seconds: longer than a large audio block and
/// its way back, shorter than it takes to wonder.
const SETTLE_S: f64 = 0.25;
/// Values this close are the same value returned: well below a pixel of any control, well above f32 rounding.
const ECHO_TOLERANCE: f32 = 1e-4;

#[derive(Clone, Copy, Debug)]
struct Held {
    /// Position of the pointer: between the steps of a stepped parameter.
    place: f32,
    /// The value last requested from the host.
    asked: f32,
    /// When the gesture ended; `None` while it is open.
    released_at_s: Option<f64>,
}

/// The value to show: that of the gesture, or of one that just ended, else the parameter's own.
pub fn shown(ctx: &Context, id: Id, param: &dyn ParamHandle) -> f32 {
    let value = param.normalized();
    let Some(held) = load(ctx, id) else { return value };
    let Some(released_at_s) = held.released_at_s else { return held.asked };
    let rest_s = released_at_s + SETTLE_S - now_s(ctx);
    if rest_s <= 0.0 || (held.asked - value).abs() < ECHO_TOLERANCE {
        ctx.data_mut(|data| data.remove::<Held>(id));
        return value;
    }
    ctx.request_repaint_after_secs(rest_s as f32);
    held.asked
}

/// Whether a gesture is open.
pub fn is_held(ctx: &Context, id: Id) -> bool {
    load(ctx, id).is_some_and(|held| held.released_at_s.is_none())
}

/// Opens a gesture; one that is already open continues.
pub fn hold(ctx: &Context, id: Id, param: &dyn ParamHandle) {
    if is_held(ctx, id) {
        return;
    }
    let value = shown(ctx, id, param);
    param.begin_gesture();
    store(ctx, id, Held { place: value, asked: value, released_at_s: None });
}

/// Moves by a distance within an open gesture. Returns whether the value changed.
pub fn move_by(ctx: &Context, id: Id, param: &dyn ParamHandle, by: f32) -> bool {
    load(ctx, id).is_some_and(|held| move_to(ctx, id, param, held.place + by))
}

/// Moves to a value within an open gesture. Returns whether the value changed.
pub fn move_to(ctx: &Context, id: Id, param: &dyn ParamHandle, place: f32) -> bool {
    let Some(mut held) = load(ctx, id).filter(|held| held.released_at_s.is_none()) else { return false };
    let before = held.asked;
    held.place = place.clamp(0.0, 1.0);
    held.asked = snap(param, held.place);
    store(ctx, id, held);
    let moved = held.asked != before;
    if moved {
        param.set_normalized(held.asked);
    }
    moved
}

/// Ends an open gesture.
pub fn release(ctx: &Context, id: Id, param: &dyn ParamHandle) {
    let Some(mut held) = load(ctx, id).filter(|held| held.released_at_s.is_none()) else { return };
    param.end_gesture();
    held.released_at_s = Some(now_s(ctx));
    store(ctx, id, held);
    ctx.request_repaint();
}

/// A whole gesture at once; within an open one, only its set.
pub fn set_once(ctx: &Context, id: Id, param: &dyn ParamHandle, value: f32) {
    if is_held(ctx, id) {
        move_to(ctx, id, param, value);
        return;
    }
    let asked = snap(param, value);
    param.begin_gesture();
    param.set_normalized(asked);
    param.end_gesture();
    store(ctx, id, Held { place: asked, asked, released_at_s: Some(now_s(ctx)) });
    ctx.request_repaint();
}

fn now_s(ctx: &Context) -> f64 {
    ctx.input(|i| i.time)
}

fn load(ctx: &Context, id: Id) -> Option<Held> {
    ctx.data(|data| data.get_temp(id))
}

fn store(ctx: &Context, id: Id, held: Held) {
    ctx.data_mut(|data| data.insert_temp(id, held));
}

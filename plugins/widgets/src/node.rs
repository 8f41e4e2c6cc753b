//! A handle on a [`Plot`]: two parameters by dragging, and a third by the wheel.
//!
//! Drag moves frequency and gain; the wheel turns Q, up is narrower; a double click or Alt and click sets the gain back;
//! Shift or Ctrl makes drag and wheel finer; the right button offers the defaults.

use crate::gesture::{self, held};
use crate::param::{self, ParamHandle};
use crate::plot::Plot;
use crate::text::{paint_text, text_width};
use crate::theme::Theme;
use egui::{
    Align2, Color32, Context, CursorIcon, Id, LayerId, Order, Popup, Pos2, Rect, Response, Role, Sense, Stroke,
    StrokeKind, Ui, Vec2, WidgetInfo, pos2, vec2,
};

/// A parameter along an axis, with the mapping between its travel and the unit of the axis.
#[derive(Clone, Copy)]
pub struct Axis<'a> {
    /// The parameter.
    pub param: &'a dyn ParamHandle,
    /// Its value, in Hz or dB, at a normalized value.
    pub value_at: &'a dyn Fn(f32) -> f64,
    /// The normalized value of a value in Hz or dB; values out of range give the nearest end.
    pub normalized_at: &'a dyn Fn(f64) -> f32,
}

/// One band of an equaliser, as a handle.
#[derive(Clone, Copy)]
pub struct Node<'a> {
    /// Full name, unique on its graph, e.g. "Band 2".
    pub name: &'a str,
    /// One or two letters on the handle, e.g. "2".
    pub mark: &'a str,
    /// Its hue.
    pub color: Color32,
    /// Whether the band is on; it can be moved either way.
    pub on: bool,
    /// Along the graph.
    pub freq: Axis<'a>,
    /// Vertical; without one, the node stays on the 0 dB line.
    pub gain: Option<Axis<'a>>,
    /// By the wheel.
    pub q: Option<&'a dyn ParamHandle>,
}

/// Frequency, gain and Q with the values they show.
type Shown<'a> = [Option<(&'a dyn ParamHandle, f32)>; 3];

impl Node<'_> {
    /// Its parameters, with the ids of their gestures.
    fn params(&self, id: Id) -> impl Iterator<Item = (Id, &dyn ParamHandle)> {
        let freq = Some((freq_id(id), self.freq.param));
        let gain = self.gain.map(|gain| (gain_id(id), gain.param));
        let q = self.q.map(|q| (q_id(id), q));
        [freq, gain, q].into_iter().flatten()
    }

    /// What its parameters show.
    fn shown(&self, ctx: &Context, id: Id) -> Shown<'_> {
        let shown = |id, param| (param, held::shown(ctx, id, param));
        let gain = self.gain.map(|gain| shown(gain_id(id), gain.param));
        [Some(shown(freq_id(id), self.freq.param)), gain, self.q.map(|q| shown(q_id(id), q))]
    }

    /// Its position, at most at the edge of the graph.
    fn place(&self, ctx: &Context, id: Id, plot: &Plot) -> Pos2 {
        let value = |axis: &Axis<'_>, id| (axis.value_at)(held::shown(ctx, id, axis.param));
        let x = plot.x_at(value(&self.freq, freq_id(id)));
        let y = plot.y_at(self.gain.as_ref().map_or(0.0, |gain| value(gain, gain_id(id))));
        pos2(x.clamp(plot.rect.left(), plot.rect.right()), y.clamp(plot.rect.top(), plot.rect.bottom()))
    }
}

fn freq_id(id: Id) -> Id {
    id.with("freq")
}

fn gain_id(id: Id) -> Id {
    id.with("gain")
}

fn q_id(id: Id) -> Id {
    id.with("q")
}

/// A node on a graph. Later nodes lie above earlier ones. The response tells when it was clicked or is dragged, for the
/// panel to show that band's controls.
pub fn node_ui(ui: &mut Ui, theme: &Theme, plot: &Plot, node: &Node<'_>) -> Response {
    let id = ui.make_persistent_id(("node", node.name));
    let ctx = &ui.ctx().clone();
    let reach = Vec2::splat(2.0 * theme.node_radius + 4.0);
    let before = node.place(ctx, id, plot);
    let mut response = ui.interact(Rect::from_center_size(before, reach), id, Sense::click_and_drag());

    drag(ctx, &mut response, theme, plot, node, before);
    if ui.is_enabled() {
        if let Some(gain) = node.gain.filter(|_| gesture::wants_reset(&response)) {
            gesture::reset(ctx, &mut response, gain_id(id), gain.param);
        }
        if let Some(q) = node.q {
            gesture::nudge(ctx, &mut response, q_id(id), theme, q);
        }
        menu(ctx, &mut response, node);
    }
    let shown = node.shown(ctx, id);
    response.widget_info(|| {
        // Runs under egui's lock: must not call it again.
        let mut info = WidgetInfo::labeled(Role::Slider, ui.is_enabled(), node.name);
        info.current_text_value = Some(values(&shown));
        info
    });
    if ui.is_rect_visible(response.rect) {
        let place = node.place(ctx, id, plot);
        let hot = response.hovered() || response.dragged();
        paint_node(ui, theme, node, place, hot);
        if hot {
            ctx.set_cursor_icon(CursorIcon::Move);
            paint_values(ui, theme, plot, node, id, place, &values(&shown));
        }
    }
    response
}

/// Position of the pointer while dragging, which the parameters follow only within their ranges and steps.
#[derive(Clone, Copy)]
struct Hand(Pos2);

fn drag(ctx: &Context, response: &mut Response, theme: &Theme, plot: &Plot, node: &Node<'_>, place: Pos2) {
    let id = response.id;
    let axes = [Some((freq_id(id), node.freq)), node.gain.map(|gain| (gain_id(id), gain))];
    let (motion, dragging) = gesture::drag_motion(response);
    let mut hand = ctx.data(|data| data.get_temp::<Hand>(id));
    if dragging && hand.is_none() {
        hand = Some(Hand(place));
        for (id, axis) in axes.iter().flatten() {
            held::hold(ctx, *id, axis.param);
        }
    }
    let Some(Hand(mut at)) = hand else { return };
    let fine = if ctx.input(|i| gesture::is_fine(i.modifiers)) { theme.fine } else { 1.0 };
    at += motion * fine;
    let values = [plot.freq_hz_at(at.x), plot.gain_db_at(at.y)];
    let moved = [motion.x != 0.0, motion.y != 0.0];
    for ((axis, value), moved) in axes.iter().zip(values).zip(moved) {
        // An axis without movement keeps its exact value.
        if let Some((id, axis)) = axis.filter(|_| moved)
            && held::move_to(ctx, id, axis.param, (axis.normalized_at)(value))
        {
            response.mark_changed();
        }
    }
    if dragging {
        ctx.data_mut(|data| data.insert_temp(id, Hand(at)));
    } else {
        ctx.data_mut(|data| data.remove::<Hand>(id));
        for (id, axis) in axes.iter().flatten() {
            held::release(ctx, *id, axis.param);
        }
    }
}

fn menu(ctx: &Context, response: &mut Response, node: &Node<'_>) {
    let mut chosen = None;
    Popup::context_menu(response).id(response.id.with("menu")).show(|ui| {
        if node.gain.is_some() && ui.button("Reset gain").clicked() {
            chosen = Some(false);
        }
        if ui.button("Reset band").clicked() {
            chosen = Some(true);
        }
    });
    let Some(all) = chosen else { return };
    let id = response.id;
    for (param_id, param) in node.params(id).filter(|(param_id, _)| all || *param_id == gain_id(id)) {
        gesture::reset(ctx, response, param_id, param);
    }
}

/// What the node stands at, e.g. "1.20 kHz   +3.0 dB   Q 1.00".
fn values(shown: &Shown<'_>) -> String {
    let mut text = String::new();
    for (prefix, (param, value)) in ["", "", "Q "].iter().zip(shown).filter_map(|(p, shown)| Some((p, (*shown)?))) {
        if !text.is_empty() {
            text.push_str("   ");
        }
        text.push_str(prefix);
        text.push_str(&param::text_of(param, value));
    }
    text
}

fn paint_node(ui: &Ui, theme: &Theme, node: &Node<'_>, place: Pos2, hot: bool) {
    let painter = ui.painter();
    let radius = theme.node_radius;
    let edge = if hot { theme.text } else { node.color };
    // A band that is off is a ring.
    let (fill, ink) = if node.on { (node.color, theme.text_on_accent) } else { (theme.well, node.color) };
    painter.circle(place, radius, fill, Stroke::new(2.0, edge));
    let letters = Rect::from_center_size(place, vec2(2.0 * radius, theme.name_height));
    paint_text(painter, letters, Align2::CENTER_CENTER, node.mark, theme.font_small, ink);
}

/// Name and values beside the node, above everything, inside the graph.
fn paint_values(ui: &Ui, theme: &Theme, plot: &Plot, node: &Node<'_>, id: Id, place: Pos2, text: &str) {
    let painter = ui.ctx().layer_painter(LayerId::new(Order::Tooltip, id)).with_clip_rect(ui.clip_rect());
    let widest = |a: f32, text: &str, size| a.max(text_width(&painter, text, size));
    let width = widest(widest(0.0, node.name, theme.font_small), text, theme.font_body) + 2.0 * theme.gap + 1.0;
    let size = vec2(width, theme.name_height + theme.value_height + theme.gap);
    let apart = theme.node_radius + theme.gap;
    let left = if place.x + apart + width <= plot.rect.right() { place.x + apart } else { place.x - apart - width };
    let top = (place.y - size.y / 2.0).clamp(plot.rect.top(), (plot.rect.bottom() - size.y).max(plot.rect.top()));
    let panel = Rect::from_min_size(pos2(left, top), size);
    painter.rect(panel, theme.corner, theme.panel, Stroke::new(1.0, theme.border), StrokeKind::Inside);
    let (upper, lower) = panel.shrink(theme.gap / 2.0).split_top_bottom_at_y(top + theme.gap / 2.0 + theme.name_height);
    let inset = vec2(theme.gap / 2.0, 0.0);
    paint_text(&painter, upper.shrink2(inset), Align2::LEFT_CENTER, node.name, theme.font_small, node.color);
    paint_text(&painter, lower.shrink2(inset), Align2::LEFT_CENTER, text, theme.font_body, theme.text);
}

#[cfg(test)]
mod tests;

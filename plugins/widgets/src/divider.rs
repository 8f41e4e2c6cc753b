//! Movable lines across a [`Plot`], such as the crossovers between bands. Each has a tag with its value.
//!
//! Drag moves the line; the wheel and the arrow keys make a step; a double click on the tag types the value, elsewhere it
//! sets it back, as do Alt and click; Shift or Ctrl makes it finer; the right button offers both.

use crate::gesture::{self, entry, held};
use crate::node::Axis;
use crate::param::{self, ParamHandle, explain};
use crate::plot::Plot;
use crate::text::text_width;
use crate::theme::Theme;
use egui::{Color32, Context, CursorIcon, Id, Rect, Response, Sense, Stroke, StrokeKind, Ui, pos2, vec2};

/// Distance within which the line can be grabbed, in points.
const REACH: f32 = 6.0;
/// Width of the line, in points.
const LINE_WIDTH: f32 = 1.5;
/// Height of a tag, in points.
const TAG_HEIGHT: f32 = 20.0;
/// Gap between tags, in points.
const TAG_GAP: f32 = 3.0;
/// Margin left and right of the tags, for the scales of the graph, in points.
const MARGIN: f32 = 40.0;
/// Most rows of tags.
const ROWS: usize = 4;

/// One line.
#[derive(Clone, Copy)]
pub struct Divider<'a> {
    /// Along the graph.
    pub freq: Axis<'a>,
    /// Its effective position, which other lines may keep from the set one.
    pub at_hz: f64,
    /// Its hue.
    pub color: Color32,
}

/// Lines across a graph, from low to high. Tags are at the bottom of the graph, stacked where they would overlap. Returns
/// a response for each.
pub fn dividers_ui(ui: &mut Ui, theme: &Theme, plot: &Plot, dividers: &[Divider<'_>]) -> Vec<Response> {
    let mut ends = [f32::NEG_INFINITY; ROWS];
    let mut responses = Vec::new();
    for divider in dividers {
        let text = param::text_of(divider.freq.param, divider.freq.param.normalized());
        let width = text_width(ui.painter(), &text, theme.font_body) + 2.0 * theme.gap;
        let inner = plot.rect.x_range().shrink(MARGIN);
        let x = plot.x_at(divider.at_hz).clamp(plot.rect.left(), plot.rect.right());
        let left = (x - width / 2.0).clamp(inner.min, (inner.max - width).max(inner.min));
        let row = ends.iter().position(|end| left >= end + TAG_GAP).unwrap_or(ROWS - 1);
        ends[row] = left + width;
        let foot = plot.rect.bottom() - theme.name_height - TAG_GAP - row as f32 * (TAG_HEIGHT + TAG_GAP);
        let tag = Rect::from_min_size(pos2(left, foot - TAG_HEIGHT), vec2(width, TAG_HEIGHT));
        responses.push(divider_ui(ui, theme, plot, divider, x, tag));
    }
    responses
}

/// Position of the pointer while dragging, which the parameter follows only within its range.
#[derive(Clone, Copy)]
struct Hand(f32);

fn divider_ui(ui: &mut Ui, theme: &Theme, plot: &Plot, divider: &Divider<'_>, x: f32, tag: Rect) -> Response {
    let param = divider.freq.param;
    let id = ui.make_persistent_id(("divider", param.name()));
    let ctx = &ui.ctx().clone();
    // Below the graph's first line, where buttons may be.
    let top = plot.rect.top() + theme.switch_size.y;
    let line = Rect::from_min_max(pos2(x - REACH, top), pos2(x + REACH, plot.rect.bottom()));
    let response = ui.interact(line, id, Sense::click_and_drag());
    let on_tag = ui.interact(tag, id.with("tag"), Sense::click_and_drag());
    let typed = on_tag.double_clicked();
    // Line and tag act as one.
    let mut whole = on_tag.union(response);
    whole.id = id;

    drag(ctx, &mut whole, theme, plot, divider, x);
    if ui.is_enabled() {
        if typed {
            entry::open(ctx, id, param);
        } else if gesture::wants_reset(&whole) {
            gesture::reset(ctx, &mut whole, id, param);
        }
        gesture::nudge(ctx, &mut whole, id, theme, param);
        gesture::menu(ctx, &mut whole, id, param, true);
    }
    let shown = held::shown(ctx, id, param);
    gesture::describe(ui, &whole, param, shown);
    if ui.is_rect_visible(plot.rect) {
        let hot = whole.hovered() || whole.dragged();
        if hot {
            ctx.set_cursor_icon(CursorIcon::ResizeHorizontal);
        }
        let color = if hot { theme.text } else { divider.color };
        let painter = ui.painter_at(plot.rect);
        painter.vline(x, plot.rect.top()..=plot.rect.bottom() - theme.name_height, Stroke::new(LINE_WIDTH, color));
        painter.rect(tag, theme.corner, theme.panel, Stroke::new(1.0, color), StrokeKind::Inside);
        entry::value_ui(ui, theme, &mut whole, tag, param, shown, theme.text);
    }
    if whole.dragged() || entry::is_open(ctx, id) { whole } else { explain(whole, param, false) }
}

fn drag(ctx: &Context, response: &mut Response, theme: &Theme, plot: &Plot, divider: &Divider<'_>, x: f32) {
    let (id, param): (Id, &dyn ParamHandle) = (response.id, divider.freq.param);
    let (motion, dragging) = gesture::drag_motion(response);
    let mut hand = ctx.data(|data| data.get_temp::<Hand>(id));
    if dragging && hand.is_none() {
        entry::close(ctx, id);
        hand = Some(Hand(x));
        held::hold(ctx, id, param);
    }
    let Some(Hand(mut at)) = hand else { return };
    let fine = if ctx.input(|i| gesture::is_fine(i.modifiers)) { theme.fine } else { 1.0 };
    at += motion.x * fine;
    if motion.x != 0.0 && held::move_to(ctx, id, param, (divider.freq.normalized_at)(plot.freq_hz_at(at))) {
        response.mark_changed();
    }
    if dragging {
        ctx.data_mut(|data| data.insert_temp(id, Hand(at)));
    } else {
        ctx.data_mut(|data| data.remove::<Hand>(id));
        held::release(ctx, id, param);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot_ui;
    use crate::testing::{self, Call, FakeParam, double_click, drag};
    use egui::Key;
    use egui_kittest::Harness;
    use egui_kittest::kittest::Queryable;

    /// 20 Hz to 20 kHz, in octaves.
    fn freq_hz(normalized: f32) -> f64 {
        20.0 * 1000_f64.powf(f64::from(normalized))
    }

    fn normalized(freq_hz: f64) -> f32 {
        ((freq_hz / 20.0).log2() / 1000_f64.log2()).clamp(0.0, 1.0) as f32
    }

    fn crossover(name: &str, hz: f64) -> FakeParam {
        FakeParam::continuous(name, 0.0, 1.0, normalized(hz), " Hz")
    }

    fn harness<'a>(params: &'a [FakeParam]) -> Harness<'a> {
        testing::harness(move |ui, theme| {
            let (_, plot) = plot_ui(ui, theme, vec2(600.0, 300.0), "Bands", 18.0);
            let axis = |param| Axis { param, value_at: &freq_hz, normalized_at: &normalized };
            let dividers: Vec<Divider<'_>> = params
                .iter()
                .map(|param| Divider { freq: axis(param), at_hz: freq_hz(param.value.get()), color: theme.text_dim })
                .collect();
            dividers_ui(ui, theme, &plot, &dividers);
        })
    }

    #[test]
    fn a_drag_is_one_gesture_on_one_line() {
        let params = [crossover("Low", 120.0), crossover("High", 2000.0)];
        let mut harness = harness(&params);
        let line = harness.get_by_label("High").rect();
        let plot = Plot::new(harness.get_by_label("Bands").rect(), 18.0);
        // A tenth of the graph is three tenths of a decade.
        let x = plot.x_at(2000.0);
        drag(&mut harness, pos2(x, line.top() + 40.0), &[vec2(30.0, 4.0), vec2(30.0, -50.0)]);
        let calls = params[1].take_calls();
        assert_eq!((calls.first(), calls.last()), (Some(&Call::Begin), Some(&Call::End)));
        assert_eq!(calls.iter().filter(|call| **call == Call::Begin).count(), 1);
        let expected_hz = 2000.0 * 10_f64.powf(0.3);
        // f32 positions.
        assert!((freq_hz(params[1].value.get()) / expected_hz - 1.0).abs() < 1e-3);
        assert_eq!(params[0].take_calls(), []);
    }

    #[test]
    fn a_double_click_resets_the_line_and_types_on_the_tag() {
        let params = [crossover("Low", 120.0)];
        params[0].value.set(normalized(500.0));
        let mut harness = harness(&params);
        let plot = Plot::new(harness.get_by_label("Bands").rect(), 18.0);
        let x = plot.x_at(500.0);
        let tag = pos2(x + 12.0, plot.rect.bottom() - Theme::default().name_height - TAG_GAP - TAG_HEIGHT / 2.0);
        double_click(&mut harness, tag);
        testing::wait(&mut harness);
        harness.key_press(Key::Escape);
        harness.run();
        assert_eq!(params[0].take_calls(), [], "typing, not resetting");
        testing::wait(&mut harness);
        double_click(&mut harness, pos2(x, plot.rect.top() + 60.0));
        assert!((freq_hz(params[0].value.get()) / 120.0 - 1.0).abs() < 1e-3);
    }

    #[test]
    fn tags_do_not_overlap_at_any_distance() {
        for low_hz in [20.0, 100.0, 9000.0] {
            let params: Vec<FakeParam> =
                (0..4).map(|n| crossover(&format!("{n}"), low_hz * 2_f64.powf(f64::from(n) / 3.0))).collect();
            let harness = harness(&params);
            testing::assert_texts_are_apart(&harness);
        }
    }
}

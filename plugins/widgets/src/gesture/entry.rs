//! Typing a value: a text field in place of the value.
//!
//! Enter and Tab commit, Escape and a click elsewhere discard the text. An invalid text is rejected: the field stays, in
//! red, until it is changed.

use super::held;
use crate::param::{self, ParamHandle};
use crate::text::paint_text;
use crate::theme::Theme;
use egui::accesskit::Invalid;
use egui::text::{CCursor, CCursorRange};
use egui::text_edit::TextEditState;
use egui::{
    Align2, Color32, Context, EventFilter, Frame, Id, Key, Margin, Modifiers, Rect, Response, Stroke, StrokeKind,
    TextEdit, Ui, UiBuilder,
};

/// Opacity of the accent behind selected text, on which light text stays readable.
const SELECTION_OPACITY: f32 = 0.4;

/// An open text field.
#[derive(Clone, Debug)]
struct Entry {
    text: String,
    refused: bool,
    /// The pass it was opened in. The field appears in the next: the click that opened it would take the focus away.
    opened_in: u64,
}

/// What a key means for the text.
enum Verdict {
    Commit,
    Cancel,
    GoOn,
}

/// Opens the field with the value in it, selected.
pub fn open(ctx: &Context, id: Id, param: &dyn ParamHandle) {
    let text = param::text_of(param, held::shown(ctx, id, param));
    let mut state = TextEditState::default();
    let all = CCursorRange::two(CCursor::new(0), CCursor::new(text.chars().count()));
    state.cursor.set_char_range(Some(all));
    state.store(ctx, field_id(id));
    ctx.memory_mut(|memory| memory.request_focus(field_id(id)));
    let entry = Entry { text, refused: false, opened_in: ctx.cumulative_pass_nr() };
    ctx.data_mut(|data| data.insert_temp(id, entry));
    ctx.request_repaint();
}

/// Closes the field; the value stays as it is.
pub fn close(ctx: &Context, id: Id) {
    if is_open(ctx, id) {
        ctx.data_mut(|data| {
            data.remove::<Entry>(id);
            data.remove::<TextEditState>(field_id(id));
        });
        ctx.memory_mut(|memory| memory.surrender_focus(field_id(id)));
        ctx.request_repaint();
    }
}

/// Whether the field is open.
pub fn is_open(ctx: &Context, id: Id) -> bool {
    ctx.data(|data| data.get_temp::<Entry>(id).is_some())
}

/// The value in `rect`: as text, or as the field it is typed into. `id` is the control's. Returns whether the text was
/// too long for its place.
pub fn value_ui(
    ui: &mut Ui,
    theme: &Theme,
    response: &mut Response,
    rect: Rect,
    param: &dyn ParamHandle,
    shown: f32,
    color: Color32,
) -> bool {
    let id = response.id;
    let entry = ui.data(|data| data.get_temp::<Entry>(id));
    match entry {
        Some(entry) if entry.opened_in < ui.ctx().cumulative_pass_nr() => {
            if field_ui(ui, theme, id, rect, param, entry) {
                response.mark_changed();
            }
            false
        }
        _ => {
            let text = param::text_of(param, shown);
            paint_text(ui.painter(), rect, Align2::CENTER_CENTER, text, theme.font_body, color)
        }
    }
}

/// Shows the field. Returns whether a value was committed.
fn field_ui(ui: &mut Ui, theme: &Theme, id: Id, rect: Rect, param: &dyn ParamHandle, mut entry: Entry) -> bool {
    let verdict = verdict(ui);
    let mut field_ui = ui.new_child(UiBuilder::new().max_rect(rect));
    let response = paint_field(&mut field_ui, theme, id, rect, &mut entry).accessible_name(param.name());
    if entry.refused {
        ui.ctx().accesskit_node_builder(response.id, |node| node.set_invalid(Invalid::True));
    }
    match (verdict, param.parse(&entry.text)) {
        (Verdict::Commit, Some(value)) => {
            close(ui.ctx(), id);
            held::set_once(ui.ctx(), id, param, value);
            return true;
        }
        (Verdict::Commit, None) => {
            entry.refused = true;
            ui.ctx().request_repaint();
        }
        (Verdict::Cancel, _) => {
            close(ui.ctx(), id);
            return false;
        }
        (Verdict::GoOn, _) if !response.has_focus() => {
            close(ui.ctx(), id);
            return false;
        }
        (Verdict::GoOn, _) => entry.refused &= !response.changed(),
    }
    ui.data_mut(|data| data.insert_temp(id, entry));
    false
}

/// Takes the keys that end typing, before the field and egui's focus see them.
fn verdict(ui: &Ui) -> Verdict {
    ui.input_mut(|input| {
        let mut pressed = |key| input.consume_key(Modifiers::NONE, key);
        if pressed(Key::Escape) {
            Verdict::Cancel
        } else if pressed(Key::Enter) || pressed(Key::Tab) {
            Verdict::Commit
        } else {
            Verdict::GoOn
        }
    })
}

fn paint_field(ui: &mut Ui, theme: &Theme, id: Id, rect: Rect, entry: &mut Entry) -> Response {
    let edge = if entry.refused { theme.level_over } else { theme.accent };
    ui.painter().rect_filled(rect, theme.corner, theme.well);
    ui.painter().rect_stroke(rect, theme.corner, Stroke::new(1.5, edge), StrokeKind::Inside);
    // egui would make it as high as a button, and the text would sink.
    ui.spacing_mut().interact_size.y = rect.height();
    ui.visuals_mut().selection.bg_fill = theme.accent.gamma_multiply(SELECTION_OPACITY);
    let field = TextEdit::singleline(&mut entry.text)
        .id(field_id(id))
        .font(Theme::font(theme.font_body))
        .text_color(if entry.refused { theme.level_over } else { theme.text })
        .frame(Frame::NONE)
        .margin(Margin::symmetric(3, 0))
        .desired_width(rect.width())
        .min_size(rect.size())
        .align(Align2::CENTER_CENTER)
        .event_filter(EventFilter { tab: true, escape: true, horizontal_arrows: true, vertical_arrows: true });
    ui.add(field)
}

fn field_id(id: Id) -> Id {
    id.with("value field")
}

//! Columns of one-line controls: numbers and choices that are seldom touched, each behind its name.

use crate::desk::Desk;
use egui::Ui;
use plumb_controls::Controlled;
use plumb_widgets::{Theme, name_width};

/// Height of so many lines.
#[must_use]
pub fn lines_height(theme: &Theme, lines: usize) -> f32 {
    lines as f32 * (theme.switch_size.y + theme.gap) - theme.gap
}

/// Columns of equal widths that together have a width: ids and names of each.
pub fn lines_ui<C: Controlled>(
    ui: &mut Ui,
    theme: &Theme,
    desk: &Desk<'_, C>,
    width: f32,
    columns: &[&[(&str, &str)]],
) {
    let width = (width + theme.gap) / columns.len().max(1) as f32 - theme.gap;
    ui.horizontal_top(|ui| columns.iter().for_each(|column| column_ui(ui, theme, desk, width, column)));
}

/// One column of a width: its values begin where its longest name has ended.
pub fn column_ui<C: Controlled>(
    ui: &mut Ui,
    theme: &Theme,
    desk: &Desk<'_, C>,
    width: f32,
    ids_and_names: &[(&str, &str)],
) {
    let longest = ids_and_names.iter().map(|(_, name)| name_width(ui, theme, name)).fold(0.0, f32::max);
    ui.vertical(|ui| {
        for (id, name) in ids_and_names {
            desk.line(ui, theme, id, name, [longest + theme.gap, width]);
        }
    });
}

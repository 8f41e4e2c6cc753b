//! Columns of one-line controls: numbers and choices that are rarely touched, each after its name.

use crate::context::PanelContext;
use egui::Ui;
use plumb_controls::ControlTable;
use plumb_widgets::{Theme, name_width};

/// Height of `lines` lines.
#[must_use]
pub fn lines_height(theme: &Theme, lines: usize) -> f32 {
    lines as f32 * (theme.switch_size.y + theme.gap) - theme.gap
}

/// Columns of equal width within `width`: ids and names of each.
pub fn lines_ui<S: ControlTable, R, I: Copy + Into<S::Id>>(
    ui: &mut Ui,
    theme: &Theme,
    context: &PanelContext<'_, S, R>,
    width: f32,
    columns: &[&[(I, &str)]],
) {
    let width = (width + theme.gap) / columns.len().max(1) as f32 - theme.gap;
    ui.horizontal_top(|ui| columns.iter().for_each(|column| column_ui(ui, theme, context, width, column)));
}

/// One column of a width: values begin after the longest name.
pub fn column_ui<S: ControlTable, R, I: Copy + Into<S::Id>>(
    ui: &mut Ui,
    theme: &Theme,
    context: &PanelContext<'_, S, R>,
    width: f32,
    ids_and_names: &[(I, &str)],
) {
    let longest = ids_and_names.iter().map(|(_, name)| name_width(ui, theme, name)).fold(0.0, f32::max);
    ui.vertical(|ui| {
        for (id, name) in ids_and_names {
            context.line(ui, theme, *id, name, [longest + theme.gap, width]);
        }
    });
}

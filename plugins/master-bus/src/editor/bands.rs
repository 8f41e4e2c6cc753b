//! The button that selects a band, for the rows of bands below the graphs.

use egui::{Button, Color32, RichText, Ui, vec2};
use plumb_widgets::Theme;

/// Width of the button, in points.
pub(super) const SELECT_WIDTH: f32 = 32.0;
/// Between that button and the band's switches, in points: closer than bands are to each other.
pub(super) const JOIN: f32 = 2.0;

/// The button, in the hue of the theme. Returns whether it was clicked.
pub(super) fn select_ui(ui: &mut Ui, theme: &Theme, mark: &str, name: &str, is_selected: bool) -> bool {
    let text = RichText::new(mark).color(if is_selected { theme.text_on_accent } else { theme.accent });
    let fill = if is_selected { theme.accent } else { theme.face };
    let edge = if is_selected { theme.text } else { Color32::TRANSPARENT };
    let button = Button::new(text).fill(fill).stroke((1.0, edge));
    let size = vec2(SELECT_WIDTH, theme.switch_size.y);
    ui.add_sized(size, button).on_hover_text(format!("Show {name}")).clicked()
}

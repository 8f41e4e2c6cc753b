//! The contents of an editor's window, and how the window paints them.

use crate::context::PanelContext;
use egui::{CentralPanel, Context, Frame, Ui};
use plumb_controls::ControlTable;
use plumb_widgets::Theme;

/// An editor: its panels, and what the user has selected in them. Knows no host and no window.
pub trait EditorUi: Default + Send + 'static {
    /// Settings of the product.
    type Settings: ControlTable;
    /// What the product's meters show.
    type Readings;

    /// Size at first, in logical pixels.
    const SIZE: (f32, f32);
    /// Smallest size at which everything has its place.
    const MIN_SIZE: (f32, f32);

    /// One frame, over the whole of `ui`.
    fn ui(&mut self, ui: &mut Ui, context: &PanelContext<'_, Self::Settings, Self::Readings>);
}

/// Prepares a new window: type, spacing and colours of every editor.
pub fn prepare_window(window: &Context) {
    Theme::default().apply(window);
}

/// One frame of an editor over the whole of its window.
pub fn window_ui<E: EditorUi>(ui: &mut Ui, editor: &mut E, context: &PanelContext<'_, E::Settings, E::Readings>) {
    let background = Frame::new().fill(context.theme.background);
    CentralPanel::default().frame(background).show(ui, |ui| editor.ui(ui, context));
}

/// One frame of an editor that has panicked.
pub fn failed_window_ui(ui: &mut Ui) {
    ui.label("This editor has failed; the sound goes on. Close and open it again.");
}

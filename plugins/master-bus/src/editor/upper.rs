//! The upper part: one of the sections with a graph, the others a tab away. Every tab of what sounds shows whether it
//! is on.

use super::{Editor, de_esser_panel, eq_panel, meters_panel, multiband_panel};
use dsp_core::chain::master::MasterBus;
use egui::{Ui, Vec2};
use plumb_glue::Desk;
use plumb_widgets::Accent;

/// The sections in the order of the signal.
const TABS: [(&str, Accent, Option<&str>); 4] = [
    ("EQ", Accent::Eq, Some("eq_on")),
    ("Multiband", Accent::Multiband, Some("mb_on")),
    ("De-esser", Accent::DeEsser, Some("deess_on")),
    ("Meters", Accent::Meter, None),
];

/// Which of them is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum View {
    #[default]
    Eq,
    Multiband,
    DeEsser,
    Meters,
}

impl View {
    /// In the order of the tabs.
    pub(super) const ALL: [Self; TABS.len()] = [Self::Eq, Self::Multiband, Self::DeEsser, Self::Meters];
}

impl Editor {
    /// The upper part around contents of a size.
    pub(super) fn upper_ui(&mut self, ui: &mut Ui, desk: &Desk<'_, MasterBus>, size: Vec2) {
        let mut shown = View::ALL.iter().position(|view| *view == self.view).unwrap_or_default();
        desk.tabs(ui, &TABS, &mut shown, |ui, theme, shown| {
            ui.set_min_size(size);
            match View::ALL.get(shown) {
                Some(View::Multiband) => {
                    multiband_panel::multiband_ui(ui, theme, desk, &mut self.multiband, &mut self.spectra, size);
                }
                Some(View::DeEsser) => de_esser_panel::de_esser_ui(ui, theme, desk, &mut self.spectra, size),
                Some(View::Meters) => {
                    meters_panel::meters_ui(ui, theme, desk, &mut self.history, &mut self.scope, size)
                }
                _ => eq_panel::eq_ui(ui, theme, desk, &mut self.band, &mut self.spectra, size),
            }
        });
        self.view = View::ALL.get(shown).copied().unwrap_or_default();
    }
}

//! The upper part: the sections with a graph as tabs. Each tab of a processor shows whether it is on.

use super::history::History;
use super::scope::Scope;
use super::{clipper_panel, de_esser_panel, eq_panel, meters_panel, multiband_panel};
use egui::{Ui, Vec2};
use plumb_controls::bus::Id;
use plumb_controls::{Clipper, DeEsser, Eq, Multiband};
use plumb_panels::{BusContext, Spectra};
use plumb_widgets::Accent;

/// The sections in the order of the signal.
const TABS: [(&str, Accent, Option<Id>); 5] = [
    ("EQ", Accent::Eq, Some(Id::Eq(Eq::On))),
    ("Multiband", Accent::Multiband, Some(Id::Multiband(Multiband::On))),
    ("De-esser", Accent::DeEsser, Some(Id::DeEsser(DeEsser::On))),
    ("Clipper", Accent::Limiter, Some(Id::Clipper(Clipper::On))),
    ("Meters", Accent::Meter, None),
];

/// Which of them is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum View {
    #[default]
    Eq,
    Multiband,
    DeEsser,
    Clipper,
    Meters,
}

impl View {
    /// In the order of the tabs.
    pub(super) const ALL: [Self; TABS.len()] = [Self::Eq, Self::Multiband, Self::DeEsser, Self::Clipper, Self::Meters];
}

/// The upper part: what is shown there, and what the user has selected in it.
#[derive(Debug, Default)]
pub(super) struct Upper {
    pub(super) view: View,
    /// The equaliser's selected band.
    pub(super) band: usize,
    /// The multiband's selected band.
    pub(super) multiband: usize,
    pub(super) spectra: Spectra,
    pub(super) history: History,
    pub(super) scope: Scope,
}

impl Upper {
    /// The section that is shown, around contents of a size.
    pub(super) fn ui(&mut self, ui: &mut Ui, context: &BusContext<'_>, size: Vec2) {
        let mut shown = View::ALL.iter().position(|view| *view == self.view).unwrap_or_default();
        context.tabs(ui, &TABS, &mut shown, |ui, theme, shown| {
            ui.set_min_size(size);
            match View::ALL.get(shown) {
                Some(View::Multiband) => {
                    multiband_panel::multiband_ui(ui, theme, context, &mut self.multiband, &mut self.spectra, size);
                }
                Some(View::DeEsser) => de_esser_panel::de_esser_ui(ui, theme, context, &mut self.spectra, size),
                Some(View::Clipper) => clipper_panel::clipper_ui(ui, theme, context, size),
                Some(View::Meters) => {
                    meters_panel::meters_ui(ui, theme, context, &mut self.history, &mut self.scope, size)
                }
                _ => eq_panel::eq_ui(ui, theme, context, &mut self.band, &mut self.spectra, size),
            }
        });
        self.view = View::ALL.get(shown).copied().unwrap_or_default();
    }
}

//! What panels work with in one frame: controls by typed id, and the settings and readings to draw.

use crate::handle::Handle;
use crate::host::PanelHost;
use dsp_core::chain::{channel, master};
use dsp_core::meter::taps::SignalTaps;
use egui::{Align, Layout, Rect, Response, Ui, UiBuilder, Vec2, vec2};
use plumb_controls::{ControlTable, Controls};
use plumb_widgets::{
    Accent, FlowMove, FlowStep, ParamHandle, Tab, Theme, choice_inline_ui, choice_labelled_ui, choice_line_ui,
    field_labelled_ui, field_line_ui, flow_ui, header_width, knob_labelled_ui, section_ui, switch_labelled_ui, tabs_ui,
};
use std::cell::RefCell;
use std::fmt;

/// A control that a panel has drawn, and where.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ShownControl<Id> {
    /// The control.
    pub id: Id,
    /// Its place.
    pub rect: Rect,
}

/// What the panels of the channel strip work with.
pub type StripContext<'a> = PanelContext<'a, channel::Settings, channel::Readings>;
/// What the panels of the master bus work with.
pub type BusContext<'a> = PanelContext<'a, master::Settings, master::Readings>;

/// One frame's view of a plugin with settings `S` and readings `R`.
pub struct PanelContext<'a, S: ControlTable, R> {
    /// Colours and sizes.
    pub theme: Theme,
    /// The current settings: curves are drawn from them.
    pub settings: S,
    /// What the meters show.
    pub readings: R,
    controls: &'a Controls<S>,
    host: &'a dyn PanelHost,
    shown: RefCell<Vec<ShownControl<S::Id>>>,
}

impl<S: ControlTable, R> fmt::Debug for PanelContext<'_, S, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PanelContext").field("shown", &self.shown).finish_non_exhaustive()
    }
}

impl<'a, S: ControlTable, R> PanelContext<'a, S, R> {
    /// A view of `settings` and `readings` as they are now.
    #[must_use]
    pub fn new(controls: &'a Controls<S>, host: &'a dyn PanelHost, settings: S, readings: R) -> Self {
        Self { theme: Theme::default(), settings, readings, controls, host, shown: RefCell::default() }
    }

    /// The parameter of a control; `None` if its band does not exist.
    #[must_use]
    pub fn handle(&self, id: impl Into<S::Id>) -> Option<Handle<'a, S>> {
        let index = self.controls.index_of(id.into())?;
        Some(Handle::new(self.controls.list().get(index)?, index, self.host))
    }

    /// A knob under a short name.
    pub fn knob(&self, ui: &mut Ui, theme: &Theme, id: impl Into<S::Id>, label: &str) {
        self.show(id, |handle| knob_labelled_ui(ui, theme, label, handle));
    }

    /// Knobs with short names, `per_row` in a row.
    pub fn knobs<I: Copy + Into<S::Id>>(
        &self,
        ui: &mut Ui,
        theme: &Theme,
        per_row: usize,
        ids_and_labels: &[(I, &str)],
    ) {
        ui.vertical(|ui| {
            for row in ids_and_labels.chunks(per_row.max(1)) {
                ui.horizontal_top(|ui| row.iter().for_each(|(id, label)| self.knob(ui, theme, *id, label)));
            }
        });
    }

    /// A switch with a short name on it.
    pub fn switch(&self, ui: &mut Ui, theme: &Theme, id: impl Into<S::Id>, label: &str) {
        self.show(id, |handle| switch_labelled_ui(ui, theme, label, handle));
    }

    /// A choice of a width under a short name.
    pub fn choice(&self, ui: &mut Ui, theme: &Theme, id: impl Into<S::Id>, label: &str, width: f32) {
        self.show(id, |handle| choice_labelled_ui(ui, theme, label, width, handle));
    }

    /// A number on one line, of a size, behind a short name.
    pub fn field(&self, ui: &mut Ui, theme: &Theme, id: impl Into<S::Id>, label: &str, size: Vec2) {
        self.show(id, |handle| field_labelled_ui(ui, theme, label, size, handle));
    }

    /// A choice on one line of a width, behind a short name: for a header.
    pub fn inline(&self, ui: &mut Ui, theme: &Theme, id: impl Into<S::Id>, label: &str, width: f32) {
        self.show(id, |handle| choice_inline_ui(ui, theme, label, width, handle));
    }

    /// A number or a choice as a line of a list: a column of a width for the names, then the rest of the width.
    pub fn line(&self, ui: &mut Ui, theme: &Theme, id: impl Into<S::Id>, label: &str, columns: [f32; 2]) {
        self.show(id, |handle| match handle.steps() {
            Some(_) => choice_line_ui(ui, theme, label, columns, handle),
            None => field_line_ui(ui, theme, label, columns, handle),
        });
    }

    /// The order of a chain's sections as a line of chips of a size. `value_after` is the control's value once a section
    /// has been moved.
    pub fn flow(
        &self,
        ui: &mut Ui,
        theme: &Theme,
        id: impl Into<S::Id>,
        size: Vec2,
        steps: &[FlowStep<'_>],
        value_after: impl FnOnce(FlowMove) -> f64,
    ) {
        let id = id.into();
        let Some(handle) = self.handle(id) else { return };
        let (response, moved) = flow_ui(ui, theme, size, &handle, steps);
        if let Some(moved) = moved {
            handle.set_value(value_after(moved));
        }
        self.note(id, response.rect);
    }

    /// A section, with the control that switches it in its header.
    pub fn section<T>(
        &self,
        ui: &mut Ui,
        accent: Accent,
        title: &str,
        on: Option<S::Id>,
        contents: impl FnOnce(&mut Ui, &Theme) -> T,
    ) -> T {
        let handle = on.and_then(|id| self.handle(id));
        let switch = handle.as_ref().map(|handle| handle as &dyn ParamHandle);
        let section = section_ui(ui, &self.theme, accent, title, switch, contents);
        if let Some(id) = on {
            let size = vec2(header_width(ui, &self.theme, title, true), self.theme.header_height);
            self.note(id, Rect::from_min_size(section.response.rect.min + Vec2::splat(self.theme.gap), size));
        }
        section.inner
    }

    /// Sections as tabs, each with title, hue and the control that switches it, if any; `shown` is the open one.
    pub fn tabs<T>(
        &self,
        ui: &mut Ui,
        tabs: &[(&str, Accent, Option<S::Id>)],
        shown: &mut usize,
        contents: impl FnOnce(&mut Ui, &Theme, usize) -> T,
    ) -> T {
        let handles: Vec<_> = tabs.iter().map(|(_, _, id)| id.and_then(|id| self.handle(id))).collect();
        let views: Vec<Tab<'_>> = tabs
            .iter()
            .zip(&handles)
            .map(|((title, accent, _), on)| Tab {
                title,
                accent: *accent,
                on: on.as_ref().map(|on| on as &dyn ParamHandle),
            })
            .collect();
        let (inner, places) = tabs_ui(ui, &self.theme, &views, shown, contents).inner;
        for ((_, _, id), place) in tabs.iter().zip(places) {
            if let (Some(id), Some(place)) = (id, place) {
                self.note(*id, place);
            }
        }
        inner
    }

    /// Controls in a section's header, from the right. Call it first in the section, with the width of its contents.
    pub fn header(&self, ui: &mut Ui, width: f32, contents: impl FnOnce(&mut Ui)) {
        let contents_at = ui.cursor().min;
        let size = vec2(width, self.theme.header_height);
        let place = Rect::from_min_size(contents_at - vec2(0.0, size.y + ui.spacing().item_spacing.y), size);
        let layout = Layout::right_to_left(Align::Center);
        contents(&mut ui.new_child(UiBuilder::new().max_rect(place).layout(layout)));
    }

    /// Any widget of a control, recorded as shown.
    pub fn show(&self, id: impl Into<S::Id>, widget: impl FnOnce(&dyn ParamHandle) -> Response) {
        let id = id.into();
        if let Some(handle) = self.handle(id) {
            let response = widget(&handle);
            self.note(id, response.rect);
        }
    }

    /// Records a control as shown that is part of a larger widget.
    pub fn note(&self, id: impl Into<S::Id>, rect: Rect) {
        self.shown.borrow_mut().push(ShownControl { id: id.into(), rect });
    }

    /// The controls shown so far in this frame.
    #[must_use]
    pub fn shown(&self) -> Vec<ShownControl<S::Id>> {
        self.shown.borrow().clone()
    }

    /// The rate the chain runs at.
    #[must_use]
    pub fn sample_rate_hz(&self) -> f64 {
        self.host.sample_rate_hz()
    }

    /// The audio at certain points of the chain, for spectra and scopes.
    #[must_use]
    pub fn taps(&self) -> &'a SignalTaps {
        self.host.taps()
    }

    /// Restarts everything measured over time.
    pub fn reset_measurement(&self) {
        self.host.reset_measurement();
    }
}

//! What the panels of an editor work with: parameters by id, the settings and readings to draw.

use crate::handle::Handle;
use crate::meters::Meters;
use crate::params::HostParams;
use dsp_core::meter::taps::SignalTaps;
use egui::{Align, Layout, Rect, Response, Ui, UiBuilder, Vec2, vec2};
use nice_plug::context::gui::GuiContext;
use nice_plug::prelude::ParamPtr;
use plumb_controls::Controlled;
use plumb_widgets::{
    Accent, ParamHandle, Tab, Theme, choice_inline_ui, choice_labelled_ui, choice_line_ui, field_labelled_ui,
    field_line_ui, header_width, knob_labelled_ui, section_ui, switch_labelled_ui, tabs_ui,
};
use std::cell::RefCell;
use std::fmt;

/// A control that a panel has drawn, and where.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// The control.
    pub id: String,
    /// Its place.
    pub rect: Rect,
}

/// One frame's view of the plugin.
pub struct Desk<'a, C: Controlled> {
    /// Colours and sizes.
    pub theme: Theme,
    /// The settings that the host parameters now stand for: curves are drawn from them.
    pub settings: C::Settings,
    /// What the meters show.
    pub readings: C::Readings,
    /// The rate the chain runs at.
    pub sample_rate_hz: f64,
    params: &'a HostParams<C::Settings>,
    gui: &'a GuiContext,
    meters: &'a Meters<C::Readings>,
    open: &'a RefCell<Vec<ParamPtr>>,
    shown: RefCell<Vec<Shown>>,
}

impl<C: Controlled> fmt::Debug for Desk<'_, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Desk").field("shown", &self.shown).finish_non_exhaustive()
    }
}

impl<'a, C: Controlled> Desk<'a, C> {
    /// A view of the parameters as they are now. `open` collects gestures that are open.
    #[must_use]
    pub fn new(
        theme: Theme,
        params: &'a HostParams<C::Settings>,
        gui: &'a GuiContext,
        meters: &'a Meters<C::Readings>,
        readings: C::Readings,
        open: &'a RefCell<Vec<ParamPtr>>,
    ) -> Self {
        Self {
            theme,
            settings: params.settings(),
            readings,
            sample_rate_hz: meters.sample_rate_hz(),
            params,
            gui,
            meters,
            open,
            shown: RefCell::default(),
        }
    }

    /// A parameter by id. A wrong id is a mistake in a panel, which its test finds.
    #[must_use]
    pub fn handle(&self, id: &str) -> Option<Handle<'a, C::Settings>> {
        let found = self.params.find(id);
        debug_assert!(found.is_some(), "no control '{id}'");
        let (_, control, param) = found?;
        Some(Handle { control, param, gui: self.gui, open: self.open })
    }

    /// A knob under a short name.
    pub fn knob(&self, ui: &mut Ui, theme: &Theme, id: &str, label: &str) {
        self.show(id, |handle| knob_labelled_ui(ui, theme, label, handle));
    }

    /// Knobs with short names, so many a row.
    pub fn knobs(&self, ui: &mut Ui, theme: &Theme, per_row: usize, ids_and_labels: &[(&str, &str)]) {
        ui.vertical(|ui| {
            for row in ids_and_labels.chunks(per_row.max(1)) {
                ui.horizontal_top(|ui| row.iter().for_each(|(id, label)| self.knob(ui, theme, id, label)));
            }
        });
    }

    /// A switch with a short name on it.
    pub fn switch(&self, ui: &mut Ui, theme: &Theme, id: &str, label: &str) {
        self.show(id, |handle| switch_labelled_ui(ui, theme, label, handle));
    }

    /// A choice of a width under a short name.
    pub fn choice(&self, ui: &mut Ui, theme: &Theme, id: &str, label: &str, width: f32) {
        self.show(id, |handle| choice_labelled_ui(ui, theme, label, width, handle));
    }

    /// A number on one line, of a size, behind a short name.
    pub fn field(&self, ui: &mut Ui, theme: &Theme, id: &str, label: &str, size: Vec2) {
        self.show(id, |handle| field_labelled_ui(ui, theme, label, size, handle));
    }

    /// A choice on one line of a width, behind a short name: for a header.
    pub fn inline(&self, ui: &mut Ui, theme: &Theme, id: &str, label: &str, width: f32) {
        self.show(id, |handle| choice_inline_ui(ui, theme, label, width, handle));
    }

    /// A number or a choice as a line of a list: a column of a width for the names, then the rest of the width.
    pub fn line(&self, ui: &mut Ui, theme: &Theme, id: &str, label: &str, columns: [f32; 2]) {
        self.show(id, |handle| match handle.steps() {
            Some(_) => choice_line_ui(ui, theme, label, columns, handle),
            None => field_line_ui(ui, theme, label, columns, handle),
        });
    }

    /// A section, with the control that switches it in its header.
    pub fn section<R>(
        &self,
        ui: &mut Ui,
        accent: Accent,
        title: &str,
        on: Option<&str>,
        contents: impl FnOnce(&mut Ui, &Theme) -> R,
    ) -> R {
        let handle = on.and_then(|id| self.handle(id));
        let switch = handle.as_ref().map(|handle| handle as &dyn ParamHandle);
        let section = section_ui(ui, &self.theme, accent, title, switch, contents);
        if let Some(id) = on {
            let size = vec2(header_width(ui, &self.theme, title, true), self.theme.header_height);
            self.note(id, Rect::from_min_size(section.response.rect.min + Vec2::splat(self.theme.gap), size));
        }
        section.inner
    }

    /// Sections in one place, each with title, hue and the control that switches it, if one does; the one at `shown` is
    /// shown.
    pub fn tabs<R>(
        &self,
        ui: &mut Ui,
        tabs: &[(&str, Accent, Option<&str>)],
        shown: &mut usize,
        contents: impl FnOnce(&mut Ui, &Theme, usize) -> R,
    ) -> R {
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
                self.note(id, place);
            }
        }
        inner
    }

    /// Controls at the right end of a section's header, from the right; called first among its contents of a width.
    pub fn header(&self, ui: &mut Ui, width: f32, contents: impl FnOnce(&mut Ui)) {
        let contents_at = ui.cursor().min;
        let size = vec2(width, self.theme.header_height);
        let place = Rect::from_min_size(contents_at - vec2(0.0, size.y + ui.spacing().item_spacing.y), size);
        let layout = Layout::right_to_left(Align::Center);
        contents(&mut ui.new_child(UiBuilder::new().max_rect(place).layout(layout)));
    }

    /// Any widget of a parameter, noted down as shown.
    pub fn show(&self, id: &str, widget: impl FnOnce(&dyn ParamHandle) -> Response) {
        if let Some(handle) = self.handle(id) {
            let response = widget(&handle);
            self.note(id, response.rect);
        }
    }

    /// Notes a control down that a widget of several, or of a section, has shown.
    pub fn note(&self, id: &str, rect: Rect) {
        self.shown.borrow_mut().push(Shown { id: id.to_owned(), rect });
    }

    /// What has been shown so far in this frame.
    #[must_use]
    pub fn shown(&self) -> Vec<Shown> {
        self.shown.borrow().clone()
    }

    /// Where the chain can be looked at.
    #[must_use]
    pub fn taps(&self) -> &'a SignalTaps {
        self.meters.taps()
    }

    /// Starts what is measured over time anew.
    pub fn reset_measurement(&self) {
        self.meters.ask_for_reset();
    }
}

//! The plugin as the panels of its editor see it.

use crate::meters::Meters;
use crate::params::HostParams;
use dsp_core::meter::readings::Readings;
use dsp_core::meter::taps::SignalTaps;
use nice_plug::context::gui::GuiContext;
use nice_plug::prelude::ParamPtr;
use plumb_controls::ControlTable;
use plumb_panels::PanelHost;
use std::cell::RefCell;

/// What panels ask for, answered by the framework.
pub(crate) struct EditorHost<'a, S: ControlTable, R> {
    pub(crate) params: &'a HostParams<S>,
    pub(crate) meters: &'a Meters<R>,
    pub(crate) gui: &'a GuiContext,
    /// Gestures that are open, for the window to end when it closes.
    pub(crate) open: &'a RefCell<Vec<ParamPtr>>,
}

impl<S: ControlTable, R: Readings> PanelHost for EditorHost<'_, S, R> {
    fn normalized(&self, index: usize) -> f32 {
        self.params.at(index).map_or(0.0, |param| param.normalized())
    }

    fn begin_gesture(&self, index: usize) {
        let Some(param) = self.params.at(index) else { return };
        self.open.borrow_mut().push(param.as_ptr());
        // SAFETY: the parameter outlives `self`, which borrows it.
        unsafe { self.gui.raw_begin_set_parameter(param.as_ptr()) };
    }

    fn set_normalized(&self, index: usize, value: f32) {
        let Some(param) = self.params.at(index) else { return };
        // SAFETY: as above.
        unsafe { self.gui.raw_set_parameter_normalized(param.as_ptr(), value) };
    }

    fn end_gesture(&self, index: usize) {
        let Some(param) = self.params.at(index) else { return };
        self.open.borrow_mut().retain(|open| *open != param.as_ptr());
        // SAFETY: as above.
        unsafe { self.gui.raw_end_set_parameter(param.as_ptr()) };
    }

    fn sample_rate_hz(&self) -> f64 {
        self.meters.sample_rate_hz()
    }

    fn taps(&self) -> &SignalTaps {
        self.meters.taps()
    }

    fn reset_measurement(&self) {
        self.meters.ask_for_reset();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Call, TestHost};
    use dsp_core::chain::channel::{Readings, Settings};
    use std::sync::Arc;

    #[test]
    fn gestures_on_every_kind_of_parameter_reach_the_host() {
        let params = HostParams::<Settings>::new((1.0, 1.0));
        let (host, gui) = TestHost::with_context();
        let (meters, open) = (Meters::<Readings>::default(), RefCell::default());
        let editor = EditorHost { params: &params, meters: &meters, gui: &gui, open: &open };
        for (id, to) in [("comp_threshold_db", 0.25), ("comp_style", 1.0), ("gate_on", 1.0)] {
            let (index, _, param) = params.find(id).unwrap();
            editor.begin_gesture(index);
            assert_eq!(*open.borrow(), [param.as_ptr()]);
            editor.set_normalized(index, to);
            assert_eq!(editor.normalized(index), to);
            editor.end_gesture(index);
            assert!(open.borrow().is_empty());
            let ptr = param.as_ptr();
            assert_eq!(host.take_calls(), [Call::Begin(ptr), Call::Set(ptr, to), Call::End(ptr)]);
        }
    }

    #[test]
    fn the_editor_sees_the_audio_thread_s_rate_and_taps_and_asks_it_for_a_reset() {
        let params = HostParams::<Settings>::new((1.0, 1.0));
        let (_host, gui) = TestHost::with_context();
        let (meters, open) = (Meters::<Readings>::default(), RefCell::default());
        let editor = EditorHost { params: &params, meters: &meters, gui: &gui, open: &open };
        meters.set_sample_rate_hz(96_000.0);
        assert_eq!(editor.sample_rate_hz(), 96_000.0);
        assert!(std::ptr::eq(editor.taps(), Arc::as_ptr(meters.taps())));
        editor.reset_measurement();
        assert!(meters.take_reset());
    }
}

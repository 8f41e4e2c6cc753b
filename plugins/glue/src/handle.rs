//! A host parameter in the editor's hand.

use crate::params::HostParam;
use nice_plug::context::gui::GuiContext;
use nice_plug::prelude::ParamPtr;
use plumb_controls::Control;
use plumb_widgets::ParamHandle;
use std::cell::RefCell;
use std::fmt;

/// What the widgets see of a parameter whose product has settings `S`.
pub struct Handle<'a, S> {
    pub(crate) control: &'a Control<S>,
    pub(crate) param: &'a HostParam,
    pub(crate) gui: &'a GuiContext,
    /// Gestures that are open, for the window to end when it closes.
    pub(crate) open: &'a RefCell<Vec<ParamPtr>>,
}

impl<S> fmt::Debug for Handle<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Handle").field(&self.control.id).finish()
    }
}

impl<S> Handle<'_, S> {
    /// The value, in the control's unit, at a place in its travel: for the axis of a graph.
    #[must_use]
    pub fn value_at(&self, normalized: f32) -> f64 {
        self.control.from_stored(self.param.stored_at(normalized))
    }

    /// The place of a value in its travel, 0 to 1; values out of range give the nearest end.
    #[must_use]
    pub fn normalized_at(&self, value: f64) -> f32 {
        self.param.normalized_at(self.control.stored(value))
    }
}

impl<S> ParamHandle for Handle<'_, S> {
    fn name(&self) -> &str {
        &self.control.name
    }

    fn help(&self) -> &str {
        self.control.help
    }

    fn text(&self) -> String {
        self.text_at(self.normalized())
    }

    fn normalized(&self) -> f32 {
        self.param.normalized()
    }

    fn default_normalized(&self) -> f32 {
        self.param.default_normalized()
    }

    fn steps(&self) -> Option<usize> {
        match self.control.choices().len() {
            0 => None,
            choices => Some(choices),
        }
    }

    fn text_at(&self, normalized: f32) -> String {
        self.param.text_at(normalized)
    }

    fn parse(&self, text: &str) -> Option<f32> {
        self.param.parse(text)
    }

    fn begin_gesture(&self) {
        let ptr = self.param.as_ptr();
        self.open.borrow_mut().push(ptr);
        // SAFETY: the parameter outlives the handle that borrows it.
        unsafe { self.gui.raw_begin_set_parameter(ptr) };
    }

    fn set_normalized(&self, value: f32) {
        // SAFETY: as above.
        unsafe { self.gui.raw_set_parameter_normalized(self.param.as_ptr(), value) };
    }

    fn end_gesture(&self) {
        let ptr = self.param.as_ptr();
        self.open.borrow_mut().retain(|open| *open != ptr);
        // SAFETY: as above.
        unsafe { self.gui.raw_end_set_parameter(ptr) };
    }
}

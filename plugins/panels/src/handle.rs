//! One control as widgets and graphs see it.

use crate::host::PanelHost;
use plumb_controls::Control;
use plumb_widgets::{Axis, ParamHandle};
use std::fmt;

/// A control of a product with settings `S`, and the host parameter behind it.
pub struct Handle<'a, S> {
    control: &'a Control<S>,
    index: usize,
    host: &'a dyn PanelHost,
}

impl<S> fmt::Debug for Handle<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Handle").field(&self.control.id).finish()
    }
}

impl<'a, S> Handle<'a, S> {
    pub(crate) fn new(control: &'a Control<S>, index: usize, host: &'a dyn PanelHost) -> Self {
        Self { control, index, host }
    }

    /// Sets a value in the control's unit, as one gesture.
    pub fn set_value(&self, value: f64) {
        self.begin_gesture();
        self.set_normalized(self.control.normalized_at(self.control.stored(value)));
        self.end_gesture();
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
        self.host.normalized(self.index)
    }

    fn default_normalized(&self) -> f32 {
        self.control.normalized_at(self.control.stored(self.control.default))
    }

    fn steps(&self) -> Option<usize> {
        match self.control.choices().len() {
            0 => None,
            choices => Some(choices),
        }
    }

    fn text_at(&self, normalized: f32) -> String {
        self.control.text_with_unit(self.control.from_stored(self.control.stored_at(normalized)))
    }

    fn parse(&self, text: &str) -> Option<f32> {
        self.control.parse(text).map(|value| self.control.normalized_at(self.control.stored(value)))
    }

    fn begin_gesture(&self) {
        self.host.begin_gesture(self.index);
    }

    fn set_normalized(&self, value: f32) {
        self.host.set_normalized(self.index, value);
    }

    fn end_gesture(&self) {
        self.host.end_gesture(self.index);
    }
}

/// A control along an axis of a graph, in the control's unit.
pub struct AxisOf<'a> {
    param: &'a dyn ParamHandle,
    value_at: Box<dyn Fn(f32) -> f64 + 'a>,
    normalized_at: Box<dyn Fn(f64) -> f32 + 'a>,
}

impl fmt::Debug for AxisOf<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AxisOf").field(&self.param.name()).finish()
    }
}

impl<'a> AxisOf<'a> {
    /// The axis of a control.
    #[must_use]
    pub fn new<S>(handle: &'a Handle<'_, S>) -> Self {
        let control = handle.control;
        Self {
            param: handle,
            value_at: Box::new(|normalized| control.from_stored(control.stored_at(normalized))),
            normalized_at: Box::new(|value| control.normalized_at(control.stored(value))),
        }
    }

    /// What the widgets take.
    #[must_use]
    pub fn axis(&self) -> Axis<'_> {
        Axis { param: self.param, value_at: &*self.value_at, normalized_at: &*self.normalized_at }
    }
}

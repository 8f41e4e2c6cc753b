//! A host parameter along an axis of a graph.

use crate::handle::Handle;
use plumb_widgets::{Axis, ParamHandle};

/// A parameter's travel as an axis of the graph.
pub struct AxisOf<'a> {
    param: &'a dyn ParamHandle,
    value_at: Box<dyn Fn(f32) -> f64 + 'a>,
    normalized_at: Box<dyn Fn(f64) -> f32 + 'a>,
}

impl std::fmt::Debug for AxisOf<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("AxisOf").field(&self.param.name()).finish()
    }
}

impl<'a> AxisOf<'a> {
    /// The axis of a parameter whose unit is the graph's.
    #[must_use]
    pub fn new<S>(handle: &'a Handle<'_, S>) -> Self {
        Self {
            param: handle,
            value_at: Box::new(|normalized| handle.value_at(normalized)),
            normalized_at: Box::new(|value| handle.normalized_at(value)),
        }
    }

    /// What the widgets take.
    #[must_use]
    pub fn axis(&self) -> Axis<'_> {
        Axis { param: self.param, value_at: &*self.value_at, normalized_at: &*self.normalized_at }
    }
}

//! Which controls route the sidechain input to a detector.

use dsp_core::Choice;
use dsp_core::dynamics::key::Key;
use dsp_core::eq::dynamic::Source;
use plumb_controls::{Control, ControlTable, Controls};

/// Whether any control is set to the sidechain.
pub(super) fn uses_sidechain<S: ControlTable>(controls: &Controls<S>, settings: &S) -> bool {
    let is_set = |control: &Control<S>| sidechain_value(control).is_some_and(|value| control.get(settings) == value);
    controls.list().iter().any(is_set)
}

/// The value that sets a control to the sidechain; `None` if it has none.
fn sidechain_value<S>(control: &Control<S>) -> Option<f64> {
    let index = match control.choices() {
        texts if texts == Key::TEXTS => Key::External.index(),
        texts if texts == Source::TEXTS => Source::Sidechain.index(),
        _ => return None,
    };
    Some(index as f64)
}

/// How to use the sidechain, as advice to the user.
pub(super) fn advice<S: ControlTable>(controls: &Controls<S>) -> String {
    let keys = controls.list().iter().filter(|control| control.choices() == Key::TEXTS);
    let keys = keys.map(|control| format!("{}={}, ", control.id, Key::TEXTS[Key::External.index()]));
    format!("{}or an EQ band's dyn_key={}", keys.collect::<String>(), Source::TEXTS[Source::Sidechain.index()])
}

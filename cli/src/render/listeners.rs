//! Who hears the sidechain.

use dsp_core::Choice;
use dsp_core::dynamics::key::Key;
use dsp_core::eq::dynamic::Source;
use plumb_controls::{Control, Controls};

/// Whether any control is set to listen to the sidechain.
pub(super) fn listens<S>(controls: &Controls<S>, settings: &S) -> bool {
    let listens = |control: &Control<S>| sidechain_place(control).is_some_and(|place| control.get(settings) == place);
    controls.list().iter().any(listens)
}

/// The value at which a control listens to the sidechain; `None` for one that never does.
fn sidechain_place<S>(control: &Control<S>) -> Option<f64> {
    let place = match control.choices() {
        texts if texts == Key::TEXTS => Key::External.index(),
        texts if texts == Source::TEXTS => Source::Sidechain.index(),
        _ => return None,
    };
    Some(place as f64)
}

/// What would listen to the sidechain, as advice.
pub(super) fn listeners<S>(controls: &Controls<S>) -> String {
    let keys = controls.list().iter().filter(|control| control.choices() == Key::TEXTS);
    let keys = keys.map(|control| format!("{} to be {}, or ", control.id, Key::TEXTS[Key::External.index()]));
    format!("{}a band's dyn_source to be {}", keys.collect::<String>(), Source::TEXTS[Source::Sidechain.index()])
}

//! What a session stores, and what is done with what it gives back.
//!
//! The framework stores JSON: a value for every parameter, by id, on the scale of `Control::stored`, and a few fields
//! besides. It refuses what is no such JSON before anything of ours is asked. Of the rest, [`filter`] makes a complete
//! state that cannot harm: the framework itself keeps the old value of what is absent, and clamps nothing.
//!
//! Version 1 is the first. A change of meaning of any id raises it, and `filter` learns to migrate.

use crate::params::HostParams;
use atomic_float::AtomicF32;
use nice_plug::plugin::{ParamValue, PluginState};
use nice_plug::prelude::{nice_log, nice_warn};
use plumb_controls::Controlled;
use plumb_controls::{Control, Controls, Kind};
use std::collections::BTreeMap;
use std::sync::atomic::Ordering::Relaxed;

/// Version of the states this build writes, and the newest it reads.
pub const VERSION: u32 = 1;

/// Field with the version.
const VERSION_FIELD: &str = "plumb_state";
/// Field with the size of the editor, in logical pixels: `1180x760`.
const SIZE_FIELD: &str = "editor_size";

/// What sessions remember besides the parameters.
#[derive(Debug)]
pub struct Fields {
    width: AtomicF32,
    height: AtomicF32,
}

impl Fields {
    /// An editor of a size.
    #[must_use]
    pub fn new((width, height): (f32, f32)) -> Self {
        Self { width: AtomicF32::new(width), height: AtomicF32::new(height) }
    }

    /// Size of the editor in logical pixels.
    #[must_use]
    pub fn editor_size(&self) -> (f32, f32) {
        (self.width.load(Relaxed), self.height.load(Relaxed))
    }

    /// The editor now has this size.
    pub fn set_editor_size(&self, (width, height): (f32, f32)) {
        self.width.store(width, Relaxed);
        self.height.store(height, Relaxed);
    }

    pub(crate) fn save(&self) -> BTreeMap<String, String> {
        let (width, height) = self.editor_size();
        [(VERSION_FIELD, VERSION.to_string()), (SIZE_FIELD, format!("{width:.0}x{height:.0}"))]
            .map(|(name, value)| (name.to_owned(), value))
            .into()
    }

    /// Whoever opens the editor bounds the size: only here nothing is known of it.
    pub(crate) fn load(&self, fields: &BTreeMap<String, String>) {
        let size = fields.get(SIZE_FIELD).and_then(|size| size.split_once('x'));
        if let Some((Ok(width), Ok(height))) = size.map(|(w, h)| (w.parse::<f32>(), h.parse::<f32>()))
            && width.is_finite()
            && height.is_finite()
        {
            self.set_editor_size((width, height));
        }
    }
}

/// Makes a complete, harmless state of what a session gave:
///
/// - what is absent gets its default, so that a state always means the same sound;
/// - what is out of range is clamped, what is no number or of the wrong kind gets its default;
/// - what this build does not know is dropped;
/// - a state of a newer version is emptied, which leaves everything as it is: half of it would be another sound.
pub fn filter<C: Controlled>(state: &mut PluginState) {
    // A state without a version has been written by hand or by another host's converter: the first version's ids hold.
    let version = state.fields.get(VERSION_FIELD).map_or(Ok(1), |version| version.parse::<u32>());
    match version {
        Ok(version) if version <= VERSION => complete(&C::controls(), state),
        _ => {
            nice_warn!("state of version {version:?} refused: expected {VERSION} or older; made by a newer Plumb");
            state.params.clear();
            state.fields.clear();
        }
    }
}

fn complete<S>(controls: &Controls<S>, state: &mut PluginState) {
    let mut given = std::mem::take(&mut state.params);
    for control in controls.list() {
        let value = given.remove(&control.id);
        state.params.insert(control.id.clone(), allowed(control, value.as_ref()));
    }
    for id in given.into_keys() {
        nice_log!("state names an unknown control '{id}'; ignored");
    }
}

/// The nearest value a parameter may take, in the kind the framework expects for it.
fn allowed<S>(control: &Control<S>, value: Option<&ParamValue>) -> ParamValue {
    match (control.kind, value) {
        (Kind::Number(_), Some(ParamValue::F32(stored))) if !stored.is_nan() => {
            // Not through the plain value: its rounding would move what is in range already.
            let [low, high] = [control.min(), control.max()].map(|end| control.stored(end));
            ParamValue::F32(stored.clamp(low, high))
        }
        (Kind::Choice(_) | Kind::Order(_), Some(ParamValue::I32(place))) => {
            ParamValue::I32((*place).clamp(0, control.max() as i32))
        }
        (Kind::Switch, Some(ParamValue::Bool(on))) => ParamValue::Bool(*on),
        (Kind::Number(_), _) => ParamValue::F32(control.stored(control.default)),
        (Kind::Order(orders), Some(ParamValue::String(text))) => {
            let (code, problem) = orders.read(text);
            if let Some(problem) = problem {
                nice_warn!("state: {}: {problem}; using {}", control.id, control.text(code));
            }
            ParamValue::I32(code as i32)
        }
        (Kind::Choice(_) | Kind::Order(_), _) => ParamValue::I32(control.default as i32),
        (Kind::Switch, _) => ParamValue::Bool(control.default >= 0.5),
    }
}

/// The settings that a state stands for, once filtered: what a plugin sounds like after loading it.
#[must_use]
pub fn settings<S: Default + Copy + 'static>(params: &HostParams<S>, state: &PluginState) -> S {
    let mut settings = params.settings();
    for (control, _) in params.iter() {
        let stored = match state.params.get(&control.id) {
            Some(ParamValue::F32(stored)) => *stored,
            Some(ParamValue::I32(place)) => *place as f32,
            Some(ParamValue::Bool(on)) => f32::from(u8::from(*on)),
            Some(ParamValue::String(_)) | None => continue,
        };
        control.set(&mut settings, control.from_stored(stored));
    }
    settings
}

#[cfg(test)]
mod tests {
    use super::*;
    use dsp_core::chain::channel::{ChannelStrip, Settings};
    use proptest::prelude::*;

    fn params() -> HostParams<Settings> {
        HostParams::new(ChannelStrip::controls(), (1180.0, 760.0))
    }

    fn state(params: &[(&str, ParamValue)], fields: &[(&str, &str)]) -> PluginState {
        PluginState {
            version: "0.1.0".into(),
            params: params.iter().map(|(id, value)| ((*id).to_owned(), value.clone())).collect(),
            fields: fields.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
        }
    }

    fn loaded(mut state: PluginState) -> Settings {
        filter::<ChannelStrip>(&mut state);
        settings(&params(), &state)
    }

    #[test]
    fn absent_parameters_are_named_with_their_defaults() {
        let mut state = state(&[("comp_on", ParamValue::Bool(true))], &[]);
        filter::<ChannelStrip>(&mut state);
        assert_eq!(state.params.len(), ChannelStrip::controls().list().len());
        let mut expected = Settings::default();
        expected.compressor.on = true;
        assert_eq!(settings(&params(), &state), expected);
    }

    #[test]
    fn wrong_values_are_clamped_or_become_defaults() {
        let got = loaded(state(
            &[
                ("comp_threshold_db", ParamValue::F32(99.0)),
                ("gate_threshold_db", ParamValue::F32(f32::NAN)),
                ("gate_range_db", ParamValue::F32(f32::INFINITY)),
                ("low_cut_slope", ParamValue::I32(99)),
                ("high_cut_slope", ParamValue::I32(-1)),
                ("comp_on", ParamValue::F32(1.0)),
                ("comp_ratio", ParamValue::String("4".into())),
                ("no_such_control", ParamValue::F32(1.0)),
            ],
            &[],
        ));
        let mut expected = Settings::default();
        expected.compressor.threshold_db = 0.0;
        expected.gate.range_db = 80.0;
        expected.low_cut.slope = dsp_core::eq::cut::Slope::Db96;
        expected.high_cut.slope = dsp_core::eq::cut::Slope::Db6;
        assert_eq!(got, expected);
    }

    #[test]
    fn a_newer_version_changes_nothing_at_all() {
        for version in ["2", "999999999999", "-1", "x"] {
            let mut newer = state(&[("comp_on", ParamValue::Bool(true))], &[(VERSION_FIELD, version)]);
            filter::<ChannelStrip>(&mut newer);
            assert!(newer.params.is_empty() && newer.fields.is_empty(), "{version}");
        }
    }

    #[test]
    fn values_in_range_keep_their_bits() {
        let params = params();
        let stored = params.iter().map(|(c, p)| (c.id.clone(), p.stored_at(0.123_456))).collect::<Vec<_>>();
        let values = params.iter().zip(&stored).map(|((c, _), (id, stored))| {
            let value = match c.kind {
                Kind::Number(_) => ParamValue::F32(*stored),
                Kind::Choice(_) | Kind::Order(_) => ParamValue::I32(*stored as i32),
                Kind::Switch => ParamValue::Bool(*stored >= 0.5),
            };
            (id.clone(), value)
        });
        let mut state = PluginState { version: String::new(), params: values.collect(), fields: BTreeMap::new() };
        let before = serde_json::to_string(&state.params).unwrap();
        filter::<ChannelStrip>(&mut state);
        assert_eq!(serde_json::to_string(&state.params).unwrap(), before);
    }

    #[test]
    fn the_size_of_the_editor_comes_back_and_nonsense_does_not() {
        let fields = Fields::new((1180.0, 760.0));
        fields.set_editor_size((1400.4, 900.0));
        let saved = fields.save();
        assert_eq!(saved[VERSION_FIELD], "1");
        let fields = Fields::new((1180.0, 760.0));
        for nonsense in ["", "x", "12", "NaNx3", "infx1", "axb"] {
            fields.load(&[(SIZE_FIELD.to_owned(), nonsense.to_owned())].into());
            assert_eq!(fields.editor_size(), (1180.0, 760.0), "{nonsense}");
        }
        fields.load(&saved);
        assert_eq!(fields.editor_size(), (1400.0, 900.0));
    }

    /// What the framework does with bytes from a session before it asks us.
    fn parse(bytes: &[u8]) -> Option<PluginState> {
        serde_json::from_slice(bytes).ok()
    }

    #[test]
    fn a_truncated_state_is_refused_as_a_whole() {
        let whole =
            serde_json::to_vec(&state(&[("comp_on", ParamValue::Bool(true))], &[(VERSION_FIELD, "1")])).unwrap();
        assert!(parse(&whole).is_some());
        for end in 0..whole.len() {
            assert!(parse(&whole[..end]).is_none(), "{end} bytes");
        }
    }

    proptest! {
        #[test]
        fn whatever_gets_through_is_a_sound_in_range(
            id in "[a-z_]{0,12}|comp_ratio|gate_hold_ms|order",
            number in proptest::num::f32::ANY,
            place in any::<i32>(),
            garbage in proptest::collection::vec(any::<u8>(), 0..64),
        ) {
            for value in [ParamValue::F32(number), ParamValue::I32(place)] {
                let settings = loaded(state(&[(&id, value)], &[]));
                for control in ChannelStrip::controls().list() {
                    let value = control.get(&settings);
                    prop_assert!((control.min()..=control.max()).contains(&value), "{} {value}", control.id);
                }
            }
            if let Some(state) = parse(&garbage) {
                loaded(state);
            }
        }
    }
}

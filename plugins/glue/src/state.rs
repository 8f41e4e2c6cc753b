//! Stored sessions, made safe to load.
//!
//! The framework stores JSON: a value for every parameter, by id, on the scale of `Control::stored`, and a few more
//! fields. It refuses anything else before we see it. It clamps nothing and keeps the old value of absent parameters, so
//! [`filter`] first makes the state complete and valid.
//!
//! Version 1 is the first. A change of meaning of any id raises it, and `filter` learns to migrate.

use crate::params::HostParams;
use crate::session_fields::{VERSION, VERSION_FIELD};
use dsp_core::Chain;
use nice_plug::plugin::{ParamValue, PluginState};
use nice_plug::prelude::{nice_log, nice_warn};
use plumb_controls::{Control, ControlTable, Controls, Kind};

/// Completes and validates a state:
///
/// - absent parameters get their defaults, so that a state always means the same sound;
/// - values out of range are clamped; NaN and values of the wrong kind become defaults;
/// - unknown ids are dropped;
/// - a state of a newer version is emptied, which leaves everything as it is: half of it would be another sound.
pub fn filter<C: Chain<Settings: ControlTable>>(state: &mut PluginState) {
    // A state without a version was written by hand or converted by another host: version 1 applies.
    let version = state.fields.get(VERSION_FIELD).map_or(Ok(1), |version| version.parse::<u32>());
    match version {
        Ok(version) if version <= VERSION => complete(&Controls::<C::Settings>::new(), state),
        _ => {
            nice_warn!("state of version {version:?} refused: expected {VERSION} or older; made by a newer Plumb");
            state.params.clear();
            state.fields.clear();
        }
    }
}

fn complete<S: ControlTable>(controls: &Controls<S>, state: &mut PluginState) {
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
            // Not by way of the plain value: rounding would move values that are in range.
            let [low, high] = [control.min(), control.max()].map(|end| control.stored(end));
            ParamValue::F32(stored.clamp(low, high))
        }
        (Kind::Choice(_), Some(ParamValue::I32(place))) => ParamValue::I32((*place).clamp(0, control.max() as i32)),
        (Kind::Switch, Some(ParamValue::Bool(on))) => ParamValue::Bool(*on),
        (Kind::Order(orders), Some(ParamValue::String(text))) => {
            let (code, problem) = orders.read(text);
            if let Some(problem) = problem {
                nice_warn!("state: {}: {problem}; using {}", control.id, control.text(code));
            }
            ParamValue::I32(code as i32)
        }
        (Kind::Order(_), Some(ParamValue::I32(code))) => {
            let allowed = (*code).clamp(0, control.max() as i32);
            if allowed != *code {
                nice_warn!("state: {}: no order has the number {code}; using {allowed}", control.id);
            }
            ParamValue::I32(allowed)
        }
        (Kind::Number(_), _) => ParamValue::F32(control.stored(control.default)),
        (Kind::Choice(_) | Kind::Order(_), _) => ParamValue::I32(control.default as i32),
        (Kind::Switch, _) => ParamValue::Bool(control.default >= 0.5),
    }
}

/// The settings that a filtered state stands for.
#[must_use]
pub fn settings<S: ControlTable>(params: &HostParams<S>, state: &PluginState) -> S {
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
    use plumb_controls::channel_strip;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn params() -> HostParams<Settings> {
        HostParams::new((1180.0, 760.0))
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
        assert_eq!(state.params.len(), channel_strip().list().len());
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
    fn an_order_with_missing_double_or_unknown_sections_is_completed() {
        let order = |value: ParamValue| loaded(state(&[("order", value)], &[])).order.to_string();
        for (given, completed) in [
            ("EQ > Gate > Comp > Sat > De-ess > Trans", "EQ > Gate > Comp > Sat > De-ess > Trans"),
            ("EQ > Sat", "EQ > Sat > Gate > Trans > Comp > De-ess"),
            ("EQ > Hall > EQ > Gate", "EQ > Gate > Trans > Comp > Sat > De-ess"),
            ("", "Gate > Trans > Comp > EQ > Sat > De-ess"),
        ] {
            assert_eq!(order(ParamValue::String(given.into())), completed, "{given}");
        }
        let last = order(ParamValue::I32(i32::MAX));
        assert_eq!(order(ParamValue::I32(719)), last);
        assert_eq!(order(ParamValue::I32(-1)), order(ParamValue::I32(0)));
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
        let stored = params.iter().map(|(c, _)| (c.id.clone(), c.stored_at(0.123_456))).collect::<Vec<_>>();
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
                for control in channel_strip().list() {
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

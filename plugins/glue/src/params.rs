//! Host parameters, made from the table of controls: every id, range, text and default comes from there.

use crate::dirty_flags::DirtyFlags;
use crate::session_fields::SessionFields;
use nice_plug::prelude::{BoolParam, FloatParam, FloatRange, IntParam, IntRange, Param, ParamPtr, Params};
use plumb_controls::{Control, ControlTable, Controls, Kind};
use std::collections::BTreeMap;
use std::sync::Arc;

/// One host parameter.
#[derive(Debug)]
pub enum HostParam {
    /// A number on its range's warped scale, see [`Control::stored`]: the framework has no logarithmic range.
    Number(FloatParam),
    /// Place of a choice.
    Choice(IntParam),
    /// Off or on.
    Switch(BoolParam),
}

/// Runs an expression on whichever parameter it is.
macro_rules! each_kind {
    ($param:expr, $p:ident => $body:expr) => {
        match $param {
            HostParam::Number($p) => $body,
            HostParam::Choice($p) => $body,
            HostParam::Switch($p) => $body,
        }
    };
}

impl HostParam {
    /// The parameter of a control. The texts keep the table alive; every change raises its dirty flag.
    fn new<S: ControlTable>(controls: &Arc<Controls<S>>, index: usize, dirty: &Arc<DirtyFlags>) -> Self {
        let control = &controls.list()[index];
        let dirty = Arc::clone(dirty);
        let raise = move || dirty.raise(index);
        let table = Arc::clone(controls);
        let text = move |stored: f32| {
            let control = &table.list()[index];
            control.text(control.from_stored(stored))
        };
        let table = Arc::clone(controls);
        let parse = move |typed: &str| {
            let control = &table.list()[index];
            control.parse(typed).map(|value| control.stored(value))
        };
        match control.kind {
            Kind::Number(_) => {
                let [min, default, max] = [control.min(), control.default, control.max()].map(|v| control.stored(v));
                let param = FloatParam::new(control.name.clone(), default, FloatRange::Linear { min, max })
                    .with_unit(host_unit(control.unit()))
                    .with_callback(Arc::new(move |_| raise()))
                    .with_value_to_string(Arc::new(text))
                    .with_string_to_value(Arc::new(parse));
                Self::Number(if control.automatable { param } else { param.non_automatable() })
            }
            Kind::Choice(_) | Kind::Order(_) => {
                let range = IntRange::Linear { min: 0, max: control.max() as i32 };
                let param = IntParam::new(control.name.clone(), control.default as i32, range)
                    .with_callback(Arc::new(move |_| raise()))
                    .with_value_to_string(Arc::new(move |place| text(place as f32)))
                    .with_string_to_value(Arc::new(move |typed| parse(typed).map(|place| place as i32)));
                Self::Choice(if control.automatable { param } else { param.non_automatable() })
            }
            Kind::Switch => {
                let param = BoolParam::new(control.name.clone(), control.default >= 0.5)
                    .with_callback(Arc::new(move |_| raise()))
                    .with_value_to_string(Arc::new(move |on| text(f32::from(u8::from(on)))))
                    .with_string_to_value(Arc::new(move |typed| parse(typed).map(|on| on >= 0.5)));
                let param = if control.automatable { param } else { param.non_automatable() };
                Self::Switch(if control.is_bypass { param.make_bypass() } else { param })
            }
        }
    }

    /// Its value as the control stores it, with the host's modulation.
    #[must_use]
    pub fn stored(&self) -> f32 {
        match self {
            Self::Number(param) => param.value(),
            Self::Choice(param) => param.value() as f32,
            Self::Switch(param) => f32::from(u8::from(param.value())),
        }
    }

    /// The framework's pointer to it. Valid as long as the [`HostParams`].
    #[must_use]
    pub fn as_ptr(&self) -> ParamPtr {
        each_kind!(self, param => param.as_ptr())
    }

    /// Its place in its travel, 0 to 1, without the host's modulation.
    #[must_use]
    pub fn normalized(&self) -> f32 {
        each_kind!(self, param => param.unmodulated_normalized_value())
    }
}

/// The unit as the framework appends it to a number.
fn host_unit(unit: &'static str) -> &'static str {
    match unit {
        "dB" => " dB",
        "Hz" => " Hz",
        "ms" => " ms",
        "LUFS" => " LUFS",
        "%" => " %",
        other => other,
    }
}

/// All parameters of a product, in the table's order, and what else its sessions store.
#[derive(Debug)]
pub struct HostParams<S: ControlTable> {
    controls: Arc<Controls<S>>,
    params: Box<[HostParam]>,
    dirty: Arc<DirtyFlags>,
    /// What sessions store besides the parameters.
    pub fields: SessionFields,
}

impl<S: ControlTable> HostParams<S> {
    /// The parameters of the product's table, at their defaults.
    #[must_use]
    pub fn new(editor_size: (f32, f32)) -> Self {
        let controls = Arc::new(Controls::new());
        let dirty = Arc::new(DirtyFlags::all(controls.list().len()));
        let params = (0..controls.list().len()).map(|index| HostParam::new(&controls, index, &dirty)).collect();
        Self { controls, params, dirty, fields: SessionFields::new(editor_size) }
    }

    /// Visits every parameter that may have changed since the last call, with its place. For one reader.
    pub(crate) fn take_dirty(&self, mut visit: impl FnMut(usize, &Control<S>, &HostParam)) {
        self.dirty.take(|index| {
            if let (Some(control), Some(param)) = (self.controls.list().get(index), self.params.get(index)) {
                visit(index, control, param);
            }
        });
    }

    /// The table they are made from.
    #[must_use]
    pub fn controls(&self) -> &Controls<S> {
        &self.controls
    }

    /// The parameter at a place in the table.
    #[must_use]
    pub fn at(&self, index: usize) -> Option<&HostParam> {
        self.params.get(index)
    }

    /// Every control with its parameter, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&Control<S>, &HostParam)> {
        self.controls.list().iter().zip(&self.params)
    }

    /// A control with its parameter, by id; `None` if there is none.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<(usize, &Control<S>, &HostParam)> {
        let index = self.controls.index(id)?;
        Some((index, self.controls.list().get(index)?, self.params.get(index)?))
    }

    /// The settings that the parameters now stand for.
    #[must_use]
    pub fn settings(&self) -> S {
        let mut settings = S::default();
        for (control, param) in self.iter() {
            control.set(&mut settings, control.from_stored(param.stored()));
        }
        settings
    }
}

// SAFETY: the pointers are to elements of a boxed slice that is never changed after `new`, so they are valid as long as
// the object is.
unsafe impl<S: ControlTable> Params for HostParams<S> {
    fn param_map(&self) -> Vec<(String, ParamPtr, String)> {
        self.iter().map(|(control, param)| (control.id.clone(), param.as_ptr(), control.group.clone())).collect()
    }

    fn serialize_fields(&self) -> BTreeMap<String, String> {
        self.fields.save()
    }

    fn deserialize_fields(&self, serialized: &BTreeMap<String, String>) {
        self.fields.load(serialized);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dsp_core::Chain;
    use dsp_core::chain::{channel::ChannelStrip, master::MasterBus};
    use nice_plug::prelude::ParamFlags;
    use std::collections::{BTreeSet, HashSet};

    fn params<C: Chain<Settings: ControlTable>>() -> HostParams<C::Settings> {
        HostParams::new((1.0, 1.0))
    }

    fn flags(param: &HostParam) -> ParamFlags {
        each_kind!(param, p => p.flags())
    }

    fn for_both(check: impl Fn(Vec<(String, f64, f32, &HostParam)>)) {
        fn rows<S: ControlTable>(params: &HostParams<S>) -> Vec<(String, f64, f32, &HostParam)> {
            params.iter().map(|(c, p)| (c.id.clone(), c.default, c.stored(c.default), p)).collect()
        }
        check(rows(&params::<ChannelStrip>()));
        check(rows(&params::<MasterBus>()));
    }

    #[test]
    fn new_parameters_stand_for_default_settings() {
        assert_eq!(params::<ChannelStrip>().settings(), Default::default());
        assert_eq!(params::<MasterBus>().settings(), Default::default());
    }

    #[test]
    fn the_framework_maps_prints_and_reads_as_the_table_does() {
        fn check<S: ControlTable>(params: &HostParams<S>) {
            for (control, param) in params.iter() {
                for n in 0..=16 {
                    let (place, id) = (n as f32 / 16.0, &control.id);
                    let stored = control.stored_at(place);
                    let framework = match param {
                        HostParam::Number(param) => param.preview_plain(place),
                        HostParam::Choice(param) => param.preview_plain(place) as f32,
                        HostParam::Switch(param) => f32::from(u8::from(param.preview_plain(place))),
                    };
                    assert_eq!(framework.to_bits(), stored.to_bits(), "{id} at {place}");
                    let text = control.text_with_unit(control.from_stored(stored));
                    assert_eq!(each_kind!(param, p => p.normalized_value_to_string(place, true)), text, "{id}");
                    let typed = control.stored(control.parse(&text).unwrap());
                    let back = control.normalized_at(typed);
                    // CLAP hosts show the unit, VST3 hosts put it beside the text: both may be typed back.
                    let bare = each_kind!(param, p => p.normalized_value_to_string(place, false));
                    for typed in [&text, &bare] {
                        assert_eq!(each_kind!(param, p => p.string_to_normalized_value(typed)), Some(back), "{id}");
                    }
                    assert_eq!(control.text_with_unit(control.from_stored(control.stored_at(back))), text, "{id}");
                }
                let default = each_kind!(param, p => p.default_normalized_value());
                assert_eq!(default, control.normalized_at(control.stored(control.default)), "{}", control.id);
            }
        }
        check(&params::<ChannelStrip>());
        check(&params::<MasterBus>());
    }

    #[test]
    fn a_ratio_ends_at_infinity_and_nonsense_is_refused() {
        let params = params::<ChannelStrip>();
        let (_, ratio, param) = params.find("comp_ratio").unwrap();
        assert_eq!(each_kind!(param, p => p.normalized_value_to_string(1.0, true)), "inf:1");
        assert_eq!(ratio.from_stored(ratio.stored_at(1.0)), f64::INFINITY);
        let (_, _, on) = params.find("gate_on").unwrap();
        assert_eq!(each_kind!(on, p => p.string_to_normalized_value("rubbish")), None);
    }

    #[test]
    fn the_ends_of_the_travel_are_the_ends_of_the_range() {
        let params = params::<MasterBus>();
        for (control, _) in params.iter() {
            for (place, end) in [(0.0, control.min()), (1.0, control.max())] {
                assert_eq!(control.from_stored(control.stored_at(place)), end, "{}", control.id);
            }
        }
    }

    #[test]
    fn one_bypass_and_only_structural_controls_and_listening_are_not_automatable() {
        for_both(|rows| {
            let with = |flag: ParamFlags| -> BTreeSet<&str> {
                rows.iter().filter(|(_, _, _, p)| flags(p).contains(flag)).map(|(id, ..)| id.as_str()).collect()
            };
            assert_eq!(with(ParamFlags::BYPASS), ["bypass"].into());
            let listens = |id: &str| {
                id.ends_with("_listen")
                    || id.ends_with("_solo")
                    || id.ends_with("_delta")
                    || id.ends_with("_unity_gain")
            };
            let all = || rows.iter().map(|(id, ..)| id.as_str());
            let (listening, structural): (BTreeSet<_>, BTreeSet<_>) =
                with(ParamFlags::NON_AUTOMATABLE).into_iter().partition(|id| listens(id));
            assert_eq!(listening, all().filter(|id| listens(id)).collect(), "nothing of it is automatable");
            let bands = all().filter(|id| id.ends_with("_freq_hz") && id.starts_with("eq_")).count();
            assert!(listening.len() > bands, "every band of the equaliser, and the dynamics");
            let known = [
                "clipper_oversampling",
                "comp_lookahead",
                "eq_phase",
                "gate_lookahead",
                "limiter_lookahead_ms",
                "limiter_detection",
                "mb_sat_oversampling",
                "sat_oversampling",
            ];
            assert_eq!(structural, all().filter(|id| known.contains(id)).collect());
        });
    }

    /// The framework addresses parameters by 31 bits of a hash of the id, and does not notice when two collide.
    #[test]
    fn ids_do_not_collide_in_the_framework() {
        let hash = |id: &str| id.bytes().fold(0_u32, |h, b| h.wrapping_mul(31).wrapping_add(b.into())) & !(1 << 31);
        for_both(|rows| {
            assert_eq!(rows.iter().map(|(id, ..)| hash(id)).collect::<HashSet<_>>().len(), rows.len());
        });
    }
}

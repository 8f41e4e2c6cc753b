//! Host parameters made from the table of controls. Every id, range, text and default comes from there.

use crate::moved::Moved;
use crate::state::Fields;
use nice_plug::prelude::{BoolParam, FloatParam, FloatRange, IntParam, IntRange, Param, ParamPtr, Params};
use plumb_controls::{Control, Controls, Kind};
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
    /// The parameter of a control. The texts keep the table alive; whoever moves it says so.
    fn new<S: 'static>(controls: &Arc<Controls<S>>, index: usize, moved: &Arc<Moved>) -> Self {
        let control = &controls.list()[index];
        let moved = Arc::clone(moved);
        let raise = move || moved.raise(index);
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

    /// What the framework knows it by. Valid while the [`HostParams`] live.
    #[must_use]
    pub fn as_ptr(&self) -> ParamPtr {
        each_kind!(self, param => param.as_ptr())
    }

    /// Its place in its travel, 0 to 1, without the host's modulation.
    #[must_use]
    pub fn normalized(&self) -> f32 {
        each_kind!(self, param => param.unmodulated_normalized_value())
    }

    /// Its default's place in its travel.
    #[must_use]
    pub fn default_normalized(&self) -> f32 {
        each_kind!(self, param => param.default_normalized_value())
    }

    /// The stored value at a place in its travel.
    #[must_use]
    pub fn stored_at(&self, normalized: f32) -> f32 {
        match self {
            Self::Number(param) => param.preview_plain(normalized),
            Self::Choice(param) => param.preview_plain(normalized) as f32,
            Self::Switch(param) => f32::from(u8::from(param.preview_plain(normalized))),
        }
    }

    /// The place of a stored value in its travel.
    #[must_use]
    pub fn normalized_at(&self, stored: f32) -> f32 {
        match self {
            Self::Number(param) => param.preview_normalized(stored),
            Self::Choice(param) => param.preview_normalized(stored as i32),
            Self::Switch(param) => param.preview_normalized(stored >= 0.5),
        }
    }

    /// What hosts show at a place in its travel.
    #[must_use]
    pub fn text_at(&self, normalized: f32) -> String {
        each_kind!(self, param => param.normalized_value_to_string(normalized, true))
    }

    /// The place in its travel that a typed text means.
    #[must_use]
    pub fn parse(&self, typed: &str) -> Option<f32> {
        each_kind!(self, param => param.string_to_normalized_value(typed))
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

/// All parameters of a product, in the table's order, and what else its sessions remember.
#[derive(Debug)]
pub struct HostParams<S> {
    controls: Arc<Controls<S>>,
    params: Box<[HostParam]>,
    /// Which of them have moved since somebody last asked.
    moved: Arc<Moved>,
    /// What sessions remember besides the parameters.
    pub fields: Fields,
}

impl<S: Default + Copy + 'static> HostParams<S> {
    /// The parameters of a table, at their defaults.
    #[must_use]
    pub fn new(controls: Controls<S>, editor_size: (f32, f32)) -> Self {
        let controls = Arc::new(controls);
        let moved = Arc::new(Moved::all(controls.list().len()));
        let params = (0..controls.list().len()).map(|index| HostParam::new(&controls, index, &moved)).collect();
        Self { controls, params, moved, fields: Fields::new(editor_size) }
    }

    /// Shows every parameter that may have moved since the last call, with its place. For one taker.
    pub(crate) fn take_moved(&self, mut show: impl FnMut(usize, &Control<S>, &HostParam)) {
        self.moved.take(|index| {
            if let (Some(control), Some(param)) = (self.controls.list().get(index), self.params.get(index)) {
                show(index, control, param);
            }
        });
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
unsafe impl<S: Default + Copy + 'static> Params for HostParams<S> {
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
    use dsp_core::chain::{channel::ChannelStrip, master::MasterBus};
    use nice_plug::prelude::ParamFlags;
    use plumb_controls::Controlled;
    use std::collections::{BTreeSet, HashSet};

    fn params<C: Controlled>() -> HostParams<C::Settings> {
        HostParams::new(C::controls(), (1.0, 1.0))
    }

    fn flags(param: &HostParam) -> ParamFlags {
        each_kind!(param, p => p.flags())
    }

    fn for_both(check: impl Fn(Vec<(String, f64, f32, &HostParam)>)) {
        fn rows<S: Default + Copy + 'static>(params: &HostParams<S>) -> Vec<(String, f64, f32, &HostParam)> {
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
    fn every_place_says_a_text_that_leads_back_to_it() {
        for_both(|rows| {
            for (id, _, _, param) in rows {
                for n in 0..=16 {
                    let text = param.text_at(n as f32 / 16.0);
                    let back = param.parse(&text).unwrap();
                    assert_eq!(param.text_at(back), text, "{id}");
                    // CLAP hosts show the unit, VST3 hosts put it beside the text: both may be typed back.
                    let bare = each_kind!(param, p => p.normalized_value_to_string(n as f32 / 16.0, false));
                    assert_eq!(param.parse(&bare), Some(back), "{id}");
                }
            }
        });
    }

    #[test]
    fn texts_are_those_of_the_table() {
        let params = params::<ChannelStrip>();
        for (control, param) in params.iter() {
            let expected = control.text_with_unit(control.default);
            assert_eq!(param.text_at(param.default_normalized()), expected, "{}", control.id);
        }
        let (_, _, ratio) = params.find("comp_ratio").unwrap();
        assert_eq!(ratio.text_at(1.0), "inf:1");
        assert_eq!(ratio.parse("inf:1"), Some(1.0));
        let (_, _, on) = params.find("gate_on").unwrap();
        assert_eq!([0.0, 1.0].map(|place| on.text_at(place)), ["Off", "On"]);
        assert_eq!(on.parse("rubbish"), None);
    }

    #[test]
    fn the_ends_of_the_travel_are_the_ends_of_the_range() {
        let params = params::<MasterBus>();
        for (control, param) in params.iter() {
            for (place, end) in [(0.0, control.min()), (1.0, control.max())] {
                assert_eq!(control.from_stored(param.stored_at(place)), end, "{}", control.id);
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

//! A host for tests: it does at once what the editor asks, and records it.

use crate::params::{HostParam, HostParams};
use crate::state;
use dsp_core::Chain;
use nice_plug::context::PluginApi;
use nice_plug::context::gui::{GuiContext, GuiContextInner};
use nice_plug::params::InternalParamMut;
use nice_plug::plugin::PluginState;
use nice_plug::prelude::ParamPtr;
use plumb_controls::{ControlTable, Controls};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// What reached the host.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Call {
    /// The user took hold.
    Begin(ParamPtr),
    /// The user moved it there.
    Set(ParamPtr, f32),
    /// The user let go.
    End(ParamPtr),
}

// SAFETY: the pointers in it are only compared.
unsafe impl Send for Call {}

/// A host that obeys and takes notes.
#[derive(Debug, Default)]
pub struct TestHost {
    calls: Mutex<Vec<Call>>,
}

impl TestHost {
    /// One with the context the editor gets.
    #[must_use]
    pub fn with_context() -> (Arc<Self>, GuiContext) {
        let host = Arc::new(Self::default());
        (Arc::clone(&host), GuiContext::new(host))
    }

    /// What reached it since the last call.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "a host for tests")]
    pub fn take_calls(&self) -> Vec<Call> {
        self.calls.lock().map(|mut calls| std::mem::take(&mut *calls)).unwrap_or_default()
    }

    #[expect(clippy::disallowed_methods, reason = "a host for tests")]
    fn note(&self, call: Call) {
        if let Ok(mut calls) = self.calls.lock() {
            calls.push(call);
        }
    }
}

impl GuiContextInner for TestHost {
    fn plugin_api(&self) -> PluginApi {
        PluginApi::Clap
    }
    unsafe fn raw_begin_set_parameter(&self, param: ParamPtr) {
        self.note(Call::Begin(param));
    }
    unsafe fn raw_set_parameter_normalized(&self, param: ParamPtr, normalized: f32) {
        self.note(Call::Set(param, normalized));
        // SAFETY: the caller keeps the parameters alive while its editor is open.
        unsafe { param._internal_set_normalized_value(normalized) };
    }
    unsafe fn raw_end_set_parameter(&self, param: ParamPtr) {
        self.note(Call::End(param));
    }
    fn get_state(&self) -> PluginState {
        PluginState { version: String::new(), params: BTreeMap::new(), fields: BTreeMap::new() }
    }
    fn set_state(&self, _state: PluginState) {}
    fn request_restart(&self) {}
}

/// Sets a parameter as a host would. Unknown ids do nothing.
pub fn set<S: ControlTable>(params: &HostParams<S>, id: &str, value: f64) {
    let Some((_, control, param)) = params.find(id) else { return };
    let stored = control.stored(value);
    // SAFETY: this is what the framework does when a host sends a value; nothing else runs in a test.
    unsafe {
        match param {
            HostParam::Number(param) => param._internal_set_plain_value(stored),
            HostParam::Choice(param) => param._internal_set_plain_value(stored as i32),
            HostParam::Switch(param) => param._internal_set_plain_value(stored >= 0.5),
        };
    }
}

/// What a chain is set to after a session gave it some bytes; `None` where the framework refuses them, which leaves
/// everything as it was.
#[must_use]
pub fn load<C: Chain<Settings: ControlTable>>(bytes: &[u8]) -> Option<C::Settings> {
    let mut state = serde_json::from_slice(bytes).ok()?;
    state::filter::<C>(&mut state);
    Some(state::settings(&HostParams::new((1.0, 1.0)), &state))
}

/// Ids in a stored state that are no control's, which [`load`] drops; `None` where the framework refuses it.
#[must_use]
pub fn unknown_ids<C: Chain<Settings: ControlTable>>(bytes: &[u8]) -> Option<Vec<String>> {
    let controls = Controls::<C::Settings>::new();
    let state: PluginState = serde_json::from_slice(bytes).ok()?;
    Some(state.params.into_keys().filter(|id| controls.index(id).is_none()).collect())
}

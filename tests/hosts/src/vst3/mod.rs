//! An embedded VST3 host, on the `vst3` crate's bindings: what is needed to run audio, parameters and state.

mod module;
mod objects;
mod plugin;

pub use plugin::{Param, Plugin, Unconnected};

//! What the user can turn: the ids, names, groups, units, texts and presets of every control of both products.
//!
//! One table a product, read by the plugins (host parameters), their editors and the command line alike, so that an
//! id or a range exists once. Knows the settings of `dsp-core`; knows neither host nor window.

mod bus;
mod control;
mod manual;
mod multiband;
mod number;
mod preset;
mod sections;
mod strip;
mod table;

pub use bus::master_bus;
pub use control::{Control, Kind, ValueError};
pub use manual::manual;
pub use preset::{Preset, PresetError};
pub use strip::channel_strip;
pub use table::{Controls, UnknownId};

//! The controls of both products: ids, names, groups, units, help texts, value texts and presets.
//!
//! One table per product serves host parameters, editors, manual and command line, so that each id and range exists
//! once. Depends on the settings of `dsp-core`, not on hosts or windows.

pub mod bus;
mod control;
mod controlled;
mod manual;
mod multiband;
mod number;
mod preset;
mod section;
mod sections;
pub mod strip;
mod table;

pub use bus::master_bus;
pub use control::{Control, Kind, Orders, ValueError};
pub use controlled::Controlled;
pub use manual::manual;
pub use multiband::{Crossover, Multiband, MultibandBand, MultibandSaturation};
pub use preset::{Preset, PresetError};
pub use sections::{Clipper, Compressor, DeEsser, Eq, EqBand, EqDynamic};
pub use strip::channel_strip;
pub use table::{Builder, ControlTable, Controls, UnknownId};

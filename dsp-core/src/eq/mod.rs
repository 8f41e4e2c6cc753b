//! The equaliser: bands, and the cascade that runs them.

mod approximate;
mod auto_gain;
pub mod band;
mod bank_layout;
pub mod cascade;
mod crossfade;
pub mod curve;
pub mod cut;
pub mod dynamic;
mod gain_table;
mod listen;
pub mod phase;
pub mod phased;
mod running;
pub mod slope;

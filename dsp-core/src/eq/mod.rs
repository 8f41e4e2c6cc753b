//! The equaliser: bands, and the cascade that runs them.

mod auto_gain;
pub mod band;
pub mod cascade;
mod crossfade;
pub mod curve;
pub mod cut;
pub mod dynamic;
mod gain_table;
mod line_up;
mod listen;
pub mod phase;
pub mod phased;
mod running;
mod sketches;
pub mod slope;

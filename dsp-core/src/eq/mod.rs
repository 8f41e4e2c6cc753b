//! The equaliser: bands, cuts, and the cascade that runs them.

pub mod band;
pub mod cascade;
mod crossfade;
pub mod cut;
mod running;

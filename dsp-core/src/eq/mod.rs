//! The equaliser: bands, cuts, and the cascade that runs them.

pub mod band;
pub mod cascade;
mod crossfade;
pub mod cut;
mod running;

/// Rate that a processor designs for until `prepare` tells it the real one, so that it is whole from the start.
const UNPREPARED_RATE_HZ: f64 = 48_000.0;

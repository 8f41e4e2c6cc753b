//! The equaliser: bands, cuts, and the cascade that runs them.

pub mod band;
pub mod cascade;
pub mod cut;

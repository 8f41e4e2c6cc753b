//! The last stage: a limiter that holds a true-peak ceiling.

mod clip;
mod course;
mod fir_smoother;
mod instant;
mod levels;
mod line;
mod listen;
pub mod lookahead;
pub mod release;
mod release_chunk;
mod scan;
pub mod settings;
mod shape;
mod steps;
mod switch;
mod window_max;

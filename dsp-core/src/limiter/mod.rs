//! Lookahead limiter with true-peak detection.

mod attack;
mod chunk_delay;
mod clip;
mod fir_smoother;
mod gain_trajectory;
mod listen;
pub mod lookahead;
mod ramps;
pub mod release;
mod release_chunk;
mod scan;
pub mod settings;
mod steps;
mod window_max;
mod zero_latency;

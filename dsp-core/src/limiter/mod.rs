//! The last stage: a lookahead limiter that holds a true-peak ceiling.

mod detector;
mod fir_smoother;
mod gain_path;
pub mod lookahead;
mod switch;
mod window_max;

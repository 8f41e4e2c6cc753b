//! The last stage: a lookahead limiter that holds a true-peak ceiling.

pub mod lookahead;

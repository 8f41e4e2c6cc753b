//! Test signals and measurements, for every package's tests. Knows none of the product's code, so that a mistake
//! there cannot hide here.

pub mod generate;
pub mod measure;

pub use generate::{Noise, both, bright_bursts, clicks, quarter_rate_bursts, silence, sine, square, sweep};
pub use measure::{level_db, rms_db, sample_peak_db, thd_db, tone_db, true_peak_db};

//! Test signals, measurements and the allocation guard, for every package's tests. Shares no code with the product, so
//! that a mistake there cannot hide here.

pub mod generate;
pub mod guard;
pub mod measure;
#[cfg(target_os = "linux")]
pub mod system_calls;

pub use generate::{Noise, both, bright_bursts, clicks, quarter_rate_bursts, silence, sine, square, sweep};
pub use guard::assert_no_alloc;
pub use measure::{level_db, rms_db, sample_peak_db, thd_db, tone_db, true_peak_db};

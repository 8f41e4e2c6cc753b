//! De-esser: turns down sibilants, whatever the level of the phrase.
//!
//! What decides is the **excess**: the level of the sibilant band (what lies above `freq_hz`, 12 dB per octave) less
//! the level of the whole signal, in dB. Twice as loud a phrase has the same excess, so a whispered and a shouted "s"
//! are treated alike.
//!
//! - The band level is fast: the largest |x| of the band over a few ms ([`super::detector`]).
//! - The programme level is slow: the peak level of the sine that has the mean square of the last 400 ms or so
//!   (`programme.rs`). It stays through pauses, and it counts as −50 dBFS at least, so that hiss is not an "s".
//! - What the excess has over the threshold is taken away, up to the range: from everything, or from the band alone by
//!   a shelf (`shelf.rs`). Nothing to take away is bit for bit the input. No latency.

mod de_essing;
mod programme;
mod ramps;
mod settings;
mod shelf;
#[cfg(test)]
mod tests;

pub use de_essing::{DeEsser, DeEssing};
pub use settings::{ATTACK_MS, FREQ_HZ, LINK_PCT, Mode, RANGE_DB, RELEASE_MS, Settings, THRESHOLD_DB};
pub use shelf::gain_db_at;

//! De-esser: turns down sibilants, whatever the level of the phrase.
//!
//! It acts on the **excess**: the level of the sibilant band (above `freq_hz`, 12 dB per octave) relative to the level of
//! the whole signal, in dB. A phrase twice as loud has the same excess, so a whispered and a shouted "s" are treated
//! alike.
//!
//! - The band level is fast: the largest |x| of the band over a few ms ([`super::detector`]).
//! - The programme level is slow: the peak level of the sine that has the mean square of the last 400 ms or so
//!   (`programme.rs`). It holds through pauses, and counts as −50 dBFS at least, so that hiss is not an "s".
//! - The reduction is the excess above the threshold, up to the range: of everything, or of the band alone by a shelf
//!   (`shelf.rs`). Without reduction the output is the input bit for bit. No latency.

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

//! Settings of a band's dynamics.

use crate::{Range, choice};

/// Level from which the gain moves, in dBFS, or in dB above the long-term level.
pub const THRESHOLD_DB: Range = Range::linear(-80.0, -30.0, 20.0, "dB");
/// How far the gain moves at most, up or down.
pub const RANGE_DB: Range = Range::linear(-30.0, 0.0, 30.0, "dB");
/// Width of the zone around the threshold in which the gain goes from none of the range to all of it.
pub const KNEE_DB: Range = Range::linear(0.0, 8.0, 32.0, "dB");
/// Time to cover 63 % of a move towards the full range, in dB.
pub const ATTACK_MS: Range = Range::log(0.1, 15.0, 1000.0, "ms");
/// Time to cover 63 % of a move back, in dB.
pub const RELEASE_MS: Range = Range::log(5.0, 150.0, 5000.0, "ms");

/// What the threshold is measured from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reference {
    /// Full scale.
    Absolute,
    /// The band's own long-term level: loud and quiet songs are treated alike.
    Relative,
}

choice!(Reference { Absolute => "Absolute", Relative => "Relative" });

/// What the detector measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The band's region of the equaliser's input.
    Band,
    /// The same region of the sidechain.
    Sidechain,
}

choice!(Source { Band => "Band", Sidechain => "Sidechain" });

/// Settings of a band's dynamics.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Whether the gain moves at all.
    pub on: bool,
    /// What the threshold is measured from.
    pub reference: Reference,
    /// Level from which the gain moves.
    pub threshold_db: f64,
    /// How far it moves at most, up or down.
    pub range_db: f64,
    /// Width of the zone in which it moves.
    pub knee_db: f64,
    /// Time to cover 63 % of a move towards the full range.
    pub attack_ms: f64,
    /// Time to cover 63 % of a move back.
    pub release_ms: f64,
    /// What the detector measures.
    pub source: Source,
}

impl Settings {
    /// A static band.
    pub const STATIC: Self = Self {
        on: false,
        reference: Reference::Absolute,
        threshold_db: THRESHOLD_DB.default,
        range_db: RANGE_DB.default,
        knee_db: KNEE_DB.default,
        attack_ms: ATTACK_MS.default,
        release_ms: RELEASE_MS.default,
        source: Source::Band,
    };

    /// Every number within its range.
    #[must_use]
    pub(super) fn clamped(&self) -> Self {
        Self {
            threshold_db: THRESHOLD_DB.clamp(self.threshold_db),
            range_db: RANGE_DB.clamp(self.range_db),
            knee_db: KNEE_DB.clamp(self.knee_db),
            attack_ms: ATTACK_MS.clamp(self.attack_ms),
            release_ms: RELEASE_MS.clamp(self.release_ms),
            ..*self
        }
    }

    /// Whether it moves the gain at some level.
    #[must_use]
    pub fn moves(&self) -> bool {
        self.on && self.range_db != 0.0
    }
}

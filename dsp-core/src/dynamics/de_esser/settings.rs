//! What the user asks of a de-esser.

use crate::dynamics::engine::DynamicsSettings;
use crate::dynamics::gain_computer::GainComputer;
use crate::dynamics::listen::Listen;
use crate::{Range, choice};

/// Where the sibilant band begins.
pub const FREQ_HZ: Range = Range::log(2000.0, 6500.0, 16_000.0, "Hz");
/// Excess (band level less programme level) above which it acts. Vowels stay below −24 dB; an "s" as loud as
/// the vowels comes to about +4 dB, one of half their amplitude to −2 dB, a soft one to −7 dB.
pub const THRESHOLD_DB: Range = Range::linear(-30.0, -6.0, 6.0, "dB");
/// Largest reduction.
pub const RANGE_DB: Range = Range::linear(0.0, 6.0, 24.0, "dB");
/// Time to cover 63 % of a rise of reduction, in dB.
pub const ATTACK_MS: Range = Range::log(0.1, 1.0, 20.0, "ms");
/// Time to cover 63 % of a fall of reduction, in dB.
pub const RELEASE_MS: Range = Range::log(5.0, 60.0, 300.0, "ms");
/// How far both channels share one reduction.
pub const LINK_PCT: Range = Range::linear(0.0, 100.0, 100.0, "%");

/// Width of the knee around the threshold: a faint "s" is barely reduced.
pub(super) const KNEE_DB: f64 = 6.0;

/// What is reduced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// The whole signal.
    Wide,
    /// Only what lies above the frequency.
    Split,
}

choice!(Mode { Wide => "Wide-band", Split => "Split-band" });

/// Settings of the de-esser.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Whether it acts at all.
    pub on: bool,
    /// Where the sibilant band begins.
    pub freq_hz: f64,
    /// Excess above which it acts.
    pub threshold_db: f64,
    /// Largest reduction.
    pub range_db: f64,
    /// Time to cover 63 % of a rise of reduction, in dB.
    pub attack_ms: f64,
    /// Time to cover 63 % of a fall of reduction, in dB.
    pub release_ms: f64,
    /// How far both channels share one reduction.
    pub link_pct: f64,
    /// What is reduced.
    pub mode: Mode,
    /// What is heard; the key is the sibilant band.
    pub listen: Listen,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            on: false,
            freq_hz: FREQ_HZ.default,
            threshold_db: THRESHOLD_DB.default,
            range_db: RANGE_DB.default,
            attack_ms: ATTACK_MS.default,
            release_ms: RELEASE_MS.default,
            link_pct: LINK_PCT.default,
            mode: Mode::Split,
            listen: Listen::Off,
        }
    }
}

impl Settings {
    /// Reduction in dB at a steady excess in dB: the static curve, for the editor.
    #[must_use]
    pub fn reduction_db_at(&self, excess_db: f64) -> f64 {
        let Self { threshold_db, range_db, .. } = self.clamped();
        curve(threshold_db, range_db).reduction_db(excess_db)
    }
}

impl DynamicsSettings for Settings {
    fn is_on(&self) -> bool {
        self.on
    }

    fn clamped(&self) -> Self {
        let Self { on, freq_hz, threshold_db, range_db, attack_ms, release_ms, link_pct, mode, listen } = *self;
        Self {
            on,
            freq_hz: FREQ_HZ.clamp(freq_hz),
            threshold_db: THRESHOLD_DB.clamp(threshold_db),
            range_db: RANGE_DB.clamp(range_db),
            attack_ms: ATTACK_MS.clamp(attack_ms),
            release_ms: RELEASE_MS.clamp(release_ms),
            link_pct: LINK_PCT.clamp(link_pct),
            mode,
            listen,
        }
    }
}

/// One dB of reduction per dB of excess above the threshold, up to the range.
pub(super) fn curve(threshold_db: f64, range_db: f64) -> GainComputer {
    GainComputer::new(threshold_db, 1.0, KNEE_DB, range_db)
}

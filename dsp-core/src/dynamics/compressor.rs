//! Feed-forward compressor with soft knee, linked detection, sidechain and parallel mix.

use super::key::Key;
use crate::{Frame, Range, Spec};

/// Level above which it compresses.
pub const THRESHOLD_DB: Range = Range::linear(-60.0, -18.0, 0.0, "dB");
/// Input dB per output dB above the threshold.
pub const RATIO: Range = Range::ratio(1.0, 3.0);
/// Width of the bend around the threshold.
pub const KNEE_DB: Range = Range::linear(0.0, 6.0, 30.0, "dB");
/// Time to cover 63 % of a rise of reduction, in dB.
pub const ATTACK_MS: Range = Range::log(0.05, 10.0, 300.0, "ms");
/// Time to cover 63 % of a fall of reduction, in dB.
pub const RELEASE_MS: Range = Range::log(10.0, 120.0, 3000.0, "ms");
/// Largest reduction.
pub const RANGE_DB: Range = Range::linear(0.0, 60.0, 60.0, "dB");
/// Gain after compression.
pub const MAKEUP_DB: Range = Range::linear(-30.0, 0.0, 30.0, "dB");
/// Share of the compressed signal; the rest is dry.
pub const MIX_PCT: Range = Range::linear(0.0, 100.0, 100.0, "%");
/// How far both channels share one reduction.
pub const LINK_PCT: Range = Range::linear(0.0, 100.0, 100.0, "%");
/// Low cut in front of the detector, 12 dB per octave.
pub const KEY_LOW_CUT_HZ: Range = Range::log(10.0, 20.0, 500.0, "Hz");

/// Settings of the compressor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Whether it acts at all.
    pub on: bool,
    /// Level above which it compresses.
    pub threshold_db: f64,
    /// Input dB per output dB above the threshold; may be infinite.
    pub ratio: f64,
    /// Width of the bend around the threshold.
    pub knee_db: f64,
    /// Time to cover 63 % of a rise of reduction, in dB.
    pub attack_ms: f64,
    /// Time to cover 63 % of a fall of reduction, in dB.
    pub release_ms: f64,
    /// Largest reduction.
    pub range_db: f64,
    /// Gain after compression.
    pub makeup_db: f64,
    /// Share of the compressed signal.
    pub mix_pct: f64,
    /// How far both channels share one reduction.
    pub link_pct: f64,
    /// What the detector listens to.
    pub key: Key,
    /// Low cut in front of the detector.
    pub key_low_cut_hz: f64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            on: false,
            threshold_db: THRESHOLD_DB.default,
            ratio: RATIO.default,
            knee_db: KNEE_DB.default,
            attack_ms: ATTACK_MS.default,
            release_ms: RELEASE_MS.default,
            range_db: RANGE_DB.default,
            makeup_db: MAKEUP_DB.default,
            mix_pct: MIX_PCT.default,
            link_pct: LINK_PCT.default,
            key: Key::Internal,
            key_low_cut_hz: KEY_LOW_CUT_HZ.default,
        }
    }
}

impl Settings {
    /// Output level in dB of a steady input level in dB: the static curve, with range and make-up, for the editor.
    #[must_use]
    pub fn output_db(&self, input_db: f64) -> f64 {
        input_db
    }
}

/// A running compressor.
#[derive(Clone, Debug)]
pub struct Compressor {
    settings: Settings,
}

impl Compressor {
    /// A compressor at rest.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self { settings }
    }

    /// Learns the rate, then resets.
    pub fn prepare(&mut self, _spec: Spec) {}

    /// Forgets the past.
    pub fn reset(&mut self) {}

    /// New targets.
    pub fn set(&mut self, settings: Settings) {
        self.settings = settings;
    }

    /// Compresses in place. `external` is the sidechain, silence where it is absent or shorter than the block.
    pub fn process(&mut self, _block: &mut [Frame], _external: Option<&[Frame]>) {}

    /// Reduction of the more reduced channel at the last frame, in dB, 0 or more.
    #[must_use]
    pub fn reduction_db(&self) -> f64 {
        0.0
    }
}

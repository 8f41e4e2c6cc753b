//! What a user asks of the compressor: ranges, choices, and the static curve that follows from them.

use crate::dynamics::engine::DynamicsSettings;
use crate::dynamics::gain_computer::{GainComputer, slope};
use crate::dynamics::key::Key;
pub use crate::dynamics::key_filter::{KEY_HIGH_CUT_HZ, KEY_LOW_CUT_HZ};
pub use crate::dynamics::listen::Listen;
pub use crate::dynamics::lookahead::Lookahead;
use crate::{Range, choice};

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
/// Time a reduction stays before its release begins.
pub const HOLD_MS: Range = Range::square(0.0, 0.0, 500.0, "ms");
/// Largest reduction.
pub const RANGE_DB: Range = Range::linear(0.0, 60.0, 60.0, "dB");
/// Gain after compression.
pub const MAKEUP_DB: Range = Range::linear(-30.0, 0.0, 30.0, "dB");
/// Share of the compressed signal; the rest is dry.
pub const MIX_PCT: Range = Range::linear(0.0, 100.0, 100.0, "%");
/// How far both channels share one reduction.
pub const LINK_PCT: Range = Range::linear(0.0, 100.0, 100.0, "%");

/// Steady tone that automatic make-up restores to its level: typical of peaks in a mix.
pub const AUTO_MAKEUP_AT_DB: f64 = -12.0;

/// How a reduction moves, and what it does to the tone. The static curve is the same in all of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Style {
    /// Feed-forward: exponentials in dB, no tone of its own.
    #[default]
    Clean,
    /// Feedback, as in a bus compressor: releases faster, up to the ratio, while it keeps compressing.
    Bus,
    /// As a lamp and a photoresistor: half is released quickly, the rest slowly, slower after long reduction.
    Opto,
    /// Exponentials as in Clean, with a third harmonic that grows with the reduction.
    Fet,
}

choice!(Style { Clean => "Clean", Bus => "Bus", Opto => "Opto", Fet => "FET" });

/// What counts as the level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Detection {
    /// Largest |x| of a short window.
    #[default]
    Peak,
    /// Mean power over about 10 ms, as the peak of a sine with that power: a sine has the same level in both.
    Rms,
}

choice!(Detection { Peak => "Peak", Rms => "RMS" });

/// What the two lanes are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Operation {
    /// Left and right.
    #[default]
    Stereo,
    /// Mid and side, of the signal and of the key.
    MidSide,
}

choice!(Operation { Stereo => "Stereo", MidSide => "Mid/Side" });

/// Settings of the compressor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Whether it acts at all.
    pub on: bool,
    /// How the reduction moves.
    pub style: Style,
    /// Level above which it compresses.
    pub threshold_db: f64,
    /// Input dB per output dB above the threshold; may be infinite.
    pub ratio: f64,
    /// Width of the bend around the threshold.
    pub knee_db: f64,
    /// Time to cover 63 % of a rise of reduction, in dB.
    pub attack_ms: f64,
    /// Time a reduction stays before its release begins.
    pub hold_ms: f64,
    /// Time to cover 63 % of a fall of reduction, in dB.
    pub release_ms: f64,
    /// As labelled after short peaks, up to six times slower after a sustained reduction. Opto does so anyway.
    pub auto_release: bool,
    /// How far ahead the detector listens; adopted by `reset` and `prepare`.
    pub lookahead: Lookahead,
    /// Largest reduction.
    pub range_db: f64,
    /// Gain after compression.
    pub makeup_db: f64,
    /// Adds the reduction of a steady tone at [`AUTO_MAKEUP_AT_DB`].
    pub auto_makeup: bool,
    /// Share of the compressed signal.
    pub mix_pct: f64,
    /// How far both channels share one reduction.
    pub link_pct: f64,
    /// What the two lanes are.
    pub operation: Operation,
    /// What counts as the level.
    pub detector: Detection,
    /// What the detector listens to.
    pub key: Key,
    /// Low cut in front of the detector.
    pub key_low_cut_hz: f64,
    /// High cut in front of the detector.
    pub key_high_cut_hz: f64,
    /// What is heard.
    pub listen: Listen,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            on: false,
            style: Style::Clean,
            threshold_db: THRESHOLD_DB.default,
            ratio: RATIO.default,
            knee_db: KNEE_DB.default,
            attack_ms: ATTACK_MS.default,
            hold_ms: HOLD_MS.default,
            release_ms: RELEASE_MS.default,
            auto_release: false,
            lookahead: Lookahead::Off,
            range_db: RANGE_DB.default,
            makeup_db: MAKEUP_DB.default,
            auto_makeup: false,
            mix_pct: MIX_PCT.default,
            link_pct: LINK_PCT.default,
            operation: Operation::Stereo,
            detector: Detection::Peak,
            key: Key::Internal,
            key_low_cut_hz: KEY_LOW_CUT_HZ.default,
            key_high_cut_hz: KEY_HIGH_CUT_HZ.default,
            listen: Listen::Off,
        }
    }
}

impl Settings {
    /// Output level in dB of a steady input level in dB: the static curve, with range and make-up, for the editor.
    #[must_use]
    pub fn output_db(&self, input_db: f64) -> f64 {
        let settings = self.clamped();
        input_db - settings.curve().reduction_db(input_db) + settings.full_makeup_db()
    }

    /// Reduction in dB of a steady input level in dB, for the editor.
    #[must_use]
    pub fn reduction_db_at(&self, input_db: f64) -> f64 {
        self.clamped().curve().reduction_db(input_db)
    }

    /// Gain after compression, automatic make-up included.
    #[must_use]
    pub(super) fn full_makeup_db(&self) -> f64 {
        let auto_db = if self.auto_makeup { self.curve().reduction_db(AUTO_MAKEUP_AT_DB) } else { 0.0 };
        self.makeup_db + auto_db
    }

    /// Everything that determines the window and the time constants.
    pub(super) fn times(&self) -> impl PartialEq + use<> {
        let loop_ratio = if self.style == Style::Bus { self.ratio } else { 0.0 };
        (self.style, self.auto_release, [self.attack_ms, self.hold_ms, self.release_ms, loop_ratio])
    }

    fn curve(&self) -> GainComputer {
        GainComputer::new(self.threshold_db, slope(self.ratio), self.knee_db, self.range_db)
    }
}

impl DynamicsSettings for Settings {
    fn is_on(&self) -> bool {
        self.on
    }

    fn lookahead(&self) -> Lookahead {
        self.lookahead
    }

    fn clamped(&self) -> Self {
        Self {
            threshold_db: THRESHOLD_DB.clamp(self.threshold_db),
            ratio: RATIO.clamp(self.ratio),
            knee_db: KNEE_DB.clamp(self.knee_db),
            attack_ms: ATTACK_MS.clamp(self.attack_ms),
            hold_ms: HOLD_MS.clamp(self.hold_ms),
            release_ms: RELEASE_MS.clamp(self.release_ms),
            range_db: RANGE_DB.clamp(self.range_db),
            makeup_db: MAKEUP_DB.clamp(self.makeup_db),
            mix_pct: MIX_PCT.clamp(self.mix_pct),
            link_pct: LINK_PCT.clamp(self.link_pct),
            key_low_cut_hz: KEY_LOW_CUT_HZ.clamp(self.key_low_cut_hz),
            key_high_cut_hz: KEY_HIGH_CUT_HZ.clamp(self.key_high_cut_hz),
            ..*self
        }
    }
}

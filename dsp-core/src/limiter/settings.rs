//! What the limiter can be set to.

use crate::Range;
use crate::units::ms_to_frames;

/// Gain into the limiter.
pub const DRIVE_DB: Range = Range::linear(0.0, 0.0, 30.0, "dB");
/// Level that is not exceeded.
pub const CEILING_DBTP: Range = Range::linear(-24.0, -1.0, 0.0, "dB");
/// How far ahead the gain starts to move. Structural: adopted by `reset`.
pub const LOOKAHEAD_MS: Range = Range::log(0.1, 2.0, 20.0, "ms");
/// Time to cover 63 % of the way back, in dB.
pub const RELEASE_MS: Range = Range::log(1.0, 100.0, 1000.0, "ms");
/// How far both channels share the quick part of the reduction.
pub const LINK_PCT: Range = Range::linear(0.0, 100.0, 100.0, "%");
/// How far both channels share the slow part of the reduction.
pub const RELEASE_LINK_PCT: Range = Range::linear(0.0, 100.0, 100.0, "%");
/// How much of the way to the ceiling and beyond is rounded off before the limiter.
pub const CLIP_PCT: Range = Range::linear(0.0, 0.0, 100.0, "%");

/// What is guaranteed, and what it costs in latency. Structural: adopted by `reset`. (The first two are in the order of
/// the switch that was here before, so that its saved states mean the same.)
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guarantee {
    /// No sample exceeds the ceiling. Latency: the lookahead and 32 frames.
    SamplePeak,
    /// Neither a sample nor what lies between samples exceeds the ceiling (between samples: within 0.05 dB for
    /// programme, 0.3 dB for white noise). Latency: the lookahead and 312 frames.
    TruePeak,
    /// No sample exceeds the ceiling. No latency: the gain jumps down with the peak instead of before it.
    Instant,
}

crate::choice!(Guarantee {
    SamplePeak => "Sample peak",
    TruePeak => "True peak",
    Instant => "Sample peak, no latency",
});

/// How the gain moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Down over the whole lookahead, along a bell; back in the release time.
    Transparent,
    /// Down in the last quarter of the lookahead, so that attacks keep their edge; back in the release time.
    Punchy,
    /// Down along the bell; back to the slow part of the reduction in a quarter of the release time.
    Loud,
}

crate::choice!(Style {
    Transparent => "Transparent",
    Punchy => "Punchy",
    Loud => "Loud",
});

/// Settings of the limiter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Whether it acts at all; off, it is a delay of its latency.
    pub on: bool,
    /// Gain into the limiter.
    pub drive_db: f64,
    /// Level that is not exceeded.
    pub ceiling_dbtp: f64,
    /// How far ahead the gain starts to move. Structural.
    pub lookahead_ms: f64,
    /// Time to cover 63 % of the way back, in dB.
    pub release_ms: f64,
    /// Whether the way back is quick after a transient and slow after a long reduction; see
    /// [`super::release`] for the law.
    pub auto_release: bool,
    /// How far both channels share the quick part of the reduction.
    pub link_pct: f64,
    /// How far both channels share the slow part of the reduction.
    pub release_link_pct: f64,
    /// How the gain moves.
    pub style: Style,
    /// How much is rounded off before the limiter, which sees the result: the ceiling holds all the same.
    pub clip_pct: f64,
    /// What is guaranteed. Structural.
    pub guarantee: Guarantee,
    /// Listen with the drive undone: the limiting without the loudness.
    pub unity_gain: bool,
    /// Hear only what is taken away: the driven input less the output, cut off at the ceiling.
    pub delta: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            on: true,
            drive_db: DRIVE_DB.default,
            ceiling_dbtp: CEILING_DBTP.default,
            lookahead_ms: LOOKAHEAD_MS.default,
            release_ms: RELEASE_MS.default,
            auto_release: false,
            link_pct: LINK_PCT.default,
            release_link_pct: RELEASE_LINK_PCT.default,
            style: Style::Transparent,
            clip_pct: CLIP_PCT.default,
            guarantee: Guarantee::TruePeak,
            unity_gain: false,
            delta: false,
        }
    }
}

impl Settings {
    /// Every number within its range.
    pub(super) fn clamped(self) -> Self {
        Self {
            drive_db: DRIVE_DB.clamp(self.drive_db),
            ceiling_dbtp: CEILING_DBTP.clamp(self.ceiling_dbtp),
            lookahead_ms: LOOKAHEAD_MS.clamp(self.lookahead_ms),
            release_ms: RELEASE_MS.clamp(self.release_ms),
            link_pct: LINK_PCT.clamp(self.link_pct),
            release_link_pct: RELEASE_LINK_PCT.clamp(self.release_link_pct),
            clip_pct: CLIP_PCT.clamp(self.clip_pct),
            ..self
        }
    }
}

/// Frames of a lookahead; at least 1, so that the gain never jumps.
pub(super) fn lookahead_frames(lookahead_ms: f64, sample_rate_hz: f64) -> usize {
    ms_to_frames(lookahead_ms, sample_rate_hz).round().max(1.0) as usize
}

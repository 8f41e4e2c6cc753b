//! Settings of the limiter.

use crate::Range;
use crate::units::ms_to_frames;

/// Gain into the limiter.
pub const DRIVE_DB: Range = Range::linear(0.0, 0.0, 30.0, "dB");
/// Highest peak at the output: dBTP or dBFS, see [`Detection`].
pub const CEILING_DB: Range = Range::linear(-24.0, -1.0, 0.0, "dB");
/// How far ahead of a peak the gain starts to move. Structural: adopted by `reset`.
pub const LOOKAHEAD_MS: Range = Range::log(0.1, 2.0, 20.0, "ms");
/// Time to recover 63 % of the reduction, in dB.
pub const RELEASE_MS: Range = Range::log(1.0, 100.0, 1000.0, "ms");
/// How far both channels share the fast part of the reduction.
pub const TRANSIENT_LINK_PCT: Range = Range::linear(0.0, 100.0, 100.0, "%");
/// How far both channels share the slow part of the reduction.
pub const RELEASE_LINK_PCT: Range = Range::linear(0.0, 100.0, 100.0, "%");
/// How much of what exceeds half the ceiling is rounded off ahead of the limiter, see `clip.rs`.
pub const SOFT_CLIP_PCT: Range = Range::linear(0.0, 0.0, 100.0, "%");

/// Which peaks stay under the ceiling, and what that costs in latency. Structural: adopted by `reset`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detection {
    /// Inter-sample peaks too (within 0.05 dB for programme, 0.3 dB for white noise). Latency: the lookahead and
    /// 312 frames.
    TruePeak,
    /// Sample values only. Latency: the lookahead and 32 frames.
    SamplePeak,
    /// Sample values only, without latency: the gain drops at the peak instead of before it.
    ZeroLatency,
}

crate::choice!(Detection {
    TruePeak => "True peak",
    SamplePeak => "Sample peak",
    ZeroLatency => "Sample peak, no latency",
});

/// How the gain moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Attack over the whole lookahead, along a bell; recovery in the release time.
    Transparent,
    /// Attack in the last quarter of the lookahead, which keeps the edge of transients; recovery in the release time.
    Punchy,
    /// Attack along the bell; recovery to the slow part of the reduction in a quarter of the release time.
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
    /// Off, the limiter is a delay of its latency.
    pub on: bool,
    /// Gain into the limiter.
    pub drive_db: f64,
    /// Highest peak at the output.
    pub ceiling_db: f64,
    /// How far ahead of a peak the gain starts to move. Structural.
    pub lookahead_ms: f64,
    /// Time to recover 63 % of the reduction, in dB.
    pub release_ms: f64,
    /// Fast recovery after a transient, slow recovery after a long reduction; see [`super::release`].
    pub auto_release: bool,
    /// How far both channels share the fast part of the reduction.
    pub transient_link_pct: f64,
    /// How far both channels share the slow part of the reduction.
    pub release_link_pct: f64,
    /// How the gain moves.
    pub style: Style,
    /// Soft clip ahead of the detector: the ceiling still holds.
    pub soft_clip_pct: f64,
    /// Which peaks stay under the ceiling. Structural.
    pub detection: Detection,
    /// Monitor with the drive undone: the limiting without the loudness.
    pub unity_gain: bool,
    /// Monitor what the limiter removes: the driven input less the output, clipped at the ceiling.
    pub delta: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            on: true,
            drive_db: DRIVE_DB.default,
            ceiling_db: CEILING_DB.default,
            lookahead_ms: LOOKAHEAD_MS.default,
            release_ms: RELEASE_MS.default,
            auto_release: false,
            transient_link_pct: TRANSIENT_LINK_PCT.default,
            release_link_pct: RELEASE_LINK_PCT.default,
            style: Style::Transparent,
            soft_clip_pct: SOFT_CLIP_PCT.default,
            detection: Detection::TruePeak,
            unity_gain: false,
            delta: false,
        }
    }
}

impl Settings {
    /// All numbers clamped to their ranges.
    pub(super) fn clamped(self) -> Self {
        Self {
            drive_db: DRIVE_DB.clamp(self.drive_db),
            ceiling_db: CEILING_DB.clamp(self.ceiling_db),
            lookahead_ms: LOOKAHEAD_MS.clamp(self.lookahead_ms),
            release_ms: RELEASE_MS.clamp(self.release_ms),
            transient_link_pct: TRANSIENT_LINK_PCT.clamp(self.transient_link_pct),
            release_link_pct: RELEASE_LINK_PCT.clamp(self.release_link_pct),
            soft_clip_pct: SOFT_CLIP_PCT.clamp(self.soft_clip_pct),
            ..self
        }
    }
}

/// Frames of a lookahead; at least 1, so that the gain never jumps.
pub(super) fn lookahead_frames(lookahead_ms: f64, sample_rate_hz: f64) -> usize {
    ms_to_frames(lookahead_ms, sample_rate_hz).round().max(1.0) as usize
}

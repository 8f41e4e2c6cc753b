//! What the parts of the limiter's page share.

use crate::common::spec;
use dsp_core::limiter::lookahead::{Detection, Limiter, Settings, Style};
use dsp_core::{Frame, Stage};

/// The styles by name.
pub(super) const STYLES: [(&str, Style); 3] =
    [("Transparent", Style::Transparent), ("Punchy", Style::Punchy), ("Loud", Style::Loud)];

/// Kinds of detection, by name.
pub(super) const DETECTIONS: [(&str, Detection); 3] = [
    ("true peak", Detection::TruePeak),
    ("sample peak", Detection::SamplePeak),
    ("sample peak, no latency", Detection::ZeroLatency),
];

pub(super) fn limiter(settings: Settings, sample_rate_hz: f64) -> Limiter {
    let mut limiter = Limiter::new(settings);
    limiter.prepare(spec(sample_rate_hz));
    limiter
}

/// What comes out, without the latency: as long as the input less that.
pub(super) fn limited(settings: Settings, input: &[Frame], sample_rate_hz: f64) -> Vec<Frame> {
    let mut limiter = limiter(settings, sample_rate_hz);
    let mut out = input.to_vec();
    limiter.process(&mut out, None);
    out.split_off(limiter.latency_frames())
}

//! What the parts of this page share.

use crate::common::spec;
use dsp_core::dynamics::compressor::{Compressor, Settings, Style};
use dsp_core::{Frame, Stage};
use plumb_signals::both;

/// The styles of the compressor, by name.
pub(super) const STYLES: [(&str, Style); 4] =
    [("Clean", Style::Clean), ("Bus", Style::Bus), ("Opto", Style::Opto), ("FET", Style::Fet)];

/// A compressor that is on, hears everything, and bends nowhere.
pub(super) fn hard() -> Settings {
    Settings { on: true, knee_db: 0.0, key_low_cut_hz: 10.0, ..Settings::default() }
}

/// What a compressor makes of frames.
pub(super) fn compressed(settings: Settings, input: &[Frame], sample_rate_hz: f64) -> Vec<Frame> {
    let mut compressor = Compressor::new(settings);
    compressor.prepare(spec(sample_rate_hz));
    let mut out = input.to_vec();
    compressor.process(&mut out, None);
    out
}

/// What a compressor makes of a signal on both channels.
pub(super) fn compressed_mono(settings: Settings, input: &[f64], sample_rate_hz: f64) -> Vec<Frame> {
    compressed(settings, &both(input), sample_rate_hz)
}

/// The excess of the textbook (Giannoulis, Massberg, Reiss, JAES 60 (2012), eq. 4): how far a level is above a
/// threshold, bent over a knee.
pub(super) fn excess_db(over_db: f64, knee_db: f64) -> f64 {
    if 2.0 * over_db <= -knee_db {
        0.0
    } else if 2.0 * over_db >= knee_db {
        over_db
    } else {
        (over_db + knee_db / 2.0).powi(2) / (2.0 * knee_db)
    }
}

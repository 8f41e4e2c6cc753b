//! What the pages share: rates, frames, and numbers as people say them.

use dsp_core::{Frame, Spec};
use plumb_signals::{level_db, rms_db};

/// The rate where nothing else is said.
pub(crate) const RATE_HZ: f64 = 48_000.0;
/// Rates that everything is measured at where the rate may matter.
pub(crate) const RATES: [f64; 4] = [44_100.0, 48_000.0, 96_000.0, 192_000.0];
/// Part of a step that is covered in its time: 1 − 1/e.
pub(crate) const COVERED: f64 = 0.632_120_558_828_557_7;

/// The ground at a rate, for blocks of up to a million frames.
pub(crate) fn spec(sample_rate_hz: f64) -> Spec {
    Spec { sample_rate_hz, max_frames: 1 << 20, channels: 2 }
}

/// The left channel.
pub(crate) fn left(block: &[Frame]) -> Vec<f64> {
    block.iter().map(|frame| frame[0]).collect()
}

/// Numbers at equal ratios.
pub(crate) fn spaced(low: f64, high: f64, count: usize) -> impl Iterator<Item = f64> + Clone {
    (0..count).map(move |n| low * (high / low).powf(n as f64 / (count - 1) as f64))
}

/// Whole numbers of dB from one to another.
pub(crate) fn each_db(from: i32, to: i32) -> impl Iterator<Item = f64> + Clone {
    (from..=to).map(f64::from)
}

/// A sample rate as people say it.
pub(crate) fn khz(rate_hz: f64) -> String {
    format!("{} kHz", rate_hz / 1000.0)
}

/// The largest of some numbers, without their signs.
pub(crate) fn largest(numbers: impl IntoIterator<Item = f64>) -> f64 {
    numbers.into_iter().fold(0.0, |most, number| number.abs().max(most))
}

/// Share of a square wave's amplitude that is left of each frame, in dB: the gain, wherever there is no delay.
pub(crate) fn gains_db(input: &[f64], output: &[Frame]) -> Vec<f64> {
    input.iter().zip(output).map(|(x, y)| level_db(y[0] / x)).collect()
}

/// Time in ms until a share of 63 % of the way from one value to another is covered, between frames.
pub(crate) fn covered_ms(values: &[f64], from: f64, to: f64, sample_rate_hz: f64) -> Option<f64> {
    let share = |value: f64| (value - from) / (to - from);
    let there = values.iter().position(|value| share(*value) >= COVERED)?;
    let before = if there == 0 { 0.0 } else { share(values[there - 1]) };
    let after = share(values[there]);
    Some((there as f64 + (COVERED - before) / (after - before)) / sample_rate_hz * 1000.0)
}

/// What two signals differ by, as people say it: RMS relative to the second.
pub(crate) fn null(a: &[Frame], b: &[Frame]) -> String {
    if a == b {
        return "none, bit for bit".to_owned();
    }
    let apart: Vec<f64> = a.as_flattened().iter().zip(b.as_flattened()).map(|(a, b)| a - b).collect();
    format!("{:.0} dB", rms_db(&apart) - rms_db(b.as_flattened()))
}

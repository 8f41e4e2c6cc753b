//! The multiband dynamics, proved through their `process`.

use super::*;
use plumb_signals::{Noise, both, sine};

mod dynamics;
mod hostile;
mod motion;
mod saturated;
mod split;

const RATES: [f64; 4] = [44_100.0, 48_000.0, 96_000.0, 192_000.0];

/// On, all bands at unity.
fn flat(bands: Bands) -> Settings {
    let mut settings = Settings { on: true, bands, ..Settings::default() };
    settings.band.iter_mut().for_each(|band| band.ratio = 1.0);
    settings
}

/// On, all bands busy, each in another way.
fn busy() -> Settings {
    let mut settings = Settings { on: true, bands: Bands::Five, ..Settings::default() };
    for (n, band) in settings.band.iter_mut().enumerate() {
        band.mode = [Mode::Compress, Mode::Expand, Mode::UpCompress, Mode::UpExpand, Mode::Compress][n];
        (band.threshold_db, band.ratio, band.gain_db) = (-30.0 - 3.0 * n as f64, 3.0, n as f64 - 2.0);
        (band.width_pct, band.link_pct) = (60.0 + 20.0 * n as f64, 25.0 * n as f64);
    }
    settings
}

fn prepared(settings: Settings, rate: f64) -> Multiband {
    let mut multiband = Multiband::new(settings);
    multiband.prepare(Spec { sample_rate_hz: rate, max_frames: 4096, channels: 2 });
    multiband
}

fn run(settings: Settings, input: &[Frame], rate: f64) -> Vec<Frame> {
    let mut out = input.to_vec();
    prepared(settings, rate).process(&mut out, None);
    out
}

fn lane(frames: &[Frame], ch: usize) -> Vec<f64> {
    frames.iter().map(|frame| frame[ch]).collect()
}

/// Largest step of the slope: what a click has and a slow tone has not.
fn roughness(signal: &[f64]) -> f64 {
    signal.windows(3).map(|x| (x[0] - 2.0 * x[1] + x[2]).abs()).fold(0.0, f64::max)
}

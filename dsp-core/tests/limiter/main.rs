//! The limiter through its public calls: what it holds, what it leaves alone, and when.

mod alone;
mod features;
mod held;
mod runs;
mod timing;
mod true_peak;

use dsp_core::Stage;
use dsp_core::limiter::lookahead::{Detection, Limiter, Settings, Style};
use dsp_core::{Frame, Spec};
use plumb_signals::Noise;

const FS: f64 = 48_000.0;
const RATES: [f64; 4] = [44_100.0, 48_000.0, 96_000.0, 192_000.0];
/// Frames of an internal chunk, on whose grid settings are adopted.
const CHUNK: usize = 32;
/// Of a ceiling computed here against the same computed there.
const ROUNDING: f64 = 1.0 + 1e-12;

fn limiter(settings: Settings, sample_rate_hz: f64) -> Limiter {
    let mut limiter = Limiter::new(settings);
    limiter.prepare(Spec { sample_rate_hz, max_frames: 1 << 20, channels: 2 });
    limiter
}

fn run(limiter: &mut Limiter, frames: &[Frame]) -> Vec<Frame> {
    let mut out = frames.to_vec();
    limiter.process(&mut out, None);
    out
}

fn lane(frames: &[Frame], lane: usize) -> Vec<f64> {
    frames.iter().map(|frame| frame[lane]).collect()
}

/// Loud and quiet noise of both channels apart, from −40 to +20 dBFS, changing every 500 frames.
fn programme(seed: u64, len: usize) -> Vec<Frame> {
    let mut noise = Noise::new(seed);
    let mut out = Vec::new();
    while out.len() < len {
        let level = -10.0 + 30.0 * noise.tick();
        out.extend(noise.stereo(level, 500));
    }
    out.truncate(len);
    out
}

/// The input after the limiter's latency.
fn delayed(frames: &[Frame], latency: usize) -> Vec<Frame> {
    [vec![[0.0; 2]; latency], frames[..frames.len() - latency].to_vec()].concat()
}

/// Settings that move everything, by turns.
fn turn(n: usize) -> Settings {
    Settings {
        on: n % 5 != 3,
        drive_db: [6.0, 0.0, 18.0][n % 3],
        ceiling_db: [-1.0, -6.0][n % 2],
        lookahead_ms: 2.0,
        release_ms: [5.0, 300.0][n % 2],
        auto_release: n % 7 < 3,
        transient_link_pct: [100.0, 0.0, 40.0][n % 3],
        release_link_pct: [100.0, 30.0][n % 2],
        style: [Style::Transparent, Style::Punchy, Style::Loud][n / 2 % 3],
        soft_clip_pct: [0.0, 0.0, 60.0, 100.0][n % 4],
        detection: Detection::TruePeak,
        unity_gain: n % 6 == 4,
        delta: n % 8 == 5,
    }
}

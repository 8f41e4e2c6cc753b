//! The synthesized inputs: music, noise and a sidechain.

use plumb_hosts::programme::programme;
use plumb_signals::{Noise, bright_bursts};

/// Length of each, in seconds.
const SECONDS: f64 = 8.0;
/// Where the music pauses, in seconds.
const PAUSE_S: std::ops::Range<f64> = 3.4..3.9;

/// Music that rises from −20 dBFS to full scale, with a pause in between.
pub(super) fn music(rate_hz: f64) -> Vec<[f64; 2]> {
    let level = |t: f64| if PAUSE_S.contains(&t) { 0.0 } else { 0.15 + 1.25 * t / SECONDS };
    let frames = programme(SECONDS, rate_hz).into_iter().enumerate();
    frames.map(|(n, frame)| frame.map(|x| x * level(n as f64 / rate_hz))).collect()
}

/// Independent noise left and right at −6 dBFS, in its second half bursts up to full scale.
pub(super) fn noise(rate_hz: f64) -> Vec<[f64; 2]> {
    let count = (SECONDS * rate_hz) as usize;
    let mut frames = Noise::new(22).stereo(-6.0, count);
    let bursts = bright_bursts(count / 2, rate_hz);
    for (frame, burst) in frames[count - count / 2..].iter_mut().zip(bursts) {
        *frame = [0.5 * frame[0] * burst + burst, 0.5 * frame[1] * burst + 0.7 * burst];
    }
    frames
}

/// Bursts for the sidechain.
pub(super) fn sidechain(rate_hz: f64) -> Vec<[f64; 2]> {
    bright_bursts((SECONDS * rate_hz) as usize, rate_hz).into_iter().map(|x| [x, 0.5 * x]).collect()
}

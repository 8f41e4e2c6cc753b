//! Ten seconds of something like music, made on the spot: kick, snare, bass, chords, the same every time.

use std::f64::consts::TAU;

/// Length of a beat.
const BEAT_S: f64 = 0.5;
/// Root notes of the four bars.
const ROOTS_HZ: [f64; 4] = [55.0, 43.65, 65.41, 49.0];
/// A minor seventh chord over the root, two octaves up.
const CHORD: [f64; 4] = [4.0, 4.757, 5.993, 7.127];
/// Peak of the whole, about −3 dBFS.
const PEAK: f64 = 0.7;

/// The programme, left and right.
#[must_use]
pub fn programme(seconds: f64, sample_rate_hz: f64) -> Vec<[f64; 2]> {
    let frames = (seconds * sample_rate_hz).round() as usize;
    let mut noise = 0x2545_F491_4F6C_DD1D_u64;
    let mut last = [0.0; 2];
    let mut music: Vec<[f64; 2]> = (0..frames)
        .map(|n| {
            // Xorshift (G. Marsaglia, "Xorshift RNGs", 2003).
            noise ^= noise << 13;
            noise ^= noise >> 7;
            noise ^= noise << 17;
            let white = (noise >> 11) as f64 / (1_u64 << 52) as f64 - 1.0;
            // Two zeros at half the rate: music has next to nothing there, and no true-peak meter sees well there.
            let soft = 0.25 * white + 0.5 * last[0] + 0.25 * last[1];
            last = [white, last[0]];
            frame(n as f64 / sample_rate_hz, 2.0 * soft)
        })
        .collect();
    let peak = music.iter().flatten().fold(0.0_f64, |peak, x| peak.max(x.abs()));
    for x in music.iter_mut().flatten() {
        *x *= PEAK / peak.max(f64::MIN_POSITIVE);
    }
    music
}

fn frame(t: f64, noise: f64) -> [f64; 2] {
    let beat = (t / BEAT_S).floor();
    let since = t - beat * BEAT_S;
    let root_hz = ROOTS_HZ[(beat / 4.0) as usize % ROOTS_HZ.len()];
    let kick = (TAU * (50.0 * since + 6.0 * (1.0 - (-since / 0.03).exp()))).sin() * (-since / 0.12).exp();
    let snare = if beat % 2.0 == 1.0 { noise * (-since / 0.06).exp() } else { 0.0 };
    let bass = (TAU * (root_hz * t).fract()).sin() + 0.3 * (TAU * (3.0 * root_hz * t).fract()).sin();
    let voice = |ratio: f64, detune: f64| (TAU * (root_hz * ratio * detune * t).fract()).sin();
    let chord = |detune: f64| CHORD.iter().map(|ratio| voice(*ratio, detune)).sum::<f64>();
    let middle = 0.9 * kick + 0.5 * snare + 0.4 * bass;
    [middle + 0.12 * chord(1.001), middle + 0.12 * chord(0.999)]
}

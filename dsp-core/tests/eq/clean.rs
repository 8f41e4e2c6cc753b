//! Distortion and noise of settled bands.

use super::*;
use plumb_signals::{both, rms_db, sine};
use std::f64::consts::TAU;

/// Whole periods of a sine without the sine, in dB re full scale.
fn residue_db(y: &[f64], freq_hz: f64, rate: f64) -> f64 {
    let phase = |n: usize| TAU * (freq_hz * n as f64 / rate).fract();
    let part =
        |f: fn(f64) -> f64| 2.0 / y.len() as f64 * y.iter().enumerate().map(|(n, y)| y * f(phase(n))).sum::<f64>();
    let (sin, cos) = (part(f64::sin), part(f64::cos));
    let rest: Vec<f64> = y.iter().enumerate().map(|(n, y)| y - sin * phase(n).sin() - cos * phase(n).cos()).collect();
    rms_db(&rest)
}

#[test]
fn eight_bands_neither_distort_nor_hiss() {
    let rate = 48_000.0;
    let eight = cascade::Settings::of([
        band(Shape::LowCut, 30.0, 0.0, 0.707),
        band(Shape::LowShelf, 100.0, 3.0, 0.707),
        band(Shape::Bell, 250.0, -2.0, 1.0),
        band(Shape::Bell, 800.0, 2.0, 1.0),
        band(Shape::Bell, 2500.0, -3.0, 1.0),
        band(Shape::Bell, 6000.0, 2.0, 1.0),
        band(Shape::HighShelf, 8000.0, 3.0, 0.707),
        band(Shape::HighCut, 18_000.0, 0.0, 0.707),
    ]);
    let y = left(&through(eight, rate, &both(&sine(997.0, -1.0, 3.0, rate))));
    let y = &y[2 * 48_000..]; // a second holds whole periods
    let noise_db = residue_db(y, 997.0, rate) - rms_db(y);
    eprintln!("eight bands, 997 Hz at -1 dBFS: THD+N {noise_db:.1} dB");
    assert!(noise_db < -140.0, "{noise_db} dB");
}

/// A bass bell at a high rate is where direct forms drown in their own rounding (poles 3e-4 from z = 1).
#[test]
fn a_bass_bell_at_192_khz_adds_no_noise() {
    let rate = 192_000.0;
    let y = left(&through(only(band(Shape::Bell, 20.0, 12.0, 10.0)), rate, &both(&sine(100.0, -1.0, 9.0, rate))));
    let noise_db = residue_db(&y[(8.0 * rate) as usize..], 100.0, rate); // 25 time constants of 320 ms
    eprintln!("20 Hz, Q 10 at 192 kHz: noise {noise_db:.1} dBFS");
    assert!(noise_db < -140.0, "{noise_db} dBFS");
}

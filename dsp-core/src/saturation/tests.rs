//! Saturation proved on tones, noise, switches and whatever else may come in.

use super::*;
use crate::Stage;
use crate::choice::Choice;
use crate::units::{db_to_gain, gain_to_db, power_to_db};
use crate::{Frame, Spec};
use core::f64::consts::TAU;
use plumb_signals::{Noise, both, sine, square};

const RATE_HZ: f64 = 48_000.0;

fn prepared(settings: Settings, rate_hz: f64) -> Saturation {
    let mut saturation = Saturation::new(settings);
    saturation.prepare(Spec::new(rate_hz, 4096, 2).unwrap());
    saturation
}

fn through(settings: Settings, rate_hz: f64, input: &[Frame]) -> Vec<Frame> {
    let mut block = input.to_vec();
    prepared(settings, rate_hz).process(&mut block, None);
    block
}

fn left(frames: &[Frame]) -> Vec<f64> {
    frames.iter().map(|frame| frame[0]).collect()
}

fn bits(frames: &[Frame]) -> Vec<[u64; 2]> {
    frames.iter().map(|frame| frame.map(f64::to_bits)).collect()
}

/// Amplitude of a tone that fits the signal a whole number of times: exact, without a window.
fn amplitude(signal: &[f64], turns: usize) -> f64 {
    let [mut re, mut im] = [0.0; 2];
    for (n, x) in signal.iter().enumerate() {
        let (sin, cos) = (TAU * ((n * turns) % signal.len()) as f64 / signal.len() as f64).sin_cos();
        re += x * cos;
        im += x * sin;
    }
    2.0 / signal.len() as f64 * f64::hypot(re, im)
}

/// A tone at a level, long enough to settle, and the last tenth of a second of what comes out: 10 Hz a bin.
fn steady(settings: Settings, freq_hz: f64, level_dbfs: f64, rate_hz: f64) -> Vec<f64> {
    let out = through(settings, rate_hz, &both(&sine(freq_hz, level_dbfs, 0.8, rate_hz)));
    left(&out[out.len() - (rate_hz / 10.0) as usize..])
}

/// Largest component below `top_hz` that is no harmonic of a tone, in dB relative to the tone.
fn alias_db(out: &[f64], freq_hz: f64, top_hz: f64) -> f64 {
    let (tone, top) = ((freq_hz / 10.0) as usize, (top_hz / 10.0) as usize);
    // Where harmonics fold to is a multiple of what the tone and the rate have in common: 100 Hz or more.
    let largest = (10..top).step_by(10).filter(|bin| bin % tone != 0).map(|bin| amplitude(out, bin));
    gain_to_db(largest.fold(0.0, f64::max) / amplitude(out, tone))
}

fn driven(curve: Curve, oversampling: Factor) -> Settings {
    Settings { curve, drive_db: 12.0, oversampling, ..Settings::default() }
}

#[test]
fn aliases_of_a_driven_tone_are_90_db_below_it_at_four_times() {
    for rate_hz in [44_100.0, 48_000.0] {
        for curve in Curve::ALL {
            // 5 kHz folds onto multiples of 100 Hz at 44.1 kHz; at 48 kHz onto other multiples of 1 kHz.
            for oversampling in [Factor::X4, Factor::X8] {
                let alias = alias_db(&steady(driven(*curve, oversampling), 5000.0, 0.0, rate_hz), 5000.0, 20_000.0);
                eprintln!("{rate_hz} Hz, {curve:?}, {oversampling:?}: aliases at {alias:.1} dB");
                assert!(alias <= -90.0);
            }
            let alias = alias_db(&steady(driven(*curve, Factor::X2), 5000.0, 0.0, rate_hz), 5000.0, 20_000.0);
            eprintln!("{rate_hz} Hz, {curve:?}, X2: aliases at {alias:.1} dB");
        }
    }
}

/// The curve sample by sample: what there would be without the mean between samples.
fn plain(curve: Curve, freq_hz: f64, rate_hz: f64) -> Vec<f64> {
    let input = sine(freq_hz, 12.0, 0.1, rate_hz);
    input.iter().map(|x| curve.at(*x)).collect()
}

#[test]
fn at_one_time_the_mean_takes_15_db_off_the_aliases_below_the_tone() {
    for curve in Curve::ALL {
        let with = steady(driven(*curve, Factor::X1), 5000.0, 0.0, RATE_HZ);
        let without = plain(*curve, 5000.0, RATE_HZ);
        let below = |top_hz: f64| [&with, &without].map(|out| alias_db(out, 5000.0, top_hz));
        let [tone, middle, all] = [5000.0, 10_000.0, 20_000.0].map(below);
        eprintln!(
            "{curve:?} at 1× and without the mean: below 5 kHz {tone:.1?} dB, below 10 kHz {middle:.1?}, below 20 kHz \
             {all:.1?}; plain at 4×: {:.1}",
            alias_db(&plain(*curve, 5000.0, 4.0 * RATE_HZ), 5000.0, 20_000.0)
        );
        // Nothing is claimed of the top octave, where what folds comes from just above half the rate.
        assert!(tone[0] <= tone[1] - 15.0 && middle[0] <= middle[1] - 10.0);
    }
}

#[test]
fn harmonics_are_those_of_the_curve() {
    for curve in Curve::ALL {
        for drive_db in [0.0, 12.0] {
            for oversampling in Factor::ALL {
                let settings = Settings { drive_db, ..driven(*curve, *oversampling) };
                let out = steady(settings, 100.0, -6.0, RATE_HZ);
                // Fourier's series by a sum over so many points that it is exact.
                let turn = |n: usize| TAU * n as f64 / 4096.0;
                let wave: Vec<f64> = (0..4096).map(|n| curve.at(db_to_gain(drive_db - 6.0) * turn(n).sin())).collect();
                let makeup = db_to_gain(curve.makeup_db(drive_db));
                let mut worst = 0.0_f64;
                for k in 1..=7 {
                    let expected = amplitude(&wave, k) * makeup;
                    if expected > 1e-5 {
                        worst = worst.max(gain_to_db(amplitude(&out, 10 * k) / expected).abs());
                    }
                }
                // The offset filter takes 0.011 dB off at 100 Hz.
                assert!(worst < 0.1, "{curve:?}, {drive_db} dB, {oversampling:?}: off by {worst} dB");
                if *oversampling == Factor::X4 {
                    eprintln!("{curve:?}, {drive_db} dB: harmonics 1 to 7 within {worst:.4} dB of the series");
                }
            }
        }
    }
}

#[test]
fn no_offset_is_left() {
    for curve in Curve::ALL {
        let input = both(&sine(997.0, -6.0, 3.0, RATE_HZ));
        let out = left(&through(driven(*curve, Factor::X4), RATE_HZ, &input));
        // A whole second: 997 whole turns.
        let mean = out[out.len() - 48_000..].iter().sum::<f64>() / 48_000.0;
        eprintln!("{curve:?}: offset {:.0} dBFS", gain_to_db(mean));
        assert!(gain_to_db(mean) < -120.0);
    }
}

#[test]
fn silence_stays_silence() {
    for curve in Curve::ALL {
        for oversampling in Factor::ALL {
            let settings = Settings { drive_db: 24.0, tone_db: 6.0, ..driven(*curve, *oversampling) };
            let out = through(settings, RATE_HZ, &[[0.0; 2]; 1000]);
            assert!(out.iter().all(|frame| *frame == [0.0; 2]), "{curve:?} {oversampling:?}");
        }
    }
}

/// Noise that falls by 3 dB an octave, as programme does (P. Kellet's filter), at a level in dBFS RMS.
fn pink(level_dbfs: f64, frames: usize) -> Vec<Frame> {
    let (mut noise, mut b) = (Noise::new(5), [0.0; 3]);
    let mut out: Vec<f64> = (0..frames)
        .map(|_| {
            let white = noise.tick();
            b[0] = 0.997_65 * b[0] + white * 0.099_046;
            b[1] = 0.963 * b[1] + white * 0.296_516_4;
            b[2] = 0.57 * b[2] + white * 1.052_691_3;
            b[0] + b[1] + b[2] + white * 0.1848
        })
        .collect();
    let rms = (out.iter().map(|x| x * x).sum::<f64>() / frames as f64).sqrt();
    out.iter_mut().for_each(|x| *x *= db_to_gain(level_dbfs) / rms);
    both(&out)
}

fn level_db(frames: &[Frame]) -> f64 {
    power_to_db(frames.iter().map(|frame| frame[0] * frame[0]).sum::<f64>() / frames.len() as f64)
}

#[test]
fn programme_keeps_its_level_at_every_drive() {
    for curve in Curve::ALL {
        for (level_dbfs, limit_db) in [(-18.0, 0.5), (-21.0, 3.0), (-15.0, 3.0)] {
            let input = pink(level_dbfs, 96_000);
            let changes = [0.0, 3.0, 6.0, 12.0, 18.0, 24.0].map(|drive_db| {
                let settings = Settings { drive_db, ..driven(*curve, Factor::X1) };
                level_db(&through(settings, RATE_HZ, &input)) - level_db(&input)
            });
            eprintln!("{curve:?}, programme of {level_dbfs} dBFS, drive 0 to 24 dB: {changes:+.2?} dB");
            assert!(changes.iter().all(|change| change.abs() < limit_db));
        }
    }
}

#[test]
fn without_drive_and_tone_it_is_nearly_transparent() {
    for curve in Curve::ALL {
        let settings = Settings { curve: *curve, ..Settings::default() };
        let out = steady(settings, 1000.0, -18.0, RATE_HZ);
        let change = gain_to_db(amplitude(&out, 100)) + 18.0;
        let harmonics: f64 = (2..=20).map(|k| amplitude(&out, 100 * k).powi(2)).sum();
        let thd = power_to_db(harmonics) - gain_to_db(amplitude(&out, 100));
        eprintln!("{curve:?} without drive, −18 dBFS: level {change:+.3} dB, harmonics {thd:.1} dB");
        assert!(change.abs() < 0.1 && thd < -36.0);
    }
}

#[test]
fn off_and_no_mix_are_the_input_after_the_latency() {
    let input = Noise::new(1).stereo(0.0, 3000);
    for oversampling in Factor::ALL {
        let latency = driven(Curve::Tube, *oversampling).latency_frames();
        for settings in [
            Settings { on: false, ..driven(Curve::Tube, *oversampling) },
            Settings { mix_pct: 0.0, ..driven(Curve::Clip, *oversampling) },
        ] {
            let mut saturation = prepared(settings, RATE_HZ);
            assert_eq!(saturation.latency_frames(), latency);
            let mut out = input.clone();
            saturation.process(&mut out, None);
            assert_eq!(bits(&out[latency..]), bits(&input[..3000 - latency]), "{oversampling:?}");
            // And again after it has been heard.
            saturation.set(Settings { on: true, mix_pct: 100.0, ..settings });
            saturation.process(&mut input.clone(), None);
            saturation.set(settings);
            let mut out = [&input[..], &input[..]].concat();
            saturation.process(&mut out, None);
            assert_eq!(bits(&out[2000 + latency..]), bits(&[&input[..], &input[..]].concat()[2000..6000 - latency]));
        }
    }
}

#[test]
fn half_mixed_the_dry_sound_is_in_step_with_the_wet() {
    for rate_hz in [44_100.0, 48_000.0] {
        for oversampling in Factor::ALL {
            let mut response = [0.0_f64; 2];
            for freq_hz in [100.0, 1000.0, 5000.0, 10_000.0, 15_000.0, 20_000.0] {
                // So soft that the curve is straight.
                let settings = Settings { mix_pct: 50.0, ..Settings::default() };
                let settings = Settings { curve: Curve::Tape, oversampling: *oversampling, ..settings };
                let change =
                    gain_to_db(amplitude(&steady(settings, freq_hz, -60.0, rate_hz), (freq_hz / 10.0) as usize)) + 60.0;
                let change = change - settings.curve.makeup_db(0.0) / 2.0;
                response = [response[0].min(change), response[1].max(change)];
            }
            eprintln!("{rate_hz} Hz, {oversampling:?}, half mixed, 100 Hz to 20 kHz: {response:+.3?} dB");
            let limit_db = if *oversampling == Factor::X1 { 0.5 } else { 0.05 };
            assert!(response[0] > -limit_db && response[1] < limit_db);
        }
    }
}

#[test]
fn tone_tilts_around_1_khz() {
    for tone_db in [-6.0, 3.0, 6.0] {
        let settings = Settings { tone_db, oversampling: Factor::X2, ..driven(Curve::Tape, Factor::X2) };
        let flat = Settings { tone_db: 0.0, ..settings };
        let gain = |freq_hz: f64| {
            let at =
                |settings| gain_to_db(amplitude(&steady(settings, freq_hz, -60.0, RATE_HZ), (freq_hz / 10.0) as usize));
            at(settings) - at(flat)
        };
        let gains = [30.0, 1000.0, 20_000.0].map(gain);
        eprintln!("tone {tone_db:+} dB: {gains:+.3?} dB at 30 Hz, 1 kHz, 20 kHz");
        assert!((gains[0] + tone_db).abs() < 0.1 && gains[1].abs() < 0.001 && (gains[2] - tone_db).abs() < 0.1);
    }
}

/// Largest third difference: what a click is, and a smooth tone is not.
fn roughness(frames: &[Frame]) -> f64 {
    let bend = |w: &[Frame]| (w[3][0] - 3.0 * w[2][0] + 3.0 * w[1][0] - w[0][0]).abs();
    frames.windows(4).map(bend).fold(0.0, f64::max)
}

#[test]
fn no_change_clicks() {
    let input = both(&sine(200.0, -12.0, 0.5, RATE_HZ));
    for oversampling in Factor::ALL {
        let base = driven(Curve::Tube, *oversampling);
        let changed: [(&str, Settings); 8] = [
            ("to Tape", Settings { curve: Curve::Tape, ..base }),
            ("to Transistor", Settings { curve: Curve::Transistor, ..base }),
            ("to Clip", Settings { curve: Curve::Clip, ..base }),
            ("off", Settings { on: false, ..base }),
            ("drive up", Settings { drive_db: 24.0, ..base }),
            ("drive down", Settings { drive_db: 0.0, ..base }),
            ("tone", Settings { tone_db: 6.0, ..base }),
            ("mix", Settings { mix_pct: 0.0, ..base }),
        ];
        for (name, other) in changed {
            let rest = [base, other].map(|settings| through(settings, RATE_HZ, &input));
            let still = rest.iter().map(|out| roughness(&out[12_000..])).fold(0.0, f64::max);
            // A switch without a fade, where it is worst within a turn.
            let cut = |at: usize| roughness(&[&rest[0][at - 4..at], &rest[1][at..at + 4]].concat());
            let hard = (12_000..12_240).map(cut).fold(0.0, f64::max);
            let mut saturation = prepared(base, RATE_HZ);
            let mut out = input.clone();
            for (n, block) in out.chunks_mut(4001).enumerate() {
                saturation.set(if n % 2 == 0 { base } else { other });
                saturation.process(block, None);
            }
            let moving = roughness(&out[2000..]);
            let limit = 1.5 * still + 1e-3;
            eprintln!("{oversampling:?}, {name}: {moving:.1e}, at rest {still:.1e}, without a fade {hard:.1e}");
            assert!(moving < limit && limit < hard, "{oversampling:?}, {name}");
        }
    }
}

#[test]
fn blocks_may_be_cut_anywhere() {
    let input = Noise::new(3).stereo(-6.0, 12_000);
    for oversampling in Factor::ALL {
        let at = |n: usize| {
            let base = driven(Curve::ALL[n % 4], *oversampling);
            Settings {
                on: n % 5 != 3,
                tone_db: (n % 3) as f64,
                mix_pct: [100.0, 40.0, 0.0][n % 3],
                drive_db: n as f64,
                ..base
            }
        };
        let run = |lengths: &[usize]| {
            let mut saturation = prepared(at(0), RATE_HZ);
            let (mut out, mut lengths) = (input.clone(), lengths.iter().cycle());
            for (n, part) in out.chunks_mut(700).enumerate() {
                saturation.set(at(n));
                let mut rest = part;
                while !rest.is_empty() {
                    let (block, later) = rest.split_at_mut(lengths.next().unwrap().min(&rest.len()).to_owned());
                    saturation.process(block, None);
                    rest = later;
                }
            }
            bits(&out)
        };
        let whole = run(&[700]);
        assert!(whole == run(&[1]) && whole == run(&[64, 3, 17, 333]), "{oversampling:?}");
    }
}

#[test]
fn structure_waits_for_reset_and_reset_is_new() {
    let input = Noise::new(4).stereo(-6.0, 1000);
    let settings = driven(Curve::Clip, Factor::X4);
    let mut saturation = prepared(driven(Curve::Tube, Factor::X1), RATE_HZ);
    saturation.process(&mut input.clone(), None);
    saturation.set(settings);
    assert_eq!((saturation.latency_frames(), saturation.latency_frames_for(&settings)), (0, settings.latency_frames()));
    saturation.process(&mut input.clone(), None);
    saturation.reset();
    let mut out = input.clone();
    saturation.process(&mut out, None);
    assert_eq!(bits(&out), bits(&through(settings, RATE_HZ, &input)));
    assert!(
        saturation.latency_frames() == settings.latency_frames()
            && saturation.latency_frames() <= saturation.max_latency_frames()
    );
}

#[test]
fn mono_stays_mono() {
    for oversampling in Factor::ALL {
        let out = through(driven(Curve::Tube, *oversampling), RATE_HZ, &both(&sine(440.0, 0.0, 0.1, RATE_HZ)));
        assert!(out.iter().all(|frame| frame[0].to_bits() == frame[1].to_bits()));
    }
}

#[test]
fn whatever_comes_in_it_stays_finite_and_recovers() {
    let mut hostile = both(&square(3000.0, 120.0, 0.02, RATE_HZ));
    hostile.extend(both(&square(12_000.0, 0.0, 0.02, RATE_HZ)));
    hostile.extend([[f64::NAN, f64::INFINITY], [f64::NEG_INFINITY, 1e300], [1e6, -1e6], [5e-324, -5e-324]]);
    let tone = both(&sine(440.0, -12.0, 1.5, RATE_HZ));
    for curve in Curve::ALL {
        for oversampling in Factor::ALL {
            let wild = Settings { drive_db: f64::NAN, tone_db: 1e9, mix_pct: -1e9, ..driven(*curve, *oversampling) };
            let settings = Settings { drive_db: 24.0, tone_db: 6.0, ..driven(*curve, *oversampling) };
            let mut saturation = prepared(wild, RATE_HZ);
            saturation.set(settings);
            let mut out = hostile.clone();
            saturation.process(&mut out, None);
            let peak = out.iter().flatten().fold(0.0_f64, |peak, x| peak.max(x.abs()));
            assert!(out.iter().flatten().all(|x| x.is_finite()) && peak < 1.1e5, "{curve:?} {oversampling:?}: {peak}");
            let (mut after, mut clean) = (tone.clone(), tone.clone());
            saturation.process(&mut after, None);
            prepared(settings, RATE_HZ).process(&mut clean, None);
            for (a, b) in after.iter().zip(&clean).skip(70_000) {
                assert!((a[0] - b[0]).abs() < 1e-9 && (a[1] - b[1]).abs() < 1e-9, "{curve:?} {oversampling:?}");
            }
        }
    }
}

//! Dither by what it leaves in the sound.

use super::*;
use crate::Choice;
use crate::units::power_to_db;
use plumb_signals::{Noise, both, level_db, rms_db, sine, tone_db};
use proptest::prelude::*;

const FS: f64 = 48_000.0;

/// The words there are to cut to.
const WORDS: [(Depth, i32); 3] = [(Depth::Bits16, 16), (Depth::Bits20, 20), (Depth::Bits24, 24)];

fn to(depth: Depth) -> Settings {
    Settings { depth, ..Settings::default() }
}

fn shaped(settings: Settings, rate_hz: f64, frames: &[Frame]) -> Vec<Frame> {
    let mut dither = Dither::new(settings);
    dither.prepare(Spec { sample_rate_hz: rate_hz, max_frames: frames.len(), channels: 2 });
    let mut block = frames.to_vec();
    dither.process(&mut block, None);
    block
}

fn dithered(depth: Depth, frames: &[Frame]) -> Vec<Frame> {
    shaped(to(depth), FS, frames)
}

/// What a lane is off by.
fn error(x: &[Frame], y: &[Frame], lane: usize) -> Vec<f64> {
    x.iter().zip(y).map(|(x, y)| y[lane] - x[lane]).collect()
}

fn lane(frames: &[Frame], lane: usize) -> Vec<f64> {
    frames.iter().map(|frame| frame[lane]).collect()
}

#[test]
fn the_error_is_half_a_step_whatever_the_signal() {
    for (depth, bits) in WORDS {
        for level in [-6.0, -60.0, -100.0] {
            let x = both(&sine(997.0, level, 2.0, FS));
            let y = dithered(depth, &x);
            for at in 0..2 {
                let error = error(&x, &y, at);
                // A step squared / 12 of rounding and / 6 of noise: / 4 together. −96.33 dB at 16 bit.
                let expected = level_db(0.5 / f64::from(1 << (bits - 1)));
                // 96,000 values: 0.03 dB of chance.
                eprintln!("{bits} bit, sine of {level} dB: error {:.2} dB", rms_db(&error));
                assert!((rms_db(&error) - expected).abs() < 0.1, "{bits} bit, {level} dB: {}", rms_db(&error));
            }
        }
    }
}

#[test]
fn the_noise_of_both_channels_is_white_and_independent() {
    let mut noise = SEEDS.map(super::Noise);
    let x: Vec<Frame> = (0..200_000).map(|_| [noise[0].tick(), noise[1].tick()]).collect();
    let mean = |f: &dyn Fn(usize) -> f64| (0..x.len() - 1).map(f).sum::<f64>() / (x.len() - 1) as f64;
    // Means of 200,000 values of variance 1/6 and 1/36: five sigma of chance.
    assert!(mean(&|n| x[n][0]).abs() < 0.005 && mean(&|n| x[n][1]).abs() < 0.005);
    assert!(mean(&|n| x[n][0] * x[n][1]).abs() < 0.002);
    assert!(mean(&|n| x[n][0] * x[n + 1][0]).abs() < 0.002);
    assert!((mean(&|n| x[n][0] * x[n][0]) - 1.0 / 6.0).abs() < 0.002);
    let largest = x.iter().flatten().fold(0.0, |peak: f64, x| peak.max(x.abs()));
    assert!((0.99..1.0).contains(&largest), "{largest}");
}

#[test]
fn a_quiet_sine_keeps_its_level_and_gets_no_harmonics() {
    // −90 dBFS is 1.04 steps of 16 bit: cut without noise it would be a square-like wave.
    let y = lane(&dithered(Depth::Bits16, &both(&sine(1000.0, -90.0, 10.0, FS))), 0);
    assert!((tone_db(&y, 1000.0, FS) + 90.0).abs() < 0.3, "{}", tone_db(&y, 1000.0, FS));
    for harmonic in 2..20 {
        // Noise of −96.3 dB over 480,000 values leaves −149 dB in one bin (Blackman–Harris, 3 dB to a peak);
        // twelve more for chance. Undithered, the third alone is near −100 dB.
        let level = tone_db(&y, 1000.0 * f64::from(harmonic), FS);
        assert!(level < -137.0, "harmonic {harmonic}: {level} dB");
    }
}

#[test]
fn output_is_on_the_grid_and_within_full_scale() {
    for (depth, bits) in WORDS {
        let full = f64::from(1 << (bits - 1));
        let y = dithered(depth, &both(&sine(997.0, 1.0, 0.5, FS)));
        let steps: Vec<f64> = y.iter().flatten().map(|x| x * full).collect();
        assert!(steps.iter().all(|x| x.fract() == 0.0));
        assert_eq!(steps.iter().copied().fold(f64::MIN, f64::max), full - 1.0);
        assert_eq!(steps.iter().copied().fold(f64::MAX, f64::min), -full);
        // Every value is one of 32-bit float too.
        assert!(y.iter().flatten().all(|x| f64::from(*x as f32) == *x));
    }
}

#[test]
fn off_is_bit_exact() {
    let x = both(&sine(997.0, 3.0, 0.1, FS));
    for shaping in Shaping::ALL {
        assert_eq!(shaped(Settings { shaping: *shaping, ..to(Depth::Off) }, FS, &x), x);
    }
}

#[test]
fn what_has_the_word_already_is_moved_by_the_dither_and_no_more() {
    for (depth, bits) in WORDS {
        let full = 2_f64.powi(bits - 1);
        let x: Vec<Frame> =
            both(&sine(997.0, -20.0, 1.0, FS)).iter().map(|f| f.map(|x| (x * full).round() / full)).collect();
        let error = error(&x, &dithered(depth, &x), 0);
        assert!(error.iter().all(|e| (e * full).abs() <= 1.0), "{bits} bit");
        assert!((rms_db(&error) - level_db(0.5 / full)).abs() < 0.1, "{bits} bit: {}", rms_db(&error));
        let mean = error.iter().sum::<f64>() / error.len() as f64 * full;
        // Half a step of spread over 48,000 values: five sigma.
        assert!(mean.abs() < 0.012, "{bits} bit: {mean} steps");
    }
}

#[test]
fn the_error_has_the_spectrum_of_its_curve_and_not_the_signals() {
    for rate_hz in [44_100.0, 48_000.0, 96_000.0, 192_000.0] {
        for shaping in Shaping::ALL {
            let x = both(&sine(997.0, -30.0, 200_000.0 / rate_hz, rate_hz));
            let settings = Settings { shaping: *shaping, ..to(Depth::Bits16) };
            let error = error(&x, &shaped(settings, rate_hz, &x), 1);
            let curve = Taps::design(*shaping, rate_hz);
            let h = |k: usize| if k == 0 { 1.0 } else { curve.taps().get(k - 1).copied().unwrap_or(0.0) };
            for lag in 0..=20 {
                // White error of a quarter of a step squared, through the filter.
                let expected = (0..10).map(|k| h(k) * h(k + lag)).sum::<f64>() / 4.0;
                let products = error.windows(lag + 1).map(|w| w[0] * w[lag]).sum::<f64>();
                let measured = products / (error.len() - lag) as f64 * 32_768.0 * 32_768.0;
                // 200,000 values: five sigma of chance of a spectrum with peaks.
                let power: f64 = (0..10).map(|k| h(k) * h(k)).sum();
                assert!(
                    (measured - expected).abs() < 0.02 * power,
                    "{rate_hz} Hz {shaping:?} {lag}: {measured} {expected}"
                );
            }
        }
    }
}

#[test]
fn shaped_noise_hides_no_harmonics() {
    for shaping in [Shaping::Light, Shaping::Strong] {
        let settings = Settings { shaping, ..to(Depth::Bits16) };
        let y = lane(&shaped(settings, FS, &both(&sine(1000.0, -90.0, 10.0, FS))), 0);
        let curve = Taps::design(shaping, FS);
        assert!((tone_db(&y, 1000.0, FS) + 90.0).abs() < 0.3);
        let mut worst = f64::NEG_INFINITY;
        for harmonic in 2..20 {
            let hz = 1000.0 * f64::from(harmonic);
            // Noise of −149 dB a bin as without shaping, times the curve; twelve for chance.
            let noise = -149.0 + power_to_db(curve.power_gain_at(hz, FS));
            worst = worst.max(tone_db(&y, hz, FS) - noise);
        }
        eprintln!("{shaping:?}: harmonics at most {worst:.1} dB over the noise in a bin");
        assert!(worst < 12.0, "{shaping:?}: {worst} dB");
    }
}

#[test]
fn the_error_is_bounded_whatever_comes() {
    for rate_hz in [8000.0, 44_100.0, 192_000.0] {
        for shaping in Shaping::ALL {
            let settings = Settings { shaping: *shaping, ..to(Depth::Bits16) };
            let bound = Taps::design(*shaping, rate_hz).most_steps();
            // Noise, then twice full scale, then silence: nothing of the overload may be left.
            let mut x = Noise::new(4).stereo(-1.0, 50_000);
            x.extend(Noise::new(5).stereo(6.0, 5000));
            x.extend([[0.0; 2]; 5000]);
            let y = shaped(Settings { auto_blank: false, ..settings }, rate_hz, &x);
            let mut most = 0.0_f64;
            for (x, y) in x.iter().zip(&y).filter(|(x, _)| x.iter().all(|x| x.abs() < 0.99)) {
                most = (0..2).fold(most, |most, lane| most.max((x[lane] - y[lane]).abs() * 32_768.0));
            }
            eprintln!("{rate_hz} Hz {shaping:?}: {most:.2} steps of at most {bound:.2}");
            assert!(most <= bound && most > 0.3 * bound, "{rate_hz} Hz {shaping:?}: {most} of {bound}");
        }
    }
}

#[test]
fn silence_is_dithered_where_it_is_not_to_be_blanked() {
    let settings = Settings { auto_blank: false, ..to(Depth::Bits16) };
    let y = shaped(settings, FS, &[[0.0; 2]; 96_000]);
    assert!((rms_db(&lane(&y[90_000..], 0)) + 96.33).abs() < 0.5);
}

#[test]
fn what_filters_leave_is_silence_too() {
    let y = dithered(Depth::Bits24, &[[9e-11; 2]; 48_000]);
    assert!(y[24_000..].iter().all(|frame| *frame == [0.0; 2]));
    let y = dithered(Depth::Bits24, &[[2e-10; 2]; 48_000]);
    assert!(y[47_000..].iter().any(|frame| *frame != [0.0; 2]));
}

#[test]
fn silence_is_dithered_for_half_a_second_then_left_alone() {
    for fs in [8000.0, FS, 192_000.0] {
        let mut dither = Dither::new(to(Depth::Bits16));
        dither.prepare(Spec { sample_rate_hz: fs, max_frames: 64, channels: 2 });
        let half = (fs / 2.0) as usize;
        // The right channel sounds all the time.
        let mut block = vec![[0.0, 0.25]; 2 * half];
        block[0][0] = 0.5;
        dither.process(&mut block, None);
        assert!(block[half - 100..=half].iter().any(|frame| frame[0] != 0.0), "{fs} Hz");
        assert!(block[half + 1..].iter().all(|frame| frame[0] == 0.0), "{fs} Hz");
        assert!(block[half + 1..].iter().any(|frame| frame[1] != 0.25), "{fs} Hz");
    }
}

#[test]
fn blocks_and_reset_change_nothing() {
    let x = both(&sine(997.0, -20.0, 0.1, FS));
    for shaping in Shaping::ALL {
        let settings = Settings { shaping: *shaping, ..to(Depth::Bits16) };
        let whole = shaped(settings, FS, &x);
        let mut dither = Dither::new(settings);
        for len in [1, 7, 64, x.len()] {
            let mut y = x.clone();
            y.chunks_mut(len).for_each(|block| dither.process(block, None));
            assert_eq!(y, whole, "{shaping:?} in blocks of {len}");
            dither.reset();
        }
    }
}

#[test]
fn dithering_does_not_allocate() {
    let mut block = both(&sine(997.0, -20.0, 0.1, FS));
    let mut dither = Dither::new(Settings::default());
    plumb_signals::assert_no_alloc(|| {
        for depth in Depth::ALL {
            for shaping in Shaping::ALL {
                dither.set(Settings { depth: *depth, shaping: *shaping, auto_blank: true });
                dither.process(&mut block, None);
            }
        }
    });
}

proptest! {
    #[test]
    fn anything_in_gives_finite_out(
        mut frames in prop::collection::vec([prop::num::f64::ANY, prop::num::f64::ANY], 1..100),
        depth in 0..4_usize, shaping in 0..3_usize, auto_blank in any::<bool>(),
    ) {
        let (depth, shaping) = (Depth::from_index(depth), Shaping::from_index(shaping));
        let mut dither = Dither::new(Settings { depth, shaping, auto_blank });
        dither.process(&mut frames, None);
        prop_assert!(frames.iter().flatten().all(|x| x.is_finite()));
        if depth != Depth::Off {
            prop_assert!(frames.iter().flatten().all(|x| (-1.0..1.0).contains(x)));
        }
    }

    #[test]
    fn nearest_is_what_rounding_is_by_name(x in -8.4e11..8.4e11, small in -3.0..3.0) {
        for x in [x, small] {
            prop_assert_eq!(nearest(x), f64::round_ties_even(x));
        }
    }
}

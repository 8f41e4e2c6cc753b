//! The analyser through its public calls: level and position of sines, tilt, smoothing, speed, peaks, freeze.

use super::*;
use crate::Choice;
use crate::units::FLOOR_DB;
use plumb_signals::{Noise, both, silence, sine};

/// Thirty updates a second.
const FRAME_S: f64 = 1.0 / 30.0;

fn settings() -> Settings {
    Settings { tilt_db_per_oct: 0.0, speed: Speed::VeryFast, ..Settings::default() }
}

/// An analyser and its tap.
fn analyser(settings: Settings, rate: f64) -> (Arc<SignalTap>, SpectrumAnalyser) {
    let tap = SignalTap::new();
    tap.prepare(rate);
    let mut analyser = SpectrumAnalyser::new(tap.clone(), settings);
    analyser.update(0.0);
    (tap, analyser)
}

/// Plays frames in real time.
fn play(tap: &SignalTap, analyser: &mut SpectrumAnalyser, frames: &[Frame]) {
    for block in frames.chunks((tap.sample_rate_hz() * FRAME_S) as usize) {
        tap.push(block);
        analyser.update(FRAME_S);
    }
}

fn highest(analyser: &SpectrumAnalyser) -> (f64, f64) {
    let points = analyser.frequencies().iter().copied().zip(analyser.levels_db());
    points.fold((0.0, f64::MIN), |best, point| if point.1 > best.1 { point } else { best })
}

#[test]
fn a_sine_reads_its_level_and_frequency_at_every_size() {
    for rate in [44_100.0, 96_000.0] {
        for &size in FftSize::ALL {
            let bin_hz = rate / size.frames() as f64;
            let mut worst = 0.0_f64;
            // Low ones from where the window's lobe is free of its mirror image; off, on and between bins.
            let low_bins = [4.5, 5.0, 6.25, 7.4].map(|bins| bins * bin_hz);
            for freq_hz in low_bins.into_iter().chain([997.0, 1000.0, 3333.3, 10_000.0, 15_432.1, 20_000.0]) {
                if freq_hz < 4.5 * bin_hz {
                    continue;
                }
                let (tap, mut analyser) = analyser(Settings { size, ..settings() }, rate);
                play(&tap, &mut analyser, &both(&sine(freq_hz, 0.0, 0.6, rate)));
                let (at_hz, level_db) = highest(&analyser);
                worst = worst.max(level_db.abs());
                assert!(level_db.abs() < 0.1, "{freq_hz} Hz, {size:?}, {rate}: {level_db}");
                let apart_oct = (at_hz / freq_hz).log2().abs();
                assert!(apart_oct <= 0.51 * points::step_oct(), "{freq_hz} Hz, {size:?}, {rate}: at {at_hz}");
            }
            eprintln!("{rate} Hz, {size:?}: within {worst:.3} dB");
        }
    }
}

#[test]
fn channels_match_their_names() {
    let (rate, tone) = (48_000.0, sine(1000.0, 0.0, 0.6, 48_000.0));
    let frames: Vec<Frame> = tone.iter().map(|x| [*x, -0.5 * x]).collect();
    for (channel, expected_db) in [
        (AnalyserChannel::Left, 0.0),
        (AnalyserChannel::Right, -6.02),
        (AnalyserChannel::Mid, -12.04),
        (AnalyserChannel::Side, -2.50),
        (AnalyserChannel::Stereo, -2.04),
    ] {
        let (tap, mut analyser) = analyser(Settings { channel, ..settings() }, rate);
        play(&tap, &mut analyser, &frames);
        let (_, level_db) = highest(&analyser);
        assert!((level_db - expected_db).abs() < 0.1, "{channel:?}: {level_db}");
    }
}

/// Mean level around a frequency.
fn around_db(analyser: &SpectrumAnalyser, freq_hz: f64) -> f64 {
    let near = analyser.frequencies().iter().zip(analyser.levels_db());
    let near: Vec<f64> = near.filter(|(hz, _)| (*hz / freq_hz).log2().abs() < 0.2).map(|(_, db)| db).collect();
    near.iter().sum::<f64>() / near.len() as f64
}

#[test]
fn tilt_makes_pink_noise_level() {
    let rate = 48_000.0;
    // White noise rises by the tilt; pink, −3.01 dB an octave, is made by P. Kellet's filter (±0.05 dB above 9 Hz).
    let mut b = [0.0; 6];
    let pink: Vec<f64> = Noise::new(5)
        .stereo(-12.0, (6.0 * rate) as usize)
        .iter()
        .map(|[white, _]| {
            let poles = [0.998_86, 0.993_32, 0.969, 0.866_5, 0.55, -0.761_6];
            let gains = [0.055_517_9, 0.075_075_9, 0.153_852, 0.310_485_6, 0.532_952_2, -0.016_898];
            (0..6).for_each(|n| b[n] = poles[n] * b[n] + gains[n] * white);
            b.iter().sum::<f64>() + white * 0.536_2
        })
        .collect();
    for tilt_db_per_oct in [0.0, 3.0, 6.0] {
        let settings = Settings { tilt_db_per_oct, speed: Speed::VerySlow, smoothing: Smoothing::Oct3, ..settings() };
        let (tap, mut analyser) = analyser(settings, rate);
        play(&tap, &mut analyser, &both(&pink));
        let slope = (around_db(&analyser, 8000.0) - around_db(&analyser, 500.0)) / 4.0;
        eprintln!("tilt {tilt_db_per_oct}: {slope:.2} dB per octave");
        assert!((slope - (tilt_db_per_oct - 3.01)).abs() < 0.25, "{slope}");
    }
    // The tilt is 0 dB at 1 kHz.
    let (tap, mut analyser) = analyser(Settings { tilt_db_per_oct: 6.0, ..settings() }, rate);
    play(&tap, &mut analyser, &both(&sine(1000.0, -6.0, 0.6, rate)));
    assert!((highest(&analyser).1 + 6.0).abs() < 0.2);
    play(&tap, &mut analyser, &both(&sine(4000.0, -6.0, 1.0, rate)));
    assert!((highest(&analyser).1 - 6.0).abs() < 0.2);
}

#[test]
fn smoothing_has_its_width_and_keeps_power() {
    let rate = 48_000.0;
    for &smoothing in &Smoothing::ALL[2..] {
        let settings = Settings { size: FftSize::Frames16384, smoothing, ..settings() };
        let (tap, mut analyser) = analyser(settings, rate);
        play(&tap, &mut analyser, &both(&sine(5000.0, 0.0, 1.0, rate)));
        let (_, top_db) = highest(&analyser);
        let width = analyser.levels_db().filter(|db| *db > top_db - 3.0).count() as f64 * points::step_oct();
        eprintln!("{smoothing:?}: {width:.3} octaves of {:.3}, {top_db:.2} dB", smoothing.octaves());
        // To a point at either side, and the sine's own width.
        assert!((width - smoothing.octaves()).abs() <= 2.0 * points::step_oct(), "{width}");
        // Twice the width, half the level.
        let rise_db = top_db + power_width_db(smoothing.octaves());
        assert!(rise_db.abs() < 0.7, "{rise_db}");
    }
}

/// Power of a sine at 5 kHz, spread over so many octaves of bins, against one bin of it. The window is 2.00 bins wide.
fn power_width_db(octaves: f64) -> f64 {
    let bins = 5000.0 * octaves * core::f64::consts::LN_2 / (48_000.0 / 16_384.0);
    crate::units::power_to_db(bins / 2.0)
}

#[test]
fn levels_fall_at_the_set_speed() {
    let rate = 48_000.0;
    for &speed in Speed::ALL {
        let (tap, mut analyser) = analyser(Settings { speed, size: FftSize::Frames2048, ..settings() }, rate);
        play(&tap, &mut analyser, &both(&sine(1000.0, 0.0, 4.0, rate)));
        let (_, from_db) = highest(&analyser);
        assert!(from_db.abs() < 0.1, "{from_db}");
        // Past the window and what the average still holds up.
        play(&tap, &mut analyser, &both(&silence(0.5, rate)));
        let (_, first_db) = highest(&analyser);
        play(&tap, &mut analyser, &both(&silence(1.0, rate)));
        let (_, then_db) = highest(&analyser);
        eprintln!("{speed:?}: {:.2} dB/s", first_db - then_db);
        assert!((first_db - then_db - speed.decay_db_per_s()).abs() < 0.02 * speed.decay_db_per_s());
    }
}

#[test]
fn levels_fall_when_the_host_stops() {
    let rate = 48_000.0;
    let (tap, mut analyser) = analyser(settings(), rate);
    play(&tap, &mut analyser, &both(&sine(1000.0, 0.0, 0.6, rate)));
    (0..120).for_each(|_| _ = analyser.update(FRAME_S));
    assert!(highest(&analyser).1 < -150.0);
    (0..60).for_each(|_| _ = analyser.update(FRAME_S));
    assert!(analyser.levels_db().all(|level_db| level_db <= FLOOR_DB) && !analyser.update(FRAME_S));
}

#[test]
fn peaks_are_held_and_freeze_holds_levels() {
    let rate = 48_000.0;
    let held = Settings { peak_hold: true, ..settings() };
    let (tap, mut analyser) = analyser(held, rate);
    play(&tap, &mut analyser, &both(&sine(1000.0, -6.0, 0.5, rate)));
    analyser.set(Settings { freeze: true, ..held });
    let frozen: Vec<f64> = analyser.levels_db().collect();
    for block in both(&sine(5000.0, 0.0, 0.5, rate)).chunks(1600) {
        tap.push(block);
        assert!(!analyser.update(FRAME_S));
    }
    assert!(analyser.levels_db().eq(frozen));
    // Another size shows the same moment.
    analyser.set(Settings { freeze: true, size: FftSize::Frames8192, ..held });
    assert!(analyser.update(FRAME_S));
    let (at_hz, level_db) = highest(&analyser);
    assert!((at_hz / 1000.0).log2().abs() < 0.02 && (level_db + 6.0).abs() < 0.1, "{at_hz} Hz: {level_db}");
    analyser.set(held);
    play(&tap, &mut analyser, &both(&silence(2.0, rate)));
    assert!(highest(&analyser).1 < -50.0);
    let peak_db = analyser.peaks_db().fold(f64::MIN, f64::max);
    // Of 5 kHz, only the last frames that came while frozen were analysed.
    assert!((-6.1..0.1).contains(&peak_db), "{peak_db}");
    analyser.clear_peaks();
    analyser.update(FRAME_S);
    assert!(analyser.peaks_db().fold(f64::MIN, f64::max) < -50.0);
}

#[test]
fn every_setting_and_rate_gives_finite_levels() {
    let mut noise = Noise::new(9);
    for rate in [1000.0, 8000.0, 44_100.0, 768_000.0] {
        let (tap, mut analyser) = analyser(settings(), rate);
        for &size in FftSize::ALL {
            for (n, &smoothing) in Smoothing::ALL.iter().enumerate() {
                let channel = AnalyserChannel::from_index(n);
                analyser.set(Settings { size, smoothing, channel, tilt_db_per_oct: f64::NAN, ..settings() });
                tap.push(&noise.stereo(0.0, 1000));
                tap.push(&[[f64::NAN, f64::INFINITY]; 10]);
                analyser.update([FRAME_S, f64::NAN, -1.0, 1e300][n % 4]);
                assert!(analyser.levels_db().chain(analyser.peaks_db()).all(f64::is_finite));
                assert!(analyser.frequencies().iter().all(|hz| *hz <= rate / 2.0));
            }
        }
    }
}

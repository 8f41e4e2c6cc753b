//! Settings, curves and audio agree.

use super::*;
use dsp_core::Choice;
use dsp_core::Stage;
use dsp_core::eq::band::{self as ranges, Target};
use dsp_core::eq::cut;
use dsp_core::filter::svf::Coeffs;
use dsp_core::frame::{from_mid_side, to_mid_side};
use plumb_signals::{Noise, both, rms_db, sine, tone_db};
use std::f64::consts::{PI, TAU};

/// How far one fitted filter may be off the analogue curve at 800 Hz; see `filter::matched` for every frequency.
const FIT_DB: f64 = 0.02;

#[test]
fn bands_promise_their_defining_gains() {
    let mut worst = 0.0_f64;
    for rate in RATES {
        for (shape, at_dc, at_freq) in [
            (Shape::Bell, 0.0, 12.0),
            (Shape::LowShelf, 12.0, 6.0),
            (Shape::HighShelf, 0.0, 6.0),
            (Shape::Tilt, -6.0, 0.0),
        ] {
            let band = band(shape, 800.0, 12.0, 1.3);
            let at_edge = band.prototype_response(20_000.0).gain_db();
            for (freq_hz, expected) in [(0.0, at_dc), (800.0, at_freq), (20_000.0, at_edge)] {
                let error = (band.gain_db_at(freq_hz, rate) - expected).abs();
                worst = worst.max(error);
                assert!(error < FIT_DB, "{shape:?} {freq_hz} Hz at {rate}: {error}");
            }
            assert_eq!(Band { on: false, ..band }.gain_db_at(800.0, rate), 0.0);
        }
    }
    eprintln!("defining gains at 800 Hz: {worst:.4} dB off at most");
    let whole = busy();
    let sum: f64 = whole.bands.iter().map(|band| band.gain_db_at(500.0, 48_000.0)).sum();
    assert_eq!(whole.gain_db_at(500.0, 48_000.0), sum);
    assert_eq!(off(whole).gain_db_at(500.0, 48_000.0), 0.0);
}

#[test]
fn gains_are_scaled_in_curve_and_audio_up_to_60_db() {
    let rate = 48_000.0;
    for (gain_db, scale_pct, expected) in [(12.0, 50.0, 6.0), (12.0, -100.0, -12.0), (-30.0, 200.0, -60.0)] {
        let scaled = Four { scale_pct, ..only(band(Shape::Bell, 1000.0, gain_db, 1.0)) };
        let error = scaled.gain_db_at(1000.0, rate) - expected;
        let fit_db = if expected < -30.0 { 0.2 } else { FIT_DB }; // beyond what a band may ask for alone
        assert!(error.abs() < fit_db, "{error}");
        let out = through(scaled, rate, &both(&sine(1000.0, 0.0, 0.4, rate)));
        let error = tone_db(&left(&out)[9600..], 1000.0, rate) - expected;
        // And what the window lets in of the start, 60 dB above.
        assert!(error.abs() < fit_db + 1e-3, "{error}");
    }
    let input = Noise::new(1).stereo(0.0, 1000);
    let nothing = Four { scale_pct: 0.0, ..only(band(Shape::Bell, 1000.0, 12.0, 1.0)) };
    assert_eq!(bits(&through(nothing, rate, &input)), bits(&input));
}

#[test]
fn numbers_outside_their_ranges_are_held_in_curve_and_audio() {
    let wild = band(Shape::Bell, f64::NAN, 1e9, -3.0);
    let held = band(Shape::Bell, ranges::FREQ_HZ.default, ranges::GAIN_DB.max, ranges::Q.min);
    assert_eq!(wild.gain_db_at(700.0, 48_000.0), held.gain_db_at(700.0, 48_000.0));
    let input = Noise::new(1).stereo(-12.0, 2000);
    assert_eq!(bits(&through(only(wild), 48_000.0, &input)), bits(&through(only(held), 48_000.0, &input)));
}

#[test]
fn cuts_are_3_db_down_at_their_corner_and_as_steep_as_they_say() {
    let mut worst = 0.0_f64;
    for (&slope, text) in Slope::ALL.iter().zip(Slope::TEXTS) {
        for rate in RATES {
            for (side, corner) in [(cut::Side::Low, 80.0), (cut::Side::High, 9000.0)] {
                let settings = cut::Settings { on: true, freq_hz: corner, slope };
                let error = settings.gain_db_at(side, corner, rate) + 3.010_299_956_639_812;
                // Up to sixteen filters, each within a few hundredths of the analogue curve.
                assert!(error.abs() < 0.1, "{settings:?} at {rate}: {error}");
                worst = worst.max(error.abs());
                assert_eq!(cut::Settings { on: false, ..settings }.gain_db_at(side, corner, rate), 0.0);
            }
        }
        let named: f64 = text.split(' ').next().unwrap().parse().unwrap();
        let cut = low_cut(1000.0, slope);
        let per_octave = cut.gain_db_at(500.0, 192_000.0) - cut.gain_db_at(250.0, 192_000.0);
        // One octave off, 6 dB is still 0.7 dB from its asymptote; an order is 6.02 dB, not 6.
        assert!((per_octave - named).abs() < 0.75, "{slope:?}: {per_octave}");
    }
    eprintln!("corners of all slopes: {worst:.4} dB from 3.01 dB down at most");
}

/// The definition of a frequency response: the transform of the impulse response, phase and delay included.
fn transform(h: &[f64], freq_hz: f64, rate: f64) -> ([f64; 2], f64) {
    let (mut sum, mut ramp) = ([0.0; 2], [0.0; 2]);
    for (n, h) in h.iter().enumerate() {
        let (sin, cos) = (TAU * freq_hz * n as f64 / rate).sin_cos();
        for (part, turned) in [cos, -sin].into_iter().enumerate() {
            sum[part] += h * turned;
            ramp[part] += n as f64 * h * turned;
        }
    }
    let power = sum[0] * sum[0] + sum[1] * sum[1];
    (sum, (ramp[0] * sum[0] + ramp[1] * sum[1]) / power * 1000.0 / rate)
}

#[test]
fn audio_follows_the_analytic_response_of_every_shape_and_slope() {
    let (mut worst, mut worst_delay) = (0.0_f64, 0.0_f64);
    let mut bands: Vec<Band> = Shape::ALL.iter().map(|&shape| band(shape, 2000.0, 9.0, 1.5)).collect();
    bands.extend(Slope::ALL.iter().flat_map(|&slope| [low_cut(700.0, slope), high_cut(4000.0, slope)]));
    for rate in [44_100.0, 96_000.0] {
        for &band in &bands {
            let settings = only(band);
            let mut impulse = vec![[0.0; 2]; 9000];
            impulse[0] = [1.0; 2];
            let h = left(&through(settings, rate, &impulse));
            for freq_hz in [10.0, 300.0, 1000.0, 2000.0, 5000.0, 20_000.0] {
                let (sum, delay_ms) = transform(&h, freq_hz, rate);
                let expected = settings.curve(rate).response(freq_hz);
                let error = (sum[0] - expected.re).hypot(sum[1] - expected.im);
                worst = worst.max(error);
                // Rounding, the impulse's end, and a frequency that went through its logarithm before the fit.
                assert!(error < 1e-9, "{band:?} {freq_hz} Hz at {rate}: {error}");
                if expected.gain_db() < -60.0 {
                    continue; // nothing is left to take a phase of
                }
                let phase = settings.curve(rate).phase_rad_at(freq_hz) - sum[1].atan2(sum[0]);
                assert!(((phase + PI).rem_euclid(TAU) - PI).abs() < 1e-6, "{band:?} {freq_hz} Hz at {rate}: {phase}");
                let error = (settings.curve(rate).group_delay_ms_at(freq_hz) - delay_ms).abs();
                worst_delay = worst_delay.max(error);
                assert!(error < 1e-6, "{band:?} {freq_hz} Hz at {rate}: {error} ms");
            }
        }
    }
    eprintln!("audio from curve: {worst:.1e}; group delay: {worst_delay:.1e} ms");
}

#[test]
fn a_target_is_all_that_a_band_touches() {
    let (rate, input) = (48_000.0, Noise::new(12).stereo(0.0, 20_000));
    let bell = band(Shape::Bell, 1000.0, 12.0, 1.0);
    let stereo = through(only(bell), rate, &input);
    let lane = |block: &[Frame], lane: usize| -> Vec<u64> { block.iter().map(|frame| frame[lane].to_bits()).collect() };
    for (target, own) in [(Target::Left, 0), (Target::Right, 1)] {
        let out = through(only(Band { target, ..bell }), rate, &input);
        assert_eq!(lane(&out, own), lane(&stereo, own), "{target:?} as on both");
        assert_eq!(lane(&out, 1 - own), lane(&input, 1 - own), "{target:?}: the other to the last bit");
    }
    for (target, own) in [(Target::Mid, 0), (Target::Side, 1)] {
        let rotated: Vec<Frame> = input.iter().map(|&frame| from_mid_side(frame)).collect();
        let out = through(only(Band { target, ..bell }), rate, &rotated);
        let out: Vec<Frame> = out.into_iter().map(to_mid_side).collect();
        let worst =
            |a: &[Frame], lane: usize| a.iter().zip(&out).map(|(a, b)| (a[lane] - b[lane]).abs()).fold(0.0, f64::max);
        let (inside, other) = (worst(&stereo, own), worst(&input, 1 - own));
        eprintln!("{target:?}: {inside:.1e} from the band on both, {other:.1e} from the input in the other");
        assert!(inside < 1e-14 && other < 2e-15, "{inside} {other}"); // rounding of the conversion there and back
    }
}

#[test]
fn targets_in_series_are_the_product_of_their_curves() {
    let rate = 48_000.0;
    let targets = [Target::Left, Target::Mid, Target::Stereo, Target::Side];
    let mut settings = busy();
    for (band, target) in settings.bands.iter_mut().zip(targets) {
        band.target = target;
    }
    // One after the other in four equalisers.
    let input = Noise::new(13).stereo(-6.0, 5000);
    let mut expected = input.clone();
    for band in settings.bands {
        expected = through(only(band), rate, &expected);
    }
    let worst = worst_difference(&through(settings, rate, &input), &expected);
    assert!(worst < 1e-13, "{worst}"); // rounding of the turns between
    let left = settings.on_target(Target::Left);
    assert_eq!(left.bands.map(|band| band.on), [true, false, true, false]);
}

#[test]
fn it_works_from_the_lowest_rate_to_the_highest() {
    for rate in ALL_RATES {
        for set in [busy(), only(low_cut(80.0, Slope::Db96)), only(high_cut(30_000.0, Slope::Db96))] {
            let out = through(set, rate, &both(&sine(1000.0, -6.0, 0.5, rate)));
            let level = tone_db(&left(&out)[(0.25 * rate) as usize..], 1000.0, rate);
            // A window of 0.25 s, and what is left of the start.
            assert!((level + 6.0 - set.gain_db_at(1000.0, rate)).abs() < 1e-4, "{set:?} at {rate}: {level}");
        }
    }
}

#[test]
fn corrected_gain_keeps_the_loudness_of_pink_noise() {
    // A tilt over everything moves all points alike; a wide shelf nearly so.
    let rate = 48_000.0;
    let input = Noise::new(14).stereo(-20.0, 48_000);
    let lift = band(Shape::HighShelf, 10.0, 12.0, 0.707);
    let corrected = Four { auto_gain: true, ..only(lift) };
    let out = through(corrected, rate, &input);
    let change_db = rms_db(&left(&out)[24_000..]) - rms_db(&left(&input)[24_000..]);
    eprintln!("a lift of 12 dB corrected: {change_db:+.3} dB");
    assert!(change_db.abs() < 0.05, "{change_db}"); // 20 Hz lies on the shelf's slope
    // On one channel half the power is lifted: 10 lg (1 + 15.85) / 2 = 9.26 dB.
    let half = Four { bands: corrected.bands.map(|band| Band { target: Target::Left, ..band }), ..corrected };
    let out = through(half, rate, &input);
    let right_db = rms_db(&out.iter().map(|frame| frame[1]).collect::<Vec<_>>()[24_000..])
        - rms_db(&input.iter().map(|frame| frame[1]).collect::<Vec<_>>()[24_000..]);
    assert!((right_db + 9.26).abs() < 0.05, "{right_db}");
    // Reached while running as from the start; off again it is the uncorrected one, bit for bit.
    let mut eq = at(Four { auto_gain: false, ..corrected }, rate);
    eq.set(corrected);
    let mut block = input.clone();
    eq.process(&mut block, None);
    assert_eq!(bits(&block[24_000..]), bits(&through(corrected, rate, &input)[24_000..]));
    eq.set(off(corrected));
    eq.process(&mut input.clone(), None);
    let mut block = input.clone();
    eq.process(&mut block, None);
    assert_eq!(bits(&block), bits(&input));
}

#[test]
fn listening_plays_the_region() {
    let rate = 48_000.0;
    for (band, target) in [
        (band(Shape::Bell, 1000.0, 12.0, 4.0), Target::Stereo),
        (band(Shape::LowShelf, 300.0, 6.0, 1.0), Target::Left),
        (band(Shape::HighCut, 3000.0, 6.0, 1.0), Target::Mid),
    ] {
        let listening = only(Band { listen: true, target, ..band });
        let mut eq = at(only(Band { target, ..band }), rate);
        eq.set(listening);
        let mut block = both(&sine(800.0, -6.0, 0.5, rate));
        eq.process(&mut block, None);
        let gain_db = tone_db(&left(&block)[12_000..], 800.0, rate) + 6.0;
        let expected = Coeffs::design(band.region(), rate).gain_db_at(800.0, rate);
        assert!((gain_db - expected).abs() < 1e-4, "{band:?}: {gain_db}, {expected}"); // leakage of the window
        if target == Target::Left {
            assert!(block[4800..].iter().all(|frame| frame[1] == 0.0));
        }
    }
}

//! The styles: one static curve, their times, their tone.

use super::*;
use crate::units::power_to_db;
use plumb_signals::rms_db;

const STYLES: [Style; 4] = [Style::Clean, Style::Bus, Style::Opto, Style::Fet];

/// Hard knee at −20 dB, 4:1: a tone 16 dB above is reduced by 12 dB.
fn hard(style: Style) -> Settings {
    Settings { style, threshold_db: -20.0, ratio: 4.0, knee_db: 0.0, attack_ms: 1.0, release_ms: 100.0, ..on() }
}

/// Reductions over a tone at −4 dB for `loud_s`, then at `quiet_db`, and the frame at which it falls quiet.
fn burst(settings: Settings, loud_s: f64, quiet_db: f64, quiet_s: f64, rate: f64) -> (Vec<f64>, usize) {
    let mut compressor = prepared(settings, rate);
    let mut out = reductions(&mut compressor, &sine(5003.0, -4.0, loud_s, rate));
    let falls = out.len();
    out.extend(reductions(&mut compressor, &sine(5003.0, quiet_db, quiet_s, rate)));
    (out, falls)
}

/// Milliseconds after frame `from` at which 63 % of the way to `to_db` are covered.
fn covered_ms(reductions: &[f64], from: usize, to_db: f64, rate: f64) -> f64 {
    let at_db = reductions[from - 1] + (to_db - reductions[from - 1]) * COVERED;
    let frames = reductions[from..].iter().position(|db| *db <= at_db).unwrap();
    frames as f64 / rate * 1000.0
}

#[test]
fn steady_tones_lie_on_the_curve_in_every_style() {
    let mut worst = 0.0_f64;
    for style in STYLES {
        for detector in [Detection::Peak, Detection::Rms] {
            for (threshold_db, ratio, knee_db, level_db) in
                [(-30.0, 2.0, 0.0, -12.0), (-20.0, f64::INFINITY, 6.0, -6.0), (-10.0, 8.0, 12.0, -8.0)]
            {
                let settings = Settings { threshold_db, ratio, knee_db, detector, ..hard(style) };
                let settings = Settings { attack_ms: 10.0, key_low_cut_hz: 10.0, ..settings };
                let out = run(settings, &both(&sine(997.0, level_db, 1.5, 48_000.0)), 48_000.0);
                let out_db = tone_db(&lane(&out[48_000..], 0), 997.0, 48_000.0);
                let off = (out_db - settings.output_db(level_db)).abs();
                assert!(off < 0.01, "{style:?} {detector:?} {level_db} dB: {off} dB off");
                worst = worst.max(off);
            }
        }
    }
    eprintln!("static curve: {worst:.5} dB off at most");
}

#[test]
fn every_style_attacks_in_its_time() {
    for style in STYLES {
        for rate in RATES {
            let settings = Settings { attack_ms: 20.0, ..hard(style) };
            let (reductions, falls) = burst(settings, 0.5, -40.0, 0.0, rate);
            let reached = reductions.iter().position(|db| *db >= reductions[falls - 1] * COVERED).unwrap();
            let attack_ms = reached as f64 / rate * 1000.0;
            assert!((attack_ms - 20.0).abs() < 0.02 * 20.0, "{style:?} at {rate}: {attack_ms} ms");
        }
    }
}

#[test]
fn a_release_to_nothing_takes_its_time() {
    for rate in RATES {
        for style in STYLES {
            // A short burst: Opto has not grown slow yet.
            let (reductions, falls) = burst(hard(style), 0.02, -60.0, 0.6, rate);
            let ms = covered_ms(&reductions, falls, 0.0, rate);
            eprintln!("{style:?}: release 100 ms is {ms:.1} ms at {rate}");
            // 2 %: half a part of the window; Opto 5 %, its memory of the burst.
            let within = if style == Style::Opto { 5.0 } else { 2.0 };
            assert!((ms - 100.0).abs() < within, "{style:?} at {rate}: {ms} ms");
        }
    }
}

#[test]
fn bus_lets_go_faster_while_it_compresses() {
    // From 12 dB to 6 dB, 8 dB above the threshold: in between release/ratio and release.
    let (reductions, falls) = burst(hard(Style::Bus), 0.5, -12.0, 0.6, 48_000.0);
    let (clean, _) = burst(hard(Style::Clean), 0.5, -12.0, 0.6, 48_000.0);
    let (bus_ms, clean_ms) = (covered_ms(&reductions, falls, 6.0, 48_000.0), covered_ms(&clean, falls, 6.0, 48_000.0));
    eprintln!("12 to 6 dB: bus {bus_ms:.1} ms, clean {clean_ms:.1} ms");
    assert!((25.0..75.0).contains(&bus_ms) && (clean_ms - 100.0).abs() < 2.0, "{bus_ms} {clean_ms}");
    assert!((reductions[reductions.len() - 1] - 6.0).abs() < 0.01);
}

#[test]
fn opto_lets_go_of_half_quickly_and_slower_after_long_reduction() {
    let half_ms = |reductions: &[f64], falls: usize, share: f64| {
        let below = reductions[falls..].iter().position(|db| *db <= reductions[falls - 1] * share).unwrap();
        below as f64 / 48.0
    };
    let (short, falls) = burst(hard(Style::Opto), 0.02, -60.0, 2.0, 48_000.0);
    let (long, long_falls) = burst(hard(Style::Opto), 2.0, -60.0, 2.0, 48_000.0);
    let (to_half, to_tenth) = (half_ms(&short, falls, 0.55), half_ms(&short, falls, 0.1));
    eprintln!(
        "opto: to 55 % {to_half:.0} ms, to 10 % {to_tenth:.0} ms; after 2 s {:.0} ms",
        half_ms(&long, long_falls, 0.1)
    );
    // One exponential takes 60 ms to 55 % and 230 ms to 10 %.
    assert!(to_half < 60.0 && to_tenth > 300.0, "{to_half} {to_tenth}");
    assert!(half_ms(&long, long_falls, 0.37) > 1.8 * half_ms(&short, falls, 0.37));
}

#[test]
fn automatic_release_is_quick_after_peaks_and_slow_after_sustained_reduction() {
    let settings = Settings { auto_release: true, ..hard(Style::Clean) };
    let ms = |loud_s: f64| {
        let (reductions, falls) = burst(settings, loud_s, -60.0, 2.0, 48_000.0);
        covered_ms(&reductions, falls, 0.0, 48_000.0)
    };
    let (short, long) = (ms(0.01), ms(2.0));
    eprintln!("automatic release of 100 ms: {short:.0} ms after 10 ms, {long:.0} ms after 2 s");
    assert!((95.0..115.0).contains(&short) && (450.0..650.0).contains(&long), "{short} {long}");
}

#[test]
fn hold_keeps_the_reduction() {
    let settings = Settings { hold_ms: 50.0, ..hard(Style::Clean) };
    let (reductions, falls) = burst(settings, 0.3, -60.0, 1.0, 48_000.0);
    let held = reductions[falls..].iter().position(|db| *db < 11.99).unwrap() as f64 / 48.0;
    // The window of an eighth of the release, to half a part, and then the hold.
    assert!((held - 62.5).abs() < 1.0, "{held} ms");
    assert!(reductions[reductions.len() - 1] < 0.01);
}

#[test]
fn all_but_fet_are_clean() {
    for style in STYLES {
        for (freq_hz, limit_db) in [(997.0, -125.0), (107.0, -80.0)] {
            let settings = Settings { threshold_db: -14.0, attack_ms: 10.0, ..hard(style) };
            let out = run(settings, &both(&sine(freq_hz, -6.0, 2.0, 48_000.0)), 48_000.0);
            let left = lane(&out[48_000..], 0);
            // The first ten are more than all the rest.
            let power = |n: f64| 10.0_f64.powf(tone_db(&left, n * freq_hz, 48_000.0) / 10.0);
            let harmonics: f64 = (2..=11).map(|n| power(f64::from(n))).sum();
            let thd = power_to_db(harmonics / power(1.0));
            eprintln!("{style:?} at {freq_hz} Hz: THD {thd:.1} dB");
            if style == Style::Fet {
                // 0.25 % are −52 dB; what lies above 4 kHz makes less.
                assert!((-55.0..-50.0).contains(&thd), "{thd}");
            } else {
                assert!(thd < limit_db, "{style:?} at {freq_hz} Hz: {thd} dB");
            }
        }
    }
}

#[test]
fn fet_has_a_third_harmonic_that_grows_and_no_direct_current() {
    let third_db = |level_db: f64| {
        let settings = Settings { threshold_db: -30.0, attack_ms: 10.0, ..hard(Style::Fet) };
        let out = run(settings, &both(&sine(997.0, level_db, 2.0, 48_000.0)), 48_000.0);
        let left = lane(&out[48_000..], 0);
        let mean = left.iter().sum::<f64>() / left.len() as f64;
        assert!(mean.abs() < 1e-9, "direct current {mean}");
        assert!(tone_db(&left, 2.0 * 997.0, 48_000.0) < -140.0);
        tone_db(&left, 3.0 * 997.0, 48_000.0) - tone_db(&left, 997.0, 48_000.0)
    };
    let (low, high) = (third_db(-24.0), third_db(-3.0));
    eprintln!("FET: third harmonic {low:.1} dB at −24 dBFS, {high:.1} dB at −3 dBFS");
    assert!(high > low + 12.0);
    // What folds back of a 10 kHz tone: its third harmonic at 30 kHz, heard at 18 kHz.
    let out = run(hard(Style::Fet), &both(&sine(10_000.0, -3.0, 2.0, 48_000.0)), 48_000.0);
    let left = lane(&out[48_000..], 0);
    let folded_db = tone_db(&left, 18_000.0, 48_000.0) - rms_db(&left);
    eprintln!("FET: {folded_db:.1} dB folded back of 10 kHz");
    assert!(folded_db < -60.0, "{folded_db}");
}

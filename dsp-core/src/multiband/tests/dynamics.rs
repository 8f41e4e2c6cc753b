//! What each band does: curves, times, key, link, width, mix, solo.

use super::*;
use crate::Choice;
use crate::units::{db_to_gain, gain_to_db};
use plumb_signals::{silence, tone_db};

/// What an exponential has covered after its time constant: 1 − 1/e.
const COVERED: f64 = 0.632_120_558_828_557_7;

/// Two bands; the upper one is nearly all there is.
fn upper(band: Band) -> Settings {
    let mut settings = flat(Bands::Two);
    settings.band[1] = Band { ratio: 3.0, knee_db: 0.0, range_db: 40.0, ..band };
    settings
}

/// The documented curve, written out again.
fn expected_db(band: &Band, level_db: f64) -> f64 {
    let excess = |d: f64| match d {
        d if d <= -band.knee_db / 2.0 => 0.0,
        d if d >= band.knee_db / 2.0 => d,
        d => (d + band.knee_db / 2.0).powi(2) / (2.0 * band.knee_db),
    };
    let over = level_db - band.threshold_db;
    let (compress, expand) = (1.0 - 1.0 / band.ratio, (band.ratio - 1.0).min(STEEPEST));
    let w = ((level_db - band.floor_db) / FLOOR_FADE_DB).clamp(0.0, 1.0);
    let fade = 3.0 * w.powi(2) - 2.0 * w.powi(3);
    match band.mode {
        Mode::Compress => -(compress * excess(over)).min(band.range_db),
        Mode::Expand => -(expand * excess(-over)).min(band.range_db),
        Mode::UpCompress => (compress * excess(-over)).min(band.range_db) * fade,
        Mode::UpExpand => (expand * excess(over)).min(band.range_db) * fade,
    }
}

#[test]
fn steady_tones_in_a_bands_middle_lie_on_the_curve() {
    let (mut worst, rate) = (0.0_f64, 48_000.0);
    // Middles of the bands at crossovers of 120, 1000 and 6000 Hz.
    for (place, hz) in [(0, 40.0), (1, 346.0), (2, 2449.0), (3, 12_100.0)] {
        for mode in Mode::ALL {
            for (level_db, ratio, knee_db, range_db) in [
                (-10.0, 4.0, 0.0, 40.0),
                (-30.0, 4.0, 0.0, 40.0),
                (-24.0, 2.0, 12.0, 40.0),
                (-21.0, f64::INFINITY, 30.0, 10.0),
                (-50.0, 1.5, 6.0, 6.0),
                (-70.0, 3.0, 6.0, 40.0),
            ] {
                let mut settings = flat(Bands::Four);
                let band = &mut settings.band[place];
                *band = Band { mode: *mode, ratio, knee_db, range_db, attack_ms: 1.0, release_ms: 100.0, ..*band };
                (band.gain_db, band.floor_db) = (1.5, -65.0);
                // What the crossovers leave in the band, and the others add: measured at unity.
                let split = settings.responses(rate);
                let in_band_db = level_db + split.band_db_at(place, hz);
                let mut multiband = prepared(settings, rate);
                let mut out = both(&sine(hz, level_db, 1.5, rate));
                multiband.process(&mut out, None);
                let band = &settings.band[place];
                let gain_db = multiband.gains_db()[place];
                let expected = expected_db(band, in_band_db);
                // dB of the band alone, at the tone's crest: a sine of 12.1 kHz has none of its samples on it.
                let error = (gain_db - expected).abs();
                let mut gains = [1.0; MAX_BANDS];
                gains[place] = db_to_gain(gain_db + 1.5);
                let sum_db = level_db + split.sum(&gains, hz).gain_db();
                let heard_db = tone_db(&lane(&out[rate as usize..], 0), hz, rate);
                assert!((heard_db - sum_db).abs() < 0.01, "{mode:?} {hz} Hz: {heard_db}, expected {sum_db}");
                assert!((band.dynamics_db(in_band_db) - expected).abs() < 1e-9, "the editor's curve");
                worst = worst.max(error);
                assert!(error < 0.01, "{band:?} at {level_db}: {gain_db}, expected {expected}");
            }
        }
    }
    eprintln!("static curves: within {worst:.4} dB");
}

#[test]
fn attack_and_release_cover_63_percent_in_their_time() {
    let mut worst = 0.0_f64;
    for rate in [44_100.0, 48_000.0, 96_000.0] {
        for mode in Mode::ALL {
            for (attack_ms, release_ms) in [(1.0, 10.0), (10.0, 60.0), (30.0, 200.0)] {
                let band = Band { mode: *mode, attack_ms, release_ms, threshold_db: -22.0, ..Band::at(1) };
                let mut settings = upper(Band { floor_db: -100.0, ..band });
                // Far below the tone, whose steps it would answer with its own ringing.
                settings.crossovers_hz[0] = 20.0;
                let mut multiband = prepared(settings, rate);
                let mut gains = |level_db: f64, ms: f64| -> Vec<f64> {
                    let tone = both(&sine(10_007.0, level_db, ms / 1000.0, rate));
                    tone.into_iter()
                        .map(|frame| {
                            multiband.process(&mut [frame], None);
                            multiband.gains_db()[1]
                        })
                        .collect()
                };
                let quiet = gains(-28.0, 8.0 * release_ms.max(attack_ms));
                let loud = gains(-12.0, 8.0 * attack_ms.max(release_ms));
                let fall = gains(-28.0, 8.0 * release_ms.max(attack_ms));
                let time_ms = |from: f64, way: &[f64]| {
                    let to = way[way.len() - 1];
                    let there = way.iter().position(|db| (db - from).abs() >= COVERED * (to - from).abs());
                    there.unwrap_or(usize::MAX) as f64 / rate * 1000.0
                };
                let attack = time_ms(quiet[quiet.len() - 1], &loud);
                let release = time_ms(loud[loud.len() - 1], &fall);
                // 2 %; 0.15 ms: the crossover's own answer to the step, and the way to the first crest.
                assert!((attack - attack_ms).abs() < 0.02 * attack_ms + 0.15, "{mode:?} {attack_ms}: {attack}");
                assert!((release - release_ms).abs() < 0.02 * release_ms + 0.15, "{mode:?} {release_ms}: {release}");
                worst = worst.max(((attack - attack_ms).abs() - 0.15) / attack_ms);
                worst = worst.max(((release - release_ms).abs() - 0.15) / release_ms);
            }
        }
    }
    eprintln!("times: within 0.15 ms and {:.2} %", worst * 100.0);
}

#[test]
fn upward_modes_leave_silence_and_hiss_alone() {
    for mode in [Mode::UpCompress, Mode::UpExpand] {
        let band = Band { mode, threshold_db: -60.0, ratio: f64::INFINITY, ..Band::at(1) };
        assert_eq!((band.dynamics_db(-60.0), band.dynamics_db(-200.0)), (0.0, 0.0), "{mode:?}");
    }
    let mut settings = upper(Band { mode: Mode::UpCompress, ..Band::at(1) });
    settings.band[1].floor_db = -50.0;
    let mut multiband = prepared(settings, 48_000.0);
    multiband.process(&mut both(&sine(3000.0, -55.0, 1.0, 48_000.0)), None);
    assert_eq!(multiband.gains_db(), [0.0; MAX_BANDS]);
    multiband.process(&mut both(&silence(1.0, 48_000.0)), None);
    assert_eq!(multiband.gains_db(), [0.0; MAX_BANDS]);
}

#[test]
fn a_keyed_band_hears_its_own_part_of_the_sidechain() {
    let rate = 48_000.0;
    let mut settings = flat(Bands::Four);
    for band in &mut settings.band {
        (band.ratio, band.threshold_db, band.key, band.knee_db) = (f64::INFINITY, -40.0, Key::External, 0.0);
    }
    let (mut audio, key) = (both(&sine(50.0, -6.0, 1.0, rate)), both(&sine(3000.0, -30.0, 1.0, rate)));
    let mut multiband = prepared(settings, rate);
    multiband.process(&mut audio, Some(&key));
    let gains = multiband.gains_db();
    assert!(gains[0] == 0.0 && gains[2] < -8.0 && gains[3] == 0.0, "{gains:?}");
    // Absent is silent.
    multiband.process(&mut both(&sine(3000.0, -6.0, 4.0, rate)), None);
    assert_eq!(multiband.gains_db(), [0.0; MAX_BANDS]);
    assert!(multiband.levels_db().iter().all(|db| (db + 200.0).abs() < 1e-9));
}

#[test]
fn link_shares_the_louder_channels_gain() {
    for (link_pct, right_db) in [(0.0, 0.0), (50.0, -10.0), (100.0, -20.0)] {
        let band = Band { link_pct, threshold_db: -20.0, ..Band::at(1) };
        let mut settings = upper(band);
        settings.band[1].ratio = f64::INFINITY;
        // Left 20 dB over the threshold, right at it: half linked it is 10 dB over.
        let (left, right) = (sine(2999.0, 0.0, 2.0, 48_000.0), sine(2999.0, -20.0, 2.0, 48_000.0));
        let input: Vec<Frame> = left.iter().zip(&right).map(|(l, r)| [*l, *r]).collect();
        let out = run(settings, &input, 48_000.0);
        let gain_db = tone_db(&lane(&out[80_000..], 1), 2999.0, 48_000.0) + 20.0;
        assert!((gain_db - right_db).abs() < 0.05, "{link_pct}: {gain_db}"); // crests beside the samples, lower band
    }
}

#[test]
fn mix_delta_and_solo_add_up() {
    let input = Noise::new(4).stereo(-12.0, 9600);
    let settings = busy();
    let wet = run(settings, &input, 48_000.0);
    let dry = run(Settings { mix_pct: 0.0, ..settings }, &input, 48_000.0);
    let delta = run(Settings { delta: true, ..settings }, &input, 48_000.0);
    let half = run(Settings { mix_pct: 50.0, ..settings }, &input, 48_000.0);
    let split = run(flat(Bands::Five), &input, 48_000.0);
    let mut solos = vec![[0.0; 2]; input.len()];
    for place in 0..MAX_BANDS {
        let mut solo = settings;
        solo.band[place].solo = true;
        for (sum, frame) in solos.iter_mut().zip(run(solo, &input, 48_000.0)) {
            *sum = [sum[0] + frame[0], sum[1] + frame[1]];
        }
    }
    for n in 0..input.len() {
        for ch in 0..2 {
            // 1e-12: rounding of sums of ten.
            assert!((dry[n][ch] - split[n][ch]).abs() < 1e-12);
            assert!((wet[n][ch] - dry[n][ch] - delta[n][ch]).abs() < 1e-12);
            assert!((0.5 * (wet[n][ch] + dry[n][ch]) - half[n][ch]).abs() < 1e-12);
            assert!((wet[n][ch] - solos[n][ch]).abs() < 1e-12);
        }
    }
}

#[test]
fn width_gain_and_bypass_of_a_band() {
    let rate = 48_000.0;
    let (left, right) = (sine(3000.0, -20.0, 0.5, rate), sine(3300.0, -20.0, 0.5, rate));
    let input: Vec<Frame> = left.iter().zip(&right).map(|(l, r)| [*l, *r]).collect();
    let mut settings = flat(Bands::Two);
    (settings.band[1].width_pct, settings.band[1].gain_db, settings.band[0].gain_db) = (0.0, 6.0, 6.0);
    let out = run(settings, &input, rate);
    assert!(out[4800..].iter().all(|[l, r]| (l - r).abs() < 1e-4), "mono but for the lower band's −110 dB");
    let heard_db = tone_db(&lane(&out[4800..], 0), 3000.0, rate);
    assert!((heard_db - (-20.0 - 6.0206 + 6.0)).abs() < 0.01, "{heard_db}"); // half of left, and the gain
    settings.band.iter_mut().for_each(|band| band.on = false);
    let (bypassed, unity) = (run(settings, &input, rate), run(flat(Bands::Two), &input, rate));
    assert!(bypassed.iter().zip(&unity).all(|(a, b)| (a[0] - b[0]).abs() + (a[1] - b[1]).abs() < 1e-14));
    let levels = prepared(settings, rate).levels_db();
    assert!(levels.iter().all(|db| (db - gain_to_db(1e-10)).abs() < 1e-9));
}

#[test]
fn bands_that_come_back_hear_nothing_of_an_old_key() {
    let mut settings = flat(Bands::Five);
    (settings.crossovers_hz[0], settings.band[2].key) = (20.0, Key::External);
    let mut multiband = prepared(settings, 48_000.0);
    let loud = both(&sine(20.0, 0.0, 0.5, 48_000.0));
    let quiet = |multiband: &mut Multiband, key: Option<&[Frame]>| {
        multiband.process(&mut vec![[0.0; 2]; 4_800], key);
    };
    (0..4).for_each(|part| quiet(&mut multiband, Some(&loud[part * 4_800..])));
    // Band 3 goes, and with it the last that listens to the sidechain.
    multiband.set(Settings { bands: Bands::Two, ..settings });
    (0..4).for_each(|_| quiet(&mut multiband, None));
    multiband.set(settings);
    let mut loudest_db = crate::units::FLOOR_DB;
    for _ in 0..200 {
        multiband.process(&mut [[0.0; 2]; 24], None);
        loudest_db = loudest_db.max(multiband.levels_db()[2]);
    }
    assert!(loudest_db < crate::units::FLOOR_DB + 1e-9, "{loudest_db}");
}

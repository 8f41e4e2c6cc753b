//! What the de-esser makes of voices: vowels, sibilants, phrases.

use super::*;
use crate::Stage;

/// A vowel: pulses of the voice's pitch that fall by 6 dB per octave, through four formants, RMS −20 dBFS.
pub(super) fn vowel(pitch_hz: f64, formants_hz: [f64; 4], seconds: f64) -> Vec<f64> {
    let mut phase = 0.0;
    let pulses: Vec<f64> = (0..(seconds * RATE_HZ) as usize)
        .map(|_| {
            phase += pitch_hz / RATE_HZ;
            let pulse = f64::from(u8::from(phase >= 1.0));
            phase -= phase.floor();
            pulse
        })
        .collect();
    let first_order = Prototype { first_order: true, ..Prototype::new(Shape::HighCut, 200.0, 1.0) };
    let source = filtered(&pulses, &[first_order, Prototype::new(Shape::LowCut, 60.0, 0.7)]);
    let mut voice = vec![0.0; source.len()];
    for (formant_hz, gain) in formants_hz.into_iter().zip([1.0, -0.6, 0.3, -0.2]) {
        let part = filtered(&source, &[Prototype::new(Shape::BandPass, formant_hz, formant_hz / 90.0)]);
        voice.iter_mut().zip(part).for_each(|(sum, x)| *sum += gain * x);
    }
    at_level(voice, -20.0)
}

/// An "s": noise around a frequency, at an RMS level.
pub(super) fn sibilant(freq_hz: f64, level_dbfs: f64, seconds: f64) -> Vec<f64> {
    let mut noise = Noise::new(7);
    let white: Vec<f64> = (0..(seconds * RATE_HZ) as usize).map(|_| noise.tick()).collect();
    at_level(
        filtered(&white, &[Prototype::new(Shape::BandPass, freq_hz, 2.0), Prototype::new(Shape::LowCut, 3000.0, 0.7)]),
        level_dbfs,
    )
}

/// Excess after each frame.
fn excesses(settings: Settings, signal: &[f64]) -> Vec<f64> {
    let mut de_esser = prepared(settings, RATE_HZ);
    let each = |frame| {
        de_esser.process(&mut [frame], None);
        de_esser.excess_db().unwrap_or(-200.0)
    };
    both(signal).into_iter().map(each).collect()
}

#[test]
fn the_default_threshold_lies_between_vowels_and_sibilants() {
    let largest = |excesses: &[f64]| excesses.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let median = |excesses: &[f64]| {
        let mut sorted = excesses.to_vec();
        sorted.sort_by(f64::total_cmp);
        sorted[sorted.len() / 2]
    };
    let mut highest_vowel = f64::NEG_INFINITY;
    for pitch_hz in [100.0, 220.0] {
        for (name, formants_hz) in VOWELS {
            let excess = largest(&excesses(on(), &vowel(pitch_hz, formants_hz, 0.8))[12_000..]);
            eprintln!("vowel {name} at {pitch_hz} Hz: excess {excess:.1} dB at most");
            highest_vowel = highest_vowel.max(excess);
        }
    }
    let mut lowest_sibilant = f64::INFINITY;
    for (name, freq_hz) in [("sh", 4500.0), ("s", 7000.0), ("sharp s", 9000.0)] {
        for below_db in [0.0, 6.0, 12.0] {
            // 0.15 s of it after a vowel.
            let mut phrase = vowel(140.0, VOWELS[0].1, 0.8);
            phrase.extend(sibilant(freq_hz, -20.0 - below_db, 0.15));
            let excess = median(&excesses(on(), &phrase)[(0.85 * RATE_HZ) as usize..]);
            eprintln!("{name}, {below_db} dB below the vowel: excess {excess:.1} dB");
            if freq_hz > FREQ_HZ.default && below_db < 12.0 {
                lowest_sibilant = lowest_sibilant.min(excess);
            }
        }
    }
    let half_knee_db = settings::KNEE_DB / 2.0;
    assert!(highest_vowel < THRESHOLD_DB.default - half_knee_db - 3.0, "vowels leave it alone: {highest_vowel}");
    assert!(lowest_sibilant > THRESHOLD_DB.default + half_knee_db, "an s does not: {lowest_sibilant}");
}

#[test]
pub(super) fn vowels_and_what_is_off_pass_bit_for_bit() {
    for (name, formants_hz) in VOWELS {
        let input = both(&vowel(140.0, formants_hz, 0.5));
        for mode in [Mode::Wide, Mode::Split] {
            assert!(bits(&run(Settings { mode, ..on() }, &input, RATE_HZ)) == bits(&input), "{name}");
        }
    }
    let input = Noise::new(3).stereo(-10.0, 10_000);
    assert!(bits(&run(Settings::default(), &input, RATE_HZ)) == bits(&input));
    assert!(bits(&run(Settings { range_db: 0.0, ..on() }, &input, RATE_HZ)) == bits(&input));
    let mut de_esser = prepared(on(), RATE_HZ);
    de_esser.process(&mut input.clone(), None);
    assert!(de_esser.reduction_db() > 1.0);
    de_esser.set(Settings::default());
    // 20 ms: the fade.
    de_esser.process(&mut vec![[0.0; 2]; 960], None);
    let mut out = input.clone();
    de_esser.process(&mut out, None);
    assert!(bits(&out) == bits(&input));
    assert_eq!(de_esser.reduction_db(), 0.0);
}

#[test]
fn neither_silence_nor_hiss_is_an_s() {
    for level_dbfs in [-140.0, -90.0, -75.0] {
        let input = both(&at_level(Noise::new(4).stereo(0.0, 96_000).iter().map(|x| x[0]).collect(), level_dbfs));
        assert!(run(on(), &input, RATE_HZ) == input, "hiss at {level_dbfs} dBFS");
    }
    // Nor is the hiss between two phrases.
    let mut phrase = vowel(140.0, VOWELS[0].1, 0.8);
    phrase.extend(at_level(Noise::new(5).stereo(0.0, 96_000).iter().map(|x| x[0]).collect(), -60.0));
    let mut de_esser = prepared(on(), RATE_HZ);
    let mut input = both(&phrase);
    de_esser.process(&mut input, None);
    assert_eq!(de_esser.reduction_db(), 0.0);
}

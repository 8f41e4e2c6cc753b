//! Whatever comes in, however it is cut: finite, and the same.

use super::*;
use crate::Choice;
use crate::flush::FlushGuard;
use crate::saturation::{self, Curve};
use crate::simd::Isa;
use plumb_signals::square;
use proptest::prelude::*;

#[test]
fn blocks_may_be_cut_anywhere() {
    let (input, key) = (Noise::new(5).stereo(-6.0, 12_000), Noise::new(6).stereo(-6.0, 12_000));
    let mut settings = busy();
    settings.band[2].key = Key::External;
    let outputs = [1, 7, 64, 4096].map(|length| {
        let mut multiband = prepared(settings, 48_000.0);
        let mut out = input.clone();
        for (part, half) in [(0..6144), (6144..12_000)].into_iter().enumerate() {
            if part == 1 {
                let mut moved = Settings { crossovers_hz: [90.0, 2000.0, 5000.0, 9000.0], ..settings };
                moved.band[0].threshold_db = -50.0;
                multiband.set(Settings { bands: Bands::Three, ..moved });
            }
            let mut at = half.start;
            while at < half.end {
                let end = (at + length).min(half.end);
                multiband.process(&mut out[at..end], Some(&key[at..end]));
                at = end;
            }
        }
        out
    });
    assert!(outputs.iter().all(|out| *out == outputs[0]));
}

#[test]
fn reset_equals_new_and_mono_stays_mono() {
    let input: Vec<Frame> = Noise::new(9).stereo(-3.0, 9000).iter().map(|frame| [frame[0]; 2]).collect();
    let mut multiband = prepared(busy(), 44_100.0);
    let mut first = input.clone();
    multiband.process(&mut first, None);
    assert!(first.iter().all(|[l, r]| l == r));
    multiband.reset();
    let mut again = input.clone();
    multiband.process(&mut again, None);
    assert_eq!(first, again);
}

#[test]
fn both_instruction_sets_sound_the_same() {
    let input = Noise::new(3).stereo(-6.0, 9000);
    let (mut fused, mut plain) = (prepared(busy(), 48_000.0), prepared(busy(), 48_000.0));
    plain.isa = Isa::PORTABLE;
    let (mut a, mut b) = (input.clone(), input);
    fused.process(&mut a, None);
    plain.process(&mut b, None);
    // 1e-10: rounding, once or twice.
    assert!(a.iter().zip(&b).all(|(a, b)| (a[0] - b[0]).abs() < 1e-10 && (a[1] - b[1]).abs() < 1e-10));
}

#[test]
fn full_scale_squares_at_the_ends_of_all_ranges() {
    for mode in Mode::ALL {
        for threshold_db in [-60.0, 0.0] {
            let mut settings = Settings { on: true, bands: Bands::Five, ..Settings::default() };
            for band in &mut settings.band {
                (band.mode, band.threshold_db, band.ratio, band.knee_db) = (*mode, threshold_db, f64::INFINITY, 0.0);
                (band.range_db, band.attack_ms, band.release_ms, band.link_pct) = (40.0, 0.05, 10.0, 0.0);
            }
            let out = run(settings, &both(&square(113.0, 0.0, 0.3, 48_000.0)), 48_000.0);
            assert!(out.iter().flatten().all(|x| x.is_finite() && x.abs() < 1e4), "{mode:?} {threshold_db}");
        }
    }
}

/// Any settings, in and out of their ranges.
fn any_settings() -> impl Strategy<Value = Settings> {
    let number =
        || prop_oneof![4 => -200.0..=200.0_f64, 2 => 0.0..=30_000.0_f64, 1 => Just(f64::NAN), 1 => Just(f64::INFINITY)];
    let band = (proptest::collection::vec(number(), 13), 0_usize..4, 0_usize..4, any::<[bool; 4]>());
    let numbers = proptest::collection::vec(number(), 5);
    (proptest::collection::vec(band, 5), numbers, 0_usize..4, 0_usize..4, any::<[bool; 2]>()).prop_map(
        |(bands, n, count, factor, [on, delta])| {
            let mut settings = Settings { on, delta, bands: Bands::ALL[count], mix_pct: n[4], ..Settings::default() };
            settings.crossovers_hz.copy_from_slice(&n[..4]);
            settings.oversampling = Factor::ALL[factor];
            for (band, (n, mode, curve, [on, solo, key, sat_on])) in settings.band.iter_mut().zip(bands) {
                *band = Band {
                    on,
                    solo,
                    mode: Mode::ALL[mode],
                    threshold_db: n[0],
                    ratio: n[1],
                    knee_db: n[2],
                    range_db: n[3],
                    floor_db: n[4],
                    attack_ms: n[5],
                    release_ms: n[6],
                    gain_db: n[7],
                    width_pct: n[8],
                    link_pct: n[9],
                    key: if key { Key::External } else { Key::Internal },
                    saturation: saturation::Settings {
                        on: sat_on,
                        curve: Curve::ALL[curve],
                        drive_db: n[10],
                        tone_db: n[11],
                        mix_pct: n[12],
                        oversampling: Factor::X1,
                    },
                };
            }
            settings
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn anything_in_any_settings_gives_numbers(
        all in proptest::collection::vec(any_settings(), 1..6),
        wild in proptest::collection::vec((0_usize..2000, prop_oneof![
            Just(f64::NAN), Just(f64::INFINITY), Just(f64::NEG_INFINITY), Just(1e300), Just(5e-324), -1.0..=1.0_f64,
        ]), 0..40),
        rate in prop_oneof![Just(1_000.0), Just(44_100.0), Just(768_000.0)],
        given in 0_usize..400,
    ) {
        let _flush = FlushGuard::new();
        let mut input = Noise::new(11).stereo(0.0, 2000);
        for (at, value) in wild {
            input[at][at % 2] = value;
        }
        let mut multiband = prepared(all[0], rate);
        for (n, chunk) in input.clone().chunks_mut(331).enumerate() {
            multiband.set(all[n % all.len()]);
            let key = (n % 3 > 0).then(|| &input[..given]);
            multiband.process(chunk, key);
            prop_assert!(chunk.iter().flatten().all(|x| x.is_finite()));
            prop_assert!(multiband.gains_db().iter().all(|db| db.abs() <= 40.0 + 1e-6), "{:?}", multiband.gains_db());
        }
        // And it is itself again soon after.
        multiband.set(Settings { on: false, ..all[0] });
        let mut calm = vec![[0.25, -0.5]; 40_000];
        multiband.process(&mut calm, None);
        prop_assert!(calm[calm.len() - 100..].iter().all(|frame| *frame == [0.25, -0.5]));
    }

    #[test]
    fn crossovers_at_audio_rate_stay_bounded(seed in 0_u64..1000) {
        let mut noise = Noise::new(seed);
        let mut out = both(&square(997.0, 0.0, 0.2, 48_000.0));
        let mut settings = flat(Bands::Five);
        let mut multiband = prepared(settings, 48_000.0);
        for chunk in out.chunks_mut(13) {
            settings.crossovers_hz = core::array::from_fn(|_| 20.0 * 1000.0_f64.powf(0.5 + 0.5 * noise.tick()));
            multiband.set(settings);
            multiband.process(chunk, None);
        }
        // An all-pass of eighth order makes peaks of a square, never a runaway.
        prop_assert!(out.iter().flatten().all(|x| x.abs() < 8.0));
    }
}

//! A band's saturation: only there, in line with the others, without a click, and nothing where there is none.

use super::motion::moved;
use super::*;
use crate::Choice;
use crate::saturation::{Curve, Saturation};
use plumb_signals::tone_db;

const DRIVEN: crate::saturation::Settings = crate::saturation::Settings {
    on: true,
    curve: Curve::Tube,
    drive_db: 9.0,
    tone_db: 1.5,
    mix_pct: 100.0,
    oversampling: Factor::X1,
};

fn saturated(mut settings: Settings, places: &[usize], oversampling: Factor) -> Settings {
    places.iter().for_each(|place| settings.band[*place].saturation = DRIVEN);
    Settings { oversampling, ..settings }
}

/// Largest difference of a signal to another that comes later.
fn off(late: &[Frame], early: &[Frame], frames: usize) -> f64 {
    let pairs = late[frames..].iter().zip(early);
    pairs.map(|(a, b)| (a[0] - b[0]).abs().max((a[1] - b[1]).abs())).fold(0.0, f64::max)
}

#[test]
fn harmonics_appear_in_the_band_that_saturates_and_nowhere_else() {
    let (rate, hz) = (48_000.0, [60.0, 3000.0]);
    let tones = sine(hz[0], -15.0, 1.0, rate).into_iter().zip(sine(hz[1], -15.0, 1.0, rate));
    let input = both(&tones.map(|(a, b)| a + b).collect::<Vec<_>>());
    for oversampling in [Factor::X1, Factor::X4] {
        let heard = |places: &[usize], hz: f64| {
            let out = run(saturated(flat(Bands::Four), places, oversampling), &input, rate);
            tone_db(&lane(&out[24_000..], 0), hz, rate)
        };
        for (place, other) in [(0, 1), (1, 0)] {
            // The lowest band and the third; second and third harmonic.
            for n in [2.0, 3.0] {
                let (own_db, others_db) = (heard(&[2 * place], n * hz[place]), heard(&[2 * place], n * hz[other]));
                let none_db = heard(&[], n * hz[other]);
                eprintln!("{oversampling:?}: {n}nd of {} Hz at {own_db:.1} dB, of the other {others_db:.1}", hz[place]);
                assert!(own_db > -60.0, "{own_db}");
                // What crosses into the saturated band is 60 dB and more down, and its harmonics far more.
                assert!(others_db < -85.0 && others_db < none_db.max(-110.0) + 25.0, "{others_db}, {none_db}");
            }
        }
    }
}

#[test]
fn is_the_saturation_of_the_band_alone_beside_the_others() {
    let input = Noise::new(4).stereo(-12.0, 20_000);
    for factor in Factor::ALL {
        let solo = |place: usize| {
            let mut settings = flat(Bands::Four);
            settings.band[place].solo = true;
            run(settings, &input, 48_000.0)
        };
        let mut expected = vec![[0.0; 2]; input.len()];
        for place in 0..4 {
            let mut band = solo(place);
            let on = place % 2 == 1;
            let settings = crate::saturation::Settings { on, oversampling: *factor, ..DRIVEN };
            let mut alone = Saturation::new(settings);
            alone.prepare(Spec { sample_rate_hz: 48_000.0, max_frames: 20_000, channels: 2 });
            alone.process(&mut band, None);
            for (sum, x) in expected.iter_mut().zip(band) {
                *sum = [sum[0] + x[0], sum[1] + x[1]];
            }
        }
        let out = run(saturated(flat(Bands::Four), &[1, 3], *factor), &input, 48_000.0);
        // 1e-9: roundings, which the curve's mean of near samples divides by their distance.
        assert!(off(&out, &expected, 0) < 1e-9, "{factor:?}: {}", off(&out, &expected, 0));
    }
}

#[test]
fn what_is_not_saturated_only_waits() {
    let input = Noise::new(7).stereo(-6.0, 30_000);
    for factor in Factor::ALL {
        let latency = factor.latency_frames();
        for settings in
            [flat(Bands::Three), busy(), Settings { mix_pct: 40.0, ..busy() }, Settings { delta: true, ..busy() }]
        {
            let (waits, at_once) = (Settings { oversampling: *factor, ..settings }, settings);
            let out = run(waits, &input, 44_100.0);
            assert_eq!(off(&out, &run(at_once, &input, 44_100.0), latency), 0.0, "{factor:?}");
            assert!(out[..latency].iter().all(|frame| *frame == [0.0; 2]));
        }
        let mut off_settings = saturated(busy(), &[0, 3], *factor);
        off_settings.on = false;
        let mut multiband = prepared(off_settings, 44_100.0);
        assert_eq!((multiband.latency_frames(), multiband.max_latency_frames()), (latency, 80));
        let mut out = input.clone();
        multiband.process(&mut out[..5000], None);
        multiband.set(Settings { on: true, ..off_settings });
        multiband.process(&mut out[5000..15_000], None);
        multiband.set(off_settings);
        multiband.process(&mut out[15_000..], None);
        assert_eq!(off(&out[..5000], &input, latency), 0.0);
        // 20 ms, what is on its way, and up to four control steps until it sets out and is seen to have arrived.
        let arrived = 15_000 + 882 + 128;
        assert_eq!(off(&out[arrived..], &input[arrived..], latency), 0.0, "{factor:?}");
        assert!(multiband.idle);
    }
}

#[test]
fn unsaturated_bands_are_flat_and_dry_sound_is_in_line() {
    let (rate, input) = (48_000.0, Noise::new(12).stereo(-12.0, 20_000));
    let latency = Factor::X4.latency_frames();
    for hz in [50.0, 120.0, 700.0, 1000.0, 6000.0, 15_000.0] {
        let tone = both(&sine(hz, -20.0, 0.6, rate));
        let out = run(Settings { oversampling: Factor::X4, ..flat(Bands::Four) }, &tone, rate);
        let heard_db = tone_db(&lane(&out[9600..], 0), hz, rate);
        assert!((heard_db + 20.0).abs() < 0.01, "{hz}: {heard_db}");
    }
    let all = saturated(busy(), &[0, 1, 2, 3, 4], Factor::X4);
    let wet = run(all, &input, rate);
    let dry = run(Settings { mix_pct: 0.0, ..all }, &input, rate);
    let half = run(Settings { mix_pct: 50.0, ..all }, &input, rate);
    let delta = run(Settings { delta: true, ..all }, &input, rate);
    assert!(off(&dry, &run(flat(Bands::Five), &input, rate), latency) < 1e-12);
    for n in 0..input.len() {
        for ch in 0..2 {
            // 1e-12: rounding of sums of ten.
            assert!((0.5 * (wet[n][ch] + dry[n][ch]) - half[n][ch]).abs() < 1e-12);
            assert!((wet[n][ch] - dry[n][ch] - delta[n][ch]).abs() < 1e-12);
        }
    }
}

#[test]
fn blocks_may_be_cut_anywhere() {
    let input = Noise::new(5).stereo(-6.0, 15_000);
    for factor in [Factor::X1, Factor::X4] {
        let first = saturated(busy(), &[1, 4], factor);
        let mut curve = first;
        (curve.band[1].saturation.curve, curve.band[1].saturation.tone_db) = (Curve::Clip, -3.0);
        curve.band[4].saturation.drive_db = 20.0;
        let fewer = Settings { bands: Bands::Two, ..saturated(curve, &[0], factor) };
        let parts = [first, curve, fewer, Settings { on: false, ..fewer }, Settings { bands: Bands::Five, ..fewer }];
        let outputs = [1, 7, 64, 4096].map(|length| {
            let mut multiband = prepared(first, 48_000.0);
            let mut out = input.clone();
            for (settings, part) in parts.iter().zip(out.chunks_mut(3011)) {
                multiband.set(*settings);
                part.chunks_mut(length).for_each(|block| multiband.process(block, None));
            }
            out
        });
        assert!(outputs.iter().all(|out| *out == outputs[0]), "{factor:?}");
        let mut multiband = prepared(first, 48_000.0);
        let (mut once, mut again) = (input.clone(), input.clone());
        multiband.process(&mut once, None);
        multiband.reset();
        multiband.process(&mut again, None);
        assert!(once == again && once == run(first, &input, 48_000.0), "{factor:?}: reset forgets");
    }
}

#[test]
fn nothing_that_is_switched_clicks() {
    let rate = 48_000.0;
    for factor in [Factor::X1, Factor::X4] {
        let from = saturated(flat(Bands::Four), &[1, 3], factor);
        let changed = |change: fn(&mut Settings)| {
            let mut to = from;
            change(&mut to);
            to
        };
        let all: [(&str, Settings); 9] = [
            ("saturation off", changed(|s| s.band[1].saturation.on = false)),
            ("curve", changed(|s| s.band[1].saturation.curve = Curve::Clip)),
            ("drive", changed(|s| s.band[1].saturation.drive_db = 20.0)),
            ("tone", changed(|s| s.band[1].saturation.tone_db = -6.0)),
            ("saturation mix", changed(|s| s.band[1].saturation.mix_pct = 0.0)),
            ("band off", changed(|s| s.band[1].on = false)),
            ("another solo", changed(|s| s.band[3].solo = true)),
            ("its solo", changed(|s| s.band[1].solo = true)),
            ("bands", changed(|s| s.bands = Bands::Two)),
        ];
        for (name, to) in all {
            let (low_db, high_db, rough) = moved(from, to, 346.0, rate);
            let still = moved(from, from, 346.0, rate).2.max(moved(to, to, 346.0, rate).2);
            eprintln!("{factor:?} {name}: {low_db:.1} to {high_db:.1} dB, {rough:.2} times as rough, still {still:.2}");
            // Harmonics are rough by themselves; a click of −40 dB would be twenty times.
            assert!(rough < 1.45 * still, "{name}");
        }
    }
}

#[test]
fn switched_as_a_whole_it_is_no_rougher_than_without_saturation() {
    let (rate, hz) = (48_000.0, 400.0);
    let plain = flat(Bands::Four);
    let limit = moved(plain, Settings { on: false, ..plain }, hz, rate).2;
    for factor in Factor::ALL {
        let from = saturated(plain, &[1, 3], *factor);
        let (low_db, high_db, rough) = moved(from, Settings { on: false, ..from }, hz, rate);
        eprintln!("{factor:?}: {low_db:.1} to {high_db:.1} dB, {rough:.2} times as rough, plain {limit:.2}");
        assert!(rough < 1.6 * limit, "{factor:?}");
    }
}

#[test]
fn oversampling_is_adopted_by_reset_alone() {
    let input = Noise::new(2).stereo(-10.0, 4000);
    let settings = saturated(flat(Bands::Four), &[2], Factor::X1);
    let mut multiband = prepared(settings, 48_000.0);
    let mut out = input.clone();
    multiband.process(&mut out[..2000], None);
    let higher = Settings { oversampling: Factor::X8, ..settings };
    multiband.set(higher);
    multiband.process(&mut out[2000..], None);
    assert_eq!((multiband.latency_frames(), multiband.latency_frames_for(&higher)), (0, Factor::X8.latency_frames()));
    assert_eq!(out, run(settings, &input, 48_000.0));
    multiband.reset();
    assert_eq!(multiband.latency_frames(), Factor::X8.latency_frames());
}

#[test]
fn latency_is_exact() {
    for factor in Factor::ALL {
        let all = saturated(flat(Bands::Two), &[0, 1], *factor);
        let response = |settings: Settings| {
            let mut input = vec![[0.0; 2]; 4000];
            // Beyond the curve's bend nothing is heard, so quiet is linear.
            input[200] = [1e-4; 2];
            lane(&run(settings, &input, 48_000.0), 0)
        };
        let (mut sat, mut plain) = (all, flat(Bands::Two));
        sat.band.iter_mut().for_each(|band| (band.saturation.drive_db, band.saturation.tone_db) = (0.0, 0.0));
        (sat.crossovers_hz[0], plain.crossovers_hz[0]) = (200.0, 200.0);
        let (wet, dry) = (response(sat), response(plain));
        let by = |lag: usize| (0..3000).map(|n| wet[n + lag] * dry[n]).sum::<f64>();
        let best = (0..200).max_by(|a, b| by(*a).total_cmp(&by(*b)));
        assert_eq!(best, Some(factor.latency_frames()), "{factor:?}");
    }
}

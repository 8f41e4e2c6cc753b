//! The transient shaper, proved through its `process`.

use super::*;
use crate::units::db_to_gain;
use crate::{Range, Spec, Stage};
use plumb_signals::{Noise, both, rms_db, sine};
use proptest::prelude::*;

const RATES: [f64; 4] = [44_100.0, 48_000.0, 96_000.0, 192_000.0];

fn on() -> Settings {
    Settings { on: true, clip_safe: false, ..Settings::default() }
}

fn prepared(settings: Settings, rate: f64) -> TransientShaper {
    let mut shaper = TransientShaper::new(settings);
    shaper.prepare(Spec::new(rate, 4096, 2).unwrap());
    shaper
}

fn run(settings: Settings, input: &[Frame], rate: f64) -> Vec<Frame> {
    let mut out = input.to_vec();
    prepared(settings, rate).process(&mut out, None);
    out
}

/// Change of the RMS level of the left channel between two frames, in dB.
fn change_db(input: &[Frame], out: &[Frame], frames: core::ops::Range<usize>) -> f64 {
    let rms = |part: &[Frame]| rms_db(&part.iter().map(|frame| frame[0]).collect::<Vec<_>>());
    rms(&out[frames.clone()]) - rms(&input[frames])
}

/// Four hits a second that fall by 200 dB per second, over a floor 80 dB below them.
fn drums(level_db: f64, seconds: f64, rate: f64) -> Vec<Frame> {
    let (gain, mut noise) = (db_to_gain(level_db), Noise::new(7));
    let hit = |n: usize| db_to_gain(-200.0 * ((n as f64 / rate + 0.1) % 0.25)) + 1e-4;
    (0..(seconds * rate) as usize).map(|n| [gain * hit(n) * noise.tick(), gain * hit(n) * noise.tick()]).collect()
}

#[test]
fn the_first_five_milliseconds_of_a_burst_get_the_attack_gain() {
    let mut worst = 0.0_f64;
    for rate in RATES {
        let five_ms = (0.005 * rate) as usize;
        let tone = |freq_hz| both(&sine(freq_hz, -20.0, 0.2, rate));
        let bursts = [tone(400.0), tone(1_000.0), tone(5_000.0), Noise::new(1).stereo(-20.0, (0.2 * rate) as usize)];
        for (burst, bed_db) in bursts.iter().flat_map(|burst| [-200.0, -60.0, -40.0].map(|bed_db| (burst, bed_db))) {
            let quiet = Noise::new(2).stereo(bed_db, (0.3 * rate) as usize + 13);
            let input = [&quiet[..], burst].concat();
            for attack_db in [-12.0, 12.0] {
                let out = run(Settings { attack_db, ..on() }, &input, rate);
                let change_db = change_db(&input, &out, quiet.len()..quiet.len() + five_ms);
                worst = worst.max((change_db - attack_db).abs());
                assert!((change_db - attack_db).abs() < 1.0, "{attack_db} dB at {rate} over {bed_db} dB: {change_db}");
                // What rings on is as it was 150 ms later: 24 dB · e⁻¹⁰.
                let late = quiet.len() + (0.15 * rate) as usize..input.len();
                assert!(self::change_db(&input, &out, late).abs() < 0.01);
            }
        }
    }
    eprintln!("first 5 ms of a burst: {worst:.2} dB off at most");
}

#[test]
fn what_rings_gets_the_sustain_gain_and_attacks_do_not() {
    let input = drums(-20.0, 2.0, 48_000.0);
    for sustain_db in [-12.0, 12.0] {
        let out = run(Settings { sustain_db, ..on() }, &input, 48_000.0);
        // The hit at 0.9 s, which falls by 200 dB per second: 100 to 150 ms behind it, and its first 5 ms.
        let ringing_db = change_db(&input, &out, 48_000..50_400);
        let attack_db = change_db(&input, &out, 43_200..43_440);
        assert!((ringing_db - sustain_db).abs() < 0.1, "{sustain_db}: {ringing_db}");
        // The gain of what rang before ends within 0.2 ms: 0.2 / 5 of the time at +12 dB are 2 dB at most.
        assert!(attack_db.abs() < 2.0, "{attack_db}");
        assert!(change_db(&input, &out, 43_232..43_440).abs() < 0.01, "and then nothing of it is left");
    }
}

#[test]
fn loud_and_soft_are_shaped_alike() {
    let settings = Settings { attack_db: 9.0, sustain_db: -6.0, ..on() };
    let shaped = |level_db: f64| {
        let input = drums(level_db, 2.0, 48_000.0);
        let out = run(settings, &input, 48_000.0);
        // Every 5 ms.
        (0..400).map(|n| change_db(&input, &out, n * 240..(n + 1) * 240)).collect::<Vec<f64>>()
    };
    let loud = shaped(0.0);
    assert!(loud.iter().any(|db| *db > 8.0) && loud.iter().any(|db| *db < -5.0), "it does shape");
    for level_db in [-40.0, -30.0, -20.0, -10.0] {
        let worst = shaped(level_db).iter().zip(&loud).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        eprintln!("{level_db} dBFS against 0 dBFS: {worst:.1e} dB");
        assert!(worst < 0.2, "{level_db}: {worst}");
    }
}

#[test]
fn steady_sounds_stay() {
    for freq_hz in [40.0, 100.0, 1_000.0, 10_000.0] {
        let input = both(&sine(freq_hz, -6.0, 2.0, 48_000.0));
        let out = run(Settings { attack_db: 24.0, sustain_db: 24.0, ..on() }, &input, 48_000.0);
        let db = change_db(&input, &out, 72_000..96_000);
        assert!(db.abs() < 0.01, "{freq_hz} Hz: {db}");
    }
    let input = Noise::new(3).stereo(-12.0, 96_000);
    let db = change_db(&input, &run(Settings { attack_db: 12.0, ..on() }, &input, 48_000.0), 48_000..96_000);
    assert!(db.abs() < 0.1, "white noise: {db}");
}

#[test]
fn off_and_nothing_to_do_pass_bit_for_bit() {
    let input = drums(0.0, 0.5, 48_000.0);
    let bits = |frames: &[Frame]| frames.as_flattened().iter().map(|x| x.to_bits()).collect::<Vec<_>>();
    for settings in [
        Settings { on: false, attack_db: 12.0, ..on() },
        on(),
        Settings { clip_safe: true, ..on() },
        Settings { attack_db: 12.0, sustain_db: -12.0, mix_pct: 0.0, ..on() },
    ] {
        assert_eq!(bits(&run(settings, &input, 48_000.0)), bits(&input), "{settings:?}");
    }
    let mut shaper = prepared(Settings { attack_db: 24.0, ..on() }, 48_000.0);
    shaper.process(&mut input.clone(), None);
    shaper.set(Settings { on: false, ..on() });
    // 20 ms: the fade.
    shaper.process(&mut vec![[0.0; 2]; 1_024], None);
    assert!(shaper.is_idle());
    let mut out = input.clone();
    shaper.process(&mut out, None);
    assert_eq!(bits(&out), bits(&input));
}

#[test]
fn clip_safe_boosts_end_at_full_scale() {
    let input = drums(12.0, 1.0, 48_000.0);
    let shaped = |clip_safe| {
        run(Settings { attack_db: 24.0, sustain_db: 24.0, clip_safe, ..on() }, &input, 48_000.0).into_flattened()
    };
    let (free, safe) = (shaped(false), shaped(true));
    let mut limited = 0;
    for ((free, safe), x) in free.iter().zip(&safe).zip(input.as_flattened()) {
        // 1e-10: the fast logarithm's.
        assert!(safe.abs() <= x.abs().max(1.0) * (1.0 + 1e-10), "{x} became {safe}");
        assert!(safe.abs() >= x.abs(), "a boost never becomes a cut");
        limited += usize::from(free.abs() > 1.0 && x.abs() < 1.0);
    }
    assert!(limited > 1_000, "{limited}");
    // Below the bend, and where it cuts, nothing changes.
    for (level_db, attack_db) in [(-16.0, 12.0), (0.0, -24.0)] {
        let input = both(&sine(997.0, level_db, 0.5, 48_000.0));
        let [free, safe] =
            [false, true].map(|clip_safe| run(Settings { attack_db, clip_safe, ..on() }, &input, 48_000.0));
        assert!(free == safe, "{level_db} {attack_db}");
    }
}

#[test]
fn delta_and_dry_are_the_result() {
    let input = drums(-3.0, 0.5, 48_000.0);
    let settings = Settings { attack_db: 12.0, sustain_db: -9.0, mix_pct: 70.0, clip_safe: true, ..on() };
    let (result, delta) =
        (run(settings, &input, 48_000.0), run(Settings { delta: true, ..settings }, &input, 48_000.0));
    for ((x, result), delta) in input.iter().zip(&result).zip(&delta) {
        // 1e-14: roundings of numbers up to 3.
        assert!((x[0] + delta[0] - result[0]).abs() < 1e-14);
    }
    assert!(delta.iter().any(|frame| frame[0].abs() > 0.1));
}

#[test]
fn both_channels_share_one_gain_and_blocks_may_be_cut_anywhere() {
    let input: Vec<Frame> = drums(-6.0, 0.5, 48_000.0).iter().map(|[l, _]| [*l, 0.01 * l]).collect();
    let settings = Settings { attack_db: 12.0, sustain_db: 6.0, clip_safe: true, ..on() };
    let moved = Settings { attack_db: -6.0, mix_pct: 50.0, ..settings };
    let cut = |len: usize| {
        let (mut shaper, mut out) = (prepared(settings, 48_000.0), input.clone());
        out[..9_000].chunks_mut(len).for_each(|block| shaper.process(block, None));
        shaper.set(moved);
        out[9_000..].chunks_mut(len).for_each(|block| shaper.process(block, None));
        out
    };
    let whole = cut(9_000);
    assert!(whole.iter().all(|[l, r]| (r - 0.01 * l).abs() <= 1e-15 * l.abs()));
    for len in [1, 7, 64, 1_000] {
        assert!(cut(len) == whole, "blocks of {len}");
    }
}

#[test]
fn switching_anything_does_not_click() {
    let input = both(&sine(150.0, -12.0, 0.6, 48_000.0));
    let steepest = |out: &[Frame]| out.windows(2).map(|w| (w[1][0] - w[0][0]).abs()).fold(0.0, f64::max);
    let base = Settings { attack_db: 12.0, sustain_db: 12.0, ..on() };
    for to in [
        Settings { on: false, ..base },
        Settings { attack_db: -24.0, sustain_db: 24.0, ..base },
        Settings { clip_safe: true, ..base },
        Settings { mix_pct: 0.0, ..base },
        Settings { delta: true, ..base },
    ] {
        for (from, to) in [(base, to), (to, base)] {
            let (mut shaper, mut out) = (prepared(from, 48_000.0), input.clone());
            shaper.process(&mut out[..14_400], None);
            shaper.set(to);
            shaper.process(&mut out[14_400..], None);
            // The tone's own, and a fade of it over 960 frames.
            let at_switch = steepest(&out[14_390..18_000]);
            assert!(at_switch < 1.05 * steepest(&input) + 0.25 / 960.0, "{from:?} to {to:?}: {at_switch}");
        }
    }
}

#[test]
fn reset_equals_new() {
    let input = drums(-6.0, 0.3, 48_000.0);
    let settings = Settings { attack_db: 12.0, sustain_db: 6.0, ..on() };
    let mut shaper = prepared(settings, 48_000.0);
    shaper.process(&mut input.clone(), None);
    shaper.reset();
    let mut out = input.clone();
    shaper.process(&mut out, None);
    assert!(out == run(settings, &input, 48_000.0));
}

fn any_in(range: Range) -> impl Strategy<Value = f64> {
    prop_oneof![range.min..=range.max, Just(f64::NAN), Just(f64::INFINITY)]
}

proptest! {
    #[test]
    fn whatever_comes_in_finite_numbers_come_out(
        (attack_db, sustain_db, mix_pct) in (any_in(ATTACK_DB), any_in(SUSTAIN_DB), any_in(MIX_PCT)),
        (clip_safe, delta) in any::<(bool, bool)>(),
        input in prop::collection::vec(
            prop_oneof![-1.0..=1.0_f64, Just(f64::NAN), Just(f64::INFINITY), Just(1e300), Just(5e-324)], 1..400,
        ),
    ) {
        let settings = Settings { on: true, attack_db, sustain_db, clip_safe, mix_pct, delta };
        let mut shaper = prepared(settings, 48_000.0);
        let mut out = both(&input);
        shaper.process(&mut out, None);
        prop_assert!(out.as_flattened().iter().all(|x| x.is_finite()));
        // And it recovers.
        let mut quiet = vec![[0.0; 2]; 48_000];
        shaper.process(&mut quiet, None);
        prop_assert!(quiet.as_flattened().iter().all(|x| *x == 0.0));
        prop_assert!(shaper.gain_db().is_finite());
    }
}

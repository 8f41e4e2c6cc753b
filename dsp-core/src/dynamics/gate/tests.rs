//! The gate, proved through its `process`.

use super::*;
use crate::Choice;
use plumb_signals::{Noise, both, silence, sine, square};
use proptest::prelude::*;

/// What an exponential has covered after its time constant: 1 − 1/e.
const COVERED: f64 = 0.632_120_558_828_557_7;
const RATES: [f64; 4] = [44_100.0, 48_000.0, 96_000.0, 192_000.0];

fn on() -> Settings {
    Settings { on: true, ..Settings::default() }
}

fn prepared(settings: Settings, rate: f64) -> Gate {
    let mut gate = Gate::new(settings);
    gate.prepare(Spec::new(rate, 4096, 2).unwrap());
    gate
}

fn run(settings: Settings, input: &[Frame], rate: f64) -> Vec<Frame> {
    let mut out = input.to_vec();
    prepared(settings, rate).process(&mut out, None);
    out
}

/// Reduction after each frame of a signal.
fn reductions(gate: &mut Gate, signal: &[f64]) -> Vec<f64> {
    let mut reductions = Vec::with_capacity(signal.len());
    for frame in both(signal) {
        gate.process(&mut [frame], None);
        reductions.push(gate.reduction_db());
    }
    reductions
}

#[test]
fn opens_and_closes_in_its_times_after_its_hold() {
    for rate in RATES {
        for (attack_ms, hold_ms, release_ms) in [(0.5, 30.0, 5.0), (10.0, 10.0, 150.0), (100.0, 500.0, 1000.0)] {
            let settings = Settings { attack_ms, hold_ms, release_ms, range_db: 40.0, ..on() };
            let mut gate = prepared(settings, rate);
            let ms = |frame: Option<usize>| frame.unwrap() as f64 / rate * 1000.0;
            // A time need not be whole frames; 1 % more for its rounding.
            let (frame_ms, rounding_ms) = (1000.0 / rate, 1010.0 / rate);
            let up = reductions(&mut gate, &square(100.0, -20.0, attack_ms * 0.025, rate));
            let attack = ms(up.iter().position(|db| *db <= 40.0 * (1.0 - COVERED))) + frame_ms;
            assert!((attack - attack_ms).abs() <= rounding_ms, "attack {attack_ms}: {attack} at {rate}");
            assert_eq!(up[up.len() - 1], 0.0, "open exactly");
            let down = reductions(&mut gate, &silence((hold_ms + release_ms * 2.0) / 1000.0, rate));
            let hold = ms(down.iter().position(|db| *db > 0.0)) + frame_ms;
            assert!((hold - hold_ms).abs() <= rounding_ms, "hold {hold_ms}: {hold} at {rate}");
            let release = ms(down.iter().position(|db| *db >= 40.0 * COVERED)) + frame_ms - hold;
            assert!((release - release_ms).abs() <= 2.0 * rounding_ms, "release {release_ms}: {release} at {rate}");
        }
    }
}

#[test]
fn stays_closed_below_and_open_above() {
    let settings = Settings { threshold_db: -30.0, range_db: 50.0, ..on() };
    for (level_db, reduced_db) in [(-30.1, 50.0), (-29.9, 0.0)] {
        let mut gate = prepared(settings, 48_000.0);
        let input = both(&square(440.0, level_db, 1.0, 48_000.0));
        let mut out = input.clone();
        gate.process(&mut out, None);
        assert_eq!(gate.reduction_db(), reduced_db);
        let (last, gain) = (input.len() - 1, units::db_to_gain(-reduced_db));
        // 1e-12: the polynomial gain against the library's.
        assert!((out[last][0] / input[last][0] / gain - 1.0).abs() < 1e-12);
    }
}

#[test]
fn open_and_settled_it_passes_bit_for_bit() {
    let input = both(&sine(50.0, -20.0, 2.0, 48_000.0));
    // Even without hold: between two crests it does not begin to close.
    for hold_ms in [0.0, 30.0] {
        let out = run(Settings { hold_ms, hysteresis_db: 0.0, threshold_db: -20.1, ..on() }, &input, 48_000.0);
        assert_eq!(out[48_000..], input[48_000..], "hold {hold_ms} ms");
    }
}

#[test]
fn hysteresis_does_not_chatter() {
    // A level that wanders ±1 dB about the threshold: opens once and stays.
    let mut noise = Noise::new(1);
    let level_db = |wander: f64| units::db_to_gain(-40.0 + wander);
    let signal: Vec<f64> = square(1_000.0, 0.0, 2.0, 48_000.0)
        .chunks(2_400)
        .flat_map(|chunk| {
            let gain = level_db(noise.tick());
            chunk.iter().map(move |x| x * gain).collect::<Vec<_>>()
        })
        .collect();
    let closings = |hysteresis_db: f64| {
        let settings = Settings { hysteresis_db, hold_ms: 10.0, ..on() };
        let reductions = reductions(&mut prepared(settings, 48_000.0), &signal);
        reductions.windows(2).filter(|pair| pair[0] == 0.0 && pair[1] > 0.0).count()
    };
    assert_eq!(closings(3.0), 0, "never 3 dB below");
    assert!(closings(0.0) > 5, "the test's signal does cross the threshold");
}

#[test]
fn the_sidechain_opens_it_and_is_silence_where_it_ends() {
    let input = Noise::new(2).stereo(-20.0, 48_000);
    let loud = both(&sine(1_000.0, -8.0, 1.0, 48_000.0));
    let settings = Settings { key: Key::External, ..on() };
    let keyed = |external: Option<&[Frame]>| {
        let (mut gate, mut out) = (prepared(settings, 48_000.0), input.clone());
        gate.process(&mut out, external);
        (gate.reduction_db(), out)
    };
    let (open_db, open) = keyed(Some(&loud));
    assert_eq!((open_db, &open[24_000..]), (0.0, &input[24_000..]));
    assert_eq!(keyed(None).0, 40.0);
    assert_eq!(keyed(Some(&[])).0, 40.0);
    // Ends after half a second: three releases of 150 ms later 95 % closed.
    assert!(keyed(Some(&loud[..24_000])).0 > 0.95 * 40.0);
}

#[test]
fn both_channels_share_one_gain() {
    // The left opens it for the right, and neither changes the other's content.
    let input: Vec<Frame> = sine(440.0, -6.0, 0.5, 48_000.0).iter().map(|x| [*x, 0.001 * x]).collect();
    for [l, r] in run(on(), &input, 48_000.0) {
        // 1e-15: one rounding each.
        assert!((r - 0.001 * l).abs() <= 1e-15 * l.abs());
    }
    let mono = both(&sine(440.0, -6.0, 0.5, 48_000.0));
    assert!(run(on(), &mono, 48_000.0).iter().all(|[l, r]| l == r));
}

#[test]
fn off_and_range_zero_pass_bit_for_bit() {
    let input = Noise::new(3).stereo(-50.0, 10_000);
    assert_eq!(run(Settings::default(), &input, 48_000.0), input);
    assert_eq!(run(Settings { range_db: 0.0, ..on() }, &input, 48_000.0), input);
    let mut gate = prepared(on(), 48_000.0);
    gate.process(&mut input.clone(), None);
    gate.set(Settings::default());
    // 20 ms: the fade.
    gate.process(&mut vec![[0.0; 2]; 960], None);
    let mut out = input.clone();
    gate.process(&mut out, None);
    assert_eq!(out, input);
}

#[test]
fn switching_does_not_click() {
    // Below the threshold, so that it is closed when on; a square's output over input is the gain.
    let signal = both(&square(500.0, -50.0, 1.0, 48_000.0));
    let closed = Settings { range_db: 80.0, ..on() };
    let mut gate = prepared(closed, 48_000.0);
    let mut gains = Vec::new();
    for settings in [closed, Settings { on: false, ..closed }, closed, Settings { range_db: 0.0, ..closed }, closed] {
        gate.set(settings);
        let mut out = signal.clone();
        gate.process(&mut out, None);
        gains.extend(signal.iter().zip(&out).map(|(x, y)| y[0] / x[0]));
    }
    let step = gains.windows(2).map(|pair| (pair[1] - pair[0]).abs()).fold(0.0, f64::max);
    // The range goes 80 dB in 960 equal steps of dB (0.96 % each), which is the steepest; opening lags behind it.
    assert!(step < 80.0 / 960.0 * 0.1152, "{step}");
    assert!(gains.contains(&1.0) && gains.iter().any(|gain| *gain < 1.1e-4));
}

#[test]
fn turned_on_it_does_not_dip_what_is_loud() {
    let signal = both(&sine(500.0, -10.0, 0.5, 48_000.0));
    let mut gate = prepared(Settings { attack_ms: 100.0, ..Settings::default() }, 48_000.0);
    let mut out = signal.clone();
    gate.process(&mut out[..100], None);
    gate.set(Settings { attack_ms: 100.0, ..on() });
    gate.process(&mut out[100..], None);
    assert_eq!(out, signal);
}

#[test]
fn blocks_may_be_cut_anywhere() {
    let (input, key) = (Noise::new(4).stereo(-38.0, 8_192), Noise::new(5).stereo(-38.0, 8_192));
    let moves = [
        on(),
        Settings { range_db: 80.0, attack_ms: 10.0, threshold_db: -39.0, ..on() },
        Settings::default(),
        Settings { key: Key::External, hold_ms: 0.0, hysteresis_db: 0.0, ..on() },
    ];
    let cut = |len: usize| {
        let (mut gate, mut out) = (prepared(on(), 48_000.0), input.clone());
        for (n, settings) in moves.into_iter().enumerate() {
            gate.set(settings);
            let part = n * 2_048..(n + 1) * 2_048;
            for (out, key) in out[part.clone()].chunks_mut(len).zip(key[part].chunks(len)) {
                gate.process(out, Some(key));
            }
        }
        out
    };
    let whole = cut(4_096);
    for len in [1, 7, 64] {
        assert_eq!(cut(len), whole, "blocks of {len}");
    }
}

fn steady(level_db: f64, count: usize) -> Vec<Frame> {
    vec![[units::db_to_gain(level_db); 2]; count]
}

#[test]
fn reset_equals_new() {
    // Between closing and opening threshold: what was open stays so, what was closed too.
    let mut input = steady(-41.0, 2_000);
    let loud = Noise::new(6).stereo(-30.0, 3_000);
    input.extend(&loud);
    for settings in [on(), Settings::default()] {
        let mut gate = prepared(Settings { on: !settings.on, range_db: 10.0, ..settings }, 48_000.0);
        gate.process(&mut input.clone(), None);
        gate.set(settings);
        gate.process(&mut loud.clone(), None);
        gate.reset();
        let mut out = input.clone();
        gate.process(&mut out, None);
        assert_eq!(out, run(settings, &input, 48_000.0));
    }
}

fn any_settings() -> impl Strategy<Value = Settings> {
    let of = |range: Range| (0.0..=1.0).prop_map(move |position| range.at_position(position));
    let numbers = (of(THRESHOLD_DB), of(HYSTERESIS_DB), of(RANGE_DB), of(ATTACK_MS), of(HOLD_MS), of(RELEASE_MS));
    (any::<bool>(), numbers, 0..2_usize).prop_map(|(on, numbers, key)| {
        let (threshold_db, hysteresis_db, range_db, attack_ms, hold_ms, release_ms) = numbers;
        let key = Key::from_index(key);
        Settings { on, threshold_db, hysteresis_db, range_db, attack_ms, hold_ms, release_ms, key }
    })
}

fn any_sample() -> impl Strategy<Value = f64> {
    prop_oneof![4 => -1.0..=1.0_f64, 1 => any::<f64>(), 1 => Just(f64::NAN), 1 => Just(f64::INFINITY),
        1 => Just(f64::MIN_POSITIVE / 4.0), 1 => Just(-1e300)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn anything_in_is_finite_out_and_recovered_from_within_a_second(
        (first, second) in (any_settings(), any_settings()),
        samples in prop::collection::vec((any_sample(), any_sample()), 1..300),
        rate in prop_oneof![Just(8_000.0), Just(44_100.0), Just(768_000.0)],
    ) {
        let input: Vec<Frame> = samples.iter().map(|(l, r)| [*l, *r]).collect();
        let mut gate = prepared(first, rate);
        for settings in [first, second] {
            gate.set(settings);
            let mut out = input.clone();
            gate.process(&mut out, Some(&input[input.len() / 2..]));
            prop_assert!(out.iter().flatten().all(|x| x.is_finite()));
            prop_assert!((0.0..=RANGE_DB.max).contains(&gate.reduction_db()));
        }
        // What is above any threshold opens it: ten attacks of at most 100 ms leave 80 dB · e⁻¹⁰ = 0.004 dB.
        gate.set(Settings { key: Key::Internal, ..second });
        gate.process(&mut vec![[1.2, -1.2]; (1.1 * rate) as usize], None);
        prop_assert!(gate.reduction_db() < 0.005, "{}", gate.reduction_db());
    }

    #[test]
    fn settings_out_of_range_are_taken_as_their_nearest(value in prop_oneof![any::<f64>(), Just(f64::NAN)]) {
        let wild = Settings { threshold_db: value, hysteresis_db: value, range_db: value, attack_ms: value,
            hold_ms: value, release_ms: value, ..on() };
        let out = run(wild, &Noise::new(10).stereo(0.0, 500), 48_000.0);
        prop_assert!(out.iter().flatten().all(|x| x.is_finite() && x.abs() <= 1.0));
    }
}

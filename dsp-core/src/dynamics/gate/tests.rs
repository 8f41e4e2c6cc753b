//! The gate, proved through its `process`.

use super::*;
use crate::dynamics::listen::Listen;
use crate::smooth::CONTROL_FRAMES;
use crate::{Choice, Range, Spec, Stage};
use plumb_signals::{Noise, both, silence, sine, square};
use proptest::prelude::*;

mod lookahead;
mod switching;

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
fn follows_in_its_times_after_its_hold_in_every_mode() {
    let mut worst = [0.0_f64; 3];
    for rate in RATES {
        for (attack_ms, hold_ms, release_ms) in [(0.5, 30.0, 5.0), (10.0, 10.0, 150.0), (100.0, 500.0, 1000.0)] {
            for mode in [Mode::Gate, Mode::Expand, Mode::Duck] {
                let settings = Settings { mode, attack_ms, hold_ms, release_ms, ratio: f64::INFINITY, ..on() };
                let mut gate = prepared(settings, rate);
                // How much of the answer to a loud key is there: open, or down.
                let share = |db: &f64| if mode == Mode::Duck { db / 40.0 } else { 1.0 - db / 40.0 };
                let ms = |frame: Option<usize>| (frame.unwrap() + 1) as f64 / rate * 1000.0;
                // What is near enough has arrived at the next step of the control grid.
                let loud_s = attack_ms * 0.025 + CONTROL_FRAMES as f64 / rate;
                let loud = reductions(&mut gate, &square(100.0, -20.0, loud_s, rate));
                let attack = ms(loud.iter().position(|db| share(db) >= COVERED));
                assert_eq!(share(&loud[loud.len() - 1]), 1.0, "all there, exactly");
                let quiet = reductions(&mut gate, &silence((hold_ms + release_ms * 2.0) / 1000.0, rate));
                let hold = ms(quiet.iter().position(|db| share(db) < 1.0));
                let release = ms(quiet.iter().position(|db| share(db) <= 1.0 - COVERED)) - hold;
                // A time need not be whole frames; 1 % more for its rounding.
                let rounding_ms = 1010.0 / rate;
                // The window of expansion is long or short by half of its sixteen parts.
                let hold_slack_ms = if mode == Mode::Expand { hold_ms / 32.0 } else { 0.0 } + rounding_ms;
                assert!((hold - hold_ms).abs() <= hold_slack_ms, "{mode:?}: hold {hold_ms} is {hold} at {rate}");
                for (n, (actual, asked)) in [(attack, attack_ms), (release, release_ms)].into_iter().enumerate() {
                    worst[n] = worst[n].max(((actual - asked).abs() - 2.0 * rounding_ms) / asked);
                    worst[2] = worst[2].max((actual - asked).abs() * rate / 1000.0);
                }
            }
        }
    }
    eprintln!("times: {:.1} frames off at most; beyond two frames, {:.4} and {:.4}", worst[2], worst[0], worst[1]);
    assert!(worst[0] <= 0.0 && worst[1] <= 0.0, "{worst:?}");
}

#[test]
fn expands_along_its_curve() {
    let mut worst = 0.0_f64;
    for (ratio, knee_db) in [(1.0, 0.0), (1.5, 6.0), (2.0, 3.0), (4.0, 30.0), (f64::INFINITY, 0.0)] {
        let settings = Settings { mode: Mode::Expand, ratio, knee_db, range_db: 50.0, release_ms: 5.0, ..on() };
        for level_db in [-80.0, -55.5, -48.0, -41.0, -40.5, -39.5, -39.0, -30.0, -10.0] {
            let input = both(&square(440.0, level_db, 0.3, 48_000.0));
            let out = run(settings, &input, 48_000.0);
            let last = input.len() - 1;
            let taken_db = units::gain_to_db(input[last][0]) - units::gain_to_db(out[last][0]);
            worst = worst.max((taken_db - settings.reduction_db_at(level_db)).abs());
            // The curve itself, by its definition outside the knee.
            let under_db = -40.0 - level_db;
            if under_db.abs() > knee_db / 2.0 {
                let by_ratio = if under_db > 0.0 { (ratio - 1.0) * under_db } else { 0.0 };
                worst = worst.max((taken_db - by_ratio.min(50.0)).abs());
            }
        }
    }
    eprintln!("static curve: {worst:.1e} dB off");
    assert!(worst < 0.01, "{worst}");
}

#[test]
fn a_steady_tone_is_expanded_without_distortion() {
    let input = sine(50.0, -50.0, 2.0, 48_000.0);
    let mut out = both(&input);
    prepared(Settings { mode: Mode::Expand, ..on() }, 48_000.0).process(&mut out, None);
    let (x, y) = (&input[72_000..], &out[72_000..]);
    let gain = y[240][0] / x[240];
    // The crests differ from the samples next to them by the rounding of the sine alone.
    let worst = x.iter().zip(y).map(|(x, y)| (y[0] - gain * x).abs()).fold(0.0, f64::max) / (gain * 0.003);
    eprintln!("50 Hz, 10 dB under: {:.0} dB of distortion", units::gain_to_db(worst));
    assert!(worst < 1e-6, "{worst}");
}

#[test]
fn ducks_while_the_key_is_loud() {
    let input = Noise::new(20).stereo(-20.0, 96_000);
    let mut key = vec![[0.0; 2]; 96_000];
    key[10_000..40_000].copy_from_slice(&both(&sine(200.0, -20.0, 1.0, 48_000.0))[..30_000]);
    let settings = Settings { mode: Mode::Duck, key: Key::External, range_db: 12.0, ..on() };
    let ducked = |key: Option<&[Frame]>| {
        let mut out = input.clone();
        prepared(settings, 48_000.0).process(&mut out, key);
        out
    };
    assert!(ducked(None) == input, "nobody speaks");
    let out = ducked(Some(&key));
    assert!(out[..10_000] == input[..10_000]);
    let gain_db = |n: usize| units::gain_to_db(out[n][0] / input[n][0]);
    assert!((gain_db(39_999) + 12.0).abs() < 1e-9, "{}", gain_db(39_999));
    // Held for 30 ms, back within 150 ms to 63 %.
    assert!((gain_db(41_000) + 12.0).abs() < 1e-9);
    assert!((gain_db(40_000 + 1_440 + 7_200) + 12.0 * (1.0 - COVERED)).abs() < 0.02);
    assert!(gain_db(95_999) > -0.01);
}

#[test]
fn output_and_removed_are_the_input_and_key_is_what_it_hears() {
    let input: Vec<Frame> = Noise::new(22).stereo(-30.0, 20_000).iter().map(|[l, r]| [*l, 0.3 * r]).collect();
    for mode in [Mode::Gate, Mode::Expand, Mode::Duck] {
        for lookahead in [Lookahead::Off, Lookahead::Ms5] {
            let late = lookahead.frames(48_000.0);
            let settings = Settings {
                mode,
                lookahead,
                attack_ms: 20.0,
                threshold_db: -31.0,
                hold_ms: 0.0,
                hysteresis_db: 0.0,
                ..on()
            };
            let heard = |listen| run(Settings { listen, ..settings }, &input, 48_000.0);
            let (output, removed) = (heard(Listen::Off), heard(Listen::Removed));
            assert!(removed.iter().any(|frame| frame[0].abs() > 0.001), "{mode:?}");
            for n in late..input.len() {
                for lane in 0..2 {
                    // One rounding of numbers below 0.1.
                    assert!((output[n][lane] + removed[n][lane] - input[n - late][lane]).abs() < 1.5e-17, "{mode:?}");
                }
            }
            assert!(heard(Listen::Key)[late..] == input[..input.len() - late], "unfiltered, the input");
        }
    }
}

#[test]
fn cuts_keep_what_lies_beside_from_opening_it() {
    let bass = both(&sine(60.0, -20.0, 0.5, 48_000.0));
    let cymbal = both(&sine(12_000.0, -20.0, 0.5, 48_000.0));
    let opens = |settings: Settings, input: &[Frame]| {
        let mut gate = prepared(settings, 48_000.0);
        gate.process(&mut input.to_vec(), None);
        gate.reduction_db() == 0.0
    };
    assert!(opens(on(), &bass) && opens(on(), &cymbal));
    let (no_bass, no_top) = (Settings { key_low_cut_hz: 500.0, ..on() }, Settings { key_high_cut_hz: 1_000.0, ..on() });
    assert_eq!([opens(no_bass, &bass), opens(no_bass, &cymbal)], [false, true]);
    assert_eq!([opens(no_top, &bass), opens(no_top, &cymbal)], [true, false]);
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
fn blocks_may_be_cut_anywhere() {
    let (input, key) = (Noise::new(4).stereo(-38.0, 16_384), Noise::new(5).stereo(-38.0, 16_384));
    let moves = [
        on(),
        Settings { range_db: 80.0, attack_ms: 10.0, threshold_db: -39.0, ..on() },
        Settings::default(),
        Settings { key: Key::External, hold_ms: 0.0, hysteresis_db: 0.0, key_low_cut_hz: 300.0, ..on() },
        Settings { mode: Mode::Expand, ratio: 3.0, knee_db: 20.0, key_high_cut_hz: 800.0, ..on() },
        Settings { mode: Mode::Duck, listen: Listen::Key, ..on() },
        Settings { on: false, mode: Mode::Duck, ..on() },
        Settings { mode: Mode::Expand, listen: Listen::Removed, ..on() },
    ];
    let cut = |lookahead: Lookahead, len: usize| {
        let (mut gate, mut out) = (prepared(Settings { lookahead, ..on() }, 48_000.0), input.clone());
        for (n, settings) in moves.into_iter().enumerate() {
            gate.set(Settings { lookahead, ..settings });
            // Not whole control steps.
            let part = n * 2_045..(n + 1) * 2_045;
            for (out, key) in out[part.clone()].chunks_mut(len).zip(key[part].chunks(len)) {
                gate.process(out, Some(key));
            }
        }
        out
    };
    for lookahead in [Lookahead::Off, Lookahead::Ms1] {
        let whole = cut(lookahead, 4_096);
        for len in [1, 7, 64] {
            assert!(cut(lookahead, len) == whole, "blocks of {len}");
        }
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
    let more = (of(RATIO), of(KNEE_DB), of(KEY_LOW_CUT_HZ), of(KEY_HIGH_CUT_HZ));
    let choices = (any::<bool>(), 0..3_usize, 0..3_usize, 0..2_usize, 0..3_usize);
    (numbers, more, choices).prop_map(|(numbers, more, (on, mode, lookahead, key, listen))| {
        let (threshold_db, hysteresis_db, range_db, attack_ms, hold_ms, release_ms) = numbers;
        let (ratio, knee_db, key_low_cut_hz, key_high_cut_hz) = more;
        Settings {
            on,
            mode: Mode::from_index(mode),
            threshold_db,
            hysteresis_db,
            range_db,
            ratio,
            knee_db,
            attack_ms,
            hold_ms,
            release_ms,
            lookahead: Lookahead::from_index(lookahead),
            key: Key::from_index(key),
            key_low_cut_hz,
            key_high_cut_hz,
            listen: Listen::from_index(listen),
        }
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
        // What is above any threshold opens it, and ends expansion: eleven attacks of at most 100 ms leave
        // 80 dB · e⁻¹¹ = 0.001 dB. (A knee about 0 dB reaches to +15 dB.) What is silent ends ducking.
        let open = Settings { key: Key::Internal, key_low_cut_hz: KEY_LOW_CUT_HZ.min, hold_ms: 10.0, ..second };
        gate.set(Settings { release_ms: second.release_ms.min(90.0), ..open });
        let level = if second.mode == Mode::Duck { 0.0 } else { 6.0 };
        gate.process(&mut vec![[level, -level]; (1.15 * rate) as usize], None);
        prop_assert!(gate.reduction_db() < 0.005, "{}", gate.reduction_db());
    }

    #[test]
    fn settings_out_of_range_are_taken_as_their_nearest(value in prop_oneof![any::<f64>(), Just(f64::NAN)]) {
        let wild = Settings { threshold_db: value, hysteresis_db: value, range_db: value, attack_ms: value,
            hold_ms: value, release_ms: value, ratio: value, knee_db: value, key_low_cut_hz: value,
            key_high_cut_hz: value, ..on() };
        let out = run(wild, &Noise::new(10).stereo(0.0, 500), 48_000.0);
        prop_assert!(out.iter().flatten().all(|x| x.is_finite() && x.abs() <= 1.0));
        let expanded_db = Settings { mode: Mode::Expand, ..wild }.reduction_db_at(-90.0);
        prop_assert!(expanded_db.is_finite());
    }
}

//! The de-esser, proved through its `process`.

use super::*;
use crate::Stage;
use crate::choice::Choice;
use crate::dynamics::listen::Listen;
use crate::filter::prototype::{Prototype, Shape};
use crate::filter::svf;
use crate::units::{db_to_gain, gain_to_db};
use crate::{Frame, Range, Spec};
use plumb_signals::{Noise, both, rms_db, silence, sine, square, tone_db};
use proptest::prelude::*;

mod voices;

use voices::{sibilant, vowel};

/// What an exponential has covered after its time constant: 1 − 1/e.
const COVERED: f64 = 0.632_120_558_828_557_7;
const RATE_HZ: f64 = 48_000.0;

fn on() -> Settings {
    Settings { on: true, ..Settings::default() }
}

fn prepared(settings: Settings, rate: f64) -> DeEsser {
    let mut de_esser = DeEsser::new(settings);
    de_esser.prepare(Spec::new(rate, 4096, 2).unwrap());
    de_esser
}

fn run(settings: Settings, input: &[Frame], rate: f64) -> Vec<Frame> {
    let mut out = input.to_vec();
    prepared(settings, rate).process(&mut out, None);
    out
}

fn bits(frames: &[Frame]) -> Vec<[u64; 2]> {
    frames.iter().map(|frame| frame.map(f64::to_bits)).collect()
}

/// Two signals as one.
fn sum(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a + b).collect()
}

/// Filters of the given shapes one after the other.
fn filtered(signal: &[f64], stages: &[Prototype]) -> Vec<f64> {
    stages.iter().fold(signal.to_vec(), |signal, prototype| {
        let coeffs = svf::Coeffs::design(*prototype, RATE_HZ);
        let mut state = svf::State::new();
        signal.iter().map(|x| state.tick(&coeffs, [*x; 2])[0]).collect()
    })
}

/// At an RMS level.
fn at_level(mut signal: Vec<f64>, level_dbfs: f64) -> Vec<f64> {
    let gain = db_to_gain(level_dbfs - rms_db(&signal));
    signal.iter_mut().for_each(|x| *x *= gain);
    signal
}

const VOWELS: [(&str, [f64; 4]); 4] = [
    ("a", [730.0, 1090.0, 2440.0, 3400.0]),
    ("e", [530.0, 1840.0, 2480.0, 3500.0]),
    ("i", [270.0, 2290.0, 3010.0, 3700.0]),
    ("u", [300.0, 870.0, 2240.0, 3300.0]),
];

/// A tone of the voice and a tone in the band, long enough for the programme level to settle (12 time constants).
fn two_tones(low_db: f64, high_db: f64, rate: f64) -> Vec<f64> {
    sum(&sine(500.0, low_db, 5.0, rate), &sine(12_345.0, high_db, 5.0, rate))
}

/// Excess of two tones by the definition: the peak of the high one behind the filter over the sine of the same power.
fn expected_excess_db(low_db: f64, high_db: f64, freq_hz: f64, rate: f64) -> f64 {
    let coeffs = svf::Coeffs::design(Prototype::new(Shape::LowCut, freq_hz, std::f64::consts::FRAC_1_SQRT_2), rate);
    let peak = [(500.0, low_db), (12_345.0, high_db)]
        .map(|(tone_hz, level_db)| db_to_gain(level_db + coeffs.gain_db_at(tone_hz, rate)));
    let power = [low_db, high_db].map(|level_db| db_to_gain(level_db).powi(2));
    gain_to_db((peak[0] + peak[1]) / (power[0] + power[1]).sqrt())
}

#[test]
fn takes_away_what_the_law_asks_for() {
    let (mut worst_db, mut worst_excess_db) = (0.0_f64, 0.0_f64);
    for rate in [44_100.0, 48_000.0, 192_000.0] {
        for high_db in [-60.0, -38.0, -33.0, -30.0, -26.0, -20.0, -10.0] {
            let settings = Settings { threshold_db: -12.0, range_db: 10.0, mode: Mode::Wide, ..on() };
            let mut de_esser = prepared(settings, rate);
            let input = two_tones(-20.0, high_db, rate);
            let mut out = both(&input);
            de_esser.process(&mut out, None);
            let excess_db = expected_excess_db(-20.0, high_db, settings.freq_hz, rate);
            worst_excess_db = worst_excess_db.max((de_esser.excess_db().unwrap() - excess_db).abs());
            let tail = out.len() - (0.2 * rate) as usize;
            let left: Vec<f64> = out[tail..].iter().map(|frame| frame[0]).collect();
            let taken_db = tone_db(&input[tail..], 12_345.0, rate) - tone_db(&left, 12_345.0, rate);
            worst_db = worst_db.max((taken_db - settings.reduction_db_at(excess_db)).abs());
        }
    }
    eprintln!("law: {worst_db:.4} dB off, excess {worst_excess_db:.4} dB off");
    assert!(worst_db < 0.05 && worst_excess_db < 0.05, "{worst_db} {worst_excess_db}");
}

#[test]
fn quiet_and_loud_phrases_are_treated_alike() {
    let mut phrase = vowel(140.0, VOWELS[0].1, 0.6);
    phrase.extend(sibilant(7000.0, -24.0, 0.2));
    phrase.extend(vowel(140.0, VOWELS[1].1, 0.3));
    let reductions = |offset_db: f64| {
        let mut de_esser = prepared(Settings { range_db: 24.0, ..on() }, RATE_HZ);
        let each = |x: &f64| {
            de_esser.process(&mut [[x * db_to_gain(offset_db); 2]], None);
            de_esser.reduction_db()
        };
        phrase.iter().map(each).collect::<Vec<_>>()
    };
    // RMS −40 and −10 dBFS.
    let (quiet, loud) = (reductions(-20.0), reductions(10.0));
    // After 0.3 s, when the programme level is known.
    let apart = quiet.iter().zip(&loud).skip(14_400).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    let most = loud.iter().copied().fold(0.0, f64::max);
    eprintln!("level independence: {apart:.1e} dB apart, {most:.1} dB of reduction at most");
    assert!(most > 6.0 && apart < 0.1, "{apart} of {most}");
}

#[test]
fn reduction_comes_and_goes_in_its_times() {
    let (mut worst_attack, mut worst_release) = (0.0_f64, 0.0_f64);
    for rate in [44_100.0, 48_000.0, 96_000.0, 192_000.0] {
        for (attack_ms, release_ms) in [(0.5, 5.0), (1.0, 60.0), (20.0, 300.0)] {
            let settings = Settings { attack_ms, release_ms, threshold_db: -30.0, ..on() };
            let mut de_esser = prepared(settings, rate);
            de_esser.process(&mut both(&sine(300.0, -20.0, 0.5, rate)), None);
            assert_eq!(de_esser.reduction_db(), 0.0);
            let mut reductions = |signal: &[f64]| {
                let each = |frame| {
                    de_esser.process(&mut [frame], None);
                    de_esser.reduction_db()
                };
                both(signal).into_iter().map(each).collect::<Vec<_>>()
            };
            let burst_s = 0.01 + attack_ms * 0.025;
            let burst = sum(&sine(300.0, -20.0, burst_s, rate), &sine(11_000.0, -14.0, burst_s, rate));
            let up = reductions(&burst);
            let down = reductions(&sine(300.0, -20.0, 0.02 + release_ms * 0.003, rate));
            let ms = |frames: Option<usize>| frames.unwrap() as f64 / rate * 1000.0;
            let (range_db, frame_ms) = (6.0, 1000.0 / rate);
            assert_eq!(up[up.len() - 1], range_db, "all of the range");
            let attack = ms(up.iter().position(|db| *db >= range_db * COVERED)) + frame_ms;
            let release = ms(down.iter().position(|db| *db <= range_db * (1.0 - COVERED))) + frame_ms;
            // A quarter of the burst's period until its first crest, and a frame's rounding; the window that a release
            // holds is long or short by half a sixteenth of an eighth of it, and rounded to whole frames of a part.
            let attack_slack = 0.25 / 11.0 + 2.0 * frame_ms;
            let release_slack = 0.02 * release_ms + 8.0 * frame_ms;
            worst_attack = worst_attack.max((attack - attack_ms).abs() - attack_slack);
            worst_release = worst_release.max((release - release_ms).abs() - release_slack);
            eprintln!("{rate} Hz: attack {attack_ms} ms is {attack:.3}, release {release_ms} ms is {release:.2}");
        }
    }
    assert!(worst_attack <= 0.0 && worst_release <= 0.0, "{worst_attack} {worst_release}");
}

/// Gain at a frequency while the range is fully taken.
fn gain_db(settings: Settings, freq_hz: f64, rate: f64) -> f64 {
    // The tone asked for is 60 dB below the two that hold the reduction.
    let input: Vec<f64> = sum(&two_tones(-12.0, -12.0, rate), &sine(freq_hz, -52.0, 5.0, rate));
    let mut out = both(&input);
    prepared(settings, rate).process(&mut out, None);
    let tail = out.len() - rate as usize;
    let left: Vec<f64> = out[tail..].iter().map(|frame| frame[0]).collect();
    tone_db(&left, freq_hz, rate) - tone_db(&input[tail..], freq_hz, rate)
}

#[test]
fn split_turns_down_the_band_and_wide_everything() {
    let settings = Settings { threshold_db: -30.0, ..on() };
    for freq_hz in [200.0, 3250.0, 6500.0, 15_000.0] {
        let wide_db = gain_db(Settings { mode: Mode::Wide, ..settings }, freq_hz, RATE_HZ);
        assert!((wide_db + 6.0).abs() < 0.01, "{freq_hz}: {wide_db}");
        let split_db = gain_db(settings, freq_hz, RATE_HZ);
        let drawn_db = gain_db_at(freq_hz, settings.freq_hz, 6.0, RATE_HZ);
        eprintln!("split by 6 dB at 6.5 kHz: {split_db:.2} dB at {freq_hz} Hz");
        assert!((split_db - drawn_db).abs() < 0.01, "{freq_hz}: {split_db}, drawn {drawn_db}");
    }
}

#[test]
fn output_and_removed_are_the_input_and_key_is_the_band() {
    let mut phrase = vowel(140.0, VOWELS[0].1, 0.3);
    phrase.extend(sibilant(7000.0, -20.0, 0.2));
    let input = both(&phrase);
    for mode in [Mode::Wide, Mode::Split] {
        let heard = |listen| run(Settings { mode, listen, ..on() }, &input, RATE_HZ);
        let (output, removed) = (heard(Listen::Off), heard(Listen::Removed));
        assert!(removed.iter().any(|frame| frame[0].abs() > 0.01), "{mode:?}");
        for ((x, y), r) in input.iter().zip(&output).zip(&removed) {
            // 1e-16: one rounding of numbers below 1.
            assert!((y[0] + r[0] - x[0]).abs() <= 2e-16, "{mode:?}");
        }
        let key: Vec<f64> = heard(Listen::Key).iter().map(|frame| frame[0]).collect();
        let band =
            filtered(&phrase, &[Prototype::new(Shape::LowCut, FREQ_HZ.default, std::f64::consts::FRAC_1_SQRT_2)]);
        assert!(key.iter().zip(&band).all(|(a, b)| (a - b).abs() < 1e-14));
    }
}

#[test]
fn linked_channels_share_and_unlinked_ones_do_not() {
    let voice = sine(300.0, -20.0, 1.0, RATE_HZ);
    let harsh = sum(&voice, &sine(9000.0, -20.0, 1.0, RATE_HZ));
    let input: Vec<Frame> = harsh.iter().zip(&voice).map(|(l, r)| [*l, *r]).collect();
    let right = |link_pct: f64| {
        let out = run(Settings { link_pct, threshold_db: -15.0, mode: Mode::Wide, ..on() }, &input, RATE_HZ);
        let right: Vec<f64> = out[24_000..].iter().map(|frame| frame[1]).collect();
        rms_db(&right) - rms_db(&voice[24_000..])
    };
    assert_eq!(right(0.0), 0.0);
    assert!((right(100.0) + 6.0).abs() < 1e-6, "{}", right(100.0));
    let mono = both(&harsh);
    assert!(run(on(), &mono, RATE_HZ).iter().all(|[l, r]| l == r));
}

#[test]
fn nothing_clicks() {
    // A voice of 300 Hz and an "s" of 9 kHz; switching must not add anything far from both.
    let seconds = 0.25;
    let input = both(&sum(&sine(300.0, -20.0, seconds, RATE_HZ), &sine(9000.0, -20.0, seconds, RATE_HZ)));
    let base = Settings { threshold_db: -20.0, ..on() };
    let moves = [
        ("mode", Settings { mode: Mode::Wide, ..base }),
        ("off", Settings { on: false, ..base }),
        ("range", Settings { range_db: 24.0, ..base }),
        ("threshold", Settings { threshold_db: 6.0, ..base }),
        ("key", Settings { listen: Listen::Key, ..base }),
        ("removed", Settings { listen: Listen::Removed, ..base }),
        ("frequency", Settings { freq_hz: 2000.0, ..base }),
    ];
    let quarter = |signal: &[Frame]| {
        let left: Vec<f64> = signal.iter().map(|frame| frame[0]).collect();
        // What lies around 3 kHz, between the tones, in 100 ms around the switch.
        let band = Prototype::new(Shape::BandPass, 3000.0, 3.0);
        let deep = filtered(&left, &[band, band, band, band]);
        deep.iter().fold(0.0_f64, |peak, x| peak.max(x.abs()))
    };
    for (name, settings) in moves {
        let mut peaks = [0.0; 2];
        for (peak, to) in peaks.iter_mut().zip([settings, base]) {
            let mut de_esser = prepared(if to == base { settings } else { base }, RATE_HZ);
            let mut out = input.clone();
            de_esser.process(&mut out[..7_000], None);
            de_esser.set(to);
            de_esser.process(&mut out[7_000..], None);
            // Faded in and out, so that the measurement does not click.
            let fade = |n: usize| (std::f64::consts::PI * n as f64 / 9_599.0).sin().powi(4);
            let part: Vec<Frame> = (0..9_600).map(|n| out[2_400 + n].map(|x| x * fade(n))).collect();
            *peak = quarter(&part);
        }
        eprintln!("{name}: {:.1} and {:.1} dBFS between the tones", gain_to_db(peaks[0]), gain_to_db(peaks[1]));
        // A jump of the tones (0.1 each) would leave −35 dBFS there.
        assert!(peaks[0].max(peaks[1]) < db_to_gain(-60.0), "{name}: {peaks:?}");
    }
}

#[test]
fn blocks_may_be_cut_anywhere_and_reset_equals_new() {
    let input = Noise::new(6).stereo(-12.0, 8_192);
    let moves = [
        on(),
        Settings { freq_hz: 3000.0, link_pct: 30.0, mode: Mode::Wide, ..on() },
        Settings::default(),
        Settings { listen: Listen::Removed, attack_ms: 0.1, release_ms: 5.0, ..on() },
    ];
    let mut de_esser = prepared(on(), RATE_HZ);
    let mut cut = |len: usize| {
        de_esser.set(on());
        de_esser.reset();
        let mut out = input.clone();
        for (part, settings) in out.chunks_mut(2_048).zip(moves) {
            de_esser.set(settings);
            part.chunks_mut(len).for_each(|block| de_esser.process(block, None));
        }
        bits(&out)
    };
    let whole = cut(4_096);
    for len in [1, 7, 64, 2_048] {
        assert!(cut(len) == whole, "blocks of {len}");
    }
}

/// Settings that move while others still do, at frames that are on no grid: what a hand on a fader does.
#[test]
fn while_settings_move_blocks_may_be_cut_anywhere_too() {
    let frames = 24_000;
    let noise: Vec<f64> = Noise::new(7).stereo(-26.0, frames).iter().map(|frame| frame[0]).collect();
    let voice = sum(&sine(300.0, -20.0, 0.5, RATE_HZ), &noise);
    let input: Vec<Frame> = voice.iter().enumerate().map(|(n, x)| [*x, x * (0.3 + (n / 3_000 % 2) as f64)]).collect();
    let swing = |n: usize, period: usize| (n % period) as f64 / period as f64;
    // What moves, at each time; the first is the automation of one threshold.
    type Change = fn(&mut Settings, f64);
    let kinds: [(&str, Change); 8] = [
        ("threshold", |s, _| s.threshold_db += 0.0),
        ("range", |s, x| s.range_db = 3.0 + 20.0 * x),
        ("link", |s, x| s.link_pct = 200.0 * x),
        ("mode", |s, x| s.mode = if x < 0.5 { Mode::Split } else { Mode::Wide }),
        ("frequency", |s, x| s.freq_hz = 3000.0 + 6000.0 * x),
        ("times", |s, x| (s.attack_ms, s.release_ms) = (0.1 + 30.0 * x, 5.0 + 200.0 * x)),
        ("listen", |s, x| s.listen = if x < 0.5 { Listen::Off } else { Listen::Removed }),
        ("on", |s, x| s.on = x < 0.8),
    ];
    for (name, change) in kinds {
        let mut least_reduction_db = f64::INFINITY;
        let mut cut = |lengths: &[usize]| {
            let (mut de_esser, mut out, mut reduced) = (prepared(on(), RATE_HZ), input.clone(), 0.0_f64);
            let mut lengths = lengths.iter().cycle();
            for (n, part) in out.chunks_mut(333).enumerate() {
                let mut settings = Settings { threshold_db: -20.0 + 18.0 * swing(n, 9), ..on() };
                change(&mut settings, swing(n, 7));
                de_esser.set(settings);
                let mut rest = part;
                while !rest.is_empty() {
                    let len = lengths.next().map_or(1, |len| rest.len().min(*len));
                    let (block, later) = rest.split_at_mut(len);
                    de_esser.process(block, None);
                    (rest, reduced) = (later, reduced.max(de_esser.reduction_db()));
                }
            }
            least_reduction_db = least_reduction_db.min(reduced);
            bits(&out)
        };
        let whole = cut(&[4_096]);
        for lengths in [&[1][..], &[7], &[64], &[31, 1, 5, 200]] {
            assert!(cut(lengths) == whole, "{name} moves, blocks of {lengths:?}");
        }
        assert!(least_reduction_db > 3.0, "{name}: {least_reduction_db} dB is nothing to speak of");
    }
}

fn any_settings() -> impl Strategy<Value = Settings> {
    let of = |range: Range| (0.0..=1.0).prop_map(move |position| range.at_position(position));
    let numbers = (of(FREQ_HZ), of(THRESHOLD_DB), of(RANGE_DB), of(ATTACK_MS), of(RELEASE_MS), of(LINK_PCT));
    (any::<bool>(), numbers, 0..2_usize, 0..3_usize).prop_map(|(on, numbers, mode, listen)| {
        let (freq_hz, threshold_db, range_db, attack_ms, release_ms, link_pct) = numbers;
        let (mode, listen) = (Mode::from_index(mode), Listen::from_index(listen));
        Settings { on, freq_hz, threshold_db, range_db, attack_ms, release_ms, link_pct, mode, listen }
    })
}

fn any_sample() -> impl Strategy<Value = f64> {
    prop_oneof![4 => -1.0..=1.0_f64, 1 => any::<f64>(), 1 => Just(f64::NAN), 1 => Just(f64::INFINITY),
        1 => Just(f64::MIN_POSITIVE / 4.0), 1 => Just(-1e300)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn anything_in_is_finite_out_and_forgotten(
        (first, second) in (any_settings(), any_settings()),
        samples in prop::collection::vec((any_sample(), any_sample()), 1..300),
        rate in prop_oneof![Just(8_000.0), Just(44_100.0), Just(192_000.0)],
    ) {
        let input: Vec<Frame> = samples.iter().map(|(l, r)| [*l, *r]).collect();
        let mut de_esser = prepared(first, rate);
        for settings in [first, second] {
            de_esser.set(settings);
            let mut out = input.clone();
            de_esser.process(&mut out, None);
            prop_assert!(out.iter().flatten().all(|x| x.is_finite()));
            prop_assert!((0.0..=RANGE_DB.max).contains(&de_esser.reduction_db()));
        }
        // Silence is no "s": within seven releases of at most 150 ms all is as it was.
        de_esser.set(Settings { release_ms: second.release_ms.min(150.0), ..second });
        de_esser.process(&mut both(&silence(1.2, rate)), None);
        prop_assert!(de_esser.reduction_db() < 0.05, "{}", de_esser.reduction_db());
    }

    #[test]
    fn settings_out_of_range_are_taken_as_their_nearest(value in prop_oneof![any::<f64>(), Just(f64::NAN)]) {
        let wild = Settings { freq_hz: value, threshold_db: value, range_db: value, attack_ms: value,
            release_ms: value, link_pct: value, ..on() };
        let out = run(wild, &both(&square(1000.0, 0.0, 0.02, RATE_HZ)), RATE_HZ);
        prop_assert!(out.iter().flatten().all(|x| x.is_finite() && x.abs() <= 3.0));
        prop_assert!(wild.reduction_db_at(10.0).is_finite());
    }
}

//! The limiter through its public calls: what it holds, what it leaves alone, and when.

use dsp_core::limiter::lookahead::{CEILING_DBTP, DRIVE_DB, LINK_PCT, LOOKAHEAD_MS, Limiter, RELEASE_MS, Settings};
use dsp_core::smooth::Smoothed;
use dsp_core::units::db_to_gain;
use dsp_core::{Frame, Spec};
use plumb_signals::{Noise, both, sample_peak_db, sine, sweep, true_peak_db};
use proptest::prelude::*;
use std::f64::consts::{FRAC_PI_4, TAU};

const FS: f64 = 48_000.0;
const RATES: [f64; 4] = [44_100.0, 48_000.0, 96_000.0, 192_000.0];
/// Of a ceiling computed here against the same computed there.
const ROUNDING: f64 = 1.0 + 1e-12;

fn limiter(settings: Settings, sample_rate_hz: f64) -> Limiter {
    let mut limiter = Limiter::new(settings);
    limiter.prepare(Spec { sample_rate_hz, max_frames: 1 << 20, channels: 2 });
    limiter
}

fn run(limiter: &mut Limiter, frames: &[Frame]) -> Vec<Frame> {
    let mut out = frames.to_vec();
    limiter.process(&mut out);
    out
}

fn lane(frames: &[Frame], lane: usize) -> Vec<f64> {
    frames.iter().map(|frame| frame[lane]).collect()
}

/// Loud and quiet noise of both channels apart, from −40 to +20 dBFS, changing every 500 frames.
fn programme(seed: u64, len: usize) -> Vec<Frame> {
    let mut noise = Noise::new(seed);
    let mut out = Vec::new();
    while out.len() < len {
        let level = -10.0 + 30.0 * noise.tick();
        out.extend(noise.stereo(level, 500));
    }
    out.truncate(len);
    out
}

// --- what it holds

fn any_settings() -> impl Strategy<Value = Settings> {
    let range = |range: dsp_core::Range| (0.0..=1.0_f64).prop_map(move |at| range.at_position(at));
    (range(DRIVE_DB), range(CEILING_DBTP), range(LOOKAHEAD_MS), range(RELEASE_MS), range(LINK_PCT), any::<bool>())
        .prop_map(|(drive_db, ceiling_dbtp, lookahead_ms, release_ms, link_pct, true_peak)| Settings {
            on: true,
            drive_db,
            ceiling_dbtp,
            lookahead_ms,
            release_ms,
            link_pct,
            true_peak,
        })
}

fn any_rate() -> impl Strategy<Value = f64> {
    prop::sample::select(vec![8000.0, 44_100.0, 48_000.0, 96_000.0, 192_000.0, 768_000.0])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_sample_exceeds_the_ceiling(first in any_settings(), second in any_settings(), seed in 0..u64::MAX) {
        // Everything but the ceiling moves half way, and back.
        let second = Settings { ceiling_dbtp: first.ceiling_dbtp, ..second };
        let mut limiter = limiter(first, FS);
        let ceiling = db_to_gain(first.ceiling_dbtp) * ROUNDING;
        for (n, block) in programme(seed, 6000).chunks(1000).enumerate() {
            limiter.set(if n % 2 == 0 { first } else { second });
            let out = run(&mut limiter, block);
            let peak = out.iter().flatten().fold(0.0, |peak: f64, x| peak.max(x.abs()));
            prop_assert!(peak <= ceiling, "{} over {}", peak, ceiling);
        }
    }

    #[test]
    fn a_moving_ceiling_is_held_where_it_was_a_lookahead_ago(
        settings in any_settings(), to in CEILING_DBTP.min..CEILING_DBTP.max, seed in 0..u64::MAX
    ) {
        let mut limiter = limiter(settings, FS);
        let lookahead = (settings.lookahead_ms * FS / 1000.0).round() as usize;
        let mut ramp = Smoothed::new(settings.ceiling_dbtp);
        ramp.prepare(FS);
        let mut ceiling = vec![settings.ceiling_dbtp; lookahead];
        for (n, block) in programme(seed, 6000).chunks(2000).enumerate() {
            let target = if n % 2 == 0 { settings.ceiling_dbtp } else { to };
            limiter.set(Settings { ceiling_dbtp: target, ..settings });
            ramp.set(target);
            ceiling.extend(block.iter().map(|_| ramp.tick()));
            for (at, frame) in run(&mut limiter, block).iter().enumerate() {
                let ceiling = db_to_gain(ceiling[2000 * n + at]) * ROUNDING;
                prop_assert!(frame[0].abs() <= ceiling && frame[1].abs() <= ceiling, "{:?} over {}", frame, ceiling);
            }
        }
    }

    #[test]
    fn anything_in_gives_finite_out(
        settings in any_settings(),
        on in any::<bool>(),
        rate in any_rate(),
        frames in prop::collection::vec([prop::num::f64::ANY, prop::num::f64::ANY], 1..500),
    ) {
        let mut limiter = limiter(settings, rate);
        let out = run(&mut limiter, &frames);
        limiter.set(Settings { on, ..settings });
        let rest = run(&mut limiter, &frames.repeat(5));
        prop_assert!(out.iter().chain(&rest).flatten().all(|x| x.is_finite()));
        prop_assert!(limiter.reduction_db() >= 0.0);
    }
}

/// How far the true peak exceeds the ceiling, in dB.
fn over_db(limiter: &mut Limiter, mono: &[f64], settings: Settings) -> f64 {
    let out = lane(&run(limiter, &both(mono)), 0);
    // Cut edges ring by themselves.
    true_peak_db(&out, 2000) - settings.ceiling_dbtp
}

fn driven() -> Settings {
    Settings { drive_db: 12.0, release_ms: 20.0, ..Settings::default() }
}

/// Frames looked at: one transform's worth for `true_peak_db`.
const LEN: usize = 34_000;

/// Noise bursts as bright as loud music: four poles at 5 kHz, levels changing every 30 ms.
fn bursts_of_noise(fs: f64) -> Vec<f64> {
    let mut noise = Noise::new(11);
    let keep = (-TAU * 5000.0 / fs).exp();
    let (mut poles, mut level) = ([0.0; 4], 0.0);
    (0..LEN)
        .map(|n| {
            if n % (0.03 * fs) as usize == 0 {
                level = 1.0 + noise.tick();
            }
            // Brought back to the level of white noise.
            let x = noise.tick() * level / (1.0 - keep).sqrt();
            poles.iter_mut().fold(x, |x, y| {
                *y += (1.0 - keep) * (x - *y);
                *y
            })
        })
        .collect()
}

fn quarter_rate_bursts(fs: f64) -> Vec<f64> {
    let at = |n: usize| {
        (TAU / 4.0 * n as f64 + FRAC_PI_4).sin() * f64::from(n % (0.07 * fs) as usize > (0.035 * fs) as usize)
    };
    (0..LEN).map(at).collect()
}

fn clicks() -> Vec<f64> {
    let mut noise = Noise::new(5);
    (0..LEN).map(|n| if n % 997 == 0 { 1.0 } else { 0.02 * noise.tick() }).collect()
}

#[test]
fn the_true_peak_of_programme_stays_within_a_tenth_of_a_db() {
    for fs in RATES {
        let settings = driven();
        let signals = [
            ("bursts of noise", bursts_of_noise(fs)),
            ("fs/4 bursts", quarter_rate_bursts(fs)),
            ("sweep", sweep(20.0, 20_000.0, 0.0, LEN as f64 / fs, fs)),
            ("clicks", clicks()),
        ];
        for (name, mono) in signals {
            let over = over_db(&mut limiter(settings, fs), &mono, settings);
            println!("{fs} Hz, {name}: {over:+.3} dB");
            // What the detector's top octave and the gain's movement leave; and it must have had something to do.
            assert!((-0.1..=0.1).contains(&over), "{fs} Hz, {name}: {over} dB over");
        }
    }
}

#[test]
fn the_true_peak_of_what_no_one_listens_to_is_known() {
    for fs in [48_000.0, 192_000.0] {
        let settings = driven();
        let mut noise = Noise::new(2);
        let signals = [
            ("square", plumb_signals::square(3001.0, 0.0, LEN as f64 / fs, fs), 0.3),
            ("random ±1", (0..LEN).map(|_| noise.tick().signum()).collect(), 2.0),
            ("white noise", (0..LEN).map(|_| noise.tick()).collect(), 1.5),
        ];
        for (name, mono, limit) in signals {
            let over = over_db(&mut limiter(settings, fs), &mono, settings);
            println!("{fs} Hz, {name}: {over:+.3} dB");
            // As measured, with room: full level up to half the rate is beyond a detector of 64 taps.
            assert!(over <= limit, "{fs} Hz, {name}: {over} dB over");
        }
    }
}

#[test]
fn automation_of_drive_and_release_does_not_overshoot() {
    let settings = driven();
    let mut limiter = limiter(settings, FS);
    let mut out = Vec::new();
    for (n, block) in both(&bursts_of_noise(FS)).chunks(700).enumerate() {
        let drive_db = [0.0, 24.0, 6.0, 12.0][n % 4];
        limiter.set(Settings { drive_db, release_ms: [1.0, 1000.0, 20.0][n % 3], ..settings });
        out.extend(run(&mut limiter, block));
    }
    let over = true_peak_db(&lane(&out, 0), 2000) - settings.ceiling_dbtp;
    println!("automated: {over:+.3} dB");
    assert!(over <= 0.1, "{over} dB over");
}

#[test]
fn peaks_between_samples_are_let_through_when_not_asked_for() {
    let settings = Settings { true_peak: false, ..driven() };
    let over = over_db(&mut limiter(settings, FS), &sine(FS / 4.0, 0.0, LEN as f64 / FS, FS), settings);
    // fs/4 at 45°: the wave is 3.01 dB above its samples.
    assert!((over - 3.01).abs() < 0.01, "{over}");
}

// --- what it leaves alone

#[test]
fn an_impulse_comes_out_after_the_latency() {
    for fs in [8000.0, 44_100.0, 48_000.0, 96_000.0, 192_000.0, 768_000.0] {
        for lookahead_ms in [LOOKAHEAD_MS.min, LOOKAHEAD_MS.default, 3.3, LOOKAHEAD_MS.max] {
            for (on, true_peak) in [(true, true), (true, false), (false, true)] {
                let mut limiter = limiter(Settings { on, true_peak, lookahead_ms, ..Settings::default() }, fs);
                let latency = limiter.latency_frames();
                let mut frames = vec![[0.0; 2]; latency + 10];
                frames[3] = [0.5, -0.25];
                let out = run(&mut limiter, &frames);
                for (n, frame) in out.iter().enumerate() {
                    assert_eq!(*frame, if n == latency + 3 { [0.5, -0.25] } else { [0.0; 2] }, "{fs} Hz, frame {n}");
                }
            }
        }
    }
}

/// The input after the limiter's latency.
fn delayed(frames: &[Frame], latency: usize) -> Vec<Frame> {
    [vec![[0.0; 2]; latency], frames[..frames.len() - latency].to_vec()].concat()
}

#[test]
fn below_the_ceiling_it_is_a_delay() {
    // Peaks between samples included: noise reaches at most the sum of the taps, 12 dB above its samples.
    let quiet = Noise::new(1).stereo(-14.0, 10_000);
    let mut as_is = limiter(Settings::default(), FS);
    assert_eq!(run(&mut as_is, &quiet), delayed(&quiet, as_is.latency_frames()));
    assert_eq!(as_is.reduction_db(), 0.0);
    let mut louder = limiter(Settings { drive_db: 12.0, ..Settings::default() }, FS);
    let quieter = Noise::new(1).stereo(-26.0, 10_000);
    let times_drive: Vec<Frame> = quieter.iter().map(|frame| frame.map(|x| x * db_to_gain(12.0))).collect();
    assert_eq!(run(&mut louder, &quieter), delayed(&times_drive, louder.latency_frames()));
}

#[test]
fn off_is_a_delay_whatever_the_rest() {
    let loud = programme(1, 10_000);
    let mut limiter = limiter(Settings { on: false, drive_db: 20.0, ..Settings::default() }, FS);
    assert_eq!(run(&mut limiter, &loud), delayed(&loud, limiter.latency_frames()));
    assert_eq!(limiter.reduction_db(), 0.0);
}

#[test]
fn after_limiting_it_is_a_delay_again() {
    let mut limiter = limiter(Settings { release_ms: 10.0, ..Settings::default() }, FS);
    run(&mut limiter, &programme(4, 5000));
    // 60 dB in steps of 2^-32 dB need 38 times the release.
    run(&mut limiter, &vec![[0.0; 2]; 24_000]);
    let quiet = Noise::new(1).stereo(-20.0, 5000);
    let latency = limiter.latency_frames();
    assert_eq!(run(&mut limiter, &quiet)[latency..], delayed(&quiet, latency)[latency..]);
}

#[test]
fn turning_it_on_and_off_is_smooth_and_ends_exact() {
    let settings = Settings { drive_db: 12.0, ..Settings::default() };
    let x = both(&sine(200.0, -3.0, 1.0, FS));
    let mut limiter = limiter(Settings { on: false, ..settings }, FS);
    let latency = limiter.latency_frames();
    let mut out = Vec::new();
    for (n, block) in x.chunks(6000).enumerate() {
        limiter.set(Settings { on: n % 2 == 1, ..settings });
        out.extend(run(&mut limiter, block));
        if n % 2 == 1 {
            assert!((limiter.reduction_db() - 10.0).abs() < 0.1, "{}", limiter.reduction_db());
        }
    }
    let mono = lane(&out, 0);
    // A sine at 200 Hz of amplitude 0.9 bends by (2π·200/48000)² × 0.9 = 6e-4 a frame; a ramp adds corners of its
    // slope, a tenth of a dB in 10 frames. A click would bend by 0.1 and more.
    let bend = mono[latency..].windows(3).fold(0.0, |most: f64, x| most.max((x[0] - 2.0 * x[1] + x[2]).abs()));
    assert!(bend < 2e-3, "{bend}");
    for block in [2, 4, 6] {
        // Off again, 20 ms after the switch.
        let (from, to) = (block * 6000 + 960, block * 6000 + 6000);
        assert_eq!(out[from..to], delayed(&x, latency)[from..to]);
    }
}

#[test]
fn turned_on_it_holds_the_ceiling_after_its_latency_and_ramp() {
    let loud = programme(9, 20_000);
    let settings = Settings { drive_db: 6.0, ..Settings::default() };
    let mut limiter = limiter(Settings { on: false, ..settings }, FS);
    run(&mut limiter, &loud[..5000]);
    limiter.set(settings);
    let out = run(&mut limiter, &loud[5000..]);
    let held = &out[limiter.latency_frames() + 960..];
    assert!(sample_peak_db(held.as_flattened()) <= -1.0 + 1e-9);
}

#[test]
fn turning_on_a_great_drive_is_no_blast() {
    // Below the ceiling before, at it after: never above in between, although the gain needs 20 ms to be known.
    let settings = Settings { drive_db: DRIVE_DB.max, lookahead_ms: LOOKAHEAD_MS.max, ..Settings::default() };
    let mut limiter = limiter(Settings { on: false, ..settings }, FS);
    let x = both(&sine(997.0, -6.0, 0.3, FS));
    run(&mut limiter, &x);
    limiter.set(settings);
    let out = run(&mut limiter, &x);
    assert!(sample_peak_db(out.as_flattened()) <= -1.0 + 1e-9, "{}", sample_peak_db(out.as_flattened()));
    assert!(sample_peak_db(&lane(&out[10_000..], 0)) > -1.1);
}

// --- when it acts

#[test]
fn release_covers_63_percent_in_its_time() {
    for fs in RATES {
        for release_ms in [10.0, 100.0, 500.0] {
            let settings = Settings { drive_db: 12.0, release_ms, true_peak: false, ..Settings::default() };
            // Set on the way, like a user would.
            let mut limiter = limiter(Settings { release_ms: 30.0, ..settings }, fs);
            limiter.set(settings);
            let loud = vec![[1.0; 2]; (fs * 0.1) as usize];
            run(&mut limiter, &loud);
            let full = limiter.reduction_db();
            assert!((full - 13.0).abs() < 1e-6, "{full}");
            // The peak has to leave the lookahead and the smoothing half of it more, on average.
            let lookahead = limiter.latency_frames() - 32;
            run(&mut limiter, &vec![[0.01; 2]; 32 + lookahead + lookahead / 2]);
            run(&mut limiter, &vec![[0.01; 2]; (release_ms * fs / 1000.0).round() as usize]);
            let covered = 1.0 - limiter.reduction_db() / full;
            // Smoothing an exponential of 10 ms over 2 ms lets it end 0.1 % higher; two frames of counting at 44.1 kHz
            // are 0.2 %.
            assert!((covered - (1.0 - (-1.0_f64).exp())).abs() < 0.004, "{fs} Hz, {release_ms} ms: {covered}");
        }
    }
}

#[test]
fn the_gain_is_down_before_the_peak_and_not_before_its_lookahead() {
    let mut limiter = limiter(Settings { true_peak: false, lookahead_ms: 5.0, ..Settings::default() }, FS);
    let mut frames = vec![[0.1; 2]; 2000];
    frames[1000] = [4.0; 2];
    let out = run(&mut limiter, &frames);
    let at = 1000 + limiter.latency_frames();
    assert!(out[at][0] <= db_to_gain(-1.0) * ROUNDING && out[at][0] > db_to_gain(-1.0) * (1.0 - 1e-9));
    assert_eq!(out[at - 241], [0.1; 2], "5 ms are 240 frames");
    assert!(out[at - 238][0] < 0.1);
    assert!(out[at - 240..at].is_sorted_by(|a, b| a[0] >= b[0]));
}

#[test]
fn a_new_lookahead_waits_for_reset() {
    let mut limiter = limiter(Settings::default(), FS);
    let before = limiter.latency_frames();
    limiter.set(Settings { lookahead_ms: 10.0, ..Settings::default() });
    let mut frames = vec![[0.0; 2]; 1000];
    frames[0] = [0.5; 2];
    let out = run(&mut limiter, &frames);
    assert_eq!((limiter.latency_frames(), out[before]), (before, [0.5; 2]));
    let pending = limiter.pending_latency_frames();
    assert_eq!(pending, before + (8.0 * FS / 1000.0) as usize);
    assert_no_alloc::assert_no_alloc(|| limiter.reset());
    let out = run(&mut limiter, &frames);
    assert_eq!((limiter.latency_frames(), out[pending]), (pending, [0.5; 2]));
}

#[test]
fn latency_is_the_same_on_or_off_and_with_either_detector() {
    let mut limiter = limiter(Settings::default(), FS);
    let latency = limiter.latency_frames();
    for (on, true_peak) in [(true, false), (false, false), (false, true)] {
        limiter.set(Settings { on, true_peak, ..Settings::default() });
        limiter.reset();
        assert_eq!(limiter.latency_frames(), latency);
    }
}

// --- channels

#[test]
fn linked_channels_share_one_gain_and_unlinked_ones_none() {
    let x: Vec<Frame> = Noise::new(3).stereo(12.0, 10_000).iter().map(|frame| [frame[0], 0.01]).collect();
    let gains = |link_pct: f64| {
        let mut limiter = limiter(Settings { link_pct, ..Settings::default() }, FS);
        let latency = limiter.latency_frames();
        let out = run(&mut limiter, &x);
        (latency..x.len()).map(|n| [0, 1].map(|lane| out[n][lane] / x[n - latency][lane])).collect::<Vec<_>>()
    };
    // Dividing again costs two roundings.
    assert!(gains(100.0).iter().all(|[left, right]| (left - right).abs() < 1e-14));
    assert!(gains(0.0).iter().all(|[_, right]| *right == 1.0));
    let half = gains(50.0);
    // In dB: the quiet channel takes half, so its gain is the root (as released and smoothed alike, within 1e-8).
    assert!(half.iter().all(|[left, right]| (left.sqrt() - right).abs() < 1e-8));
    assert!(half.iter().any(|[left, _]| *left < 0.3));
}

#[test]
fn equal_channels_stay_equal() {
    let x: Vec<Frame> = programme(8, 10_000).iter().map(|frame| [frame[0]; 2]).collect();
    for link_pct in [0.0, 30.0, 100.0] {
        let out = run(&mut limiter(Settings { link_pct, ..Settings::default() }, FS), &x);
        assert!(out.iter().all(|frame| frame[0] == frame[1]));
    }
}

// --- how it runs

/// Settings that move everything, by turns.
fn turn(n: usize) -> Settings {
    Settings {
        on: n % 5 != 3,
        drive_db: [6.0, 0.0, 18.0][n % 3],
        ceiling_dbtp: [-1.0, -6.0][n % 2],
        lookahead_ms: 2.0,
        release_ms: [5.0, 300.0][n % 2],
        link_pct: [100.0, 0.0, 40.0][n % 3],
        true_peak: n % 4 != 2,
    }
}

#[test]
fn blocks_of_any_length_give_the_same_output() {
    let x = programme(6, 20_000);
    let with_blocks = |len: usize| {
        let mut limiter = limiter(turn(0), FS);
        let mut out = x.clone();
        for (n, stretch) in out.chunks_mut(2000).enumerate() {
            limiter.set(turn(n));
            stretch.chunks_mut(len).for_each(|block| limiter.process(block));
        }
        out
    };
    let whole = with_blocks(2000);
    for len in [1, 7, 64] {
        assert_eq!(with_blocks(len), whole, "blocks of {len}");
    }
}

#[test]
fn reset_equals_new() {
    let x = programme(6, 5000);
    for settings in [turn(0), turn(3)] {
        let mut used = limiter(turn(1), FS);
        run(&mut used, &x);
        used.set(settings);
        run(&mut used, &x[..100]);
        used.reset();
        assert_eq!(run(&mut used, &x), run(&mut limiter(settings, FS), &x));
    }
}

#[test]
fn it_recovers_from_the_worst_within_a_second() {
    let mut limiter = limiter(Settings::default(), FS);
    run(&mut limiter, &vec![[f64::NAN, f64::INFINITY]; 1000]);
    run(&mut limiter, &vec![[1e300, -1e300]; 1000]);
    let x = both(&sine(997.0, -20.0, 1.0, FS));
    run(&mut limiter, &x);
    // +101 dB at the default release of 100 ms: e^-9.5 of it is left.
    assert!(limiter.reduction_db() < 0.01, "{}", limiter.reduction_db());
}

#[test]
fn running_does_not_allocate() {
    let mut limiter = limiter(turn(0), FS);
    let mut x = programme(6, 20_000);
    assert_no_alloc::assert_no_alloc(|| {
        for (n, block) in x.chunks_mut(1000).enumerate() {
            limiter.set(turn(n));
            limiter.process(block);
        }
        limiter.reset();
    });
}

#[test]
fn it_works_before_prepare() {
    let mut limiter = Limiter::new(Settings::default());
    let out = run(&mut limiter, &programme(2, 5000));
    assert!(sample_peak_db(out.as_flattened()) <= -1.0 + 1e-9);
}

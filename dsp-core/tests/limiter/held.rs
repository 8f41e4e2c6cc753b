//! No sample over the ceiling, whatever goes in and whatever is turned.

use super::{CHUNK, Detection, FS, ROUNDING, Settings, Style, lane, limiter, programme, run, turn};
use dsp_core::Frame;
use dsp_core::Stage;
use dsp_core::limiter::lookahead::{
    CEILING_DB, DRIVE_DB, LOOKAHEAD_MS, RELEASE_LINK_PCT, RELEASE_MS, SOFT_CLIP_PCT, TRANSIENT_LINK_PCT,
};
use dsp_core::smooth::Smoothed;
use dsp_core::units::db_to_gain;
use plumb_signals::{both, sample_peak_db, sine};
use proptest::prelude::*;

fn any_settings() -> impl Strategy<Value = Settings> {
    let range = |range: dsp_core::Range| (0.0..=1.0_f64).prop_map(move |at| range.at_position(at));
    let numbers = (
        range(DRIVE_DB),
        range(CEILING_DB),
        range(LOOKAHEAD_MS),
        range(RELEASE_MS),
        range(TRANSIENT_LINK_PCT),
        range(RELEASE_LINK_PCT),
        prop_oneof![Just(0.0), range(SOFT_CLIP_PCT)],
    );
    let styles = prop::sample::select(vec![Style::Transparent, Style::Punchy, Style::Loud]);
    let detections = prop::sample::select(vec![Detection::TruePeak, Detection::SamplePeak, Detection::ZeroLatency]);
    (numbers, any::<[bool; 3]>(), styles, detections).prop_map(
        |(
            (drive_db, ceiling_db, lookahead_ms, release_ms, transient_link_pct, release_link_pct, soft_clip_pct),
            [auto_release, unity_gain, delta],
            style,
            detection,
        )| Settings {
            on: true,
            drive_db,
            ceiling_db,
            lookahead_ms,
            release_ms,
            auto_release,
            transient_link_pct,
            release_link_pct,
            style,
            soft_clip_pct,
            detection,
            unity_gain,
            delta,
        },
    )
}

fn any_rate() -> impl Strategy<Value = f64> {
    prop::sample::select(vec![8000.0, 44_100.0, 48_000.0, 96_000.0, 192_000.0])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_sample_exceeds_the_ceiling(first in any_settings(), second in any_settings(), seed in 0..u64::MAX) {
        // Everything but the ceiling moves half way, and back.
        let second = Settings { ceiling_db: first.ceiling_db, ..second };
        let mut limiter = limiter(first, FS);
        let ceiling = db_to_gain(first.ceiling_db) * ROUNDING;
        for (n, block) in programme(seed, 6000).chunks(1000).enumerate() {
            limiter.set(if n % 2 == 0 { first } else { second });
            let out = run(&mut limiter, block);
            let peak = out.iter().flatten().fold(0.0, |peak: f64, x| peak.max(x.abs()));
            prop_assert!(peak <= ceiling, "{} over {}", peak, ceiling);
        }
    }

    #[test]
    fn a_moving_ceiling_is_held_where_it_was_a_lookahead_ago(
        settings in any_settings(), to in CEILING_DB.min..CEILING_DB.max, seed in 0..u64::MAX
    ) {
        // The cut of what is taken away is not held to a ceiling that was.
        let settings = Settings { delta: false, ..settings };
        let mut limiter = limiter(settings, FS);
        // With no lookahead the gain is of the same frame.
        let before = match settings.detection {
            Detection::ZeroLatency => 0,
            _ => CHUNK + (settings.lookahead_ms * FS / 1000.0).round() as usize,
        };
        let mut ramp = Smoothed::new(settings.ceiling_db);
        ramp.prepare(FS);
        let mut ceiling = vec![settings.ceiling_db; before];
        for (n, block) in programme(seed, 6048).chunks(2016).enumerate() {
            let target = if n % 2 == 0 { settings.ceiling_db } else { to };
            limiter.set(Settings { ceiling_db: target, ..settings });
            ramp.set(target);
            ceiling.extend(block.iter().map(|_| ramp.tick()));
            for (at, frame) in run(&mut limiter, block).iter().enumerate() {
                let ceiling = db_to_gain(ceiling[2016 * n + at]) * ROUNDING;
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

#[test]
fn everything_turned_every_block_holds_the_ceiling() {
    let x: Vec<Frame> = programme(21, 60_000)
        .into_iter()
        .enumerate()
        .map(|(n, frame)| match n % 1009 {
            0 => [f64::NAN, f64::INFINITY],
            1 => [-1e300, 1e-310],
            _ => frame,
        })
        .collect();
    for detection in [Detection::TruePeak, Detection::SamplePeak, Detection::ZeroLatency] {
        let start = Settings { detection, ..turn(0) };
        let mut limiter = limiter(start, FS);
        let ceiling = db_to_gain(-1.0) * ROUNDING;
        for (n, block) in x.chunks(64).enumerate() {
            limiter.set(Settings { detection, on: true, ceiling_db: -1.0, ..turn(n) });
            for frame in run(&mut limiter, block) {
                assert!(frame[0].abs() <= ceiling && frame[1].abs() <= ceiling, "{detection:?}: {frame:?}");
            }
        }
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
    let held = &out[limiter.latency_frames() + CHUNK + 960..];
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

//! A band's dynamics through their public calls: level, curve, times, relative threshold, cuts, hostile input.

use super::*;
use crate::Frame;
use crate::eq::band::{Band, Shape};
use crate::filter::prototype::Prototype;
use crate::smooth::CONTROL_FRAMES;
use crate::units::db_to_gain;
use plumb_signals::{Noise, both, sine};

const RATES: [f64; 4] = [44_100.0, 48_000.0, 96_000.0, 192_000.0];
/// 1 − 1/e.
const COVERED: f64 = 0.632_120_558_828_557_7;

fn moving() -> Settings {
    Settings { on: true, range_db: -12.0, ..Settings::STATIC }
}

fn bell(freq_hz: f64, q: f64) -> Prototype {
    Band { q, ..Band::flat(Shape::Bell, freq_hz) }.region()
}

fn prepared(settings: Settings, region: Prototype, rate: f64) -> BandDynamics {
    let mut dynamics = BandDynamics::new(settings, region);
    dynamics.prepare(rate);
    dynamics
}

/// Level and offset at every control step.
fn run(dynamics: &mut BandDynamics, frames: &[Frame]) -> Vec<[f64; 2]> {
    let steps = frames.chunks_exact(CONTROL_FRAMES).map(|chunk| {
        dynamics.detect(chunk);
        let offset_db = dynamics.step();
        [dynamics.level_db(), offset_db]
    });
    steps.collect()
}

#[test]
fn a_steady_sine_at_the_centre_reads_its_peak_without_ripple() {
    for rate in RATES {
        for freq_hz in [50.0, 107.0, 300.0, 997.0, 1100.0, 2500.0, 5003.0, 8000.0, 10_000.0, (rate / 4.0).min(30_000.0)]
        {
            for q in [0.5, 0.707, 4.0] {
                let mut dynamics = prepared(moving(), bell(freq_hz, q), rate);
                let tone: Vec<Frame> = sine(freq_hz, -7.0, 0.5, rate).iter().map(|x| [0.1 * x, -x]).collect();
                let levels = run(&mut dynamics, &tone);
                let settled = &levels[levels.len() / 2..];
                let [low, high] = settled.iter().fold([f64::MAX, f64::MIN], |[a, b], [x, _]| [a.min(*x), b.max(*x)]);
                if q == 0.707 {
                    eprintln!("{rate} Hz, {freq_hz} Hz: {:.4} dB off, ripple {:.4} dB", low + 7.0, high - low);
                }
                // The bounds that detector.rs names: 0.024 dB of a peak missed, 0.02 dB of ripple in the mean.
                assert!(low > -7.025 && high < -6.98, "{freq_hz} Hz, Q {q}, at {rate}: {low} to {high}");
            }
        }
    }
}

#[test]
fn shelves_detect_what_they_act_on() {
    let rate = 48_000.0;
    for (shape, inside_hz, outside_hz) in [(Shape::LowShelf, 40.0, 3977.0), (Shape::HighShelf, 3977.0, 40.0)] {
        let level = |freq_hz: f64| {
            let mut dynamics = prepared(moving(), Band::flat(shape, 400.0).region(), rate);
            run(&mut dynamics, &both(&sine(freq_hz, -10.0, 1.0, rate))).last().map(|[level_db, _]| *level_db)
        };
        let (inside, outside) = (level(inside_hz).unwrap(), level(outside_hz).unwrap());
        eprintln!("{shape:?}: {inside:.2} dB, {outside:.2} dB");
        assert!((inside + 10.0).abs() < 0.05 && outside < -48.0);
    }
}

#[test]
fn settles_on_the_static_curve() {
    let rate = 48_000.0;
    for knee_db in [0.0, 8.0, 32.0] {
        for range_db in [-30.0, -6.0, 4.0, 30.0] {
            for level_db in [-60.0, -47.0, -33.0, -32.0, -29.0, -26.5, -14.0, -3.0] {
                let settings =
                    Settings { threshold_db: -30.0, knee_db, range_db, attack_ms: 1.0, release_ms: 20.0, ..moving() };
                let mut dynamics = prepared(settings, bell(6000.0, 1.0), rate);
                let steps = run(&mut dynamics, &both(&sine(6000.0, level_db, 0.3, rate)));
                let x = if knee_db > 0.0 {
                    ((level_db - (-30.0 - knee_db / 2.0)) / knee_db).clamp(0.0, 1.0)
                } else {
                    f64::from(u8::from(level_db > -30.0))
                };
                let expected = range_db * (3.0 * x.powi(2) - 2.0 * x.powi(3));
                let [_, offset_db] = steps[steps.len() - 1];
                assert!(
                    (offset_db - expected).abs() <= 0.01,
                    "{knee_db} {range_db} {level_db}: {offset_db} {expected}"
                );
            }
        }
    }
}

/// Time until the offset has covered 63 % of its way from one steady tone to another.
fn measured_ms(settings: Settings, from_db: f64, to_db: f64, freq_hz: f64, rate: f64) -> f64 {
    let mut dynamics = prepared(settings, bell(freq_hz, 0.707), rate);
    let seconds = 0.05 + 8.0 * settings.attack_ms.max(settings.release_ms) / 1000.0;
    let tone = sine(freq_hz, 0.0, 2.0 * seconds, rate);
    let change = tone.len() / 2 / CONTROL_FRAMES * CONTROL_FRAMES;
    let at = |n: usize| db_to_gain(if n < change { from_db } else { to_db });
    let frames: Vec<Frame> = tone.iter().enumerate().map(|(n, x)| [x * at(n); 2]).collect();
    let steps = run(&mut dynamics, &frames);
    let change = change / CONTROL_FRAMES;
    let ([_, from], [_, to]) = (steps[change - 1], steps[steps.len() - 1]);
    assert!((from - to).abs() > 1.0, "{from} {to}");
    let after = steps[change..].iter().take_while(|[_, now]| (now - from) / (to - from) < COVERED).count();
    // Between two steps, in a straight line; the step `after` has had `after + 1` of them.
    let covered = |step: usize| (steps[step][1] - from) / (to - from);
    let (before, then) = (covered(change + after - 1), covered(change + after));
    (after as f64 + (COVERED - before) / (then - before)) * CONTROL_FRAMES as f64 / rate * 1000.0
}

#[test]
fn attack_and_release_cover_63_percent_in_their_times() {
    let freq_hz = 6000.0;
    for rate in RATES {
        let step_ms = CONTROL_FRAMES as f64 / rate * 1000.0;
        for (attack_ms, release_ms) in [(0.1, 5.0), (5.0, 30.0), (15.0, 150.0), (100.0, 300.0)] {
            for range_db in [-12.0, 12.0] {
                let settings = Settings { attack_ms, release_ms, range_db, ..moving() };
                let up = measured_ms(settings, -60.0, -10.0, freq_hz, rate);
                let down = measured_ms(settings, -10.0, -60.0, freq_hz, rate);
                eprintln!("{rate} Hz: attack {attack_ms} ms is {up:.2}, release {release_ms} ms is {down:.2}");
                assert!((up - attack_ms).abs() <= 0.02 * attack_ms + step_ms, "attack {attack_ms} at {rate}: {up}");
                assert!((down - release_ms).abs() <= 0.02 * release_ms + step_ms, "release {release_ms}: {down}");
            }
        }
    }
}

#[test]
fn low_regions_keep_their_times_to_a_period() {
    // A tone of 100 Hz says that it has come at its first crest, and the region's own ringing (Q 0.7 falls by 60 dB in
    // 16 ms) that it has gone.
    let (rate, freq_hz) = (48_000.0, 100.0);
    let (up, down) =
        (measured_ms(moving(), -60.0, -10.0, freq_hz, rate), measured_ms(moving(), -10.0, -60.0, freq_hz, rate));
    eprintln!("100 Hz: attack {up:.1} ms, release {down:.1} ms");
    assert!((up - 15.0).abs() < 10.0 && (down - 150.0).abs() < 10.0);
}

/// Noise in bursts, as of a drum, with a pause in the middle.
fn song(level_db: f64, rate: f64) -> Vec<Frame> {
    let frames = Noise::new(7).stereo(level_db, (4.0 * rate) as usize);
    let gain = |n: usize| {
        let t = n as f64 / rate;
        if (2.0..2.5).contains(&t) { 0.0 } else { (-3.0 * (4.0 * t).fract()).exp() }
    };
    frames.iter().enumerate().map(|(n, x)| x.map(|x| x * gain(n))).collect()
}

#[test]
fn relative_treats_quieter_songs_alike() {
    let rate = 48_000.0;
    let settings = Settings { reference: Reference::Relative, threshold_db: 6.0, ..moving() };
    for region in [bell(300.0, 1.0), bell(5000.0, 0.5), Band::flat(Shape::HighShelf, 2000.0).region()] {
        let [loud, quiet, absolute] =
            [(settings, -6.0), (settings, -26.0), (Settings { threshold_db: -26.0, ..moving() }, -26.0)]
                .map(|(settings, level_db)| run(&mut prepared(settings, region, rate), &song(level_db, rate)));
        let worst = loud.iter().zip(&quiet).fold(0.0_f64, |worst, (a, b)| worst.max((a[1] - b[1]).abs()));
        let most = loud.iter().fold(0.0_f64, |most, [_, offset_db]| most.min(*offset_db));
        let other = absolute.iter().zip(&quiet).fold(0.0_f64, |worst, (a, b)| worst.max((a[1] - b[1]).abs()));
        eprintln!("up to {most:.2} dB, 20 dB quieter the same within {worst:.4} dB, (absolute {other:.1} dB off)");
        assert!(worst <= 0.1 && most < -3.0, "{worst} {most}");
    }
}

#[test]
fn silence_does_not_lower_a_relative_threshold() {
    let rate = 48_000.0;
    let settings = Settings { reference: Reference::Relative, ..moving() };
    let mut dynamics = prepared(settings, bell(1000.0, 1.0), rate);
    assert_eq!(dynamics.threshold_db(), None);
    run(&mut dynamics, &both(&sine(1000.0, -20.0, 5.0, rate)));
    let before = dynamics.threshold_db().unwrap();
    // The mean knows the filter's first milliseconds.
    assert!((before - (-20.0 + settings.threshold_db)).abs() < 0.02, "{before}");
    run(&mut dynamics, &both(&sine(1000.0, -75.0, 20.0, rate)));
    let after = dynamics.threshold_db().unwrap();
    // Only the end of the tone was still in the window.
    assert!((before - after).abs() < 0.05, "{before} {after}");
}

#[test]
fn cuts_make_no_difference_and_reset_is_as_new() {
    let frames = song(-6.0, 48_000.0);
    let new = prepared(moving(), bell(500.0, 1.0), 48_000.0);
    let (mut dynamics, mut cut) = (new.clone(), new.clone());
    let whole = run(&mut dynamics, &frames);
    let mut at = 0;
    for (n, step) in frames.chunks_exact(CONTROL_FRAMES).enumerate() {
        at = (at * 7 + 5) % CONTROL_FRAMES;
        let (first, then) = step.split_at(at);
        cut.detect(first);
        then.chunks(3).for_each(|piece| cut.detect(piece));
        assert_eq!([cut.step(), cut.level_db()], [whole[n][1], whole[n][0]]);
    }
    dynamics.reset();
    assert_eq!(run(&mut dynamics, &frames), whole);
}

#[test]
fn off_is_still_after_it_has_returned() {
    let rate = 48_000.0;
    let still = BandDynamics::new(Settings::STATIC, bell(1000.0, 1.0));
    assert!(!still.is_active());
    assert!(!BandDynamics::new(Settings { on: true, ..Settings::STATIC }, bell(1000.0, 1.0)).is_active());
    let mut dynamics = prepared(Settings { release_ms: 5000.0, ..moving() }, bell(1000.0, 1.0), rate);
    let tone = both(&sine(1000.0, -6.0, 2.0, rate));
    run(&mut dynamics, &tone);
    assert_eq!(dynamics.offset_db(), -12.0);
    dynamics.set(Settings { on: false, ..moving() }, bell(1000.0, 1.0));
    assert!(dynamics.is_active());
    let [_, first] = run(&mut dynamics, &tone[..CONTROL_FRAMES])[0];
    assert!((-12.0..-11.8).contains(&first), "no jump: {first}");
    run(&mut dynamics, &tone);
    assert!(!dynamics.is_active() && dynamics.offset_db() == 0.0);
}

#[test]
fn settings_move_the_offset_without_a_jump() {
    let (rate, region) = (48_000.0, bell(1000.0, 1.0));
    let mut dynamics = prepared(moving(), region, rate);
    let tone = both(&sine(1000.0, -6.0, 0.2, rate));
    run(&mut dynamics, &tone);
    let mut last = dynamics.offset_db();
    for range_db in [12.0, -12.0, 0.0, 30.0, -30.0] {
        dynamics.set(Settings { range_db, ..moving() }, region);
        assert_eq!(dynamics.offset_db(), last);
        let way = (range_db - last).abs();
        for [_, offset_db] in run(&mut dynamics, &tone) {
            // The quickest there is: one step of the attack.
            let most = way * (1.0 - (-(CONTROL_FRAMES as f64) / (0.015 * rate)).exp());
            assert!((offset_db - last).abs() <= most + 1e-9, "{last} to {offset_db}");
            last = offset_db;
        }
    }
}

#[test]
fn whatever_comes_in_it_stays_finite_and_recovers() {
    let (rate, region) = (48_000.0, bell(1000.0, 1.0));
    for hostile in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300, -1e160, 5e-324] {
        let wild = Settings {
            threshold_db: hostile,
            range_db: hostile,
            knee_db: hostile,
            attack_ms: hostile,
            release_ms: hostile,
            ..moving()
        };
        let nowhere = Band { q: hostile, ..Band::flat(Shape::Bell, hostile) }.clamped().region();
        let mut dynamics = prepared(moving(), region, rate);
        for (settings, region) in [(moving(), region), (wild, nowhere), (moving(), region)] {
            dynamics.set(settings, region);
            for input in [hostile, 0.5] {
                dynamics.detect(&[[input, 0.1]; CONTROL_FRAMES]);
                let offset_db = dynamics.step();
                assert!(offset_db.is_finite() && offset_db.abs() <= 30.0 && dynamics.level_db().is_finite());
            }
        }
        // From 30 dB off it takes 8 release times to be within 0.01 dB.
        let tone = both(&sine(1000.0, -10.0, 2.0, rate));
        let [level_db, offset_db] = run(&mut dynamics, &tone)[2900];
        assert!((level_db + 10.0).abs() < 0.03 && (offset_db + 12.0).abs() < 0.01, "{hostile}: {level_db} {offset_db}");
    }
}

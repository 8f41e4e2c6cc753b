//! Clipper proved on tones, noise and switches.

use super::*;
use crate::choice::Choice;
use crate::units::{db_to_gain, gain_to_db};
use crate::{Frame, Spec, Stage};
use core::f64::consts::TAU;
use plumb_signals::{Noise, both, sine};
use proptest::prelude::*;

const RATE_HZ: f64 = 48_000.0;

fn prepared(settings: Settings, rate_hz: f64) -> Clipper {
    let mut clipper = Clipper::new(settings);
    clipper.prepare(Spec::new(rate_hz, 4096, 2).unwrap());
    clipper
}

fn through(settings: Settings, rate_hz: f64, input: &[Frame]) -> Vec<Frame> {
    let mut block = input.to_vec();
    prepared(settings, rate_hz).process(&mut block, None);
    block
}

fn on(knee_pct: f64, oversampling: Factor) -> Settings {
    Settings { on: true, knee_pct, oversampling, ..Settings::default() }
}

fn delayed(input: &[Frame], frames: usize) -> Vec<Frame> {
    let silence = core::iter::repeat_n([0.0; 2], frames);
    silence.chain(input.iter().copied()).take(input.len()).collect()
}

fn bits(frames: &[Frame]) -> Vec<[u64; 2]> {
    frames.iter().map(|frame| frame.map(f64::to_bits)).collect()
}

/// Amplitude of a tone that fits the signal a whole number of times.
fn amplitude(signal: &[f64], turns: usize) -> f64 {
    let [mut re, mut im] = [0.0; 2];
    for (n, x) in signal.iter().enumerate() {
        let (sin, cos) = (TAU * ((n * turns) % signal.len()) as f64 / signal.len() as f64).sin_cos();
        (re, im) = (re + x * cos, im + x * sin);
    }
    2.0 / signal.len() as f64 * f64::hypot(re, im)
}

/// The last tenth of a second of a driven tone: 10 Hz a bin.
fn steady(settings: Settings, freq_hz: f64, rate_hz: f64) -> Vec<f64> {
    let out = through(settings, rate_hz, &both(&sine(freq_hz, 0.0, 0.5, rate_hz)));
    out[out.len() - (rate_hz / 10.0) as usize..].iter().map(|frame| frame[0]).collect()
}

#[test]
fn aliases_of_a_driven_tone_are_90_db_below_it_at_four_times() {
    for rate_hz in [44_100.0, 48_000.0] {
        for knee_pct in [0.0, 5.0, 20.0, 50.0, 100.0] {
            for oversampling in [Factor::X1, Factor::X2, Factor::X4, Factor::X8] {
                let settings = Settings { drive_db: 12.0, ..on(knee_pct, oversampling) };
                let out = steady(settings, 5000.0, rate_hz);
                let largest = (10..2000).step_by(10).filter(|bin| bin % 500 != 0).map(|bin| amplitude(&out, bin));
                let alias = gain_to_db(largest.fold(0.0, f64::max) / amplitude(&out, 500));
                eprintln!("{rate_hz} Hz, knee {knee_pct} %, {oversampling:?}: aliases at {alias:.1} dB");
                let limit = match oversampling {
                    // Nothing is promised.
                    Factor::X1 => 0.0,
                    Factor::X2 => -68.0,
                    Factor::X4 | Factor::X8 => -90.0,
                };
                assert!(alias <= limit, "{alias}");
            }
        }
    }
}

#[test]
fn harmonics_are_those_of_the_curve() {
    for knee_pct in [0.0, 40.0, 100.0] {
        for oversampling in Factor::ALL {
            let settings = Settings { drive_db: 6.0, ceiling_db: -6.0, ..on(knee_pct, *oversampling) };
            let out = steady(settings, 100.0, RATE_HZ);
            let (ceiling, knee) = (db_to_gain(-6.0), knee_pct / 100.0);
            let wave: Vec<f64> = (0..4096)
                .map(|n| {
                    let x = db_to_gain(6.0) * (TAU * f64::from(n) / 4096.0).sin();
                    x - curve::excess(x / ceiling, knee) * ceiling
                })
                .collect();
            for harmonic in [1, 3, 5, 7] {
                let off = (amplitude(&out, 10 * harmonic) - amplitude(&wave, harmonic)).abs();
                // 1e-4 of full scale: aliases without oversampling, a corner among 4096 points.
                assert!(off < 1e-4, "knee {knee_pct} %, {oversampling:?}, harmonic {harmonic}: off by {off}");
            }
        }
    }
}

#[test]
fn no_sample_exceeds_the_ceiling_without_oversampling() {
    let input = Noise::new(1).stereo(6.0, 20_000);
    for ceiling_db in [0.0, -3.3, -24.0] {
        for knee_pct in [0.0, 20.0, 100.0] {
            let settings = Settings { drive_db: 12.0, ceiling_db, ..on(knee_pct, Factor::X1) };
            let peak = through(settings, RATE_HZ, &input).iter().flatten().fold(0.0, |peak: f64, x| peak.max(x.abs()));
            assert_eq!(peak, db_to_gain(ceiling_db), "{ceiling_db} dB, knee {knee_pct} %");
        }
    }
}

#[test]
fn oversampled_it_overshoots_as_a_band_limited_wave_does() {
    let noise = Noise::new(1).stereo(-6.0, 20_000);
    let tone = both(&sine(5000.0, 0.0, 0.3, RATE_HZ));
    for oversampling in [Factor::X2, Factor::X4, Factor::X8] {
        for knee_pct in [0.0, 50.0] {
            let settings = Settings { drive_db: 12.0, ..on(knee_pct, oversampling) };
            let [noise, tone] = [&noise, &tone].map(|input| {
                let out = through(settings, RATE_HZ, input);
                gain_to_db(out[2000..].iter().flatten().fold(0.0, |peak: f64, x| peak.max(x.abs())))
            });
            eprintln!("{oversampling:?}, knee {knee_pct} %: white noise {noise:+.2} dB, 5 kHz {tone:+.2} dB");
            assert!(noise < 4.5 && tone < 1.5);
        }
    }
}

#[test]
fn below_the_knee_it_is_a_delay_to_the_last_bit() {
    // Peaks between samples count when it is oversampled: noise stays 12 dB below the knee.
    let input = Noise::new(2).stereo(-14.0, 5000);
    for oversampling in Factor::ALL {
        let mut clipper = prepared(on(20.0, *oversampling), RATE_HZ);
        let mut block = input.clone();
        clipper.process(&mut block, None);
        assert_eq!(bits(&block), bits(&delayed(&input, clipper.latency_frames())), "{oversampling:?}");
    }
}

#[test]
fn after_clipping_it_is_a_delay_again() {
    let mut input = Noise::new(3).stereo(6.0, 2000);
    input.extend(Noise::new(4).stereo(-14.0, 3000));
    for oversampling in Factor::ALL {
        let mut clipper = prepared(on(20.0, *oversampling), RATE_HZ);
        let mut block = input.clone();
        clipper.process(&mut block, None);
        let latency = clipper.latency_frames();
        let from = 2000 + 2 * latency + 1;
        assert_eq!(bits(&block[from..]), bits(&delayed(&input, latency)[from..]), "{oversampling:?}");
        assert_ne!(bits(&block[..2000]), bits(&delayed(&input, latency)[..2000]), "{oversampling:?}");
    }
}

#[test]
fn off_is_a_delay_whatever_is_set() {
    let input = Noise::new(5).stereo(6.0, 3000);
    for oversampling in Factor::ALL {
        let settings = Settings { on: false, drive_db: 24.0, delta: true, ..on(0.0, *oversampling) };
        let mut clipper = prepared(settings, RATE_HZ);
        assert_eq!(clipper.is_idle(), *oversampling == Factor::X1);
        let mut block = input.clone();
        clipper.process(&mut block, None);
        assert_eq!(bits(&block), bits(&delayed(&input, clipper.latency_frames())), "{oversampling:?}");
    }
}

#[test]
fn output_and_delta_add_up_to_the_driven_input() {
    let input = Noise::new(6).stereo(0.0, 4000);
    for oversampling in Factor::ALL {
        let settings = Settings { drive_db: 6.0, ..on(30.0, *oversampling) };
        let out = through(settings, RATE_HZ, &input);
        let delta = through(Settings { delta: true, ..settings }, RATE_HZ, &input);
        let dry = delayed(&input, prepared(settings, RATE_HZ).latency_frames());
        assert!(delta.iter().any(|frame| frame[0].abs() > 0.1));
        for ((out, delta), dry) in out.iter().zip(delta).zip(dry) {
            for lane in 0..2 {
                // 1e-12: roundings.
                assert!((out[lane] + delta[lane] - dry[lane] * db_to_gain(6.0)).abs() < 1e-12, "{oversampling:?}");
            }
        }
    }
}

#[test]
fn switched_on_it_is_what_it_would_have_been() {
    let input = Noise::new(7).stereo(6.0, 6000);
    for oversampling in Factor::ALL {
        let settings = Settings { drive_db: 3.0, ..on(0.0, *oversampling) };
        let expected = through(settings, RATE_HZ, &input);
        let mut clipper = prepared(Settings { on: false, ..settings }, RATE_HZ);
        let mut block = input.clone();
        clipper.process(&mut block[..1234], None);
        clipper.set(settings);
        clipper.process(&mut block[1234..], None);
        let from = 1234 + 2 * clipper.latency_frames() + 1 + 960;
        assert_eq!(bits(&block[from..]), bits(&expected[from..]), "{oversampling:?}");
    }
}

#[test]
fn nothing_clicks_when_it_is_turned() {
    let input = both(&sine(200.0, -3.0, 2.0, RATE_HZ));
    let base = Settings { drive_db: 6.0, ..on(50.0, Factor::X1) };
    let turns = [
        base,
        Settings { on: false, ..base },
        base,
        Settings { ceiling_db: -12.0, ..base },
        Settings { knee_pct: 0.0, ..base },
        Settings { drive_db: 18.0, knee_pct: 100.0, ..base },
        Settings { delta: true, ..base },
        base,
    ];
    // Largest second difference: a click bends by 0.1 and more.
    let bend = |frames: &[Frame]| {
        frames.windows(3).fold(0.0, |most: f64, w| most.max((w[0][0] - 2.0 * w[1][0] + w[2][0]).abs()))
    };
    for oversampling in Factor::ALL {
        let turns = turns.map(|settings| Settings { oversampling: *oversampling, ..settings });
        let own = turns.map(|settings| bend(&through(settings, RATE_HZ, &input)[1000..]));
        let own = own.into_iter().fold(0.0, f64::max);
        let (mut clipper, mut out) = (prepared(turns[0], RATE_HZ), input.clone());
        for (n, block) in out.chunks_mut(4000).enumerate() {
            clipper.set(turns[n % turns.len()]);
            clipper.process(block, None);
        }
        let most = bend(&out[1000..]);
        eprintln!("{oversampling:?}: bends by {most:.4} at most, {own:.4} while nothing is turned");
        assert!(most < own + 0.01, "{oversampling:?}: {most}, {own}");
    }
}

#[test]
fn output_does_not_depend_on_blocks() {
    let input = Noise::new(8).stereo(6.0, 4000);
    for oversampling in Factor::ALL {
        let run = |len: usize| {
            let (mut clipper, mut out) = (prepared(on(0.0, *oversampling), RATE_HZ), input.clone());
            for (n, part) in out.chunks_mut(1000).enumerate() {
                let moved =
                    Settings { drive_db: 3.0 * n as f64, ceiling_db: -2.0 * n as f64, ..on(20.0, *oversampling) };
                clipper.set(Settings { on: n != 2, delta: n == 3, ..moved });
                part.chunks_mut(len).for_each(|block| clipper.process(block, None));
            }
            bits(&out)
        };
        let whole = run(1000);
        for len in [1, 7, 64, 257] {
            assert_eq!(run(len), whole, "{oversampling:?}, blocks of {len}");
        }
    }
}

#[test]
fn reset_equals_new_and_adopts_the_oversampling() {
    let input = Noise::new(9).stereo(6.0, 2000);
    let mut clipper = prepared(on(0.0, Factor::X1), RATE_HZ);
    let next = Settings { drive_db: 6.0, ..on(10.0, Factor::X4) };
    clipper.process(&mut input.clone(), None);
    clipper.set(next);
    assert_eq!((clipper.latency_frames(), clipper.latency_frames_for(&next)), (0, 78));
    clipper.reset();
    assert_eq!(clipper.latency_frames(), 78);
    let mut block = input.clone();
    clipper.process(&mut block, None);
    assert_eq!(bits(&block), bits(&through(next, RATE_HZ, &input)));
}

#[test]
fn latency_is_the_oversamplers_and_a_frame_more_at_two_times() {
    for (oversampling, expected) in [(Factor::X1, 0), (Factor::X2, 72), (Factor::X4, 78), (Factor::X8, 80)] {
        let clipper = prepared(on(0.0, oversampling), RATE_HZ);
        assert_eq!(clipper.latency_frames(), expected);
        assert!(clipper.max_latency_frames() >= expected);
    }
}

#[test]
fn channels_do_not_leak_and_stay_equal() {
    let mono = sine(997.0, 6.0, 0.1, RATE_HZ);
    for oversampling in Factor::ALL {
        let settings = on(0.0, *oversampling);
        let left: Vec<Frame> = mono.iter().map(|x| [*x, 0.0]).collect();
        assert!(through(settings, RATE_HZ, &left).iter().all(|frame| frame[1] == 0.0));
        assert!(through(settings, RATE_HZ, &both(&mono)).iter().all(|[l, r]| l.to_bits() == r.to_bits()));
    }
}

#[test]
fn nothing_is_allocated() {
    let mut clipper = prepared(on(0.0, Factor::X8), RATE_HZ);
    let mut block = Noise::new(10).stereo(6.0, 4096);
    plumb_signals::assert_no_alloc(|| {
        for (n, oversampling) in Factor::ALL.iter().enumerate() {
            for turn in 0..4 {
                clipper.set(Settings { on: turn != 1, ceiling_db: -3.0 * n as f64, ..on(30.0, *oversampling) });
                clipper.process(&mut block, None);
            }
            clipper.reset();
        }
    });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn anything_in_gives_finite_out(
        numbers in prop::array::uniform3(prop::num::f64::ANY),
        turns in prop::collection::vec((any::<[bool; 2]>(), prop::num::f64::ANY), 4),
        factor in 0..4_usize,
        frames in prop::collection::vec(prop::array::uniform2(prop::num::f64::ANY), 1..300),
    ) {
        let oversampling = Factor::from_index(factor);
        let [drive_db, ceiling_db, knee_pct] = numbers;
        let mut clipper = prepared(on(0.0, oversampling), RATE_HZ);
        for ([on, delta], drive) in turns {
            clipper.set(Settings { on, delta, drive_db: drive_db + drive, ceiling_db, knee_pct, oversampling });
            let mut block = frames.clone();
            clipper.process(&mut block, None);
            prop_assert!(block.iter().flatten().all(|x| x.is_finite()));
        }
    }
}

//! How the limiter runs: channels, blocks, resets, memory.

use super::{Detection, FS, Limiter, Settings, limiter, programme, run, turn};
use dsp_core::Frame;
use dsp_core::Stage;
use plumb_signals::{Noise, both, sample_peak_db, sine};

#[test]
fn linked_channels_share_one_gain_and_unlinked_ones_none() {
    let x: Vec<Frame> = Noise::new(3).stereo(12.0, 10_000).iter().map(|frame| [frame[0], 0.01]).collect();
    let gains = |transient_link_pct: f64| {
        let mut limiter =
            limiter(Settings { transient_link_pct, release_link_pct: transient_link_pct, ..Settings::default() }, FS);
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
    for transient_link_pct in [0.0, 30.0, 100.0] {
        let out = run(&mut limiter(Settings { transient_link_pct, ..Settings::default() }, FS), &x);
        assert!(out.iter().all(|frame| frame[0] == frame[1]));
    }
}

#[test]
fn blocks_of_any_length_give_the_same_output() {
    let x = programme(6, 20_000);
    let with_blocks = |len: usize, detection: Detection| {
        let mut limiter = limiter(Settings { detection, ..turn(0) }, FS);
        let mut out = x.clone();
        for (n, stretch) in out.chunks_mut(2000).enumerate() {
            limiter.set(Settings { detection, ..turn(n) });
            stretch.chunks_mut(len).for_each(|block| limiter.process(block, None));
        }
        out
    };
    for detection in [Detection::TruePeak, Detection::SamplePeak, Detection::ZeroLatency] {
        let whole = with_blocks(2000, detection);
        for len in [1, 7, 64] {
            assert_eq!(with_blocks(len, detection), whole, "blocks of {len}, {detection:?}");
        }
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
    plumb_signals::assert_no_alloc(|| {
        for (n, block) in x.chunks_mut(1000).enumerate() {
            limiter.set(turn(n));
            limiter.process(block, None);
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

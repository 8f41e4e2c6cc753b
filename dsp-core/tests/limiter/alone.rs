//! What the limiter leaves alone.

use super::{CHUNK, Detection, FS, Settings, delayed, lane, limiter, programme, run};
use dsp_core::Frame;
use dsp_core::Stage;
use dsp_core::limiter::lookahead::LOOKAHEAD_MS;
use dsp_core::units::db_to_gain;
use plumb_signals::{Noise, both, sine};

#[test]
fn an_impulse_comes_out_after_the_latency() {
    for fs in [8000.0, 44_100.0, 48_000.0, 96_000.0, 192_000.0, 768_000.0] {
        for lookahead_ms in [LOOKAHEAD_MS.min, LOOKAHEAD_MS.default, 3.3, LOOKAHEAD_MS.max] {
            for (on, detection) in [
                (true, Detection::TruePeak),
                (false, Detection::TruePeak),
                (true, Detection::SamplePeak),
                (true, Detection::ZeroLatency),
            ] {
                let mut limiter = limiter(Settings { on, detection, lookahead_ms, ..Settings::default() }, fs);
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

#[test]
fn below_the_ceiling_it_is_a_delay() {
    // Peaks between samples included: noise reaches at most the sum of the taps, 15 dB above its samples.
    let quiet = Noise::new(1).stereo(-18.0, 10_000);
    let mut as_is = limiter(Settings::default(), FS);
    assert_eq!(run(&mut as_is, &quiet), delayed(&quiet, as_is.latency_frames()));
    assert_eq!(as_is.reduction_db(), 0.0);
    let mut louder = limiter(Settings { drive_db: 12.0, ..Settings::default() }, FS);
    let quieter = Noise::new(1).stereo(-30.0, 10_000);
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
        let (from, to) = (block * 6000 + CHUNK + 960, block * 6000 + 6000);
        assert_eq!(out[from..to], delayed(&x, latency)[from..to]);
    }
}

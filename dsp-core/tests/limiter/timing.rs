//! When the limiter acts, and how long.

use super::{CHUNK, Detection, FS, RATES, ROUNDING, Settings, limiter, run};
use dsp_core::Stage;
use dsp_core::units::{db_to_gain, gain_to_db};

#[test]
fn release_covers_63_percent_in_its_time() {
    for fs in RATES {
        for release_ms in [10.0, 100.0, 500.0] {
            let settings =
                Settings { drive_db: 12.0, release_ms, detection: Detection::SamplePeak, ..Settings::default() };
            // Set on the way, like a user would.
            let mut limiter = limiter(Settings { release_ms: 30.0, ..settings }, fs);
            limiter.set(settings);
            // Of what comes out: there the reduction is known for every frame.
            let reduction = |out: &[[f64; 2]], level: f64| 12.0 - gain_to_db(out[out.len() - 1][0] / level);
            let full = reduction(&run(&mut limiter, &vec![[1.0; 2]; (fs * 0.1) as usize]), 1.0);
            assert!((full - 13.0).abs() < 1e-6, "{full}");
            // The peak has to leave the lookahead and the smoothing half of it more, on average.
            let lookahead = limiter.latency_frames() - CHUNK;
            run(&mut limiter, &vec![[0.01; 2]; CHUNK + lookahead + lookahead / 2]);
            let back = run(&mut limiter, &vec![[0.01; 2]; (release_ms * fs / 1000.0).round() as usize]);
            let covered = 1.0 - reduction(&back, 0.01) / full;
            // Smoothing an exponential of 10 ms over 2 ms lets it end 0.1 % higher; two frames of counting at 44.1 kHz
            // are 0.2 %.
            assert!((covered - (1.0 - (-1.0_f64).exp())).abs() < 0.004, "{fs} Hz, {release_ms} ms: {covered}");
        }
    }
}

#[test]
fn the_gain_is_down_before_the_peak_and_not_before_its_lookahead() {
    let mut limiter =
        limiter(Settings { detection: Detection::SamplePeak, lookahead_ms: 5.0, ..Settings::default() }, FS);
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
    let longer = Settings { lookahead_ms: 10.0, ..Settings::default() };
    limiter.set(longer);
    let mut frames = vec![[0.0; 2]; 1000];
    frames[0] = [0.5; 2];
    let out = run(&mut limiter, &frames);
    assert_eq!((limiter.latency_frames(), out[before]), (before, [0.5; 2]));
    let pending = limiter.latency_frames_for(&longer);
    assert_eq!(pending, before + (8.0 * FS / 1000.0) as usize);
    plumb_signals::assert_no_alloc(|| limiter.reset());
    let out = run(&mut limiter, &frames);
    assert_eq!((limiter.latency_frames(), out[pending]), (pending, [0.5; 2]));
}

#[test]
fn latency_follows_the_detection_not_the_switch() {
    let mut limiter = limiter(Settings::default(), FS);
    // The lookahead, a chunk, and what the detector looks ahead.
    for (detection, latency) in
        [(Detection::TruePeak, 96 + 32 + 280), (Detection::SamplePeak, 96 + 32), (Detection::ZeroLatency, 0)]
    {
        for on in [true, false] {
            let settings = Settings { on, detection, ..Settings::default() };
            limiter.set(settings);
            assert_eq!(limiter.latency_frames_for(&settings), latency);
            limiter.reset();
            assert_eq!(limiter.latency_frames(), latency);
            assert!(limiter.max_latency_frames() >= latency);
        }
    }
}

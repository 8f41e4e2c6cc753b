//! The true peak over the ceiling, by 32-fold ideal interpolation, and the distortion.

use super::{Detection, FS, Limiter, RATES, Settings, Style, lane, limiter, run};
use dsp_core::Stage;
use plumb_signals::{Noise, both, bright_bursts, clicks, quarter_rate_bursts, sine, sweep, thd_db, true_peak_db};

/// How far the true peak exceeds the ceiling, in dB.
fn over_db(limiter: &mut Limiter, mono: &[f64], settings: Settings) -> f64 {
    let out = lane(&run(limiter, &both(mono)), 0);
    // Cut edges ring by themselves.
    true_peak_db(&out, 2000) - settings.ceiling_db
}

fn driven() -> Settings {
    Settings { drive_db: 12.0, release_ms: 20.0, ..Settings::default() }
}

/// Frames looked at: one transform's worth for `true_peak_db`.
const LEN: usize = 34_000;

#[test]
fn the_true_peak_of_programme_stays_within_a_twentieth_of_a_db() {
    for fs in RATES {
        let settings = driven();
        let signals = [
            ("bursts of noise", bright_bursts(LEN, fs)),
            ("fs/4 bursts", quarter_rate_bursts(LEN, fs)),
            ("sweep", sweep(20.0, 20_000.0, 0.0, LEN as f64 / fs, fs)),
            ("clicks", clicks(LEN)),
        ];
        for (name, mono) in signals {
            let over = over_db(&mut limiter(settings, fs), &mono, settings);
            eprintln!("{fs} Hz, {name}: {over:+.3} dB");
            // What the detector's top octave and the gain's movement leave; and it must have had something to do.
            assert!((-0.1..=0.05).contains(&over), "{fs} Hz, {name}: {over} dB over");
        }
    }
}

#[test]
fn the_true_peak_of_what_no_one_listens_to_is_known() {
    for fs in RATES {
        let settings = driven();
        let mut noise = Noise::new(2);
        let signals = [
            ("square", plumb_signals::square(3001.0, 0.0, LEN as f64 / fs, fs), 0.1),
            ("random ±1", (0..LEN).map(|_| noise.tick().signum()).collect(), 0.3),
            ("white noise", (0..LEN).map(|_| noise.tick()).collect(), 0.3),
        ];
        for (name, mono, limit) in signals {
            let over = over_db(&mut limiter(settings, fs), &mono, settings);
            eprintln!("{fs} Hz, {name}: {over:+.3} dB");
            // Full level up to half the rate: the last 1/500 of it no filter of this length sees.
            assert!(over <= limit, "{fs} Hz, {name}: {over} dB over");
        }
    }
}

#[test]
fn automation_of_drive_and_release_does_not_overshoot() {
    let settings = driven();
    let mut limiter = limiter(settings, FS);
    let mut out = Vec::new();
    for (n, block) in both(&bright_bursts(LEN, FS)).chunks(700).enumerate() {
        let drive_db = [0.0, 24.0, 6.0, 12.0][n % 4];
        limiter.set(Settings { drive_db, release_ms: [1.0, 1000.0, 20.0][n % 3], ..settings });
        out.extend(run(&mut limiter, block));
    }
    let over = true_peak_db(&lane(&out, 0), 2000) - settings.ceiling_db;
    eprintln!("automated: {over:+.3} dB");
    assert!(over <= 0.05, "{over} dB over");
}

#[test]
fn every_style_and_link_holds_it() {
    for style in [Style::Punchy, Style::Loud] {
        let settings =
            Settings { style, auto_release: true, transient_link_pct: 75.0, soft_clip_pct: 30.0, ..driven() };
        let over = over_db(&mut limiter(settings, FS), &bright_bursts(LEN, FS), settings);
        eprintln!("{style:?}: {over:+.3} dB");
        assert!(over <= 0.05, "{style:?}: {over} dB over");
    }
}

#[test]
fn steady_tones_stay_clean() {
    for (freq_hz, most_db) in [(997.0, -140.0), (107.0, -75.0)] {
        let settings = Settings { drive_db: 6.0, ceiling_db: 0.0, release_ms: 50.0, ..Settings::default() };
        let out = lane(&run(&mut limiter(settings, FS), &both(&sine(freq_hz, 0.0, 1.5, FS))), 0);
        let thd = thd_db(&out[24_000..], freq_hz, FS);
        eprintln!("{freq_hz} Hz at 6 dB reduction: THD {thd:.1} dB");
        assert!(thd <= most_db, "{freq_hz} Hz: {thd} dB");
    }
}

#[test]
fn peaks_between_samples_are_let_through_when_not_asked_for() {
    let settings = Settings { detection: Detection::SamplePeak, ..driven() };
    let over = over_db(&mut limiter(settings, FS), &sine(FS / 4.0, 0.0, LEN as f64 / FS, FS), settings);
    // fs/4 at 45°: the wave is 3.01 dB above its samples.
    assert!((over - 3.01).abs() < 0.01, "{over}");
}

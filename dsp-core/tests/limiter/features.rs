//! What is heard apart from limiting, and the styles.

use super::{CHUNK, Detection, FS, Settings, Style, lane, limiter, programme, run};
use dsp_core::Frame;
use dsp_core::Stage;
use dsp_core::units::db_to_gain;
use plumb_signals::{both, sine};

/// Loudest bend of a signal: a click bends by 0.1 and more.
fn bend(mono: &[f64]) -> f64 {
    mono.windows(3).fold(0.0, |most: f64, x| most.max((x[0] - 2.0 * x[1] + x[2]).abs()))
}

#[test]
fn unity_gain_is_the_output_with_the_drive_undone() {
    let x = programme(3, 10_000);
    for detection in [Detection::TruePeak, Detection::ZeroLatency] {
        let loud = Settings { drive_db: 9.0, detection, ..Settings::default() };
        let plain = run(&mut limiter(loud, FS), &x);
        let undone = run(&mut limiter(Settings { unity_gain: true, ..loud }, FS), &x);
        for (plain, undone) in plain.iter().flatten().zip(undone.iter().flatten()) {
            assert!((plain * db_to_gain(-9.0) - undone).abs() < 1e-12);
        }
    }
}

#[test]
fn delta_and_output_add_up_to_the_driven_input() {
    let x: Vec<Frame> = both(&sine(300.0, -3.0, 0.3, FS));
    for soft_clip_pct in [0.0, 50.0] {
        let loud = Settings { drive_db: 5.0, soft_clip_pct, ..Settings::default() };
        let mut one = limiter(loud, FS);
        let out = run(&mut one, &x);
        let taken = run(&mut limiter(Settings { delta: true, ..loud }, FS), &x);
        let latency = one.latency_frames();
        for n in latency..x.len() {
            assert!((out[n][0] + taken[n][0] - x[n - latency][0] * db_to_gain(5.0)).abs() < 1e-12);
        }
        assert!(taken[5000..].iter().any(|frame| frame[0] > 0.1));
    }
    // Nothing limited, nothing heard.
    let quiet = both(&sine(300.0, -30.0, 0.1, FS));
    let taken = run(&mut limiter(Settings { delta: true, ..Settings::default() }, FS), &quiet);
    assert!(taken.iter().all(|frame| *frame == [0.0; 2]));
}

#[test]
fn nothing_clicks_when_turned() {
    let x = both(&sine(200.0, -3.0, 1.5, FS));
    let base = Settings { drive_db: 9.0, ..Settings::default() };
    let turns = [
        base,
        Settings { delta: true, ..base },
        Settings { unity_gain: true, ..base },
        Settings { style: Style::Punchy, ..base },
        Settings { style: Style::Loud, auto_release: true, ..base },
        Settings { soft_clip_pct: 100.0, ..base },
        Settings { on: false, ..base },
        base,
    ];
    for detection in [Detection::TruePeak, Detection::SamplePeak] {
        // What each bends a sine by itself; the clip most.
        let own = turns
            .map(|settings| bend(&lane(&run(&mut limiter(Settings { detection, ..settings }, FS), &x), 0)[4000..]));
        let own = own.into_iter().fold(0.0, f64::max);
        let mut limiter = limiter(Settings { detection, ..base }, FS);
        let mut out = Vec::new();
        for (n, block) in x.chunks(4000).enumerate() {
            limiter.set(Settings { detection, ..turns[n % turns.len()] });
            out.extend(run(&mut limiter, block));
        }
        let most = bend(&lane(&out, 0)[2000..]);
        eprintln!("{detection:?}: bends by {most:.5} at the most, {own:.5} while nothing is turned");
        assert!(most < own + 4e-3, "{detection:?}: {most}");
    }
}

#[test]
fn a_punchy_attack_is_left_alone_until_the_last_quarter() {
    let mut frames = vec![[0.1; 2]; 3000];
    frames[2000] = [4.0; 2];
    let settings = Settings { detection: Detection::SamplePeak, lookahead_ms: 10.0, ..Settings::default() };
    let first_moved = |style: Style| {
        let mut limiter = limiter(Settings { style, ..settings }, FS);
        let at = 2000 + limiter.latency_frames();
        let out = run(&mut limiter, &frames);
        assert!(out[at][0] <= db_to_gain(-1.0) * (1.0 + 1e-12));
        at - out
            .iter()
            .rposition(|frame| *frame == [0.1; 2])
            .map_or(0, |_| (CHUNK + 480..at).find(|n| out[*n][0] != 0.1).unwrap_or(at))
    };
    let (bell, late) = (first_moved(Style::Transparent), first_moved(Style::Punchy));
    assert!((470..=480).contains(&bell) && (110..=120).contains(&late), "{bell} and {late} frames before");
}

#[test]
fn without_latency_the_peak_itself_is_held() {
    let mut frames = vec![[0.1; 2]; 500];
    frames[100] = [4.0; 2];
    let mut limiter = limiter(Settings { detection: Detection::ZeroLatency, ..Settings::default() }, FS);
    let out = run(&mut limiter, &frames);
    assert_eq!(out[..100], frames[..100]);
    assert!((out[100][0] / db_to_gain(-1.0) - 1.0).abs() < 1e-9);
    assert!(out[101][0] < 0.03, "the way back takes its time");
}

#[test]
fn clipping_takes_peaks_so_that_less_is_limited() {
    let x = programme(5, 20_000);
    let reduction = |soft_clip_pct: f64| {
        let settings = Settings { drive_db: 6.0, soft_clip_pct, ..Settings::default() };
        let mut limiter = limiter(settings, FS);
        x.chunks(64)
            .map(|block| {
                run(&mut limiter, block);
                limiter.reduction_db()
            })
            .sum::<f64>()
    };
    let (none, half, all) = (reduction(0.0), reduction(50.0), reduction(100.0));
    eprintln!("reduction without, with half and with all of the clip: {none:.0}, {half:.0}, {all:.0}");
    assert!(half < 0.9 * none && all < 0.7 * half);
}

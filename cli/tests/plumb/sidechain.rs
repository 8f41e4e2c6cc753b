//! `plumb render --sidechain`.

use crate::support::{Kind, noise, plumb, quiet, rendered, stderr, write_wav};
use plumb_signals::{rms_db, sine};
use tempfile::{TempDir, tempdir};

const RATE_HZ: u32 = 48_000;
/// A compressor driven hard by a sidechain at −6 dBFS and idle on silence.
const DUCK: [&str; 8] =
    ["--set", "comp_on=1", "--set", "comp_key=external", "--set", "comp_ratio=20", "--set", "comp_threshold_db=-40"];

/// Renders with a sidechain; returns the gain in dB in each half of the first channel.
fn duck(folder: &TempDir, input: &[Vec<f64>], key: &[Vec<f64>]) -> [f64; 2] {
    write_wav(folder, "in.wav", Kind::Float(32), RATE_HZ, input);
    write_wav(folder, "key.wav", Kind::Float(32), RATE_HZ, key);
    quiet(folder, &[&["render", "channel-strip", "in.wav", "out.wav", "--sidechain", "key.wav"], &DUCK[..]].concat());
    let output = rendered(folder, "out.wav").channels.remove(0);
    assert_eq!(output.len(), input[0].len());
    let half = output.len() / 2;
    // The last quarter of each half, after attack and release.
    [half, output.len()].map(|end| rms_db(&output[end - half / 4..end]) - rms_db(&input[0][end - half / 4..end]))
}

#[test]
fn the_strip_ducks_under_the_sidechain_and_recovers_after_its_end() {
    let folder = tempdir().unwrap();
    let tone = |seconds: f64| sine(200.0, -6.0, seconds, f64::from(RATE_HZ));
    let silence = vec![0.0; 48_000];
    for (input, keys) in [(noise(1, 2, 96_000), 1), (noise(1, 2, 96_000), 2), (noise(1, 1, 96_000), 1)] {
        let [under, after] = duck(&folder, &input, &vec![tone(1.0); keys]);
        println!("{} channels, sidechain of {keys}: {under:.2} dB during it, {after:.2} dB after", input.len());
        // 34 dB over the threshold at 20:1 gives 32 dB of reduction; 20 dB leaves room for RMS against peak.
        assert!(under < -20.0, "{under}");
        assert!(after.abs() < 0.5, "{after}");
        let [before, _] = duck(&folder, &input, &vec![silence.clone(); keys]);
        assert!(before.abs() < 0.01, "{before}");
    }
    // A longer sidechain is not read to its end.
    let [_, under] = duck(&folder, &noise(1, 1, 96_000), &[tone(5.0)]);
    assert!(under < -20.0, "{under}");
}

#[test]
fn a_mono_strip_uses_the_mean_of_a_stereo_sidechain() {
    let folder = tempdir().unwrap();
    let input = noise(2, 1, 96_000);
    let tone = sine(200.0, -6.0, 2.0, f64::from(RATE_HZ));
    let half: Vec<f64> = tone.iter().map(|x| x / 2.0).collect();
    let opposite: Vec<f64> = tone.iter().map(|x| -x).collect();
    let [_, one_sided] = duck(&folder, &input, &[tone.clone(), vec![0.0; tone.len()]]);
    let [_, halved] = duck(&folder, &input, &[half]);
    assert_eq!(one_sided, halved);
    let [_, cancelled] = duck(&folder, &input, &[tone, opposite]);
    assert!(cancelled.abs() < 0.01, "{cancelled}");
}

#[test]
fn an_unused_sidechain_is_reported() {
    let folder = tempdir().unwrap();
    write_wav(&folder, "in.wav", Kind::Int(16), RATE_HZ, &noise(3, 1, 100));
    let output = plumb(&folder, &["render", "channel-strip", "in.wav", "out.wav", "--sidechain", "in.wav"]);
    assert_eq!(output.status.code(), Some(0));
    let said = stderr(&output);
    assert!(
        said.starts_with("plumb: in.wav: warning: no setting uses the sidechain") && said.lines().count() == 1,
        "{said}"
    );
}

//! `plumb measure`: output formats and readings.

use crate::support::{Kind, noise, plumb, quiet, readings, rejected, stderr, write_wav};
use plumb_signals::sine;
use tempfile::tempdir;

/// All keys of a reading.
const KEYS: [&str; 15] = [
    "channels",
    "dc_offset",
    "dr_db",
    "file",
    "frames",
    "integrated_lufs",
    "loudness_range_lu",
    "max_momentary_lufs",
    "max_short_term_lufs",
    "min_correlation",
    "min_psr_lu",
    "plr_lu",
    "sample_peak_dbfs",
    "sample_rate_hz",
    "true_peak_dbtp",
];

#[test]
fn json_is_an_array_of_objects_with_these_keys() {
    let folder = tempdir().unwrap();
    write_wav(&folder, "a.wav", Kind::Int(24), 44_100, &noise(1, 1, 500));
    let readings = readings(&folder, &["a.wav"]);
    let reading = readings[0].as_object().unwrap();
    let mut keys: Vec<_> = reading.keys().map(String::as_str).collect();
    keys.sort_unstable();
    assert_eq!(keys, KEYS);
    assert_eq!(reading["file"], "a.wav");
    assert_eq!(
        (&reading["sample_rate_hz"], &reading["channels"], &reading["frames"]),
        (&44_100.into(), &1.into(), &500.into())
    );
}

#[test]
fn empty_and_silent_files_read_minus_infinity() {
    let folder = tempdir().unwrap();
    write_wav(&folder, "empty.wav", Kind::Int(16), 48_000, &[vec![], vec![]]);
    write_wav(&folder, "silence.wav", Kind::Float(32), 48_000, &[vec![0.0; 48_000]]);
    for (reading, frames) in readings(&folder, &["empty.wav", "silence.wav"]).iter().zip([0, 48_000]) {
        assert_eq!(reading["frames"], frames);
        for level in KEYS.iter().filter(|key| key.contains("lufs") || key.contains("dbtp") || key.contains("dbfs")) {
            assert_eq!(reading[level], "-inf", "{level}: {reading}");
        }
        for ratio in ["plr_lu", "min_psr_lu", "dr_db"] {
            assert!(reading[ratio].is_null(), "{ratio}: {reading}");
        }
        assert_eq!((&reading["dc_offset"], &reading["loudness_range_lu"]), (&0.0.into(), &0.0.into()));
        assert_eq!(reading["min_correlation"], 1.0);
    }
    let table = quiet(&folder, &["measure", "empty.wav", "silence.wav"]);
    let rows: Vec<_> = table.lines().collect();
    assert_eq!(rows.len(), 4, "{table}");
    assert!(rows[2..].iter().all(|row| row.matches("-inf").count() == 5), "{table}");
}

#[test]
fn one_sample_has_peaks_but_no_loudness() {
    let folder = tempdir().unwrap();
    for channels in [1, 2] {
        write_wav(&folder, "one.wav", Kind::Float(32), 44_100, &vec![vec![-0.5]; channels]);
        let reading = &readings(&folder, &["one.wav"])[0];
        assert_eq!((&reading["frames"], &reading["channels"]), (&1.into(), &channels.into()));
        assert_eq!((&reading["integrated_lufs"], &reading["plr_lu"]), (&"-inf".into(), &serde_json::Value::Null));
        for peak in ["sample_peak_dbfs", "true_peak_dbtp"] {
            assert!((reading[peak].as_f64().unwrap() + 6.0206).abs() < 1e-3, "{reading}");
        }
        assert!((reading["dc_offset"].as_f64().unwrap() - 0.5).abs() < 1e-9, "{reading}");
        quiet(&folder, &["check", "one.wav"]);
        quiet(&folder, &["render", "master-bus", "one.wav", "out.wav"]);
    }
}

#[test]
fn mono_counts_as_one_channel() {
    let folder = tempdir().unwrap();
    let tone = sine(997.0, -20.0, 3.0, 48_000.0);
    write_wav(&folder, "mono.wav", Kind::Float(32), 48_000, core::slice::from_ref(&tone));
    write_wav(&folder, "both.wav", Kind::Float(32), 48_000, &[tone.clone(), tone]);
    let readings = readings(&folder, &["mono.wav", "both.wav"]);
    let lufs = |n: usize| readings[n]["integrated_lufs"].as_f64().unwrap();
    // BS.1770-5: a sine in one channel reads its RMS, in two 3.01 dB more.
    assert!((lufs(0) + 23.01).abs() < 0.02 && (lufs(1) + 20.0).abs() < 0.02, "{readings:?}");
    assert_eq!(readings[0]["min_correlation"], 1.0);
}

#[test]
fn surround_files_are_rejected_by_name() {
    let folder = tempdir().unwrap();
    write_wav(&folder, "film.wav", Kind::Int(16), 48_000, &noise(1, 6, 100));
    for args in [&["measure", "film.wav"][..], &["measure", "--json", "film.wav"], &["check", "film.wav"]] {
        rejected(&folder, args, "film.wav", &["6 channels; expected 1 or 2"]);
    }
}

#[test]
fn files_are_listed_in_the_order_given() {
    let folder = tempdir().unwrap();
    let names: Vec<_> = (0..24).map(|n| format!("{:02}.wav", (n * 7) % 24)).collect();
    for (n, name) in names.iter().enumerate() {
        // The first files take longest.
        write_wav(&folder, name, Kind::Int(16), 48_000, &noise(1, 1, 100 + 4000 * (24 - n)));
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let listed: Vec<_> =
        readings(&folder, &names).iter().map(|reading| reading["file"].as_str().unwrap().to_owned()).collect();
    assert_eq!(listed, names);
    let table = quiet(&folder, &[&["measure"], names.as_slice()].concat());
    let listed: Vec<_> = table.lines().skip(2).map(|row| row.split_whitespace().next().unwrap()).collect();
    assert_eq!(listed, names);
}

#[test]
fn columns_are_aligned() {
    let folder = tempdir().unwrap();
    write_wav(&folder, "a.wav", Kind::Int(16), 48_000, &noise(1, 2, 48_000));
    write_wav(&folder, "longer name.wav", Kind::Int(16), 192_000, &noise(1, 1, 480));
    let table = quiet(&folder, &["measure", "a.wav", "longer name.wav"]);
    let ends: Vec<_> = table.lines().map(|row| row.chars().count()).collect();
    assert!(ends.iter().all(|end| *end == ends[0]), "{table}");
    for unit in ["Hz", "LUFS", "LU", "dBTP", "dBFS"] {
        assert!(table.contains(unit), "{table}");
    }
}

/// EBU Tech 3341 (2023), case 1, and the peaks of that signal.
#[test]
fn a_sine_at_minus_23_reads_minus_23() {
    let folder = tempdir().unwrap();
    for rate in [44_100, 48_000, 96_000] {
        let tone = sine(1000.0, -23.0, 20.0, f64::from(rate));
        write_wav(&folder, "case1.wav", Kind::Float(32), rate, &[tone.clone(), tone]);
        let reading = &readings(&folder, &["case1.wav"])[0];
        let number = |name: &str| reading[name].as_f64().unwrap_or(f64::NAN);
        println!("{rate} Hz: {reading}");
        for name in ["integrated_lufs", "max_momentary_lufs", "max_short_term_lufs"] {
            assert!((number(name) + 23.0).abs() <= 0.1, "{name}: {reading}"); // the standard's tolerance
        }
        // The standard's tolerance of true peak; at these rates a sample is within 0.05 dB of the crest.
        assert!((-0.4..=0.2).contains(&(number("true_peak_dbtp") + 23.0)), "{reading}");
        assert!((number("sample_peak_dbfs") + 23.0).abs() <= 0.05, "{reading}");
        assert!((number("plr_lu") - (number("true_peak_dbtp") - number("integrated_lufs"))).abs() < 1e-9, "{reading}");
        // A sine's peak in two channels is its loudness, and its RMS to AES-17.
        assert!(number("min_psr_lu").abs() <= 0.1 && number("dr_db").abs() <= 0.1, "{reading}");
        assert!(number("loudness_range_lu") <= 0.1, "{reading}");
        assert!(number("min_correlation") > 0.999, "{reading}");
        assert!(number("dc_offset") < 1e-4, "{reading}");
    }
}

#[test]
fn dc_offset_is_that_of_the_worse_channel() {
    let folder = tempdir().unwrap();
    write_wav(&folder, "dc.wav", Kind::Int(16), 48_000, &[vec![0.125; 5000], vec![-0.25; 5000]]);
    assert_eq!(readings(&folder, &["dc.wav"])[0]["dc_offset"], 0.25);
}

#[test]
fn samples_that_are_not_finite_are_reported() {
    let folder = tempdir().unwrap();
    let mut broken = noise(1, 1, 2000);
    broken[0][7] = f64::NAN;
    broken[0][8] = f64::INFINITY;
    write_wav(&folder, "nan.wav", Kind::Float(32), 48_000, &broken);
    let output = plumb(&folder, &["measure", "nan.wav"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(stderr(&output), "plumb: nan.wav: warning: 2 samples are NaN or infinite and were read as silence\n");
    // Same readings as with silence.
    (broken[0][7], broken[0][8]) = (0.0, 0.0);
    write_wav(&folder, "silenced.wav", Kind::Float(32), 48_000, &broken);
    let numbers = |output: &[u8]| {
        let text = String::from_utf8(output.to_vec()).unwrap();
        text.lines().last().unwrap().split_whitespace().skip(1).map(String::from).collect::<Vec<_>>()
    };
    assert_eq!(numbers(&output.stdout), numbers(&plumb(&folder, &["measure", "silenced.wav"]).stdout));
}

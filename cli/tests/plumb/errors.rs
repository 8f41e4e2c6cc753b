//! Errors: one line that names the cause, and no files left behind.

use crate::support::{Kind, listing, noise, plumb, rejected, stderr, wav_bytes, write_wav};
use tempfile::{TempDir, tempdir};

/// A folder with an intact stereo file.
fn folder() -> TempDir {
    let folder = tempdir().unwrap();
    write_wav(&folder, "in.wav", Kind::Int(16), 48_000, &noise(1, 2, 9000));
    folder
}

fn write(folder: &TempDir, name: &str, bytes: &[u8]) {
    std::fs::write(folder.path().join(name), bytes).unwrap();
}

#[test]
fn unreadable_inputs_are_rejected() {
    let folder = folder();
    std::fs::create_dir(folder.path().join("album")).unwrap();
    write(&folder, "notes.txt", &b"These are not the samples you are looking for.\n".repeat(200));
    write(&folder, "empty.wav", b"");
    write(&folder, "head.wav", &std::fs::read(folder.path().join("in.wav")).unwrap()[..20]);
    write_wav(&folder, "surround.wav", Kind::Int(16), 48_000, &noise(1, 6, 100));
    write_wav(&folder, "slow.wav", Kind::Int(16), 4000, &noise(1, 1, 100));
    for (file, says) in [
        ("gone.wav", "cannot open"),
        ("album", "is a folder"),
        ("notes.txt", "unreadable format"),
        ("empty.wav", "unreadable format"),
        ("head.wav", "unreadable format"),
        ("surround.wav", "6 channels; expected 1 or 2"),
        ("slow.wav", "sample rate 4000 Hz; expected 8000 to 768000 Hz"),
    ] {
        rejected(&folder, &["measure", file], file, &[says, "expected"]);
        rejected(&folder, &["measure", "--json", file], file, &[says]);
        rejected(&folder, &["render", "channel-strip", file, "out.wav"], file, &[says]);
    }
}

#[test]
fn a_truncated_file_names_the_frame_and_keeps_an_existing_output() {
    let folder = folder();
    let whole = wav_bytes(Kind::Int(16), 48_000, &noise(1, 2, 9000));
    write(&folder, "cut.wav", &whole[..whole.len() - 4000 * 4 - 1]);
    write(&folder, "out.wav", b"an existing file");
    for args in [&["measure", "cut.wav"][..], &["render", "master-bus", "cut.wav", "out.wav"]] {
        rejected(&folder, args, "cut.wav", &["truncated at frame 4999", "expected 9000 frames"]);
    }
    rejected(&folder, &["render", "master-bus", "cut.wav", "cut.wav"], "cut.wav", &["frame 4999"]);
}

#[test]
fn each_bad_file_has_its_line_and_no_readings_are_printed() {
    let folder = folder();
    let output = plumb(&folder, &["measure", "--json", "b.wav", "in.wav", "a.wav"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    let lines: Vec<_> = stderr(&output).lines().map(String::from).collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(lines[0].starts_with("plumb: b.wav: ") && lines[1].starts_with("plumb: a.wav: "), "{lines:?}");
}

#[test]
fn messages_stay_on_one_line_whatever_the_file_name() {
    let output = plumb(&folder(), &["measure", "two\nlines.wav"]);
    assert_eq!(stderr(&output).lines().count(), 1);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn unknown_controls_and_invalid_values_are_rejected() {
    let folder = folder();
    let set = |set: &'static str| ["render", "channel-strip", "in.wav", "out.wav", "--set", set];
    rejected(&folder, &set("comp_treshold_db=-20"), "comp_treshold_db", &["unknown", "'comp_threshold_db'"]);
    rejected(&folder, &set("comp_threshold_db=3"), "comp_threshold_db", &["'3'", "expected -60.0 to 0.0 dB"]);
    rejected(&folder, &set("comp_threshold_db=-20 Hz"), "comp_threshold_db", &["'-20 Hz'", "expected"]);
    rejected(&folder, &set("comp_threshold_db=nan"), "comp_threshold_db", &["expected"]);
    rejected(&folder, &set("comp_key=sidechain"), "comp_key", &["expected one of Internal, External"]);
    rejected(&folder, &set("gate_on"), "--set gate_on", &["expected ID=VALUE"]);
    rejected(&folder, &set("limiter_on=1"), "limiter_on", &["unknown control", "channel-strip"]);
}

#[test]
fn bad_presets_are_rejected() {
    let folder = folder();
    for (name, json, says) in [
        ("torn.json", r#"{"plumb_preset":1,"#, "not a Plumb preset"),
        ("new.json", r#"{"plumb_preset":9,"product":"channel-strip","values":{}}"#, "newer"),
        ("other.json", r#"{"plumb_preset":1,"product":"master-bus","values":{}}"#, "expected one for channel-strip"),
        ("id.json", r#"{"plumb_preset":1,"product":"channel-strip","values":{"nope":1}}"#, "'nope'"),
        ("value.json", r#"{"plumb_preset":1,"product":"channel-strip","values":{"gate_on":7}}"#, "gate_on"),
    ] {
        write(&folder, name, json.as_bytes());
        rejected(&folder, &["render", "channel-strip", "in.wav", "out.wav", "--preset", name], name, &[says]);
    }
    let gone = ["render", "channel-strip", "in.wav", "out.wav", "--preset", "gone.json"];
    rejected(&folder, &gone, "gone.json", &["cannot read", "expected a preset"]);
}

#[test]
fn bad_sidechains_are_rejected() {
    let folder = folder();
    write_wav(&folder, "key.wav", Kind::Int(16), 44_100, &noise(1, 1, 100));
    let render = |product, key| ["render", product, "in.wav", "out.wav", "--sidechain", key];
    rejected(&folder, &render("channel-strip", "key.wav"), "key.wav", &["44100 Hz", "expected 48000 Hz as in in.wav"]);
    rejected(&folder, &render("channel-strip", "gone.wav"), "gone.wav", &["cannot open"]);
    rejected(&folder, &render("master-bus", "key.wav"), "key.wav", &["expected 48000 Hz as in in.wav"]);
    // Truncated, which only reading detects.
    let whole = wav_bytes(Kind::Int(16), 48_000, &noise(1, 2, 9000));
    write(&folder, "cut.wav", &whole[..whole.len() / 2]);
    rejected(&folder, &render("channel-strip", "cut.wav"), "cut.wav", &["truncated at frame", "expected 9000 frames"]);
}

#[test]
fn unwritable_outputs_are_rejected() {
    let folder = folder();
    std::fs::create_dir(folder.path().join("folder.wav")).unwrap();
    for (out, says) in [
        ("out.mp3", "expected one ending in .wav or .flac"),
        ("out", "expected one ending in .wav or .flac"),
        ("folder.wav", "is a folder"),
        ("gone/out.wav", "cannot write there"),
    ] {
        rejected(&folder, &["render", "channel-strip", "in.wav", out], out, &[says]);
    }
    let floats = ["render", "channel-strip", "in.wav", "out.flac", "--bits", "32f"];
    rejected(&folder, &floats, "out.flac", &["FLAC cannot store floats", "expected --bits 16 or 24"]);
    write_wav(&folder, "fast.wav", Kind::Int(16), 768_000, &noise(1, 1, 100));
    let fast = ["render", "channel-strip", "fast.wav", "out.flac"];
    rejected(&folder, &fast, "out.flac", &["768000 Hz", "expected up to 655350 Hz"]);
}

#[test]
fn bad_outputs_of_several_inputs_are_rejected() {
    let folder = folder();
    write_wav(&folder, "b.wav", Kind::Int(16), 48_000, &noise(1, 1, 100));
    std::fs::create_dir(folder.path().join("more")).unwrap();
    std::fs::copy(folder.path().join("in.wav"), folder.path().join("more/in.wav")).unwrap();
    let to = |ins: [&'static str; 2], out: &'static str| ["render", "channel-strip", ins[0], ins[1], out];
    rejected(&folder, &to(["in.wav", "b.wav"], "gone"), "gone", &["is not a folder", "expected one for 2 files"]);
    rejected(&folder, &to(["in.wav", "more/in.wav"], "more"), "more/in.wav", &["as would in.wav", "distinct names"]);
}

#[test]
fn wrong_usage_exits_with_2() {
    let folder = folder();
    for args in [
        &[][..],
        &["measure"],
        &["mesure", "in.wav"],
        &["render", "equaliser", "in.wav", "out.wav"],
        &["render", "channel-strip", "in.wav"],
        &["render", "channel-strip", "in.wav", "out.wav", "--bits", "8"],
        &["params"],
    ] {
        let before = listing(&folder);
        assert_eq!(plumb(&folder, args).status.code(), Some(2), "{args:?}");
        assert_eq!(listing(&folder), before);
    }
}

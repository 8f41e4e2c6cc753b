//! Everything wrong is refused in one line that names it, with nothing left behind.

use crate::support::{Kind, listing, noise, plumb, refused, stderr, wav_bytes, write_wav};
use tempfile::{TempDir, tempdir};

/// A folder with a sound stereo file in it.
fn folder() -> TempDir {
    let folder = tempdir().unwrap();
    write_wav(&folder, "in.wav", Kind::Int(16), 48_000, &noise(1, 2, 9000));
    folder
}

fn put(folder: &TempDir, name: &str, bytes: &[u8]) {
    std::fs::write(folder.path().join(name), bytes).unwrap();
}

#[test]
fn files_that_cannot_be_read() {
    let folder = folder();
    std::fs::create_dir(folder.path().join("album")).unwrap();
    put(&folder, "notes.txt", &b"These are not the samples you are looking for.\n".repeat(200));
    put(&folder, "empty.wav", b"");
    put(&folder, "head.wav", &std::fs::read(folder.path().join("in.wav")).unwrap()[..20]);
    write_wav(&folder, "surround.wav", Kind::Int(16), 48_000, &noise(1, 6, 100));
    write_wav(&folder, "slow.wav", Kind::Int(16), 4000, &noise(1, 1, 100));
    for (file, says) in [
        ("gone.wav", "cannot open"),
        ("album", "is a folder"),
        ("notes.txt", "not audio that can be read"),
        ("empty.wav", "not audio that can be read"),
        ("head.wav", "not audio that can be read"),
        ("surround.wav", "6 channels; expected 1 or 2"),
        ("slow.wav", "sample rate 4000 Hz; expected 8000 to 768000 Hz"),
    ] {
        refused(&folder, &["measure", file], file, &[says, "expected"]);
        refused(&folder, &["measure", "--json", file], file, &[says]);
        refused(&folder, &["render", "channel-strip", file, "out.wav"], file, &[says]);
    }
}

#[test]
fn a_file_cut_off_names_the_frame_and_leaves_an_older_output_alone() {
    let folder = folder();
    let whole = wav_bytes(Kind::Int(16), 48_000, &noise(1, 2, 9000));
    put(&folder, "cut.wav", &whole[..whole.len() - 4000 * 4 - 1]);
    put(&folder, "out.wav", b"an older file");
    for args in [&["measure", "cut.wav"][..], &["render", "master-bus", "cut.wav", "out.wav"]] {
        refused(&folder, args, "cut.wav", &["cut off at frame 4999", "expected 9000 frames"]);
    }
    refused(&folder, &["render", "master-bus", "cut.wav", "cut.wav"], "cut.wav", &["frame 4999"]);
}

#[test]
fn several_bad_files_have_a_line_each_and_nothing_is_printed() {
    let folder = folder();
    let output = plumb(&folder, &["measure", "--json", "b.wav", "in.wav", "a.wav"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    let lines: Vec<_> = stderr(&output).lines().map(String::from).collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(lines[0].starts_with("plumb: b.wav: ") && lines[1].starts_with("plumb: a.wav: "), "{lines:?}");
}

#[test]
fn a_line_stays_one_line_whatever_the_file_is_called() {
    let output = plumb(&folder(), &["measure", "two\nlines.wav"]);
    assert_eq!(stderr(&output).lines().count(), 1);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn controls_and_values_that_do_not_exist() {
    let folder = folder();
    let set = |set: &'static str| ["render", "channel-strip", "in.wav", "out.wav", "--set", set];
    refused(&folder, &set("comp_treshold_db=-20"), "comp_treshold_db", &["unknown", "'comp_threshold_db'"]);
    refused(&folder, &set("comp_threshold_db=3"), "comp_threshold_db", &["'3'", "expected -60.0 to 0.0 dB"]);
    refused(&folder, &set("comp_threshold_db=-20 Hz"), "comp_threshold_db", &["'-20 Hz'", "expected"]);
    refused(&folder, &set("comp_threshold_db=nan"), "comp_threshold_db", &["expected"]);
    refused(&folder, &set("comp_key=sidechain"), "comp_key", &["expected one of Internal, External"]);
    refused(&folder, &set("gate_on"), "--set gate_on", &["expected ID=VALUE"]);
    refused(&folder, &set("limiter_on=1"), "limiter_on", &["unknown control", "channel-strip"]);
}

#[test]
fn presets_that_cannot_be_used() {
    let folder = folder();
    for (name, json, says) in [
        ("torn.json", r#"{"plumb_preset":1,"#, "not a Plumb preset"),
        ("new.json", r#"{"plumb_preset":9,"product":"channel-strip","values":{}}"#, "newer"),
        ("other.json", r#"{"plumb_preset":1,"product":"master-bus","values":{}}"#, "expected one for channel-strip"),
        ("id.json", r#"{"plumb_preset":1,"product":"channel-strip","values":{"nope":1}}"#, "'nope'"),
        ("value.json", r#"{"plumb_preset":1,"product":"channel-strip","values":{"gate_on":7}}"#, "gate_on"),
    ] {
        put(&folder, name, json.as_bytes());
        refused(&folder, &["render", "channel-strip", "in.wav", "out.wav", "--preset", name], name, &[says]);
    }
    let gone = ["render", "channel-strip", "in.wav", "out.wav", "--preset", "gone.json"];
    refused(&folder, &gone, "gone.json", &["cannot read", "expected a preset"]);
}

#[test]
fn sidechains_that_cannot_be_used() {
    let folder = folder();
    write_wav(&folder, "key.wav", Kind::Int(16), 44_100, &noise(1, 1, 100));
    let render = |product, key| ["render", product, "in.wav", "out.wav", "--sidechain", key];
    refused(&folder, &render("channel-strip", "key.wav"), "key.wav", &["44100 Hz", "expected 48000 Hz as in in.wav"]);
    refused(&folder, &render("channel-strip", "gone.wav"), "gone.wav", &["cannot open"]);
    refused(&folder, &render("master-bus", "key.wav"), "key.wav", &["expected 48000 Hz as in in.wav"]);
    // Cut off, and noticed only while it is read.
    let whole = wav_bytes(Kind::Int(16), 48_000, &noise(1, 2, 9000));
    put(&folder, "cut.wav", &whole[..whole.len() / 2]);
    refused(&folder, &render("channel-strip", "cut.wav"), "cut.wav", &["cut off at frame", "expected 9000 frames"]);
}

#[test]
fn outputs_that_cannot_be_written() {
    let folder = folder();
    std::fs::create_dir(folder.path().join("folder.wav")).unwrap();
    for (out, says) in [
        ("out.mp3", "expected one ending in .wav or .flac"),
        ("out", "expected one ending in .wav or .flac"),
        ("folder.wav", "is a folder"),
        ("gone/out.wav", "cannot write there"),
    ] {
        refused(&folder, &["render", "channel-strip", "in.wav", out], out, &[says]);
    }
    let floats = ["render", "channel-strip", "in.wav", "out.flac", "--bits", "32f"];
    refused(&folder, &floats, "out.flac", &["FLAC does not hold floats", "expected --bits 16 or 24"]);
    write_wav(&folder, "fast.wav", Kind::Int(16), 768_000, &noise(1, 1, 100));
    let fast = ["render", "channel-strip", "fast.wav", "out.flac"];
    refused(&folder, &fast, "out.flac", &["768000 Hz", "expected up to 655350 Hz"]);
}

#[test]
fn several_outputs_that_cannot_be_written() {
    let folder = folder();
    write_wav(&folder, "b.wav", Kind::Int(16), 48_000, &noise(1, 1, 100));
    std::fs::create_dir(folder.path().join("more")).unwrap();
    std::fs::copy(folder.path().join("in.wav"), folder.path().join("more/in.wav")).unwrap();
    let to = |ins: [&'static str; 2], out: &'static str| ["render", "channel-strip", ins[0], ins[1], out];
    refused(&folder, &to(["in.wav", "b.wav"], "gone"), "gone", &["is no folder", "expected one for 2 files"]);
    refused(&folder, &to(["in.wav", "more/in.wav"], "more"), "more/in.wav", &["as in.wav would", "names that differ"]);
}

#[test]
fn wrong_usage_ends_with_2_as_well() {
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

//! `plumb render` with several files, and progress.

use crate::support::{Kind, listing, noise, plumb, quiet, rendered, stderr, write_wav};
use std::process::Command;
use tempfile::{TempDir, tempdir};

/// Three files, the last named as an MP3, and a folder.
fn album() -> TempDir {
    let folder = tempdir().unwrap();
    std::fs::create_dir(folder.path().join("out")).unwrap();
    for (n, name) in ["a.wav", "b.wav", "c.mp3"].into_iter().enumerate() {
        write_wav(&folder, name, Kind::Int(16), 48_000, &noise(n as u64 + 1, 2, 5000));
    }
    folder
}

#[test]
fn several_files_render_into_a_folder_as_each_would_alone() {
    let folder = album();
    let set = ["--set", "limiter_drive_db=6"];
    quiet(&folder, &[&["render", "master-bus", "a.wav", "b.wav", "c.mp3", "out"][..], &set].concat());
    for (name, output) in [("a.wav", "out/a.wav"), ("b.wav", "out/b.wav"), ("c.mp3", "out/c.wav")] {
        quiet(&folder, &[&["render", "master-bus", name, "alone.wav"][..], &set].concat());
        assert!(rendered(&folder, output).channels == rendered(&folder, "alone.wav").channels, "{name}");
    }
    let names = std::fs::read_dir(folder.path().join("out")).unwrap().count();
    assert_eq!(names, 3);
}

#[test]
fn bad_files_have_a_line_each_and_the_others_are_rendered() {
    let folder = album();
    std::fs::write(folder.path().join("b.wav"), b"nothing").unwrap();
    let output = plumb(&folder, &["render", "channel-strip", "a.wav", "b.wav", "gone.wav", "c.mp3", "out"]);
    let said = stderr(&output);
    assert_eq!(output.status.code(), Some(2), "{said}");
    let lines: Vec<_> = said.lines().collect();
    assert_eq!(lines.len(), 2, "{said}");
    assert!(lines[0].starts_with("plumb: b.wav: ") && lines[1].starts_with("plumb: gone.wav: "), "{said}");
    let mut names: Vec<_> =
        std::fs::read_dir(folder.path().join("out")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["a.wav", "c.wav"]);
}

#[test]
fn a_truncated_input_leaves_no_output() {
    let folder = tempdir().unwrap();
    write_wav(&folder, "in.wav", Kind::Int(16), 48_000, &noise(1, 2, 50_000));
    let whole = std::fs::read(folder.path().join("in.wav")).unwrap();
    std::fs::write(folder.path().join("cut.wav"), &whole[..150_000]).unwrap();
    let before = listing(&folder);
    for out in ["out.wav", "out.flac"] {
        assert_eq!(plumb(&folder, &["render", "master-bus", "cut.wav", out]).status.code(), Some(2));
        assert_eq!(listing(&folder), before, "{out}");
    }
}

/// Output of a command on a terminal emulated by `script`; `None` if that is missing.
fn on_a_terminal(folder: &TempDir, command: &str) -> Option<String> {
    let line = format!("{} {command}", env!("CARGO_BIN_EXE_plumb"));
    let output = Command::new("script").args(["-qec", &line, "/dev/null"]).current_dir(folder).output().ok()?;
    assert!(output.status.success(), "{output:?}");
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn progress_is_shown_on_a_terminal_unless_quiet() {
    let folder = tempdir().unwrap();
    write_wav(&folder, "in.wav", Kind::Int(16), 48_000, &noise(1, 2, 500_000));
    let Some(shown) = on_a_terminal(&folder, "render channel-strip in.wav out.wav") else {
        crate::support::skipped("no script");
        return;
    };
    assert!(shown.contains("in.wav [") && shown.contains(" % ") && shown.ends_with("\r\u{1b}[K"), "{shown:?}");
    assert_eq!(on_a_terminal(&folder, "render channel-strip in.wav out.wav --quiet").unwrap(), "");
    let measured = on_a_terminal(&folder, "measure in.wav").unwrap();
    assert!(measured.contains("in.wav [") && measured.contains("LUFS"), "{measured:?}");
    // Standard error is not a terminal here.
    let piped = on_a_terminal(&folder, "measure in.wav 2>err").unwrap();
    assert!(!piped.contains('['), "{piped:?}");
    assert_eq!(std::fs::read(folder.path().join("err")).unwrap(), b"");
}

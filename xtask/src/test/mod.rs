//! `cargo xtask test`: installs what it needs, runs every test and prints the counts.

mod counts;
mod display;
mod failures;
mod python;
mod steps;

use crate::run::{cargo, say};
use crate::system::{self, Need};
use anyhow::Result;
use display::Display;
use plumb_hosts::bundles::target_directory;
use std::process::{Command, ExitCode};
use std::time::Instant;
use steps::Steps;

/// Test requirements beyond those of building: hosts, a display, and encoders for formats other than WAV.
const NEEDS: [Need; 9] = [
    Need { package: "xvfb", check: Some(("sh", &["-c", "command -v Xvfb"])) },
    Need { package: "openbox", check: Some(("sh", &["-c", "command -v openbox"])) },
    Need { package: "xsettingsd", check: Some(("sh", &["-c", "command -v xsettingsd"])) },
    Need { package: "xdotool", check: Some(("sh", &["-c", "command -v xdotool"])) },
    Need { package: "libgl1", check: None },
    Need { package: "libgl1-mesa-dri", check: None },
    Need { package: "ffmpeg", check: Some(("ffmpeg", &["-version"])) },
    Need { package: "python3-venv", check: Some(("python3", &["-c", "import ensurepip, venv"])) },
    Need { package: "ardour", check: Some(("sh", &["-c", "command -v ardour7-lua"])) },
];

/// Runs every step, even after failures; prints the counts last.
pub(crate) fn test() -> Result<ExitCode> {
    let start = Instant::now();
    let mut steps = Steps::new(&target_directory().join("test-logs"))?;
    steps.own("system packages", || system::ensure(&system::BUILD).and_then(|()| system::ensure(&NEEDS)));
    steps.command("format", cargo().args(["fmt", "--all", "--check"]));
    steps.own("tidy", crate::tidy::tidy);
    let lint = ["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"];
    steps.command("lints", cargo().args(lint));
    steps.tests(
        "unit and property tests",
        cargo().args(["test", "--workspace", "--exclude", "plumb-hosts", "--no-fail-fast"]),
    );
    let document = ["doc", "--workspace", "--no-deps", "--document-private-items", "--quiet"];
    steps.command("documentation", cargo().args(document).env("RUSTDOCFLAGS", "-D warnings"));
    if crate::run::succeeds("cargo", &["deny", "--version"]) {
        steps.command("licences and advisories", cargo().args(["deny", "check"]));
    } else {
        steps.skip("licences and advisories", "cargo-deny is not installed");
    }
    if steps.own("bundles", crate::bundle::bundle) {
        hosts(&mut steps);
    } else {
        steps.skip("hosts", "there are no bundles to test");
    }
    let counts = steps.counts();
    say(&format!("{:.1} min", start.elapsed().as_secs_f64() / 60.0));
    say(&counts.to_string());
    Ok(if counts.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The bundles in hosts.
fn hosts(steps: &mut Steps) {
    let bundles = target_directory().join("bundled");
    let display = Display::open();
    let with_bundles = |command: &mut Command| {
        command.env("PLUMB_BUNDLES", &bundles);
        // Without a virtual display use none: tests must not open windows on the user's screen.
        match &display {
            Ok(display) => command.env("DISPLAY", display.name()),
            Err(_) => command.env_remove("DISPLAY"),
        };
    };
    // Selected by target, not by package, so that cargo reuses the features of the workspace build.
    for (name, filter) in [
        ("CLAP and VST3 in our own hosts", ["--skip", "editor::"].as_slice()),
        ("CLAP editors", &["editor::", "--test-threads=1"]),
    ] {
        let mut rust = cargo();
        rust.args(["test", "--workspace", "--test", "bundles", "--"]).args(filter);
        with_bundles(&mut rust);
        steps.tests(name, &mut rust);
    }
    if let Err(error) = &display {
        steps.skip("display", &format!("{error:#}"));
    }
    let python = match python::prepare() {
        Ok(python) => python,
        Err(error) => {
            steps.skip("VST3 in pedalboard and Ardour", &format!("{error:#}"));
            return;
        }
    };
    let music = python::music();
    let cli = cargo().args(["build", "--release", "--package", "plumb-cli", "--quiet"]).status();
    for (name, file) in [
        ("VST3 in pedalboard", "test_pedalboard.py"),
        ("VST3 editor in pedalboard", "test_editor.py"),
        ("VST3 in Ardour", "test_ardour.py"),
    ] {
        let mut command = Command::new(&python);
        command.args(["-m", "unittest", "discover", "--verbose", "--start-directory", "tests/hosts/python"]);
        command.args(["--pattern", file]);
        with_bundles(&mut command);
        if let Ok(music) = &music {
            command.env("PLUMB_MUSIC", music);
        }
        if cli.as_ref().is_ok_and(std::process::ExitStatus::success) {
            command.env("PLUMB_CLI", target_directory().join("release"));
        }
        steps.tests(name, &mut command);
    }
}

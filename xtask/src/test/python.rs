//! A Python environment with the VST3 host pedalboard, and music to play through it.

use crate::run::run;
use anyhow::{Context, Result, ensure};
use plumb_hosts::bundles::target_directory;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Packages of the environment.
const REQUIREMENTS: &str = "tests/hosts/python/requirements.txt";
/// Debian's package of freely licensed music.
const MUSIC: &str = "singularity-music";

/// Makes the environment if it is missing or outdated; returns its Python.
pub(super) fn prepare() -> Result<PathBuf> {
    let environment = target_directory().join("venv");
    let python = environment.join("bin/python");
    let stamp = environment.join("requirements.txt");
    let wanted = fs::read(REQUIREMENTS).with_context(|| format!("reading {REQUIREMENTS}"))?;
    if python.exists() && fs::read(&stamp).is_ok_and(|there| there == wanted) {
        return Ok(python);
    }
    let quiet = |command: &mut Command| run(command.stdout(Stdio::null()));
    quiet(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&environment))?;
    quiet(Command::new(&python).args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "-r",
        REQUIREMENTS,
    ]))?;
    fs::write(&stamp, wanted)?;
    Ok(python)
}

/// Downloads and unpacks the music if missing; returns its directory.
pub(super) fn music() -> Result<PathBuf> {
    let directory = std::path::absolute(target_directory().join("music"))?;
    let unpacked = directory.join("usr/share");
    if unpacked.exists() {
        return Ok(directory);
    }
    fs::create_dir_all(&directory)?;
    let quiet =
        |command: &mut Command| run(command.current_dir(&directory).stdout(Stdio::null()).stderr(Stdio::null()));
    quiet(Command::new("apt-get").args(["download", MUSIC]))?;
    let entries = fs::read_dir(&directory)?.filter_map(|entry| entry.ok().map(|entry| entry.path()));
    let package = entries.filter(|path| path.extension().is_some_and(|extension| extension == "deb")).last();
    quiet(Command::new("dpkg").arg("-x").arg(package.context("apt-get downloaded nothing")?).arg("."))?;
    ensure!(unpacked.exists(), "{MUSIC} holds no music");
    Ok(directory)
}

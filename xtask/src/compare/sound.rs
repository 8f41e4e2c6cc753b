//! Renders the same files with both revisions' `plumb` and compares them bit for bit.

use super::options::Options;
use super::settings::{ALL, EXPECTED, Setting};
use super::tree::Tree;
use super::{programme, renamed, wav};
use crate::run::{output, say};
use anyhow::{Context, Result, ensure};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Rates of the synthesized inputs.
const RATES_HZ: [u32; 2] = [44_100, 96_000];
/// Extensions of music files.
const MUSIC: [&str; 4] = ["wav", "flac", "ogg", "mp3"];

/// Files rendered together, and their sidechain.
struct Inputs {
    files: Vec<PathBuf>,
    sidechain: PathBuf,
}

/// A revision's `plumb`, and its controls with their choices, by product.
struct Program {
    path: PathBuf,
    controls: BTreeMap<&'static str, BTreeMap<String, Vec<String>>>,
    rendered: PathBuf,
}

/// Difference between two files.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Difference {
    None,
    Length,
    /// The largest difference of two samples, and the first frame that differs.
    Samples {
        most: f64,
        first_frame: usize,
    },
}

/// Renders all settings with both; returns the rows that differ unexpectedly.
pub(super) fn compare(options: &Options, there: &Tree, here: &Tree) -> Result<Vec<String>> {
    let directory = here.target.join("compare");
    let old = Program::new(there.release("plumb-cli", "plumb")?, directory.join("before"))?;
    let plumb = if options.dev { here.dev("plumb-cli", "plumb")? } else { here.release("plumb-cli", "plumb")? };
    let new = Program::new(plumb, directory.join("after"))?;
    let mut inputs = synthesized(&directory)?;
    inputs.extend(options.music.as_deref().map(music).transpose()?.unwrap_or_default());
    say(&format!("{:62} {:24} before and after", "setting", "input"));
    let mut failed = Vec::new();
    for setting in ALL.iter().filter(|setting| options.wants(setting.name)) {
        let expected = EXPECTED.iter().find(|(name, _)| *name == setting.name).map(|(_, why)| *why);
        for inputs in &inputs {
            let (Some(before), Some(after)) = (old.words(setting), new.words(setting)) else {
                say(&format!("{:62} SKIPPED: one of them lacks a control", setting.name));
                break;
            };
            old.render(setting, &before, inputs)?;
            new.render(setting, &after, inputs)?;
            for file in &inputs.files {
                let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
                let [before, after] = [&old, &new].map(|program| program.result(file));
                let difference = difference(&wav::read(&before)?, &wav::read(&after)?);
                let verdict = shown(difference);
                let reason =
                    expected.filter(|_| difference != Difference::None).map(|why| format!(", expected: {why}"));
                let row = format!("{:62} {name:24} {verdict}{}", setting.name, reason.as_deref().unwrap_or_default());
                say(&row);
                if difference != Difference::None && reason.is_none() {
                    failed.push(row);
                }
            }
        }
    }
    say("Moving settings are beyond `plumb render`: not compared here; the tests of dsp-core cover them.");
    Ok(failed)
}

/// Writes the synthesized inputs at every rate.
fn synthesized(directory: &Path) -> Result<Vec<Inputs>> {
    fs::create_dir_all(directory).with_context(|| format!("making {}", directory.display()))?;
    let write = |name: &str, frames: &[[f64; 2]], rate_hz: u32| {
        let path = directory.join(format!("{name}-{rate_hz}.wav"));
        wav::write(&path, frames, rate_hz).map(|()| path)
    };
    let at = |rate_hz: u32| {
        let rate = f64::from(rate_hz);
        let files =
            vec![write("music", &programme::music(rate), rate_hz)?, write("noise", &programme::noise(rate), rate_hz)?];
        Ok(Inputs { files, sidechain: write("sidechain", &programme::sidechain(rate), rate_hz)? })
    };
    RATES_HZ.into_iter().map(at).collect()
}

/// Music of a directory. Each file is its own sidechain, which must have the same rate.
fn music(directory: &Path) -> Result<Vec<Inputs>> {
    let mut files = Vec::new();
    for extension in MUSIC {
        files.extend(crate::source::files(directory, extension)?);
    }
    ensure!(!files.is_empty(), "{} holds no music", directory.display());
    Ok(files.into_iter().map(|file| Inputs { sidechain: file.clone(), files: vec![file] }).collect())
}

impl Program {
    fn new(path: PathBuf, rendered: PathBuf) -> Result<Self> {
        fs::create_dir_all(&rendered).with_context(|| format!("making {}", rendered.display()))?;
        let mut controls = BTreeMap::new();
        for product in ["channel-strip", "master-bus"] {
            let list = output(&path.to_string_lossy(), &["params", product, "--json"])?;
            let list: serde_json::Value = serde_json::from_str(&list).context("reading a list of controls")?;
            let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
            let control = |control: &serde_json::Value| {
                let choices = control["choices"].as_array().map(|all| all.iter().map(text).collect());
                (text(&control["id"]), choices.unwrap_or_default())
            };
            controls.insert(product, list.as_array().into_iter().flatten().map(control).collect());
        }
        Ok(Self { path, controls, rendered })
    }

    /// A setting in this revision's ids and choices; none if it lacks a control.
    fn words(&self, setting: &Setting) -> Option<Vec<String>> {
        let known = self.controls.get(setting.product)?;
        let word = |(id, value): (&str, String)| {
            renamed::translated(id, &value, |id| known.get(id).cloned()).map(|(id, value)| format!("{id}={value}"))
        };
        setting.values().map(word).collect()
    }

    fn render(&self, setting: &Setting, words: &[String], inputs: &Inputs) -> Result<()> {
        let mut command = Command::new(&self.path);
        command.args(["render", setting.product, "--quiet", "--bits", "32f"]);
        if setting.uses_sidechain() {
            command.arg("--sidechain").arg(&inputs.sidechain);
        }
        words.iter().for_each(|word| _ = command.args(["--set", word]));
        command.args(&inputs.files);
        // Several files are rendered to a directory, one to a file.
        match inputs.files.as_slice() {
            [file] => command.arg(self.result(file)),
            _ => command.arg(&self.rendered),
        };
        let done = command.output().with_context(|| format!("starting {}", self.path.display()))?;
        ensure!(done.status.success(), "{}: {}", setting.name, String::from_utf8_lossy(&done.stderr).trim());
        Ok(())
    }

    /// The rendered file.
    fn result(&self, input: &Path) -> PathBuf {
        self.rendered.join(input.with_extension("wav").file_name().unwrap_or_default())
    }
}

fn difference(before: &[f32], after: &[f32]) -> Difference {
    if before.len() != after.len() {
        return Difference::Length;
    }
    let pairs = || before.iter().zip(after);
    let Some(first) = pairs().position(|(a, b)| a.to_bits() != b.to_bits()) else { return Difference::None };
    // NaN on one side only counts as infinite.
    let size =
        |a: f32, b: f32| if a.is_nan() == b.is_nan() { (f64::from(a) - f64::from(b)).abs() } else { f64::INFINITY };
    let most = pairs().map(|(a, b)| size(*a, *b)).fold(0.0, f64::max);
    Difference::Samples { most, first_frame: first / 2 }
}

fn shown(difference: Difference) -> String {
    match difference {
        Difference::None => "identical".to_owned(),
        Difference::Length => "DIFFERENT LENGTHS".to_owned(),
        Difference::Samples { most, first_frame } => {
            format!("{:.1} dBFS apart, first at frame {first_frame}", 20.0 * most.log10())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_bit_is_a_difference() {
        let before = [0.5, -0.25, 0.0, 1.0];
        assert_eq!(difference(&before, &before), Difference::None);
        assert_eq!(difference(&before, &before[1..]), Difference::Length);
        let bit = f32::from_bits(1.0_f32.to_bits() - 1);
        let most = f64::from(1.0 - bit);
        assert_eq!(difference(&before, &[0.5, -0.25, 0.0, bit]), Difference::Samples { most, first_frame: 1 });
        assert_ne!(difference(&before, &[0.5, -0.25, -0.0, 1.0]), Difference::None);
        let nan = Difference::Samples { most: f64::INFINITY, first_frame: 0 };
        assert_eq!(difference(&before, &[f32::NAN, -0.25, 0.0, 1.0]), nan);
    }
}

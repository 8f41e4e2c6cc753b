//! `cargo xtask tidy`: the rules that no compiler knows.

use crate::run::{cargo, say};
use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::{Path, PathBuf};

/// Lines, tests excluded, above which a file is a question in review.
const MAX_LINES: usize = 400;
/// The only file of dsp-core that may spell it.
const LOG10_HOME: &str = "dsp-core/src/units.rs";

/// What a package must not use, directly or through others: a name, or the beginning of one before `*`.
const ARROWS: [(&str, &[&str]); 9] = [
    ("dsp-core", &["plumb-*", "nice-plug*", "egui*", "baseview", "clap", "serde*"]),
    ("plumb-canvas", &["plumb-*", "dsp-core", "nice-plug*", "egui*", "baseview"]),
    ("plumb-controls", &["plumb-*", "nice-plug*", "egui*", "baseview"]),
    ("plumb-widgets", &["plumb-*", "dsp-core", "nice-plug*"]),
    ("plumb-glue", &["plumb-channel-strip", "plumb-master-bus"]),
    ("plumb-channel-strip", &["plumb-master-bus", "plumb-cli"]),
    ("plumb-master-bus", &["plumb-channel-strip", "plumb-cli"]),
    ("plumb-cli", &["nice-plug*", "egui*", "baseview", "plumb-glue", "plumb-widgets"]),
    ("plumb-hosts", &["nice-plug*", "plumb-*"]),
];

/// Checks everything; says what is wrong, all of it.
pub(crate) fn tidy() -> Result<()> {
    let mut wrong = Vec::new();
    for (package, forbidden) in ARROWS {
        for used in dependencies(package)?.iter().filter(|used| *used != package) {
            if forbidden.iter().any(|pattern| matches(pattern, used)) {
                wrong.push(format!("{package} must not use {used}"));
            }
        }
    }
    for path in sources(Path::new("."))? {
        let text = fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
        let file = path.strip_prefix(".").unwrap_or(&path).to_string_lossy().replace('\\', "/");
        wrong.extend(complaints(&file, &text));
        let lines = code_lines(&text);
        if lines > MAX_LINES {
            say(&format!("warning: {file} has {lines} lines without its tests; {MAX_LINES} is the limit for a reader"));
        }
    }
    for line in &wrong {
        say(line);
    }
    ensure!(wrong.is_empty(), "{} rules broken", wrong.len());
    Ok(())
}

fn matches(pattern: &str, name: &str) -> bool {
    pattern.strip_suffix('*').map_or(pattern == name, |start| name.starts_with(start))
}

/// Names of all packages that a package uses when it runs.
fn dependencies(package: &str) -> Result<Vec<String>> {
    let args = ["tree", "--locked", "--edges", "normal", "--prefix", "none", "--format", "{p}", "--package", package];
    let output = cargo().args(args).output().context("could not start cargo tree")?;
    ensure!(output.status.success(), "cargo tree: {}", String::from_utf8_lossy(&output.stderr).trim());
    let lines = String::from_utf8_lossy(&output.stdout).into_owned();
    Ok(lines.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect())
}

/// Every source file of ours under a directory.
fn sources(directory: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).with_context(|| format!("reading {}", directory.display()))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() && !name.starts_with('.') && name != "target" {
            found.extend(sources(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    Ok(found)
}

/// What is wrong with one file.
fn complaints(file: &str, text: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    if !text.starts_with("//! ") {
        wrong.push(format!("{file}: the first line must say what the file is, with //!"));
    }
    if file.starts_with("dsp-core/src/") && file != LOG10_HOME {
        let spelled = |(_, line): &(usize, &str)| line.contains("log10") && !line.trim_start().starts_with("//");
        for (number, _) in text.lines().enumerate().filter(spelled) {
            wrong.push(format!("{file}:{}: decibels are made in {LOG10_HOME} only", number + 1));
        }
    }
    wrong
}

/// Lines before the tests.
fn code_lines(text: &str) -> usize {
    text.lines().take_while(|line| *line != "#[cfg(test)]").count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_names_or_beginnings() {
        assert!(matches("egui*", "egui_glow") && matches("dsp-core", "dsp-core"));
        assert!(!matches("dsp-core", "dsp-core-x") && !matches("egui*", "ecolor"));
    }

    #[test]
    fn files_without_a_first_line_and_stray_decibels_are_found() {
        assert!(complaints("a.rs", "//! What it is.\nlet x = y.log10();").is_empty(), "log10 outside dsp-core is free");
        assert_eq!(complaints("a.rs", "use x;").len(), 1);
        assert_eq!(complaints("dsp-core/src/gain.rs", "//! x\nlet d = 20.0 * x.log10();\n// log10").len(), 1);
        assert!(complaints(LOG10_HOME, "//! x\nx.log10()").is_empty());
    }

    #[test]
    fn tests_do_not_count_as_lines() {
        assert_eq!(code_lines("a\nb\n#[cfg(test)]\nmod tests {\n}"), 2);
    }
}

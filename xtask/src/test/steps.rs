//! Runs steps one after another, with a line and a log for each; a failure does not stop the rest.

use super::counts::{self, Counts};
use super::failures;
use crate::run::{say, shown};
use anyhow::{Context, Result};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

/// Steps run so far.
pub(super) struct Steps {
    logs: PathBuf,
    counts: Counts,
}

impl Steps {
    /// No steps yet; logs go to a directory.
    pub(super) fn new(logs: &Path) -> Result<Self> {
        fs::create_dir_all(logs).with_context(|| format!("making {}", logs.display()))?;
        Ok(Self { logs: logs.to_owned(), counts: Counts::default() })
    }

    /// Counts so far.
    pub(super) fn counts(&self) -> Counts {
        self.counts
    }

    fn report(&mut self, name: &str, start: Instant, counts: Counts) {
        let verdict = if counts.failed > 0 { "FAILED" } else { "ok" };
        say(&format!("{verdict:<8}{name}: {counts}, {:.1} s", start.elapsed().as_secs_f64()));
        self.counts += counts;
    }

    /// Records a step that was skipped.
    pub(super) fn skip(&mut self, name: &str, why: &str) {
        say(&format!("SKIPPED {name}: {why}"));
        self.counts.skipped += 1;
    }

    /// Runs a step that is a function; returns whether it passed.
    pub(super) fn own(&mut self, name: &str, step: impl FnOnce() -> Result<()>) -> bool {
        let start = Instant::now();
        say(&format!("        {name} …"));
        let result = step();
        if let Err(error) = &result {
            say(&format!("{error:#}"));
        }
        let passed = usize::from(result.is_ok());
        self.report(name, start, Counts { passed, failed: 1 - passed, skipped: 0 });
        result.is_ok()
    }

    /// Runs a command that passes or fails as a whole.
    pub(super) fn command(&mut self, name: &str, command: &mut Command) {
        let start = Instant::now();
        let (succeeded, log) = self.logged(name, command);
        self.conclude(name, start, succeeded, &log, Counts { passed: usize::from(succeeded), ..Counts::default() });
    }

    /// Runs a command that prints counts of tests.
    pub(super) fn tests(&mut self, name: &str, command: &mut Command) {
        let start = Instant::now();
        let (succeeded, log) = self.logged(name, command);
        self.conclude(name, start, succeeded, &log, counts::read(&log));
    }

    fn conclude(&mut self, name: &str, start: Instant, succeeded: bool, log: &str, mut counts: Counts) {
        if !succeeded {
            // A test program that crashed or did not build prints no counts.
            counts.failed = counts.failed.max(1);
            failures::of(log).into_iter().for_each(say);
        }
        for line in log.lines().filter(|line| line.contains("SKIPPED ") || line.contains("... skipped ")) {
            say(line);
        }
        self.report(name, start, counts);
    }

    /// Runs a command, its output to a log; returns whether it succeeded, and the log.
    fn logged(&self, name: &str, command: &mut Command) -> (bool, String) {
        let path = self.logs.join(name.replace(' ', "-") + ".log");
        say(&format!("        {name}: {} …", shown(command)));
        let mut run = || -> Result<bool> {
            let log = File::create(&path)?;
            command.stdin(std::process::Stdio::null()).stdout(log.try_clone()?).stderr(log);
            Ok(command.status()?.success())
        };
        match run() {
            Ok(succeeded) => (succeeded, String::from_utf8_lossy(&fs::read(&path).unwrap_or_default()).into_owned()),
            Err(error) => (false, format!("{error:#}")),
        }
    }
}

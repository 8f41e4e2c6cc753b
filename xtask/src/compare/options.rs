//! The command's options.

use anyhow::{Context, Result, ensure};
use std::path::PathBuf;

/// The command's options.
#[derive(Debug, Default)]
pub(super) struct Options {
    pub(super) revision: String,
    pub(super) sound: bool,
    pub(super) bench: bool,
    /// Target directory where the other revision is built already.
    pub(super) built: Option<PathBuf>,
    /// Music to render as well.
    pub(super) music: Option<PathBuf>,
    /// Compare only settings and jobs whose names contain this.
    pub(super) only: Option<String>,
    /// Turns per timed job.
    pub(super) turns: Option<usize>,
    /// Time every rate and block size instead of a few.
    pub(super) all: bool,
    /// Time the plugins in a host too.
    pub(super) bundles: bool,
    /// Render with a dev build of this tree: sooner built, the same arithmetic.
    pub(super) dev: bool,
}

impl Options {
    pub(super) fn parse(args: &[String]) -> Result<Self> {
        let mut options = Self::default();
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            let mut value = || args.next().with_context(|| format!("{arg} needs a value")).cloned();
            match arg.as_str() {
                "--sound" => options.sound = true,
                "--bench" => options.bench = true,
                "--all" => options.all = true,
                "--bundles" => options.bundles = true,
                "--dev" => options.dev = true,
                "--built" => options.built = Some(value()?.into()),
                "--music" => options.music = Some(value()?.into()),
                "--only" => options.only = Some(value()?),
                "--turns" => options.turns = Some(value()?.parse().context("--turns needs a number")?),
                revision => {
                    ensure!(options.revision.is_empty() && !revision.starts_with('-'), "'{arg}' is not understood");
                    options.revision = revision.to_owned();
                }
            }
        }
        ensure!(!options.revision.is_empty(), "which revision?");
        Ok(options)
    }

    /// Whether a setting or job of this name is wanted.
    pub(super) fn wants(&self, name: &str) -> bool {
        self.only.as_ref().is_none_or(|only| name.contains(only.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_told_from_the_revision() {
        let parse = |args: &[&str]| Options::parse(&args.iter().map(|arg| (*arg).to_owned()).collect::<Vec<_>>());
        let options = parse(&["main~3", "--sound", "--music", "songs"]).expect("understood");
        assert_eq!((options.revision.as_str(), options.sound, options.bench), ("main~3", true, false));
        assert_eq!(options.music, Some("songs".into()));
        assert!(parse(&[]).is_err() && parse(&["a", "b"]).is_err() && parse(&["a", "--turns"]).is_err());
    }
}

//! `cargo xtask compare`: checks that this tree sounds the same as another revision and costs no more.

mod cost;
mod programme;
mod renamed;
mod settings;
mod sound;
mod wav;

use crate::run::{cargo, run};
use crate::{revision, run::say};
use anyhow::{Context, Result, ensure};
use plumb_hosts::bundles::target_directory;
use std::path::{Path, PathBuf};

/// The command's options.
#[derive(Debug, Default)]
struct Options {
    revision: String,
    sound: bool,
    bench: bool,
    /// Target directory where the other revision is built already.
    built: Option<PathBuf>,
    /// Music to render as well.
    music: Option<PathBuf>,
    /// Compare only settings and jobs whose names contain this.
    only: Option<String>,
    /// Turns per timed job.
    turns: Option<usize>,
    /// Time every rate and block size instead of a few.
    all: bool,
    /// Time the plugins in a host too.
    bundles: bool,
    /// Render with a dev build of this tree: sooner built, the same arithmetic.
    dev: bool,
}

/// One of the two trees.
#[derive(Clone, Debug)]
struct Tree {
    source: PathBuf,
    target: PathBuf,
}

/// Compares sound and cost with another revision, unless only one is asked for.
pub(crate) fn compare(args: &[String]) -> Result<()> {
    let options = Options::parse(args)?;
    let here = Tree { source: std::env::current_dir()?, target: std::path::absolute(target_directory())? };
    let there = match &options.built {
        // Built programs need no sources.
        Some(built) => Tree { source: PathBuf::new(), target: std::path::absolute(built)? },
        None => {
            let source = revision::checked_out(&options.revision)?;
            Tree { target: source.join("target"), source }
        }
    };
    let both = !options.sound && !options.bench;
    let mut failed = Vec::new();
    if options.sound || both {
        failed.extend(sound::compare(&options, &there, &here)?);
    }
    if options.bench || both {
        failed.extend(cost::compare(&options, &there, &here)?);
    }
    failed.iter().for_each(|line| say(line));
    ensure!(failed.is_empty(), "{} differences", failed.len());
    Ok(())
}

impl Options {
    fn parse(args: &[String]) -> Result<Self> {
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
    fn wants(&self, name: &str) -> bool {
        self.only.as_ref().is_none_or(|only| name.contains(only.as_str()))
    }
}

impl Tree {
    /// A release build of a program; reused if the tree is built elsewhere.
    fn release(&self, package: &str, program: &str) -> Result<PathBuf> {
        let built = self.target.join("release").join(program);
        if self.is_built_elsewhere() {
            ensure!(built.exists(), "{} is missing", built.display());
            return Ok(built);
        }
        run(self.cargo().args(["build", "--locked", "--release", "--quiet", "--package", package]))?;
        Ok(built)
    }

    /// A dev build of a program.
    fn dev(&self, package: &str, program: &str) -> Result<PathBuf> {
        run(self.cargo().args(["build", "--locked", "--quiet", "--package", package]))?;
        Ok(self.target.join("debug").join(program))
    }

    /// Cargo in this tree.
    fn cargo(&self) -> std::process::Command {
        let mut command = cargo();
        command.current_dir(&self.source).env("CARGO_TARGET_DIR", &self.target);
        command
    }

    /// The directory of its bundles; reused if the tree is built elsewhere.
    fn bundles(&self) -> Result<PathBuf> {
        let bundles = self.target.join("bundled");
        if !self.is_built_elsewhere() {
            run(self.cargo().args(["run", "--locked", "--quiet", "--package", "xtask", "--", "bundle"]))?;
        }
        ensure!(bundles.exists(), "{} is missing", bundles.display());
        Ok(bundles)
    }

    fn is_built_elsewhere(&self) -> bool {
        self.source == Path::new("")
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

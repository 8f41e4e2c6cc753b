//! `cargo xtask compare`: checks that this tree sounds the same as another revision and costs no more.

mod cost;
mod options;
mod programme;
mod renamed;
mod settings;
mod sound;
mod tree;
mod wav;

use crate::{revision, run::say};
use anyhow::{Result, ensure};
use options::Options;
use plumb_hosts::bundles::target_directory;
use std::path::PathBuf;
use tree::Tree;

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

//! Checks out other revisions of this repository.

use crate::run::{output, run};
use anyhow::{Result, ensure};
use plumb_hosts::bundles::target_directory;
use std::path::PathBuf;
use std::process::Command;

/// A work tree of a revision below `target/revisions`, made if missing.
pub(crate) fn checked_out(revision: &str) -> Result<PathBuf> {
    let commit = output("git", &["rev-parse", "--verify", "--quiet", &format!("{revision}^{{commit}}")])?;
    ensure!(!commit.trim().is_empty(), "'{revision}' is neither a directory nor a revision");
    let short: String = commit.trim().chars().take(12).collect();
    let tree = std::path::absolute(target_directory().join("revisions").join(short))?;
    if !tree.join("Cargo.toml").exists() {
        // Git still lists a tree that was deleted by hand.
        run(Command::new("git").args(["worktree", "prune"]))?;
        run(Command::new("git").args(["worktree", "add", "--detach", "--quiet"]).arg(&tree).arg(commit.trim()))?;
    }
    Ok(tree)
}

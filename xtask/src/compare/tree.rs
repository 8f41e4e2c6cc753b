//! The trees that are compared, and the programs built from them.

use crate::run::{cargo, run};
use anyhow::{Result, ensure};
use std::path::{Path, PathBuf};

/// One of the two trees.
#[derive(Clone, Debug)]
pub(super) struct Tree {
    pub(super) source: PathBuf,
    pub(super) target: PathBuf,
}

impl Tree {
    /// A release build of a program; reused if the tree is built elsewhere.
    pub(super) fn release(&self, package: &str, program: &str) -> Result<PathBuf> {
        let built = self.target.join("release").join(program);
        if self.is_built_elsewhere() {
            ensure!(built.exists(), "{} is missing", built.display());
            return Ok(built);
        }
        run(self.cargo().args(["build", "--locked", "--release", "--quiet", "--package", package]))?;
        Ok(built)
    }

    /// A dev build of a program.
    pub(super) fn dev(&self, package: &str, program: &str) -> Result<PathBuf> {
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
    pub(super) fn bundles(&self) -> Result<PathBuf> {
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

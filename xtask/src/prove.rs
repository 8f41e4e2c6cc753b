//! `cargo xtask prove`: plays a programme through bundles, each in its own process.

use crate::run::say;
use anyhow::{Context, Result, bail, ensure};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Proves the named bundles; a crash ends only that bundle's process.
pub(crate) fn prove(bundles: &[String]) -> Result<()> {
    match bundles {
        [] => bail!("name the bundles to prove"),
        [bundle] => {
            let proof = plumb_hosts::proof::prove(Path::new(bundle)).with_context(|| format!("proving {bundle}"))?;
            say(&proof.to_string());
            Ok(())
        }
        many => prove_each(&many.iter().map(PathBuf::from).collect::<Vec<_>>()),
    }
}

/// Proves each bundle in its own process.
pub(crate) fn prove_each(bundles: &[PathBuf]) -> Result<()> {
    for bundle in bundles {
        let status = Command::new(std::env::current_exe()?).arg("prove").arg(bundle).status()?;
        ensure!(status.success(), "{} does not play ({status})", bundle.display());
    }
    Ok(())
}

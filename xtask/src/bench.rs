//! `cargo xtask bench`: CPU cost of modules, chains and plugins.

use crate::bundle::bundle;
use crate::run::{cargo, run};
use anyhow::Result;

/// Builds both bundles unless `PLUMB_BUNDLES` names others, then runs `plumb-bench`: a package of its own, so that xtask
/// itself builds quickly.
pub(crate) fn bench(args: &[String]) -> Result<()> {
    if std::env::var_os("PLUMB_BUNDLES").is_none() {
        bundle()?;
    }
    run(cargo().args(["run", "--locked", "--release", "--package", "plumb-bench", "--"]).args(args))
}

//! `cargo xtask bench`: what everything costs.

use crate::bundle::bundle;
use crate::run::{cargo, run};
use anyhow::Result;

/// Builds both bundles, unless others are named, and measures; in a package of its own, so that these commands need none
/// of the product to be built.
pub(crate) fn bench(args: &[String]) -> Result<()> {
    if std::env::var_os("PLUMB_BUNDLES").is_none() {
        bundle()?;
    }
    run(cargo().args(["run", "--locked", "--release", "--package", "plumb-bench", "--"]).args(args))
}

//! `cargo xtask measure`: writes the pages of measurements, measured with the product's own code.

use crate::run::{cargo, run};
use anyhow::Result;

/// Runs `plumb-measure`: a package of its own, so that xtask itself builds quickly.
pub(crate) fn measure() -> Result<()> {
    run(cargo().args(["run", "--locked", "--release", "--package", "plumb-measure"]))
}

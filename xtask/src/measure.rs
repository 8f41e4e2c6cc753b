//! `cargo xtask measure`: makes the pages of measurements from the product's own code.

use crate::run::{cargo, run};
use anyhow::Result;

/// Measures; in a package of its own, so that these commands need none of the product to be built.
pub(crate) fn measure() -> Result<()> {
    run(cargo().args(["run", "--locked", "--release", "--package", "plumb-measure"]))
}

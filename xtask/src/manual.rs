//! `cargo xtask manual`: writes the parts of the manual that are made from the product itself.

use anyhow::{Context, Result};
use std::fs;

/// Where the table of controls goes.
const CONTROLS: &str = "docs/controls.md";

/// Writes the table of controls.
pub(crate) fn manual() -> Result<()> {
    fs::write(CONTROLS, plumb_controls::manual()).with_context(|| format!("writing {CONTROLS}"))
}

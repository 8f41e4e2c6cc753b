//! `cargo xtask manual`: generates docs/controls.md from the plugins' table of controls.

use anyhow::{Context, Result};
use std::fs;

/// The generated file.
const CONTROLS: &str = "docs/controls.md";

/// Writes the table of controls.
pub(crate) fn manual() -> Result<()> {
    fs::write(CONTROLS, plumb_controls::manual()).with_context(|| format!("writing {CONTROLS}"))
}

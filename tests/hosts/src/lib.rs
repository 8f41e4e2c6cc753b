//! The bundles in hosts of our own: a CLAP host, a VST3 host, a window, and the proof that an installed bundle plays.
//!
//! Knows the plugins only as files with a binary interface, as any host does. The tests in `tests/` drive the bundles
//! through it; `cargo xtask install` proves with it what it has installed.

pub mod audio;
pub mod bundles;
pub mod clap;
pub mod programme;
pub mod proof;
pub mod vst3;
pub mod window;

use std::io::Write;

/// Says that a test did not run and why, past the test harness's capture, in the form that `cargo xtask test` counts.
pub fn skipped(test: &str, why: &str) {
    // A test that cannot even say so has nothing to report to.
    let _ = writeln!(std::io::stdout(), "SKIPPED {test}: {why}");
}

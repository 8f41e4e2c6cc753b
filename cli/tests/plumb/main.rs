//! Black-box tests of the built binary: its files, messages and exit codes.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

mod check;
mod errors;
mod flac;
mod formats;
mod measure;
mod params;
mod render;
mod several;
mod sidechain;
mod support;

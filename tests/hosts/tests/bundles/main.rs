//! The built bundles in our own CLAP and VST3 hosts. Fails with a message if the bundles are not built; `cargo xtask test`
//! builds them first, and runs `editor::` separately on a virtual screen.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed, here too, outside its function")]

mod audio;
mod common;
mod defects;
mod editor;
mod params;
mod pictures;
mod robust;
mod state;
mod vst3;

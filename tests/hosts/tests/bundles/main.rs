//! The built bundles in our own CLAP and VST3 hosts. Fails clearly where the bundles have not been built;
//! `cargo xtask test` builds them first, and runs `editor::` by itself on a screen of its own.

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

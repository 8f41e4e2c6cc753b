//! Between `dsp-core` and the plugin framework: one table of controls becomes host parameters, state and remote-control
//! pages; one chain becomes a plugin; the chain's readings travel to the editor.
//!
//! A product is a [`Product`]: its names, its [`plumb_controls::Controlled`] chain and its [`Face`]. [`Shell`] makes the plugin of it, the same way
//! for every product, in CLAP and VST3.
//!
//! # Threads
//! The audio thread owns the chain and a [`Taken`] copy of the settings. The editor reads host parameters and the
//! [`Meters`], all atomics; neither waits for the other. A chain that takes long to design something has a thread of its
//! own beside it while it is active.
//!
//! # Panics
//! Nothing here is meant to panic, but a panic that crosses the C boundary would take the host and the user's work with
//! it. So processing and painting are each caught at the last moment ([`Shell`], [`Window`]): the sound goes on
//! unprocessed until the host activates the plugin again, the window says what happened.

mod desk;
mod handle;
mod helper;
mod meters;
mod moved;
pub mod panels;
mod params;
mod product;
mod pulse;
mod remote;
mod shell;
pub mod state;
mod taken;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod vst3;
mod window;

pub use desk::{Desk, Shown};
pub use handle::Handle;
pub use meters::Meters;
pub use params::{HostParam, HostParams};
pub use product::{Face, Product, layout};
pub use shell::Shell;
pub use taken::Taken;
pub use window::Window;

pub use nice_plug;

//! Between `dsp-core` and the plugin framework: the table of controls becomes host parameters, state and remote-control
//! pages; a chain becomes a plugin; its readings travel to the editor's window. Paints nothing: `plumb-panels` does.
//!
//! A [`Product`] has names, a chain and an editor. [`ProductPlugin`] makes it a plugin, in CLAP and VST3.
//!
//! # Threads
//! The audio thread owns the chain and an [`AudioSettings`] copy of the settings. The editor reads host parameters and the
//! [`Meters`], all atomics; neither waits for the other. A chain with slow designs has a worker thread while it is active.
//!
//! # Panics
//! Nothing here is meant to panic, but a panic across the C boundary would take the host down. So processing and painting
//! are caught ([`ProductPlugin`], [`Window`]): audio passes unprocessed until the next activation, the window shows a
//! message.

mod audio_settings;
mod dirty_flags;
mod editor_host;
mod editor_waker;
mod meters;
mod params;
mod product;
mod product_plugin;
mod remote;
mod session_fields;
pub mod state;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
mod threads;
pub mod vst3;
mod window;

pub use audio_settings::AudioSettings;
pub use meters::Meters;
pub use params::{HostParam, HostParams};
pub use product::{Product, layout};
pub use product_plugin::ProductPlugin;
pub use window::Window;

pub use nice_plug;

//! An embedded CLAP host, on `clack-host`.

mod buffers;
mod editor;
mod handlers;
mod info;
mod plugin;
mod process;

pub use buffers::Buffers;
pub use handlers::{Requests, Touch};
pub use info::{Param, Port};
pub use plugin::{Plugin, scan};

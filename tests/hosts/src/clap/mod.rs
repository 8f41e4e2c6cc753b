//! An embedded CLAP host, on `clack-host`.

mod editor;
mod handlers;
mod plugin;
mod process;

pub use handlers::{Requests, Touch};
pub use plugin::{Param, Plugin, Port, scan};
pub use process::Buffers;

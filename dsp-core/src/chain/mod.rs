//! Each whole product without a host: its modules in order, one settings type, one set of readings.

mod bypass;
mod io;
mod key_line;
mod swap;

pub mod channel;
pub mod master;
pub mod stage;

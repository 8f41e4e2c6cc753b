//! Each whole product without a host: its modules in order, one settings type, one set of readings.

mod bypass;
mod io;
mod swap;

pub mod channel;
pub mod master;

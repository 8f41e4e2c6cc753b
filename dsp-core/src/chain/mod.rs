//! Each whole product without a host: its modules in order, one settings type, one set of readings.

pub mod channel;
pub mod master;

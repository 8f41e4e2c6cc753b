//! Each whole product without a host: its stages in order, one settings type, one set of readings.

mod bypass;
mod io;
mod key_history;
mod path;
mod pending;
mod reorder;
mod slot;

pub mod channel;
pub mod master;
pub mod order;
pub mod product;
pub mod stage;

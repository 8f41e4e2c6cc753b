//! What a CLAP plugin says of its parameters and ports.

use clack_extensions::params::ParamInfoFlags;

/// What the plugin says of one parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Param {
    /// Its permanent number.
    pub id: u32,
    /// What the user reads.
    pub name: String,
    /// Path of groups, `/` between them.
    pub module: String,
    /// What the host may do with it.
    pub flags: ParamInfoFlags,
    /// Smallest, default and largest value.
    pub range: [f64; 3],
}

/// What the plugin says of one audio port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Port {
    /// What the user reads.
    pub name: String,
    /// Number of channels.
    pub channels: usize,
    /// The main port, not a sidechain.
    pub is_main: bool,
}

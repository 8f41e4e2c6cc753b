//! What a dynamics processor plays: its result, what its detector hears, or what it takes away.

use crate::choice;

/// What is heard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Listen {
    /// The result.
    #[default]
    Off,
    /// What the detector hears: the key behind its filters, aligned with the result.
    Key,
    /// What is taken away: dry minus result, before make-up. Result and this are dry again.
    Removed,
}

choice!(Listen { Off => "Off", Key => "Key", Removed => "Delta" });

//! What a dynamics processor listens to.

use crate::choice;

/// Source of the detector's signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// The signal being processed.
    Internal,
    /// The sidechain input; silence when nothing is connected.
    External,
}

choice!(Key { Internal => "Internal", External => "External" });

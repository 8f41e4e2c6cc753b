//! What a dynamics processor listens to.

use crate::frame::sanitise_all;
use crate::{Frame, choice};

/// Source of the detector's signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// The signal being processed.
    Internal,
    /// The sidechain input; silence when nothing is connected.
    External,
}

choice!(Key { Internal => "Internal", External => "External" });

/// Copies frames of the sidechain, silence where it has ended.
#[inline(always)]
pub(crate) fn read_sidechain(sidechain: &[Frame], key: &mut [Frame]) {
    let given = sidechain.len().min(key.len());
    key[..given].copy_from_slice(&sidechain[..given]);
    key[given..].fill([0.0; 2]);
    sanitise_all(key);
}

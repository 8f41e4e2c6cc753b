//! What a dynamics processor listens to.

use crate::choice;
use crate::frame::{Frame, sanitise};

/// Source of the detector's signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// The signal being processed.
    Internal,
    /// The sidechain input; silence when nothing is connected.
    External,
}

choice!(Key { Internal => "Internal", External => "External" });

/// What the detector hears at frame `n` of a block: the input, or the sidechain, which is silence where it is absent
/// or ends before `n`.
#[inline]
pub(super) fn frame(key: Key, input: Frame, external: Option<&[Frame]>, n: usize) -> Frame {
    match key {
        Key::Internal => input,
        Key::External => external.and_then(|frames| frames.get(n)).map_or([0.0; 2], |frame| sanitise(*frame)),
    }
}

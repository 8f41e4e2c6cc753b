//! What a dynamics processor outputs: its result, its key, or the removed part.

use crate::{Frame, choice};

/// What is heard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Listen {
    /// The result.
    #[default]
    Off,
    /// The key behind its filters, aligned with the result.
    Key,
    /// The removed part: dry minus result, before make-up. Added to the result it gives dry.
    Removed,
}

choice!(Listen { Off => "Off", Key => "Key", Removed => "Delta" });

impl Listen {
    /// Shares of the key and of what is removed in what is heard; the rest is the result.
    pub(super) fn shares(self) -> [f64; 2] {
        [Self::Key, Self::Removed].map(|part| f64::from(u8::from(self == part)))
    }
}

/// Mixes by those shares ([`Listen::shares`]); exactly one of the three when they have settled.
#[inline(always)]
pub(super) fn heard([to_key, to_removed]: [f64; 2], output: Frame, key: Frame, removed: Frame) -> Frame {
    let rest = 1.0 - to_key - to_removed;
    [0, 1].map(|lane| rest * output[lane] + to_key * key[lane] + to_removed * removed[lane])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settled_it_is_exactly_one_of_the_three() {
        for (listen, expected) in [(Listen::Off, 0.1), (Listen::Key, 0.2), (Listen::Removed, 0.3)] {
            assert_eq!(heard(listen.shares(), [0.1; 2], [0.2; 2], [0.3; 2]), [expected; 2], "{listen:?}");
        }
    }
}

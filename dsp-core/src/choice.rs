//! Switches with more than two positions: an enum that knows the texts a user reads.

/// An enum a user picks from. The order of the variants is part of every saved state: new ones go last.
pub trait Choice: Copy + PartialEq + Sized + 'static {
    /// Every variant, in order.
    const ALL: &'static [Self];
    /// What the user reads for each variant, in the same order.
    const TEXTS: &'static [&'static str];

    /// Place of this variant in [`Choice::ALL`].
    fn index(self) -> usize {
        Self::ALL.iter().position(|variant| *variant == self).unwrap_or(0)
    }

    /// The variant at a place; beyond the end, the last.
    fn from_index(index: usize) -> Self {
        Self::ALL[index.min(Self::ALL.len() - 1)]
    }
}

/// Implements [`Choice`] from a list of `Variant => "text"`.
#[macro_export]
macro_rules! choice {
    ($name:ty { $($variant:ident => $text:literal),+ $(,)? }) => {
        impl $crate::choice::Choice for $name {
            const ALL: &'static [Self] = &[$(Self::$variant),+];
            const TEXTS: &'static [&'static str] = &[$($text),+];
        }
    };
}

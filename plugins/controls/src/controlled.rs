//! A chain with its controls.

use crate::table::{ControlTable, Controls};
use dsp_core::Chain;

/// A whole product's sound and the controls that set it.
pub trait Controlled: Chain<Settings: ControlTable> {
    /// Its controls.
    #[must_use]
    fn controls() -> Controls<Self::Settings> {
        Controls::new()
    }
}

impl<C: Chain<Settings: ControlTable>> Controlled for C {}

//! A chain with its controls.

use crate::table::Controls;
use crate::{bus, strip};
use dsp_core::Chain;
use dsp_core::chain::{channel::ChannelStrip, master::MasterBus};

/// A whole product's sound and the controls that set it.
pub trait Controlled: Chain {
    /// Its controls.
    fn controls() -> Controls<Self::Settings>;
}

impl Controlled for ChannelStrip {
    fn controls() -> Controls<Self::Settings> {
        strip::channel_strip()
    }
}

impl Controlled for MasterBus {
    fn controls() -> Controls<Self::Settings> {
        bus::master_bus()
    }
}

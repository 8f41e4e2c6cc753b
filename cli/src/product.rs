//! Both products as the command line sees them: a table of controls and a chain.

use dsp_core::Spec;
use dsp_core::chain::{channel, master};
use plumb_controls::Controls;

/// A chain and its controls.
pub(crate) trait Chain {
    /// What its controls turn.
    type Settings: Default + Copy + Sync;

    /// Its controls.
    fn controls() -> Controls<Self::Settings>;
    /// A chain at rest.
    fn new(settings: Self::Settings) -> Self;
    /// Sizes it for rate and channels.
    fn prepare(&mut self, spec: Spec);
    /// Processes channels of equal length in place.
    fn process(&mut self, main: &mut [&mut [f32]], key: Option<&[Vec<f32>]>);
    /// Delay between input and output.
    fn latency_frames(&self) -> usize;
}

impl Chain for channel::ChannelStrip {
    type Settings = channel::Settings;

    fn controls() -> Controls<channel::Settings> {
        plumb_controls::channel_strip()
    }

    fn new(settings: channel::Settings) -> Self {
        Self::new(settings)
    }

    fn prepare(&mut self, spec: Spec) {
        self.prepare(spec);
    }

    fn process(&mut self, main: &mut [&mut [f32]], key: Option<&[Vec<f32>]>) {
        self.process(main, key);
    }

    fn latency_frames(&self) -> usize {
        self.latency_frames()
    }
}

impl Chain for master::MasterBus {
    type Settings = master::Settings;

    fn controls() -> Controls<master::Settings> {
        plumb_controls::master_bus()
    }

    fn new(settings: master::Settings) -> Self {
        Self::new(settings)
    }

    fn prepare(&mut self, spec: Spec) {
        self.prepare(spec);
    }

    fn process(&mut self, main: &mut [&mut [f32]], key: Option<&[Vec<f32>]>) {
        self.process(main, key);
    }

    fn latency_frames(&self) -> usize {
        self.latency_frames()
    }
}

//! What the plugin shell needs of a whole product's sound.

use crate::readings::Readings;
use dsp_core::Spec;
use dsp_core::chain::{channel, channel::ChannelStrip, master, master::MasterBus};
use plumb_controls::Controls;

/// A chain of `dsp-core` with its table of controls. The calls are those of the processor contract there.
pub trait Chain: Send + 'static {
    /// Everything it can be set to.
    type Settings: Default + Copy + PartialEq + Send + Sync + 'static;
    /// What its meters show.
    type Readings: Readings;

    /// Its controls.
    fn controls() -> Controls<Self::Settings>;
    /// At rest.
    fn new(settings: Self::Settings) -> Self;
    /// Sizes everything, adopts the structural settings, resets. Allocates.
    fn prepare(&mut self, spec: Spec);
    /// Forgets the past.
    fn reset(&mut self);
    /// New targets.
    fn set(&mut self, settings: Self::Settings);
    /// In place; `key` is the sidechain.
    fn process(&mut self, main: &mut [&mut [f32]], key: Option<&[&mut [f32]]>);
    /// Delay between input and output.
    fn latency_frames(&self) -> usize;
    /// What the meters show now.
    fn readings(&self) -> Self::Readings;
    /// Starts what is measured over time anew; the sound goes on.
    fn reset_measurement(&mut self);
}

/// A chain's own calls as the trait's: all but those that only one of them has.
macro_rules! own_calls {
    ($module:ident, $controls:path) => {
        type Settings = $module::Settings;
        type Readings = $module::Readings;

        fn controls() -> Controls<Self::Settings> {
            $controls()
        }
        fn new(settings: Self::Settings) -> Self {
            Self::new(settings)
        }
        fn prepare(&mut self, spec: Spec) {
            self.prepare(spec);
        }
        fn reset(&mut self) {
            self.reset();
        }
        fn set(&mut self, settings: Self::Settings) {
            self.set(settings);
        }
        fn latency_frames(&self) -> usize {
            self.latency_frames()
        }
        fn readings(&self) -> Self::Readings {
            self.readings()
        }
    };
}

impl Chain for ChannelStrip {
    own_calls!(channel, plumb_controls::channel_strip);

    fn process(&mut self, main: &mut [&mut [f32]], key: Option<&[&mut [f32]]>) {
        self.process(main, key);
    }
    /// Momentary and short-term loudness forget by themselves.
    fn reset_measurement(&mut self) {}
}

impl Chain for MasterBus {
    own_calls!(master, plumb_controls::master_bus);

    fn process(&mut self, main: &mut [&mut [f32]], _key: Option<&[&mut [f32]]>) {
        self.process(main);
    }
    fn reset_measurement(&mut self) {
        self.reset_measurement();
    }
}

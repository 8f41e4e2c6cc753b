//! What the plugin shell needs of a whole product's sound.

use crate::readings::Readings;
use dsp_core::Spec;
use dsp_core::chain::{channel, channel::ChannelStrip, master, master::MasterBus};
use dsp_core::eq::phase::Mode;
use dsp_core::meter::taps::SignalTaps;
use plumb_controls::Controls;
use std::sync::Arc;

/// The whole life of a thread that works for a chain; it ends when the chain is dropped.
pub type Work = Box<dyn FnOnce() + Send>;

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
    /// At rest, for a host: what takes long is not done on the audio thread, but by somebody who is to be run beside it.
    fn for_host(settings: Self::Settings) -> (Self, Option<Work>)
    where
        Self: Sized,
    {
        (Self::new(settings), None)
    }
    /// Lets it be looked at, and its history be written down.
    fn show(&mut self, taps: Arc<SignalTaps>);
    /// Sizes everything, adopts the structural settings, resets. Allocates.
    fn prepare(&mut self, spec: Spec);
    /// Forgets the past of the sound; what is measured over time goes on, as hosts reset whenever they stop or play.
    fn reset(&mut self);
    /// Whether the host plays.
    fn play(&mut self, playing: bool);
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
    /// Whether somebody looks at the meters; those that forget by themselves need not run while nobody does.
    fn watch(&mut self, watched: bool);
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
        fn show(&mut self, taps: Arc<SignalTaps>) {
            self.show(taps);
        }
        fn prepare(&mut self, spec: Spec) {
            self.prepare(spec);
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
        fn process(&mut self, main: &mut [&mut [f32]], key: Option<&[&mut [f32]]>) {
            self.process(main, key);
        }
    };
}

impl Chain for ChannelStrip {
    own_calls!(channel, plumb_controls::channel_strip);

    fn reset(&mut self) {
        self.reset();
    }

    fn play(&mut self, _playing: bool) {}

    /// Momentary and short-term loudness forget by themselves.
    fn reset_measurement(&mut self) {}

    fn watch(&mut self, watched: bool) {
        self.watch(watched);
    }
}

impl Chain for MasterBus {
    own_calls!(master, plumb_controls::master_bus);

    fn for_host(settings: Self::Settings) -> (Self, Option<Work>) {
        let (chain, designer) = Self::with_designer(settings);
        // The mode is structural: without delay now, nothing is designed until the next activation.
        let designs = settings.eq_phase != Mode::Zero;
        (chain, designs.then(|| Box::new(move || designer.work_until_closed()) as Work))
    }

    fn reset(&mut self) {
        self.reset_sound();
    }

    fn play(&mut self, playing: bool) {
        self.play(playing);
    }

    fn reset_measurement(&mut self) {
        self.reset_measurement();
    }

    fn watch(&mut self, watched: bool) {
        self.watch(watched);
    }
}

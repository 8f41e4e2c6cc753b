//! What every whole chain does for a plugin, a command line or a test.

use crate::Spec;
use crate::meter::readings::Readings;
use crate::meter::taps::SignalTaps;
use std::sync::Arc;

/// What a thread beside a chain has to do; it ends when the chain is dropped.
pub type Work = Box<dyn FnOnce() + Send>;

/// A whole product without a host: the calls of [`crate::Stage`], over the host's channels.
pub trait Chain: Sized + Send + 'static {
    /// Everything that can be set.
    type Settings: Default + Copy + PartialEq + Send + Sync + 'static;
    /// What the meters show.
    type Readings: Readings;

    /// Settled. Runs only after [`Self::prepare`]. Designs inside `set` whatever takes long, so that files sound the same
    /// every time.
    fn new(settings: Self::Settings) -> Self;

    /// The same for a host: what takes long to design is not designed on the audio thread, but by the work that comes
    /// with it, to be run on a thread of its own.
    fn for_host(settings: Self::Settings) -> (Self, Option<Work>) {
        (Self::new(settings), None)
    }

    /// Lets displays read the signal.
    fn attach_taps(&mut self, taps: Arc<SignalTaps>);

    /// Sizes everything for rate and channels, adopts structural settings, resets. Allocates.
    fn prepare(&mut self, spec: Spec);

    /// Forgets the past, keeps the settings, adopts structural ones.
    fn reset(&mut self);

    /// The same, but what is measured over time goes on: hosts reset whenever they stop or play.
    fn reset_sound(&mut self) {
        self.reset();
    }

    /// New targets. Each acts when the sound arrives at its stage that is at the chain's input now.
    fn set(&mut self, settings: Self::Settings);

    /// Processes one or two channels of equal length in place; `key` is the sidechain, silence where it is missing.
    fn process<K: AsRef<[f32]>>(&mut self, main: &mut [&mut [f32]], key: Option<&[K]>);

    /// Delay between input and output, constant between two resets.
    fn latency_frames(&self) -> usize;

    /// Delay that the next reset will adopt.
    fn pending_latency_frames(&self) -> usize;

    /// What the meters show after the last block.
    fn readings(&self) -> Self::Readings;

    /// Starts what is measured over time anew; the sound goes on.
    fn reset_measurement(&mut self) {}

    /// Whether the host plays.
    fn set_playing(&mut self, _playing: bool) {}

    /// Whether anybody sees the meters: those that only show the moment rest while nobody does, and start anew afterwards.
    /// True until the first call. What is measured over time, and what each section does, is always known.
    fn set_metering(&mut self, metering: bool);
}

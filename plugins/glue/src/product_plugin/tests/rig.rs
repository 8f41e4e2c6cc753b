//! A plugin on the bench: a product of a chain alone, and a host that records what the plugin asks of it.

use crate::product::Product;
use crate::product_plugin::ProductPlugin;
use dsp_core::Chain;
use nice_plug::context::PluginApi;
use nice_plug::context::process::SendEventError;
use nice_plug::prelude::*;
use plumb_controls::ControlTable;
use plumb_panels::testing::NoEditor;
use std::cell::Cell;
use std::marker::PhantomData;

/// A product of a chain alone.
pub(super) struct Sound<C>(PhantomData<fn() -> C>);

impl<C: Chain<Settings: ControlTable>> Product for Sound<C> {
    type Chain = C;
    type Editor = NoEditor<C::Settings, C::Readings>;
    const NAME: &'static str = "Sound";
    const DESCRIPTION: &'static str = "";
    const CLAP_ID: &'static str = "";
    const CLAP_FEATURES: &'static [ClapFeature] = &[];
    const VST3_CLASS_ID: [u8; 16] = [0; 16];
    const VST3_SUBCATEGORIES: &'static [Vst3SubCategory] = &[];
    const LAYOUTS: &'static [AudioIOLayout] = &[];
}

/// A host, and what the plugin asked of it.
pub(super) struct Asked {
    pub(super) latency: Cell<Option<u32>>,
    pub(super) restarts: Cell<usize>,
    pub(super) transport: Transport,
}

impl Default for Asked {
    fn default() -> Self {
        Self { latency: Cell::default(), restarts: Cell::default(), transport: Transport::new(48_000.0) }
    }
}

impl<P: Product> ActivateContext<ProductPlugin<P>> for Asked {
    fn plugin_api(&self) -> PluginApi {
        PluginApi::Clap
    }
    fn execute(&self, _task: ()) {}
    fn set_latency_samples(&self, samples: u32) {
        self.latency.set(Some(samples));
    }
    fn set_current_voice_capacity(&self, _capacity: u32) {}
}

impl<P: Product> ProcessContext<ProductPlugin<P>> for Asked {
    fn plugin_api(&self) -> PluginApi {
        PluginApi::Clap
    }
    fn execute_background(&self, _task: ()) {}
    fn execute_gui(&self, _task: ()) {}
    fn transport(&self) -> &Transport {
        &self.transport
    }
    fn next_event(&mut self) -> Option<PluginNoteEvent<ProductPlugin<P>>> {
        None
    }
    fn try_send_event(
        &mut self,
        event: PluginNoteEvent<ProductPlugin<P>>,
    ) -> Result<(), (PluginNoteEvent<ProductPlugin<P>>, SendEventError)> {
        Err((event, SendEventError::NoOutputBuffer))
    }
    fn set_latency_samples(&self, samples: u32) {
        self.latency.set(Some(samples));
    }
    fn request_restart(&self) {
        self.restarts.set(self.restarts.get() + 1);
    }
    fn set_current_voice_capacity(&self, _capacity: u32) {}
}

/// Activates a plugin for stereo blocks of 64 frames; returns whether it can run, and the latency it reports.
pub(super) fn activate<P: Product>(plugin: &mut ProductPlugin<P>, sample_rate: f32) -> (bool, Option<u32>) {
    let layout = AudioIOLayout {
        main_input_channels: NonZeroU32::new(2),
        main_output_channels: NonZeroU32::new(2),
        ..AudioIOLayout::const_default()
    };
    let config =
        BufferConfig { sample_rate, min_buffer_size: None, max_buffer_size: 64, process_mode: ProcessMode::Realtime };
    let mut asked = Asked::default();
    let done = plugin.activate(&layout, &config, &mut asked);
    (done, asked.latency.get())
}

/// Processes a stereo block of `x`; gives back the left channel and the number of restarts asked for.
pub(super) fn process<P: Product>(plugin: &mut ProductPlugin<P>, x: &[f32]) -> (Vec<f32>, usize) {
    process_while(plugin, x, false)
}

/// The same while the host plays, or does not.
pub(super) fn process_while<P: Product>(plugin: &mut ProductPlugin<P>, x: &[f32], playing: bool) -> (Vec<f32>, usize) {
    let [mut left, mut right] = [x.to_vec(), x.to_vec()];
    let mut asked = Asked::default();
    asked.transport.playing = playing;
    let mut buffer = Buffer::default();
    // SAFETY: the slices live longer than the buffer, and are as long as said.
    unsafe { buffer.set_slices(x.len(), |slices| *slices = vec![&mut left[..], &mut right[..]]) };
    let mut aux = AuxiliaryBuffers { inputs: &mut [], outputs: &mut [] };
    plugin.process(&mut buffer, &mut aux, &mut asked);
    assert_eq!(asked.latency.get(), None, "latency belongs to activation");
    (left, asked.restarts.get())
}

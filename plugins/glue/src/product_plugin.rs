//! A product's chain as a plugin: the same for every product and both formats.

use crate::audio_settings::AudioSettings;
use crate::meters::{Meters, Publisher};
use crate::params::HostParams;
use crate::product::Product;
use crate::threads::{WorkerThread, on_large_stack};
use crate::window::Window;
use crate::{remote, state};
use dsp_core::Chain;
use dsp_core::{Spec, flush::FlushGuard};
use nice_plug::plugin::PluginState;
use nice_plug::prelude::*;
use plumb_panels::EditorUi as _;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// How long a plugin may sound after its input, in seconds: the narrowest low bell rings longer, but inaudibly.
const TAIL_S: f64 = 1.0;

/// A product as a plugin.
pub struct ProductPlugin<P: Product> {
    params: Arc<HostParams<Settings<P>>>,
    meters: Arc<Meters<Readings<P>>>,
    audio: AudioSettings<Settings<P>>,
    /// `None` before the first activation: a host that only scans the plugin builds no chain.
    chain: Option<Box<P::Chain>>,
    /// Works for the chain; dropped after it.
    worker: WorkerThread,
    publisher: Publisher,
    sample_rate_hz: f64,
    /// The chain panicked: it is not called until the next activation.
    failed: bool,
}

type Settings<P> = <<P as Product>::Chain as Chain>::Settings;
type Readings<P> = <<P as Product>::Chain as Chain>::Readings;

impl<P: Product> fmt::Debug for ProductPlugin<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct(P::NAME).finish_non_exhaustive()
    }
}

impl<P: Product> Default for ProductPlugin<P> {
    fn default() -> Self {
        let params = Arc::new(HostParams::new(P::Editor::SIZE));
        let audio = AudioSettings::new(&params);
        Self {
            chain: None,
            meters: Arc::default(),
            worker: WorkerThread::default(),
            publisher: Publisher::new(),
            sample_rate_hz: 0.0,
            failed: false,
            params,
            audio,
        }
    }
}

impl<P: Product> ProductPlugin<P> {
    /// Builds and prepares a new chain.
    fn prepare(&mut self, spec: Spec) {
        self.audio.adopt(&self.params);
        let (settings, taps) = (self.audio.settings(), self.meters.taps());
        let (chain, work) = on_large_stack(|| {
            let (chain, work) = P::Chain::for_host(settings);
            let mut chain = Box::new(chain);
            chain.attach_taps(Arc::clone(taps));
            chain.prepare(spec);
            (chain, work)
        });
        self.chain = Some(chain);
        self.worker = WorkerThread::start(P::NAME, work).unwrap_or_else(|error| {
            nice_error!("{} has no thread to design on, its equaliser stands still: {error}", P::NAME);
            WorkerThread::default()
        });
        self.sample_rate_hz = spec.sample_rate_hz;
        self.meters.set_sample_rate_hz(spec.sample_rate_hz);
    }

    /// Catches a panic of `action`; the chain is not called afterwards. Returns whether there was none.
    fn guarded(&mut self, action: impl FnOnce(&mut Self)) -> bool {
        if catch_unwind(AssertUnwindSafe(|| action(self))).is_err() {
            self.failed = true;
        }
        !self.failed
    }

    /// Passes changed parameters to the chain.
    fn update_chain(&mut self) {
        if self.audio.update(&self.params)
            && let Some(chain) = &mut self.chain
        {
            chain.set(self.audio.settings());
        }
    }

    /// One block of the chain; silence if it panics.
    fn run(&mut self, main: &mut [&mut [f32]], key: Option<&[&mut [f32]]>, playing: bool) {
        let frames = main.first().map_or(0, |channel| channel.len());
        let done = self.guarded(|plugin| {
            plugin.update_chain();
            let Some(chain) = &mut plugin.chain else { return };
            if plugin.meters.take_reset() {
                chain.reset_measurement();
            }
            chain.set_metering(plugin.publisher.is_watched(&plugin.meters));
            chain.set_playing(playing);
            chain.process(main, key);
            plugin.publisher.after(&plugin.meters, frames, || chain.readings());
        });
        if !done {
            main.iter_mut().for_each(|channel| channel.fill(0.0));
        }
    }
}

impl<P: Product> Plugin for ProductPlugin<P> {
    const NAME: &'static str = P::NAME;
    const VENDOR: &'static str = "Plumb";
    const URL: &'static str = "";
    const EMAIL: &'static str = "";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    const AUDIO_IO_LAYOUTS: &'static [AudioIOLayout] = P::LAYOUTS;
    const SAMPLE_ACCURATE_AUTOMATION: bool = true;

    type Editor = Window<P>;
    type SysExMessage = ();
    type BackgroundTask = ();

    fn params(&self) -> Arc<dyn Params> {
        Arc::clone(&self.params) as Arc<dyn Params>
    }

    fn editor(&mut self, _executor: AsyncExecutor<Self>) -> Option<Self::Editor> {
        Some(Window::new(Arc::clone(&self.params), Arc::clone(&self.meters)))
    }

    fn filter_state(state: &mut PluginState) {
        state::filter::<P::Chain>(state);
    }

    fn activate(
        &mut self,
        layout: &AudioIOLayout,
        config: &BufferConfig,
        context: &mut impl ActivateContext<Self>,
    ) -> bool {
        let channels = layout.main_output_channels.map_or(0, NonZeroU32::get) as usize;
        // A host that announces 0 frames may still send some: the chain takes any length.
        let max_frames = config.max_buffer_size.max(1) as usize;
        match Spec::runnable(f64::from(config.sample_rate), max_frames, channels) {
            Ok(spec) => {
                self.failed = false;
                if !self.guarded(|plugin| plugin.prepare(spec)) {
                    return false;
                }
            }
            Err(error) => {
                nice_error!("{} cannot run here: {error}", P::NAME);
                return false;
            }
        }
        context.set_latency_samples(self.chain.as_ref().map_or(0, |chain| chain.latency_frames()) as u32);
        true
    }

    /// Hosts call this at any time. Structural settings stay as activated, and so does the latency.
    fn reset(&mut self) {
        let _flush = FlushGuard::new();
        if !self.failed {
            self.guarded(|plugin| {
                plugin.update_chain();
                if let Some(chain) = &mut plugin.chain {
                    chain.reset_sound();
                }
            });
        }
    }

    fn process(
        &mut self,
        buffer: &mut Buffer,
        aux: &mut AuxiliaryBuffers,
        context: &mut impl ProcessContext<Self>,
    ) -> ProcessStatus {
        let _flush = FlushGuard::new();
        let frames = buffer.samples();
        let key = aux.inputs.first_mut().map(|key| &*key.as_slice());
        if !self.failed {
            self.run(buffer.as_slice(), key, context.transport().playing);
        }
        if self.audio.wants_restart(frames, self.sample_rate_hz) {
            context.request_restart();
        }
        ProcessStatus::Tail((TAIL_S * self.sample_rate_hz) as u32)
    }

    /// No global logger and no panic hook in the host's process.
    fn setup_logger() -> Option<bool> {
        Some(false)
    }
}

impl<P: Product> ClapPlugin for ProductPlugin<P> {
    const CLAP_ID: &'static str = P::CLAP_ID;
    const CLAP_DESCRIPTION: Option<&'static str> = Some(P::DESCRIPTION);
    const CLAP_MANUAL_URL: Option<&'static str> = None;
    const CLAP_SUPPORT_URL: Option<&'static str> = None;
    const CLAP_FEATURES: &'static [ClapFeature] = P::CLAP_FEATURES;

    fn remote_controls(&self, context: &mut impl RemoteControlsContext) {
        remote::add_pages(&self.params, context);
    }
}

impl<P: Product> Vst3Plugin for ProductPlugin<P> {
    const VST3_CLASS_ID: [u8; 16] = P::VST3_CLASS_ID;
    const VST3_SUBCATEGORIES: &'static [Vst3SubCategory] = P::VST3_SUBCATEGORIES;
}

#[cfg(test)]
mod tests;

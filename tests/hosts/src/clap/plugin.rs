//! One loaded CLAP plugin: parameters, ports, state, life cycle.

use super::buffers::Buffers;
use super::handlers::{Host, MainThread, Requests, Shared};
use super::info::{Param, Port};
use anyhow::{Context, Result, anyhow, bail};
use clack_extensions::audio_ports::{AudioPortFlags, AudioPortInfoBuffer, PluginAudioPorts};
use clack_extensions::audio_ports_config::{AudioPortsConfigBuffer, PluginAudioPortsConfig};
use clack_extensions::latency::PluginLatency;
use clack_extensions::params::{ParamInfoBuffer, PluginParams};
use clack_extensions::state::PluginState;
use clack_host::extensions::{Extension, PluginExtensionSide};
use clack_host::prelude::*;
use std::ffi::CString;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;

/// What a host does when it scans: loads the library, asks the factory what is in it, and lets go. The plugins' ids.
///
/// # Errors
/// The file is no CLAP plugin.
pub fn scan(path: &Path) -> Result<Vec<String>> {
    // SAFETY: runs the library's initialisers. Only bundles that the caller means to run are loaded.
    let entry = unsafe { PluginEntry::load(path) }.with_context(|| format!("loading {}", path.display()))?;
    let factory = entry.get_plugin_factory().context("no plugin factory")?;
    Ok(factory.plugin_descriptors().filter_map(|d| Some(d.id()?.to_string_lossy().into_owned())).collect())
}

/// A plugin in the host.
///
/// All of it belongs to the thread that loaded it; `process` runs there too, which CLAP allows as long as the calls do
/// not overlap.
pub struct Plugin {
    // Declared before the instance, so that it is dropped before it: CLAP deactivates before it destroys.
    pub(super) processor: Option<PluginAudioProcessor<Host>>,
    pub(super) instance: PluginInstance<Host>,
    pub(super) buffers: Buffers,
    requests: Arc<Requests>,
    id: String,
    name: String,
}

impl std::fmt::Debug for Plugin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Plugin").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Plugin {
    /// Loads a `.clap` and makes an instance of the first plugin in it.
    ///
    /// # Errors
    /// The file is no CLAP plugin, or the plugin refuses.
    pub fn load(path: &Path) -> Result<Self> {
        // SAFETY: runs the library's initialisers. Only bundles that the caller means to run are loaded.
        let entry = unsafe { PluginEntry::load(path) }.with_context(|| format!("loading {}", path.display()))?;
        let factory = entry.get_plugin_factory().context("no plugin factory")?;
        let descriptor = factory.plugin_descriptors().next().context("no plugin in the bundle")?;
        let id = descriptor.id().context("a plugin without id")?.to_owned();
        let name = descriptor.name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let host = HostInfo::new("Plumb test host", "Plumb", "https://example.org", env!("CARGO_PKG_VERSION"))?;
        let requests = Arc::new(Requests::default());
        let (for_shared, for_main) = (Arc::clone(&requests), Arc::clone(&requests));
        let instance = PluginInstance::<Host>::new(
            move |()| Shared(for_shared),
            move |_shared| MainThread(for_main),
            &entry,
            &id,
            &host,
        )?;
        let id = id.to_string_lossy().into_owned();
        let mut plugin = Self { processor: None, instance, buffers: Buffers::default(), requests, id, name };
        plugin.buffers = Buffers::new(&plugin.ports(true), &plugin.ports(false));
        Ok(plugin)
    }

    /// The plugin's permanent id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What the user reads.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the plugin has asked of the host.
    #[must_use]
    pub fn requests(&self) -> &Requests {
        &self.requests
    }

    pub(super) fn extension<E: Extension<ExtensionSide = PluginExtensionSide>>(&mut self) -> Result<E> {
        let name = E::IDENTIFIERS.first().map(|id| id.to_string_lossy()).unwrap_or_default();
        self.instance.plugin_handle().get_extension::<E>().ok_or_else(|| anyhow!("the plugin has no {name}"))
    }

    /// Uses an extension that this host has no words for.
    ///
    /// # Errors
    /// The plugin does not have it.
    pub fn with_extension<E, R>(&mut self, action: impl FnOnce(&E, &PluginMainThreadHandle<'_>) -> R) -> Result<R>
    where
        E: Extension<ExtensionSide = PluginExtensionSide>,
    {
        let extension = self.extension::<E>()?;
        Ok(action(&extension, &self.instance.plugin_handle()))
    }

    /// Every parameter, in order.
    ///
    /// # Errors
    /// The plugin has no parameters, or fewer than it says.
    pub fn params(&mut self) -> Result<Vec<Param>> {
        let extension = self.extension::<PluginParams>()?;
        let handle = self.instance.plugin_handle();
        let mut params = Vec::new();
        // Never asks for the index just behind the last: the framework panics there, across the C boundary.
        for index in 0..extension.count(&handle) {
            let mut buffer = ParamInfoBuffer::new();
            let info = extension.get_info(&handle, index, &mut buffer).with_context(|| format!("parameter {index}"))?;
            params.push(Param {
                id: info.id.get(),
                name: String::from_utf8_lossy(info.name).into_owned(),
                module: String::from_utf8_lossy(info.module).into_owned(),
                flags: info.flags,
                range: [info.min_value, info.default_value, info.max_value],
            });
        }
        Ok(params)
    }

    /// The parameter with a name.
    ///
    /// # Errors
    /// There is none.
    pub fn param(&mut self, name: &str) -> Result<Param> {
        let found = self.params()?.into_iter().find(|param| param.name == name);
        found.with_context(|| format!("{} has no parameter '{name}'", self.id))
    }

    /// A parameter's value, on CLAP's scale.
    ///
    /// # Errors
    /// There is no such parameter.
    pub fn value(&mut self, id: u32) -> Result<f64> {
        let extension = self.extension::<PluginParams>()?;
        let id = ClapId::new(id);
        extension.get_value(&self.instance.plugin_handle(), id).with_context(|| format!("value of {id}"))
    }

    /// A value as the user reads it.
    ///
    /// # Errors
    /// There is no such parameter.
    pub fn text(&mut self, id: u32, value: f64) -> Result<String> {
        let extension = self.extension::<PluginParams>()?;
        let mut buffer = [0; 256];
        let text = extension.value_to_text(&self.instance.plugin_handle(), ClapId::new(id), value, &mut buffer)?;
        Ok(String::from_utf8_lossy(text).into_owned())
    }

    /// A value as the user types it.
    ///
    /// # Errors
    /// The text is no value of the parameter.
    pub fn parse(&mut self, id: u32, text: &str) -> Result<f64> {
        let extension = self.extension::<PluginParams>()?;
        let typed = CString::new(text)?;
        let value = extension.text_to_value(&self.instance.plugin_handle(), ClapId::new(id), &typed);
        value.with_context(|| format!("'{text}' is no value of parameter {id}"))
    }

    /// The audio ports.
    #[must_use]
    pub fn ports(&mut self, is_input: bool) -> Vec<Port> {
        let Ok(extension) = self.extension::<PluginAudioPorts>() else { return Vec::new() };
        let handle = self.instance.plugin_handle();
        let port = |index| {
            let mut buffer = AudioPortInfoBuffer::new();
            let info = extension.get(&handle, index, is_input, &mut buffer)?;
            Some(Port {
                name: String::from_utf8_lossy(info.name).into_owned(),
                channels: info.channel_count as usize,
                is_main: info.flags.contains(AudioPortFlags::IS_MAIN),
            })
        };
        (0..extension.count(&handle, is_input)).filter_map(port).collect()
    }

    /// Chooses the layout whose main input has so many channels. Only while inactive.
    ///
    /// # Errors
    /// There is none, or the plugin refuses it.
    pub fn select_channels(&mut self, channels: usize) -> Result<()> {
        let extension = self.extension::<PluginAudioPortsConfig>()?;
        let handle = self.instance.plugin_handle();
        for index in 0..extension.count(&handle) {
            let mut buffer = AudioPortsConfigBuffer::new();
            let Some(config) = extension.get(&handle, index, &mut buffer) else { continue };
            if config.main_input.is_some_and(|main| main.channel_count as usize == channels) {
                let id = config.id;
                extension.select(&handle, id).map_err(|_| anyhow!("the plugin refuses {channels} channels"))?;
                self.buffers = Buffers::new(&self.ports(true), &self.ports(false));
                return Ok(());
            }
        }
        bail!("{} has no layout of {channels} channels", self.id)
    }

    /// Prepares for a rate and a longest block, and starts.
    ///
    /// # Errors
    /// The plugin refuses, or is active.
    pub fn activate(&mut self, sample_rate_hz: f64, max_frames: usize) -> Result<()> {
        let max_frames_count = u32::try_from(max_frames)?;
        let config = PluginAudioConfiguration { sample_rate: sample_rate_hz, min_frames_count: 1, max_frames_count };
        self.requests.activating.store(true, SeqCst);
        let stopped = self.instance.activate(|_, _| (), config);
        self.requests.activating.store(false, SeqCst);
        let started = stopped?.start_processing().map_err(|_| anyhow!("the plugin does not start"))?;
        self.buffers.set_max_frames(max_frames);
        self.processor = Some(started.into());
        Ok(())
    }

    /// Stops and deactivates.
    pub fn deactivate(&mut self) {
        if let Some(processor) = self.processor.take() {
            self.instance.deactivate(processor.into_stopped());
        }
    }

    /// Deactivates, and activates again, as the plugin asked.
    ///
    /// # Errors
    /// The plugin refuses.
    pub fn restart(&mut self, sample_rate_hz: f64, max_frames: usize) -> Result<()> {
        self.requests.restart.store(false, SeqCst);
        self.deactivate();
        self.activate(sample_rate_hz, max_frames)
    }

    /// Forgets the past.
    pub fn reset(&mut self) {
        if let Some(processor) = &mut self.processor {
            processor.reset();
        }
    }

    /// What a host's main loop does between blocks: calls back if asked to.
    pub fn idle(&mut self) {
        if self.requests.callback.swap(false, SeqCst) {
            self.instance.call_on_main_thread_callback();
        }
    }

    /// The delay that the plugin reports, in frames.
    ///
    /// # Errors
    /// It reports none.
    pub fn latency(&mut self) -> Result<usize> {
        let extension = self.extension::<PluginLatency>()?;
        Ok(extension.get(&self.instance.plugin_handle()) as usize)
    }

    /// The state as a session keeps it.
    ///
    /// # Errors
    /// The plugin cannot save.
    pub fn save(&mut self) -> Result<Vec<u8>> {
        let extension = self.extension::<PluginState>()?;
        let mut state = Vec::new();
        extension.save(&self.instance.plugin_handle(), &mut state)?;
        Ok(state)
    }

    /// Loads a state.
    ///
    /// # Errors
    /// The plugin refuses it.
    pub fn load_state(&mut self, mut state: &[u8]) -> Result<()> {
        let extension = self.extension::<PluginState>()?;
        extension.load(&self.instance.plugin_handle(), &mut state)?;
        self.idle();
        Ok(())
    }
}

impl Drop for Plugin {
    fn drop(&mut self) {
        self.deactivate();
    }
}

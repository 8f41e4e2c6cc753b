//! One loaded VST3 plugin: component, processor and controller, run on one thread.

use super::module::Module;
use super::objects::{Application, Changes, Handler, Stream};
use crate::audio::{Audio, Change};
use anyhow::{Context, Result, ensure};
use std::path::Path;
use std::sync::atomic::Ordering::SeqCst;
use std::time::{Duration, Instant};
use vst3::Steinberg::Vst::{
    AudioBusBuffers, AudioBusBuffers__type0, BusDirections_, IAudioProcessor, IAudioProcessorTrait, IComponent,
    IComponentHandler, IComponentTrait, IEditController, IEditControllerTrait, IHostApplication, IParameterChanges,
    MediaTypes_, ParameterInfo, ProcessData, ProcessModes_, ProcessSetup, SpeakerArr, SymbolicSampleSizes_,
};
use vst3::Steinberg::{FUnknown, IBStream, IPluginBaseTrait, IPluginFactoryTrait, kResultOk};
use vst3::{ComPtr, ComWrapper, Interface};

/// Media type, directions, mode and sample size as the calls want them: the bindings' types differ by platform.
const AUDIO: i32 = MediaTypes_::kAudio as i32;
const INPUT: i32 = BusDirections_::kInput as i32;
const OUTPUT: i32 = BusDirections_::kOutput as i32;
const REALTIME: i32 = ProcessModes_::kRealtime as i32;
const SAMPLE_32: i32 = SymbolicSampleSizes_::kSample32 as i32;

/// What the plugin says of one parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Param {
    /// Its permanent number.
    pub id: u32,
    /// What the user reads.
    pub title: String,
    /// Its unit.
    pub units: String,
    /// Place of its default, 0 to 1.
    pub default_normalized: f64,
}

/// How a host passes a sidechain to which nothing is connected. VST3 allows all three.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unconnected {
    /// A bus of zeros.
    Silence,
    /// A bus whose channels have no buffers: it has been deactivated.
    WithoutBuffers,
    /// No bus at all.
    Absent,
}

/// A plugin in the host. Fields are dropped in order: the module last.
pub struct Plugin {
    processor: ComPtr<IAudioProcessor>,
    controller: ComPtr<IEditController>,
    component: ComPtr<IComponent>,
    handler: ComWrapper<Handler>,
    _application: ComPtr<IHostApplication>,
    name: String,
    active: bool,
    max_frames: usize,
    channels: usize,
    buses: [usize; 2],
    busy: Duration,
    unconnected: Unconnected,
    _module: Module,
}

impl std::fmt::Debug for Plugin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Plugin").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Text from a VST3 string, up to its zero.
fn text(chars: &[u16]) -> String {
    let end = chars.iter().position(|c| *c == 0).unwrap_or(chars.len());
    String::from_utf16_lossy(&chars[..end])
}

fn ok(result: i32, what: &str) -> Result<()> {
    ensure!(result == kResultOk, "{what} returned {result}");
    Ok(())
}

impl Plugin {
    /// Loads a `.vst3` and makes an instance of the first audio effect in it.
    ///
    /// # Errors
    /// The bundle is no VST3 plugin, or the plugin refuses.
    pub fn load(bundle: &Path) -> Result<Self> {
        let module = Module::load(bundle)?;
        let class = module.audio_class()?;
        let application: ComPtr<IHostApplication> =
            ComWrapper::new(Application).to_com_ptr().context("no host application")?;
        let handler = ComWrapper::new(Handler::default());
        let mut object = std::ptr::null_mut();
        // SAFETY: ids are of the lengths VST3 says, and the object comes with one reference, which the pointer takes
        // over. What is initialised here is terminated in `drop`.
        let component = unsafe {
            let made =
                module.factory()?.createInstance(class.id.as_ptr(), IComponent::IID.as_ptr().cast(), &raw mut object);
            ok(made, "createInstance")?;
            let component = ComPtr::from_raw(object.cast::<IComponent>()).context("createInstance made nothing")?;
            ok(component.initialize(application.as_ptr().cast::<FUnknown>()), "initialize")?;
            component
        };
        let processor = component.cast::<IAudioProcessor>().context("the component processes no audio")?;
        // Plugins of this framework are both in one object.
        let controller = component.cast::<IEditController>().context("the component is no controller")?;
        let ear = handler.as_com_ref::<IComponentHandler>().context("no component handler")?;
        // SAFETY: the handler lives as long as the plugin.
        unsafe { ok(controller.setComponentHandler(ear.as_ptr()), "setComponentHandler")? };
        // SAFETY: plain calls on a live object.
        let buses = [INPUT, OUTPUT].map(|direction| unsafe { component.getBusCount(AUDIO, direction) }.max(0) as usize);
        Ok(Self {
            processor,
            controller,
            component,
            handler,
            _application: application,
            name: class.name,
            active: false,
            max_frames: 0,
            channels: 2,
            buses,
            busy: Duration::ZERO,
            unconnected: Unconnected::Silence,
            _module: module,
        })
    }

    /// What the user reads.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Number of input and output buses.
    #[must_use]
    pub fn buses(&self) -> [usize; 2] {
        self.buses
    }

    /// Chooses how a sidechain is passed to which nothing is connected.
    pub fn set_unconnected(&mut self, unconnected: Unconnected) {
        self.unconnected = unconnected;
    }

    /// Whether the plugin has asked for a restart since the last call.
    pub fn take_restart(&self) -> bool {
        self.handler.restart.swap(0, SeqCst) != 0
    }

    /// Every parameter, in order.
    #[must_use]
    pub fn params(&self) -> Vec<Param> {
        // SAFETY: plain calls on a live object. Never asks for the index just behind the last: the framework panics
        // there, across the C boundary.
        let count = unsafe { self.controller.getParameterCount() };
        let param = |index| {
            // SAFETY: the info is plain numbers, for which zero is a value; the plugin fills it.
            let mut info: ParameterInfo = unsafe { std::mem::zeroed() };
            // SAFETY: as above.
            let result = unsafe { self.controller.getParameterInfo(index, &raw mut info) };
            (result == kResultOk).then(|| Param {
                id: info.id,
                title: text(&info.title),
                units: text(&info.units),
                default_normalized: info.defaultNormalizedValue,
            })
        };
        (0..count).filter_map(param).collect()
    }

    /// A parameter's value, 0 to 1.
    #[must_use]
    pub fn value(&self, id: u32) -> f64 {
        // SAFETY: a plain call on a live object.
        unsafe { self.controller.getParamNormalized(id) }
    }

    /// Whether it takes these numbers of channels on its input buses, with the first of them on its output.
    #[must_use]
    pub fn takes(&self, inputs: &[usize]) -> bool {
        let arrangement = |channels: usize| if channels == 1 { SpeakerArr::kMono } else { SpeakerArr::kStereo };
        let mut inputs: Vec<_> = inputs.iter().copied().map(arrangement).collect();
        let mut output = inputs[0];
        // SAFETY: arrays of the lengths given.
        let result =
            unsafe { self.processor.setBusArrangements(inputs.as_mut_ptr(), inputs.len() as i32, &raw mut output, 1) };
        result == kResultOk
    }

    /// Prepares for a rate, a longest block and a number of channels, and starts.
    ///
    /// # Errors
    /// The plugin refuses.
    pub fn activate(&mut self, sample_rate_hz: f64, max_frames: usize, channels: usize) -> Result<()> {
        let arrangement = if channels == 1 { SpeakerArr::kMono } else { SpeakerArr::kStereo };
        let (mut inputs, mut outputs) = (vec![arrangement; self.buses[0]], vec![arrangement; self.buses[1]]);
        let mut setup = ProcessSetup {
            processMode: REALTIME,
            symbolicSampleSize: SAMPLE_32,
            maxSamplesPerBlock: i32::try_from(max_frames)?,
            sampleRate: sample_rate_hz,
        };
        let (ins, outs) = (i32::try_from(self.buses[0])?, i32::try_from(self.buses[1])?);
        // SAFETY: the order of calls that VST3 prescribes, with arrays of the lengths given.
        unsafe {
            let arranged = self.processor.setBusArrangements(inputs.as_mut_ptr(), ins, outputs.as_mut_ptr(), outs);
            ok(arranged, "setBusArrangements")?;
            ok(self.processor.setupProcessing(&raw mut setup), "setupProcessing")?;
            for (direction, count) in [(INPUT, ins), (OUTPUT, outs)] {
                for bus in 0..count {
                    ok(self.component.activateBus(AUDIO, direction, bus, 1), "activateBus")?;
                }
            }
            ok(self.component.setActive(1), "setActive")?;
            ok(self.processor.setProcessing(1), "setProcessing")?;
        }
        (self.active, self.max_frames, self.channels) = (true, max_frames, channels);
        Ok(())
    }

    /// Stops and deactivates.
    pub fn deactivate(&mut self) {
        if std::mem::take(&mut self.active) {
            // SAFETY: the reverse of `activate`. A refusal would change nothing.
            unsafe {
                self.processor.setProcessing(0);
                self.component.setActive(0);
            }
        }
    }

    /// The delay that the plugin reports, in frames.
    #[must_use]
    pub fn latency(&self) -> usize {
        // SAFETY: a plain call on a live object.
        unsafe { self.processor.getLatencySamples() as usize }
    }

    /// Renders audio in blocks of the given sizes, taken in turn, with the changes at their frames. Without a key the
    /// sidechain, if there is one, hears silence, as when nothing is connected.
    ///
    /// # Errors
    /// The plugin is inactive or reports an error.
    pub fn render(
        &mut self,
        input: &Audio,
        key: Option<&Audio>,
        changes: &[Change],
        blocks: &[usize],
    ) -> Result<Audio> {
        ensure!(self.active, "not active");
        let mut output = Audio::silence(self.channels, input.frames());
        let (mut at, mut turn) = (0, 0);
        while at < input.frames() {
            let frames = blocks[turn % blocks.len()].min(input.frames() - at).min(self.max_frames);
            turn += 1;
            let within = changes.iter().filter(|change| (at..at + frames).contains(&change.frame));
            let changes = Changes::new(within.map(|c| (c.id, (c.frame - at) as i32, c.value)));
            let silence = Audio::silence(self.channels, 0);
            let sources = [input, key.unwrap_or(&silence)];
            let inputs = sources.into_iter().take(self.buses[0]).map(|audio| audio.part(at, frames)).collect();
            let unconnected = if key.is_none() { self.unconnected } else { Unconnected::Silence };
            let block = self.block(inputs, unconnected, frames, changes)?;
            for (to, from) in output.0.iter_mut().zip(&block.0) {
                to[at..at + frames].copy_from_slice(from);
            }
            at += frames;
        }
        Ok(output)
    }

    fn block(
        &mut self,
        mut inputs: Vec<Audio>,
        unconnected: Unconnected,
        frames: usize,
        changes: Changes,
    ) -> Result<Audio> {
        let mut output = Audio::silence(self.channels, frames);
        let pointers = |audio: &mut Audio| audio.0.iter_mut().map(|channel| channel.as_mut_ptr()).collect::<Vec<_>>();
        let mut input_pointers: Vec<_> = inputs.iter_mut().map(pointers).collect();
        match (unconnected, input_pointers.get_mut(1)) {
            (Unconnected::WithoutBuffers, Some(key)) => key.fill(std::ptr::null_mut()),
            (Unconnected::Absent, Some(_)) => input_pointers.truncate(1),
            _ => {}
        }
        let mut output_pointers = pointers(&mut output);
        let bus = |channels: &mut Vec<*mut f32>| AudioBusBuffers {
            numChannels: channels.len() as i32,
            silenceFlags: 0,
            __field0: AudioBusBuffers__type0 { channelBuffers32: channels.as_mut_ptr() },
        };
        let mut input_buses: Vec<_> = input_pointers.iter_mut().map(bus).collect();
        let mut output_bus = bus(&mut output_pointers);
        let changes: ComPtr<IParameterChanges> = ComWrapper::new(changes).to_com_ptr().context("no changes")?;
        let mut data = ProcessData {
            processMode: REALTIME,
            symbolicSampleSize: SAMPLE_32,
            numSamples: i32::try_from(frames)?,
            numInputs: input_buses.len() as i32,
            numOutputs: 1,
            inputs: input_buses.as_mut_ptr(),
            outputs: &raw mut output_bus,
            inputParameterChanges: changes.as_ptr(),
            outputParameterChanges: std::ptr::null_mut(),
            inputEvents: std::ptr::null_mut(),
            outputEvents: std::ptr::null_mut(),
            processContext: std::ptr::null_mut(),
        };
        let start = Instant::now();
        // SAFETY: every pointer in `data` outlives the call; buffers have `frames` samples.
        let result = unsafe { self.processor.process(&raw mut data) };
        self.busy += start.elapsed();
        ok(result, "process")?;
        Ok(output)
    }

    /// Time spent in the plugin's `process` so far.
    #[must_use]
    pub fn busy(&self) -> Duration {
        self.busy
    }

    /// The state as a session keeps it.
    ///
    /// # Errors
    /// The plugin cannot save.
    pub fn save(&self) -> Result<Vec<u8>> {
        let stream = ComWrapper::new(Stream::default());
        let lent = stream.as_com_ref::<IBStream>().context("no stream")?;
        // SAFETY: the stream outlives the call.
        unsafe { ok(IComponentTrait::getState(&self.component, lent.as_ptr()), "getState")? };
        Ok(stream.bytes.take())
    }

    /// Loads a state.
    ///
    /// # Errors
    /// The plugin refuses it.
    pub fn load_state(&mut self, state: &[u8]) -> Result<()> {
        let stream = ComWrapper::new(Stream::new(state.to_vec()));
        let lent = stream.as_com_ref::<IBStream>().context("no stream")?;
        // SAFETY: the stream outlives the call.
        unsafe { ok(IComponentTrait::setState(&self.component, lent.as_ptr()), "setState") }
    }
}

impl Drop for Plugin {
    fn drop(&mut self) {
        self.deactivate();
        // SAFETY: the reverse of `load`: the handler is taken back before it goes, then the component ends.
        unsafe {
            self.controller.setComponentHandler(std::ptr::null_mut());
            self.component.terminate();
        }
    }
}

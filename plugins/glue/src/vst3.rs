//! A plugin's VST3 factory, and a workaround for two faults of the framework's wrapper.
//!
//! The wrapper checks every sidechain against the channels of the main input: it accepts a mono track with a stereo
//! sidechain, then runs another layout than it reported. And it reads a sidechain that the host has not passed, beyond
//! the end of the host's array, or has passed without buffers. The factory handles both before the wrapper does: it
//! replaces two functions in the table of each instance it makes.

use nice_plug::prelude::Vst3Plugin;
use nice_plug::wrapper::vst3::vst3::Steinberg::Vst::{
    AudioBusBuffers, IAudioProcessor, IAudioProcessorVtbl, ProcessData, SpeakerArrangement,
};
use nice_plug::wrapper::vst3::vst3::Steinberg::{
    FIDString, FUnknown, IPluginFactory, IPluginFactory2, IPluginFactory2Trait, IPluginFactory3, IPluginFactory3Trait,
    IPluginFactoryTrait, PClassInfo, PClassInfo2, PClassInfoW, PFactoryInfo, TUID, int32, kInvalidArgument,
    kResultFalse, kResultOk, tresult,
};
use nice_plug::wrapper::vst3::vst3::{Class, ComWrapper};
use nice_plug::wrapper::vst3::{PluginInfo, Wrapper};
use std::collections::HashMap;
use std::ffi::c_void;
use std::fmt;
use std::marker::PhantomData;
use std::sync::{Mutex, OnceLock, PoisonError};

/// Input buses a plugin may have: the main one and one sidechain.
const MAX_INPUTS: usize = 2;

/// Makes instances of one plugin.
pub struct Factory<P> {
    info: PluginInfo,
    plugin: PhantomData<fn() -> P>,
}

impl<P> fmt::Debug for Factory<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Factory").finish_non_exhaustive()
    }
}

impl<P: Vst3Plugin> Factory<P> {
    /// The factory as the host holds it: one reference, which the host releases.
    #[must_use]
    pub fn into_host() -> *mut c_void {
        let factory = Self { info: PluginInfo::for_plugin::<P>(), plugin: PhantomData };
        let factory = ComWrapper::new(factory).to_com_ptr::<IPluginFactory>();
        factory.map_or(std::ptr::null_mut(), |factory| factory.into_raw().cast())
    }

    /// Fills in what a host asks of class 0, the only one.
    ///
    /// # Safety
    /// `info` is null or points to room for one.
    unsafe fn answer<I>(index: int32, info: *mut I, answer: impl FnOnce() -> I) -> tresult {
        if index != 0 || info.is_null() {
            return kInvalidArgument;
        }
        // SAFETY: not null, so by the caller's word there is room.
        unsafe { info.write(answer()) };
        kResultOk
    }
}

impl<P: Vst3Plugin> Class for Factory<P> {
    type Interfaces = (IPluginFactory, IPluginFactory2, IPluginFactory3);
}

impl<P: Vst3Plugin> IPluginFactoryTrait for Factory<P> {
    unsafe fn getFactoryInfo(&self, info: *mut PFactoryInfo) -> tresult {
        // SAFETY: the host passes room for the answer, as the interface asks.
        unsafe { Self::answer(0, info, || self.info.create_factory_info()) }
    }

    unsafe fn countClasses(&self) -> int32 {
        1
    }

    unsafe fn getClassInfo(&self, index: int32, info: *mut PClassInfo) -> tresult {
        // SAFETY: as above.
        unsafe { Self::answer(index, info, || self.info.create_class_info()) }
    }

    unsafe fn createInstance(&self, cid: FIDString, iid: FIDString, obj: *mut *mut c_void) -> tresult {
        if cid.is_null() || iid.is_null() || obj.is_null() {
            return kInvalidArgument;
        }
        // SAFETY: a class id is 16 bytes, as the interface says.
        if unsafe { *cid.cast::<[u8; 16]>() } != *self.info.cid {
            return kInvalidArgument;
        }
        let instance = ComWrapper::new(Wrapper::<P>::new());
        guard(&instance);
        let Some(unknown) = instance.as_com_ref::<FUnknown>() else { return kInvalidArgument };
        let unknown = unknown.as_ptr();
        // SAFETY: the instance lives; the reference that the host gets is counted by this very call.
        unsafe { ((*(*unknown).vtbl).queryInterface)(unknown, iid.cast::<TUID>(), obj) }
    }
}

impl<P: Vst3Plugin> IPluginFactory2Trait for Factory<P> {
    unsafe fn getClassInfo2(&self, index: int32, info: *mut PClassInfo2) -> tresult {
        // SAFETY: as above.
        unsafe { Self::answer(index, info, || self.info.create_class_info_2()) }
    }
}

impl<P: Vst3Plugin> IPluginFactory3Trait for Factory<P> {
    unsafe fn getClassInfoUnicode(&self, index: int32, info: *mut PClassInfoW) -> tresult {
        // SAFETY: as above.
        unsafe { Self::answer(index, info, || self.info.create_class_info_unicode()) }
    }

    unsafe fn setHostContext(&self, _context: *mut FUnknown) -> tresult {
        kResultOk
    }
}

/// A function table with two functions replaced, followed by a reference to the original.
#[repr(C)]
struct Guarded {
    table: IAudioProcessorVtbl,
    wrapper: &'static IAudioProcessorVtbl,
}

/// Gives a new instance, which no host knows yet, the guarded table.
fn guard<P: Vst3Plugin>(instance: &ComWrapper<Wrapper<P>>) {
    let Some(processor) = instance.as_com_ref::<IAudioProcessor>() else { return };
    let processor = processor.as_ptr();
    // SAFETY: the pointer is to the instance's own pointer to its table, on the heap, which nobody else uses yet; the
    // table put there has the same layout and lives as long as the library.
    unsafe { (*processor).vtbl = &raw const guarded::<P>((*processor).vtbl).table };
}

/// The guarded table of a class, made at its first instance.
///
/// # Safety
/// `table` is the class's own, which lives as long as the library.
#[expect(clippy::disallowed_methods, reason = "hosts make instances on their main thread")]
unsafe fn guarded<P: Vst3Plugin>(table: *const IAudioProcessorVtbl) -> &'static Guarded {
    static TABLES: OnceLock<Mutex<HashMap<usize, &'static Guarded>>> = OnceLock::new();
    let mut tables = TABLES.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner);
    tables.entry(table as usize).or_insert_with(|| {
        // SAFETY: by the caller's word.
        let wrapper: &'static IAudioProcessorVtbl = unsafe { &*table };
        // SAFETY: functions pointers are plain data; the copy is used under the same type.
        let mut table: IAudioProcessorVtbl = unsafe { std::ptr::read(wrapper) };
        table.setBusArrangements = set_bus_arrangements;
        table.process = process::<P>;
        Box::leak(Box::new(Guarded { table, wrapper }))
    })
}

/// The wrapper's own functions for an instance.
///
/// # Safety
/// `this` is an instance with a [`Guarded`] table.
unsafe fn wrapper_of(this: *mut IAudioProcessor) -> &'static IAudioProcessorVtbl {
    // SAFETY: by the caller's word; the table is the first field, so its address is that of the whole.
    unsafe { (*(*this).vtbl.cast::<Guarded>()).wrapper }
}

/// Refuses a sidechain of another width than the main input: we have no such layout. No sidechain is fine.
unsafe extern "system" fn set_bus_arrangements(
    this: *mut IAudioProcessor,
    inputs: *mut SpeakerArrangement,
    num_ins: int32,
    outputs: *mut SpeakerArrangement,
    num_outs: int32,
) -> tresult {
    if !inputs.is_null() && num_ins > 0 {
        // SAFETY: the host passes that many arrangements, as the interface asks.
        let widths = unsafe { std::slice::from_raw_parts(inputs, num_ins as usize) };
        let main = widths[0].count_ones();
        if widths[1..].iter().any(|aux| aux.count_ones() != main && aux.count_ones() != 0) {
            return kResultFalse;
        }
    }
    // SAFETY: this is an instance of ours; the arguments are the host's.
    unsafe { (wrapper_of(this).setBusArrangements)(this, inputs, num_ins, outputs, num_outs) }
}

/// Replaces a sidechain that the host has not passed, or has deactivated and passed without buffers, by a bus without
/// channels, which the wrapper reads as silence.
unsafe extern "system" fn process<P: Vst3Plugin>(this: *mut IAudioProcessor, data: *mut ProcessData) -> tresult {
    // SAFETY: this is an instance of ours.
    let wrapped = unsafe { wrapper_of(this) }.process;
    let expected = P::AUDIO_IO_LAYOUTS.iter().map(|layout| 1 + layout.aux_input_ports.len()).max().unwrap_or(1);
    // SAFETY: the host passes data or null, as the interface says.
    let Some(host) = (unsafe { data.as_ref() }) else { return kInvalidArgument };
    let passed = usize::try_from(host.numInputs).unwrap_or(0).min(MAX_INPUTS);
    if host.inputs.is_null() || passed == 0 || !(2..=MAX_INPUTS).contains(&expected) {
        // SAFETY: the host's own call, handed on.
        return unsafe { wrapped(this, data) };
    }
    // SAFETY: all zeros is a bus without channels: no pointers, no flags.
    let mut inputs: [AudioBusBuffers; MAX_INPUTS] = unsafe { std::mem::zeroed() };
    for (place, input) in inputs.iter_mut().enumerate().take(passed) {
        // SAFETY: the host passes at least that many buses.
        let bus = unsafe { host.inputs.add(place) };
        // SAFETY: as above.
        if place == 0 || unsafe { has_buffers(bus) } {
            // SAFETY: plain data.
            *input = unsafe { std::ptr::read(bus) };
        }
    }
    // SAFETY: plain data, of which only the inputs are changed; they outlive the call.
    let mut whole = unsafe { std::ptr::read(host) };
    whole.inputs = inputs.as_mut_ptr();
    whole.numInputs = expected as int32;
    // SAFETY: as the host's own call, with what was missing.
    unsafe { wrapped(this, &raw mut whole) }
}

/// Whether every channel of a bus has a buffer.
///
/// # Safety
/// `bus` is a host's, with as many channel pointers as it says, or none.
unsafe fn has_buffers(bus: *const AudioBusBuffers) -> bool {
    // SAFETY: by the caller's word; 32-bit and 64-bit buffers are pointers alike.
    let (channels, buffers) = unsafe { ((*bus).numChannels, (*bus).__field0.channelBuffers32) };
    // SAFETY: not null, so there are that many pointers.
    !buffers.is_null() && (0..usize::try_from(channels).unwrap_or(0)).all(|n| unsafe { !(*buffers.add(n)).is_null() })
}

/// Exports a plugin as VST3: what the framework's `nice_export_vst3!` does, with [`Factory`] for its own.
#[macro_export]
macro_rules! export_vst3 {
    ($plugin:ty) => {
        /// Where a host gets the factory.
        #[unsafe(no_mangle)]
        pub extern "system" fn GetPluginFactory() -> *mut ::std::ffi::c_void {
            $crate::vst3::Factory::<$plugin>::into_host()
        }

        /// Called once when a host has loaded the library (Linux).
        #[unsafe(no_mangle)]
        #[cfg(all(target_family = "unix", not(target_os = "macos")))]
        pub extern "C" fn ModuleEntry(_library: *mut ::std::ffi::c_void) -> bool {
            $crate::nice_plug::wrapper::setup_logger::<$plugin>();
            true
        }

        /// Called once before a host unloads the library (Linux).
        #[unsafe(no_mangle)]
        #[cfg(all(target_family = "unix", not(target_os = "macos")))]
        pub extern "C" fn ModuleExit() -> bool {
            true
        }

        /// Called once when a host has loaded the library (macOS).
        #[unsafe(no_mangle)]
        #[cfg(target_os = "macos")]
        pub extern "C" fn bundleEntry(_library: *mut ::std::ffi::c_void) -> bool {
            $crate::nice_plug::wrapper::setup_logger::<$plugin>();
            true
        }

        /// Called once before a host unloads the library (macOS).
        #[unsafe(no_mangle)]
        #[cfg(target_os = "macos")]
        pub extern "C" fn bundleExit() -> bool {
            true
        }

        /// Called once when a host has loaded the library (Windows).
        #[unsafe(no_mangle)]
        #[cfg(target_os = "windows")]
        pub extern "system" fn InitDll() -> bool {
            $crate::nice_plug::wrapper::setup_logger::<$plugin>();
            true
        }

        /// Called once before a host unloads the library (Windows).
        #[unsafe(no_mangle)]
        #[cfg(target_os = "windows")]
        pub extern "system" fn ExitDll() -> bool {
            true
        }
    };
}

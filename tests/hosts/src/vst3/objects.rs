//! What a VST3 host lends to a plugin: its name, parameter changes, a stream for the state, an ear for requests.

use std::cell::{Cell, RefCell};
use std::ffi::c_void;
use std::sync::atomic::{AtomicI32, Ordering::SeqCst};
use vst3::Steinberg::Vst::{
    IComponentHandler, IComponentHandlerTrait, IHostApplication, IHostApplicationTrait, IParamValueQueue,
    IParamValueQueueTrait, IParameterChanges, IParameterChangesTrait, ParamID, ParamValue, String128,
};
use vst3::Steinberg::{
    IBStream, IBStreamTrait, TUID, int32, int64, kInvalidArgument, kNotImplemented, kResultFalse, kResultOk, tresult,
};
use vst3::{Class, ComWrapper};

/// The host itself.
pub(super) struct Application;

impl Class for Application {
    type Interfaces = (IHostApplication,);
}

impl IHostApplicationTrait for Application {
    unsafe fn getName(&self, name: *mut String128) -> tresult {
        // SAFETY: the plugin lends an array of 128 characters.
        let name = unsafe { &mut *name };
        name.fill(0);
        for (to, from) in name.iter_mut().zip("Plumb test host".encode_utf16()) {
            *to = from;
        }
        kResultOk
    }

    unsafe fn createInstance(&self, _cid: *mut TUID, _iid: *mut TUID, _obj: *mut *mut c_void) -> tresult {
        kNotImplemented
    }
}

/// Hears what the plugin asks for.
#[derive(Default)]
pub(super) struct Handler {
    /// Flags of every restart asked for, together.
    pub(super) restart: AtomicI32,
}

impl Class for Handler {
    type Interfaces = (IComponentHandler,);
}

impl IComponentHandlerTrait for Handler {
    unsafe fn beginEdit(&self, _id: ParamID) -> tresult {
        kResultOk
    }

    unsafe fn performEdit(&self, _id: ParamID, _value: ParamValue) -> tresult {
        kResultOk
    }

    unsafe fn endEdit(&self, _id: ParamID) -> tresult {
        kResultOk
    }

    unsafe fn restartComponent(&self, flags: int32) -> tresult {
        self.restart.fetch_or(flags, SeqCst);
        kResultOk
    }
}

/// Changes of one parameter within a block.
pub(super) struct Queue {
    id: ParamID,
    points: Vec<(int32, ParamValue)>,
}

impl Class for Queue {
    type Interfaces = (IParamValueQueue,);
}

impl IParamValueQueueTrait for Queue {
    unsafe fn getParameterId(&self) -> ParamID {
        self.id
    }

    unsafe fn getPointCount(&self) -> int32 {
        self.points.len() as int32
    }

    unsafe fn getPoint(&self, index: int32, offset: *mut int32, value: *mut ParamValue) -> tresult {
        let Some((at, to)) = usize::try_from(index).ok().and_then(|index| self.points.get(index)) else {
            return kInvalidArgument;
        };
        // SAFETY: the plugin lends room for both.
        unsafe {
            *offset = *at;
            *value = *to;
        }
        kResultOk
    }

    unsafe fn addPoint(&self, _offset: int32, _value: ParamValue, _index: *mut int32) -> tresult {
        kNotImplemented
    }
}

/// Changes of all parameters within a block, oldest first.
#[derive(Default)]
pub(super) struct Changes(Vec<vst3::ComPtr<IParamValueQueue>>);

impl Changes {
    pub(super) fn new(changes: impl Iterator<Item = (ParamID, int32, ParamValue)>) -> Self {
        let mut queues: Vec<Queue> = Vec::new();
        for (id, at, value) in changes {
            match queues.iter_mut().find(|queue| queue.id == id) {
                Some(queue) => queue.points.push((at, value)),
                None => queues.push(Queue { id, points: vec![(at, value)] }),
            }
        }
        Self(queues.into_iter().filter_map(|queue| ComWrapper::new(queue).to_com_ptr()).collect())
    }
}

impl Class for Changes {
    type Interfaces = (IParameterChanges,);
}

impl IParameterChangesTrait for Changes {
    unsafe fn getParameterCount(&self) -> int32 {
        self.0.len() as int32
    }

    unsafe fn getParameterData(&self, index: int32) -> *mut IParamValueQueue {
        usize::try_from(index).ok().and_then(|i| self.0.get(i)).map_or(std::ptr::null_mut(), vst3::ComPtr::as_ptr)
    }

    unsafe fn addParameterData(&self, _id: *const ParamID, _index: *mut int32) -> *mut IParamValueQueue {
        std::ptr::null_mut()
    }
}

/// A stream over bytes.
#[derive(Default)]
pub(super) struct Stream {
    pub(super) bytes: RefCell<Vec<u8>>,
    at: Cell<usize>,
}

impl Stream {
    pub(super) fn new(bytes: Vec<u8>) -> Self {
        Self { bytes: RefCell::new(bytes), at: Cell::new(0) }
    }
}

impl Class for Stream {
    type Interfaces = (IBStream,);
}

impl IBStreamTrait for Stream {
    unsafe fn read(&self, buffer: *mut c_void, count: int32, done: *mut int32) -> tresult {
        let bytes = self.bytes.borrow();
        let rest = bytes.get(self.at.get()..).unwrap_or(&[]);
        let count = rest.len().min(usize::try_from(count).unwrap_or(0));
        // SAFETY: the plugin lends a buffer of at least `count` bytes, and room for the number if it wants it.
        unsafe {
            std::ptr::copy_nonoverlapping(rest.as_ptr(), buffer.cast(), count);
            if !done.is_null() {
                *done = count as int32;
            }
        }
        self.at.set(self.at.get() + count);
        kResultOk
    }

    unsafe fn write(&self, buffer: *mut c_void, count: int32, done: *mut int32) -> tresult {
        let count = usize::try_from(count).unwrap_or(0);
        // SAFETY: the plugin lends `count` bytes, and room for the number if it wants it.
        let from = unsafe { std::slice::from_raw_parts(buffer.cast::<u8>(), count) };
        let mut bytes = self.bytes.borrow_mut();
        let (start, end) = (self.at.get(), self.at.get() + count);
        if bytes.len() < end {
            bytes.resize(end, 0);
        }
        bytes[start..end].copy_from_slice(from);
        self.at.set(end);
        if !done.is_null() {
            // SAFETY: as above.
            unsafe { *done = count as int32 };
        }
        kResultOk
    }

    unsafe fn seek(&self, to: int64, mode: int32, result: *mut int64) -> tresult {
        let base = match mode {
            0 => 0,
            1 => self.at.get(),
            2 => self.bytes.borrow().len(),
            _ => return kInvalidArgument,
        };
        let Some(at) = int64::try_from(base).ok().and_then(|base| usize::try_from(base + to).ok()) else {
            return kResultFalse;
        };
        self.at.set(at);
        if !result.is_null() {
            // SAFETY: the plugin lends room for the place.
            unsafe { *result = at as int64 };
        }
        kResultOk
    }

    unsafe fn tell(&self, at: *mut int64) -> tresult {
        // SAFETY: the plugin lends room for the place.
        unsafe { *at = self.at.get() as int64 };
        kResultOk
    }
}

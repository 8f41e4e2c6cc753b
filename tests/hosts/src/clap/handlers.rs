//! What the host does when the plugin calls: it remembers, and the test looks.

use clack_extensions::audio_ports::{AudioPortRescanFlags, HostAudioPorts, HostAudioPortsImpl};
use clack_extensions::gui::{GuiSize, HostGui, HostGuiImpl};
use clack_extensions::latency::{HostLatency, HostLatencyImpl};
use clack_extensions::params::{
    HostParams, HostParamsImplMainThread, HostParamsImplShared, ParamClearFlags, ParamRescanFlags,
};
use clack_extensions::state::{HostState, HostStateImpl};
use clack_host::prelude::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::SeqCst};

/// What the plugin has asked for or said; each flag stays up until it is taken down.
#[derive(Debug, Default)]
pub struct Requests {
    /// Deactivate and activate again.
    pub restart: AtomicBool,
    /// Call `process`.
    pub process: AtomicBool,
    /// Call `on_main_thread`.
    pub callback: AtomicBool,
    /// Exchange parameter events.
    pub flush: AtomicBool,
    /// The latency is another, said within `activate`.
    pub latency_changed: AtomicBool,
    /// The latency is another, said outside `activate`, where CLAP forbids it.
    pub latency_changed_outside_activate: AtomicBool,
    /// The plugin is in `activate`.
    pub(super) activating: AtomicBool,
    /// Parameter values are others.
    pub rescan: AtomicBool,
    /// The state is another.
    pub dirty: AtomicBool,
    /// The editor's window has gone.
    pub editor_closed: AtomicBool,
    /// Size that the editor asked for, packed; 0 for none.
    pub editor_size: AtomicU64,
    /// Resizes asked for.
    pub editor_resizes: AtomicUsize,
}

/// A parameter event that the plugin sent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Touch {
    /// The user took hold of a parameter.
    Begin(u32),
    /// Its value.
    Value(u32, f64),
    /// The user let go.
    End(u32),
}

/// The host, as a type.
pub(super) struct Host;

/// Reached from every thread.
pub(super) struct Shared(pub(super) Arc<Requests>);

/// Reached from the main thread.
pub(super) struct MainThread(pub(super) Arc<Requests>);

impl HostHandlers for Host {
    type Shared<'a> = Shared;
    type MainThread<'a> = MainThread;
    type AudioProcessor<'a> = ();

    fn declare_extensions(builder: &mut HostExtensions<Self>, _shared: &Self::Shared<'_>) {
        builder
            .register::<HostAudioPorts>()
            .register::<HostGui>()
            .register::<HostLatency>()
            .register::<HostParams>()
            .register::<HostState>();
    }
}

impl SharedHandler<'_> for Shared {
    fn request_restart(&self) {
        self.0.restart.store(true, SeqCst);
    }

    fn request_process(&self) {
        self.0.process.store(true, SeqCst);
    }

    fn request_callback(&self) {
        self.0.callback.store(true, SeqCst);
    }
}

impl HostParamsImplShared for Shared {
    fn request_flush(&self) {
        self.0.flush.store(true, SeqCst);
    }
}

impl HostGuiImpl for Shared {
    fn resize_hints_changed(&self) {}

    fn request_resize(&self, new_size: GuiSize) -> Result<(), HostError> {
        self.0.editor_size.store(new_size.pack_to_u64(), SeqCst);
        self.0.editor_resizes.fetch_add(1, SeqCst);
        Ok(())
    }

    fn request_show(&self) -> Result<(), HostError> {
        Ok(())
    }

    fn request_hide(&self) -> Result<(), HostError> {
        Ok(())
    }

    fn closed(&self, _was_destroyed: bool) {
        self.0.editor_closed.store(true, SeqCst);
    }
}

impl MainThreadHandler<'_> for MainThread {}

impl HostAudioPortsImpl for MainThread {
    fn is_rescan_flag_supported(&self, _flag: AudioPortRescanFlags) -> bool {
        false
    }

    fn rescan(&self, _flags: AudioPortRescanFlags) {}
}

impl HostLatencyImpl for MainThread {
    fn changed(&self) {
        let requests = &self.0;
        let flag = if requests.activating.load(SeqCst) {
            &requests.latency_changed
        } else {
            &requests.latency_changed_outside_activate
        };
        flag.store(true, SeqCst);
    }
}

impl HostParamsImplMainThread for MainThread {
    fn rescan(&self, _flags: ParamRescanFlags) {
        self.0.rescan.store(true, SeqCst);
    }

    fn clear(&self, _param_id: ClapId, _flags: ParamClearFlags) {}
}

impl HostStateImpl for MainThread {
    fn mark_dirty(&self) {
        self.0.dirty.store(true, SeqCst);
    }
}

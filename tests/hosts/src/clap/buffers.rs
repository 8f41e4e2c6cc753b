//! The buffers that a CLAP plugin is called with.

use super::handlers::{Host, Touch};
use super::info::Port;
use anyhow::Result;
use clack_host::events::spaces::CoreEventSpace;
use clack_host::prelude::*;
use std::time::Duration;

/// Buffers for one block: a list of channels for every port.
pub struct Buffers {
    pub(super) inputs: Vec<Vec<Vec<f32>>>,
    pub(super) outputs: Vec<Vec<Vec<f32>>>,
    input_ports: AudioPorts,
    output_ports: AudioPorts,
    /// What the plugin sent and nobody has taken.
    pub(super) touches: Vec<Touch>,
    /// Time that rendered blocks have taken.
    pub(super) busy: Duration,
}

impl std::fmt::Debug for Buffers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Buffers").finish_non_exhaustive()
    }
}

impl Default for Buffers {
    fn default() -> Self {
        Self::new(&[], &[])
    }
}

impl Buffers {
    pub(super) fn new(inputs: &[Port], outputs: &[Port]) -> Self {
        let buffers = |ports: &[Port]| ports.iter().map(|port| vec![Vec::new(); port.channels]).collect();
        // Exactly as many as there are: spare zeroed ones would hide that the plugin reads one too many.
        let ports = |ports: &[Port]| AudioPorts::with_capacity(ports.iter().map(|p| p.channels).sum(), ports.len());
        Self {
            inputs: buffers(inputs),
            outputs: buffers(outputs),
            input_ports: ports(inputs),
            output_ports: ports(outputs),
            touches: Vec::new(),
            busy: Duration::ZERO,
        }
    }

    pub(super) fn set_max_frames(&mut self, frames: usize) {
        for channel in self.inputs.iter_mut().chain(&mut self.outputs).flatten() {
            channel.clear();
            channel.resize(frames, 0.0);
        }
    }

    /// Runs one block of what the input buffers hold.
    pub(super) fn run(
        &mut self,
        processor: &mut PluginAudioProcessor<Host>,
        frames: usize,
        events: &EventBuffer,
    ) -> Result<()> {
        let inputs = self.input_ports.with_input_buffers(self.inputs.iter_mut().map(|port| AudioPortBuffer {
            latency: 0,
            channels: AudioPortBufferType::f32_input_only(
                port.iter_mut().map(|channel| InputChannel::variable(&mut channel[..frames])),
            ),
        }));
        let mut outputs = self.output_ports.with_output_buffers(self.outputs.iter_mut().map(|port| AudioPortBuffer {
            latency: 0,
            channels: AudioPortBufferType::f32_output_only(port.iter_mut().map(|channel| &mut channel[..frames])),
        }));
        let mut sent = EventBuffer::new();
        let started = processor.ensure_processing_started()?;
        started.process(&inputs, &mut outputs, &events.as_input(), &mut sent.as_output(), None, None)?;
        self.touches.extend(sent.iter().filter_map(touch));
        Ok(())
    }
}

/// A parameter event, if it is one.
pub(super) fn touch(event: &UnknownEvent) -> Option<Touch> {
    match event.as_core_event()? {
        CoreEventSpace::ParamGestureBegin(event) => Some(Touch::Begin(event.param_id()?.get())),
        CoreEventSpace::ParamGestureEnd(event) => Some(Touch::End(event.param_id()?.get())),
        CoreEventSpace::ParamValue(event) => Some(Touch::Value(event.param_id()?.get(), event.value())),
        _ => None,
    }
}

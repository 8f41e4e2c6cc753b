//! Blocks of audio through a CLAP plugin.

use super::buffers::{Buffers, touch};
use super::handlers::Touch;
use super::plugin::Plugin;
use crate::audio::{Audio, Change};
use anyhow::{Context, Result};
use clack_extensions::params::PluginParams;
use clack_host::events::event_types::ParamValueEvent;
use clack_host::prelude::*;
use std::sync::atomic::Ordering::SeqCst;
use std::time::{Duration, Instant};

fn event(time: usize, change: &Change) -> ParamValueEvent {
    // A block longer than 2³² frames does not exist.
    let time = u32::try_from(time).unwrap_or(u32::MAX);
    ParamValueEvent::new(time, ClapId::new(change.id), Pckn::match_all(), change.value)
}

impl Plugin {
    /// Sends parameter changes without audio, active or not.
    ///
    /// # Errors
    /// The plugin has no parameters.
    pub fn set(&mut self, changes: &[(u32, f64)]) -> Result<()> {
        let extension = self.extension::<PluginParams>()?;
        let mut events = EventBuffer::new();
        for (id, value) in changes {
            events.push(&event(0, &Change { frame: 0, id: *id, value: *value }));
        }
        let mut sent = EventBuffer::new();
        if let Some(processor) = &mut self.processor {
            extension.flush_active(&mut processor.plugin_handle(), &events.as_input(), &mut sent.as_output());
        } else {
            let mut handle = self.instance.inactive_plugin_handle().context("active without a processor")?;
            extension.flush(&mut handle, &events.as_input(), &mut sent.as_output());
        }
        self.buffers.touches.extend(sent.iter().filter_map(touch));
        self.requests().flush.store(false, SeqCst);
        self.idle();
        Ok(())
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
        let mut output = Audio::silence(self.buffers.outputs.first().map_or(0, Vec::len), input.frames());
        let (mut at, mut turn) = (0, 0);
        while at < input.frames() {
            let frames = blocks[turn % blocks.len()].min(input.frames() - at);
            turn += 1;
            let mut events = EventBuffer::new();
            for change in changes.iter().filter(|change| (at..at + frames).contains(&change.frame)) {
                events.push(&event(change.frame - at, change));
            }
            self.block(input, key, at..at + frames, &events)?;
            for (to, from) in output.0.iter_mut().zip(&self.buffers.outputs[0]) {
                to[at..at + frames].copy_from_slice(&from[..frames]);
            }
            at += frames;
            self.idle();
        }
        Ok(output)
    }

    /// Processes one block of stereo, nothing in the sidechain, with changes at its first frame. Returns the main output's
    /// channels, which may be longer than the block. For those who time it: nothing is made anew for every block.
    ///
    /// # Errors
    /// The plugin is inactive or reports an error.
    pub fn play(&mut self, main: [&[f32]; 2], changes: &[(u32, f64)]) -> Result<&[Vec<f32>]> {
        let mut events = EventBuffer::new();
        for (id, value) in changes {
            events.push(&event(0, &Change { frame: 0, id: *id, value: *value }));
        }
        let frames = main[0].len();
        for (channel, from) in self.buffers.inputs.first_mut().into_iter().flatten().zip(main) {
            channel[..frames].copy_from_slice(from);
        }
        let processor = self.processor.as_mut().context("not active")?;
        self.buffers.run(processor, frames, &events)?;
        Ok(self.buffers.outputs.first().map_or(&[], Vec::as_slice))
    }

    /// Exchanges the buffers it is called with for others of the same shape. A host has them once for many plugins that
    /// play after each other: they stay in the cache, where those of every plugin's own would not.
    pub fn exchange_buffers(&mut self, buffers: &mut Buffers) {
        std::mem::swap(&mut self.buffers, buffers);
    }

    /// Processes one block with changes wherever they lie, even behind its end, which CLAP forbids.
    ///
    /// # Errors
    /// The plugin is inactive or reports an error.
    pub fn render_unchecked(&mut self, input: &Audio, changes: &[Change], frames: usize) -> Result<()> {
        let mut events = EventBuffer::new();
        for change in changes {
            events.push(&event(change.frame, change));
        }
        self.block(input, None, 0..frames, &events)
    }

    fn block(
        &mut self,
        input: &Audio,
        key: Option<&Audio>,
        range: std::ops::Range<usize>,
        events: &EventBuffer,
    ) -> Result<()> {
        let frames = range.len();
        for (port, source) in self.buffers.inputs.iter_mut().zip([Some(input), key]) {
            for (index, channel) in port.iter_mut().enumerate() {
                let source = source.and_then(|audio| audio.0.get(index)).and_then(|from| from.get(range.clone()));
                match source {
                    Some(from) => channel[..frames].copy_from_slice(from),
                    None => channel[..frames].fill(0.0),
                }
            }
        }
        let processor = self.processor.as_mut().context("not active")?;
        let start = Instant::now();
        let done = self.buffers.run(processor, frames, events);
        self.buffers.busy += start.elapsed();
        done
    }

    /// Time that blocks of [`Self::render`] have taken so far.
    #[must_use]
    pub fn busy(&self) -> Duration {
        self.buffers.busy
    }

    /// The parameter events that the plugin has sent since the last call.
    pub fn take_touches(&mut self) -> Vec<Touch> {
        std::mem::take(&mut self.buffers.touches)
    }
}

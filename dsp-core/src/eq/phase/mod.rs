//! The equaliser's phase modes: zero latency, the analogue phase, or linear phase.
//!
//! In a linear mode the bands' levels are one symmetric impulse response; the latency is half its length and what the
//! convolution needs. In the matched mode the cascade runs as ever, and a short impulse response corrects it to the
//! analogue filters. A dynamic band is in the impulse response with its static gain; the cascade adds its movement. The
//! number of taps is the same at every sample rate: twice the rate halves the resolution in the bass.
//!
//! What fits into the taps follows the analogue level to 0.01 dB; a narrow band in the bass does not. At 48 kHz and 16k
//! taps: bells of ±18 dB from 40 Hz at Q 1, 100 Hz at Q 3, 400 Hz at Q 10. Half the taps need twice the frequency.
//!
//! When bands move, one impulse response fades to the next in 20 ms or one partition; in the matched mode the cascade
//! moves at once and its correction follows.
//!
//! The mode is structural: adopted by `reset`.

mod design;
mod designer;
mod kernels;
mod matrix;
mod mode;
mod request;

pub use designer::Designer;
pub use mode::Mode;

use super::cascade;
use crate::filter::convolve::{Convolver, Kernel, Plans};
use crate::spec::UNPREPARED_RATE_HZ;
use crate::{Choice, Frame, Spec};
use kernels::KernelSource;
use request::DesignRequest;
use std::sync::{Arc, LazyLock};

/// Tables of the modes' convolutions, shared by all instances: made by the first, half a megabyte.
static PLANS: LazyLock<Plans> = LazyLock::new(|| Plans::new(&Mode::GEOMETRIES));

/// The convolution of an equaliser of `N` bands. In [`Mode::Zero`] it does nothing. Not `Clone`: a designer serves one.
#[derive(Debug)]
pub struct Phase<const N: usize> {
    settings: cascade::Settings<N>,
    wanted: DesignRequest<N>,
    /// What plays, or is being faded to; its mode is the one that runs.
    playing: DesignRequest<N>,
    engine: Convolver,
    kernels: KernelSource<N>,
}

impl<const N: usize> Phase<N> {
    /// Designs inline whenever settings change, so that files render the same every time. Not for an audio thread.
    #[must_use]
    pub fn new(mode: Mode, settings: &cascade::Settings<N>) -> Self {
        Self::with(mode, settings, KernelSource::Inline)
    }

    /// For an audio thread: changes are designed by the designer, which the caller runs on another thread until this is
    /// dropped.
    #[must_use]
    pub fn with_designer(mode: Mode, settings: &cascade::Settings<N>) -> (Self, Arc<Designer<N>>) {
        let designer = Arc::new(Designer::new());
        let kernels = KernelSource::Background { designer: Arc::clone(&designer), pending: false };
        (Self::with(mode, settings, kernels), designer)
    }

    fn with(mode: Mode, settings: &cascade::Settings<N>, kernels: KernelSource<N>) -> Self {
        let wanted = DesignRequest::new(mode, settings, UNPREPARED_RATE_HZ);
        let engine = Convolver::with(&PLANS, UNPREPARED_RATE_HZ);
        let mut new = Self { settings: *settings, wanted, playing: wanted, engine, kernels };
        new.settle(true);
        new
    }

    /// Sizes for the largest mode and designs, then resets. Allocates.
    pub fn prepare(&mut self, spec: Spec) {
        self.wanted = DesignRequest::new(self.wanted.mode, &self.settings, spec.sample_rate_hz);
        self.engine.set_rate(spec.sample_rate_hz);
        self.settle(true);
    }

    /// Forgets the past and adopts the mode. With a designer, settings it has not designed for yet fade in as soon as it
    /// has.
    pub fn reset(&mut self) {
        let inline = matches!(self.kernels, KernelSource::Inline);
        self.settle(inline && self.wanted != self.playing);
    }

    /// Settles on the wanted kernel: designed inline, or as far as it is available.
    fn settle(&mut self, design: bool) {
        let wanted = self.wanted;
        let made = if wanted.is_flat() {
            None
        } else if design {
            design::kernel(&wanted).map(|kernel| (wanted, Box::new(kernel)))
        } else if self.kernels.is_pending() && self.engine.has_room() {
            self.kernels.get(&wanted)
        } else {
            None
        };
        let index = wanted.mode.engine_index().unwrap_or(0);
        self.engine.reset(index);
        match made {
            Some((request, kernel)) if request.fits(&wanted) => {
                self.fade_to(Some(kernel));
                self.playing = request;
            }
            other => {
                if let Some((_, kernel)) = other {
                    self.put_aside(kernel);
                }
                if wanted.is_flat() || !self.playing.fits(&wanted) {
                    self.fade_to(None);
                    self.playing = wanted.silenced();
                }
            }
        }
        self.engine.reset(index);
    }

    fn fade_to(&mut self, kernel: Option<Box<Kernel>>) {
        let refused = self.engine.fade_to(kernel);
        debug_assert!(refused.is_none(), "a source is asked for a kernel only where there is room");
    }

    fn put_aside(&mut self, kernel: Box<Kernel>) {
        let refused = self.engine.put_aside(kernel);
        debug_assert!(refused.is_none(), "a source is asked for a kernel only where there is room");
    }

    /// New targets; bands fade over, the mode waits for `reset`.
    pub fn set(&mut self, mode: Mode, settings: &cascade::Settings<N>) {
        if mode != self.wanted.mode || *settings != self.settings {
            self.settings = *settings;
            self.wanted = DesignRequest::new(mode, settings, self.wanted.sample_rate_hz);
        }
    }

    /// Filters in place.
    pub fn process(&mut self, block: &mut [Frame]) {
        if self.mode() == Mode::Zero {
            return;
        }
        let mut rest = block;
        while !rest.is_empty() {
            if self.engine.at_boundary() {
                self.change();
            }
            let (chunk, later) = rest.split_at_mut(rest.len().min(self.engine.frames_to_boundary()));
            self.engine.process(chunk);
            rest = later;
        }
    }

    /// Between two partitions: starts to fade to the wanted kernel.
    fn change(&mut self) {
        while let Some(kernel) = self.engine.take_spent() {
            if let Some(kernel) = self.kernels.dispose(kernel) {
                self.put_aside(kernel);
                break;
            }
        }
        let wanted = self.wanted.in_mode(self.playing.mode);
        if !self.engine.is_steady() || (wanted == self.playing && !self.kernels.is_pending()) {
            return;
        }
        if wanted.is_flat() && !self.kernels.is_pending() {
            self.fade_to(None);
            self.playing = wanted;
        } else if let Some((request, kernel)) = self.kernels.get(&wanted) {
            if request.fits(&wanted) && wanted != self.playing && !wanted.is_flat() {
                self.fade_to(Some(kernel));
                self.playing = request;
            } else {
                self.put_aside(kernel);
            }
        }
    }

    /// The mode that runs, adopted by the last `reset`.
    #[must_use]
    pub fn mode(&self) -> Mode {
        self.playing.mode
    }

    /// Latency of the mode adopted by the last `reset`.
    #[must_use]
    pub fn latency_frames(&self) -> usize {
        self.mode().latency_frames()
    }

    /// Latency of the slowest mode, for sizing what runs beside it.
    #[must_use]
    pub fn max_latency_frames(&self) -> usize {
        Mode::ALL.iter().map(|mode| mode.latency_frames()).max().unwrap_or(0)
    }

    /// Latency that the next `reset` will adopt.
    #[must_use]
    pub fn pending_latency_frames(&self) -> usize {
        self.wanted.mode.latency_frames()
    }
}

#[cfg(test)]
mod tests;

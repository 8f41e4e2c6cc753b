//! The equaliser's phase: as it comes, as the analogue filters have it, or none.
//!
//! In a linear mode the bands' levels are one symmetric impulse response; the delay is half its length and what the
//! convolution needs. In the matched mode the cascade runs as ever, and a short impulse response corrects it to the
//! analogue filters. A band that moves with the level stands in the impulse response with its set gain; its movement
//! is the cascade's. The number of taps is the same at every sample rate: twice the rate is half as fine in the bass.
//!
//! What fits into the taps follows the analogue level to 0.01 dB; a narrow band in the bass does not. At 48 kHz and 16k
//! taps: bells of ±18 dB from 40 Hz at Q 1, 100 Hz at Q 3, 400 Hz at Q 10. Half the taps need twice the frequency.
//!
//! When bands move, one impulse response fades to the next in 20 ms or one partition; in the matched mode the cascade
//! moves at once and its correction follows.
//!
//! Which mode it is, is structural: adopted by `reset`.

mod design;
mod designer;
mod matrix;
mod mode;
mod order;
mod source;

pub use designer::Designer;
pub use mode::Mode;

use super::cascade;
use crate::filter::convolve::{Convolver, Kernel, Plans};
use crate::spec::UNPREPARED_RATE_HZ;
use crate::{Choice, Frame, Spec};
use order::Order;
use source::Source;
use std::sync::{Arc, LazyLock};

/// Tables of the modes' convolutions, one for all instances: made by the first, half a megabyte.
static PLANS: LazyLock<Plans> = LazyLock::new(|| Plans::new(&Mode::GEOMETRIES));

/// The part of an equaliser of `N` bands that has to do with phase. In [`Mode::Zero`] it does nothing.
#[derive(Clone, Debug)]
pub struct Phase<const N: usize> {
    settings: cascade::Settings<N>,
    wanted: Order<N>,
    /// What is heard, or is being faded to; its mode is the one that runs.
    sounding: Order<N>,
    engine: Convolver,
    source: Source<N>,
}

impl<const N: usize> Phase<N> {
    /// At rest; designs on the spot whenever settings change, so that files sound the same every time. Not for an
    /// audio thread.
    #[must_use]
    pub fn new(mode: Mode, settings: &cascade::Settings<N>) -> Self {
        Self::with(mode, settings, Source::Here)
    }

    /// At rest; what changes while it runs is designed by the designer beside it, which has to be run by somebody and
    /// serves until this is dropped.
    #[must_use]
    pub fn with_designer(mode: Mode, settings: &cascade::Settings<N>) -> (Self, Arc<Designer<N>>) {
        let designer = Arc::new(Designer::new());
        let source = Source::Beside { designer: Arc::clone(&designer), asked: false };
        (Self::with(mode, settings, source), designer)
    }

    fn with(mode: Mode, settings: &cascade::Settings<N>, source: Source<N>) -> Self {
        let wanted = Order::new(mode, settings, UNPREPARED_RATE_HZ);
        let engine = Convolver::with(&PLANS, UNPREPARED_RATE_HZ);
        let mut new = Self { settings: *settings, wanted, sounding: wanted, engine, source };
        new.rest(true);
        new
    }

    /// Sizes for the largest mode and designs, then resets. Allocates.
    pub fn prepare(&mut self, spec: Spec) {
        self.wanted = Order::new(self.wanted.mode, &self.settings, spec.sample_rate_hz);
        self.engine.set_rate(spec.sample_rate_hz);
        self.rest(true);
    }

    /// Forgets the past and adopts the mode. With a designer, settings that it has not yet designed for are faded to
    /// as soon as it has.
    pub fn reset(&mut self) {
        let here = matches!(self.source, Source::Here);
        self.rest(here && self.wanted != self.sounding);
    }

    /// Rests on what is wanted, designed on the spot or as far as it is at hand.
    fn rest(&mut self, design: bool) {
        let wanted = self.wanted;
        let made = if wanted.is_flat() {
            None
        } else if design {
            design::kernel(&wanted).map(|kernel| (wanted, Box::new(kernel)))
        } else if self.source.is_asked() && self.engine.has_room() {
            self.source.get(&wanted)
        } else {
            None
        };
        let index = wanted.mode.engine_index().unwrap_or(0);
        self.engine.reset(index);
        match made {
            Some((order, kernel)) if order.fits(&wanted) => {
                self.fade_to(Some(kernel));
                self.sounding = order;
            }
            other => {
                if let Some((_, kernel)) = other {
                    self.put_aside(kernel);
                }
                if wanted.is_flat() || !self.sounding.fits(&wanted) {
                    self.fade_to(None);
                    self.sounding = wanted.silenced();
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
            self.wanted = Order::new(mode, settings, self.wanted.sample_rate_hz);
        }
    }

    /// Works in place.
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

    /// Between two partitions: takes up what is wanted by now.
    fn change(&mut self) {
        while let Some(kernel) = self.engine.take_spent() {
            if let Some(kernel) = self.source.dispose(kernel) {
                self.put_aside(kernel);
                break;
            }
        }
        let wanted = self.wanted.in_mode(self.sounding.mode);
        if !self.engine.is_steady() || (wanted == self.sounding && !self.source.is_asked()) {
            return;
        }
        if wanted.is_flat() && !self.source.is_asked() {
            self.fade_to(None);
            self.sounding = wanted;
        } else if let Some((order, kernel)) = self.source.get(&wanted) {
            if order.fits(&wanted) && wanted != self.sounding && !wanted.is_flat() {
                self.fade_to(Some(kernel));
                self.sounding = order;
            } else {
                self.put_aside(kernel);
            }
        }
    }

    /// The mode that runs, adopted by the last `reset`.
    #[must_use]
    pub fn mode(&self) -> Mode {
        self.sounding.mode
    }

    /// Delay between input and output, of the mode adopted by the last `reset`.
    #[must_use]
    pub fn latency_frames(&self) -> usize {
        self.mode().latency_frames()
    }

    /// Delay of the slowest mode, for sizing what runs beside it.
    #[must_use]
    pub fn max_latency_frames(&self) -> usize {
        Mode::ALL.iter().map(|mode| mode.latency_frames()).max().unwrap_or(0)
    }

    /// Delay that the next `reset` will adopt.
    #[must_use]
    pub fn pending_latency_frames(&self) -> usize {
        self.wanted.mode.latency_frames()
    }
}

#[cfg(test)]
mod tests;

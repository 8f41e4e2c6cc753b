//! The equaliser itself: bands in series.

use super::band::Band;
use super::running::RunningBand;
use crate::frame::sanitise;
use crate::smooth::CONTROL_FRAMES;
use crate::{Frame, Spec};

/// Settings of an equaliser of `N` bands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings<const N: usize> {
    /// Whether it acts at all.
    pub on: bool,
    /// The bands, in series.
    pub bands: [Band; N],
}

impl<const N: usize> Settings<N> {
    /// Steady-state gain in dB of the whole at `freq_hz`; 0 when off.
    #[must_use]
    pub fn gain_db_at(&self, freq_hz: f64, sample_rate_hz: f64) -> f64 {
        self.heard().iter().map(|band| band.gain_db_at(freq_hz, sample_rate_hz)).sum()
    }

    /// The bands with the whole's switch taken into each: switching the whole switches them all.
    fn heard(&self) -> [Band; N] {
        self.bands.map(|band| Band { on: self.on && band.on, ..band })
    }
}

/// A running equaliser of `N` bands.
#[derive(Clone, Debug)]
pub struct Eq<const N: usize> {
    settings: Settings<N>,
    bands: [RunningBand; N],
    /// Frames since the last control step.
    since_control: usize,
}

impl<const N: usize> Eq<N> {
    /// An equaliser at rest.
    #[must_use]
    pub fn new(settings: Settings<N>) -> Self {
        Self { settings, bands: settings.heard().map(RunningBand::new), since_control: 0 }
    }

    /// Designs for the rate, then resets.
    pub fn prepare(&mut self, spec: Spec) {
        self.bands.iter_mut().for_each(|band| band.prepare(spec.sample_rate_hz));
        self.reset();
    }

    /// Forgets the past.
    pub fn reset(&mut self) {
        self.bands.iter_mut().for_each(RunningBand::reset);
        self.since_control = 0;
    }

    /// New targets.
    pub fn set(&mut self, settings: Settings<N>) {
        if settings == self.settings {
            return;
        }
        self.settings = settings;
        for (running, band) in self.bands.iter_mut().zip(settings.heard()) {
            running.set(band);
        }
    }

    /// Filters in place.
    pub fn process(&mut self, block: &mut [Frame]) {
        for frame in block.iter_mut() {
            *frame = sanitise(*frame);
        }
        let mut rest = block;
        while !rest.is_empty() {
            if self.since_control == 0 {
                self.bands.iter_mut().for_each(RunningBand::control);
            }
            let (chunk, later) = rest.split_at_mut(rest.len().min(CONTROL_FRAMES - self.since_control));
            self.bands.iter_mut().for_each(|band| band.process(chunk));
            self.since_control = (self.since_control + chunk.len()) % CONTROL_FRAMES;
            rest = later;
        }
    }
}

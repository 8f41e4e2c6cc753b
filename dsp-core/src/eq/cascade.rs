//! The equaliser itself: bands in series.

use super::band::Band;
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
    pub fn gain_db_at(&self, _freq_hz: f64, _sample_rate_hz: f64) -> f64 {
        0.0
    }
}

/// A running equaliser of `N` bands.
#[derive(Clone, Debug)]
pub struct Eq<const N: usize> {
    settings: Settings<N>,
}

impl<const N: usize> Eq<N> {
    /// An equaliser at rest.
    #[must_use]
    pub fn new(settings: Settings<N>) -> Self {
        Self { settings }
    }

    /// Designs for the rate, then resets.
    pub fn prepare(&mut self, _spec: Spec) {}

    /// Forgets the past.
    pub fn reset(&mut self) {}

    /// New targets.
    pub fn set(&mut self, settings: Settings<N>) {
        self.settings = settings;
    }

    /// Filters in place.
    pub fn process(&mut self, _block: &mut [Frame]) {}
}

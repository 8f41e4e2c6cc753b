//! A request for an impulse response: everything that it depends on, and nothing else.

use super::mode::Mode;
use crate::eq::band::{Band, Shape, Target};
use crate::eq::cascade;

/// Mode, rate, and the bands in use.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct DesignRequest<const N: usize> {
    pub(super) mode: Mode,
    pub(super) sample_rate_hz: f64,
    bands: [Band; N],
}

impl<const N: usize> DesignRequest<N> {
    /// Bands that do nothing are all equal, so that moving them designs nothing.
    pub(super) fn new(mode: Mode, settings: &cascade::Settings<N>, sample_rate_hz: f64) -> Self {
        let bands = settings.scaled().map(|band| {
            let acts = band.on && !(band.shape.has_gain() && band.gain_db == 0.0);
            // Dynamics and listening do not change the impulse response.
            if acts { Band { dynamic: IDLE.dynamic, listen: false, ..band } } else { IDLE }
        });
        Self { mode, sample_rate_hz, bands }
    }

    /// The same in another mode.
    pub(super) fn in_mode(self, mode: Mode) -> Self {
        Self { mode, ..self }
    }

    /// The same with no band acting.
    pub(super) fn silenced(self) -> Self {
        Self { bands: [IDLE; N], ..self }
    }

    /// The bands that act, in order.
    pub(super) fn bands(&self) -> impl Iterator<Item = &Band> + Clone {
        self.bands.iter().filter(|band| band.on)
    }

    /// Whether it asks for a delay only.
    pub(super) fn is_flat(&self) -> bool {
        self.mode == Mode::Zero || !self.bands().any(|band| self.mode == Mode::Matched || band.shape.changes_levels())
    }

    /// Whether both channels are processed alike.
    pub(super) fn is_same(&self) -> bool {
        self.bands().all(|band| band.target == Target::Stereo)
    }

    /// Whether a kernel for `other` can run in its place.
    pub(super) fn fits(&self, other: &Self) -> bool {
        self.mode == other.mode && self.sample_rate_hz == other.sample_rate_hz
    }
}

const IDLE: Band = Band { on: false, ..Band::flat(Shape::Bell, 1000.0) };

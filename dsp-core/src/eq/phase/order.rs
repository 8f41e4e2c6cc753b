//! What a design is made for: everything that the impulse response depends on, and nothing else.

use super::mode::Mode;
use crate::eq::band::{Band, Shape, Target};
use crate::eq::cascade;

/// Mode, rate, and the bands that are heard.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Order<const N: usize> {
    pub(super) mode: Mode,
    pub(super) sample_rate_hz: f64,
    bands: [Band; N],
}

impl<const N: usize> Order<N> {
    /// Bands that do nothing all look alike, so that nothing is designed when they are moved.
    pub(super) fn new(mode: Mode, settings: &cascade::Settings<N>, sample_rate_hz: f64) -> Self {
        let bands = settings.scaled().map(|band| {
            let acts = band.on && !(band.shape.has_gain() && band.gain_db == 0.0);
            // How a gain moves, and listening, are no matter of the impulse response.
            let still = Band { on: acts, dynamic: IDLE.dynamic, listen: false, ..band };
            if acts { still } else { IDLE }
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

    /// Whether nothing is to be done to the signal but the delay.
    pub(super) fn is_flat(&self) -> bool {
        let silent = |band: &&Band| !(self.mode != Mode::Matched && band.shape == Shape::AllPass);
        self.mode == Mode::Zero || self.bands().filter(silent).count() == 0
    }

    /// Whether both channels are treated alike.
    pub(super) fn is_same(&self) -> bool {
        self.bands().all(|band| band.target == Target::Stereo)
    }

    /// Whether a kernel made for `other` can be run in this one's place.
    pub(super) fn fits(&self, other: &Self) -> bool {
        self.mode == other.mode && self.sample_rate_hz == other.sample_rate_hz
    }
}

const IDLE: Band = Band { on: false, ..Band::flat(Shape::Bell, 1000.0) };

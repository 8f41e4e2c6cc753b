//! What the equaliser does to the phase, and what that costs in delay.

use crate::choice;
use crate::filter::convolve::Geometry;

/// How the equaliser treats phase.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// No delay: filters like the analogue ones, with what a sample rate does to their highest octave.
    #[default]
    Zero,
    /// As the analogue filters in level and phase, up to 20 kHz: the filters of no delay and a short correction.
    Matched,
    /// No phase shift at all; finest for bands above some 200 Hz.
    Linear4k,
    /// No phase shift at all, twice as fine in the bass.
    Linear8k,
    /// No phase shift at all, finest in the bass.
    Linear16k,
}

choice!(Mode {
    Zero => "Zero latency", Matched => "Matched", Linear4k => "Linear 4k", Linear8k => "Linear 8k",
    Linear16k => "Linear 16k",
});

impl Mode {
    /// Whether bands that stand still are to be run by the cascade. In the other modes their whole effect is in the
    /// impulse response, and the cascade has to do only what moves with the level.
    #[must_use]
    pub const fn runs_cascade(self) -> bool {
        matches!(self, Self::Zero | Self::Matched)
    }

    /// The convolutions of the modes, in the order of [`Self::engine_index`].
    pub(super) const GEOMETRIES: [Geometry; 4] = [MATCHED, linear(4096), linear(8192), linear(16_384)];

    /// Which convolution it runs.
    pub(super) const fn engine_index(self) -> Option<usize> {
        match self {
            Self::Zero => None,
            Self::Matched => Some(0),
            Self::Linear4k => Some(1),
            Self::Linear8k => Some(2),
            Self::Linear16k => Some(3),
        }
    }

    /// The convolution it runs.
    pub(super) const fn geometry(self) -> Option<Geometry> {
        match self.engine_index() {
            None => None,
            Some(index) => Some(Self::GEOMETRIES[index]),
        }
    }

    /// Delay at every sample rate.
    #[must_use]
    pub const fn latency_frames(self) -> usize {
        match self.geometry() {
            None => 0,
            Some(geometry) => geometry.latency_frames(),
        }
    }
}

/// 512 frames in all: half for what the correction does ahead of time, half for the convolution. What it does later
/// costs no delay, and there it rings: a narrow band is corrected by something as narrow.
const MATCHED: Geometry = Geometry::new(128, 8, 256);

/// Half the taps for the symmetry, a quarter for the convolution.
const fn linear(taps: usize) -> Geometry {
    Geometry::new(taps / 8, 8, taps / 2)
}

//! The phase modes and their latencies.

use crate::choice;
use crate::filter::convolve::Geometry;

/// How the equaliser treats phase.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// No latency: the phase of the digital filters, which differs from the analogue one in the top octave.
    #[default]
    Zero,
    /// The analogue filters' level and phase up to 20 kHz: the filters of zero latency and a short correction.
    Matched,
    /// Linear phase, for bands above some 200 Hz.
    Linear4k,
    /// Linear phase, twice the resolution in the bass.
    Linear8k,
    /// Linear phase, four times the resolution in the bass.
    Linear16k,
}

choice!(Mode {
    Zero => "Zero latency", Matched => "Matched", Linear4k => "Linear 4k", Linear8k => "Linear 8k",
    Linear16k => "Linear 16k",
});

impl Mode {
    /// Whether the cascade runs static bands. In the other modes they are in the impulse response, and the cascade only
    /// adds what moves with the level.
    #[must_use]
    pub const fn runs_cascade(self) -> bool {
        matches!(self, Self::Zero | Self::Matched)
    }

    /// The convolutions of the modes, in the order of [`Self::engine_index`].
    pub(super) const GEOMETRIES: [Geometry; 4] = [MATCHED, linear(4096), linear(8192), linear(16_384)];

    /// The index of its convolution.
    pub(super) const fn engine_index(self) -> Option<usize> {
        match self {
            Self::Zero => None,
            Self::Matched => Some(0),
            Self::Linear4k => Some(1),
            Self::Linear8k => Some(2),
            Self::Linear16k => Some(3),
        }
    }

    /// Its convolution.
    pub(super) const fn geometry(self) -> Option<Geometry> {
        match self.engine_index() {
            None => None,
            Some(index) => Some(Self::GEOMETRIES[index]),
        }
    }

    /// Latency, the same at every sample rate.
    #[must_use]
    pub const fn latency_frames(self) -> usize {
        match self.geometry() {
            None => 0,
            Some(geometry) => geometry.latency_frames(),
        }
    }
}

/// 512 frames of latency: half for the correction's taps before its centre, half for the convolution. Taps after the
/// centre cost none, and there it rings: the correction of a narrow band is as narrow.
const MATCHED: Geometry = Geometry::new(128, 8, 256);

/// Half the taps for the symmetry, a quarter for the convolution.
const fn linear(taps: usize) -> Geometry {
    Geometry::new(taps / 8, 8, taps / 2)
}

//! What a processor is told before it runs: sample rate, block length, channels.

/// The ground a processor is prepared for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spec {
    /// Frames per second, within [`Spec::SAMPLE_RATE_HZ`].
    pub sample_rate_hz: f64,
    /// Longest block that `process` will be given, in frames; at least 1.
    pub max_frames: usize,
    /// Channels in use, 1 or 2. A mono signal travels in both lanes of a [`crate::Frame`].
    pub channels: usize,
}

/// Rate that processors design for until `prepare` tells them the real one, so that they are whole from the start.
pub(crate) const UNPREPARED_RATE_HZ: f64 = 48_000.0;

/// Why a [`Spec`] was refused.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum SpecError {
    /// The sample rate is outside what the designs hold for.
    #[error("sample rate {actual_hz} Hz: expected {min_hz} to {max_hz} Hz")]
    SampleRate {
        /// What was asked.
        actual_hz: f64,
        /// Lowest that works.
        min_hz: f64,
        /// Highest that works.
        max_hz: f64,
    },
    /// A block length of zero.
    #[error("blocks of {actual} frames: expected 1 or more")]
    Frames {
        /// What was asked.
        actual: usize,
    },
    /// Neither mono nor stereo.
    #[error("{actual} channels: expected 1 or 2")]
    Channels {
        /// What was asked.
        actual: usize,
    },
}

impl Spec {
    /// Sample rates everything runs at, lowest and highest. The designs hold from 8 to 768 kHz; beyond, corners above
    /// the Nyquist frequency lie just below it, so that a host that tries odd rates is not refused.
    pub const SAMPLE_RATE_HZ: (f64, f64) = (1_000.0, 2_000_000.0);

    /// A spec whose numbers all hold.
    ///
    /// # Errors
    /// The first number that does not, with what was expected.
    pub fn new(sample_rate_hz: f64, max_frames: usize, channels: usize) -> Result<Self, SpecError> {
        let (min_hz, max_hz) = Self::SAMPLE_RATE_HZ;
        if !(min_hz..=max_hz).contains(&sample_rate_hz) {
            return Err(SpecError::SampleRate { actual_hz: sample_rate_hz, min_hz, max_hz });
        }
        if max_frames == 0 {
            return Err(SpecError::Frames { actual: max_frames });
        }
        if !(1..=2).contains(&channels) {
            return Err(SpecError::Channels { actual: channels });
        }
        Ok(Self { sample_rate_hz, max_frames, channels })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_numbers_are_refused_by_name() {
        assert!(Spec::new(48_000.0, 64, 2).is_ok());
        assert_eq!(
            Spec::new(f64::NAN, 64, 2).map_err(|e| e.to_string()).unwrap_err(),
            "sample rate NaN Hz: expected 1000 to 2000000 Hz"
        );
        assert!(matches!(Spec::new(48_000.0, 0, 2), Err(SpecError::Frames { .. })));
        assert!(matches!(Spec::new(48_000.0, 64, 6), Err(SpecError::Channels { actual: 6 })));
    }
}

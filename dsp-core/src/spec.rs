//! What a processor is told before it runs: sample rate, block length, channels.

/// The ground a processor is prepared for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spec {
    /// Frames per second, within [`Spec::RUNNABLE_RATE_HZ`].
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
    /// Sample rates at which every number holds, lowest and highest.
    pub const SAMPLE_RATE_HZ: (f64, f64) = (8_000.0, 768_000.0);
    /// Sample rates at which everything runs, lowest and highest: hosts try odd ones. Outside [`Self::SAMPLE_RATE_HZ`]
    /// corners above the Nyquist frequency lie just below it, and loudness is not to the standard.
    pub const RUNNABLE_RATE_HZ: (f64, f64) = (1_000.0, 2_000_000.0);

    /// A spec at which every number holds.
    ///
    /// # Errors
    /// The first number that is not right, with what was expected.
    pub fn new(sample_rate_hz: f64, max_frames: usize, channels: usize) -> Result<Self, SpecError> {
        Self::within(Self::SAMPLE_RATE_HZ, sample_rate_hz, max_frames, channels)
    }

    /// A spec at which everything runs.
    ///
    /// # Errors
    /// The first number that is not right, with what was expected.
    pub fn runnable(sample_rate_hz: f64, max_frames: usize, channels: usize) -> Result<Self, SpecError> {
        Self::within(Self::RUNNABLE_RATE_HZ, sample_rate_hz, max_frames, channels)
    }

    fn within(
        (min_hz, max_hz): (f64, f64),
        sample_rate_hz: f64,
        max_frames: usize,
        channels: usize,
    ) -> Result<Self, SpecError> {
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
            "sample rate NaN Hz: expected 8000 to 768000 Hz"
        );
        assert!(Spec::new(1_234.5, 64, 2).is_err() && Spec::runnable(1_234.5, 64, 2).is_ok());
        assert!(matches!(Spec::new(48_000.0, 0, 2), Err(SpecError::Frames { .. })));
        assert!(matches!(Spec::new(48_000.0, 64, 6), Err(SpecError::Channels { actual: 6 })));
    }
}

//! Audio as hosts hold it: one buffer of 32-bit samples a channel.

/// Channels of equal length.
#[derive(Clone, Debug, PartialEq)]
pub struct Audio(pub Vec<Vec<f32>>);

/// A parameter change at a frame counted from the start of what is rendered.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change {
    /// When.
    pub frame: usize,
    /// The host's id of the parameter.
    pub id: u32,
    /// The value, on the scale of the plugin format.
    pub value: f64,
}

impl Audio {
    /// Zeros.
    #[must_use]
    pub fn silence(channels: usize, frames: usize) -> Self {
        Self(vec![vec![0.0; frames]; channels])
    }

    /// From frames of left and right; one channel takes the left.
    #[must_use]
    pub fn from_frames(frames: &[[f64; 2]], channels: usize) -> Self {
        Self((0..channels).map(|channel| frames.iter().map(|frame| frame[channel.min(1)] as f32).collect()).collect())
    }

    /// Number of channels.
    #[must_use]
    pub fn channels(&self) -> usize {
        self.0.len()
    }

    /// Number of frames.
    #[must_use]
    pub fn frames(&self) -> usize {
        self.0.first().map_or(0, Vec::len)
    }

    /// Frames of left and right, 64-bit; mono in both.
    #[must_use]
    pub fn to_frames(&self) -> Vec<[f64; 2]> {
        let sample = |channel: usize, n: usize| {
            self.0.get(channel).or(self.0.first()).and_then(|c| c.get(n)).copied().map_or(0.0, f64::from)
        };
        (0..self.frames()).map(|n| [sample(0, n), sample(1, n)]).collect()
    }

    /// The part from `from` on, `len` frames long; silence beyond the end.
    #[must_use]
    pub fn part(&self, from: usize, len: usize) -> Self {
        let sample = |channel: &Vec<f32>, n: usize| channel.get(from + n).copied().unwrap_or(0.0);
        Self(self.0.iter().map(|channel| (0..len).map(|n| sample(channel, n)).collect()).collect())
    }

    /// The same delayed by `frames`, of the same length.
    #[must_use]
    pub fn delayed(&self, frames: usize) -> Self {
        let shift = |channel: &Vec<f32>| {
            std::iter::repeat_n(0.0, frames).chain(channel.iter().copied()).take(channel.len()).collect()
        };
        Self(self.0.iter().map(shift).collect())
    }

    /// Whether every sample is a finite number.
    #[must_use]
    pub fn is_finite(&self) -> bool {
        self.0.iter().flatten().all(|x| x.is_finite())
    }

    /// Largest difference from another of the same shape, in dB re 1.0; −∞ when all bits agree, NaN if the shapes differ.
    #[must_use]
    pub fn difference_db(&self, other: &Self) -> f64 {
        if self.channels() != other.channels() || self.frames() != other.frames() {
            return f64::NAN;
        }
        let pairs = self.0.iter().flatten().zip(other.0.iter().flatten());
        let largest = pairs.fold(0.0_f64, |largest, (a, b)| {
            let difference = (f64::from(*a) - f64::from(*b)).abs();
            // `max` would forget a NaN.
            if difference.is_nan() { f64::INFINITY } else { largest.max(difference) }
        });
        dsp_core::units::gain_to_db(largest)
    }

    /// The first frame at which the bits differ from another's.
    #[must_use]
    pub fn first_difference(&self, other: &Self) -> Option<usize> {
        let differs = |n: &usize| self.0.iter().zip(&other.0).any(|(a, b)| a[*n].to_bits() != b[*n].to_bits());
        (0..self.frames().min(other.frames())).find(differs)
    }
}

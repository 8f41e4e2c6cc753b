//! Rounding samples to integers of a word length.

use crate::args::Bits;

/// Rounds samples and counts clipped ones.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Quantiser {
    full_scale: f64,
    clipped: u64,
}

impl Quantiser {
    /// A quantiser for a word length.
    pub(crate) fn new(bits: Bits) -> Self {
        Self { full_scale: f64::from(1_u32 << (bits.integer_bits() - 1)), clipped: 0 }
    }

    /// The nearest integer within the word length.
    #[inline]
    pub(crate) fn nearest(&mut self, sample: f32) -> i32 {
        let steps = (f64::from(sample) * self.full_scale).round();
        let held = steps.clamp(-self.full_scale, self.full_scale - 1.0);
        self.clipped += u64::from(held != steps);
        held as i32
    }

    /// Number of samples clipped so far.
    pub(crate) fn clipped(&self) -> u64 {
        self.clipped
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn negative_full_scale_fits_and_positive_clips() {
        for (bits, most) in [(Bits::Int16, 32_767), (Bits::Int24, 8_388_607)] {
            let mut quantiser = Quantiser::new(bits);
            assert_eq!((quantiser.nearest(-1.0), quantiser.nearest(0.0), quantiser.clipped()), (-most - 1, 0, 0));
            assert_eq!((quantiser.nearest(1.0), quantiser.nearest(-2.0), quantiser.clipped()), (most, -most - 1, 2));
        }
    }
}

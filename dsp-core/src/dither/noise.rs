//! Triangular noise, two steps wide.
//!
//! Source: G. L. Steele, D. Lea, C. H. Flood, "Fast splittable pseudorandom number generators" (OOPSLA 2014).

/// Where the noise of each channel starts: any two numbers that differ.
pub(super) const SEEDS: [u64; 2] = [0x243F_6A88_85A3_08D3, 0x1319_8A2E_0370_7344];

/// SplitMix64.
#[derive(Clone, Copy, Debug)]
pub(super) struct Noise(pub(super) u64);

impl Noise {
    /// The sum of two uniform values of ±1/2 each, from the two halves of one number.
    #[inline]
    pub(super) fn tick(&mut self) -> f64 {
        /// Brings a 32-bit number to a span of 1.
        const SCALE: f64 = 1.0 / (1_u64 << 32) as f64;
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^= z >> 31;
        // Twice the half step that centres each: their sum is between -1 and 1, both left out.
        ((z & 0xFFFF_FFFF) as f64 + (z >> 32) as f64 + 1.0) * SCALE - 1.0
    }
}

//! Dither: triangular noise of one step either way before the word length is cut, so that the error is noise, not
//! distortion.
//!
//! Source: S. P. Lipshitz, R. A. Wannamaker, J. Vanderkooy, "Quantization and dither: a theoretical survey" (JAES
//! 1992): with triangular noise two steps wide, neither the mean nor the power of the error depends on the signal.
//! The noise: G. L. Steele, D. Lea, C. H. Flood, "Fast splittable pseudorandom number generators" (OOPSLA 2014).

use crate::frame::sanitise;
use crate::spec::UNPREPARED_RATE_HZ;
use crate::units::ms_to_frames;
use crate::{Frame, Spec, choice};

/// Word length the output is made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// Left as it is.
    Off,
    /// 24 bit.
    Bits24,
    /// 20 bit.
    Bits20,
    /// 16 bit.
    Bits16,
}

choice!(Depth { Off => "Off", Bits24 => "24 bit", Bits20 => "20 bit", Bits16 => "16 bit" });

impl Depth {
    /// Steps from zero to full scale; none where nothing is cut.
    fn steps(self) -> Option<f64> {
        match self {
            Self::Off => None,
            Self::Bits24 => Some(f64::from(1 << 23)),
            Self::Bits20 => Some(f64::from(1 << 19)),
            Self::Bits16 => Some(f64::from(1 << 15)),
        }
    }
}

/// Settings of the dither.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Word length the output is made for.
    pub depth: Depth,
}

impl Default for Settings {
    fn default() -> Self {
        Self { depth: Depth::Off }
    }
}

/// A channel that has been digital silence for longer than this stays digital silence: longer than the gaps within
/// music, shorter than those between tracks.
const BLANK_AFTER_MS: f64 = 500.0;
/// Where the noise of each channel starts: any two numbers that differ.
const SEEDS: [u64; 2] = [0x243F_6A88_85A3_08D3, 0x1319_8A2E_0370_7344];

/// A running dither and quantiser.
///
/// Both channels have noise of their own, so L = R does not stay L = R; mono output takes the left. The noise is the
/// same after every `reset`. What was silent for half a second is not dithered until it sounds again.
#[derive(Clone, Debug)]
pub struct Dither {
    settings: Settings,
    noise: [Noise; 2],
    /// Frames each channel has been silent for.
    silent: [usize; 2],
    blank_after: usize,
}

impl Dither {
    /// A dither with its noise at the start.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self { settings, noise: SEEDS.map(Noise), silent: [0; 2], blank_after: blank_after(UNPREPARED_RATE_HZ) }
    }

    /// Learns the sample rate, then resets.
    pub fn prepare(&mut self, spec: Spec) {
        self.blank_after = blank_after(spec.sample_rate_hz);
        self.reset();
    }

    /// Starts the noise again.
    pub fn reset(&mut self) {
        self.noise = SEEDS.map(Noise);
        self.silent = [0; 2];
    }

    /// New word length, at once.
    pub fn set(&mut self, settings: Settings) {
        if settings != self.settings {
            self.settings = settings;
            self.silent = [0; 2];
        }
    }

    /// Dithers and quantises in place.
    pub fn process(&mut self, block: &mut [Frame]) {
        let Some(steps) = self.settings.depth.steps() else {
            block.iter_mut().for_each(|frame| *frame = sanitise(*frame));
            return;
        };
        // A power of two: multiplying is exact.
        let step = 1.0 / steps;
        for frame in block {
            *frame = sanitise(*frame);
            for ((x, noise), silent) in frame.iter_mut().zip(&mut self.noise).zip(&mut self.silent) {
                let noise = noise.tick();
                *silent = if *x == 0.0 { silent.saturating_add(1) } else { 0 };
                *x = if *silent > self.blank_after {
                    0.0
                } else {
                    (*x * steps + noise).round().clamp(-steps, steps - 1.0) * step
                };
            }
        }
    }
}

fn blank_after(sample_rate_hz: f64) -> usize {
    ms_to_frames(BLANK_AFTER_MS, sample_rate_hz).round() as usize
}

/// SplitMix64.
#[derive(Clone, Copy, Debug)]
struct Noise(u64);

impl Noise {
    /// The sum of two uniform values of ±1/2 each, from the two halves of one number.
    #[inline]
    fn tick(&mut self) -> f64 {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Choice;
    use plumb_signals::{both, level_db, rms_db, sine, tone_db};
    use proptest::prelude::*;

    const FS: f64 = 48_000.0;

    fn dithered(depth: Depth, frames: &[Frame]) -> Vec<Frame> {
        let mut dither = Dither::new(Settings { depth });
        let mut block = frames.to_vec();
        dither.process(&mut block);
        block
    }

    fn lane(frames: &[Frame], lane: usize) -> Vec<f64> {
        frames.iter().map(|frame| frame[lane]).collect()
    }

    #[test]
    fn the_error_is_half_a_step_whatever_the_signal() {
        for (depth, bits) in [(Depth::Bits16, 16), (Depth::Bits20, 20), (Depth::Bits24, 24)] {
            for level in [-6.0, -60.0, -100.0] {
                let x = both(&sine(997.0, level, 2.0, FS));
                let y = dithered(depth, &x);
                for at in 0..2 {
                    let error: Vec<f64> = (0..x.len()).map(|n| y[n][at] - x[n][at]).collect();
                    // A step squared / 12 of rounding and / 6 of noise: / 4 together. −96.33 dB at 16 bit.
                    let expected = level_db(0.5 / f64::from(1 << (bits - 1)));
                    // 96,000 values: 0.03 dB of chance.
                    assert!((rms_db(&error) - expected).abs() < 0.1, "{bits} bit, {level} dB: {}", rms_db(&error));
                }
            }
        }
    }

    #[test]
    fn the_noise_of_both_channels_is_white_and_independent() {
        let mut noise = SEEDS.map(Noise);
        let x: Vec<Frame> = (0..200_000).map(|_| [noise[0].tick(), noise[1].tick()]).collect();
        let mean = |f: &dyn Fn(usize) -> f64| (0..x.len() - 1).map(f).sum::<f64>() / (x.len() - 1) as f64;
        // Means of 200,000 values of variance 1/6 and 1/36: five sigma of chance.
        assert!(mean(&|n| x[n][0]).abs() < 0.005 && mean(&|n| x[n][1]).abs() < 0.005);
        assert!(mean(&|n| x[n][0] * x[n][1]).abs() < 0.002);
        assert!(mean(&|n| x[n][0] * x[n + 1][0]).abs() < 0.002);
        assert!((mean(&|n| x[n][0] * x[n][0]) - 1.0 / 6.0).abs() < 0.002);
        let largest = x.iter().flatten().fold(0.0, |peak: f64, x| peak.max(x.abs()));
        assert!((0.99..1.0).contains(&largest), "{largest}");
    }

    #[test]
    fn a_quiet_sine_keeps_its_level_and_gets_no_harmonics() {
        // −90 dBFS is 1.04 steps of 16 bit: cut without noise it would be a square-like wave.
        let y = lane(&dithered(Depth::Bits16, &both(&sine(1000.0, -90.0, 10.0, FS))), 0);
        assert!((tone_db(&y, 1000.0, FS) + 90.0).abs() < 0.3, "{}", tone_db(&y, 1000.0, FS));
        for harmonic in 2..20 {
            // Noise of −96.3 dB over 480,000 values leaves −149 dB in one bin (Blackman–Harris, 3 dB to a peak);
            // twelve more for chance. Undithered, the third alone is near −100 dB.
            let level = tone_db(&y, 1000.0 * f64::from(harmonic), FS);
            assert!(level < -137.0, "harmonic {harmonic}: {level} dB");
        }
    }

    #[test]
    fn output_is_on_the_grid_and_within_full_scale() {
        for (depth, bits) in [(Depth::Bits16, 16), (Depth::Bits20, 20), (Depth::Bits24, 24)] {
            let full = f64::from(1 << (bits - 1));
            let y = dithered(depth, &both(&sine(997.0, 1.0, 0.5, FS)));
            let steps: Vec<f64> = y.iter().flatten().map(|x| x * full).collect();
            assert!(steps.iter().all(|x| x.fract() == 0.0));
            assert_eq!(steps.iter().copied().fold(f64::MIN, f64::max), full - 1.0);
            assert_eq!(steps.iter().copied().fold(f64::MAX, f64::min), -full);
            // Every value is one of 32-bit float too.
            assert!(y.iter().flatten().all(|x| f64::from(*x as f32) == *x));
        }
    }

    #[test]
    fn off_is_bit_exact() {
        let x = both(&sine(997.0, 3.0, 0.1, FS));
        assert_eq!(dithered(Depth::Off, &x), x);
    }

    #[test]
    fn silence_is_dithered_for_half_a_second_then_left_alone() {
        for fs in [8000.0, FS, 192_000.0] {
            let mut dither = Dither::new(Settings { depth: Depth::Bits16 });
            dither.prepare(Spec { sample_rate_hz: fs, max_frames: 64, channels: 2 });
            let half = (fs / 2.0) as usize;
            // The right channel sounds all the time.
            let mut block = vec![[0.0, 0.25]; 2 * half];
            block[0][0] = 0.5;
            dither.process(&mut block);
            assert!(block[half - 100..=half].iter().any(|frame| frame[0] != 0.0), "{fs} Hz");
            assert!(block[half + 1..].iter().all(|frame| frame[0] == 0.0), "{fs} Hz");
            assert!(block[half + 1..].iter().any(|frame| frame[1] != 0.25), "{fs} Hz");
        }
    }

    #[test]
    fn blocks_and_reset_change_nothing() {
        let x = both(&sine(997.0, -20.0, 0.1, FS));
        let whole = dithered(Depth::Bits16, &x);
        let mut dither = Dither::new(Settings { depth: Depth::Bits16 });
        for len in [1, 7, 64, x.len()] {
            let mut y = x.clone();
            y.chunks_mut(len).for_each(|block| dither.process(block));
            assert_eq!(y, whole, "blocks of {len}");
            dither.reset();
        }
    }

    #[test]
    fn dithering_does_not_allocate() {
        let mut block = both(&sine(997.0, -20.0, 0.1, FS));
        let mut dither = Dither::new(Settings::default());
        assert_no_alloc::assert_no_alloc(|| {
            for depth in Depth::ALL {
                dither.set(Settings { depth: *depth });
                dither.process(&mut block);
            }
        });
    }

    proptest! {
        #[test]
        fn anything_in_gives_finite_out(
            mut frames in prop::collection::vec([prop::num::f64::ANY, prop::num::f64::ANY], 1..100), depth in 0..4_usize
        ) {
            let mut dither = Dither::new(Settings { depth: Depth::from_index(depth) });
            dither.process(&mut frames);
            prop_assert!(frames.iter().flatten().all(|x| x.is_finite()));
            if depth > 0 {
                prop_assert!(frames.iter().flatten().all(|x| (-1.0..1.0).contains(x)));
            }
        }
    }
}

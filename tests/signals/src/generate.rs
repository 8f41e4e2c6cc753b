//! Signals: deterministic, mono, 64-bit.

use std::f64::consts::{FRAC_PI_4, TAU};

/// Duration in frames.
fn frames(seconds: f64, sample_rate_hz: f64) -> usize {
    (seconds * sample_rate_hz).round() as usize
}

/// Amplitude of a level in dB re full scale.
fn amplitude(level_dbfs: f64) -> f64 {
    10_f64.powf(level_dbfs / 20.0)
}

/// Zeros.
#[must_use]
pub fn silence(seconds: f64, sample_rate_hz: f64) -> Vec<f64> {
    vec![0.0; frames(seconds, sample_rate_hz)]
}

/// A sine whose peak is at `level_dbfs`, starting at 45° so that even a quarter of the rate has its full RMS.
#[must_use]
pub fn sine(freq_hz: f64, level_dbfs: f64, seconds: f64, sample_rate_hz: f64) -> Vec<f64> {
    let a = amplitude(level_dbfs);
    (0..frames(seconds, sample_rate_hz))
        .map(|n| a * (TAU * (freq_hz * n as f64 / sample_rate_hz).fract() + FRAC_PI_4).sin())
        .collect()
}

/// A square wave without band limit; the level is that of its flat tops.
#[must_use]
pub fn square(freq_hz: f64, level_dbfs: f64, seconds: f64, sample_rate_hz: f64) -> Vec<f64> {
    sine(freq_hz, 0.0, seconds, sample_rate_hz).into_iter().map(|x| amplitude(level_dbfs) * x.signum()).collect()
}

/// A logarithmic sine sweep.
#[must_use]
pub fn sweep(from_hz: f64, to_hz: f64, level_dbfs: f64, seconds: f64, sample_rate_hz: f64) -> Vec<f64> {
    let (a, octaves) = (amplitude(level_dbfs), (to_hz / from_hz).ln());
    (0..frames(seconds, sample_rate_hz))
        .map(|n| {
            let t = n as f64 / sample_rate_hz;
            let cycles = from_hz * seconds / octaves * ((t / seconds * octaves).exp() - 1.0);
            a * (TAU * cycles.fract()).sin()
        })
        .collect()
}

/// The same signal left and right.
#[must_use]
pub fn both(mono: &[f64]) -> Vec<[f64; 2]> {
    mono.iter().map(|&x| [x, x]).collect()
}

/// White noise, uniform in ±1 (−4.77 dBFS RMS), the same for the same seed.
#[derive(Clone, Debug)]
pub struct Noise(u64);

impl Noise {
    /// A source with a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(1))
    }

    /// The next value. (SplitMix64: Steele, Lea & Flood, "Fast splittable pseudorandom number generators", 2014.)
    pub fn tick(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^= z >> 31;
        (z >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
    }

    /// Frames with independent noise left and right, peak at `level_dbfs`.
    #[must_use]
    pub fn stereo(&mut self, level_dbfs: f64, count: usize) -> Vec<[f64; 2]> {
        let a = amplitude(level_dbfs);
        (0..count).map(|_| [a * self.tick(), a * self.tick()]).collect()
    }
}

/// Noise bursts as bright as loud music: four poles at 5 kHz, at the level of white noise, a new burst every 30 ms.
#[must_use]
pub fn bright_bursts(count: usize, sample_rate_hz: f64) -> Vec<f64> {
    let mut noise = Noise::new(11);
    let keep = (-TAU * 5000.0 / sample_rate_hz).exp();
    let (mut poles, mut level) = ([0.0; 4], 0.0);
    (0..count)
        .map(|n| {
            if n % (0.03 * sample_rate_hz) as usize == 0 {
                level = 1.0 + noise.tick();
            }
            // Restores the level of white noise.
            let x = noise.tick() * level / (1.0 - keep).sqrt();
            poles.iter_mut().fold(x, |x, y| {
                *y += (1.0 - keep) * (x - *y);
                *y
            })
        })
        .collect()
}

/// A sine at a quarter of the rate with inter-sample peaks 3 dB above its samples, on and off every 35 ms.
#[must_use]
pub fn quarter_rate_bursts(count: usize, sample_rate_hz: f64) -> Vec<f64> {
    let is_on = |n: usize| n % (0.07 * sample_rate_hz) as usize > (0.035 * sample_rate_hz) as usize;
    (0..count).map(|n| (TAU / 4.0 * n as f64 + FRAC_PI_4).sin() * f64::from(is_on(n))).collect()
}

/// Single samples of full scale in quiet noise.
#[must_use]
pub fn clicks(count: usize) -> Vec<f64> {
    let mut noise = Noise::new(5);
    (0..count).map(|n| if n % 997 == 0 { 1.0 } else { 0.02 * noise.tick() }).collect()
}

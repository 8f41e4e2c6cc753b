//! Long-term average spectrum of mid and side.
//!
//! Windows are half waves of a sine, overlapping by half: their squares add up to 1 everywhere (J. P. Princen and
//! A. B. Bradley, "Analysis/synthesis filter bank design based on time domain aliasing cancellation", 1986), so by
//! Parseval's theorem the power of all bins together is exactly that of the signal.

use super::fft::WindowedFft;
use crate::frame::{sanitise, to_mid_side};
use crate::spec::UNPREPARED_RATE_HZ;
use crate::{Frame, Spec};
use core::f64::consts::PI;

/// Shortest window, in seconds: bins of 2 to 4 Hz, eight or more of them in the octave around 31.5 Hz.
const MIN_WINDOW_S: f64 = 0.25;

/// Averages the spectrum of a programme of any length in bounded memory.
#[derive(Clone)]
pub struct SpectrumAverager {
    sample_rate_hz: f64,
    fft: WindowedFft,
    /// A window's length of mid and side, oldest first; the newer half is being filled.
    recent: [Vec<f64>; 2],
    filled: usize,
    frames: u64,
    /// Energy of each bin.
    energy: [Vec<f64>; 2],
}

impl Default for SpectrumAverager {
    /// A meter for 48 kHz until it is prepared.
    fn default() -> Self {
        Self::at_rate(UNPREPARED_RATE_HZ)
    }
}

impl SpectrumAverager {
    fn at_rate(sample_rate_hz: f64) -> Self {
        let len = ((MIN_WINDOW_S * sample_rate_hz).ceil() as usize).next_power_of_two().max(2);
        let window = (0..len).map(|n| (PI * (n as f64 + 0.5) / len as f64).sin()).collect();
        Self {
            sample_rate_hz,
            fft: WindowedFft::new(window),
            recent: [vec![0.0; len], vec![0.0; len]],
            filled: 0,
            frames: 0,
            energy: [vec![0.0; len / 2 + 1], vec![0.0; len / 2 + 1]],
        }
    }

    /// Adopts the rate and starts anew. Allocates.
    pub fn prepare(&mut self, spec: Spec) {
        *self = Self::at_rate(spec.sample_rate_hz);
    }

    /// Reads a block.
    pub fn process(&mut self, block: &[Frame]) {
        let half = self.fft.len() / 2;
        for frame in block {
            let [mid, side] = to_mid_side(sanitise(*frame));
            self.recent[0][half + self.filled] = mid;
            self.recent[1][half + self.filled] = side;
            self.filled += 1;
            if self.filled == half {
                self.analyse();
            }
        }
        self.frames += block.len() as u64;
    }

    /// Adds one window to the averages and makes room for the next half.
    fn analyse(&mut self) {
        let len = self.fft.len();
        for (recent, energy) in self.recent.iter_mut().zip(&mut self.energy) {
            let last = energy.len() - 1;
            for (k, (energy, bin)) in energy.iter_mut().zip(self.fft.bins(recent.iter().copied())).enumerate() {
                // A bin stands for its negative frequency too; zero and Nyquist have none.
                let sides = if k == 0 || k == last { 1.0 } else { 2.0 };
                *energy += sides * bin.norm_sqr() / len as f64;
            }
            recent.copy_within(len / 2.., 0);
        }
        self.filled = 0;
    }

    /// The average since `prepare`, as if this were the end. Not for the audio thread: copies the meter.
    #[must_use]
    pub fn average(&self) -> AverageSpectrum {
        let mut whole = self.clone();
        let half = whole.fft.len() / 2;
        // Until both halves of a window have passed over the last frame.
        for _ in whole.filled..2 * half {
            whole.process(&[[0.0; 2]]);
        }
        let frames = self.frames.max(1) as f64;
        let power = whole.energy.map(|energy| energy.into_iter().map(|energy| energy / frames).collect());
        AverageSpectrum { bin_hz: self.sample_rate_hz / (2 * half) as f64, power }
    }
}

/// Mean power by frequency.
#[derive(Clone, Debug, PartialEq)]
pub struct AverageSpectrum {
    /// Width of a bin.
    bin_hz: f64,
    /// Of mid and of side.
    power: [Vec<f64>; 2],
}

impl AverageSpectrum {
    /// Highest frequency.
    #[must_use]
    pub fn nyquist_hz(&self) -> f64 {
        self.bin_hz * (self.power[0].len() - 1) as f64
    }

    /// Mean power of mid and of side between two frequencies. (A mono signal of power 1 has mid 1, side 0; the powers
    /// of left and right add up to twice those of mid and side.)
    #[must_use]
    pub fn power_between(&self, low_hz: f64, high_hz: f64) -> [f64; 2] {
        // Bins extend halfway to their neighbours, of which the outermost have one.
        let top = (self.power[0].len() - 1) as f64;
        let [low, high] = [low_hz, high_hz].map(|hz| (hz / self.bin_hz).clamp(0.0, top));
        if high <= low {
            return [0.0; 2];
        }
        let mut sum = [0.0; 2];
        for k in low.round() as usize..=high.round() as usize {
            let centre = k as f64;
            let (begin, end) = ((centre - 0.5).max(0.0), (centre + 0.5).min(top));
            let share = (end.min(high) - begin.max(low)).max(0.0) / (end - begin);
            sum = [sum[0] + share * self.power[0][k], sum[1] + share * self.power[1][k]];
        }
        sum
    }

    /// Mean power of mid and of side at all frequencies.
    #[must_use]
    pub fn power(&self) -> [f64; 2] {
        [0, 1].map(|lane| self.power[lane].iter().sum())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::power_to_db;
    use plumb_signals::{Noise, both, sine};

    fn average(rate_hz: f64, frames: &[Frame], cut: usize) -> AverageSpectrum {
        let mut spectrum = SpectrumAverager::default();
        spectrum.prepare(Spec { sample_rate_hz: rate_hz, max_frames: cut, channels: 2 });
        frames.chunks(cut).for_each(|block| spectrum.process(block));
        spectrum.average()
    }

    #[test]
    fn all_bins_together_hold_the_power_of_the_signal() {
        for rate_hz in [8_000.0, 44_100.0, 48_000.0, 192_000.0, 768_000.0] {
            for frames in [1, 1000, 100_003] {
                let frames = Noise::new(3).stereo(-6.0, frames);
                let sum = |of: fn([f64; 2]) -> f64| frames.iter().map(|f| of(*f)).sum::<f64>() / frames.len() as f64;
                let expected = [sum(|[l, r]| ((l + r) / 2.0).powi(2)), sum(|[l, r]| ((l - r) / 2.0).powi(2))];
                let average = average(rate_hz, &frames, 4096);
                for (power, expected) in average.power().into_iter().zip(expected) {
                    // Rounding of as many sums as there are bins.
                    assert!((power / expected - 1.0).abs() < 1e-9, "{power} {expected}");
                }
                let nyquist_hz = average.nyquist_hz();
                assert_eq!(nyquist_hz, rate_hz / 2.0);
                let cut_hz = nyquist_hz * 0.123;
                for lane in 0..2 {
                    let parts =
                        average.power_between(0.0, cut_hz)[lane] + average.power_between(cut_hz, nyquist_hz)[lane];
                    assert!((parts / average.power()[lane] - 1.0).abs() < 1e-9);
                }
            }
        }
    }

    #[test]
    fn a_tone_is_in_its_band_alone() {
        for rate_hz in [44_100.0, 96_000.0] {
            let tone = sine(1000.0, -10.0, 4.0, rate_hz);
            let frames: Vec<Frame> = tone.iter().map(|x| [*x, -0.5 * x]).collect();
            let average = average(rate_hz, &frames, 4096);
            let [mid, side] = average.power_between(900.0, 1100.0).map(power_to_db);
            // A sine is 3.01 dB below its peak; mid a quarter, side three quarters of it.
            assert!((mid - (-13.01 - 12.04)).abs() < 0.02, "{mid}");
            assert!((side - (-13.01 - 2.50)).abs() < 0.02, "{side}");
            let [_, below] = average.power_between(20.0, 500.0).map(power_to_db);
            let [_, above] = average.power_between(2000.0, 20_000.0).map(power_to_db);
            println!("{rate_hz} Hz: {side:.2} dB in its band, {below:.1} below, {above:.1} above");
            // The abrupt ends of the tone are clicks: −47 dB of it here. The window's side lobes are far below.
            assert!(below < side - 40.0 && above < side - 40.0);
        }
    }

    #[test]
    fn block_size_changes_nothing_and_prepare_starts_anew() {
        let frames = Noise::new(4).stereo(-6.0, 40_000);
        let whole = average(44_100.0, &frames, 40_000);
        for cut in [1, 7, 64] {
            assert_eq!(average(44_100.0, &frames, cut), whole);
        }
        let mut spectrum = SpectrumAverager::default();
        spectrum.prepare(Spec { sample_rate_hz: 44_100.0, max_frames: 64, channels: 2 });
        spectrum.process(&both(&[1.0, f64::NAN, f64::INFINITY]));
        spectrum.prepare(Spec { sample_rate_hz: 44_100.0, max_frames: 64, channels: 2 });
        spectrum.process(&frames);
        assert_eq!(spectrum.average(), whole);
    }

    #[test]
    fn nothing_is_allocated_while_running() {
        let frames = Noise::new(4).stereo(-6.0, 40_000);
        let mut spectrum = SpectrumAverager::default();
        plumb_signals::assert_no_alloc(|| spectrum.process(&frames));
    }
}

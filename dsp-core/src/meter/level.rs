//! Sample peak with a fall that the eye can follow, and RMS over 300 ms, per channel.
//!
//! After k frames the peak p is max(p·fᵏ, x₀·fᵏ⁻¹, …, xₖ₋₁), and the mean square m is m·gᵏ + (1 − g)·Σ xⱼ²·gᵏ⁻¹⁻ʲ. Frames
//! are taken in groups, as one by one each would wait for the result of the last. Groups are counted from `reset` and an
//! incomplete one is kept, so that block size changes nothing.

use crate::frame::sanitise;
use crate::spec::UNPREPARED_RATE_HZ;
use crate::units::{FLOOR_DB, db_to_gain, gain_to_db, one_pole_keep, power_to_db};
use crate::{Frame, Spec};

/// Fall of the peak, in dB per second: slow enough to be read, fast enough to tell one drum hit from the next.
const FALL_DB_PER_S: f64 = 20.0;
/// Time in which RMS covers 63 % of a step of power: about that of a VU meter.
const RMS_MS: f64 = 300.0;
/// Frames in a group.
const GROUP: usize = 8;

/// A meter of sample peak and RMS. Below [`FLOOR_DB`] both read −∞.
#[derive(Clone, Debug)]
pub struct LevelMeter {
    /// Powers of the factor by which the peak falls in a frame, and of the RMS's one-pole coefficient, lowest first.
    fall: [f64; GROUP + 1],
    keep: [f64; GROUP + 1],
    /// Gain below which levels become zero, so that no denormals remain.
    floor: f64,
    /// After the last whole group.
    peak: Frame,
    mean_square: Frame,
    /// Magnitudes of the frames since.
    pending: [Frame; GROUP],
    count: usize,
    /// Sums of squares of the whole groups since the last interval was taken, and what that took of the pending frames.
    energy: Frame,
    taken: Frame,
    /// Largest magnitudes since `reset`, and since the last interval was taken.
    max_peak: Frame,
    interval_peak: Frame,
}

/// Peak and energy since they were last taken.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Interval {
    /// Largest magnitudes.
    pub(super) peak: Frame,
    /// Sums of squares.
    pub(super) energy: Frame,
}

impl Default for LevelMeter {
    /// A meter for 48 kHz until it is prepared.
    fn default() -> Self {
        Self::at_rate(UNPREPARED_RATE_HZ)
    }
}

impl LevelMeter {
    fn at_rate(sample_rate_hz: f64) -> Self {
        let powers = |factor: f64| core::array::from_fn(|power| factor.powi(power as i32));
        Self {
            fall: powers(db_to_gain(-FALL_DB_PER_S / sample_rate_hz)),
            keep: powers(one_pole_keep(RMS_MS, sample_rate_hz)),
            floor: db_to_gain(FLOOR_DB),
            peak: [0.0; 2],
            mean_square: [0.0; 2],
            pending: [[0.0; 2]; GROUP],
            count: 0,
            energy: [0.0; 2],
            taken: [0.0; 2],
            max_peak: [0.0; 2],
            interval_peak: [0.0; 2],
        }
    }

    /// Adopts the rate, then resets.
    pub fn prepare(&mut self, spec: Spec) {
        *self = Self::at_rate(spec.sample_rate_hz);
    }

    /// Forgets the past.
    pub fn reset(&mut self) {
        (self.peak, self.mean_square, self.count) = ([0.0; 2], [0.0; 2], 0);
        (self.energy, self.taken) = ([0.0; 2], [0.0; 2]);
        (self.max_peak, self.interval_peak) = ([0.0; 2], [0.0; 2]);
    }

    /// Reads a block.
    pub fn process(&mut self, block: &[Frame]) {
        let mut largest = [0.0; 2];
        let (first, rest) = block.split_at(block.len().min((GROUP - self.count) % GROUP));
        self.collect(first, &mut largest);
        let (groups, last) = rest.as_chunks::<GROUP>();
        for group in groups {
            for (magnitude, frame) in self.pending.iter_mut().zip(group) {
                *magnitude = sanitise(*frame).map(f64::abs);
            }
            self.close(&mut largest);
        }
        self.collect(last, &mut largest);
        for max in [&mut self.max_peak, &mut self.interval_peak] {
            *max = core::array::from_fn(|lane| max[lane].max(largest[lane]));
        }
    }

    /// Takes up to the rest of a group.
    fn collect(&mut self, frames: &[Frame], largest: &mut Frame) {
        for frame in frames {
            let magnitude = sanitise(*frame).map(f64::abs);
            for lane in 0..2 {
                largest[lane] = f64::max(largest[lane], magnitude[lane]);
            }
            self.pending[self.count] = magnitude;
            self.count += 1;
        }
        if self.count == GROUP {
            self.close(largest);
        }
    }

    /// Adds a whole group to the levels.
    fn close(&mut self, largest: &mut Frame) {
        for magnitude in &self.pending {
            for lane in 0..2 {
                largest[lane] = f64::max(largest[lane], magnitude[lane]);
            }
        }
        (self.peak, self.mean_square) = self.after(&self.pending);
        let energy = energy(&self.pending);
        self.energy = [0, 1].map(|lane| self.energy[lane] + energy[lane]);
        self.count = 0;
    }

    /// Peak and mean square after further frames.
    #[inline]
    fn after(&self, magnitudes: &[Frame]) -> (Frame, Frame) {
        let count = magnitudes.len();
        let mut peak = self.peak.map(|peak| peak * self.fall[count]);
        let mut power = [0.0; 2];
        let weights = self.fall[..count].iter().zip(&self.keep[..count]).rev();
        for (magnitude, (fall, keep)) in magnitudes.iter().zip(weights) {
            for lane in 0..2 {
                peak[lane] = f64::max(peak[lane], magnitude[lane] * fall);
                power[lane] += magnitude[lane] * magnitude[lane] * keep;
            }
        }
        let mean = [0, 1].map(|lane| self.mean_square[lane] * self.keep[count] + (1.0 - self.keep[1]) * power[lane]);
        let floored = |x: f64, floor: f64| if x < floor { 0.0 } else { x };
        (peak.map(|peak| floored(peak, self.floor)), mean.map(|mean| floored(mean, self.floor * self.floor)))
    }

    /// Peak and energy since the last call, or since `reset`.
    pub(super) fn take_interval(&mut self) -> Interval {
        let pending = energy(&self.pending[..self.count]);
        let energy = [0, 1].map(|lane| self.energy[lane] + pending[lane] - self.taken[lane]);
        (self.energy, self.taken) = ([0.0; 2], pending);
        Interval { peak: core::mem::take(&mut self.interval_peak), energy }
    }

    fn levels(&self) -> (Frame, Frame) {
        self.after(&self.pending[..self.count])
    }

    /// Peak in dBFS, left and right, falling 20 dB per second; −∞ for silence.
    #[must_use]
    pub fn peak_dbfs(&self) -> [f64; 2] {
        self.levels().0.map(gain_to_db)
    }

    /// RMS in dBFS (a full-scale sine reads −3.01), left and right; −∞ for silence.
    #[must_use]
    pub fn rms_dbfs(&self) -> [f64; 2] {
        self.levels().1.map(power_to_db)
    }

    /// Largest sample magnitude since `reset`, in dBFS; −∞ for silence.
    #[must_use]
    pub fn max_peak_dbfs(&self) -> f64 {
        gain_to_db(self.max_peak[0].max(self.max_peak[1]))
    }
}

fn energy(magnitudes: &[Frame]) -> Frame {
    magnitudes.iter().fold([0.0; 2], |sum, x| [0, 1].map(|lane| sum[lane] + x[lane] * x[lane]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use plumb_signals::{Noise, both, sine};
    use proptest::prelude::*;

    const RATES: [f64; 6] = [8_000.0, 44_100.0, 48_000.0, 96_000.0, 192_000.0, 768_000.0];

    fn prepared(sample_rate_hz: f64) -> LevelMeter {
        let mut level = LevelMeter::default();
        level.prepare(Spec::new(sample_rate_hz, 4096, 2).unwrap());
        level
    }

    fn shown(level: &LevelMeter) -> [u64; 5] {
        let ([a, b], [c, d]) = (level.peak_dbfs(), level.rms_dbfs());
        [a, b, c, d, level.max_peak_dbfs()].map(f64::to_bits)
    }

    #[test]
    fn groups_equal_frame_by_frame_computation() {
        let mut level = prepared(48_000.0);
        let (fall, keep) = (level.fall[1], level.keep[1]);
        let (mut peak, mut mean) = (0.0_f64, 0.0);
        for (n, frame) in Noise::new(3).stereo(0.0, 1000).into_iter().enumerate() {
            let x = frame[1].abs();
            peak = f64::max(peak * fall, x);
            mean = x * x + keep * (mean - x * x);
            level.process(&[frame]);
            let (peaks, means) = level.levels();
            // Rounding of a thousand steps.
            assert!((peaks[1] - peak).abs() < 1e-13 && (means[1] - mean).abs() < 1e-13, "frame {n}");
        }
    }

    #[test]
    fn an_interval_holds_what_came_since_the_last() {
        let mut level = prepared(48_000.0);
        for frames in [3, 8, 1, 5, 16, 0, 7] {
            level.process(&vec![[2.0, -1.0]; frames]);
            let peak = if frames == 0 { [0.0; 2] } else { [2.0, 1.0] };
            let expected = Interval { peak, energy: [4.0 * frames as f64, frames as f64] };
            assert_eq!(level.take_interval(), expected, "{frames} frames");
        }
    }

    #[test]
    fn peak_falls_20_db_in_a_second_and_the_maximum_is_held() {
        for rate in RATES {
            let mut level = prepared(rate);
            level.process(&[[0.5, -1.0]]);
            let [l, r] = level.peak_dbfs();
            assert!((l + 6.0206).abs() < 1e-4 && r == 0.0);
            level.process(&vec![[0.0; 2]; rate as usize]);
            let [l, r] = level.peak_dbfs();
            // 1e-6: 768,000 roundings.
            assert!((l + 26.020_599_913).abs() < 1e-6 && (r + 20.0).abs() < 1e-6, "{rate} Hz: {l} {r}");
            assert_eq!(level.max_peak_dbfs(), 0.0);
        }
    }

    #[test]
    fn a_full_scale_sine_reads_minus_3() {
        for rate in RATES {
            let mut level = prepared(rate);
            level.process(&both(&sine(997.0, 0.0, 4.0, rate)));
            // 0.02: what is left after 13 time constants is nothing; the sine's own ripple at twice its frequency.
            assert!((level.rms_dbfs()[0] + 3.0103).abs() < 0.02, "{rate} Hz: {:?}", level.rms_dbfs());
        }
    }

    #[test]
    fn rms_covers_63_percent_of_a_step_of_power_in_300_ms() {
        for rate in RATES {
            let mut level = prepared(rate);
            level.process(&vec![[1.0, 0.0]; (0.3 * rate) as usize]);
            let [l, r] = level.rms_dbfs();
            assert!((l - power_to_db(0.632_120_558_8)).abs() < 1e-8, "{rate} Hz: {l}");
            assert_eq!(r, f64::NEG_INFINITY);
        }
    }

    #[test]
    fn levels_decay_to_silence() {
        let mut level = prepared(8_000.0);
        level.process(&[[0.0; 2]; 100]);
        assert_eq!(shown(&level), [f64::NEG_INFINITY.to_bits(); 5]);
        level.process(&[[1.0; 2]]);
        // 200 dB at 20 dB a second, and at the 14.5 dB a second of the RMS.
        level.process(&vec![[0.0; 2]; 8_000 * 15]);
        assert_eq!(level.peak_dbfs(), [f64::NEG_INFINITY; 2]);
        assert_eq!(level.rms_dbfs(), [f64::NEG_INFINITY; 2]);
        assert_eq!(level.max_peak_dbfs(), 0.0);
    }

    #[test]
    fn block_size_changes_nothing_and_reset_equals_new() {
        let input = Noise::new(1).stereo(-3.0, 5000);
        let mut whole = prepared(44_100.0);
        whole.process(&input);
        for len in [1, 7, 64] {
            let mut parts = prepared(44_100.0);
            parts.process(&[[9.0, f64::NAN]; 50]);
            parts.reset();
            input.chunks(len).for_each(|block| parts.process(block));
            assert_eq!(shown(&parts), shown(&whole), "blocks of {len}");
        }
    }

    #[test]
    fn nothing_is_allocated() {
        let (mut level, input) = (prepared(48_000.0), Noise::new(2).stereo(0.0, 4096));
        plumb_signals::assert_no_alloc(|| {
            level.process(&input);
            core::hint::black_box((level.peak_dbfs(), level.rms_dbfs(), level.max_peak_dbfs()));
            level.reset();
        });
    }

    proptest! {
        #[test]
        fn any_input_reads_a_number_and_is_forgotten(
            hostile in prop::collection::vec(prop::array::uniform2(proptest::num::f64::ANY), 1..200),
        ) {
            let mut level = prepared(8_000.0);
            level.process(&hostile);
            let all = [level.peak_dbfs(), level.rms_dbfs(), [level.max_peak_dbfs(); 2]].concat();
            // 100.1 dBFS: the most that passes the sanitiser.
            prop_assert!(all.iter().all(|db| *db < 100.1), "{all:?}");
            // From +100 to 17 dB below −20 dBFS, where 0.1 dB is left: 137 dB at 14.5 dB a second.
            level.process(&vec![[0.1; 2]; 8_000 * 10]);
            for db in [level.peak_dbfs(), level.rms_dbfs()].concat() {
                prop_assert!((db + 20.0).abs() < 0.1, "{db}");
            }
        }
    }
}

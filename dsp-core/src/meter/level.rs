//! Sample peak and RMS per channel.

use super::ballistics::Ballistics;
use crate::units::{FLOOR_DB, db_to_gain, gain_to_db, one_pole_keep, power_to_db};
use crate::{Frame, Spec};

/// Fall of the peak, in dB per second: slow enough to be read, fast enough to tell one drum hit from the next.
const FALL_DB_PER_S: f64 = 20.0;
/// Time in which RMS covers 63 % of a step of power: about what a VU meter takes.
const RMS_MS: f64 = 300.0;
/// Rate of a meter that nobody prepared.
const UNPREPARED_HZ: f64 = 48_000.0;

/// Peak with a fall that the eye can follow, and RMS over 300 ms. Below [`FLOOR_DB`] both read −∞.
#[derive(Clone, Debug)]
pub struct LevelMeter {
    ballistics: Ballistics,
    max_peak: Frame,
    /// Largest magnitudes since the last window was taken.
    window_peak: Frame,
}

/// What has come since it was last taken.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Window {
    /// Largest magnitudes.
    pub(super) peak: Frame,
    /// Sums of squares.
    pub(super) energy: Frame,
}

impl Default for LevelMeter {
    fn default() -> Self {
        Self::new()
    }
}

impl LevelMeter {
    /// A meter at rest.
    #[must_use]
    pub fn new() -> Self {
        Self { ballistics: ballistics(UNPREPARED_HZ), max_peak: [0.0; 2], window_peak: [0.0; 2] }
    }

    /// Learns the rate, then resets.
    pub fn prepare(&mut self, spec: Spec) {
        self.ballistics = ballistics(spec.sample_rate_hz);
        self.reset();
    }

    /// Forgets the past.
    pub fn reset(&mut self) {
        self.ballistics.reset();
        self.max_peak = [0.0; 2];
        self.window_peak = [0.0; 2];
    }

    /// Reads a block.
    pub fn process(&mut self, block: &[Frame]) {
        let largest = self.ballistics.process(block);
        for max in [&mut self.max_peak, &mut self.window_peak] {
            *max = core::array::from_fn(|lane| max[lane].max(largest[lane]));
        }
    }

    /// What has come since the last call, or since `reset`.
    pub(super) fn take_window(&mut self) -> Window {
        Window { peak: core::mem::take(&mut self.window_peak), energy: self.ballistics.take_energy() }
    }

    /// Peak in dBFS, left and right, falling 20 dB per second; −∞ for silence.
    #[must_use]
    pub fn peak_dbfs(&self) -> [f64; 2] {
        self.ballistics.levels().0.map(gain_to_db)
    }

    /// RMS in dBFS (a full-scale sine reads −3.01), left and right; −∞ for silence.
    #[must_use]
    pub fn rms_dbfs(&self) -> [f64; 2] {
        self.ballistics.levels().1.map(power_to_db)
    }

    /// Largest sample magnitude since `reset`, in dBFS; −∞ for silence.
    #[must_use]
    pub fn max_peak_dbfs(&self) -> f64 {
        gain_to_db(self.max_peak[0].max(self.max_peak[1]))
    }
}

fn ballistics(sample_rate_hz: f64) -> Ballistics {
    let fall = db_to_gain(-FALL_DB_PER_S / sample_rate_hz);
    Ballistics::new(fall, one_pole_keep(RMS_MS, sample_rate_hz), db_to_gain(FLOOR_DB))
}

#[cfg(test)]
mod tests {
    use super::*;
    use plumb_signals::{Noise, both, sine};
    use proptest::prelude::*;

    const RATES: [f64; 6] = [8_000.0, 44_100.0, 48_000.0, 96_000.0, 192_000.0, 768_000.0];

    fn prepared(sample_rate_hz: f64) -> LevelMeter {
        let mut level = LevelMeter::new();
        level.prepare(Spec::new(sample_rate_hz, 4096, 2).unwrap());
        level
    }

    fn shown(level: &LevelMeter) -> [u64; 5] {
        let ([a, b], [c, d]) = (level.peak_dbfs(), level.rms_dbfs());
        [a, b, c, d, level.max_peak_dbfs()].map(f64::to_bits)
    }

    #[test]
    fn peak_falls_20_db_in_a_second_and_max_stays() {
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
    fn silence_reads_as_none_and_comes_back_after_a_while() {
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
    fn does_not_depend_on_blocks_and_reset_equals_new() {
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
        assert_no_alloc::assert_no_alloc(|| {
            level.process(&input);
            core::hint::black_box((level.peak_dbfs(), level.rms_dbfs(), level.max_peak_dbfs()));
            level.reset();
        });
    }

    proptest! {
        #[test]
        fn whatever_comes_in_reads_as_a_number_and_is_let_go(
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

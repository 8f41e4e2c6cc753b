//! Sample peak and RMS per channel.

use crate::frame::sanitise;
use crate::units::{FLOOR_DB, db_to_gain, gain_to_db, one_pole_keep, power_to_db};
use crate::{Frame, Spec};

/// Fall of the peak, in dB per second: slow enough to be read, fast enough to tell one drum hit from the next.
const FALL_DB_PER_S: f64 = 20.0;
/// Time in which RMS covers 63 % of a step of power: about what a VU meter takes.
const RMS_MS: f64 = 300.0;
/// What is added to each size and power, far below [`FLOOR_DB`]: no denormal stays behind a sound that has ended.
const LEAST: f64 = 1e-60;
/// Rate of a meter that nobody prepared.
const UNPREPARED_HZ: f64 = 48_000.0;

/// Peak with a fall that the eye can follow, and RMS over 300 ms.
#[derive(Clone, Debug)]
pub struct Level {
    /// Factors of one frame: of the falling peak, and of the old mean square.
    fall: f64,
    keep: f64,
    /// What counts as silence: [`FLOOR_DB`] as gain. Below it both read −∞.
    floor: f64,
    peak: Frame,
    mean_square: Frame,
    /// Before what is in the window.
    max_peak: Frame,
    window: Window,
}

/// What has come since it was last taken.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Window {
    /// Largest magnitudes.
    pub(super) peak: Frame,
    /// Sums of squares.
    pub(super) energy: Frame,
}

impl Default for Level {
    fn default() -> Self {
        Self::new()
    }
}

impl Level {
    /// A meter at rest.
    #[must_use]
    pub fn new() -> Self {
        let mut level = Self {
            fall: 0.0,
            keep: 0.0,
            floor: db_to_gain(FLOOR_DB),
            peak: [0.0; 2],
            mean_square: [0.0; 2],
            max_peak: [0.0; 2],
            window: Window::default(),
        };
        level.learn(UNPREPARED_HZ);
        level
    }

    /// Learns the rate, then resets.
    pub fn prepare(&mut self, spec: Spec) {
        self.learn(spec.sample_rate_hz);
        self.reset();
    }

    fn learn(&mut self, sample_rate_hz: f64) {
        self.fall = db_to_gain(-FALL_DB_PER_S / sample_rate_hz);
        self.keep = one_pole_keep(RMS_MS, sample_rate_hz);
    }

    /// Forgets the past.
    pub fn reset(&mut self) {
        self.peak = [0.0; 2];
        self.mean_square = [0.0; 2];
        self.max_peak = [0.0; 2];
        self.window = Window::default();
    }

    /// Reads a block.
    pub fn process(&mut self, block: &[Frame]) {
        let (mut peak, mut mean_square, mut window) = (self.peak, self.mean_square, self.window);
        for frame in block {
            let x = sanitise(*frame);
            for lane in 0..2 {
                let size = x[lane].abs();
                let (fallen, risen) = (peak[lane] * self.fall, size + LEAST);
                peak[lane] = if fallen > risen { fallen } else { risen };
                window.peak[lane] = if size > window.peak[lane] { size } else { window.peak[lane] };
                let power = size * size;
                window.energy[lane] += power;
                // The new part first: each frame waits for the one before no longer than a product and a sum take.
                let new = (1.0 - self.keep) * power + LEAST;
                mean_square[lane] = self.keep * mean_square[lane] + new;
            }
        }
        (self.peak, self.mean_square, self.window) = (peak, mean_square, window);
    }

    /// What has come since the last call, or since `reset`.
    pub(super) fn take_window(&mut self) -> Window {
        self.max_peak = self.max_peaks();
        core::mem::take(&mut self.window)
    }

    fn max_peaks(&self) -> Frame {
        core::array::from_fn(|lane| self.max_peak[lane].max(self.window.peak[lane]))
    }

    /// Peak in dBFS, left and right, falling 20 dB per second; −∞ for silence.
    #[must_use]
    pub fn peak_dbfs(&self) -> [f64; 2] {
        self.peak.map(|peak| if peak < self.floor { f64::NEG_INFINITY } else { gain_to_db(peak) })
    }

    /// RMS in dBFS (a full-scale sine reads −3.01), left and right; −∞ for silence.
    #[must_use]
    pub fn rms_dbfs(&self) -> [f64; 2] {
        let floor_power = self.floor * self.floor;
        self.mean_square.map(|power| if power < floor_power { f64::NEG_INFINITY } else { power_to_db(power) })
    }

    /// Largest sample magnitude since `reset`, in dBFS; −∞ for silence.
    #[must_use]
    pub fn max_peak_dbfs(&self) -> f64 {
        let [left, right] = self.max_peaks();
        gain_to_db(left.max(right))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use plumb_signals::{Noise, both, sine};
    use proptest::prelude::*;

    const RATES: [f64; 6] = [8_000.0, 44_100.0, 48_000.0, 96_000.0, 192_000.0, 768_000.0];

    fn prepared(sample_rate_hz: f64) -> Level {
        let mut level = Level::new();
        level.prepare(Spec::new(sample_rate_hz, 4096, 2).unwrap());
        level
    }

    fn shown(level: &Level) -> [u64; 5] {
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

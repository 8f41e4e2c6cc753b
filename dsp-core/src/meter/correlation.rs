//! Phase correlation of left and right, −1 to +1: Σlr / √(Σl²·Σr²) over 400 ms, updated every 10 ms.

use super::hops::{HOPS_IN_400_MS, HOPS_PER_S, HopClock};
use crate::frame::sanitise;
use crate::spec::UNPREPARED_RATE_HZ;
use crate::units::{FLOOR_DB, power_to_db};
use crate::{Frame, Spec};

/// Level above which a window counts for [`CorrelationMeter::min`], in dBFS: below is the end of a fade, or noise.
const GATE_DBFS: f64 = -70.0;

/// Sums of products.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Sums {
    ll: f64,
    rr: f64,
    lr: f64,
}

impl Sums {
    fn add(&mut self, other: Self) {
        self.ll += other.ll;
        self.rr += other.rr;
        self.lr += other.lr;
    }

    /// 1 for silence, 0 if only one channel sounds.
    fn correlation(self, frames: f64) -> f64 {
        let sounds = |sum: f64| power_to_db(sum / frames) > FLOOR_DB;
        match (sounds(self.ll), sounds(self.rr)) {
            (false, false) => 1.0,
            // The root of a square is exact: mono reads 1 and reversed mono −1 to the last bit.
            (true, true) => (self.lr / (self.ll * self.rr).sqrt()).clamp(-1.0, 1.0),
            _ => 0.0,
        }
    }
}

/// A correlation meter.
#[derive(Clone, Debug)]
pub struct CorrelationMeter {
    mono: bool,
    clock: HopClock,
    /// Of the current hop.
    sums: Sums,
    ring: [Sums; HOPS_IN_400_MS],
    value: f64,
    min: f64,
    /// Sum and number of the values of the windows above the gate.
    sum: f64,
    count: u64,
}

impl Default for CorrelationMeter {
    /// A meter for stereo at 48 kHz until it is prepared.
    fn default() -> Self {
        Self {
            mono: false,
            clock: HopClock::new(UNPREPARED_RATE_HZ, HOPS_PER_S),
            sums: Sums::default(),
            ring: [Sums::default(); HOPS_IN_400_MS],
            value: 1.0,
            min: 1.0,
            sum: 0.0,
            count: 0,
        }
    }
}

impl CorrelationMeter {
    /// Adopts rate and channels, then resets.
    pub fn prepare(&mut self, spec: Spec) {
        let clock = HopClock::new(spec.sample_rate_hz, HOPS_PER_S);
        *self = Self { mono: spec.channels == 1, clock, ..Self::default() };
    }

    /// Forgets the past.
    pub fn reset(&mut self) {
        self.clock.reset();
        *self = Self { mono: self.mono, clock: self.clock.clone(), ..Self::default() };
    }

    /// Reads a block.
    pub fn process(&mut self, block: &[Frame]) {
        let mut rest = if self.mono { &[] } else { block };
        while let Some((now, completes)) = self.clock.take(&mut rest) {
            let mut sums = self.sums;
            for frame in now {
                let [l, r] = sanitise(*frame);
                sums.add(Sums { ll: l * l, rr: r * r, lr: l * r });
            }
            self.sums = sums;
            if completes {
                self.end_hop();
            }
        }
    }

    /// Adds the completed hop to the window.
    fn end_hop(&mut self) {
        let done = self.clock.done;
        let slot = (done - 1) % HOPS_IN_400_MS as u64;
        self.ring[slot as usize] = core::mem::take(&mut self.sums);
        let mut window = Sums::default();
        self.ring.iter().for_each(|sums| window.add(*sums));
        let frames = self.clock.frames_in_last(HOPS_IN_400_MS) as f64;
        self.value = window.correlation(frames);
        let level_dbfs = power_to_db((window.ll + window.rr) / (2.0 * frames));
        if done >= HOPS_IN_400_MS as u64 && level_dbfs > GATE_DBFS {
            self.min = self.min.min(self.value);
            self.sum += self.value;
            self.count += 1;
        }
    }

    /// Correlation of the last 400 ms; 1 for silence and for mono, 0 if only one channel sounds.
    #[must_use]
    pub fn value(&self) -> f64 {
        self.value
    }

    /// Smallest correlation of any 400 ms since `reset` above −70 dBFS; 1 if there are none.
    #[must_use]
    pub fn min(&self) -> f64 {
        self.min
    }

    /// Mean correlation of all 400 ms since `reset` above −70 dBFS; 1 if there are none.
    #[must_use]
    pub fn mean(&self) -> f64 {
        if self.count == 0 { 1.0 } else { self.sum / self.count as f64 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::f64::consts::TAU;
    use plumb_signals::{Noise, both, sine};
    use proptest::prelude::*;

    const RATES: [f64; 7] = [8_000.0, 11_025.0, 44_100.0, 48_000.0, 96_000.0, 192_000.0, 768_000.0];

    fn prepared(sample_rate_hz: f64) -> CorrelationMeter {
        let mut meter = CorrelationMeter::default();
        meter.prepare(Spec::new(sample_rate_hz, 4096, 2).unwrap());
        meter
    }

    fn sines(left_dbfs: f64, right_dbfs: f64, phase: f64, seconds: f64, rate: f64) -> Vec<Frame> {
        let amplitude = |db: f64| 10_f64.powf(db / 20.0);
        (0..(seconds * rate) as usize)
            .map(|n| TAU * 1000.0 * n as f64 / rate)
            .map(|w| [amplitude(left_dbfs) * w.sin(), amplitude(right_dbfs) * (w + phase).sin()])
            .collect()
    }

    #[test]
    fn is_the_cosine_of_the_phase_at_any_levels() {
        for rate in RATES {
            for eighths in 0..=8 {
                let phase = f64::from(eighths) * TAU / 16.0;
                let mut meter = prepared(rate);
                meter.process(&sines(-6.0, -40.0, phase, 0.5, rate));
                // 1e-3: at 11,025 Hz a window need not hold a whole number of periods.
                assert!((meter.value() - phase.cos()).abs() < 1e-3, "{rate} Hz, {phase}: {}", meter.value());
                assert!((meter.min() - phase.cos()).abs() < 1e-3, "{rate} Hz, {phase}: {}", meter.min());
                assert!((meter.mean() - phase.cos()).abs() < 1e-3, "{rate} Hz, {phase}: {}", meter.mean());
            }
        }
    }

    #[test]
    fn mono_is_exactly_1_and_reversed_mono_exactly_minus_1() {
        let noise = Noise::new(1).stereo(-20.0, 40_000);
        for (sign, expected) in [(1.0, 1.0), (-1.0, -1.0)] {
            let mut meter = prepared(48_000.0);
            meter.process(&noise.iter().map(|[x, _]| [*x, sign * x]).collect::<Vec<_>>());
            assert_eq!((meter.value(), meter.min()), (expected, expected));
        }
    }

    #[test]
    fn independent_noise_is_near_0_and_one_channel_alone_is_0() {
        let mut meter = prepared(48_000.0);
        let mut noise = Noise::new(2).stereo(0.0, 48_000);
        meter.process(&noise);
        // Of n = 19,200 independent frames: standard deviation 1/√n = 0.007; four of them.
        assert!(meter.value().abs() < 0.03, "{}", meter.value());
        noise.iter_mut().for_each(|frame| frame[1] = 0.0);
        meter.process(&noise);
        assert_eq!(meter.value(), 0.0);
    }

    #[test]
    fn silence_and_mono_are_1() {
        let mut meter = prepared(48_000.0);
        meter.process(&vec![[0.0; 2]; 48_000]);
        assert_eq!((meter.value(), meter.min()), (1.0, 1.0));
        meter.prepare(Spec::new(48_000.0, 64, 1).unwrap());
        meter.process(&sines(0.0, 0.0, 2.0, 1.0, 48_000.0));
        assert_eq!((meter.value(), meter.min()), (1.0, 1.0));
    }

    #[test]
    fn forgets_after_400_ms_but_holds_the_smallest() {
        for rate in RATES {
            let mut meter = prepared(rate);
            meter.process(&sines(-20.0, -20.0, TAU / 2.0, 1.0, rate));
            let mono = both(&sine(1000.0, -20.0, 1.0, rate));
            meter.process(&mono[..(0.39 * rate) as usize]);
            assert!(meter.value() < 1.0 - 1e-9, "{rate} Hz");
            meter.process(&mono[..(0.03 * rate) as usize]);
            assert_eq!(meter.value(), 1.0, "{rate} Hz");
            assert!((meter.min() + 1.0).abs() < 1e-12, "{rate} Hz: {}", meter.min());
        }
    }

    #[test]
    fn windows_below_70_dbfs_or_under_400_ms_do_not_count_as_smallest() {
        // RMS of a sine: 3.01 dB below its peak.
        for (peak_dbfs, seconds, expected) in [(-67.2, 2.0, 1.0), (-66.8, 2.0, -1.0), (0.0, 0.399, 1.0)] {
            let mut meter = prepared(48_000.0);
            meter.process(&sines(peak_dbfs, peak_dbfs, TAU / 2.0, seconds, 48_000.0));
            assert!((meter.min() - expected).abs() < 1e-12, "{peak_dbfs} dBFS: {}", meter.min());
            assert!((meter.value() + 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn block_size_changes_nothing_and_reset_equals_new() {
        for rate in [11_025.0, 44_100.0] {
            let input = Noise::new(3).stereo(-3.0, 30_000);
            let mut whole = prepared(rate);
            whole.process(&input);
            for len in [1, 7, 64, 4096] {
                let mut parts = prepared(rate);
                parts.process(&[[9.0, f64::NAN]; 5000]);
                parts.reset();
                input.chunks(len).for_each(|block| parts.process(block));
                assert_eq!((parts.value(), parts.min()), (whole.value(), whole.min()), "blocks of {len}");
            }
        }
    }

    #[test]
    fn nothing_is_allocated() {
        let (mut meter, input) = (prepared(48_000.0), Noise::new(4).stereo(0.0, 4096));
        plumb_signals::assert_no_alloc(|| {
            (0..10).for_each(|_| meter.process(&input));
            core::hint::black_box((meter.value(), meter.min()));
            meter.reset();
        });
    }

    proptest! {
        #[test]
        fn any_input_reads_within_bounds_and_is_forgotten(
            hostile in prop::collection::vec(prop::array::uniform2(proptest::num::f64::ANY), 1..200),
        ) {
            let mut meter = prepared(8_000.0);
            for _ in 0..30 {
                meter.process(&hostile);
                prop_assert!((-1.0..=1.0).contains(&meter.value()) && (-1.0..=1.0).contains(&meter.min()));
            }
            meter.process(&[[0.1; 2]; 3_280]);
            prop_assert_eq!(meter.value(), 1.0);
        }
    }
}

//! Mono below a corner, width and pan.
//!
//! Mono below takes the side off below its corner, in phase with the mid: 0 Hz is off and bit-exact.
//!
//! Width scales the side signal. Pan follows the sine law with 0 dB at the centre: the power of a mono source, left
//! and right together, is the same wherever it sits.

use crate::chain::stage::Stage;
use crate::frame::{from_mid_side, sanitise, sanitise_all, to_mid_side};
use crate::smooth::Smoothed;
use crate::spec::UNPREPARED_RATE_HZ;
use crate::units::pct_to_fraction;
use crate::{Frame, Range, Spec};
use core::f64::consts::{FRAC_PI_4, SQRT_2};

mod mono_below;

use mono_below::MonoBelow;

/// Below this the signal is mono; 0 is off, and what lies between 0 and [`LOWEST_MONO_BELOW_HZ`] is taken as that.
pub const MONO_BELOW_HZ: Range = Range::square(0.0, 0.0, 500.0, "Hz");
/// Lowest corner of mono below.
pub const LOWEST_MONO_BELOW_HZ: f64 = 20.0;
/// Gain of the side signal: 0 is mono, 100 leaves it alone, 200 doubles it.
pub const WIDTH_PCT: Range = Range::linear(0.0, 100.0, 200.0, "%");
/// Place between left (−100) and right (+100).
pub const PAN_PCT: Range = Range::linear(-100.0, 0.0, 100.0, "%");

/// Settings of width and pan.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Corner below which the signal is mono; 0 is off.
    pub mono_below_hz: f64,
    /// Gain of the side signal.
    pub width_pct: f64,
    /// Place between left and right.
    pub pan_pct: f64,
}

impl Default for Settings {
    fn default() -> Self {
        Self { mono_below_hz: MONO_BELOW_HZ.default, width_pct: WIDTH_PCT.default, pan_pct: PAN_PCT.default }
    }
}

impl Settings {
    fn clamped(self) -> Self {
        let corner_hz = MONO_BELOW_HZ.clamp(self.mono_below_hz);
        Self {
            mono_below_hz: if corner_hz > 0.0 { corner_hz.max(LOWEST_MONO_BELOW_HZ) } else { 0.0 },
            width_pct: WIDTH_PCT.clamp(self.width_pct),
            pan_pct: PAN_PCT.clamp(self.pan_pct),
        }
    }
}

/// Gains of left and right at a place from −1 to 1; their squares sum to 2.
///
/// Both are sines, so that each end is exactly silent on the other side; the centre is exactly 1, however a sine rounds.
fn pan_gains(pan: f64) -> Frame {
    if pan == 0.0 { [1.0; 2] } else { [1.0 - pan, 1.0 + pan].map(|part| SQRT_2 * (FRAC_PI_4 * part).sin()) }
}

/// One frame at a width (1 leaves it alone) and with the gains of a place.
#[inline]
fn place(frame: Frame, width: f64, gains: Frame) -> Frame {
    let [m, s] = to_mid_side(frame);
    let wide = from_mid_side([m, s * width]);
    // Chosen, not jumped to: on the way several frames are placed at once.
    [0, 1].map(|lane| if width == 1.0 { frame[lane] } else { wide[lane] } * gains[lane])
}

/// Running width and pan. For a mono signal (one channel) there is neither, and it passes as it is.
#[derive(Clone, Debug)]
pub struct Stereo {
    settings: Settings,
    mono: bool,
    mono_below: MonoBelow,
    width: Smoothed,
    pan: Smoothed,
    /// Of where the pan is now.
    gains: Frame,
}

impl Stereo {
    /// At rest on its settings.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        let settings = settings.clamped();
        let pan = pct_to_fraction(settings.pan_pct);
        Self {
            settings,
            mono: false,
            mono_below: MonoBelow::new(settings.mono_below_hz, UNPREPARED_RATE_HZ),
            width: Smoothed::new(pct_to_fraction(settings.width_pct)),
            pan: Smoothed::new(pan),
            gains: pan_gains(pan),
        }
    }

    fn is_settled(&self) -> bool {
        self.width.is_settled() && self.pan.is_settled()
    }

    fn frames_to_settle(&self) -> usize {
        self.width.frames_left().max(self.pan.frames_left())
    }

    /// Frames on the way to new targets.
    fn process_moving(&mut self, block: &mut [Frame]) {
        if self.pan.is_settled() {
            let gains = self.gains;
            self.width.along(block, |frame, width| *frame = place(sanitise(*frame), width, gains));
            return;
        }
        for frame in block {
            if !self.pan.is_settled() {
                self.gains = pan_gains(self.pan.tick());
            }
            *frame = place(sanitise(*frame), self.width.tick(), self.gains);
        }
    }

    fn process_settled(&self, block: &mut [Frame]) {
        let (width, gains) = (self.width.value(), self.gains);
        if self.mono || (width == 1.0 && gains == [1.0; 2]) {
            block.iter_mut().for_each(|frame| *frame = sanitise(*frame));
        } else {
            block.iter_mut().for_each(|frame| *frame = place(sanitise(*frame), width, gains));
        }
    }
}

impl Stage for Stereo {
    type Settings = Settings;

    /// Learns rate and channels, then resets.
    fn prepare(&mut self, spec: Spec) {
        self.mono = spec.channels == 1;
        self.mono_below.prepare(spec.sample_rate_hz);
        self.width.prepare(spec.sample_rate_hz);
        self.pan.prepare(spec.sample_rate_hz);
        self.reset();
    }

    /// Rests on its settings.
    fn reset(&mut self) {
        self.mono_below.reset();
        self.width.reset();
        self.pan.reset();
        self.gains = pan_gains(self.pan.value());
    }

    /// New targets.
    fn set(&mut self, settings: Settings) {
        let settings = settings.clamped();
        if settings != self.settings {
            self.settings = settings;
            self.mono_below.set(settings.mono_below_hz);
            self.width.set(pct_to_fraction(settings.width_pct));
            self.pan.set(pct_to_fraction(settings.pan_pct));
        }
    }

    /// Widens and pans in place.
    fn process(&mut self, block: &mut [Frame], _key: Option<&[Frame]>) {
        if !self.mono && !self.mono_below.is_off() {
            sanitise_all(block);
            self.mono_below.process(block);
        }
        let mut rest = block;
        if !self.mono && !self.is_settled() {
            let (moving, later) = rest.split_at_mut(rest.len().min(self.frames_to_settle()));
            self.process_moving(moving);
            rest = later;
        }
        self.process_settled(rest);
    }

    /// Whether it does nothing until something is set, and need not be given frames that are numbers.
    fn is_idle(&self) -> bool {
        self.mono
            || (self.mono_below.is_off() && self.is_settled() && self.width.value() == 1.0 && self.gains == [1.0; 2])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use plumb_signals::{Noise, both, sine};
    use proptest::prelude::*;

    const RATE_HZ: f64 = 48_000.0;
    /// Frames of a ramp at that rate: 20 ms.
    const RAMP: usize = 960;

    fn at(width_pct: f64, pan_pct: f64) -> Settings {
        Settings { width_pct, pan_pct, ..Settings::default() }
    }

    fn prepared(settings: Settings, sample_rate_hz: f64, channels: usize) -> Stereo {
        let mut stereo = Stereo::new(settings);
        stereo.prepare(Spec::new(sample_rate_hz, 4096, channels).unwrap());
        stereo
    }

    fn through(settings: Settings, input: &[Frame]) -> Vec<Frame> {
        let mut block = input.to_vec();
        prepared(settings, RATE_HZ, 2).process(&mut block, None);
        block
    }

    fn bits(frames: &[Frame]) -> Vec<[u64; 2]> {
        frames.iter().map(|frame| frame.map(f64::to_bits)).collect()
    }

    #[test]
    fn width_scales_the_side_and_leaves_the_middle() {
        let input = Noise::new(1).stereo(0.0, 500);
        for width_pct in [0.0, 30.0, 150.0, 200.0] {
            for (x, y) in input.iter().zip(through(at(width_pct, 0.0), &input)) {
                let ([m, s], [out_m, out_s]) = (to_mid_side(*x), to_mid_side(y));
                // 1e-15: a few roundings of numbers near 1.
                assert!((out_m - m).abs() < 1e-15 && (out_s - s * width_pct / 100.0).abs() < 1e-15, "{width_pct} %");
            }
        }
    }

    #[test]
    fn no_width_is_mono_exactly() {
        for [l, r] in through(at(0.0, 0.0), &Noise::new(2).stereo(0.0, 500)) {
            assert_eq!(l, r);
        }
    }

    #[test]
    fn pan_keeps_the_power_of_a_mono_source_at_rest_and_on_the_way() {
        for pan in -100..=100 {
            let [l, r] = through(at(100.0, f64::from(pan)), &[[1.0; 2]])[0];
            // 1e-14: rounding.
            assert!((l * l + r * r - 2.0).abs() < 1e-14, "{pan}: {l} {r}");
        }
        let mut stereo = prepared(at(100.0, -100.0), RATE_HZ, 2);
        stereo.set(at(100.0, 100.0));
        let mut block = vec![[1.0; 2]; RAMP];
        stereo.process(&mut block, None);
        for [l, r] in block {
            assert!((l * l + r * r - 2.0).abs() < 1e-14, "{l} {r}");
        }
    }

    #[test]
    fn hard_sides_are_silent_on_the_other_and_mirror_each_other() {
        let input = Noise::new(3).stereo(0.0, 500);
        let swapped: Vec<Frame> = input.iter().map(|[l, r]| [*r, *l]).collect();
        for pan_pct in [100.0, 70.0, 0.0, -20.0] {
            let (right, left) = (through(at(100.0, pan_pct), &input), through(at(100.0, -pan_pct), &swapped));
            for ([l, r], [mirrored_r, mirrored_l]) in right.iter().zip(left) {
                assert_eq!([*l, *r], [mirrored_l, mirrored_r]);
                assert!(pan_pct < 100.0 || *l == 0.0);
            }
        }
    }

    #[test]
    fn centre_and_full_width_are_bit_exact_even_after_a_move() {
        let mut input = Noise::new(4).stereo(0.0, 3000);
        input[5] = [-0.0, 5e-324];
        assert_eq!(bits(&through(Settings::default(), &input)), bits(&input));
        let mut stereo = prepared(at(37.0, 61.0), RATE_HZ, 2);
        stereo.set(Settings::default());
        let mut block = input.clone();
        stereo.process(&mut block, None);
        assert_ne!(bits(&block[RAMP - 2..RAMP - 1]), bits(&input[RAMP - 2..RAMP - 1]));
        assert_eq!(bits(&block[RAMP - 1..]), bits(&input[RAMP - 1..]));
    }

    #[test]
    fn equal_sides_stay_equal_under_width_also_while_it_moves() {
        let mut stereo = prepared(at(200.0, 0.0), RATE_HZ, 2);
        let input = both(&sine(997.0, 0.0, 0.1, RATE_HZ));
        let mut block = input.clone();
        stereo.set(at(13.0, 0.0));
        stereo.process(&mut block, None);
        assert_eq!(bits(&block), bits(&input));
    }

    #[test]
    fn moves_do_not_click() {
        let mut stereo = prepared(at(0.0, -100.0), RATE_HZ, 2);
        stereo.set(at(200.0, 100.0));
        let mut block = vec![[0.5, -0.5]; 2 * RAMP];
        let mut before = through(at(0.0, -100.0), &block[..1])[0];
        stereo.process(&mut block, None);
        for (n, now) in block.iter().enumerate() {
            for lane in 0..2 {
                // √2·(sine) moves by at most π/2 and the side by 2 in 960 frames, each times the other's largest value.
                let largest_step = SQRT_2 * (core::f64::consts::FRAC_PI_2 + 2.0) / RAMP as f64;
                assert!((now[lane] - before[lane]).abs() < largest_step, "frame {n}: {before:?} to {now:?}");
            }
            before = *now;
        }
        assert!((before[0]).abs() == 0.0 && (before[1] + SQRT_2).abs() < 1e-15);
    }

    #[test]
    fn output_does_not_depend_on_blocks() {
        for rate in [8_000.0, 44_100.0, 768_000.0] {
            let input = Noise::new(5).stereo(0.0, 4000);
            let run = |len: usize| {
                let mut stereo = prepared(Settings::default(), rate, 2);
                let mut out = input.clone();
                // Two moves, the second before the first has ended.
                let settings = [at(100.0, 0.0), at(0.0, 100.0), Settings { mono_below_hz: 200.0, ..at(180.0, -30.0) }];
                for (part, settings) in out.chunks_mut(100).zip(settings) {
                    stereo.set(settings);
                    part.chunks_mut(len).for_each(|block| stereo.process(block, None));
                }
                out[300..].chunks_mut(len).for_each(|block| stereo.process(block, None));
                bits(&out)
            };
            let whole = run(4096);
            for len in [1, 7, 64] {
                assert_eq!(run(len), whole, "{rate} Hz, blocks of {len}");
            }
        }
    }

    #[test]
    fn reset_equals_new() {
        let mut stereo = prepared(Settings::default(), RATE_HZ, 2);
        stereo.set(at(50.0, 25.0));
        stereo.process(&mut [[1.0, 0.5]; 10], None);
        stereo.reset();
        let mut block = Noise::new(6).stereo(0.0, 100);
        let expected = through(at(50.0, 25.0), &block);
        stereo.process(&mut block, None);
        assert_eq!(bits(&block), bits(&expected));
    }

    #[test]
    fn mono_below_off_is_bit_exact_and_on_takes_the_bass_off_the_side() {
        let input: Vec<Frame> = sine(40.0, -6.0, 2.0, RATE_HZ).iter().map(|x| [*x, -x]).collect();
        let below = |hz: f64| Settings { mono_below_hz: hz, ..Settings::default() };
        assert_eq!(bits(&through(below(0.0), &input)), bits(&input));
        let level = |hz: f64| {
            plumb_signals::rms_db(&through(below(hz), &input)[48_000..].iter().map(|f| f[0]).collect::<Vec<_>>())
        };
        // One and two octaves below a corner of 24 dB per octave; below 20 Hz the corner is 20 Hz, an octave above it.
        for (hz, expected_db) in [(0.0, 0.0), (5.0, -0.53), (20.0, -0.53), (80.0, -24.61), (160.0, -48.16)] {
            assert!((level(hz) - level(0.0) - expected_db).abs() < 0.05, "{hz} Hz: {} dB", level(hz) - level(0.0));
        }
        let mut stereo = prepared(below(120.0), RATE_HZ, 2);
        assert!(!stereo.is_idle());
        stereo.set(below(0.0));
        let mut block = input.clone();
        stereo.process(&mut block, None);
        assert!(stereo.is_idle());
        assert_eq!(bits(&block[RAMP..]), bits(&input[RAMP..]));
    }

    #[test]
    fn mono_passes_as_it_is() {
        let mut stereo = prepared(at(0.0, -100.0), RATE_HZ, 1);
        stereo.set(at(150.0, 100.0));
        let input = both(&sine(997.0, 0.0, 0.05, RATE_HZ));
        let mut block = input.clone();
        stereo.process(&mut block, None);
        assert_eq!(bits(&block), bits(&input));
    }

    #[test]
    fn settings_out_of_range_are_clamped() {
        let input = Noise::new(7).stereo(0.0, 100);
        assert_eq!(through(at(f64::NAN, f64::NAN), &input), input);
        assert_eq!(through(at(1e9, f64::INFINITY), &input), through(at(200.0, 100.0), &input));
    }

    #[test]
    fn nothing_is_allocated() {
        let mut stereo = prepared(Settings::default(), RATE_HZ, 2);
        let mut block = Noise::new(8).stereo(0.0, 4096);
        plumb_signals::assert_no_alloc(|| {
            for pan in -10..10 {
                let moved = at(f64::from(pan) * 5.0 + 50.0, f64::from(pan) * 10.0);
                stereo.set(Settings { mono_below_hz: f64::from(pan) * 40.0, ..moved });
                stereo.process(&mut block, None);
            }
            stereo.reset();
        });
    }

    proptest! {
        #[test]
        fn whatever_comes_in_is_finite_and_forgotten(
            settings in prop::array::uniform2(proptest::num::f64::ANY),
            mono_below_hz in proptest::num::f64::ANY,
            hostile in prop::collection::vec(prop::array::uniform2(proptest::num::f64::ANY), 1..200),
        ) {
            let mut stereo = prepared(Settings::default(), RATE_HZ, 2);
            let mut block = hostile.clone();
            stereo.process(&mut block, None);
            prop_assert!(block.iter().flatten().all(|x| x.is_finite()));
            stereo.set(Settings { mono_below_hz, ..at(settings[0], settings[1]) });
            let mut block = hostile;
            stereo.process(&mut block, None);
            prop_assert!(block.iter().flatten().all(|x| x.is_finite()));
            // The filters of mono below ring at 20 Hz: from +100 dBFS they are below 1e-12 within half a second.
            let (frames, tolerance) = if mono_below_hz > 0.0 { (48_000, 1e-9) } else { (RAMP + 1, 1e-14) };
            let mut after = vec![[0.5; 2]; frames];
            stereo.process(&mut after, None);
            let [left, right] = after[frames - 1];
            prop_assert!((left.powi(2) + right.powi(2) - 0.5).abs() < tolerance);
        }
    }
}

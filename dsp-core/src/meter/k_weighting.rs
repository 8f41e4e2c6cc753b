//! K-weighting: the filter through which loudness is measured, at any sample rate.
//!
//! Source: Recommendation ITU-R BS.1770-5 (11/2023), Annex 1, tables 1 and 2. They give the coefficients at 48 kHz
//! and ask for the same frequency response at other rates. Each biquad is transformed back to its analogue prototype,
//! exactly, by the bilinear transform, and from there to the other rate, prewarped at the corner of the filter: 1,682 Hz
//! for the shelf, 38 Hz for the high-pass.
//!
//! Above that frequency the transform warps the axis differently at each rate, which affects only the slope of the shelf:
//! the response is within 0.009 dB of that at 48 kHz everywhere up to 20 kHz from 44.1 kHz on; less at low rates, where
//! Nyquist falls into the slope (0.03 dB at 22.05 kHz, 0.3 dB at 8 kHz). The gain of the high-pass is kept too: its
//! numerator left at 1, −2, 1, as is often done, would read up to 0.04 dB low at high rates.

use crate::Frame;
use crate::filter::MAX_FREQ_NORM;
use crate::frame::{sanitise, sanitise_all};
use crate::simd::{F64x4, Isa, Kernel, Simd};
use crate::units::{FLOOR_DB, gain_to_db, power_to_db};
use core::f64::consts::{PI, TAU};

/// Rate of the standard's tables.
const TABLE_RATE_HZ: f64 = 48_000.0;
/// Table 1, the shelf that models the head: b0 b1 b2 and a0 a1 a2.
const SHELF: [[f64; 3]; 2] = [
    [1.535_124_859_586_97, -2.691_696_189_406_38, 1.198_392_810_852_85],
    [1.0, -1.690_659_293_182_41, 0.732_480_774_215_85],
];
/// Table 2, the high-pass.
const HIGH_PASS: [[f64; 3]; 2] = [[1.0, -2.0, 1.0], [1.0, -1.990_047_454_833_98, 0.990_072_250_366_21]];

/// Makes a 997 Hz sine at 0 dBFS in one channel read −3.01 LUFS: compensates the gain of the filter there.
const OFFSET_LU: f64 = -0.691;

/// Loudness in LUFS of a K-weighted power, summed over the channels; −∞ below [`FLOOR_DB`], which is the decay of a filter
/// and not a signal.
#[must_use]
pub fn power_to_lufs(power: f64) -> f64 {
    let lufs = power_to_db(power) + OFFSET_LU;
    if lufs < FLOOR_DB { f64::NEG_INFINITY } else { lufs }
}

/// One second-order section, a0 = 1.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Biquad {
    b: [f64; 3],
    a: [f64; 2],
}

/// Converts a polynomial in z⁻¹ to one in s = (1 − z⁻¹) / (1 + z⁻¹) and, except for a factor of 4, back.
fn bilinear([c0, c1, c2]: [f64; 3]) -> [f64; 3] {
    [c0 + c1 + c2, 2.0 * (c0 - c2), c0 - c1 + c2]
}

impl Biquad {
    /// The section of a table at another rate.
    fn design([b, a]: [[f64; 3]; 2], sample_rate_hz: f64) -> Self {
        let (num, den) = (bilinear(b), bilinear(a));
        // The undamped frequency ω of the denominator s² + (ω/Q)·s + ω², in the table's and in the new s.
        let omega = (den[0] / den[2]).sqrt();
        let freq_norm = omega.atan() / PI;
        let ratio = omega / (PI * (freq_norm * TABLE_RATE_HZ / sample_rate_hz).min(MAX_FREQ_NORM)).tan();
        let [b, a] = [num, den].map(|[c0, c1, c2]| bilinear([c0, c1 * ratio, c2 * ratio * ratio]));
        Self { b: b.map(|b| b / a[0]), a: [a[1] / a[0], a[2] / a[0]] }
    }

    fn gain_db_at(&self, freq_hz: f64, sample_rate_hz: f64) -> f64 {
        let w = TAU * freq_hz / sample_rate_hz;
        let size = |c: [f64; 3]| {
            (c[0] + c[1] * w.cos() + c[2] * (2.0 * w).cos()).hypot(c[1] * w.sin() + c[2] * (2.0 * w).sin())
        };
        gain_to_db(size(self.b) / size([1.0, self.a[0], self.a[1]]))
    }
}

/// The filter at one rate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Coeffs {
    shelf: Biquad,
    high_pass: Biquad,
}

impl Coeffs {
    /// The filter at a rate; at 48 kHz that of the tables.
    #[must_use]
    pub fn design(sample_rate_hz: f64) -> Self {
        Self { shelf: Biquad::design(SHELF, sample_rate_hz), high_pass: Biquad::design(HIGH_PASS, sample_rate_hz) }
    }

    /// Steady-state gain at a frequency, in dB.
    #[must_use]
    pub fn gain_db_at(&self, freq_hz: f64, sample_rate_hz: f64) -> f64 {
        self.shelf.gain_db_at(freq_hz, sample_rate_hz) + self.high_pass.gain_db_at(freq_hz, sample_rate_hz)
    }
}

/// The last two frames of the input and of the output of shelf and high-pass, the last first. In this form each frame
/// depends on the one before through a single product.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct State {
    input: [Frame; 2],
    shelf: [Frame; 2],
    high_pass: [Frame; 2],
}

/// Frames sanitised at once.
const PIECE: usize = 64;
/// Frames by which the high-pass is behind the shelf, so that the output of the shelf is ready when it is needed.
const LEAD: usize = 4;

/// Both filters, the shelf in the lower half of the lanes.
#[derive(Clone, Copy)]
struct Both<V> {
    b: [V; 3],
    /// Negated.
    a: [V; 2],
}

/// The last inputs and outputs of both, the last first.
#[derive(Clone, Copy)]
struct Past<V> {
    x: [V; 2],
    y: [V; 2],
}

impl<V: F64x4> Both<V> {
    /// Output of both for `x`; updates the past in the given halves.
    #[inline(always)]
    fn tick(&self, x: V, past: &mut Past<V>, halves: [bool; 2]) -> V {
        let input = self.b[0].mul_add(x, self.b[1].mul_add(past.x[0], self.b[2].mul(past.x[1])));
        let y = self.a[0].mul_add(past.y[0], self.a[1].mul_add(past.y[1], input));
        past.x = [x.or(past.x[0], halves), past.x[0].or(past.x[1], halves)];
        past.y = [y.or(past.y[0], halves), past.y[0].or(past.y[1], halves)];
        y
    }
}

/// [`State::add_squares_skewed`].
struct AddSquares<'a>(&'a mut State, &'a Coeffs, &'a [Frame], &'a mut Frame);

impl Kernel for AddSquares<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self) {
        self.0.add_squares_skewed::<S::F64>(self.1, self.2, self.3);
    }
}

impl State {
    /// Sanitises and filters frames, and adds the squares of the output to `sum`.
    pub fn add_squares(&mut self, coeffs: &Coeffs, frames: &[Frame], sum: &mut Frame) {
        Isa::detect().run(AddSquares(self, coeffs, frames, sum));
    }

    /// A skewed cascade in four lanes: the shelf runs ahead of the high-pass, so that neither waits for the other.
    #[inline(always)]
    fn add_squares_skewed<V: F64x4>(&mut self, coeffs: &Coeffs, frames: &[Frame], sum: &mut Frame) {
        let ([b0, b1, b2], [a1, a2]) = (coeffs.shelf.b, coeffs.shelf.a);
        let ([d0, d1, d2], [c1, c2]) = (coeffs.high_pass.b, coeffs.high_pass.a);
        let both = Both::<V> {
            b: [join([b0; 2], [d0; 2]), join([b1; 2], [d1; 2]), join([b2; 2], [d2; 2])],
            a: [join([-a1; 2], [-c1; 2]), join([-a2; 2], [-c2; 2])],
        };
        let mut past = Past::<V> {
            x: [join(self.input[0], self.shelf[0]), join(self.input[1], self.shelf[1])],
            y: [join(self.shelf[0], self.high_pass[0]), join(self.shelf[1], self.high_pass[1])],
        };
        let mut sums: V = join([0.0; 2], *sum);
        // Outputs of the shelf that the high-pass has not taken yet, the oldest first.
        let mut waiting = [V::load(&[0.0; 4]); LEAD];
        let lead = frames.len().min(LEAD);
        for frame in &frames[..lead] {
            let x = join(sanitise(*frame), [0.0; 2]);
            let y = both.tick(x, &mut past, [true, false]);
            waiting = [waiting[1], waiting[2], waiting[3], y];
        }
        for frames in frames[lead..].chunks(PIECE) {
            // After a frame that is not used, so that each has one before it.
            let mut piece = [[0.0; 2]; PIECE + 1];
            piece[1..=frames.len()].copy_from_slice(frames);
            sanitise_all(&mut piece);
            for two in piece[..=frames.len()].windows(2) {
                let Some(two) = two.as_flattened().first_chunk() else { break };
                let x = waiting[0].delayed(V::load(two));
                let y = both.tick(x, &mut past, [true, true]);
                sums = y.mul_add(y, sums);
                waiting = [waiting[1], waiting[2], waiting[3], y];
            }
        }
        // The shelf is done.
        let mut shelf = [[0.0; 4]; 4];
        for (to, from) in shelf.iter_mut().zip([past.x[0], past.x[1], past.y[0], past.y[1]]) {
            from.store(to);
        }
        for waiting in &waiting[LEAD - lead..] {
            let y = both.tick(waiting.delayed(*waiting), &mut past, [false, true]);
            sums = y.mul_add(y, sums);
        }
        let mut out = [[0.0; 4]; 3];
        for (to, from) in out.iter_mut().zip([past.y[0], past.y[1], sums]) {
            from.store(to);
        }
        let [x, x_before, y, y_before] = shelf.map(|[l, r, ..]| [l, r]);
        (self.input, self.shelf) = ([x, x_before], [y, y_before]);
        let [y, y_before, sums] = out.map(|[.., l, r]| [l, r]);
        (self.high_pass, *sum) = ([y, y_before], sums);
    }
}

/// Frames in both halves of the lanes. Not a closure: those are not compiled for the instruction set of the caller.
#[inline(always)]
fn join<V: F64x4>([left, right]: Frame, [left_2, right_2]: Frame) -> V {
    V::load(&[left, right, left_2, right_2])
}

#[cfg(test)]
mod tests {
    use super::*;
    use plumb_signals::{sine, tone_db};

    impl Biquad {
        /// One frame; `before` and `y` are the last two inputs and outputs, the last first.
        fn tick(&self, x: Frame, before: &[Frame; 2], y: &[Frame; 2]) -> Frame {
            let ([b0, b1, b2], [a1, a2]) = (self.b, self.a);
            core::array::from_fn(|lane| {
                let input = b0 * x[lane] + (b1 * before[0][lane] + b2 * before[1][lane]);
                (input - a2 * y[1][lane]) - a1 * y[0][lane]
            })
        }
    }

    impl State {
        /// The reference: filters one frame.
        fn tick(&mut self, coeffs: &Coeffs, x: Frame) -> Frame {
            let shelf = coeffs.shelf.tick(x, &self.input, &self.shelf);
            let high_pass = coeffs.high_pass.tick(shelf, &self.shelf, &self.high_pass);
            self.input = [x, self.input[0]];
            self.shelf = [shelf, self.shelf[0]];
            self.high_pass = [high_pass, self.high_pass[0]];
            high_pass
        }
    }

    const RATES: [f64; 8] = [8_000.0, 11_025.0, 22_050.0, 44_100.0, 48_000.0, 96_000.0, 192_000.0, 768_000.0];

    /// Frequencies from 20 Hz up to `top_hz`, 40 to the octave.
    fn frequencies(top_hz: f64) -> impl Iterator<Item = f64> {
        (0..).map(|n| 20.0 * (f64::from(n) / 40.0).exp2()).take_while(move |f| *f <= top_hz)
    }

    #[test]
    fn coefficients_at_48_khz_are_those_of_the_standard() {
        let c = Coeffs::design(48_000.0);
        let all = [c.shelf.b.as_slice(), &c.shelf.a, &c.high_pass.b, &c.high_pass.a].concat();
        let table = [
            1.53512485958697,
            -2.69169618940638,
            1.19839281085285,
            -1.69065929318241,
            0.73248077421585, //
            1.0,
            -2.0,
            1.0,
            -1.99004745483398,
            0.99007225036621,
        ];
        for (ours, theirs) in all.iter().zip(table) {
            // 1e-12: rounding of the way there and back; the table has 14 decimals.
            assert!((ours - theirs).abs() < 1e-12, "{ours} for {theirs}");
        }
    }

    #[test]
    fn the_analogue_prototypes_are_the_published_ones() {
        // As libebur128 and others give them: 1681.97 Hz, Q 0.7072, +4 dB; 38.135 Hz, Q 0.5003.
        for (table, freq_hz, q) in [(SHELF, 1_681.974_45, 0.707_175_2), (HIGH_PASS, 38.135_470_9, 0.500_327_0)] {
            let [d0, d1, d2] = bilinear(table[1]);
            let omega = (d0 / d2).sqrt();
            assert!((omega.atan() / PI * 48_000.0 - freq_hz).abs() < 1e-5);
            assert!((omega * d2 / d1 - q).abs() < 1e-6);
        }
        let [n0, _, n2] = bilinear(SHELF[0]);
        let [d0, _, d2] = bilinear(SHELF[1]);
        assert!((gain_to_db(n2 / d2) - gain_to_db(n0 / d0) - 4.0).abs() < 1e-3);
    }

    #[test]
    fn other_rates_have_the_response_of_48_khz() {
        let reference = Coeffs::design(48_000.0);
        for (rate, tolerance_db) in [
            (8_000.0, 0.3),
            (11_025.0, 0.16),
            (22_050.0, 0.035),
            (32_000.0, 0.011),
            (44_100.0, 0.002),
            (88_200.0, 0.009),
            (96_000.0, 0.009),
            (192_000.0, 0.009),
            (768_000.0, 0.009),
        ] {
            // What the bilinear transform leaves, see the top of the file; a wrong design is off by tenths.
            let coeffs = Coeffs::design(rate);
            let off = |f: f64| (coeffs.gain_db_at(f, rate) - reference.gain_db_at(f, 48_000.0)).abs();
            let worst = |top: f64| frequencies(top.min(0.499 * rate)).map(off).fold(0.0, f64::max);
            println!("{rate} Hz: {:.4} dB up to 10 kHz, {:.4} dB up to 20 kHz", worst(10_000.0), worst(20_000.0));
            assert!(worst(20_000.0) < tolerance_db, "{rate} Hz: {}", worst(20_000.0));
        }
    }

    #[test]
    fn audio_follows_the_analytic_response() {
        for rate in RATES {
            let coeffs = Coeffs::design(rate);
            for freq_hz in [25.0, 100.0, 997.0, 2000.0, 3500.0, 10_000.0, 18_000.0] {
                if freq_hz > 0.45 * rate {
                    continue;
                }
                let mut state = State::default();
                let out: Vec<f64> =
                    sine(freq_hz, 0.0, 0.7, rate).iter().map(|&x| state.tick(&coeffs, [x, -x])[0]).collect();
                let measured = tone_db(&out[(0.2 * rate) as usize..], freq_hz, rate);
                let expected = coeffs.gain_db_at(freq_hz, rate);
                // 1e-3 dB: the negative frequency leaks into a window that holds 12 periods at 25 Hz.
                assert!((measured - expected).abs() < 1e-3, "{rate} Hz, {freq_hz} Hz: {measured} for {expected}");
            }
        }
    }

    #[test]
    fn the_offset_compensates_the_gain_at_997_hz() {
        // BS.1770: 0 dBFS, 997 Hz, one channel reads −3.01 LKFS; 0.005: the standard's three digits.
        for rate in RATES {
            let gain_db = Coeffs::design(rate).gain_db_at(997.0, rate);
            let tolerance = if rate < 32_000.0 { 0.25 } else { 0.01 };
            assert!((gain_db + OFFSET_LU).abs() < tolerance, "{rate} Hz: {gain_db}");
        }
        assert!((Coeffs::design(48_000.0).gain_db_at(997.0, 48_000.0) + OFFSET_LU).abs() < 0.005);
    }

    #[test]
    fn the_skewed_cascade_equals_the_plain_filter_at_any_block_size() {
        let coeffs = Coeffs::design(48_000.0);
        let frames = plumb_signals::Noise::new(8).stereo(-6.0, 5000);
        let (mut ticked, mut expected) = (State::default(), [0.0; 2]);
        for frame in &frames {
            let y = ticked.tick(&coeffs, *frame);
            expected = core::array::from_fn(|lane| expected[lane] + y[lane] * y[lane]);
        }
        let squares = |cut: usize| {
            let (mut state, mut sum) = (State::default(), [0.0; 2]);
            frames.chunks(cut).for_each(|frames| state.add_squares(&coeffs, frames, &mut sum));
            (state, sum)
        };
        let whole = squares(5000);
        for cut in [1, 7, 64, 65, 1000] {
            assert_eq!(squares(cut), whole, "cut into {cut}");
        }
        let (mut plain, mut sum) = (State::default(), [0.0; 2]);
        plain.add_squares_skewed::<[f64; 4]>(&coeffs, &frames, &mut sum);
        // 1e-12: products rounded once instead of twice.
        for lane in 0..2 {
            assert!((whole.1[lane] / expected[lane] - 1.0).abs() < 1e-12);
            assert!((sum[lane] / expected[lane] - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn lanes_do_not_leak() {
        let coeffs = Coeffs::design(44_100.0);
        let (mut left, mut both) = (State::default(), State::default());
        for x in sine(440.0, -6.0, 0.1, 44_100.0) {
            let alone = left.tick(&coeffs, [x, 0.0]);
            assert_eq!(alone[1], 0.0);
            assert_eq!(both.tick(&coeffs, [x, x]), [alone[0]; 2]);
        }
    }
}

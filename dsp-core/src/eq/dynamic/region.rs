//! A band's region of the signal, and what is summed of it over a control step.
//!
//! A filter of second order has to wait for its own last result. Two frames at a time it waits half as often: the state
//! after both, and both outputs, are sums of the state before and the two inputs. Four lanes are \[first frame left, right,
//! second frame left, right\]; the state stands in both halves.

use crate::Frame;
use crate::filter::prototype::Prototype;
use crate::filter::svf::Coeffs;
use crate::simd::{F64x4, Isa, Kernel, Simd};
use crate::smooth::CONTROL_FRAMES;

/// Share of a control step that is one frame.
const STEP_SHARE: f64 = 1.0 / CONTROL_FRAMES as f64;

/// Of one control step.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Sums {
    /// Largest x².
    pub(super) peak: Frame,
    /// Of x².
    pub(super) square: Frame,
    /// Of x² times its place in the step, 0 to 1.
    pub(super) moment: Frame,
}

/// What two frames and the state make of an output or a state: factors of both states and both inputs.
type Row = [[f64; 4]; 4];

/// The running filter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Region {
    /// For the two outputs, and for both states after them.
    rows: [Row; 3],
    /// For one frame alone, each for a state, the other and the input: output, and both states after it.
    single: [[f64; 3]; 3],
    state: [Frame; 2],
    isa: Isa,
}

impl Region {
    /// A filter at rest.
    pub(super) fn new(region: Prototype, sample_rate_hz: f64) -> Self {
        let mut new =
            Self { rows: [[[0.0; 4]; 4]; 3], single: [[0.0; 3]; 3], state: [[0.0; 2]; 2], isa: Isa::detect() };
        new.set(region, sample_rate_hz);
        new
    }

    /// Another region; the states stay.
    pub(super) fn set(&mut self, region: Prototype, sample_rate_hz: f64) {
        let [a, b1, b2, c1, c2, d] = Coeffs::design(region, sample_rate_hz).state_space();
        let (a, b, c) = ([[a, -b1], [b1, 1.0 - b2]], [b1, b2], [c1, c2]);
        self.single = [[c1, c2, d], [a[0][0], a[0][1], b1], [a[1][0], a[1][1], b2]];
        // A row times a matrix, and times a column.
        let by_a = |row: [f64; 2]| [0, 1].map(|n| row[0] * a[0][n] + row[1] * a[1][n]);
        let by_b = |row: [f64; 2]| row[0] * b[0] + row[1] * b[1];
        let later = by_a(c);
        let states = [0, 1].map(|n| [c[n], c[n], later[n], later[n]]);
        self.rows[0] = [states[0], states[1], [d, d, by_b(c), by_b(c)], [0.0, 0.0, d, d]];
        for n in 0..2 {
            let twice = by_a(a[n]);
            self.rows[1 + n] = [[twice[0]; 4], [twice[1]; 4], [by_b(a[n]); 4], [b[n]; 4]];
        }
    }

    /// Forgets what it heard.
    pub(super) fn reset(&mut self) {
        self.state = [[0.0; 2]; 2];
    }

    /// Listens to the frames of a control step, from its first on.
    pub(super) fn hear(&mut self, frames: &[Frame]) -> Sums {
        let (pairs, last) = frames.as_chunks::<2>();
        let mut sums = self.hear_pairs(pairs);
        for frame in last {
            self.hear_last(*frame, (2 * pairs.len()) as f64, &mut sums);
        }
        sums
    }

    fn hear_pairs(&mut self, pairs: &[[Frame; 2]]) -> Sums {
        self.isa.run(Hear(&self.rows, &mut self.state, pairs))
    }

    /// A frame that has no second one.
    fn hear_last(&mut self, frame: Frame, place: f64, sums: &mut Sums) {
        for (lane, x) in frame.into_iter().enumerate() {
            let [s1, s2] = self.state.map(|state| state[lane]);
            let [y, next1, next2] = self.single.map(|[f1, f2, fx]| f1 * s1 + f2 * s2 + fx * x);
            (self.state[0][lane], self.state[1][lane]) = (next1, next2);
            let square = y * y;
            sums.peak[lane] = if square > sums.peak[lane] { square } else { sums.peak[lane] };
            sums.square[lane] += square;
            sums.moment[lane] += (place + 0.5) * STEP_SHARE * square;
        }
    }
}

/// [`hear`].
struct Hear<'a>(&'a [Row; 3], &'a mut [Frame; 2], &'a [[Frame; 2]]);

impl Kernel for Hear<'_> {
    type Output = Sums;

    #[inline(always)]
    fn run<S: Simd>(self) -> Sums {
        hear::<S::F64>(self.0, self.1, self.2)
    }
}

/// A row applied, the inputs first: they do not wait.
#[inline(always)]
fn apply<V: F64x4>([f1, f2, fa, fb]: &[V; 4], [s1, s2]: [V; 2], [a, b]: [V; 2]) -> V {
    f1.mul_add(s1, f2.mul_add(s2, fa.mul_add(a, fb.mul(b))))
}

#[inline(always)]
fn hear<V: F64x4>(rows: &[Row; 3], state: &mut [Frame; 2], pairs: &[[Frame; 2]]) -> Sums {
    let zero = V::load(&[0.0; 4]);
    let mut factors = [[zero; 4]; 3];
    for (factors, row) in factors.iter_mut().zip(rows) {
        for (factor, four) in factors.iter_mut().zip(row) {
            *factor = V::load(four);
        }
    }
    let double = |[l, r]: Frame| [l, r, l, r];
    let mut now = [V::load(&double(state[0])), V::load(&double(state[1]))];
    let (mut peak, mut square, mut moment) = (zero, zero, zero);
    let first = STEP_SHARE * 0.5;
    let mut place = V::load(&[first, first, 3.0 * first, 3.0 * first]);
    let (step, one) = (V::load(&[2.0 * STEP_SHARE; 4]), V::load(&[1.0; 4]));
    for [a, b] in pairs {
        let input = [V::load(&double(*a)), V::load(&double(*b))];
        let y = apply(&factors[0], now, input);
        now = [apply(&factors[1], now, input), apply(&factors[2], now, input)];
        let y2 = y.mul(y);
        peak = y2.max(peak);
        square = y2.mul_add(one, square);
        moment = y2.mul_add(place, moment);
        place = step.mul_add(one, place);
    }
    let mut four = [[0.0; 4]; 4];
    for (four, lanes) in four.iter_mut().zip([peak, square, moment, now[0]]) {
        lanes.store(four);
    }
    let mut last = [0.0; 4];
    now[1].store(&mut last);
    *state = [[four[3][0], four[3][1]], [last[0], last[1]]];
    let [peak, square, moment, _] = four;
    Sums {
        peak: [0, 1].map(|lane| if peak[lane + 2] > peak[lane] { peak[lane + 2] } else { peak[lane] }),
        square: [square[0] + square[2], square[1] + square[3]],
        moment: [moment[0] + moment[2], moment[1] + moment[3]],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filter::prototype::Shape;
    use crate::filter::svf::State;
    use plumb_signals::Noise;

    #[test]
    fn hears_what_one_frame_after_the_other_would() {
        for (shape, freq_hz, q) in
            [(Shape::BandPass, 30.0, 25.0), (Shape::HighCut, 1000.0, 0.707), (Shape::LowCut, 18_000.0, 0.5)]
        {
            let prototype = Prototype { shape, freq_hz, gain_db: 0.0, q };
            let coeffs = Coeffs::design(prototype, 48_000.0);
            let (mut both, mut plain, mut state) =
                (Region::new(prototype, 48_000.0), Region::new(prototype, 48_000.0), State::new());
            plain.isa = Isa::PORTABLE;
            for (n, chunk) in Noise::new(3).stereo(0.0, 48_000).chunks(CONTROL_FRAMES).enumerate() {
                let chunk = &chunk[..chunk.len() - n % 3];
                let mut expected = Sums::default();
                for (at, frame) in chunk.iter().enumerate() {
                    let y = state.tick(&coeffs, *frame);
                    for (lane, y) in y.into_iter().enumerate() {
                        expected.peak[lane] = expected.peak[lane].max(y * y);
                        expected.square[lane] += y * y;
                        expected.moment[lane] += (at as f64 + 0.5) / 32.0 * y * y;
                    }
                }
                for sums in [both.hear(chunk), plain.hear(chunk)] {
                    for (a, b) in
                        [(sums.peak, expected.peak), (sums.square, expected.square), (sums.moment, expected.moment)]
                    {
                        // Rounding: narrow regions in the bass remember a thousand frames.
                        assert!((0..2).all(|lane| (a[lane] - b[lane]).abs() < 1e-9), "{shape:?} {n}: {a:?} {b:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn what_is_no_number_shows_in_the_sums() {
        let mut region =
            Region::new(Prototype { shape: Shape::BandPass, freq_hz: 1000.0, gain_db: 0.0, q: 1.0 }, 48_000.0);
        assert!(!region.hear(&[[f64::NAN, 0.0]; 32]).square[0].is_finite());
        region.reset();
        assert_eq!(region.hear(&[[0.0; 2]; 32]), Sums::default());
    }
}

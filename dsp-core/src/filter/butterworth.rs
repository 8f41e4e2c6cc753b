//! Low and high cut of any order up to 16 with the flattest pass band: Butterworth filters as sections in series.
//!
//! Source: S. Butterworth, "On the theory of filter amplifiers", Experimental Wireless, 1930. Poles of order n lie on
//! a circle at equal angles; a pair at θ = π (2i + 1) / 2n from the imaginary axis is a second-order section with
//! k = 1/Q = 2 sin θ, and an odd order has one real pole besides.

use super::glide::{Blend, Glide};
use super::response::Response;
use super::svf::{self, Prototype};
use super::{onepole, onepole::Shape};
use crate::Frame;
use core::f64::consts::PI;

/// Highest order: 96 dB per octave.
pub const MAX_ORDER: usize = 16;
/// Second-order sections of the highest order.
const MAX_PAIRS: usize = MAX_ORDER / 2;

/// Quality factor of one section of a filter of `order`; section 0 has the highest.
fn q_of(section: usize, order: usize) -> f64 {
    0.5 / (PI * (2 * section + 1) as f64 / (2 * order) as f64).sin()
}

/// What the filter runs on: an optional first-order section, then pairs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Coeffs {
    single: Option<onepole::Coeffs>,
    pairs: [svf::Coeffs; MAX_PAIRS],
    pair_count: usize,
}

impl Coeffs {
    /// The filter of `order` (held to [`MAX_ORDER`]) that is 3.01 dB down at `freq_hz`. Order 0 does nothing.
    #[must_use]
    pub fn design(shape: Shape, order: usize, freq_hz: f64, sample_rate_hz: f64) -> Self {
        let order = order.min(MAX_ORDER);
        let pair_count = order / 2;
        let single = (order % 2 == 1).then(|| onepole::Coeffs::design(shape, freq_hz, sample_rate_hz));
        let pair_shape = match shape {
            Shape::LowCut => svf::Shape::LowCut,
            Shape::HighCut => svf::Shape::HighCut,
        };
        let pair = |q| svf::Coeffs::design(Prototype { shape: pair_shape, freq_hz, gain_db: 0.0, q }, sample_rate_hz);
        // Low Q first, so that no section sees more than the whole filter lets through at its corner.
        let pairs = core::array::from_fn(|at| pair(q_of(pair_count.saturating_sub(at + 1), order.max(2))));
        Self { single, pairs, pair_count }
    }

    fn pairs(&self) -> &[svf::Coeffs] {
        &self.pairs[..self.pair_count]
    }

    /// Steady-state complex gain.
    #[must_use]
    pub fn response(&self, freq_hz: f64, sample_rate_hz: f64) -> Response {
        let single = self.single.map_or(Response::UNITY, |c| c.response(freq_hz, sample_rate_hz));
        self.pairs().iter().fold(single, |so_far, c| so_far.then(c.response(freq_hz, sample_rate_hz)))
    }

    /// Steady-state gain in dB.
    #[must_use]
    pub fn gain_db_at(&self, freq_hz: f64, sample_rate_hz: f64) -> f64 {
        self.response(freq_hz, sample_rate_hz).gain_db()
    }
}

impl Blend for Coeffs {
    /// Both are of one order.
    #[inline]
    fn blend(&self, to: &Self, t: f64) -> Self {
        let mut now = *to;
        now.single = self.single.zip(to.single).map(|(from, to)| from.blend(&to, t));
        for (now, from) in now.pairs[..to.pair_count].iter_mut().zip(&self.pairs) {
            *now = from.blend(now, t);
        }
        now
    }
}

/// What the filter remembers.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct State {
    single: onepole::State,
    pairs: [svf::State; MAX_PAIRS],
}

impl State {
    /// Silence.
    #[must_use]
    pub const fn new() -> Self {
        Self { single: onepole::State::new(), pairs: [svf::State::new(); MAX_PAIRS] }
    }

    /// Filters one frame.
    #[inline]
    pub fn tick(&mut self, c: &Coeffs, x: Frame) -> Frame {
        let x = c.single.map_or(x, |single| self.single.tick(&single, x));
        self.pairs.iter_mut().zip(c.pairs()).fold(x, |x, (state, c)| state.tick(c, x))
    }

    /// Filters in place, with coefficients that may be moving.
    pub fn run(&mut self, coeffs: &mut Glide<Coeffs>, block: &mut [Frame]) {
        let mut done = 0;
        while !coeffs.is_settled() && done < block.len() {
            block[done] = self.tick(&coeffs.tick(), block[done]);
            done += 1;
        }
        // At rest section after section: the same sums in another order, each with its numbers in registers.
        let (rest, c) = (&mut block[done..], coeffs.target());
        if let Some(single) = &c.single {
            for frame in rest.iter_mut() {
                *frame = self.single.tick(single, *frame);
            }
        }
        for (pair, c) in self.pairs.iter_mut().zip(c.pairs()) {
            let mut state = *pair;
            for frame in rest.iter_mut() {
                *frame = state.tick(c, *frame);
            }
            *pair = state;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::FLOOR_DB;
    use plumb_signals::{Noise, both, level_db, sine, tone_db};

    const ORDERS: [usize; 8] = [1, 2, 3, 4, 6, 8, 12, 16];
    const SHAPES: [Shape; 2] = [Shape::LowCut, Shape::HighCut];

    /// The definition: |H|² = 1 / (1 + w^2n) with w the (bilinear-warped) distance from the corner.
    #[test]
    fn gain_is_the_butterworth_formula_at_every_order() {
        for order in ORDERS {
            for shape in SHAPES {
                for (rate, corner) in [(44_100.0, 80.0), (48_000.0, 2000.0), (96_000.0, 18_000.0), (768_000.0, 500.0)] {
                    let c = Coeffs::design(shape, order, corner, rate);
                    for octaves in [-2.0, -1.0, -0.5, -0.1, 0.0, 0.1, 0.3_f64] {
                        let freq_hz = corner * octaves.exp2();
                        let w = (PI * freq_hz / rate).tan() / (PI * corner / rate).tan();
                        let w = if shape == Shape::LowCut { 1.0 / w } else { w };
                        let expected = -level_db((1.0 + w.powi(2 * order as i32)).sqrt());
                        let error = c.gain_db_at(freq_hz, rate) - expected.max(FLOOR_DB);
                        // Rounding of eight sections.
                        assert!(error.abs() < 1e-8, "{shape:?} order {order} at {freq_hz} Hz: {error}");
                    }
                    assert!((c.gain_db_at(corner, rate) + 3.010_299_956_639_812).abs() < 1e-9, "corner, order {order}");
                }
            }
        }
    }

    #[test]
    fn slope_is_6_db_per_octave_and_order() {
        for order in ORDERS {
            let c = Coeffs::design(Shape::LowCut, order, 1000.0, 192_000.0);
            let per_octave = c.gain_db_at(500.0, 192_000.0) - c.gain_db_at(250.0, 192_000.0);
            // One octave off, order 1 is still 0.7 dB from its asymptote, order 2 0.2 dB, the others are there.
            let tolerance_db = if order == 1 { 0.75 } else { 0.25 };
            assert!((per_octave - 6.02 * order as f64).abs() < tolerance_db, "order {order}: {per_octave}");
        }
    }

    #[test]
    fn order_0_does_nothing() {
        let (c, mut state) = (Coeffs::design(Shape::LowCut, 0, 100.0, 48_000.0), State::new());
        assert_eq!(c.response(50.0, 48_000.0), Response::UNITY);
        assert_eq!(state.tick(&c, [0.3, -0.0]).map(f64::to_bits), [0.3, -0.0_f64].map(f64::to_bits));
    }

    #[test]
    fn audio_follows_the_analytic_response() {
        for rate in [44_100.0, 48_000.0, 96_000.0, 192_000.0] {
            for (shape, order) in SHAPES.into_iter().flat_map(|shape| ORDERS.map(|order| (shape, order))) {
                let c = Coeffs::design(shape, order, 1000.0, rate);
                for freq_hz in [400.0, 900.0, 1000.0, 1200.0, 2500.0] {
                    let mut block = both(&sine(freq_hz, 0.0, 0.3, rate));
                    State::new().run(&mut Glide::new(c), &mut block);
                    let settled: Vec<f64> = block[(0.1 * rate) as usize..].iter().map(|y| y[0]).collect();
                    let error = tone_db(&settled, freq_hz, rate) - c.gain_db_at(freq_hz, rate);
                    // After 0.1 s the slowest section (Q 5) is down by 270 dB.
                    assert!(error.abs() < 1e-4, "{shape:?} order {order} {freq_hz} Hz at {rate}: {error}");
                }
            }
        }
    }

    #[test]
    fn running_a_block_is_ticking_its_frames() {
        for order in [1, 3, 16] {
            let [from, to] = [90.0, 900.0].map(|freq_hz| Coeffs::design(Shape::LowCut, order, freq_hz, 48_000.0));
            let (mut glide, mut state) = (Glide::new(from), State::new());
            glide.aim(to);
            let (mut block_glide, mut block_state) = (glide, state);
            let mut block = Noise::new(7).stereo(0.0, 100);
            let ticked: Vec<Frame> = block.iter().map(|&x| state.tick(&glide.tick(), x)).collect();
            block_state.run(&mut block_glide, &mut block);
            assert_eq!(block, ticked);
            assert_eq!(block_state, state);
        }
    }
}

//! A band's region of the signal, and its sums over a control step.

use crate::Frame;
use crate::filter::pairwise::Pairwise;
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

/// The running filter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Region {
    filter: Pairwise<1>,
    /// c1, c2 and d of the section.
    output: [f64; 3],
    isa: Isa,
}

impl Region {
    /// With an empty filter.
    pub(super) fn new(region: Prototype, sample_rate_hz: f64) -> Self {
        let mut new = Self { filter: Pairwise::new(), output: [0.0; 3], isa: Isa::detect() };
        new.set(region, sample_rate_hz);
        new
    }

    /// Another region; the states stay.
    pub(super) fn set(&mut self, region: Prototype, sample_rate_hz: f64) {
        let [a, b1, b2, c1, c2, d] = Coeffs::design(region, sample_rate_hz).state_space();
        self.output = [c1, c2, d];
        self.filter.set([a, b1, b2], [self.output]);
    }

    /// Empties the filter.
    pub(super) fn reset(&mut self) {
        self.filter.forget();
    }

    /// Filters the frames of a control step, from its first on, and sums them.
    pub(super) fn sums(&mut self, frames: &[Frame]) -> Sums {
        let mut region = [[0.0; 2]; CONTROL_FRAMES];
        let region = &mut region[..frames.len()];
        region.copy_from_slice(frames);
        let (pairs, last) = region.as_chunks_mut::<2>();
        self.filter.process(pairs.as_flattened_mut(), &mut []);
        let mut sums = self.isa.run(SumPairs(pairs));
        if let [last] = last {
            self.add_last(*last, (frames.len() - 1) as f64, &mut sums);
        }
        sums
    }

    /// A frame without a second one: no pair of the next step starts with it.
    fn add_last(&mut self, frame: Frame, place: f64, sums: &mut Sums) {
        let ([c1, c2, d], [s1, s2]) = (self.output, *self.filter.state());
        self.filter.process(&mut [frame], &mut []);
        self.filter.state();
        for lane in 0..2 {
            let y = c1 * s1[lane] + c2 * s2[lane] + d * frame[lane];
            let square = y * y;
            sums.peak[lane] = if square > sums.peak[lane] { square } else { sums.peak[lane] };
            sums.square[lane] += square;
            sums.moment[lane] += (place + 0.5) * STEP_SHARE * square;
        }
    }
}

/// The sums of pairs, four lanes at once: \[first frame left, right, second frame left, right\].
struct SumPairs<'a>(&'a [[Frame; 2]]);

impl Kernel for SumPairs<'_> {
    type Output = Sums;

    #[inline(always)]
    fn run<S: Simd>(self) -> Sums {
        let zero = S::F64::splat(0.0);
        let (mut peak, mut square, mut moment) = (zero, zero, zero);
        let first = STEP_SHARE * 0.5;
        let mut place = S::F64::load(&[first, first, 3.0 * first, 3.0 * first]);
        let (step, one) = (S::F64::splat(2.0 * STEP_SHARE), S::F64::splat(1.0));
        for [[l, r], [next_l, next_r]] in self.0 {
            let y = S::F64::load(&[*l, *r, *next_l, *next_r]);
            let y2 = y.mul(y);
            peak = y2.max(peak);
            square = y2.mul_add(one, square);
            moment = y2.mul_add(place, moment);
            place = step.mul_add(one, place);
        }
        let [peak, square, moment] = [peak.to_array(), square.to_array(), moment.to_array()];
        Sums {
            peak: [0, 1].map(|lane| if peak[lane + 2] > peak[lane] { peak[lane + 2] } else { peak[lane] }),
            square: [square[0] + square[2], square[1] + square[3]],
            moment: [moment[0] + moment[2], moment[1] + moment[3]],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filter::prototype::Shape;
    use crate::filter::svf::State;
    use plumb_signals::Noise;

    #[test]
    fn pairs_are_one_frame_after_the_other() {
        for (shape, freq_hz, q) in
            [(Shape::BandPass, 30.0, 25.0), (Shape::HighCut, 1000.0, 0.707), (Shape::LowCut, 18_000.0, 0.5)]
        {
            let prototype = Prototype::new(shape, freq_hz, q);
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
                for sums in [both.sums(chunk), plain.sums(chunk)] {
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
    fn input_that_is_no_number_shows_in_the_sums() {
        let mut region = Region::new(Prototype::new(Shape::BandPass, 1000.0, 1.0), 48_000.0);
        assert!(!region.sums(&[[f64::NAN, 0.0]; 32]).square[0].is_finite());
        region.reset();
        assert_eq!(region.sums(&[[0.0; 2]; 32]), Sums::default());
    }
}

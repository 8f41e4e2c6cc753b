//! What lies between the samples: four times as many points, by a polyphase windowed sinc, for the limiter's
//! detector and the true-peak meter.
//!
//! Sources: ITU-R BS.1770-5, Annex 2 (true peak by oversampling at least fourfold); J. F. Kaiser, "Nonrecursive
//! digital filter design using the I0-sinh window function" (ISCAS 1974); for the parabola through three points
//! J. O. Smith, "Spectral Audio Signal Processing", quadratic interpolation of peaks.

mod crests;
pub(crate) mod kaiser;
mod kernels;
mod lanes;
pub mod peaks;

use crate::Frame;
use core::f64::consts::PI;
use kaiser::bessel_i0;

/// Points per frame. The parabola through three of them finds what lies between: a sine at 20 kHz and 44.1 kHz,
/// up to 0.6 dB above the nearest point, is read within 0.1 dB.
const POINTS: usize = 4;
/// Taps per point. Fewer leave more of the top octave unread, and a limiter then lets more of it over its ceiling.
const TAPS: usize = 64;
/// Half of the taps: the filter is symmetric, and each half is read against the other.
const HALF: usize = TAPS / 2;
/// Shape of the Kaiser window: passband to 0.46 of the sample rate (20 kHz at 44.1 kHz), ripple below 0.01 dB.
const KAISER_BETA: f64 = 7.0;
/// Most that the parabola adds to its middle point, as a factor on the largest of its three.
const PARABOLA_BOUND: f64 = 1.25;

/// Delay of the readings in frames.
pub const LATENCY_FRAMES: usize = HALF;

/// The taps of two samples that lie equally far from the middle, each in both lanes. The points at 1/4 and 3/4 are
/// each other's mirror image: they share an even part and differ in the sign of an odd one.
#[derive(Clone, Copy, Debug, Default)]
struct Taps {
    even: Frame,
    odd: Frame,
    middle: Frame,
}

/// A running reader of the peaks between the samples.
#[derive(Clone, Debug)]
pub struct Interpolator {
    taps: Vec<Taps>,
    /// Every frame is written twice, `TAPS` apart, so that the last `TAPS` frames always lie side by side.
    history: Vec<Frame>,
    write: usize,
    /// The point a quarter before the next frame to be read, where it was read.
    before: Option<Frame>,
    /// No point of any filter, nor the parabola through three of them, exceeds the largest sample by this factor.
    bound: f64,
    /// Frames to go until every sample in the filters is too small to reach `floor`.
    loud: usize,
    floor: f64,
}

impl Default for Interpolator {
    fn default() -> Self {
        Self::new()
    }
}

impl Interpolator {
    /// A reader at rest. The filters are the same at every sample rate.
    #[must_use]
    pub fn new() -> Self {
        let (quarter, half) = (phase(0.25), phase(0.5));
        let taps = (0..HALF)
            .map(|k| Taps {
                even: [(quarter[k] + quarter[TAPS - 1 - k]) * 0.5; 2],
                odd: [(quarter[k] - quarter[TAPS - 1 - k]) * 0.5; 2],
                middle: [half[k]; 2],
            })
            .collect();
        let largest = |taps: &[f64]| taps.iter().map(|h| h.abs()).sum::<f64>();
        /// Room for rounding in a sum of [`TAPS`] products.
        const ROUNDING: f64 = 1.0 + 1e-9;
        let bound = largest(&quarter).max(largest(&half)) * PARABOLA_BOUND * ROUNDING;
        let history = vec![[0.0; 2]; 2 * TAPS];
        Self { taps, history, write: 0, before: None, bound, loud: 0, floor: 0.0 }
    }

    /// Forgets the past.
    pub fn reset(&mut self) {
        self.history.fill([0.0; 2]);
        self.write = 0;
        self.before = None;
        self.loud = 0;
        self.floor = 0.0;
    }

    /// Takes a frame in without reading any peak: what a later [`Self::tick`] needs to know of the past.
    #[inline]
    pub fn push(&mut self, frame: Frame) {
        self.write(frame);
        self.before = None;
        // Unread, so nothing is known of its size.
        self.loud = TAPS;
    }

    /// The frame that went in [`LATENCY_FRAMES`] ago: where [`Self::tick`] reads.
    #[inline]
    #[must_use]
    pub fn centre(&self) -> Frame {
        self.history[self.write + HALF - 1]
    }

    /// Takes a frame in and returns the largest magnitude of each channel from the frame [`LATENCY_FRAMES`] ago up to
    /// the one after it. Where nothing can exceed `floor` it reads 0 instead, and saves the work.
    #[inline]
    pub fn tick(&mut self, frame: Frame, floor: f64) -> Frame {
        let loudest = frame[0].abs().max(frame[1].abs()) * self.bound;
        // A lower floor may be reached by what was too small for the old one.
        if loudest > floor || floor < self.floor {
            self.loud = TAPS;
        }
        self.floor = floor;
        if self.loud == 0 {
            self.write(frame);
            self.before = None;
            return [0.0; 2];
        }
        self.loud -= 1;
        let before = self.before.unwrap_or_else(|| self.points()[POINTS - 2]);
        self.write(frame);
        self.read(before)
    }

    #[inline]
    fn write(&mut self, frame: Frame) {
        self.history[self.write] = frame;
        self.history[self.write + TAPS] = frame;
        self.write = (self.write + 1) % TAPS;
    }

    /// The largest magnitude around the centre frame and the three points after it.
    #[inline]
    fn read(&mut self, before: Frame) -> Frame {
        let [quarter, half, three_quarters] = self.points();
        let points = [before, self.centre(), quarter, half, three_quarters, self.history[self.write + HALF]];
        self.before = Some(three_quarters);
        let mut peak = [0.0; 2];
        for three in points.windows(3) {
            for lane in 0..2 {
                peak[lane] = f64::max(peak[lane], peak_of_three(three[0][lane], three[1][lane], three[2][lane]));
            }
        }
        peak
    }

    /// The three points between the centre frame and the next.
    #[inline]
    fn points(&self) -> [Frame; POINTS - 1] {
        let (left, right) = self.history[self.write..self.write + TAPS].split_at(HALF);
        // Two sums of each, so that an addition need not wait for the one before it.
        let (mut even, mut odd, mut middle) = ([[0.0; 2]; 2], [[0.0; 2]; 2], [[0.0; 2]; 2]);
        for ((taps, a), b) in self.taps.chunks_exact(2).zip(left.chunks_exact(2)).zip(right.rchunks_exact(2)) {
            for i in 0..2 {
                for lane in 0..2 {
                    let (a, b) = (a[i][lane], b[1 - i][lane]);
                    even[i][lane] += taps[i].even[lane] * (a + b);
                    odd[i][lane] += taps[i].odd[lane] * (a - b);
                    middle[i][lane] += taps[i].middle[lane] * (a + b);
                }
            }
        }
        let sum = |[a, b]: [Frame; 2]| [a[0] + b[0], a[1] + b[1]];
        let (even, odd) = (sum(even), sum(odd));
        [[even[0] + odd[0], even[1] + odd[1]], sum(middle), [even[0] - odd[0], even[1] - odd[1]]]
    }
}

/// Largest magnitude of the parabola through three points if that lies nearest the middle one, else of the middle one.
#[inline]
fn peak_of_three(a: f64, b: f64, c: f64) -> f64 {
    let sign = 1.0_f64.copysign(b);
    let (slope, bend) = ((c - a) * sign, (b - a + b - c) * sign);
    // Within half a point of the middle one, as it is where the middle is the largest of the three.
    let rise = if bend > 0.0 && slope.abs() <= bend { slope * slope / (8.0 * bend) } else { 0.0 };
    b.abs() + rise
}

/// Taps of the point `at` frames after the centre, oldest sample first; their sum is 1.
fn phase(at: f64) -> Vec<f64> {
    let tap = |k: usize| {
        let t = at + (HALF - 1) as f64 - k as f64;
        let inside = (1.0 - (t / HALF as f64).powi(2)).max(0.0).sqrt();
        (PI * t).sin() / (PI * t) * bessel_i0(KAISER_BETA * inside)
    };
    let taps: Vec<f64> = (0..TAPS).map(tap).collect();
    let sum: f64 = taps.iter().sum();
    taps.into_iter().map(|h| h / sum).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use plumb_signals::{Noise, both, silence, sine};

    /// Readings without any skipping.
    fn readings(frames: &[Frame]) -> Vec<Frame> {
        let mut interpolator = Interpolator::new();
        frames.iter().map(|&frame| interpolator.tick(frame, -1.0)).collect()
    }

    #[test]
    fn reads_a_sine_at_its_amplitude_wherever_its_samples_fall() {
        // Frequencies of few distinct sample phases, the worst for a grid: the amplitude must come from in between.
        for norm in [0.05, 0.125, 1.0 / 6.0, 0.25, 0.4, 20_000.0 / 44_100.0] {
            for phase in 0..16 {
                let amplitude = |n: usize| {
                    let x = (2.0 * PI * (norm * n as f64 + f64::from(phase) / 16.0)).sin();
                    [x, -x]
                };
                let out = readings(&(0..4000).map(amplitude).collect::<Vec<_>>());
                let peak = out[2 * TAPS..].iter().flatten().fold(0.0, |peak: f64, x| peak.max(*x));
                let db = plumb_signals::level_db(peak);
                // The requirement of the meter; the parabola falls short by 0.05 dB at worst at 20 kHz.
                assert!(db.abs() < 0.1, "{norm} cycles a frame at phase {phase}: {db} dB");
            }
        }
    }

    #[test]
    fn reads_where_it_says() {
        let mut frames = both(&silence(0.01, 48_000.0));
        frames[100] = [0.5, -1.0];
        let out = readings(&frames);
        assert_eq!(out[100 + LATENCY_FRAMES], [0.5, 1.0]);
        assert!(out[100 + LATENCY_FRAMES + 1][0] < 0.5);
        assert!(out[..100].iter().all(|peak| *peak == [0.0; 2]));
        assert!(out[101 + TAPS..].iter().all(|peak| *peak == [0.0; 2]));
    }

    #[test]
    fn skipping_below_the_floor_changes_nothing_above_it() {
        let mut noise = Noise::new(7);
        // Loud and quiet stretches, so that it starts and stops; a floor that moves both ways.
        let frames: Vec<Frame> =
            (0..40_000).map(|n| noise.stereo([-40.0, -14.0, -9.0, 0.0][(n / 531) % 4], 1)[0]).collect();
        let (mut skipping, mut reading) = (Interpolator::new(), Interpolator::new());
        let mut skipped = 0;
        for (n, &frame) in frames.iter().enumerate() {
            let floor = [0.9, 0.3, 1.1][(n / 1703) % 3];
            let (with, without) = (skipping.tick(frame, floor), reading.tick(frame, -1.0));
            skipped += usize::from(with == [0.0; 2]);
            if with != without {
                let below = without[0] <= floor && without[1] <= floor;
                assert!(with == [0.0; 2] && below, "frame {n}: {with:?} instead of {without:?}");
            }
        }
        assert!((5000..35_000).contains(&skipped), "{skipped} of 40000 skipped");
    }

    #[test]
    fn a_lower_floor_counts_for_what_is_already_in() {
        // What sums up the most between two samples: small ones, with the signs of their taps.
        let mut signs: Vec<Frame> = phase(0.5).iter().map(|h| [0.2_f64.copysign(*h); 2]).collect();
        // The last alone would not wake the reader.
        signs[TAPS - 1] = [0.0; 2];
        let mut interpolator = Interpolator::new();
        assert!(signs[..TAPS - 1].iter().all(|&frame| interpolator.tick(frame, 0.9) == [0.0; 2]));
        assert_eq!(interpolator.tick(signs[TAPS - 1], 0.3), readings(&signs)[TAPS - 1]);
        assert!(readings(&signs)[TAPS - 1][0] > 0.3);
    }

    #[test]
    fn no_reading_exceeds_its_bound() {
        // The worst signal for a filter: each sample ±1 with the sign of its tap.
        let interpolator = Interpolator::new();
        let signs: Vec<Frame> = phase(0.5).iter().map(|h| [1.0_f64.copysign(*h); 2]).collect();
        let worst = readings(&signs).iter().fold(0.0, |peak: f64, x| peak.max(x[0]));
        assert!(worst <= interpolator.bound && worst > 0.7 * interpolator.bound, "{worst} {}", interpolator.bound);
    }

    #[test]
    fn reset_equals_new() {
        let mut interpolator = Interpolator::new();
        let frames = both(&sine(997.0, 0.0, 0.01, 48_000.0));
        let run = |interpolator: &mut Interpolator| {
            frames.iter().map(|&frame| interpolator.tick(frame, 0.1)).collect::<Vec<_>>()
        };
        let first = run(&mut interpolator);
        interpolator.reset();
        assert_eq!(run(&mut interpolator), first);
    }
}

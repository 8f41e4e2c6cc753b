//! Impulse responses cut into partitions and transformed, ready to be multiplied with.
//!
//! Both channels travel as one complex signal z = l + i r. A filter that treats both alike multiplies its spectrum. Any
//! other, a matrix of four filters, is y = a ∗ z + b ∗ conj z with a = (ll + rr + i (rl − lr)) / 2 and
//! b = (ll − rr + i (rl + lr)) / 2, where `lr` leads from right to left.

use super::complex::{LANES, Split};
use super::fft::Plan;
use crate::smooth::CONTROL_FRAMES;

/// Frames between two slots of work, counted from `reset`.
pub(super) const SLOT_FRAMES: usize = CONTROL_FRAMES;

/// Most bins multiplied at once: enough that each partition is read in long runs, few enough that the sums stay in cache.
pub(super) const MOST: usize = 64;

/// How an impulse response is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Geometry {
    /// Frames of a partition: a power of two and whole slots.
    pub(super) partition: usize,
    /// An even number.
    pub(super) partitions: usize,
    centre: usize,
}

impl Geometry {
    /// Rounds up to what the engine runs: frames of a partition to a power of two from 32, partitions to an even number.
    /// `centre` is the tap that stands for no delay; it adds to the latency.
    #[must_use]
    pub const fn new(partition: usize, partitions: usize, centre: usize) -> Self {
        let least = if partition < SLOT_FRAMES { SLOT_FRAMES } else { partition };
        let pairs = if partitions < 2 { 1 } else { partitions.div_ceil(2) };
        Self { partition: least.next_power_of_two(), partitions: 2 * pairs, centre }
    }

    /// Frames of a partition.
    #[must_use]
    pub const fn partition(&self) -> usize {
        self.partition
    }

    /// The tap that stands for no delay.
    #[must_use]
    pub const fn centre(&self) -> usize {
        self.centre
    }

    /// Taps of the impulse response.
    #[must_use]
    pub const fn taps(&self) -> usize {
        self.partition * self.partitions
    }

    /// Delay of the centre tap: one partition is collected, one is processed.
    #[must_use]
    pub const fn latency_frames(&self) -> usize {
        2 * self.partition + self.centre
    }

    /// Points of a transform.
    pub(super) const fn transform(&self) -> usize {
        2 * self.partition
    }

    /// From one partition's spectrum to the next: a little more than its length, so that equal bins do not compete for the
    /// same cache lines.
    pub(super) const fn stride(&self) -> usize {
        self.transform() + 4 * LANES
    }
}

/// Impulse responses, [`Geometry::taps`] long each; shorter ones end in zeros.
#[derive(Clone, Debug, PartialEq)]
pub enum Taps {
    /// One for both channels.
    Same(Vec<f64>),
    /// To the left from left and right, to the right from left and right.
    Matrix([[Vec<f64>; 2]; 2]),
}

/// The transformed partitions. A run of bins of all of them is contiguous, in the order it is read.
#[derive(Clone, Debug)]
pub struct Kernel {
    geometry: Geometry,
    pub(super) a: Split,
    /// Multiplies the conjugate signal; none where both channels are treated alike.
    pub(super) b: Option<Split>,
}

impl Kernel {
    /// Cuts and transforms. Allocates.
    #[must_use]
    pub fn new(geometry: Geometry, taps: &Taps) -> Self {
        let plan = Plan::new(geometry.transform());
        let tap = |taps: &[f64], n: usize| taps.get(n).copied().unwrap_or(0.0);
        let [a, b] = match taps {
            Taps::Same(h) => [transform(geometry, &plan, |n| [tap(h, n), 0.0]), Split::default()],
            Taps::Matrix([[ll, lr], [rl, rr]]) => [1.0, -1.0].map(|sign| {
                transform(geometry, &plan, |n| {
                    let (ll, lr, rl, rr) = (tap(ll, n), tap(lr, n), tap(rl, n), tap(rr, n));
                    [0.5 * (ll + sign * rr), 0.5 * (rl - sign * lr)]
                })
            }),
        };
        Self { geometry, a, b: (!b.re.is_empty()).then_some(b) }
    }

    /// How it is cut.
    #[must_use]
    pub fn geometry(&self) -> Geometry {
        self.geometry
    }
}

/// Spectra of all partitions of a complex impulse response, scaled for forward and inverse transform.
fn transform(geometry: Geometry, plan: &Plan, tap: impl Fn(usize) -> [f64; 2]) -> Split {
    let len = geometry.transform();
    let mut all = Split::zeros(geometry.partitions * len);
    let (mut x, mut y) = (Split::zeros(len), Split::zeros(len));
    for p in 0..geometry.partitions {
        x.clear();
        for n in 0..geometry.partition {
            [x.re[n], x.im[n]] = tap(p * geometry.partition + n).map(|h| h / len as f64);
        }
        let bins = plan.run(&mut x, &mut y);
        for from in (0..len).step_by(MOST) {
            let to = all.at_mut(place(geometry, p, from), MOST);
            to.re.copy_from_slice(&bins.re[from..from + MOST]);
            to.im.copy_from_slice(&bins.im[from..from + MOST]);
        }
    }
    all
}

/// Index of a bin of a partition.
#[inline(always)]
pub(super) fn place(geometry: Geometry, partition: usize, bin: usize) -> usize {
    (bin / MOST * geometry.partitions + partition) * MOST + bin % MOST
}

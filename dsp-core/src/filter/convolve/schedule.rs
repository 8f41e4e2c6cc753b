//! The work on one partition, cut into steps and spread evenly over the time in which the next one is collected.

use super::fft::{butterflies, passes};
use super::kernel::{Geometry, MOST, SLOT_FRAMES};
use core::ops::Range;

/// Butterflies in a step.
const BUTTERFLIES: usize = 64;
/// Bins multiplied in a step.
const BINS: usize = MOST;
/// Relative cost of a butterfly and of a bin of a partition, measured.
const BUTTERFLY_COST: usize = 12;
const BIN_COST: usize = 4;

/// A piece of work. `lane` is 0 for the current kernel, 1 for the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Part of the transform of the signal.
    Forward { pass: usize, butterflies: Range<usize> },
    /// Part of the multiplication with the kernel.
    Multiply { lane: usize, bins: Range<usize> },
    /// Part of the inverse transform.
    Backward { lane: usize, pass: usize, butterflies: Range<usize> },
}

/// The steps of a partition, and where each slot ends.
#[derive(Clone, Debug)]
pub(super) struct Schedule {
    steps: Vec<Step>,
    ends: Vec<usize>,
}

impl Schedule {
    /// For the kernels in these lanes.
    pub(super) fn new(geometry: Geometry, lanes: &[usize]) -> Self {
        let len = geometry.transform();
        let transform = |make: &dyn Fn(usize, Range<usize>) -> Step| -> Vec<(Step, usize)> {
            (0..passes(len))
                .flat_map(|pass| pieces(butterflies(len), BUTTERFLIES).map(move |range| (pass, range)))
                .map(|(pass, range)| (range.len() * BUTTERFLY_COST, make(pass, range)))
                .map(|(cost, step)| (step, cost))
                .collect()
        };
        let mut all = transform(&|pass, butterflies| Step::Forward { pass, butterflies });
        for &lane in lanes {
            let cost = BINS * geometry.partitions * BIN_COST;
            all.extend(pieces(len, BINS).map(|bins| (Step::Multiply { lane, bins }, cost)));
            all.extend(transform(&|pass, butterflies| Step::Backward { lane, pass, butterflies }));
        }
        let total: usize = all.iter().map(|(_, cost)| cost).sum();
        let slots = geometry.partition / SLOT_FRAMES;
        let mut ends = Vec::with_capacity(slots);
        let (mut done, mut count) = (0, 0);
        for slot in 1..=slots {
            // A step belongs to the slot that contains its middle.
            while count < all.len() && (2 * done + all[count].1) * slots <= 2 * total * slot {
                done += all[count].1;
                count += 1;
            }
            ends.push(if slot == slots { all.len() } else { count });
        }
        Self { steps: all.into_iter().map(|(step, _)| step).collect(), ends }
    }

    /// The steps of one slot.
    pub(super) fn slot(&self, slot: usize) -> Range<usize> {
        let start = if slot == 0 { 0 } else { self.ends[slot - 1] };
        start..self.ends[slot]
    }

    pub(super) fn step(&self, index: usize) -> &Step {
        &self.steps[index]
    }
}

/// A range from 0 in equal pieces.
fn pieces(len: usize, size: usize) -> impl Iterator<Item = Range<usize>> {
    (0..len).step_by(size).map(move |from| from..(from + size).min(len))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_is_done_once_and_no_slot_is_much_longer_than_another() {
        for (partition, partitions) in [(128, 4), (512, 8), (1024, 8), (2048, 8)] {
            let geometry = Geometry::new(partition, partitions, 0);
            for lanes in [&[][..], &[0], &[0, 1]] {
                let schedule = Schedule::new(geometry, lanes);
                let slots: Vec<_> = (0..partition / SLOT_FRAMES).map(|slot| schedule.slot(slot)).collect();
                assert!(slots.windows(2).all(|pair| pair[0].end == pair[1].start));
                assert_eq!(slots.last().map(|last| last.end), Some(schedule.steps.len()));
                let most = slots.iter().map(ExactSizeIterator::len).max().unwrap_or(0);
                let mean = schedule.steps.len() as f64 / slots.len() as f64;
                eprintln!(
                    "{partition} × {partitions}, {} kernels: {most} steps at most, {mean:.1} on average",
                    lanes.len()
                );
                assert!((most as f64) < 2.0 * mean + 1.0, "a step is the finest grain");
            }
        }
    }
}

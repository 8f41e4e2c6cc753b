//! What is done when: the work on one partition, cut into steps and dealt out evenly over the frames that the next
//! one takes to come in.

use super::fft::{butterflies, passes};
use super::kernel::{Geometry, MOST, SLOT_FRAMES};
use core::ops::Range;

/// Butterflies done in one go.
const BUTTERFLIES: usize = 64;
/// Bins multiplied in one go.
const BINS: usize = MOST;
/// What a butterfly costs, and what a bin of a partition costs, measured against each other.
const BUTTERFLY_COST: usize = 12;
const BIN_COST: usize = 4;

/// A piece of work. `lane` tells whose: the kernel that is, or the one that comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Of the transform of the signal.
    Forward { pass: usize, butterflies: Range<usize> },
    /// Multiplying with the kernel.
    Multiply { lane: usize, bins: Range<usize> },
    /// Of the way back.
    Backward { lane: usize, pass: usize, butterflies: Range<usize> },
}

/// The steps of a partition and where each serving ends.
#[derive(Clone, Debug)]
pub(super) struct Schedule {
    steps: Vec<Step>,
    ends: Vec<usize>,
}

impl Schedule {
    /// For the kernels of these lanes.
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
            // A step belongs to the serving in which its middle falls.
            while count < all.len() && (2 * done + all[count].1) * slots <= 2 * total * slot {
                done += all[count].1;
                count += 1;
            }
            ends.push(if slot == slots { all.len() } else { count });
        }
        Self { steps: all.into_iter().map(|(step, _)| step).collect(), ends }
    }

    /// The steps of one serving.
    pub(super) fn serving(&self, slot: usize) -> Range<usize> {
        let start = if slot == 0 { 0 } else { self.ends[slot - 1] };
        start..self.ends[slot]
    }

    pub(super) fn step(&self, index: usize) -> &Step {
        &self.steps[index]
    }
}

/// A range from 0 in pieces of one size.
fn pieces(len: usize, size: usize) -> impl Iterator<Item = Range<usize>> {
    (0..len).step_by(size).map(move |from| from..(from + size).min(len))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_is_done_once_and_no_serving_is_much_larger_than_another() {
        for (partition, partitions) in [(128, 4), (512, 8), (1024, 8), (2048, 8)] {
            let geometry = Geometry::new(partition, partitions, 0);
            for lanes in [&[][..], &[0], &[0, 1]] {
                let schedule = Schedule::new(geometry, lanes);
                let servings: Vec<_> = (0..partition / SLOT_FRAMES).map(|slot| schedule.serving(slot)).collect();
                assert!(servings.windows(2).all(|pair| pair[0].end == pair[1].start));
                assert_eq!(servings.last().map(|last| last.end), Some(schedule.steps.len()));
                let most = servings.iter().map(ExactSizeIterator::len).max().unwrap_or(0);
                let mean = schedule.steps.len() as f64 / servings.len() as f64;
                eprintln!(
                    "{partition} × {partitions}, {} kernels: {most} steps at most, {mean:.1} on average",
                    lanes.len()
                );
                assert!((most as f64) < 2.0 * mean + 1.0, "a step is the least that can be dealt out");
            }
        }
    }
}

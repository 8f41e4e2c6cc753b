//! A histogram of the loudness of any number of blocks in bounded memory, for gated loudness, range and DR.
//!
//! Each bin holds the number of its blocks and the sum of their powers, so averages are exact. Only the edge of a gate is
//! coarse: its bin counts as a whole, in or out as its own average says.

use super::k_weighting::power_to_lufs;
use super::readings::SILENT;

/// Absolute gate, in LUFS: only louder blocks are kept.
const BOTTOM_LUFS: f64 = -70.0;
/// Width of a bin, in LU: a tenth of the resolution of meters, and of the tolerance of the standards.
const BIN_LU: f64 = 0.01;
/// Bins in a group, 1 LU: searches go through groups first, then through the bins of one.
const GROUP: usize = 100;
/// Groups, up to +30 LUFS; louder blocks fall into the last bin, where they still count with their own power.
const GROUPS: usize = 100;

/// A set of blocks.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Bin {
    /// Number of blocks.
    pub(super) count: u64,
    /// Sum of their powers.
    power: f64,
}

impl Bin {
    fn of((count, power): Numbers) -> Self {
        Self { count, power }
    }

    fn add(&mut self, other: Self) {
        self.count += other.count;
        self.power += other.power;
    }

    /// Average power; NaN if empty, for which no comparison holds.
    fn mean(&self) -> f64 {
        self.power / self.count as f64
    }

    /// Loudness of the average power, in LUFS; −∞ if empty.
    pub(super) fn loudness_lufs(&self) -> f64 {
        if self.count == 0 { SILENT } else { power_to_lufs(self.mean()) }
    }
}

/// A bin as stored: zeroed tuples take no physical memory until they are used.
type Numbers = (u64, f64);

/// Blocks sorted by loudness.
#[derive(Clone, Debug)]
pub(super) struct Histogram {
    bins: Vec<Numbers>,
    groups: Vec<Bin>,
    total: Bin,
}

/// The part of a histogram above a gate.
#[derive(Clone, Copy, Debug)]
pub(super) struct Gated<'a> {
    histogram: &'a Histogram,
    first: usize,
    /// All of it.
    pub(super) total: Bin,
}

/// Index of the bin of a loudness.
fn index(lufs: f64) -> usize {
    // Negative floats become zero.
    (((lufs - BOTTOM_LUFS) / BIN_LU) as usize).min(GROUP * GROUPS - 1)
}

impl Histogram {
    pub(super) fn new() -> Self {
        Self { bins: vec![(0, 0.0); GROUP * GROUPS], groups: vec![Bin::default(); GROUPS], total: Bin::default() }
    }

    /// Empties it. Writes to filled groups only: the audio thread may call this, and unused memory stays unmapped.
    pub(super) fn reset(&mut self) {
        let filled = self.groups.iter_mut().zip(self.bins.chunks_exact_mut(GROUP)).filter(|(group, _)| group.count > 0);
        for (group, bins) in filled {
            bins.fill((0, 0.0));
            *group = Bin::default();
        }
        self.total = Bin::default();
    }

    /// Adds a block of this K-weighted power if it is above the absolute gate.
    pub(super) fn add(&mut self, power: f64) {
        let lufs = power_to_lufs(power);
        if lufs > BOTTOM_LUFS {
            let (block, index) = (Bin { count: 1, power }, index(lufs));
            let (count, power) = &mut self.bins[index];
            (*count, *power) = (*count + block.count, *power + block.power);
            self.groups[index / GROUP].add(block);
            self.total.add(block);
        }
    }

    /// The blocks above the relative gate: the average of all blocks times a factor below 1.
    pub(super) fn gated(&self, factor: f64) -> Gated<'_> {
        if self.total.count == 0 {
            return Gated { histogram: self, first: 0, total: Bin::default() };
        }
        let gate = self.total.mean() * factor;
        let edge = index(power_to_lufs(gate));
        let first = if Bin::of(self.bins[edge]).mean() > gate { edge } else { edge + 1 };
        let mut total = Bin::default();
        Gated { histogram: self, first, total }.parts().for_each(|part| total.add(part.bin));
        Gated { histogram: self, first, total }
    }

    /// Sum of the powers of the `count` loudest blocks, or of all if there are fewer. Exact but for the bin at the edge, of
    /// which as many blocks as needed count with their average.
    pub(super) fn loudest(&self, count: u64) -> f64 {
        let (mut left, mut power) = (count, 0.0);
        for (group, bins) in self.groups.iter().zip(self.bins.chunks_exact(GROUP)).rev() {
            if group.count <= left {
                left -= group.count;
                power += group.power;
                continue;
            }
            for bin in bins.iter().rev().map(|bin| Bin::of(*bin)).filter(|bin| bin.count > 0) {
                let part = bin.count.min(left);
                left -= part;
                power += bin.mean() * part as f64;
            }
            break;
        }
        power
    }
}

/// A bin or a whole group of the gated part.
struct Part {
    bin: Bin,
    /// Indices of its bins.
    at: core::ops::Range<usize>,
}

impl<'a> Gated<'a> {
    /// Bins up to the end of a group, then groups.
    fn parts(self) -> impl Iterator<Item = Part> + 'a {
        let next_group = self.first.div_ceil(GROUP);
        let bins = (self.first..next_group * GROUP)
            .map(move |at| Part { bin: Bin::of(self.histogram.bins[at]), at: at..at + 1 });
        let groups = (next_group..GROUPS)
            .map(move |group| Part { bin: self.histogram.groups[group], at: group * GROUP..(group + 1) * GROUP });
        bins.chain(groups)
    }

    /// Loudness in LUFS below which this fraction of the blocks lies; −∞ if there are none.
    /// (Tech 3342: the element at the rounded place (n − 1)·fraction, in order of loudness.)
    pub(super) fn percentile_lufs(self, fraction: f64) -> f64 {
        let mut before = (self.total.count.saturating_sub(1) as f64 * fraction).round() as u64;
        let mut holds = |bin: &Bin| {
            let found = before < bin.count;
            if !found {
                before -= bin.count;
            }
            found
        };
        let part = self.parts().find(|part| holds(&part.bin));
        let bins = part.map(|part| self.histogram.bins[part.at].iter().map(|bin| Bin::of(*bin)));
        let bin = bins.and_then(|mut bins| bins.find(|bin| holds(bin)));
        bin.map_or(SILENT, |bin| bin.loudness_lufs())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::db_to_gain;
    use plumb_signals::Noise;

    /// Power whose loudness this is.
    fn power(lufs: f64) -> f64 {
        db_to_gain(lufs + 0.691).powi(2)
    }

    /// The reference: every block kept and sorted.
    struct Sorted(Vec<f64>);

    impl Sorted {
        fn gated(&self, factor: f64) -> Self {
            let loud: Vec<f64> = self.0.iter().copied().filter(|p| power_to_lufs(*p) > -70.0).collect();
            let gate = factor * loud.iter().sum::<f64>() / loud.len() as f64;
            let mut kept: Vec<f64> = loud.into_iter().filter(|p| *p > gate).collect();
            kept.sort_by(f64::total_cmp);
            Self(kept)
        }

        fn percentile_lufs(&self, fraction: f64) -> f64 {
            power_to_lufs(self.0[((self.0.len() - 1) as f64 * fraction).round() as usize])
        }
    }

    #[test]
    fn gates_averages_and_percentiles_equal_those_of_sorted_blocks() {
        for seed in 0..20 {
            let (mut noise, mut histogram, mut all) = (Noise::new(seed), Histogram::new(), Sorted(Vec::new()));
            for _ in 0..5_000 {
                let p = power(-45.0 + 40.0 * noise.tick());
                histogram.add(p);
                all.0.push(p);
            }
            for factor in [0.1, 0.01] {
                let (ours, book) = (histogram.gated(factor), all.gated(factor));
                let mean = power_to_lufs(book.0.iter().sum::<f64>() / book.0.len() as f64);
                // One bin of 0.01 LU holds about one block in 8,000: the edge may move the average by as little.
                assert!((ours.total.loudness_lufs() - mean).abs() < 1e-3, "seed {seed}: {mean}");
                for fraction in [0.0, 0.1, 0.5, 0.95, 1.0] {
                    let off = ours.percentile_lufs(fraction) - book.percentile_lufs(fraction);
                    // A bin, twice: the block's own and the gate's.
                    assert!(off.abs() < 2.0 * BIN_LU, "seed {seed}, {fraction}: {off}");
                }
            }
        }
    }

    #[test]
    fn averages_are_exact_if_no_block_is_at_the_gate() {
        let mut histogram = Histogram::new();
        [-23.456_7, -20.0, -19.999, -50.0, -70.1].iter().for_each(|l| histogram.add(power(*l)));
        let expected = [-23.456_7, -20.0, -19.999].iter().map(|l| power(*l)).sum::<f64>() / 3.0;
        let gated = histogram.gated(0.1);
        assert_eq!(gated.total.count, 3);
        assert!((gated.total.mean() / expected - 1.0).abs() < 1e-14);
    }

    #[test]
    fn the_loudest_equal_those_of_sorted_blocks() {
        let (mut noise, mut histogram, mut all) = (Noise::new(3), Histogram::new(), Vec::new());
        for _ in 0..2_000 {
            let p = power(-30.0 + 20.0 * noise.tick());
            histogram.add(p);
            all.push(p);
        }
        all.sort_by(|a, b| b.total_cmp(a));
        for count in [0, 1, 7, 400, 1999, 2000, 9999] {
            let (ours, book) = (histogram.loudest(count as u64), all.iter().take(count).sum::<f64>());
            // A bin of 0.01 LU is 0.2 % of power, and only the last block may be another of its bin.
            let off = 0.0024 * all[count.clamp(1, 2000) - 1] + 1e-12 * book;
            assert!((ours - book).abs() <= off, "{count}: {ours} against {book}");
        }
    }

    #[test]
    fn reset_empties_everything() {
        let mut histogram = Histogram::new();
        [-69.9, -30.0, -12.345, 29.99, 100.0].iter().for_each(|l| histogram.add(power(*l)));
        histogram.reset();
        assert!(
            histogram.bins.iter().all(|bin| *bin == (0, 0.0))
                && histogram.groups.iter().all(|group| *group == Bin::default())
        );
        assert_eq!((histogram.total, histogram.loudest(9)), (Bin::default(), 0.0));
    }

    #[test]
    fn an_empty_histogram_is_silent() {
        let mut histogram = Histogram::new();
        histogram.add(0.0);
        histogram.add(power(-70.001));
        let gated = histogram.gated(0.1);
        assert_eq!(gated.total.loudness_lufs(), f64::NEG_INFINITY);
        assert_eq!(gated.percentile_lufs(0.5), f64::NEG_INFINITY);
    }

    #[test]
    fn blocks_too_loud_for_the_bins_count_with_their_own_power() {
        let mut histogram = Histogram::new();
        histogram.add(power(100.0));
        histogram.add(power(-20.0));
        assert!((histogram.gated(0.1).total.loudness_lufs() - 100.0).abs() < 1e-9);
    }

    #[test]
    fn a_single_block_is_never_gated() {
        // Covers every boundary between groups.
        for n in 0..10_000 {
            let mut histogram = Histogram::new();
            let lufs = -69.995 + f64::from(n) * BIN_LU;
            if n % 37 == 0 {
                histogram.add(power(lufs));
                assert_eq!(histogram.gated(0.1).total.count, 1, "{lufs}");
                assert!((histogram.gated(0.01).percentile_lufs(0.5) - lufs).abs() < 1e-9, "{lufs}");
            }
        }
    }
}

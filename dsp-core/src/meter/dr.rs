//! DR, the "dynamic range" of record reviews: how far the second largest peak lies above the loud parts.
//!
//! Source: Pleasurize Music Foundation / Algorithmix, "Measuring DR" (the TT Dynamic Range Meter): each channel in
//! blocks of 3 s; DR = 20·log10(second largest peak of a block / RMS of the loudest fifth of the blocks), where RMS is
//! that of AES-17 (a sine reads its peak); the mean of the channels. Reviews round it to a whole number.
//!
//! Its limits: it says nothing about soft passages, peaks are those of samples, and two clipped blocks are enough to
//! pin it. Here only whole blocks count, at every rate of exactly 3 s (that meter takes 3.004 s at 44.1 kHz, and the
//! rest of the file as a block of its own), and a silent channel has no part in the mean.
//!
//! Memory is bounded: levels are sorted into a histogram of 0.01 dB, in which only the block at the edge of the loudest
//! fifth is coarse.

use super::histogram::Histogram;
use super::hops::{HOPS_IN_3_S, HOPS_IN_100_MS};
use crate::Frame;
use crate::units::power_to_db;

/// Steps of 100 ms in a block.
const STEPS: usize = HOPS_IN_3_S / HOPS_IN_100_MS;
/// The loudest one in so many blocks, rounded down, but one at least.
const LOUDEST_ONE_IN: u64 = 5;
/// Power of a sine of full scale, doubled, is 1.
const SINE_REFERENCE: f64 = 2.0;

/// One channel.
#[derive(Clone, Debug)]
struct Channel {
    powers: Histogram,
    /// Largest and second largest peak of a block, linear.
    peaks: [f64; 2],
}

impl Channel {
    fn new() -> Self {
        Self { powers: Histogram::new(), peaks: [0.0; 2] }
    }

    fn reset(&mut self) {
        self.powers.reset();
        self.peaks = [0.0; 2];
    }

    fn add(&mut self, peak: f64, power: f64) {
        self.powers.add(power);
        let [first, second] = self.peaks;
        self.peaks = if peak > first { [peak, first] } else { [first, second.max(peak)] };
    }

    /// In dB, after so many blocks; `None` for silence.
    fn dr_db(&self, blocks: u64) -> Option<f64> {
        let loudest = (blocks / LOUDEST_ONE_IN).max(1);
        let power = SINE_REFERENCE * self.powers.loudest(loudest) / loudest as f64;
        // A single block has but one peak.
        let peak = if blocks == 1 { self.peaks[0] } else { self.peaks[1] };
        Some(power_to_db(peak * peak / power)).filter(|db| db.is_finite())
    }
}

/// A meter that is told, every 100 ms, what others have measured.
#[derive(Clone, Debug)]
pub(super) struct DrMeter {
    mono: bool,
    channels: [Channel; 2],
    /// Of the block under way: steps done, largest samples, sums of squares, frames.
    steps: usize,
    peak: Frame,
    energy: Frame,
    frames: usize,
    blocks: u64,
    now_db: f64,
}

impl DrMeter {
    pub(super) fn new() -> Self {
        Self {
            mono: false,
            channels: [Channel::new(), Channel::new()],
            steps: 0,
            peak: [0.0; 2],
            energy: [0.0; 2],
            frames: 0,
            blocks: 0,
            now_db: f64::NEG_INFINITY,
        }
    }

    pub(super) fn prepare(&mut self, channels: usize) {
        self.mono = channels == 1;
        self.reset();
    }

    pub(super) fn reset(&mut self) {
        self.channels.iter_mut().for_each(Channel::reset);
        self.skip();
        self.blocks = 0;
        self.now_db = f64::NEG_INFINITY;
    }

    /// Begins the block under way anew: what comes next does not follow what came before.
    pub(super) fn skip(&mut self) {
        self.steps = 0;
        self.peak = [0.0; 2];
        self.energy = [0.0; 2];
        self.frames = 0;
    }

    /// Largest samples and sums of squares of the step just done, and how many frames it had.
    pub(super) fn add(&mut self, peak: Frame, energy: Frame, frames: usize) {
        for lane in 0..2 {
            self.peak[lane] = self.peak[lane].max(peak[lane]);
            self.energy[lane] += energy[lane];
        }
        self.frames += frames;
        self.steps += 1;
        if self.steps == STEPS {
            self.end_block();
        }
    }

    fn end_block(&mut self) {
        for ((channel, peak), energy) in self.channels.iter_mut().zip(self.peak).zip(self.energy) {
            channel.add(peak, energy / self.frames as f64);
        }
        self.blocks += 1;
        self.skip();
        let heard = &self.channels[..if self.mono { 1 } else { 2 }];
        let drs = || heard.iter().filter_map(|channel| channel.dr_db(self.blocks));
        let count = drs().count();
        self.now_db = if count == 0 { f64::NEG_INFINITY } else { drs().sum::<f64>() / count as f64 };
    }

    /// Of everything since `reset`, in dB; −∞ while there are not 3 s, or only silence.
    pub(super) fn now_db(&self) -> f64 {
        self.now_db
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::db_to_gain;
    use plumb_signals::Noise;

    /// A step of a level and a peak in both channels.
    fn step(dr: &mut DrMeter, rms_db: [f64; 2], peak: [f64; 2]) {
        let power = rms_db.map(|db| db_to_gain(db).powi(2) / SINE_REFERENCE);
        dr.add(peak, power.map(|power| power * 4800.0), 4800);
    }

    /// By the book: every block kept and sorted.
    fn by_the_book(blocks: &[(f64, f64)]) -> f64 {
        let mut rms: Vec<f64> = blocks.iter().map(|(rms_db, _)| db_to_gain(*rms_db).powi(2)).collect();
        let mut peaks: Vec<f64> = blocks.iter().map(|(_, peak)| *peak).collect();
        rms.sort_by(|a, b| b.total_cmp(a));
        peaks.sort_by(|a, b| b.total_cmp(a));
        let top = (blocks.len() / 5).max(1);
        power_to_db(peaks[1].powi(2) / (rms[..top].iter().sum::<f64>() / top as f64))
    }

    #[test]
    fn a_sine_has_none_and_the_second_largest_peak_counts() {
        let mut dr = DrMeter::new();
        for n in 0..30 * 5 {
            assert_eq!(dr.now_db().is_finite(), n >= 30, "a whole block is needed");
            step(&mut dr, [-6.0; 2], [if n == 0 { 1.0 } else { db_to_gain(-6.0) }; 2]);
        }
        assert!(dr.now_db().abs() < 1e-9, "{}", dr.now_db());
    }

    #[test]
    fn it_is_that_of_all_blocks_sorted() {
        for (seed, count) in [(1, 5), (2, 9), (3, 10), (4, 600)] {
            let (mut dr, mut noise) = (DrMeter::new(), Noise::new(seed));
            let mut channels = [Vec::new(), Vec::new()];
            for _ in 0..count {
                let rms_db = [(); 2].map(|()| -24.0 + 16.0 * noise.tick());
                let peak = [(); 2].map(|()| 0.7 + 0.3 * noise.tick());
                (0..STEPS).for_each(|_| step(&mut dr, rms_db, peak));
                (0..2).for_each(|lane| channels[lane].push((rms_db[lane], peak[lane])));
            }
            let book = channels.iter().map(|blocks| by_the_book(blocks)).sum::<f64>() / 2.0;
            eprintln!("{count} blocks: {:.4}, by the book {book:.4}", dr.now_db());
            // The block at the edge may stand for others of its bin, of 0.01 dB.
            assert!((dr.now_db() - book).abs() < 0.01, "{count} blocks: {} against {book}", dr.now_db());
        }
    }

    #[test]
    fn a_silent_channel_has_no_part_and_silence_no_range() {
        let mut dr = DrMeter::new();
        (0..STEPS).for_each(|_| dr.add([0.0; 2], [0.0; 2], 4800));
        assert_eq!(dr.now_db(), f64::NEG_INFINITY);
        dr.reset();
        (0..STEPS).for_each(|_| step(&mut dr, [-20.0, f64::NEG_INFINITY], [1.0, 0.0]));
        assert!((dr.now_db() - 20.0).abs() < 1e-9, "{}", dr.now_db());
    }

    #[test]
    fn a_skipped_block_leaves_no_trace() {
        let (mut skipped, mut plain) = (DrMeter::new(), DrMeter::new());
        (0..STEPS - 1).for_each(|_| step(&mut skipped, [0.0; 2], [1.0; 2]));
        skipped.skip();
        for dr in [&mut skipped, &mut plain] {
            (0..STEPS).for_each(|_| step(dr, [-20.0; 2], [0.5; 2]));
        }
        assert_eq!(skipped.now_db().to_bits(), plain.now_db().to_bits());
    }
}

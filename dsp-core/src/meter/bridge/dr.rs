//! DR, the "dynamic range" of record reviews: how far the second largest peak lies above the loud parts.
//!
//! Source: Pleasurize Music Foundation / Algorithmix, "Measuring DR" (the TT Dynamic Range Meter): each channel in
//! blocks of 3 s; DR = 20·log10(second largest peak of a block / RMS of the loudest fifth of the blocks), where RMS is
//! that of AES-17 (a sine reads its peak); the mean of the channels. Reviews round it to a whole number.
//!
//! Limits of the method: it ignores soft passages, peaks are those of samples, and two clipped blocks are enough to pin
//! it. Here only whole blocks count, of exactly 3 s at every rate (that meter takes 3.004 s at 44.1 kHz, and the rest of
//! the file as a block of its own), and a silent channel is left out of the mean.
//!
//! Memory is bounded: levels are sorted into a histogram of 0.01 dB, in which only the block at the edge of the loudest
//! fifth is coarse.

use crate::meter::histogram::Histogram;
use crate::meter::hops::{HOPS_IN_3_S, HOPS_IN_100_MS};
use crate::meter::level::Interval;
use crate::meter::readings::SILENT;
use crate::units::power_to_db;

/// Hops of 100 ms in a block.
const HOPS: usize = HOPS_IN_3_S / HOPS_IN_100_MS;
/// One in so many blocks is among the loudest, rounded down, but at least one block.
const LOUDEST_ONE_IN: u64 = 5;
/// Power of a full-scale sine times this is 1.
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

    /// DR in dB after so many blocks; `None` for silence.
    fn dr_db(&self, blocks: u64) -> Option<f64> {
        let loudest = (blocks / LOUDEST_ONE_IN).max(1);
        let power = SINE_REFERENCE * self.powers.loudest(loudest) / loudest as f64;
        // A single block has but one peak.
        let peak = if blocks == 1 { self.peaks[0] } else { self.peaks[1] };
        Some(power_to_db(peak * peak / power)).filter(|db| db.is_finite())
    }
}

/// A DR meter, fed every 100 ms by the level meter.
#[derive(Clone, Debug)]
pub(super) struct DrMeter {
    mono: bool,
    channels: [Channel; 2],
    /// Of the current block: hops and frames so far, peak and energy.
    hops: usize,
    frames: usize,
    block: Interval,
    /// Whole blocks since `reset`.
    blocks: u64,
    /// DR of everything since `reset`, in dB; −∞ before 3 s of signal.
    pub(super) dr_db: f64,
}

impl DrMeter {
    pub(super) fn new() -> Self {
        Self {
            mono: false,
            channels: [Channel::new(), Channel::new()],
            hops: 0,
            frames: 0,
            block: Interval::default(),
            blocks: 0,
            dr_db: SILENT,
        }
    }

    pub(super) fn prepare(&mut self, channels: usize) {
        self.mono = channels == 1;
        self.reset();
    }

    pub(super) fn reset(&mut self) {
        self.channels.iter_mut().for_each(Channel::reset);
        self.restart_block();
        self.blocks = 0;
        self.dr_db = SILENT;
    }

    /// Restarts the current block: what comes next does not follow what came before.
    pub(super) fn restart_block(&mut self) {
        (self.hops, self.frames, self.block) = (0, 0, Interval::default());
    }

    /// Adds the last 100 ms, and how many frames they were.
    pub(super) fn add(&mut self, hop: Interval, frames: usize) {
        for lane in 0..2 {
            self.block.peak[lane] = self.block.peak[lane].max(hop.peak[lane]);
            self.block.energy[lane] += hop.energy[lane];
        }
        self.frames += frames;
        self.hops += 1;
        if self.hops == HOPS {
            self.end_block();
        }
    }

    fn end_block(&mut self) {
        let Interval { peak, energy } = self.block;
        for ((channel, peak), energy) in self.channels.iter_mut().zip(peak).zip(energy) {
            channel.add(peak, energy / self.frames as f64);
        }
        self.blocks += 1;
        self.restart_block();
        let channels = &self.channels[..if self.mono { 1 } else { 2 }];
        let drs = || channels.iter().filter_map(|channel| channel.dr_db(self.blocks));
        let count = drs().count();
        self.dr_db = if count == 0 { SILENT } else { drs().sum::<f64>() / count as f64 };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::db_to_gain;
    use plumb_signals::Noise;

    /// 100 ms of a level and a peak in both channels.
    fn hop(dr: &mut DrMeter, rms_db: [f64; 2], peak: [f64; 2]) {
        let power = rms_db.map(|db| db_to_gain(db).powi(2) / SINE_REFERENCE);
        dr.add(Interval { peak, energy: power.map(|power| power * 4800.0) }, 4800);
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
    fn a_sine_has_0_db_and_the_second_largest_peak_counts() {
        let mut dr = DrMeter::new();
        for n in 0..30 * 5 {
            assert_eq!(dr.dr_db.is_finite(), n >= 30, "a whole block is needed");
            hop(&mut dr, [-6.0; 2], [if n == 0 { 1.0 } else { db_to_gain(-6.0) }; 2]);
        }
        assert!(dr.dr_db.abs() < 1e-9, "{}", dr.dr_db);
    }

    #[test]
    fn dr_equals_that_of_all_blocks_sorted() {
        for (seed, count) in [(1, 5), (2, 9), (3, 10), (4, 600)] {
            let (mut dr, mut noise) = (DrMeter::new(), Noise::new(seed));
            let mut channels = [Vec::new(), Vec::new()];
            for _ in 0..count {
                let rms_db = [(); 2].map(|()| -24.0 + 16.0 * noise.tick());
                let peak = [(); 2].map(|()| 0.7 + 0.3 * noise.tick());
                (0..HOPS).for_each(|_| hop(&mut dr, rms_db, peak));
                (0..2).for_each(|lane| channels[lane].push((rms_db[lane], peak[lane])));
            }
            let book = channels.iter().map(|blocks| by_the_book(blocks)).sum::<f64>() / 2.0;
            eprintln!("{count} blocks: {:.4}, by the book {book:.4}", dr.dr_db);
            // The block at the edge may stand for others of its bin, of 0.01 dB.
            assert!((dr.dr_db - book).abs() < 0.01, "{count} blocks: {} against {book}", dr.dr_db);
        }
    }

    #[test]
    fn a_silent_channel_is_left_out_and_silence_has_no_dr() {
        let mut dr = DrMeter::new();
        (0..HOPS).for_each(|_| dr.add(Interval::default(), 4800));
        assert_eq!(dr.dr_db, f64::NEG_INFINITY);
        dr.reset();
        (0..HOPS).for_each(|_| hop(&mut dr, [-20.0, f64::NEG_INFINITY], [1.0, 0.0]));
        assert!((dr.dr_db - 20.0).abs() < 1e-9, "{}", dr.dr_db);
    }

    #[test]
    fn a_restarted_block_leaves_no_trace() {
        let (mut restarted, mut plain) = (DrMeter::new(), DrMeter::new());
        (0..HOPS - 1).for_each(|_| hop(&mut restarted, [0.0; 2], [1.0; 2]));
        restarted.restart_block();
        for dr in [&mut restarted, &mut plain] {
            (0..HOPS).for_each(|_| hop(dr, [-20.0; 2], [0.5; 2]));
        }
        assert_eq!(restarted.dr_db.to_bits(), plain.dr_db.to_bits());
    }
}

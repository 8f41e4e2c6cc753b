//! The stages a run of frames goes through: what the detector hears, the reductions, the output.

use super::ramps::{At, Of};
use super::{Compressor, Detection, Operation};
use crate::dynamics::detector::{GLANCE, linked};
use crate::dynamics::key::Key;
use crate::frame::{Frame, LIMIT, from_mid_side, sanitise, to_mid_side};
use crate::smooth::CONTROL_FRAMES;

impl Compressor {
    /// Frames up to the next control tick, at most: what the detector hears, then what follows from it.
    pub(super) fn run(&mut self, block: &mut [Frame], external: &[Frame]) {
        self.listen(block, external);
        #[cfg(target_arch = "x86_64")]
        if self.wide {
            // SAFETY: `wide` says that the processor has AVX2.
            return unsafe { self.compress_wide(block) };
        }
        self.compress(block);
    }

    /// Makes the run's key of the block or the sidechain.
    fn listen(&mut self, block: &mut [Frame], external: &[Frame]) {
        let frames = block.len();
        let (mid_side, key) = (self.settings.operation == Operation::MidSide, &mut self.run_key[..frames]);
        let encoded = |frame: Frame| if mid_side { to_mid_side(frame) } else { frame };
        match self.settings.key {
            Key::Internal => self.key_filter.process(key, |n| {
                block[n] = clean(block[n]);
                encoded(block[n])
            }),
            Key::External => {
                block.iter_mut().for_each(|frame| *frame = clean(*frame));
                self.key_filter.process(key, |n| external.get(n).map_or([0.0; 2], |frame| encoded(clean(*frame))));
            }
        }
        if self.ramps.moving || self.ramps.at(CONTROL_FRAMES).heard()[0] > 0.0 || self.key_delay.frames() > 0 {
            let heard = &mut self.run_heard[..frames];
            for (heard, key) in heard.iter_mut().zip(&*key) {
                *heard = if mid_side { from_mid_side(*key) } else { *key };
            }
            self.key_delay.process(heard);
        }
        if self.settings.detector == Detection::Rms {
            self.power.process(key);
        }
    }

    /// The same operations on more lanes at once: the same output to the last bit.
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2")]
    fn compress_wide(&mut self, block: &mut [Frame]) {
        self.compress(block);
    }

    /// From the run's key to the output. What it calls is inlined, so that it is compiled for the lanes there are.
    #[inline(always)]
    fn compress(&mut self, block: &mut [Frame]) {
        let lanes = self.follow(block.len());
        self.dry_delay.process(block);
        self.output.run(&self.ramps, self.phase, block, &self.run_heard, &mut self.run_lanes, lanes);
    }

    /// Finds the reductions of a run; returns how many lanes have their own.
    #[inline(always)]
    fn follow(&mut self, frames: usize) -> usize {
        // Both lanes have one target: the second is the first.
        let linked = [0, CONTROL_FRAMES].iter().all(|at| self.ramps.at(*at).get(Of::Link) >= 1.0);
        let lanes = if linked && self.followers[0] == self.followers[1] { 1 } else { 2 };
        let mut at = 0;
        while at < frames {
            let steady = at + self.detector.pass_over(&self.run_key[at..frames]);
            // Then frame by frame: a new part, or a glance with a rise in it.
            let rising = frames.min(steady + if self.detector.is_at_part() { 1 } else { GLANCE });
            for n in steady..rising {
                if self.detector.tick(self.run_key[n]) {
                    self.follow_target(lanes, at, n);
                    self.level_db = self.detector.own_levels_db();
                    self.aim();
                    at = n;
                }
            }
            self.follow_target(lanes, at, rising);
            at = rising;
        }
        if lanes == 1 {
            self.followers[1] = self.followers[0];
        }
        lanes
    }

    /// Follows what the curve asks for at the present level, from a frame of the run to before another.
    #[inline(always)]
    fn follow_target(&mut self, lanes: usize, from: usize, to: usize) {
        let [start_db, end_db] = self.target_db;
        for (lane, reductions_db) in self.run_lanes.iter_mut().enumerate().take(lanes) {
            let (follower, reductions_db) = (&mut self.followers[lane], &mut reductions_db[from..to]);
            if !self.ramps.moving {
                follower.run(&self.law, end_db[lane], reductions_db);
                continue;
            }
            for (n, reduction_db) in (self.phase + from + 1..).zip(reductions_db.chunks_exact_mut(1)) {
                let left = 1.0 - n as f64 * (1.0 / CONTROL_FRAMES as f64);
                follower.run(&self.law, end_db[lane] + left * (start_db[lane] - end_db[lane]), reduction_db);
            }
        }
    }

    /// What the curve asks for at the present level, at both ends of this control step.
    #[inline(always)]
    pub(super) fn aim(&mut self) {
        let ask = |at: At<'_>| {
            let curve = at.curve();
            linked(self.level_db, at.get(Of::Link)).map(|level_db| curve.reduction_db(level_db))
        };
        let end_db = ask(self.ramps.at(CONTROL_FRAMES));
        self.target_db = [if self.ramps.moving { ask(self.ramps.at(0)) } else { end_db }, end_db];
    }
}

/// [`sanitise`], as quickly as can be where there is nothing to do.
#[inline(always)]
fn clean(frame: Frame) -> Frame {
    if frame[0].abs() <= LIMIT && frame[1].abs() <= LIMIT { frame } else { sanitise(frame) }
}

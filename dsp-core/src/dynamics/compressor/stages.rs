//! The stages a run of frames goes through: what the detector hears, the reductions, the output.

use super::ramps::{Curve, Of, frames_left};
use super::{Compressor, Detection, Operation};
use crate::dynamics::detector::linked;
use crate::dynamics::key::Key;
use crate::frame::{Frame, from_mid_side, sanitise_all, to_mid_side};
use crate::simd::{Kernel, Simd};
use crate::smooth::CONTROL_FRAMES;

/// [`Compressor::compress`]. Nothing is fused: the bits are those of any processor.
struct Run<'a>(&'a mut Compressor, &'a mut [Frame], &'a [Frame]);

impl Kernel for Run<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self) {
        self.0.compress(self.1, self.2);
    }
}

impl Compressor {
    /// Frames up to the next control tick, at most: what the detector hears, then what follows from it.
    pub(super) fn run(&mut self, block: &mut [Frame], external: &[Frame]) {
        self.isa.run(Run(self, block, external));
    }

    /// Makes the run's key: given the block, which it is unless the sidechain is.
    #[inline(always)]
    fn listen(&mut self, key: &mut [Frame], external: &[Frame]) {
        let (frames, mid_side) = (key.len(), self.settings.operation == Operation::MidSide);
        if self.settings.key == Key::External {
            let given = external.len().min(frames);
            key[..given].copy_from_slice(&external[..given]);
            key[given..].fill([0.0; 2]);
            sanitise_all(key);
        }
        if mid_side {
            key.iter_mut().for_each(|frame| *frame = to_mid_side(*frame));
        }
        self.key_filter.filter(key);
        if !self.ramps.line(Of::HearKey).is_nothing() || self.key_delay.frames() > 0 {
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

    /// From the key to the output. What it calls is inlined, so that it is compiled for the lanes there are.
    #[inline(always)]
    fn compress(&mut self, block: &mut [Frame], external: &[Frame]) {
        sanitise_all(block);
        // On the stack, which stays in the nearest cache from one instance to the next.
        let mut key = copied(block);
        let key = &mut key[..block.len()];
        self.listen(key, external);
        let lanes = self.follow(key);
        self.dry_delay.process(block);
        self.output.run(&self.ramps, self.phase, block, &self.run_heard, &mut self.run_lanes, lanes);
    }

    /// Finds the reductions of a run; returns how many lanes have their own.
    #[inline(always)]
    fn follow(&mut self, key: &[Frame]) -> usize {
        // Both lanes have one target: the second is the first.
        let linked = self.ramps.curves().iter().all(|curve| curve.link >= 1.0);
        let lanes = if linked && self.followers[0] == self.followers[1] { 1 } else { 2 };
        let (mut from, mut heard) = (0, 0);
        loop {
            let to = heard + self.detector.until_move(&key[heard..], heard > 0);
            self.follow_target(lanes, from, to);
            if to == key.len() {
                break;
            }
            self.level_db = self.detector.own_levels_db();
            self.aim();
            (from, heard) = (to, to + 1);
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
            if start_db[lane] == end_db[lane] {
                follower.run(&self.law, end_db[lane], reductions_db);
                continue;
            }
            for (n, target_db) in (self.phase + from..).zip(&mut *reductions_db) {
                *target_db = end_db[lane] + frames_left(n) * (start_db[lane] - end_db[lane]);
            }
            follower.run_along(&self.law, reductions_db);
        }
    }

    /// What the curve asks for at the present level, at both ends of this control step.
    #[inline(always)]
    pub(super) fn aim(&mut self) {
        let ask = |curve: &Curve| linked(self.level_db, curve.link).map(|level_db| curve.gain.reduction_db(level_db));
        let [start, end] = self.ramps.curves();
        let end_db = ask(&end);
        self.target_db = [if self.ramps.moving { ask(&start) } else { end_db }, end_db];
    }
}

/// A run of frames, which is mostly a whole control step: then nothing has to be cleared first.
#[inline(always)]
fn copied(block: &[Frame]) -> [Frame; CONTROL_FRAMES] {
    if let Some(whole) = block.first_chunk() {
        return *whole;
    }
    let mut copy = [[0.0; 2]; CONTROL_FRAMES];
    copy[..block.len()].copy_from_slice(block);
    copy
}

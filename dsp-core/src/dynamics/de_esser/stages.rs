//! The stages a run of frames goes through: filter, reductions, what is taken away. One stage after the other over a
//! whole run, so that a stage keeps its state in registers and works on several frames at once.

use super::running::DeEsser;
use crate::Frame;
use crate::dynamics::detector::linked;
use crate::frame::sanitise_all;
use crate::simd::decibel::db_to_gains;
use crate::simd::{Kernel, Simd};
use crate::smooth::CONTROL_FRAMES;

/// Numbers that are made to gains together.
const PACK: usize = 4;

/// [`DeEsser::run_stages`]. Nothing is fused: the bits are those of any processor.
struct Run<'a>(&'a mut DeEsser, &'a mut [Frame]);

impl Kernel for Run<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self) {
        self.0.run_stages(self.1);
    }
}

impl DeEsser {
    /// Frames up to the next look at the programme, in place.
    pub(super) fn run(&mut self, block: &mut [Frame]) {
        self.isa.run(Run(self, block));
    }

    #[inline(always)]
    fn run_stages(&mut self, block: &mut [Frame]) {
        let frames = block.len();
        sanitise_all(block);
        self.glide.run(block, &mut self.parts);
        self.programme.hear(block);
        let (moving, on) = (self.ramps.moving, [self.ramps.on.value(); CONTROL_FRAMES]);
        if moving {
            self.ramps.run(frames, &mut self.moves);
        }
        let lanes = self.follow(frames, moving);
        let nothing = self.reductions_db[..lanes].iter().all(|lane| lane[..frames].iter().all(|db| *db == 0.0));
        let listens = self.ramps.listens();
        if nothing && !listens {
            return;
        }
        for lane in self.reductions_db.iter_mut().take(lanes) {
            let (packs, _) = lane.as_chunks_mut::<PACK>();
            let (ons, _) = if moving { &self.moves.on } else { &on }.as_chunks::<PACK>();
            for (pack, on) in packs.iter_mut().zip(ons).take(frames.div_ceil(PACK)) {
                pack.iter_mut().zip(on).for_each(|(reduction_db, on)| *reduction_db *= -0.5 * on);
                *pack = db_to_gains(*pack);
            }
        }
        let wide = &mut self.moves.wide;
        if !moving {
            wide.fill(self.ramps.wide.value());
        }
        if listens || wide[0] != 0.0 || wide[frames - 1] != 0.0 {
            self.take_any(block, lanes, listens);
        } else {
            self.take_split(block, lanes);
        }
    }

    /// Finds the reductions of a run; returns how many channels have their own.
    #[inline(always)]
    fn follow(&mut self, frames: usize, moving: bool) -> usize {
        // Both channels have one target: the second is the first.
        let linked = self.ramps.link.value() >= 1.0 && (!moving || self.moves.link[0] >= 1.0);
        let one = linked && self.followers[0] == self.followers[1];
        let lanes = if one { 1 } else { 2 };
        let (mut from, mut heard) = (0, 0);
        loop {
            let to = heard + self.detector.until_move(&self.parts.high[heard..frames], heard > 0);
            self.follow_target(lanes, moving, from, to);
            if to == frames {
                break;
            }
            self.band_db = self.detector.own_levels_db();
            self.aim();
            (from, heard) = (to, to + 1);
        }
        if one {
            self.followers[1] = self.followers[0];
        }
        lanes
    }

    /// Follows what the law asks for at the present levels, from a frame of the run to before another.
    #[inline(always)]
    fn follow_target(&mut self, lanes: usize, moving: bool, from: usize, to: usize) {
        let moves = &self.moves;
        for lane in 0..lanes {
            let (follower, reductions_db) = (&mut self.followers[lane], &mut self.reductions_db[lane][from..to]);
            if moving && from == to {
                // The level moves at the first frame of a run, and runs begin where blocks are cut: nothing is aimed at.
                continue;
            }
            if !moving || !self.programme.is_known() {
                follower.run(&self.times, self.target_db[lane], reductions_db);
                continue;
            }
            let excess_db = |link: f64| linked(self.band_db, link)[lane] - linked(self.programme_db, link)[lane];
            let (first_db, link_moves) = (excess_db(moves.link[from]), moves.link[from] != moves.link[to - 1]);
            if link_moves {
                for (n, target_db) in (from..to).zip(&mut *reductions_db) {
                    *target_db = moves.reduction_db(n, excess_db(moves.link[n]));
                }
            } else {
                moves.reductions_db(from, first_db, reductions_db);
            }
            follower.run_along(&self.times, reductions_db);
        }
    }

    /// Takes away what lies above the frequency.
    #[inline(always)]
    fn take_split(&self, block: &mut [Frame], lanes: usize) {
        let roots = [&self.reductions_db[0], &self.reductions_db[lanes - 1]];
        let parts = self.parts.middle.iter().zip(&self.parts.high);
        for ((frame, (middle, high)), (left, right)) in block.iter_mut().zip(parts).zip(roots[0].iter().zip(roots[1])) {
            *frame = [
                frame[0] - ((1.0 - left) * middle[0] + (1.0 - left * left) * high[0]),
                frame[1] - ((1.0 - right) * middle[1] + (1.0 - right * right) * high[1]),
            ];
        }
    }

    /// Takes away what is asked for, or plays what is listened to instead.
    #[inline(always)]
    fn take_any(&mut self, block: &mut [Frame], lanes: usize, listens: bool) {
        for (n, frame) in block.iter_mut().enumerate() {
            let (input, high, middle) = (*frame, self.parts.high[n], self.parts.middle[n]);
            let roots = [self.reductions_db[0][n], self.reductions_db[lanes - 1][n]];
            let mut removed = [0.0; 2];
            for ch in 0..2 {
                let above = 1.0 - roots[ch] * roots[ch];
                let split = (1.0 - roots[ch]) * middle[ch] + above * high[ch];
                removed[ch] = split + self.moves.wide[n] * (above * input[ch] - split);
                frame[ch] = input[ch] - removed[ch];
            }
            if listens {
                self.ramps.listen.tick();
                *frame = self.ramps.listen.heard(*frame, high, removed);
            }
        }
    }
}

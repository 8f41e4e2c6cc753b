//! The stages a run of frames goes through: what is listened to, reductions, gains, what is played. One stage after the
//! other over a whole run, so that a stage keeps its state in registers and works on several frames at once.

use super::ramps::Moves;
use super::{Gate, Mode};
use crate::Frame;
use crate::Stage;
use crate::frame::sanitise_all;
use crate::simd::decibel::db_to_gains;
use crate::simd::{Kernel, Simd};
use crate::smooth::CONTROL_FRAMES;

/// Numbers that are made to gains together.
const PACK: usize = 4;

/// One number for every frame of a run.
type Numbers = [f64; CONTROL_FRAMES];

/// [`Gate::run_stages`]. Nothing is fused: the bits are those of any processor.
struct Run<'a>(&'a mut Gate, &'a mut [Frame], &'a [Frame]);

impl Kernel for Run<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self) {
        self.0.run_stages(self.1, self.2);
    }
}

impl Gate {
    /// At most [`CONTROL_FRAMES`].
    pub(super) fn run(&mut self, block: &mut [Frame], external: &[Frame]) {
        self.isa.run(Run(self, block, external));
    }

    #[inline(always)]
    fn run_stages(&mut self, block: &mut [Frame], external: &[Frame]) {
        sanitise_all(block);
        let mut key = [[0.0; 2]; CONTROL_FRAMES];
        let key = &mut key[..block.len()];
        self.listen(key, block, external);
        if self.ramps.asked(self.settings.mode == Mode::Expand) {
            return self.run_moving(block, key);
        }
        let moving = self.ramps.moving;
        if moving {
            self.ramps.pass(block.len());
        }
        let mut gains = [0.0; CONTROL_FRAMES];
        let rests = self.follow(key, &mut gains, None);
        if !rests {
            self.gain = to_gains(&mut gains, &[self.ramps.on.value(); CONTROL_FRAMES], block.len());
        }
        if self.lookahead_frames > 0 || !self.ramps.listen.is_off() {
            let gains = if rests { &[self.gain; CONTROL_FRAMES] } else { &gains };
            self.play(block, key, gains, 0);
        } else if !rests {
            block.iter_mut().zip(&gains).for_each(|(frame, gain)| *frame = [frame[0] * gain, frame[1] * gain]);
        } else if self.gain != 1.0 {
            block.as_flattened_mut().iter_mut().for_each(|x| *x *= self.gain);
        }
        if moving {
            self.look();
        }
    }

    /// The same while parameters move.
    #[inline(never)]
    fn run_moving(&mut self, block: &mut [Frame], key: &mut [Frame]) {
        let (mut gains, mut moves, waiting) = ([0.0; CONTROL_FRAMES], Moves::new(), self.ramps.waiting());
        self.ramps.run(block.len(), self.settings.mode == Mode::Expand, &mut moves);
        self.follow(key, &mut gains, Some(&moves));
        self.gain = to_gains(&mut gains, &moves.on, block.len());
        self.play(block, key, &gains, waiting);
        self.look();
    }

    /// Sees what has arrived.
    fn look(&mut self) {
        self.ramps.look();
        if self.ramps.is_off() {
            self.rest();
            self.idle = true;
        }
    }

    /// Finds the reductions of a run; returns whether there is but one, the present one.
    #[inline(always)]
    fn follow(&mut self, key: &[Frame], reductions_db: &mut Numbers, moves: Option<&Moves>) -> bool {
        let (expands, mut rests) = (self.settings.mode == Mode::Expand, moves.is_none());
        let (mut from, mut heard) = (0, 0);
        loop {
            let (asked_db, passes) = (self.asked_db(), self.passes());
            let key = &key[heard..];
            let frames = if expands { self.detector.until_move(key, heard > 0) } else { self.door.until_move(key) };
            let to = heard + frames;
            let segment = &mut reductions_db[from..to];
            match moves {
                None => {
                    rests &= self.follower.rests_on(asked_db);
                    self.follower.run(&self.times, asked_db, segment);
                }
                Some(moves) => {
                    if expands {
                        moves.expand(from, self.level_db, segment);
                        self.expansion_db = segment.last().copied().unwrap_or(self.expansion_db);
                    } else if passes {
                        segment.fill(0.0);
                    } else {
                        segment.copy_from_slice(&moves.range_db[from..to]);
                    }
                    self.follower.run_along(&self.times, segment);
                }
            }
            if frames == key.len() {
                return rests;
            }
            if expands {
                [self.level_db, _] = self.detector.levels_db(1.0);
                self.expansion_db = self.ramps.expander().reduction_db(self.level_db);
            }
            (from, heard) = (to, to + 1);
        }
    }

    /// A run of the result, or what is listened to instead.
    fn play(&mut self, block: &mut [Frame], key: &mut [Frame], gains: &Numbers, waiting: usize) {
        self.input.process(block);
        self.heard_key.process(key);
        let listens = !(self.ramps.listen.is_off() && self.ramps.listen.is_settled());
        for (n, (frame, key)) in block.iter_mut().zip(key).enumerate() {
            let input = *frame;
            *frame = [input[0] * gains[n], input[1] * gains[n]];
            if listens {
                if n >= waiting {
                    self.ramps.listen.tick();
                }
                *frame = self.ramps.listen.heard(*frame, *key, [input[0] - frame[0], input[1] - frame[1]]);
            }
        }
    }

    /// What the detector hears of a run.
    #[inline(always)]
    fn listen(&mut self, key: &mut [Frame], block: &[Frame], external: &[Frame]) {
        key.copy_from_slice(block);
        if self.uses_sidechain() {
            let mut outer = [[0.0; 2]; CONTROL_FRAMES];
            let given = external.len().min(block.len());
            outer[..given].copy_from_slice(&external[..given]);
            sanitise_all(&mut outer);
            for (key, outer) in key.iter_mut().zip(outer) {
                let share = self.external.tick();
                *key =
                    if share < 1.0 { [0, 1].map(|lane| key[lane] + share * (outer[lane] - key[lane])) } else { outer };
            }
        }
        self.key_filter.filter(key);
    }
}

/// Reductions in dB as gains, in place; returns the last of `frames`.
#[inline(always)]
fn to_gains(reductions_db: &mut Numbers, wet: &Numbers, frames: usize) -> f64 {
    let (packs, _) = reductions_db.as_chunks_mut::<PACK>();
    let (wets, _) = wet.as_chunks::<PACK>();
    for (pack, wet) in packs.iter_mut().zip(wets).take(frames.div_ceil(PACK)) {
        pack.iter_mut().for_each(|db| *db = -*db);
        let gains = db_to_gains(*pack);
        for ((pack, gain), wet) in pack.iter_mut().zip(gains).zip(wet) {
            *pack = (1.0 - wet) + wet * gain;
        }
    }
    reductions_db[frames - 1]
}

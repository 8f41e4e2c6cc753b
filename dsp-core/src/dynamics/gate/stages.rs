//! The stages a run of frames goes through: what the detector hears, reductions, gains, what is played.

use super::ramps::Moves;
use super::{Gate, Mode};
use crate::Frame;
use crate::dynamics::detector::louder;
use crate::dynamics::key::{self, Key};
use crate::dynamics::wet_gain::db_to_gain;
use crate::smooth::CONTROL_FRAMES;

impl Gate {
    /// At most [`CONTROL_FRAMES`].
    #[inline]
    pub(super) fn run(&mut self, block: &mut [Frame], external: Option<&[Frame]>) {
        let mut keys = [[0.0; 2]; CONTROL_FRAMES];
        let keys = &mut keys[..block.len()];
        self.listen(keys, block, external);
        let (moving, waiting) = (self.ramps.moving, self.ramps.waiting());
        let (mut gains, mut wet) = ([0.0; CONTROL_FRAMES], [1.0; CONTROL_FRAMES]);
        let settled = if moving {
            self.follow::<true>(&mut gains, &mut wet, keys)
        } else {
            self.follow::<false>(&mut gains, &mut wet, keys)
        };
        if settled {
            gains = [self.gain; CONTROL_FRAMES];
        } else {
            self.gain = to_gains(&mut gains, &wet, block.len());
        }
        if self.lookahead_frames > 0 || !self.ramps.listen.is_off() || !self.ramps.listen.is_settled() {
            self.play(block, keys, &gains, waiting);
        } else if !settled || self.gain != 1.0 {
            block.iter_mut().zip(gains).for_each(|(frame, gain)| *frame = [frame[0] * gain, frame[1] * gain]);
        }
        if moving {
            self.ramps.look();
        }
        if self.ramps.is_off() {
            self.rest();
            self.idle = true;
        }
    }

    /// Reductions of a run in dB and how much of them is applied; whether nothing of both moved. Parameters may move
    /// from one frame to the next, or are shared by all.
    #[inline]
    fn follow<const MOVING: bool>(
        &mut self,
        reductions_db: &mut [f64; CONTROL_FRAMES],
        wet: &mut [f64; CONTROL_FRAMES],
        keys: &[Frame],
    ) -> bool {
        // In registers meanwhile.
        let (mut door, mut ballistics, mut settled) = (self.door, self.ballistics, !MOVING);
        let (mode, mut range_db) = (self.settings.mode, self.ramps.range_db.value());
        let expander = self.ramps.expander();
        let mut moves = Moves::new();
        if MOVING {
            self.ramps.run(keys.len(), mode == Mode::Expand, &mut moves);
            *wet = moves.on;
        }
        for (n, key) in keys.iter().enumerate() {
            if MOVING {
                range_db = moves.range_db[n];
            }
            let level = louder(*key);
            let open = door.tick(level);
            let target_db = if mode == Mode::Expand {
                let rises = self.detector.tick([level; 2]);
                if rises {
                    [self.level_db, _] = self.detector.levels_db(1.0);
                }
                if MOVING {
                    self.expansion_db = moves.expansion_db(n, self.level_db);
                } else if rises {
                    self.expansion_db = expander.reduction_db(self.level_db);
                }
                self.expansion_db
            } else if open == (mode == Mode::Gate) {
                0.0
            } else {
                range_db
            };
            // Arrived: the gain is what it was.
            if ballistics.reduction_db() != [target_db] {
                ballistics.tick([target_db]);
                settled = false;
            }
            [reductions_db[n]] = ballistics.reduction_db();
        }
        (self.door, self.ballistics) = (door, ballistics);
        settled
    }

    /// A run of the result, or what is listened to instead.
    #[inline]
    fn play(&mut self, block: &mut [Frame], keys: &[Frame], gains: &[f64], waiting: usize) {
        let (late, mut listen) = (self.lookahead_frames > 0, self.ramps.listen);
        let listens = !(listen.is_off() && listen.is_settled());
        for (n, (frame, key)) in block.iter_mut().zip(keys).enumerate() {
            let (mut input, mut key) = (*frame, *key);
            if late {
                (input, key) = (self.input.tick(input), self.heard_key.tick(key));
            }
            let output = [input[0] * gains[n], input[1] * gains[n]];
            *frame = output;
            if listens {
                if n >= waiting {
                    listen.tick();
                }
                *frame = listen.heard(output, key, [input[0] - output[0], input[1] - output[1]]);
            }
        }
        self.ramps.listen = listen;
    }

    /// What the detector hears of a run.
    #[inline]
    fn listen(&mut self, keys: &mut [Frame], block: &[Frame], external: Option<&[Frame]>) {
        let outer = |n: usize, input| key::frame(Key::External, input, external, n);
        if !self.external.is_settled() {
            let share = &mut self.external;
            self.key_filter.process(keys, |n| {
                let (share, input, outer) = (share.tick(), block[n], outer(n, block[n]));
                [0, 1].map(|lane| input[lane] + share * (outer[lane] - input[lane]))
            });
        } else if self.external.value() == 0.0 {
            self.key_filter.process(keys, |n| block[n]);
        } else {
            self.key_filter.process(keys, |n| outer(n, block[n]));
        }
    }
}

/// Reductions in dB as gains, in place and two at a time; returns the last of `frames`.
#[inline]
fn to_gains(reductions_db: &mut [f64; CONTROL_FRAMES], wet: &[f64; CONTROL_FRAMES], frames: usize) -> f64 {
    for (pair, on) in reductions_db.chunks_exact_mut(2).zip(wet.chunks_exact(2)).take(frames.div_ceil(2)) {
        let gains = db_to_gain([-pair[0], -pair[1]]);
        pair.copy_from_slice(&[(1.0 - on[0]) + on[0] * gains[0], (1.0 - on[1]) + on[1] * gains[1]]);
    }
    reductions_db[frames - 1]
}

//! From reductions to sound: gains, mid/side, harmonics, mix, make-up and what is listened to.
//!
//! Each step processes a whole run, so that it vectorises. Parameters are straight lines, also those that do not move.

use super::harmonics::Harmonics;
use super::ramps::{Of, Ramps};
use crate::Frame;
use crate::dynamics::ramps::{Line, frames_left};
use crate::dynamics::reduction::to_gains;
use crate::simd::decibel::db_to_gains;
use crate::smooth::CONTROL_FRAMES;

/// Buffer for a run.
type Run = [Frame; CONTROL_FRAMES];

/// The last step.
#[derive(Clone, Debug)]
pub(super) struct Output {
    harmonics: Harmonics,
    /// The last reduction of each lane that a gain was computed for, and that gain.
    known: [(f64, f64); 2],
    /// Buffers: gains of the channels, wet signal, harmonics.
    gains: Run,
    wet: Run,
    made: Run,
}

impl Output {
    pub(super) fn new(sample_rate_hz: f64) -> Self {
        let room = [[0.0; 2]; CONTROL_FRAMES];
        let harmonics = Harmonics::new(sample_rate_hz);
        Self { harmonics, known: [(0.0, 1.0); 2], gains: room, wet: room, made: room }
    }

    pub(super) fn forget(&mut self) {
        self.harmonics.forget();
    }

    /// A run that begins `phase` frames after the control tick. `reductions_db` become gains; with one lane both
    /// channels share the first.
    #[inline(always)]
    pub(super) fn run(
        &mut self,
        ramps: &Ramps,
        phase: usize,
        block: &mut [Frame],
        key: &[Frame],
        reductions_db: &mut [[f64; CONTROL_FRAMES]; 2],
        lanes: usize,
    ) {
        let frames = block.len();
        for (lane, known) in reductions_db.iter_mut().zip(&mut self.known).take(lanes) {
            known_gains(lane, frames, known);
        }
        let ([left, right], shared) = (&*reductions_db, lanes == 1);
        let gains = [left, if shared { left } else { right }];
        let [on, mix, mid_side, harmonics] = [Of::On, Of::Mix, Of::MidSide, Of::Harmonics].map(|of| ramps.line(of));
        let heard = [Of::HearKey, Of::HearRemoved].map(|of| ramps.line(of));
        let makeup = ramps.makeup();
        if !mid_side.is_zero() || !harmonics.is_zero() || !heard.iter().all(Line::is_zero) {
            let mixed = Mixed { on, mix, makeup, mid_side, harmonics, heard };
            return self.run_all(&mixed, phase, block, key, gains);
        }
        if on.is_still() && mix.is_still() && makeup.is_still() {
            let (wet, makeup) = (on.to * mix.to, makeup.to);
            // Exactly 1 where there is nothing to do.
            let whole = |gain: f64| 1.0 + wet * (makeup * gain - 1.0);
            for ((frame, left), right) in block.iter_mut().zip(gains[0]).zip(gains[1]) {
                *frame = [frame[0] * whole(*left), frame[1] * whole(*right)];
            }
            return;
        }
        for (n, (frame, (left, right))) in block.iter_mut().zip(gains[0].iter().zip(gains[1])).enumerate() {
            let left_over = frames_left(phase + n);
            let (wet, makeup) = (on.at(left_over) * mix.at(left_over), makeup.at(left_over));
            let whole = |gain: f64| 1.0 + wet * (makeup * gain - 1.0);
            *frame = [frame[0] * whole(*left), frame[1] * whole(*right)];
        }
    }

    /// A run with everything in use.
    #[inline(always)]
    fn run_all(
        &mut self,
        mixed: &Mixed,
        phase: usize,
        block: &mut [Frame],
        key: &[Frame],
        [left, right]: [&[f64; CONTROL_FRAMES]; 2],
    ) {
        let frames = block.len();
        let (gains, wet) = (&mut self.gains[..frames], &mut self.wet[..frames]);
        for (gains, (left, right)) in gains.iter_mut().zip(left.iter().zip(right)) {
            *gains = [*left, *right];
        }
        if mixed.mid_side.is_zero() {
            for ((wet, dry), gains) in wet.iter_mut().zip(&*block).zip(&*gains) {
                *wet = [gains[0] * dry[0], gains[1] * dry[1]];
            }
        } else {
            // Mid and side with their gains, decoded: each channel by the mean, and the other by half the difference.
            for (n, ((wet, dry), gains)) in wet.iter_mut().zip(&*block).zip(&mut *gains).enumerate() {
                let mid_side = mixed.mid_side.at(frames_left(phase + n));
                let (mean, across) = (0.5 * (gains[0] + gains[1]), 0.5 * mid_side * (gains[0] - gains[1]));
                *gains = [gains[0] + mid_side * (mean - gains[0]), gains[1] + mid_side * (mean - gains[1])];
                *wet = [gains[0] * dry[0] + across * dry[1], gains[1] * dry[1] + across * dry[0]];
            }
        }
        if !mixed.harmonics.is_zero() {
            let made = &mut self.made[..frames];
            self.harmonics.run(block, gains, made);
            for (n, (wet, made)) in wet.iter_mut().zip(made).enumerate() {
                let harmonics = mixed.harmonics.at(frames_left(phase + n));
                *wet = [wet[0] + harmonics * made[0], wet[1] + harmonics * made[1]];
            }
        }
        let Mixed { on, mix, makeup, heard: [hear_key, hear_removed], .. } = *mixed;
        let listens = !hear_key.is_zero() || !hear_removed.is_zero();
        for (n, (frame, wet)) in block.iter_mut().zip(&*wet).enumerate() {
            let (dry, left_over) = (*frame, frames_left(phase + n));
            let on = on.at(left_over);
            let (share, makeup) = (on * mix.at(left_over), makeup.at(left_over));
            for ch in 0..2 {
                let result = dry[ch] + share * (makeup * wet[ch] - dry[ch]);
                frame[ch] = result;
                if listens {
                    let removed = share * (dry[ch] - wet[ch]);
                    let (to_key, to_removed) = (on * hear_key.at(left_over), on * hear_removed.at(left_over));
                    frame[ch] += to_key * (key[n][ch] - result) + to_removed * (removed - result);
                }
            }
        }
    }
}

/// All parameters of the last step.
#[derive(Clone, Copy)]
struct Mixed {
    on: Line,
    mix: Line,
    makeup: Line,
    mid_side: Line,
    harmonics: Line,
    heard: [Line; 2],
}

/// Converts reductions in dB to gains; a constant reduction is converted once.
#[inline(always)]
fn known_gains(lane: &mut [f64; CONTROL_FRAMES], frames: usize, known: &mut (f64, f64)) {
    let first_db = lane[0];
    if lane[frames - 1] == first_db && lane[..frames].iter().all(|reduction_db| *reduction_db == first_db) {
        if known.0 != first_db {
            let [gain] = db_to_gains([-first_db]);
            *known = (first_db, gain);
        }
        lane[..frames].fill(known.1);
        return;
    }
    lane.iter_mut().for_each(|reduction_db| *reduction_db = -*reduction_db);
    to_gains(lane, frames);
}

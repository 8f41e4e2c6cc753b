//! From reductions to sound: gains, mid/side, harmonics, mix, make-up and what is listened to.

use super::harmonics::Harmonics;
use super::ramps::{At, Of, Ramps};
use crate::Frame;
use crate::dynamics::wet_gain::db_to_gain;
use crate::smooth::CONTROL_FRAMES;

/// Numbers that are made to gains together.
const PACK: usize = 4;

/// The last stage.
#[derive(Clone, Debug)]
pub(super) struct Output {
    harmonics: Harmonics,
    /// The last reduction of each lane that a gain was computed for, and that gain.
    known: [(f64, f64); 2],
}

impl Output {
    pub(super) fn new(sample_rate_hz: f64) -> Self {
        Self { harmonics: Harmonics::new(sample_rate_hz), known: [(0.0, 1.0); 2] }
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
            to_gains(lane, frames, known);
        }
        let end = ramps.at(CONTROL_FRAMES);
        let plain = end.get(Of::MidSide) == 0.0 && end.get(Of::Harmonics) == 0.0 && end.heard() == [0.0; 2];
        let ([left, right], shared) = (&*reductions_db, lanes == 1);
        let right = if shared { left } else { right };
        if plain && !ramps.moving {
            let (wet, makeup) = (end.wet(), end.makeup());
            // Exactly 1 where there is nothing to do.
            let whole = |gain: f64| 1.0 + wet * (makeup * gain - 1.0);
            for ((frame, left), right) in block.iter_mut().zip(left).zip(right) {
                *frame = [frame[0] * whole(*left), frame[1] * whole(*right)];
            }
            return;
        }
        let steady = Mix::of(end);
        for (n, ((frame, gains), key)) in block.iter_mut().zip(left.iter().zip(right)).zip(key).enumerate() {
            let mix = if ramps.moving { Mix::of(ramps.at(phase + n + 1)) } else { steady };
            *frame = self.mix(&mix, *frame, [*gains.0, *gains.1], *key);
        }
    }

    /// One frame of all there is.
    #[inline(always)]
    fn mix(&mut self, mix: &Mix, dry: Frame, gains: Frame, key: Frame) -> Frame {
        // Mid and side with their gains, decoded: each channel by the mean, and the other by half the difference.
        let (mean, across) = (0.5 * (gains[0] + gains[1]), 0.5 * mix.mid_side * (gains[0] - gains[1]));
        let own = gains.map(|gain| gain + mix.mid_side * (mean - gain));
        let mut wet = [own[0] * dry[0] + across * dry[1], own[1] * dry[1] + across * dry[0]];
        if mix.harmonics > 0.0 {
            let made = self.harmonics.tick(dry, own);
            wet = [wet[0] + mix.harmonics * made[0], wet[1] + mix.harmonics * made[1]];
        }
        let mut out = [0.0; 2];
        for ch in 0..2 {
            out[ch] = dry[ch] + mix.share * (mix.makeup * wet[ch] - dry[ch]);
        }
        if mix.heard != [0.0; 2] {
            for ch in 0..2 {
                let (result, removed) = (out[ch], mix.share * (dry[ch] - wet[ch]));
                out[ch] += mix.heard[0] * (key[ch] - result) + mix.heard[1] * (removed - result);
            }
        }
        out
    }
}

/// Everything the last stage asks the ramps for, at one frame.
#[derive(Clone, Copy)]
struct Mix {
    mid_side: f64,
    harmonics: f64,
    share: f64,
    makeup: f64,
    heard: [f64; 2],
}

impl Mix {
    #[inline(always)]
    fn of(at: At<'_>) -> Self {
        let [mid_side, harmonics] = [Of::MidSide, Of::Harmonics].map(|of| at.get(of));
        Self { mid_side, harmonics, share: at.wet(), makeup: at.makeup(), heard: at.heard() }
    }
}

/// Reductions in dB become gains; where they stand still, one for all.
#[inline(always)]
fn to_gains(lane: &mut [f64; CONTROL_FRAMES], frames: usize, known: &mut (f64, f64)) {
    let first_db = lane[0];
    if lane[frames - 1] == first_db && lane[..frames].iter().all(|reduction_db| *reduction_db == first_db) {
        if known.0 != first_db {
            let [gain] = db_to_gain([-first_db]);
            *known = (first_db, gain);
        }
        lane[..frames].fill(known.1);
        return;
    }
    let (packs, _) = lane.as_chunks_mut::<PACK>();
    for pack in packs.iter_mut().take(frames.div_ceil(PACK)) {
        *pack = db_to_gain(pack.map(|reduction_db| -reduction_db));
    }
}

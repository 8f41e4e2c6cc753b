//! Attack: smooths the reduction ahead of a peak, with a bell over the whole lookahead or over its last quarter only.

use super::chunk_delay::ChunkDelay;
use super::fir_smoother::FirSmoother;
use crate::interpolate::peaks::CHUNK;
use crate::smooth::Smoothed;

/// The late attack takes the last 1/`LATE_PART` of the lookahead.
const LATE_PART: usize = 4;

/// Both attacks, and the fade between them.
#[derive(Clone, Debug)]
pub(super) struct AttackSmoother {
    bell: FirSmoother,
    late: FirSmoother,
    /// Aligns the late attack.
    late_delay: ChunkDelay<f64>,
    /// Share of the late attack.
    mix: Smoothed,
    /// Frames until the late attack, just started, has filled its state.
    warming: usize,
    reach: usize,
}

impl AttackSmoother {
    /// Room for lookaheads up to `capacity` frames.
    pub(super) fn new(capacity: usize, is_late: bool) -> Self {
        Self {
            bell: FirSmoother::new(capacity),
            late: FirSmoother::new(capacity / LATE_PART + 1),
            late_delay: ChunkDelay::new(capacity),
            mix: Smoothed::new(f64::from(u8::from(is_late))),
            warming: 0,
            reach: capacity,
        }
    }

    pub(super) fn prepare(&mut self, sample_rate_hz: f64) {
        self.mix.prepare(sample_rate_hz);
    }

    /// Clears the state and adopts a lookahead of `reach` frames.
    pub(super) fn reset(&mut self, reach: usize, is_late: bool) {
        self.reach = reach;
        self.bell.reset(reach);
        self.restart_late();
        self.warming = 0;
        self.mix.set(f64::from(u8::from(is_late)));
        self.mix.reset();
    }

    fn restart_late(&mut self) {
        self.late.reset(self.reach / LATE_PART);
        self.late_delay.reset(0.0);
    }

    /// Copies another one of the same capacity; does not allocate.
    pub(super) fn copy_from(&mut self, other: &Self) {
        self.bell.copy_from(&other.bell);
        self.late.copy_from(&other.late);
        self.late_delay.copy_from(&other.late_delay);
        (self.mix, self.warming, self.reach) = (other.mix, other.warming, other.reach);
    }

    /// Starts the fade to the other attack.
    pub(super) fn set(&mut self, is_late: bool) {
        if !is_late {
            self.warming = 0;
            self.mix.set(0.0);
        } else if !self.late_runs() {
            self.restart_late();
            self.warming = self.reach + 1;
        } else if self.warming == 0 {
            self.mix.set(1.0);
        }
    }

    fn late_runs(&self) -> bool {
        self.warming > 0 || !self.mix.is_settled() || self.mix.value() > 0.0
    }

    /// Whether no fade is under way.
    pub(super) fn is_steady(&self) -> bool {
        self.warming == 0 && self.mix.is_settled()
    }

    /// Smooths reductions in steps; the output belongs to the frames a lookahead ago. `is_constant`: whether all inputs
    /// are the same; returns whether all outputs are.
    #[inline(always)]
    pub(super) fn process(&mut self, steps: &mut [f64; CHUNK], is_constant: bool) -> bool {
        if self.late_runs() {
            self.process_both(steps);
            return false;
        }
        self.bell.process(steps, is_constant)
    }

    fn process_both(&mut self, steps: &mut [f64; CHUNK]) {
        self.late_delay.push(steps);
        let mut late = *self.late_delay.read(self.reach - self.reach / LATE_PART);
        self.bell.process(steps, false);
        self.late.process(&mut late, false);
        for (bell, late) in steps.iter_mut().zip(late) {
            if self.warming > 0 {
                self.warming -= 1;
                if self.warming == 0 {
                    self.mix.set(1.0);
                }
                continue;
            }
            let mix = self.mix.tick();
            *bell += mix * (late - *bell);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn gives_at_least_the_need_during_every_fade(
            needed in prop::collection::vec(prop_oneof![3 => Just(0.0), 1 => 0.0..1e11_f64], 16 * CHUNK),
            turns in prop::collection::vec(any::<bool>(), 8),
            reach in 1..40_usize,
        ) {
            let mut shape = AttackSmoother::new(40, false);
            shape.prepare(1000.0);
            shape.reset(reach, false);
            let held = |n: usize| needed[n.saturating_sub(reach)..=n].iter().copied().fold(0.0, f64::max).round();
            for first in (0..needed.len()).step_by(CHUNK) {
                shape.set(turns[first / (2 * CHUNK)]);
                let mut given = core::array::from_fn(|k| held(first + k));
                shape.process(&mut given, false);
                for (k, given) in given.iter().enumerate().filter(|(k, _)| first + k >= reach) {
                    prop_assert!(*given >= needed[first + k - reach].round() - 2.0, "frame {}", first + k);
                }
            }
        }
    }
}

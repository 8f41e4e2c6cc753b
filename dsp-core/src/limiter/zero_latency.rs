//! Limiting without latency: the gain drops at the peak itself. No sample exceeds the ceiling; inter-sample peaks are not
//! measured, and without lookahead the jumps of the gain distort a little.

use super::listen::Signals;
use super::lookahead::Limiter;
use super::scan::larger;
use super::steps::{PER_DB, gains, over};
use crate::Frame;
use crate::frame::sanitise_all;
use crate::interpolate::peaks::CHUNK;
use crate::simd::{Isa, Kernel, Simd};

/// [`Limiter::zero_latency_of`]. Nothing is fused: the bits are those of any processor.
struct ZeroLatency<'a>(&'a mut Limiter, &'a mut [Frame]);

impl Kernel for ZeroLatency<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self) {
        self.0.zero_latency_of(self.1);
    }
}

impl Limiter {
    /// Limits frames within one chunk in place.
    pub(super) fn zero_latency(&mut self, frames: &mut [Frame]) {
        Isa::detect().run(ZeroLatency(self, frames));
    }

    #[inline(always)]
    fn zero_latency_of(&mut self, frames: &mut [Frame]) {
        let count = frames.len();
        if self.at == 0 {
            if self.changed {
                self.adopt();
            }
            self.starts_bypassed();
            self.trajectory.release.settle();
            self.joined = self.ramps.links_full() && self.trajectory.release.join();
        }
        self.at = (self.at + count) % CHUNK;
        sanitise_all(frames);
        if self.bypassed {
            return;
        }
        let mut driven = [[0.0; 2]; CHUNK];
        driven[..count].copy_from_slice(frames);
        self.ramps.process(&mut driven[..count], &mut self.gains_now);
        let steps = self.zero_latency_steps(&driven, count);
        let last = larger(steps[0][count - 1], steps[1][count - 1]);
        let mut gain = steps;
        if last > 0.0 || steps.as_flattened().iter().any(|steps| *steps > 0.0) {
            for gain in &mut gain {
                gains(gain, false);
            }
        } else {
            gain = [[1.0; CHUNK]; 2];
        }
        let plain = self.listen.is_plain();
        for (n, frame) in frames.iter_mut().enumerate() {
            let limited = [driven[n][0] * gain[0][n], driven[n][1] * gain[1][n]];
            let [drive, ceiling] = self.gains_now[n];
            let stages = Signals { input: *frame, limited, drive, ceiling };
            *frame = if plain { limited } else { self.listen.tick(stages) };
        }
        self.reduction_db = self.listen.switch.share() * last / PER_DB;
    }

    /// Reductions of the first `count` frames in steps, by channel.
    #[inline(always)]
    fn zero_latency_steps(&mut self, driven: &[Frame; CHUNK], count: usize) -> [[f64; CHUNK]; 2] {
        let mut steps: [[f64; CHUNK]; 2] =
            core::array::from_fn(|lane| core::array::from_fn(|n| driven[n][lane].abs() / self.gains_now[n][1]));
        if self.joined {
            let mut most = core::array::from_fn(|n| larger(steps[0][n], steps[1][n]));
            over(&mut most);
            self.trajectory.release.run_joined(&mut most[..count], &self.ballistics);
            return [most; 2];
        }
        for steps in &mut steps {
            over(steps);
        }
        let [left, right] = &mut steps;
        for (left, right) in left.iter_mut().zip(right).take(count) {
            let link = self.ramps.link();
            [*left, *right] = self.trajectory.release.tick([*left, *right], &self.ballistics, link);
        }
        steps
    }
}

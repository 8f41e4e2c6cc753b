//! Without latency: the gain jumps down with the peak. No sample exceeds the ceiling; what lies between samples is not
//! looked at, and the jumps are heard as a little distortion, which no lookahead has smoothed away.

use super::listen::Stages;
use super::lookahead::Limiter;
use super::steps::{PER_DB, gains, larger, over};
use crate::Frame;
use crate::frame::sanitise_all;
use crate::interpolate::peaks::CHUNK;
use crate::simd::{Isa, Kernel, Simd};

/// [`Limiter::instant_of`]. Nothing is fused: the bits are those of any processor.
struct Instant<'a>(&'a mut Limiter, &'a mut [Frame]);

impl Kernel for Instant<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self) {
        self.0.instant_of(self.1);
    }
}

impl Limiter {
    /// Limits frames of one chunk in place.
    pub(super) fn instant(&mut self, frames: &mut [Frame]) {
        Isa::detect().run(Instant(self, frames));
    }

    #[inline(always)]
    fn instant_of(&mut self, frames: &mut [Frame]) {
        let count = frames.len();
        if self.at == 0 {
            if self.changed {
                self.adopt();
            }
            self.is_to_pass();
            self.course.release.settle();
            self.joined = self.levels.links_full() && self.course.release.join();
        }
        self.at = (self.at + count) % CHUNK;
        sanitise_all(frames);
        if self.passing {
            return;
        }
        let mut driven = [[0.0; 2]; CHUNK];
        driven[..count].copy_from_slice(frames);
        self.levels.process(&mut driven[..count], &mut self.levels_now);
        let steps = self.instant_steps(&driven, count);
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
            let [drive, ceiling] = self.levels_now[n];
            let stages = Stages { input: *frame, limited, drive, ceiling };
            *frame = if plain { limited } else { self.listen.tick(stages) };
        }
        self.reduction_db = self.listen.switch.amount() * last / PER_DB;
    }

    /// The steps to give for the first `count` frames, by channel.
    #[inline(always)]
    fn instant_steps(&mut self, driven: &[Frame; CHUNK], count: usize) -> [[f64; CHUNK]; 2] {
        let mut steps: [[f64; CHUNK]; 2] =
            core::array::from_fn(|lane| core::array::from_fn(|n| driven[n][lane].abs() / self.levels_now[n][1]));
        if self.joined {
            let mut most = core::array::from_fn(|n| larger(steps[0][n], steps[1][n]));
            over(&mut most);
            self.course.release.run_joined(&mut most[..count], &self.law);
            return [most; 2];
        }
        for steps in &mut steps {
            over(steps);
        }
        let [left, right] = &mut steps;
        for (left, right) in left.iter_mut().zip(right).take(count) {
            let link = self.levels.link();
            [*left, *right] = self.course.release.tick([*left, *right], &self.law, link);
        }
        steps
    }
}

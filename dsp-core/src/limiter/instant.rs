//! Without latency: the gain jumps down with the peak. No sample exceeds the ceiling; what lies between samples is not
//! looked at, and the jumps are heard as a little distortion, which no lookahead has smoothed away.

use super::listen::Stages;
use super::lookahead::Limiter;
use super::steps::{PER_DB, gains, larger, over};
use crate::Frame;
use crate::frame::sanitise_all;
use crate::interpolate::peaks::CHUNK;

impl Limiter {
    /// Limits frames of one chunk in place.
    pub(super) fn instant(&mut self, frames: &mut [Frame]) {
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("avx2") {
            // SAFETY: the processor has just been asked for the only feature that the function needs.
            return unsafe { self.instant_avx2(frames) };
        }
        self.instant_of(frames);
    }

    /// Four numbers at once. Nothing is fused: the bits are those of any processor.
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2")]
    fn instant_avx2(&mut self, frames: &mut [Frame]) {
        self.instant_of(frames);
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

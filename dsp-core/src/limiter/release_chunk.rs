//! The release of joined channels, a chunk at once: equals [`Release::run_joined`], which works frame by frame.
//!
//! Two cases cover whole chunks. While the hold outlasts the chunk, the reduction given is the largest so far, and only
//! the last frame that restarts the hold counts. Once the hold is over, the reduction follows a one-pole until it meets
//! the need; the frames after that go one by one.

use super::release::{Ballistics, PER_SAME, Release};
use super::scan::{delayed_by_one, larger, running_max};
use super::steps::round;
use crate::interpolate::peaks::CHUNK;

impl Release {
    /// Replaces the reduction both channels need, in whole steps, by the one they get. `is_constant`: whether all frames
    /// need the same; returns whether all get the same.
    #[inline(always)]
    pub(super) fn run_chunk(&mut self, steps: &mut [f64; CHUNK], ballistics: &Ballistics, is_constant: bool) -> bool {
        let holds = self.hold[0] >= CHUNK as f64 && ballistics.hold >= CHUNK as f64;
        if is_constant && holds && steps[0] <= self.now[0] {
            let same = steps[0] * PER_SAME >= self.now[0] && steps[0] > 0.0;
            self.hold = if same { [ballistics.hold; 2] } else { [self.hold[0] - CHUNK as f64; 2] };
            self.slow = [ballistics.slow.end_constant(steps[0], self.slow[0]); 2];
            steps.fill(round(self.now[0]));
            return true;
        }
        let needed = *steps;
        // The slow part depends on the need only.
        let (mut rest, slow) = (needed, self.slow[0]);
        let slow_end = if ballistics.to_slow {
            let mut slows = needed;
            ballistics.slow.run(&mut slows, slow);
            for (rest, slow) in rest.iter_mut().zip(delayed_by_one(&slows, slow)) {
                *rest = larger(*rest, slow);
            }
            slows[CHUNK - 1]
        } else {
            ballistics.slow.end(&needed, slow)
        };
        let done = if holds {
            self.hold_chunk(steps, ballistics);
            CHUNK
        } else if self.hold[0] < 1.0 {
            self.release(steps, &rest, ballistics)
        } else {
            0
        };
        let (mut now, mut hold) = (self.now[0], self.hold[0]);
        for n in done..CHUNK {
            let fallen = rest[n] * (1.0 - ballistics.fast.keep) + now * ballistics.fast.keep;
            let same = needed[n] * PER_SAME >= now && needed[n] > 0.0;
            hold = if same { ballistics.hold } else { hold - 1.0 };
            now = larger(needed[n], if hold >= 0.0 { now } else { fallen });
            steps[n] = now;
        }
        for step in steps {
            *step = round(*step);
        }
        (self.now, self.slow, self.hold) = ([now; 2], [slow_end; 2], [hold; 2]);
        false
    }

    /// A chunk within the hold.
    #[inline(always)]
    fn hold_chunk(&mut self, steps: &mut [f64; CHUNK], ballistics: &Ballistics) {
        let needed = *steps;
        running_max(steps, self.now[0]);
        let before = delayed_by_one(steps, self.now[0]);
        // Frames up to the last that restarts the hold.
        let mut last = [0.0; 4];
        for n in 0..CHUNK {
            let same = needed[n] * PER_SAME >= before[n] && needed[n] > 0.0;
            last[n % 4] = if same { (n + 1) as f64 } else { last[n % 4] };
        }
        let last = larger(larger(last[0], last[1]), larger(last[2], last[3]));
        let hold = if last > 0.0 { ballistics.hold + last } else { self.hold[0] };
        self.hold = [hold - CHUNK as f64; 2];
        self.now = [steps[CHUNK - 1]; 2];
    }

    /// Lets the reduction fall; returns how many frames pass before it meets the need. The frames after them are left
    /// invalid.
    #[inline(always)]
    fn release(&mut self, steps: &mut [f64; CHUNK], rest: &[f64; CHUNK], ballistics: &Ballistics) -> usize {
        let needed = *steps;
        *steps = *rest;
        ballistics.fast.run(steps, self.now[0]);
        let before = delayed_by_one(steps, self.now[0]);
        let mut first = [CHUNK as f64; 4];
        for n in (0..CHUNK).rev() {
            let met = needed[n] > steps[n] || (needed[n] * PER_SAME >= before[n] && needed[n] > 0.0);
            first[n % 4] = if met { n as f64 } else { first[n % 4] };
        }
        let smaller = |a: f64, b: f64| if a < b { a } else { b };
        let done = smaller(smaller(first[0], first[1]), smaller(first[2], first[3])) as usize;
        if done > 0 {
            self.now = [steps[done - 1]; 2];
            self.hold = [self.hold[0] - done as f64; 2];
        }
        done
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limiter::scan::is_constant;
    use crate::limiter::settings::{Settings, Style};
    use crate::limiter::steps::PER_DB;
    use proptest::prelude::*;

    /// Plateaus of up to 20 dB and 1 to 200 frames, as a sliding maximum leaves them.
    fn needed() -> impl Strategy<Value = Vec<f64>> {
        let plateau = (prop_oneof![1 => Just(0.0), 3 => 8.0..8.2_f64, 4 => 0.0..20.0_f64], 1..200_usize);
        prop::collection::vec(plateau, 20..60).prop_map(|plateaus| {
            let frames = plateaus.into_iter().flat_map(|(db, len)| core::iter::repeat_n(round(db * PER_DB), len));
            frames.collect()
        })
    }

    proptest! {
        #[test]
        fn equals_the_release_frame_by_frame(
            needed in needed(), release_ms in 1.0..300.0_f64, auto_release in any::<bool>(), loud in any::<bool>(),
        ) {
            let style = if loud { Style::Loud } else { Style::Transparent };
            let ballistics = Ballistics::design(&Settings { release_ms, auto_release, style, ..Settings::default() }, 48_000.0);
            let (mut whole, mut plain) = (Release::default(), Release::default());
            for (n, chunk) in needed.as_chunks::<CHUNK>().0.iter().enumerate() {
                let (mut a, mut b) = (*chunk, *chunk);
                whole.run_chunk(&mut a, &ballistics, is_constant(chunk));
                plain.run_joined(&mut b, &ballistics);
                for k in 0..CHUNK {
                    prop_assert!((a[k] - b[k]).abs() <= 1.0 && a[k] >= chunk[k], "chunk {n}, frame {k}: {} for {}", a[k], b[k]);
                }
                prop_assert_eq!(whole.hold, plain.hold);
                prop_assert!((whole.slow[0] - plain.slow[0]).abs() < 0.01);
            }
        }
    }
}

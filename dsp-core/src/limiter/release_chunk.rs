//! The way back of joined channels, a chunk at once: what [`Release::run_joined`] does frame by frame.
//!
//! Two things can be said of a whole chunk beforehand. While it waits and the wait lasts longer than the chunk, what is
//! given is the largest so far, and only the last frame that has the same peak again counts. Once the wait is over,
//! what is given glides, until it meets what is needed. From there on it goes frame by frame.

use super::release::{Law, PER_SAME, Release};
use super::scan::{a_frame_before, running_max};
use super::steps::{larger, round};
use crate::interpolate::peaks::CHUNK;

impl Release {
    /// Replaces what both channels need, in whole steps, by what they are given. `is_level`: whether all of it is the
    /// same, and then whether what is given is.
    #[inline(always)]
    pub(super) fn run_chunk(&mut self, steps: &mut [f64; CHUNK], law: &Law, is_level: bool) -> bool {
        let waits = self.wait[0] >= CHUNK as f64 && law.wait >= CHUNK as f64;
        if is_level && waits && steps[0] <= self.now[0] {
            let same = steps[0] * PER_SAME >= self.now[0] && steps[0] > 0.0;
            self.wait = if same { [law.wait; 2] } else { [self.wait[0] - CHUNK as f64; 2] };
            self.slow = [law.slow.end_level(steps[0], self.slow[0]); 2];
            steps.fill(round(self.now[0]));
            return true;
        }
        let needed = *steps;
        // The slow part only follows what is needed.
        let (mut rest, slow) = (needed, self.slow[0]);
        let slow_end = if law.to_slow {
            let mut slows = needed;
            law.slow.run(&mut slows, slow);
            for (rest, slow) in rest.iter_mut().zip(a_frame_before(&slows, slow)) {
                *rest = larger(*rest, slow);
            }
            slows[CHUNK - 1]
        } else {
            law.slow.end(&needed, slow)
        };
        let done = if waits {
            self.hold(steps, law);
            CHUNK
        } else if self.wait[0] < 1.0 {
            self.glide(steps, &rest, law)
        } else {
            0
        };
        let (mut now, mut wait) = (self.now[0], self.wait[0]);
        for n in done..CHUNK {
            let fallen = rest[n] * (1.0 - law.quick.keep) + now * law.quick.keep;
            let same = needed[n] * PER_SAME >= now && needed[n] > 0.0;
            wait = if same { law.wait } else { wait - 1.0 };
            now = larger(needed[n], if wait >= 0.0 { now } else { fallen });
            steps[n] = now;
        }
        for step in steps {
            *step = round(*step);
        }
        (self.now, self.slow, self.wait) = ([now; 2], [slow_end; 2], [wait; 2]);
        false
    }

    /// A chunk that is waited through.
    #[inline(always)]
    fn hold(&mut self, steps: &mut [f64; CHUNK], law: &Law) {
        let needed = *steps;
        running_max(steps, self.now[0]);
        let before = a_frame_before(steps, self.now[0]);
        // Frames up to the last one with the same peak.
        let mut last = [0.0; 4];
        for n in 0..CHUNK {
            let same = needed[n] * PER_SAME >= before[n] && needed[n] > 0.0;
            last[n % 4] = if same { (n + 1) as f64 } else { last[n % 4] };
        }
        let last = larger(larger(last[0], last[1]), larger(last[2], last[3]));
        let wait = if last > 0.0 { law.wait + last } else { self.wait[0] };
        self.wait = [wait - CHUNK as f64; 2];
        self.now = [steps[CHUNK - 1]; 2];
    }

    /// As much of a chunk as falls without meeting what is needed; returns how much. The rest of it is spoilt.
    #[inline(always)]
    fn glide(&mut self, steps: &mut [f64; CHUNK], rest: &[f64; CHUNK], law: &Law) -> usize {
        let needed = *steps;
        *steps = *rest;
        law.quick.run(steps, self.now[0]);
        let before = a_frame_before(steps, self.now[0]);
        let mut first = [CHUNK as f64; 4];
        for n in (0..CHUNK).rev() {
            let met = needed[n] > steps[n] || (needed[n] * PER_SAME >= before[n] && needed[n] > 0.0);
            first[n % 4] = if met { n as f64 } else { first[n % 4] };
        }
        let smaller = |a: f64, b: f64| if a < b { a } else { b };
        let done = smaller(smaller(first[0], first[1]), smaller(first[2], first[3])) as usize;
        if done > 0 {
            self.now = [steps[done - 1]; 2];
            self.wait = [self.wait[0] - done as f64; 2];
        }
        done
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limiter::scan::is_level;
    use crate::limiter::settings::{Settings, Style};
    use crate::limiter::steps::PER_DB;
    use proptest::prelude::*;

    /// Plateaus of up to 20 dB, of 1 to 200 frames, as a window leaves them.
    fn needed() -> impl Strategy<Value = Vec<f64>> {
        let plateau = (prop_oneof![1 => Just(0.0), 3 => 8.0..8.2_f64, 4 => 0.0..20.0_f64], 1..200_usize);
        prop::collection::vec(plateau, 20..60).prop_map(|plateaus| {
            let frames = plateaus.into_iter().flat_map(|(db, len)| core::iter::repeat_n(round(db * PER_DB), len));
            frames.collect()
        })
    }

    proptest! {
        #[test]
        fn is_what_goes_frame_by_frame(
            needed in needed(), release_ms in 1.0..300.0_f64, auto_release in any::<bool>(), loud in any::<bool>(),
        ) {
            let style = if loud { Style::Loud } else { Style::Transparent };
            let law = Law::design(&Settings { release_ms, auto_release, style, ..Settings::default() }, 48_000.0);
            let (mut whole, mut plain) = (Release::default(), Release::default());
            for (n, chunk) in needed.as_chunks::<CHUNK>().0.iter().enumerate() {
                let (mut a, mut b) = (*chunk, *chunk);
                whole.run_chunk(&mut a, &law, is_level(chunk));
                plain.run_joined(&mut b, &law);
                for k in 0..CHUNK {
                    prop_assert!((a[k] - b[k]).abs() <= 1.0 && a[k] >= chunk[k], "chunk {n}, frame {k}: {} for {}", a[k], b[k]);
                }
                prop_assert_eq!(whole.wait, plain.wait);
                prop_assert!((whole.slow[0] - plain.slow[0]).abs() < 0.01);
            }
        }
    }
}

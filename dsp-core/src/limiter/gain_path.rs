//! From what a channel needs to what it gets: windowed maximum, release, smoothing. All in whole steps of dB, so that
//! a reduction that has gone is exactly 0.

use super::fir_smoother::FirSmoother;
use super::window_max::WindowMax;

/// The reduction of one channel.
#[derive(Clone, Debug)]
pub(super) struct GainPath {
    window: WindowMax,
    smoother: FirSmoother,
    /// Reduction before smoothing.
    released: i64,
}

impl GainPath {
    /// Room for lookaheads up to `capacity_frames`, at rest.
    pub(super) fn new(capacity_frames: usize) -> Self {
        Self { window: WindowMax::new(capacity_frames + 1), smoother: FirSmoother::new(capacity_frames), released: 0 }
    }

    /// Comes to rest, with a lookahead of `lookahead_frames`.
    pub(super) fn reset(&mut self, lookahead_frames: usize) {
        self.window.reset(lookahead_frames + 1);
        self.smoother.reset(lookahead_frames);
        self.released = 0;
    }

    /// Takes in the steps needed now; returns those to apply to what was needed a lookahead ago, at least as many.
    /// `keep` is the part of the way back left after a frame.
    #[inline]
    pub(super) fn tick(&mut self, needed: i64, keep: f64) -> i64 {
        let held = self.window.tick(needed);
        // Cut to whole steps the way back ends, in exactly `held`.
        self.released = if held >= self.released { held } else { held + ((self.released - held) as f64 * keep) as i64 };
        self.smoother.tick(self.released)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn gives_at_least_what_was_needed_a_lookahead_ago(
            needed in prop::collection::vec(prop_oneof![3 => Just(0), 1 => 0..1_i64 << 38], 50..300),
            keeps in prop::collection::vec(0.0..0.99999_f64, 50..300),
            lookahead in 1..40_usize,
        ) {
            let mut path = GainPath::new(40);
            path.reset(lookahead);
            for n in 0..needed.len() {
                let given = path.tick(needed[n], keeps[n % keeps.len()]);
                if n >= lookahead {
                    prop_assert!(given >= needed[n - lookahead], "frame {}: {} of {}", n, given, needed[n - lookahead]);
                }
            }
        }
    }

    #[test]
    fn returns_to_exactly_nothing() {
        let mut path = GainPath::new(10);
        path.reset(10);
        path.tick(20 << 32, 0.999);
        // 20 dB are 2^36.3 steps: a factor of 0.999 needs 25,000 frames for them, the last thousand steps one each.
        let frames = (0..40_000).position(|_| path.tick(0, 0.999) == 0 && path.released == 0);
        assert!(frames.is_some_and(|frames| frames > 1000), "{frames:?}");
    }
}

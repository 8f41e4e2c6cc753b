//! From what each channel needs to what it gets before smoothing: the link between the channels, and the way back.
//!
//! All in dB. A channel needs n. Its *slow part* s follows n both ways, covering 63 % in the slow time; what n exceeds
//! it by is the *quick part*. What the other channel needs more, d = max(n) − n, counts as slow as far as the other's
//! slow part is greater, d₁ = clamp(max(s) − s, 0, d), and as quick for the rest. Linked, a channel needs
//!
//! > n + release link · d₁ + link · (d − d₁)
//!
//! so that with both links at 100 % both channels get the same, and with both at 0 % each its own. Where both links rest
//! at 100 % the channels are one that needs what the louder one does, and have one slow part.
//!
//! The reduction rises to that at once (the lookahead has made room) and falls to it, or with the automatic release to
//! the slow part while that is greater, covering 63 % in the quick time:
//!
//! | release | quick | slow | falls to |
//! |--|--|--|--|
//! | as set | release | 4 · release | what is needed |
//! | [`Style::Loud`] | release / 4 | release | the slow part |
//! | automatic | release / 4 | 4 · release | the slow part |
//! | automatic and loud | release / 8 | 2 · release | the slow part |
//!
//! Before it falls it waits a tenth of the quick time, which is part of that time: a steady tone, whose peaks come back
//! within the wait and the lookahead, is not modulated at all. What is needed within 1/128 (in dB) of what is given
//! counts as the same again.
//!
//! So after a transient, which hardly lifts the slow part, a gain is back in a quarter of the time, and after a long
//! reduction in four times the time.

use super::scan::Glide;
use super::settings::{Settings, Style};
use super::steps::{larger, round};
use crate::Frame;
use crate::units::{ms_to_frames, one_pole_keep};

/// The part of the quick time that is waited.
const WAIT_PART: f64 = 0.1;
/// What is needed is the same peak again from this part of what is given: the readings of one tone's peaks differ by
/// a hundredth of a dB.
const SAME: f64 = 1.0 - 1.0 / 128.0;
/// The other way round.
pub(super) const PER_SAME: f64 = 1.0 / SAME;

/// What the way back runs on.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Law {
    pub(super) quick: Glide,
    /// Frames before the way back begins.
    pub(super) wait: f64,
    pub(super) slow: Glide,
    /// Whether it falls to the slow part.
    pub(super) to_slow: bool,
}

impl Law {
    pub(super) fn design(settings: &Settings, sample_rate_hz: f64) -> Self {
        let (quick, slow) = match (settings.auto_release, settings.style == Style::Loud) {
            (false, false) => (1.0, 4.0),
            (false, true) => (0.25, 1.0),
            (true, false) => (0.25, 4.0),
            (true, true) => (0.125, 2.0),
        };
        let glide = |factor: f64| Glide::new(one_pole_keep(factor * settings.release_ms, sample_rate_hz));
        let to_slow = settings.auto_release || settings.style == Style::Loud;
        let wait = ms_to_frames(WAIT_PART * quick * settings.release_ms, sample_rate_hz).round();
        Self { quick: glide((1.0 - WAIT_PART) * quick), wait, slow: glide(slow), to_slow }
    }
}

/// How far the channels share the parts of the reduction, 0 to 1.
#[derive(Clone, Copy, Debug)]
pub(super) struct Link {
    pub(super) quick: f64,
    pub(super) slow: f64,
}

/// The reductions of both channels, in steps.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Release {
    pub(super) now: Frame,
    pub(super) slow: Frame,
    /// Frames to wait before it falls.
    pub(super) wait: Frame,
}

impl Release {
    /// Takes in what is needed, in whole steps; returns what is given, at least that, in whole steps.
    #[inline(always)]
    pub(super) fn tick(&mut self, needed: Frame, law: &Law, link: Link) -> Frame {
        let slow_most = larger(self.slow[0], self.slow[1]);
        let most = larger(needed[0], needed[1]);
        let mut given = [0.0; 2];
        for lane in 0..2 {
            let (own, own_slow) = (needed[lane], self.slow[lane]);
            let missing = most - own;
            let behind = slow_most - own_slow;
            let slow_part = if behind < missing { behind } else { missing };
            let linked = round(own + link.slow * slow_part + link.quick * (missing - slow_part));
            // To the step.
            let target = if link.slow == 1.0 && link.quick == 1.0 { most } else { linked };
            let rest = if law.to_slow { larger(target, own_slow + link.slow * behind) } else { target };
            // Towards `rest`, but never below what is needed.
            let fallen = rest * (1.0 - law.quick.keep) + self.now[lane] * law.quick.keep;
            let same = target * PER_SAME >= self.now[lane] && target > 0.0;
            let wait = if same { law.wait } else { self.wait[lane] - 1.0 };
            self.now[lane] = larger(target, if wait >= 0.0 { self.now[lane] } else { fallen });
            self.wait[lane] = wait;
            self.slow[lane] = own * (1.0 - law.slow.keep) + own_slow * law.slow.keep;
            given[lane] = round(self.now[lane]);
        }
        given
    }

    /// The same where both channels need the same: what lane 0 does, for the frames of at most a chunk.
    #[inline(always)]
    pub(super) fn run_joined(&mut self, steps: &mut [f64], law: &Law) {
        // In registers, not in memory: each frame waits for the one before.
        let ([mut now, _], [mut slow, _], [mut wait, _]) = (self.now, self.slow, self.wait);
        for step in steps.iter_mut() {
            let needed = *step;
            let rest = if law.to_slow { larger(needed, slow) } else { needed };
            let fallen = rest * (1.0 - law.quick.keep) + now * law.quick.keep;
            let same = needed * PER_SAME >= now && needed > 0.0;
            wait = if same { law.wait } else { wait - 1.0 };
            now = larger(needed, if wait >= 0.0 { now } else { fallen });
            slow = needed * (1.0 - law.slow.keep) + slow * law.slow.keep;
            *step = now;
        }
        for step in steps {
            *step = round(*step);
        }
        (self.now, self.slow, self.wait) = ([now; 2], [slow; 2], [wait; 2]);
    }

    /// Whether both channels are given the same, now and, if they need the same, from now on; their slow parts then
    /// count as the greater of both.
    pub(super) fn join(&mut self) -> bool {
        let alike = self.now[0] == self.now[1] && self.wait[0] == self.wait[1];
        if alike {
            self.slow = [larger(self.slow[0], self.slow[1]); 2];
        }
        alike
    }

    /// Forgets what is too small to count, now and then. Returns whether nothing is left.
    pub(super) fn settle(&mut self) -> bool {
        // Below half a step nothing is given.
        const LEAST: f64 = 0.25;
        for each in [&mut self.now, &mut self.slow] {
            *each = each.map(|x| if x < LEAST { 0.0 } else { x });
        }
        self.wait = self.wait.map(|x| larger(x, 0.0));
        self.now == [0.0; 2] && self.slow == [0.0; 2]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    use crate::limiter::steps::PER_DB;

    const BOTH: Link = Link { quick: 1.0, slow: 1.0 };

    fn law(auto_release: bool, style: Style) -> Law {
        Law::design(&Settings { auto_release, style, release_ms: 100.0, ..Settings::default() }, 10_000.0)
    }

    /// Frames (of 0.1 ms) until 63 % of a reduction of 10 dB over `len` frames have gone.
    fn way_back(law: &Law, len: usize) -> usize {
        let mut release = Release::default();
        for _ in 0..len {
            release.tick([10.0 * PER_DB; 2], law, BOTH);
        }
        (1..).find(|_| release.tick([0.0; 2], law, BOTH)[0] < 10.0 * PER_DB * (-1.0_f64).exp()).unwrap()
    }

    #[test]
    fn the_way_back_follows_the_table() {
        let plain = law(false, Style::Transparent);
        assert_eq!((way_back(&plain, 1), way_back(&plain, 50_000)), (1000, 1000));
        for (law, quick, slow) in [
            (law(false, Style::Loud), 250, 1000),
            (law(true, Style::Transparent), 250, 4000),
            (law(true, Style::Loud), 125, 2000),
        ] {
            // A transient of 1 ms lifts the slow part a little; a long reduction leaves a little of the quick fall.
            let (after_short, after_long) = (way_back(&law, 10), way_back(&law, 50_000));
            assert!((quick..quick * 11 / 10).contains(&after_short), "{after_short} instead of {quick}");
            assert!((slow..slow * 4 / 3).contains(&after_long), "{after_long} instead of {slow}");
        }
    }

    #[test]
    fn quick_and_slow_parts_are_linked_apart() {
        let law = law(false, Style::Transparent);
        let other = |link: Link, len: usize| {
            let mut release = Release::default();
            (0..len).map(|_| release.tick([PER_DB * 10.0, 0.0], &law, link)[1] / PER_DB).last().unwrap()
        };
        assert!((other(Link { quick: 0.75, slow: 0.0 }, 1) - 7.5).abs() < 1e-6);
        assert!(other(Link { quick: 0.0, slow: 1.0 }, 1) < 1e-6);
        // Long after, it is all slow.
        assert!((other(Link { quick: 0.0, slow: 1.0 }, 60_000) - 10.0).abs() < 1e-4);
        assert!(other(Link { quick: 0.0, slow: 0.0 }, 60_000) == 0.0);
    }

    proptest! {
        #[test]
        fn joined_is_what_both_do_that_need_the_same(
            needed in prop::collection::vec(prop_oneof![1 => 0..1_u64 << 39, 4 => Just(0)], 300), auto in any::<bool>()
        ) {
            let law = law(auto, Style::Transparent);
            let (mut joined, mut both) = (Release::default(), Release::default());
            let mut steps: Vec<f64> = needed.iter().map(|x| *x as f64).collect();
            let apart: Vec<Frame> = steps.iter().map(|x| both.tick([*x; 2], &law, BOTH)).collect();
            steps.chunks_mut(7).for_each(|steps| joined.run_joined(steps, &law));
            prop_assert!(apart.iter().zip(&steps).all(|(apart, joined)| *apart == [*joined; 2]));
        }

        #[test]
        fn gives_what_is_needed_and_with_full_links_to_both(
            needed in prop::collection::vec([0..1_u64 << 39, 0..1_u64 << 39], 50..300),
            quick in 0.0..=1.0_f64, slow in 0.0..=1.0_f64, auto in any::<bool>()
        ) {
            let law = law(auto, Style::Transparent);
            let (mut apart, mut both) = (Release::default(), Release::default());
            for needed in needed {
                let needed = needed.map(|x| x as f64);
                let given = apart.tick(needed, &law, Link { quick, slow });
                prop_assert!(given[0] >= needed[0] && given[1] >= needed[1]);
                let [left, right] = both.tick(needed, &law, BOTH);
                prop_assert!((left - right).abs() <= 1.0, "{} {}", left, right);
            }
        }
    }

    #[test]
    fn returns_to_exactly_nothing() {
        for law in [law(false, Style::Loud), law(true, Style::Transparent)] {
            let mut release = Release::default();
            release.tick([20.0 * PER_DB; 2], &law, BOTH);
            assert!((0..200_000).any(|_| release.tick([0.0; 2], &law, BOTH) == [0.0; 2] && release.settle()));
        }
    }
}

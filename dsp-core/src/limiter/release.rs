//! Channel link and release: from the reduction each channel needs to the reduction it gets before smoothing.
//!
//! All in dB. A channel needs n. Its *slow part* s follows n up and down, covering 63 % in the slow time; the rest of n is
//! the *fast part*. The other channel's surplus, d = max(n) − n, is slow as far as the other's slow part is greater,
//! d₁ = clamp(max(s) − s, 0, d), and fast beyond that. Linked, a channel needs
//!
//! > n + release link · d₁ + transient link · (d − d₁)
//!
//! With both links at 100 % both channels get the same, with both at 0 % each its own. With both links settled at 100 %
//! the channels are processed as one, which needs what the louder channel needs and has one slow part.
//!
//! The reduction rises to that at once (the lookahead has made room). It falls to it, or with automatic release to the
//! slow part while that is greater, covering 63 % in the fast time:
//!
//! | release | fast | slow | falls to |
//! |--|--|--|--|
//! | as set | release | 4 · release | what is needed |
//! | [`Style::Loud`] | release / 4 | release | the slow part |
//! | automatic | release / 4 | 4 · release | the slow part |
//! | automatic and loud | release / 8 | 2 · release | the slow part |
//!
//! It holds for a tenth of the fast time before it falls; the hold is part of that time. So a steady tone, whose peaks
//! recur within hold and lookahead, is not modulated at all. A peak that needs the given reduction to within 1/128 (of
//! the dB) restarts the hold.
//!
//! So the automatic release recovers from a transient, which hardly lifts the slow part, in a quarter of the time, and
//! from a long reduction in four times the time.

use super::scan::{OnePole, larger};
use super::settings::{Settings, Style};
use super::steps::round;
use crate::Frame;
use crate::units::{ms_to_frames, one_pole_keep};

/// Hold, as a part of the fast time.
const HOLD_PART: f64 = 0.1;
/// A need of at least this part of the given reduction restarts the hold: readings of one tone's peaks differ by a
/// hundredth of a dB.
const SAME: f64 = 1.0 - 1.0 / 128.0;
/// Its reciprocal.
pub(super) const PER_SAME: f64 = 1.0 / SAME;

/// Time constants of hold and release.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Ballistics {
    pub(super) fast: OnePole,
    /// Frames before the release begins.
    pub(super) hold: f64,
    pub(super) slow: OnePole,
    /// Whether the reduction falls to the slow part first.
    pub(super) to_slow: bool,
}

impl Ballistics {
    pub(super) fn design(settings: &Settings, sample_rate_hz: f64) -> Self {
        let (fast, slow) = match (settings.auto_release, settings.style == Style::Loud) {
            (false, false) => (1.0, 4.0),
            (false, true) => (0.25, 1.0),
            (true, false) => (0.25, 4.0),
            (true, true) => (0.125, 2.0),
        };
        let glide = |factor: f64| OnePole::new(one_pole_keep(factor * settings.release_ms, sample_rate_hz));
        let to_slow = settings.auto_release || settings.style == Style::Loud;
        let hold = ms_to_frames(HOLD_PART * fast * settings.release_ms, sample_rate_hz).round();
        Self { fast: glide((1.0 - HOLD_PART) * fast), hold, slow: glide(slow), to_slow }
    }
}

/// How far the channels share each part of the reduction, 0 to 1.
#[derive(Clone, Copy, Debug)]
pub(super) struct Link {
    pub(super) fast: f64,
    pub(super) slow: f64,
}

/// The reductions of both channels, in steps of [`super::steps`].
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Release {
    pub(super) now: Frame,
    pub(super) slow: Frame,
    /// Frames left before it falls.
    pub(super) hold: Frame,
}

impl Release {
    /// Takes the reduction needed and returns the reduction given, at least as much; both in whole steps.
    #[inline(always)]
    pub(super) fn tick(&mut self, needed: Frame, ballistics: &Ballistics, link: Link) -> Frame {
        let slow_most = larger(self.slow[0], self.slow[1]);
        let most = larger(needed[0], needed[1]);
        let mut given = [0.0; 2];
        for lane in 0..2 {
            let (own, own_slow) = (needed[lane], self.slow[lane]);
            let missing = most - own;
            let behind = slow_most - own_slow;
            let slow_part = if behind < missing { behind } else { missing };
            let linked = round(own + link.slow * slow_part + link.fast * (missing - slow_part));
            // Exact at full link.
            let target = if link.slow == 1.0 && link.fast == 1.0 { most } else { linked };
            let rest = if ballistics.to_slow { larger(target, own_slow + link.slow * behind) } else { target };
            // Towards `rest`, but never below the need.
            let fallen = rest * (1.0 - ballistics.fast.keep) + self.now[lane] * ballistics.fast.keep;
            let same = target * PER_SAME >= self.now[lane] && target > 0.0;
            let hold = if same { ballistics.hold } else { self.hold[lane] - 1.0 };
            self.now[lane] = larger(target, if hold >= 0.0 { self.now[lane] } else { fallen });
            self.hold[lane] = hold;
            self.slow[lane] = own * (1.0 - ballistics.slow.keep) + own_slow * ballistics.slow.keep;
            given[lane] = round(self.now[lane]);
        }
        given
    }

    /// [`Self::tick`] for joined channels, for at most a chunk: lane 0 stands for both.
    #[inline(always)]
    pub(super) fn run_joined(&mut self, steps: &mut [f64], ballistics: &Ballistics) {
        // In registers, not in memory: each frame depends on the one before.
        let ([mut now, _], [mut slow, _], [mut hold, _]) = (self.now, self.slow, self.hold);
        for step in steps.iter_mut() {
            let needed = *step;
            let rest = if ballistics.to_slow { larger(needed, slow) } else { needed };
            let fallen = rest * (1.0 - ballistics.fast.keep) + now * ballistics.fast.keep;
            let same = needed * PER_SAME >= now && needed > 0.0;
            hold = if same { ballistics.hold } else { hold - 1.0 };
            now = larger(needed, if hold >= 0.0 { now } else { fallen });
            slow = needed * (1.0 - ballistics.slow.keep) + slow * ballistics.slow.keep;
            *step = now;
        }
        for step in steps {
            *step = round(*step);
        }
        (self.now, self.slow, self.hold) = ([now; 2], [slow; 2], [hold; 2]);
    }

    /// Joins the channels if they are in the same state, the slow parts apart, of which the greater counts. Returns
    /// whether it did.
    pub(super) fn join(&mut self) -> bool {
        let alike = self.now[0] == self.now[1] && self.hold[0] == self.hold[1];
        if alike {
            self.slow = [larger(self.slow[0], self.slow[1]); 2];
        }
        alike
    }

    /// Rounds tiny remainders to zero. Returns whether all is zero.
    pub(super) fn settle(&mut self) -> bool {
        // Rounds to no step.
        const LEAST: f64 = 0.25;
        for each in [&mut self.now, &mut self.slow] {
            *each = each.map(|x| if x < LEAST { 0.0 } else { x });
        }
        self.hold = self.hold.map(|x| larger(x, 0.0));
        self.now == [0.0; 2] && self.slow == [0.0; 2]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    use crate::limiter::steps::PER_DB;

    const BOTH: Link = Link { fast: 1.0, slow: 1.0 };

    fn ballistics(auto_release: bool, style: Style) -> Ballistics {
        Ballistics::design(&Settings { auto_release, style, release_ms: 100.0, ..Settings::default() }, 10_000.0)
    }

    /// Frames (of 0.1 ms) in which 63 % of a reduction of 10 dB, held over `len` frames, recover.
    fn recovery(ballistics: &Ballistics, len: usize) -> usize {
        let mut release = Release::default();
        for _ in 0..len {
            release.tick([10.0 * PER_DB; 2], ballistics, BOTH);
        }
        (1..).find(|_| release.tick([0.0; 2], ballistics, BOTH)[0] < 10.0 * PER_DB * (-1.0_f64).exp()).unwrap()
    }

    #[test]
    fn recovery_follows_the_table() {
        let plain = ballistics(false, Style::Transparent);
        assert_eq!((recovery(&plain, 1), recovery(&plain, 50_000)), (1000, 1000));
        for (ballistics, fast, slow) in [
            (ballistics(false, Style::Loud), 250, 1000),
            (ballistics(true, Style::Transparent), 250, 4000),
            (ballistics(true, Style::Loud), 125, 2000),
        ] {
            // A transient of 1 ms lifts the slow part a little; a long reduction leaves a little of the fast fall.
            let (after_short, after_long) = (recovery(&ballistics, 10), recovery(&ballistics, 50_000));
            assert!((fast..fast * 11 / 10).contains(&after_short), "{after_short} instead of {fast}");
            assert!((slow..slow * 4 / 3).contains(&after_long), "{after_long} instead of {slow}");
        }
    }

    #[test]
    fn fast_and_slow_parts_have_their_own_links() {
        let ballistics = ballistics(false, Style::Transparent);
        let other = |link: Link, len: usize| {
            let mut release = Release::default();
            (0..len).map(|_| release.tick([PER_DB * 10.0, 0.0], &ballistics, link)[1] / PER_DB).last().unwrap()
        };
        assert!((other(Link { fast: 0.75, slow: 0.0 }, 1) - 7.5).abs() < 1e-6);
        assert!(other(Link { fast: 0.0, slow: 1.0 }, 1) < 1e-6);
        // After a long reduction all of it is slow.
        assert!((other(Link { fast: 0.0, slow: 1.0 }, 60_000) - 10.0).abs() < 1e-4);
        assert!(other(Link { fast: 0.0, slow: 0.0 }, 60_000) == 0.0);
    }

    proptest! {
        #[test]
        fn joined_equals_both_channels_with_equal_needs(
            needed in prop::collection::vec(prop_oneof![1 => 0..1_u64 << 39, 4 => Just(0)], 300), auto in any::<bool>()
        ) {
            let ballistics = ballistics(auto, Style::Transparent);
            let (mut joined, mut both) = (Release::default(), Release::default());
            let mut steps: Vec<f64> = needed.iter().map(|x| *x as f64).collect();
            let apart: Vec<Frame> = steps.iter().map(|x| both.tick([*x; 2], &ballistics, BOTH)).collect();
            steps.chunks_mut(7).for_each(|steps| joined.run_joined(steps, &ballistics));
            prop_assert!(apart.iter().zip(&steps).all(|(apart, joined)| *apart == [*joined; 2]));
        }

        #[test]
        fn gives_at_least_the_need_and_fully_linked_the_same_to_both(
            needed in prop::collection::vec([0..1_u64 << 39, 0..1_u64 << 39], 50..300),
            fast in 0.0..=1.0_f64, slow in 0.0..=1.0_f64, auto in any::<bool>()
        ) {
            let ballistics = ballistics(auto, Style::Transparent);
            let (mut apart, mut both) = (Release::default(), Release::default());
            for needed in needed {
                let needed = needed.map(|x| x as f64);
                let given = apart.tick(needed, &ballistics, Link { fast, slow });
                prop_assert!(given[0] >= needed[0] && given[1] >= needed[1]);
                let [left, right] = both.tick(needed, &ballistics, BOTH);
                prop_assert!((left - right).abs() <= 1.0, "{} {}", left, right);
            }
        }
    }

    #[test]
    fn recovers_to_exactly_zero() {
        for ballistics in [ballistics(false, Style::Loud), ballistics(true, Style::Transparent)] {
            let mut release = Release::default();
            release.tick([20.0 * PER_DB; 2], &ballistics, BOTH);
            assert!((0..200_000).any(|_| release.tick([0.0; 2], &ballistics, BOTH) == [0.0; 2] && release.settle()));
        }
    }
}

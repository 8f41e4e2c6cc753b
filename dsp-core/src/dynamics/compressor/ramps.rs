//! The compressor's moving parameters: straight lines between the ticks of the control grid.

use super::settings::{Listen, Operation, Settings, Style};
use crate::dynamics::gain_computer::{GainComputer, slope};
use crate::simd::decibel::db_to_gains;
use crate::smooth::{CONTROL_FRAMES, Smoothed};
use crate::units::pct_to_fraction;
use std::array::from_fn;

/// Everything that moves in 20 ms.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Of {
    On,
    Mix,
    ThresholdDb,
    Slope,
    KneeDb,
    RangeDb,
    MakeupDb,
    Link,
    MidSide,
    Harmonics,
    HearKey,
    HearRemoved,
}

/// How many there are.
const COUNT: usize = Of::HearRemoved as usize + 1;

/// All of them on the control grid, and the make-up's linear gain, which goes straight in between too.
type Values = [f64; COUNT + 1];

/// Place of the make-up's linear gain.
const MAKEUP: usize = COUNT;

/// One of them from one control tick to the next.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    from: f64,
    pub(super) to: f64,
}

impl Line {
    /// Where it is when so much of the way is left ([`frames_left`]): exactly there at the end.
    #[inline(always)]
    pub(super) fn at(&self, left: f64) -> f64 {
        self.to + left * (self.from - self.to)
    }

    /// Whether it does not move.
    #[inline(always)]
    pub(super) fn stands(&self) -> bool {
        self.from == self.to
    }

    /// Whether it is 0 all the way.
    #[inline(always)]
    pub(super) fn is_nothing(&self) -> bool {
        self.from == 0.0 && self.to == 0.0
    }
}

/// Share of the way that is left at a frame: the first after a control tick is frame 0.
#[inline(always)]
pub(super) fn frames_left(frame: usize) -> f64 {
    1.0 - (frame + 1) as f64 * (1.0 / CONTROL_FRAMES as f64)
}

/// What the curve needs, at one end of a control step.
#[derive(Clone, Copy)]
pub(super) struct Curve {
    pub(super) gain: GainComputer,
    pub(super) link: f64,
}

/// The parameters on their way, from one control tick to the next.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ramps {
    ramps: [Smoothed; COUNT],
    from: Values,
    to: Values,
    /// Whether nothing moves nor is about to.
    rests: bool,
    /// Whether any of them moves in this control step.
    pub(super) moving: bool,
}

impl Ramps {
    pub(super) fn new(settings: &Settings) -> Self {
        let values = [0.0; COUNT + 1];
        let mut ramps =
            Self { ramps: [Smoothed::new(0.0); COUNT], from: values, to: values, rests: false, moving: false };
        ramps.set(settings);
        ramps.reset();
        ramps
    }

    pub(super) fn prepare(&mut self, sample_rate_hz: f64) {
        self.ramps.iter_mut().for_each(|ramp| ramp.prepare(sample_rate_hz));
    }

    pub(super) fn set(&mut self, settings: &Settings) {
        self.rests = false;
        let share = |yes: bool| f64::from(u8::from(yes));
        for (of, target) in [
            (Of::On, share(settings.on)),
            (Of::Mix, pct_to_fraction(settings.mix_pct)),
            (Of::ThresholdDb, settings.threshold_db),
            (Of::Slope, slope(settings.ratio)),
            (Of::KneeDb, settings.knee_db),
            (Of::RangeDb, settings.range_db),
            (Of::MakeupDb, settings.full_makeup_db()),
            (Of::Link, pct_to_fraction(settings.link_pct)),
            (Of::MidSide, share(settings.operation == Operation::MidSide)),
            (Of::Harmonics, share(settings.style == Style::Fet)),
            (Of::HearKey, share(settings.listen == Listen::Key)),
            (Of::HearRemoved, share(settings.listen == Listen::Removed)),
        ] {
            self.ramps[of as usize].set(target);
        }
    }

    /// Rests on the targets.
    pub(super) fn reset(&mut self) {
        self.ramps.iter_mut().for_each(Smoothed::reset);
        self.rest_here();
    }

    /// Rests on the targets, but for being off, which fades from here.
    pub(super) fn reset_but_on(&mut self) {
        let on = self.ramps[Of::On as usize];
        self.ramps.iter_mut().for_each(Smoothed::reset);
        self.ramps[Of::On as usize] = on;
        self.rest_here();
    }

    fn rest_here(&mut self) {
        let [makeup] = db_to_gains([self.ramps[Of::MakeupDb as usize].value()]);
        self.to = from_fn(|n| if n == MAKEUP { makeup } else { self.ramps[n].value() });
        (self.from, self.moving) = (self.to, false);
    }

    /// A control tick: aims at where the parameters are at the next.
    pub(super) fn control(&mut self) {
        if self.rests {
            return;
        }
        self.from = self.to;
        self.moving = false;
        for (n, ramp) in self.ramps.iter_mut().enumerate() {
            if !ramp.is_settled() {
                self.to[n] = ramp.skip(CONTROL_FRAMES);
                self.moving = true;
                if n == Of::MakeupDb as usize {
                    [self.to[MAKEUP]] = db_to_gains([self.to[n]]);
                }
            }
        }
        self.rests = !self.moving;
    }

    /// From this control tick to the next.
    #[inline(always)]
    pub(super) fn line(&self, of: Of) -> Line {
        Line { from: self.from[of as usize], to: self.to[of as usize] }
    }

    /// The linear make-up, from this control tick to the next.
    #[inline(always)]
    pub(super) fn makeup(&self) -> Line {
        Line { from: self.from[MAKEUP], to: self.to[MAKEUP] }
    }

    /// The curve at this control tick, and at the next.
    #[inline(always)]
    pub(super) fn curves(&self) -> [Curve; 2] {
        [&self.from, &self.to].map(|values| {
            let [threshold_db, slope, knee_db, range_db, link] =
                [Of::ThresholdDb, Of::Slope, Of::KneeDb, Of::RangeDb, Of::Link].map(|of| values[of as usize]);
            Curve { gain: GainComputer::new(threshold_db, slope, knee_db, range_db), link }
        })
    }

    /// Whether it is off and has faded out.
    pub(super) fn is_off(&self) -> bool {
        self.rests && self.to[Of::On as usize] == 0.0
    }
}

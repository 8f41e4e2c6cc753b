//! The compressor's moving parameters: straight lines between the ticks of the control grid.

use super::settings::{Listen, Operation, Settings, Style};
use crate::dynamics::gain_computer::{GainComputer, slope};
use crate::dynamics::wet_gain::db_to_gain;
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

/// All of them at one frame. What is asked for is computed.
#[derive(Clone, Copy)]
pub(super) struct At<'a> {
    ramps: &'a Ramps,
    /// Of the way from one control tick to the next.
    share: f64,
}

impl At<'_> {
    #[inline(always)]
    fn value(&self, place: usize) -> f64 {
        let (from, to) = (self.ramps.from[place], self.ramps.to[place]);
        // Exactly there at the end.
        if self.share == 1.0 { to } else { from + self.share * (to - from) }
    }

    #[inline(always)]
    pub(super) fn get(&self, of: Of) -> f64 {
        self.value(of as usize)
    }

    /// Linear make-up.
    #[inline(always)]
    pub(super) fn makeup(&self) -> f64 {
        self.value(MAKEUP)
    }

    #[inline(always)]
    pub(super) fn curve(&self) -> GainComputer {
        let [threshold_db, slope, knee_db, range_db] =
            [Of::ThresholdDb, Of::Slope, Of::KneeDb, Of::RangeDb].map(|of| self.get(of));
        GainComputer::new(threshold_db, slope, knee_db, range_db)
    }

    /// Share of the compressed signal: 0 when off.
    #[inline(always)]
    pub(super) fn wet(&self) -> f64 {
        self.get(Of::On) * self.get(Of::Mix)
    }

    /// Shares of the key and of what is removed in what is heard.
    #[inline(always)]
    pub(super) fn heard(&self) -> [f64; 2] {
        [Of::HearKey, Of::HearRemoved].map(|of| self.get(Of::On) * self.get(of))
    }
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
        self.to = self.values();
        (self.from, self.moving) = (self.to, false);
    }

    /// Rests on the targets, but for being off, which fades from here.
    pub(super) fn reset_but_on(&mut self) {
        let on = self.ramps[Of::On as usize];
        self.ramps.iter_mut().for_each(Smoothed::reset);
        self.ramps[Of::On as usize] = on;
        self.to = self.values();
        (self.from, self.moving) = (self.to, false);
    }

    /// A control tick: aims at where the parameters are at the next.
    pub(super) fn control(&mut self) {
        if self.rests {
            return;
        }
        self.from = self.to;
        if self.ramps.iter().any(|ramp| !ramp.is_settled()) {
            self.ramps.iter_mut().for_each(|ramp| _ = ramp.skip(CONTROL_FRAMES));
            self.to = self.values();
        }
        self.moving = self.from != self.to;
        self.rests = !self.moving && self.ramps.iter().all(Smoothed::is_settled);
    }

    fn values(&self) -> Values {
        let [makeup] = db_to_gain([self.ramps[Of::MakeupDb as usize].value()]);
        from_fn(|n| if n == MAKEUP { makeup } else { self.ramps[n].value() })
    }

    /// Where they are after `frames` of this control step.
    #[inline(always)]
    pub(super) fn at(&self, frames: usize) -> At<'_> {
        At { ramps: self, share: frames as f64 * (1.0 / CONTROL_FRAMES as f64) }
    }

    /// Whether it is off and has faded out.
    pub(super) fn is_off(&self) -> bool {
        self.rests && self.to[Of::On as usize] == 0.0
    }
}

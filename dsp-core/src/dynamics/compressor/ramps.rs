//! The compressor's moving parameters, and what follows from them: the curve and the gain.

use super::Settings;
use crate::Frame;
use crate::dynamics::gain_computer::{GainComputer, slope};
use crate::dynamics::wet_gain::db_to_gain;
use crate::smooth::Smoothed;
use crate::units::pct_to_fraction;

/// Everything that moves in 20 ms.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ramps {
    pub(super) on: Smoothed,
    mix: Smoothed,
    threshold_db: Smoothed,
    slope: Smoothed,
    knee_db: Smoothed,
    range_db: Smoothed,
    makeup_db: Smoothed,
    pub(super) link: Smoothed,
    /// Whether any of them does.
    pub(super) moving: bool,
}

impl Ramps {
    pub(super) fn new(settings: &Settings) -> Self {
        let mut ramps = Self {
            on: Smoothed::new(0.0),
            mix: Smoothed::new(0.0),
            threshold_db: Smoothed::new(0.0),
            slope: Smoothed::new(0.0),
            knee_db: Smoothed::new(0.0),
            range_db: Smoothed::new(0.0),
            makeup_db: Smoothed::new(0.0),
            link: Smoothed::new(0.0),
            moving: false,
        };
        ramps.set(settings);
        ramps.reset();
        ramps
    }

    pub(super) fn all(&mut self) -> [&mut Smoothed; 8] {
        let Self { on, mix, threshold_db, slope, knee_db, range_db, makeup_db, link, moving: _ } = self;
        [on, mix, threshold_db, slope, knee_db, range_db, makeup_db, link]
    }

    pub(super) fn set(&mut self, settings: &Settings) {
        self.on.set(if settings.on { 1.0 } else { 0.0 });
        self.mix.set(pct_to_fraction(settings.mix_pct));
        self.threshold_db.set(settings.threshold_db);
        self.slope.set(slope(settings.ratio));
        self.knee_db.set(settings.knee_db);
        self.range_db.set(settings.range_db);
        self.makeup_db.set(settings.makeup_db);
        self.link.set(pct_to_fraction(settings.link_pct));
        self.moving = self.all().iter().any(|ramp| !ramp.is_settled());
    }

    pub(super) fn reset(&mut self) {
        self.all().into_iter().for_each(Smoothed::reset);
        self.moving = false;
    }

    pub(super) fn tick(&mut self) {
        self.moving = self.all().into_iter().fold(false, |moving, ramp| {
            ramp.tick();
            moving || !ramp.is_settled()
        });
    }

    pub(super) fn curve(&self) -> GainComputer {
        GainComputer::new(self.threshold_db.value(), self.slope.value(), self.knee_db.value(), self.range_db.value())
    }

    /// Dry and wet as one gain, exactly 1 when off or fully dry.
    #[inline]
    pub(super) fn gain(&self, reduction_db: Frame) -> Frame {
        let (makeup_db, wet) = (self.makeup_db.value(), self.on.value() * self.mix.value());
        db_to_gain(reduction_db.map(|reduction_db| makeup_db - reduction_db)).map(|gain| (1.0 - wet) + wet * gain)
    }

    pub(super) fn is_off(&self) -> bool {
        !self.moving && self.on.value() == 0.0
    }
}

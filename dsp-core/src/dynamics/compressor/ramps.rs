//! The compressor's moving parameters: straight lines between the ticks of the control grid.

use super::settings::{Operation, Settings, Style};
use crate::dynamics::gain_computer::{GainComputer, slope};
use crate::dynamics::ramps::{Line, Lines};
use crate::simd::decibel::db_to_gains;
use crate::units::pct_to_fraction;

/// Parameters that ramp in 20 ms.
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

/// Number of parameters.
const COUNT: usize = Of::HearRemoved as usize + 1;

/// The static curve at one end of a control step.
#[derive(Clone, Copy)]
pub(super) struct StaticCurve {
    pub(super) gain: GainComputer,
    pub(super) link: f64,
}

/// The parameters as they move from one control tick to the next.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ramps {
    lines: Lines<COUNT>,
    /// The make-up's linear gain, also linear between ticks.
    makeup: Line,
}

impl Ramps {
    pub(super) fn new(settings: &Settings) -> Self {
        Self { lines: Lines::new(targets(settings)), makeup: Line { from: 1.0, to: 1.0 } }
    }

    pub(super) fn prepare(&mut self, sample_rate_hz: f64) {
        self.lines.prepare(sample_rate_hz);
    }

    pub(super) fn set(&mut self, settings: &Settings) {
        self.lines.set(targets(settings));
    }

    /// Settles a parameter and all that follow it.
    pub(super) fn settle_from(&mut self, first: Of) {
        self.lines.settle_from(first as usize);
        let makeup = linear(self.line(Of::MakeupDb).to);
        self.makeup = Line { from: makeup, to: makeup };
    }

    /// A control tick: the lines run from here to the values at the next.
    pub(super) fn control(&mut self) {
        self.lines.control();
        self.makeup.from = self.makeup.to;
        let makeup_db = self.line(Of::MakeupDb);
        if !makeup_db.is_still() {
            self.makeup.to = linear(makeup_db.to);
        }
    }

    /// From this control tick to the next.
    #[inline(always)]
    pub(super) fn line(&self, of: Of) -> Line {
        self.lines.line(of as usize)
    }

    /// The linear make-up, from this control tick to the next.
    #[inline(always)]
    pub(super) fn makeup(&self) -> Line {
        self.makeup
    }

    /// The curve at this control tick, and at the next.
    #[inline(always)]
    pub(super) fn curves(&self) -> [StaticCurve; 2] {
        let places = [Of::ThresholdDb, Of::Slope, Of::KneeDb, Of::RangeDb, Of::Link];
        let curve = |[threshold_db, slope, knee_db, range_db, link]: [f64; 5]| StaticCurve {
            gain: GainComputer::new(threshold_db, slope, knee_db, range_db),
            link,
        };
        [curve(places.map(|of| self.line(of).from)), curve(places.map(|of| self.line(of).to))]
    }

    /// Whether any of them moves in this control step.
    #[inline(always)]
    pub(super) fn are_moving(&self) -> bool {
        self.lines.moving
    }

    /// Whether the compressor is off and has faded out.
    pub(super) fn are_off(&self) -> bool {
        self.lines.is_settled_on_zero(Of::On as usize)
    }
}

fn targets(settings: &Settings) -> [f64; COUNT] {
    let share = |yes: bool| f64::from(u8::from(yes));
    let [hear_key, hear_removed] = settings.listen.shares();
    [
        share(settings.on),
        pct_to_fraction(settings.mix_pct),
        settings.threshold_db,
        slope(settings.ratio),
        settings.knee_db,
        settings.range_db,
        settings.full_makeup_db(),
        pct_to_fraction(settings.link_pct),
        share(settings.operation == Operation::MidSide),
        share(settings.style == Style::Fet),
        hear_key,
        hear_removed,
    ]
}

fn linear(db: f64) -> f64 {
    let [gain] = db_to_gains([db]);
    gain
}

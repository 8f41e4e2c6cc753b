//! Low and high cut with a choice of slopes: Butterworth filters of order 1 to 16.

use super::crossfade::crossfade;
use crate::filter::butterworth::{Coeffs, State};
use crate::filter::glide::Glide;
use crate::filter::onepole;
use crate::frame::sanitise;
use crate::smooth::{CONTROL_FRAMES, Smoothed};
use crate::spec::UNPREPARED_RATE_HZ;
use crate::{Frame, Range, Spec, choice};

/// Corner of the low cut, where it is 3 dB down.
pub const LOW_CUT_HZ: Range = Range::log(10.0, 80.0, 2000.0, "Hz");
/// Corner of the high cut, where it is 3 dB down.
pub const HIGH_CUT_HZ: Range = Range::log(500.0, 18_000.0, 30_000.0, "Hz");

/// How steeply a cut falls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slope {
    /// 6 dB per octave.
    Db6,
    /// 12 dB per octave.
    Db12,
    /// 18 dB per octave.
    Db18,
    /// 24 dB per octave.
    Db24,
    /// 36 dB per octave.
    Db36,
    /// 48 dB per octave.
    Db48,
    /// 72 dB per octave.
    Db72,
    /// 96 dB per octave.
    Db96,
}

impl Slope {
    /// Order of the filter: 6 dB per octave each.
    #[must_use]
    pub const fn order(self) -> usize {
        match self {
            Self::Db6 => 1,
            Self::Db12 => 2,
            Self::Db18 => 3,
            Self::Db24 => 4,
            Self::Db36 => 6,
            Self::Db48 => 8,
            Self::Db72 => 12,
            Self::Db96 => 16,
        }
    }
}

choice!(Slope {
    Db6 => "6 dB/oct", Db12 => "12 dB/oct", Db18 => "18 dB/oct", Db24 => "24 dB/oct",
    Db36 => "36 dB/oct", Db48 => "48 dB/oct", Db72 => "72 dB/oct", Db96 => "96 dB/oct",
});

/// Which side is removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Removes what lies below the corner.
    Low,
    /// Removes what lies above the corner.
    High,
}

impl Side {
    /// Range of the corner.
    #[must_use]
    pub const fn freq_hz(self) -> Range {
        match self {
            Self::Low => LOW_CUT_HZ,
            Self::High => HIGH_CUT_HZ,
        }
    }

    /// The filter: the one design that is heard, drawn and tested.
    fn design(self, order: usize, freq_hz: f64, sample_rate_hz: f64) -> Coeffs {
        let shape = match self {
            Self::Low => onepole::Shape::LowCut,
            Self::High => onepole::Shape::HighCut,
        };
        Coeffs::design(shape, order, freq_hz, sample_rate_hz)
    }
}

/// Settings of one cut.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Whether it acts at all.
    pub on: bool,
    /// Corner, where it is 3 dB down.
    pub freq_hz: f64,
    /// How steeply it falls.
    pub slope: Slope,
}

impl Settings {
    /// Switched off, at the usual corner of its side.
    #[must_use]
    pub const fn off(side: Side) -> Self {
        Self { on: false, freq_hz: side.freq_hz().default, slope: Slope::Db12 }
    }

    /// Steady-state gain in dB at `freq_hz`; 0 when off.
    #[must_use]
    pub fn gain_db_at(&self, side: Side, freq_hz: f64, sample_rate_hz: f64) -> f64 {
        let settings = self.clamped(side);
        side.design(settings.order(), settings.freq_hz, sample_rate_hz).gain_db_at(freq_hz, sample_rate_hz)
    }

    /// The same with the corner held to the range of its side.
    fn clamped(self, side: Side) -> Self {
        Self { freq_hz: side.freq_hz().clamp(self.freq_hz), ..self }
    }

    /// Order of the filter that is asked; 0, which does nothing, when off.
    fn order(&self) -> usize {
        if self.on { self.slope.order() } else { 0 }
    }
}

/// One of the two filters that a crossfade goes between.
#[derive(Clone, Debug)]
struct Path {
    order: usize,
    coeffs: Glide<Coeffs>,
    state: State,
}

impl Path {
    /// A filter with an empty memory.
    fn new(side: Side, order: usize, freq_hz: f64, sample_rate_hz: f64) -> Self {
        Self { order, coeffs: Glide::new(side.design(order, freq_hz, sample_rate_hz)), state: State::new() }
    }

    /// Goes to a corner within the next control step.
    fn aim(&mut self, side: Side, freq_hz: f64, sample_rate_hz: f64) {
        if self.order > 0 {
            self.coeffs.aim(side.design(self.order, freq_hz, sample_rate_hz));
        }
    }

    /// Filters in place.
    fn run(&mut self, chunk: &mut [Frame]) {
        if self.order > 0 {
            self.state.run(&mut self.coeffs, chunk);
        }
    }
}

/// A running cut. Off is one more slope, of order 0; every change of slope is a crossfade between two filters that
/// both hear the input. A change during a crossfade waits for its end. The corner glides.
#[derive(Clone, Debug)]
pub struct Cut {
    side: Side,
    /// What is asked, within ranges.
    settings: Settings,
    /// Corner, log2 of Hz.
    freq_log2: Smoothed,
    /// What is heard at rest, and what is faded in.
    path: Path,
    /// What is faded out; it does not run otherwise.
    old: Path,
    /// Share of `path` in the output.
    fade: Smoothed,
    /// Frames since the last control step.
    since_control: usize,
    sample_rate_hz: f64,
}

impl Cut {
    /// A cut of one side.
    #[must_use]
    pub fn new(side: Side, settings: Settings) -> Self {
        let settings = settings.clamped(side);
        let path = Path::new(side, settings.order(), settings.freq_hz, UNPREPARED_RATE_HZ);
        Self {
            side,
            settings,
            freq_log2: Smoothed::new(settings.freq_hz.log2()),
            old: path.clone(),
            path,
            fade: Smoothed::new(1.0),
            since_control: 0,
            sample_rate_hz: UNPREPARED_RATE_HZ,
        }
    }

    /// Sizes and designs for the rate, then resets.
    pub fn prepare(&mut self, spec: Spec) {
        self.sample_rate_hz = spec.sample_rate_hz;
        self.freq_log2.prepare(spec.sample_rate_hz);
        self.fade.prepare(spec.sample_rate_hz);
        self.reset();
    }

    /// Forgets the past.
    pub fn reset(&mut self) {
        self.freq_log2.reset();
        self.fade.reset();
        self.path = Path::new(self.side, self.settings.order(), self.settings.freq_hz, self.sample_rate_hz);
        self.since_control = 0;
    }

    /// New targets.
    pub fn set(&mut self, settings: Settings) {
        let settings = settings.clamped(self.side);
        if settings != self.settings {
            self.settings = settings;
            self.freq_log2.set(settings.freq_hz.log2());
        }
    }

    /// Filters in place.
    pub fn process(&mut self, block: &mut [Frame]) {
        for frame in block.iter_mut() {
            *frame = sanitise(*frame);
        }
        let mut rest = block;
        while !rest.is_empty() {
            if self.since_control == 0 {
                self.control();
            }
            let (chunk, later) = rest.split_at_mut(rest.len().min(CONTROL_FRAMES - self.since_control));
            self.process_chunk(chunk);
            self.since_control = (self.since_control + chunk.len()) % CONTROL_FRAMES;
            rest = later;
        }
    }

    /// What is due every [`CONTROL_FRAMES`], before the frames that follow.
    fn control(&mut self) {
        let order = self.settings.order();
        if self.fade.is_settled() {
            if self.path.order == 0 {
                self.freq_log2.reset(); // nobody hears it move
            }
            if self.path.order != order {
                let path = Path::new(self.side, order, self.freq_log2.value().exp2(), self.sample_rate_hz);
                self.old = core::mem::replace(&mut self.path, path);
                self.fade.set(0.0);
                self.fade.reset();
                self.fade.set(1.0);
            }
        }
        if !self.freq_log2.is_settled() {
            let freq_hz = self.freq_log2.skip(CONTROL_FRAMES).exp2();
            self.path.aim(self.side, freq_hz, self.sample_rate_hz);
            if !self.fade.is_settled() {
                self.old.aim(self.side, freq_hz, self.sample_rate_hz);
            }
        }
    }

    /// Filters in place what lies between two control steps, or a part of it.
    fn process_chunk(&mut self, chunk: &mut [Frame]) {
        if self.fade.is_settled() {
            self.path.run(chunk);
            return;
        }
        let mut old = [[0.0; 2]; CONTROL_FRAMES];
        let old = &mut old[..chunk.len()];
        old.copy_from_slice(chunk);
        self.old.run(old);
        self.path.run(chunk);
        crossfade(&mut self.fade, old, chunk);
    }
}

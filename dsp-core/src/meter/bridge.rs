//! The row of meters behind a chain: level, loudness, true peak, correlation, PSR, DR and the loudness's history.
//!
//! Each frame is read once by four of them; the others are told every 100 ms what those have measured. Everything that
//! is measured over time can be paused: integrated loudness, range, DR, history and all extremes stand still, what shows
//! the moment goes on (EBU Tech 3341, stand-by).

use super::hops::HopClock;
use super::loudness_history::{LoudnessHistory, Point};
use super::readings::{SILENT, readings};
use super::scale::MeterScale;
use super::{
    correlation::CorrelationMeter, dr::DrMeter, level::LevelMeter, loudness, loudness::LoudnessMeter, psr::PsrMeter,
    true_peak::TruePeakMeter,
};
use crate::{Frame, Range, Spec};
use std::sync::Arc;

/// Loudness that is aimed at.
pub const TARGET_LUFS: Range = Range::linear(-36.0, -14.0, -5.0, "LUFS");
/// Steps of 10 ms in one of this row: a clock of them that takes the rate for so many times what it is ticks every 100 ms.
const STEPS: f64 = super::hops::HOPS_IN_100_MS as f64;
/// Steps after a pause in which something of it may be heard: the one under way, and true peaks come late.
const STALE: usize = 2;
/// Rate of meters that nobody prepared.
const UNPREPARED_HZ: f64 = 48_000.0;

/// How one wants to measure, and to see it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Whether anything is measured at all.
    pub on: bool,
    /// What is measured over time stands still.
    pub paused: bool,
    /// It starts anew whenever the host begins to play.
    pub resets_on_play: bool,
    /// Scale of the level meters.
    pub scale: MeterScale,
    /// Loudness that is aimed at, in LUFS; see [`TARGET_LUFS`].
    pub target_lufs: f64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            on: true,
            paused: false,
            resets_on_play: false,
            scale: MeterScale::default(),
            target_lufs: TARGET_LUFS.default,
        }
    }
}

readings! {
    /// What a row of meters shows. Levels of silence are −∞, and so are ratios that there are not yet.
    pub struct Readings {
        /// Peak, left and right, falling.
        pub peak_dbfs: [f64; 2] = [SILENT; 2],
        /// RMS, left and right.
        pub rms_dbfs: [f64; 2] = [SILENT; 2],
        /// Largest true peak since the measurement began.
        pub true_peak_dbtp: f64 = SILENT => held,
        /// Phase correlation of the last 400 ms.
        pub correlation: f64 = 1.0,
        /// Largest true peak of the last 3 s above short-term loudness.
        pub psr_lu: f64 = SILENT,
        /// The least of it since the measurement began.
        pub min_psr_lu: f64 = SILENT => held,
        /// Second largest peak above the loudest fifth, since the measurement began; see `dr.rs`.
        pub dr_db: f64 = SILENT => held,
        /// Loudness, now and since the measurement began.
        pub loudness: loudness::Readings = loudness::Readings::SILENCE,
    }
}

impl Readings {
    /// Largest true peak above integrated loudness, in LU; −∞ while one of them is.
    #[must_use]
    pub fn plr_lu(&self) -> f64 {
        let plr_lu = self.true_peak_dbtp - self.loudness.integrated_lufs;
        if plr_lu.is_finite() { plr_lu } else { f64::NEG_INFINITY }
    }
}

/// The running meters.
#[derive(Clone, Debug)]
pub struct MeterBridge {
    level: LevelMeter,
    loudness: LoudnessMeter,
    true_peak: TruePeakMeter,
    correlation: CorrelationMeter,
    psr: PsrMeter,
    dr: DrMeter,
    steps: HopClock,
    on: bool,
    watched: bool,
    paused: bool,
    /// Largest true peaks when it was paused, until nothing of the pause is heard any more.
    held: Option<[f64; 2]>,
    /// Ends of steps until then.
    stale: usize,
    history: Option<Arc<LoudnessHistory>>,
}

impl Default for MeterBridge {
    fn default() -> Self {
        Self::new()
    }
}

impl MeterBridge {
    /// Meters at rest, for stereo at 48 kHz until they are prepared.
    #[must_use]
    pub fn new() -> Self {
        Self {
            level: LevelMeter::new(),
            loudness: LoudnessMeter::new(),
            true_peak: TruePeakMeter::new(),
            correlation: CorrelationMeter::new(),
            psr: PsrMeter::new(),
            dr: DrMeter::new(),
            steps: HopClock::new(STEPS * UNPREPARED_HZ),
            on: true,
            watched: true,
            paused: false,
            held: None,
            stale: 0,
            history: None,
        }
    }

    /// Writes down the loudness from now on. Allocates nothing.
    pub fn record_history(&mut self, history: Arc<LoudnessHistory>) {
        history.clear();
        self.history = Some(history);
    }

    /// Learns rate and channels, then resets.
    pub fn prepare(&mut self, spec: Spec) {
        self.level.prepare(spec);
        self.loudness.prepare(spec);
        self.true_peak.prepare(spec);
        self.correlation.prepare(spec);
        self.dr.prepare(spec.channels);
        self.steps = HopClock::new(STEPS * spec.sample_rate_hz);
        self.reset();
    }

    /// Forgets the past.
    pub fn reset(&mut self) {
        self.level.reset();
        self.reset_measurement();
    }

    /// Starts what is measured over time anew, paused or not.
    pub fn reset_measurement(&mut self) {
        self.loudness.reset();
        self.true_peak.reset();
        self.correlation.reset();
        self.psr.reset();
        self.dr.reset();
        self.steps.reset();
        self.level.take_window();
        self.held = self.held.map(|_| [0.0; 2]);
        if let Some(history) = &self.history {
            history.clear();
        }
    }

    /// Whether anything is measured.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.on
    }

    /// Turns all of them on or off. Off, they cost nothing; either way all that was measured is forgotten.
    pub fn turn(&mut self, on: bool) {
        if on != self.on {
            self.on = on;
            self.reset();
        }
    }

    /// Whether somebody looks: while nobody does, the correlation rests, of which nothing is measured over time, and
    /// begins anew when somebody does again.
    pub fn watch(&mut self, watched: bool) {
        if watched != self.watched {
            self.watched = watched;
            self.correlation.reset();
        }
    }

    /// Pauses what is measured over time, or lets it go on: loudness at once, all else after 100 to 200 ms.
    pub fn pause(&mut self, paused: bool) {
        self.loudness.pause(paused);
        if paused && !self.paused {
            self.held.get_or_insert(self.true_peak.maxima());
            self.stale = STALE;
            self.dr.skip();
        }
        self.paused = paused;
    }

    /// Reads a block. A mono programme travels in both lanes.
    pub fn process(&mut self, block: &[Frame]) {
        let mut rest = if self.on { block } else { &[] };
        while !rest.is_empty() {
            let (now, later) = self.steps.split(rest);
            self.level.process(now);
            self.loudness.process(now);
            self.true_peak.process(now);
            if self.watched {
                self.correlation.process(now);
            }
            if self.steps.advance(now.len()) {
                self.end_step();
            }
            rest = later;
        }
    }

    /// Tells the others what has been measured in the step just done.
    fn end_step(&mut self) {
        let running = self.held.is_none();
        let (window, peak) = (self.level.take_window(), self.true_peak.take_recent());
        let short_term_lufs = self.loudness.short_term_lufs();
        self.psr.add(peak, short_term_lufs, running);
        if !running {
            self.go_on();
            return;
        }
        self.dr.add(window.peak, window.energy, self.steps.frames_in_last(1));
        if let Some(history) = &self.history {
            let momentary_lufs = self.loudness.momentary_lufs() as f32;
            history.push(Point { momentary_lufs, short_term_lufs: short_term_lufs as f32 });
        }
    }

    /// Ends a pause when nothing of it is heard any more.
    fn go_on(&mut self) {
        self.stale = if self.paused { STALE } else { self.stale.saturating_sub(1) };
        if self.stale == 0
            && let Some(maxima) = self.held.take()
        {
            self.true_peak.go_back_to(maxima);
        }
    }

    /// What they show now. Not for every frame: the gates are worked out here.
    #[must_use]
    pub fn readings(&self) -> Readings {
        let [left, right] = self.held.unwrap_or_else(|| self.true_peak.maxima());
        Readings {
            peak_dbfs: self.level.peak_dbfs(),
            rms_dbfs: self.level.rms_dbfs(),
            true_peak_dbtp: crate::units::gain_to_db(left.max(right)),
            loudness: self.loudness.readings(),
            correlation: self.correlation.value(),
            psr_lu: self.psr.now_lu(),
            min_psr_lu: self.psr.min_lu(),
            dr_db: self.dr.now_db(),
        }
    }

    /// Largest sample magnitude since `reset`, in dBFS; −∞ for silence.
    #[must_use]
    pub fn max_peak_dbfs(&self) -> f64 {
        self.level.max_peak_dbfs()
    }

    /// The meter of true peaks, e.g. to let the last frames of a file count.
    #[must_use]
    pub fn true_peak(&self) -> &TruePeakMeter {
        &self.true_peak
    }

    /// The meter of correlation.
    #[must_use]
    pub fn correlation(&self) -> &CorrelationMeter {
        &self.correlation
    }
}

#[cfg(test)]
mod tests;

//! The meter bridge at the output: level, loudness, true peak, correlation, PSR, DR and loudness history.
//!
//! Four meters read every frame; the others are fed by them every 100 ms. A pause (stand-by of EBU Tech 3341) stops what is
//! measured over time: integrated loudness, range, DR, history and all maxima and minima. Momentary readings go on.

mod dr;
mod psr;

use super::hops::{HOPS_IN_100_MS, HOPS_PER_S, HopClock};
use super::loudness_history::{LoudnessHistory, Point};
use super::readings::{SILENT, readings};
use super::scale::MeterScale;
use super::{correlation::CorrelationMeter, level::LevelMeter, true_peak::TruePeakMeter};
use super::{loudness, loudness::LoudnessMeter};
use crate::spec::UNPREPARED_RATE_HZ;
use crate::units::gain_to_db;
use crate::{Frame, Range, Spec};
use dr::DrMeter;
use psr::PsrMeter;
use std::sync::Arc;

/// Target loudness.
pub const TARGET_LUFS: Range = Range::linear(-36.0, -14.0, -5.0, "LUFS");
/// Hops of 100 ms per second.
const RATE: f64 = HOPS_PER_S / HOPS_IN_100_MS as f64;
/// Hops after a pause that may still hold some of it: the current one, and true peaks are late.
const STALE_HOPS: usize = 2;

/// Settings of the meters and their display.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Whether anything is measured.
    pub on: bool,
    /// Pauses what is measured over time.
    pub paused: bool,
    /// Restarts the measurement whenever the host starts to play.
    pub resets_on_play: bool,
    /// Scale of the level meters.
    pub scale: MeterScale,
    /// Target loudness, in LUFS; see [`TARGET_LUFS`].
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
    /// What the meters show. Levels of silence are −∞, as are ratios that do not exist yet.
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
        /// Smallest PSR since the measurement began.
        pub min_psr_lu: f64 = SILENT => held,
        /// DR since the measurement began; see `bridge/dr.rs`.
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
        if plr_lu.is_finite() { plr_lu } else { SILENT }
    }
}

/// The running meters.
#[derive(Clone, Debug)]
pub struct MeterBridge {
    pub(super) level: LevelMeter,
    pub(super) true_peak: TruePeakMeter,
    pub(super) correlation: CorrelationMeter,
    loudness: LoudnessMeter,
    psr: PsrMeter,
    dr: DrMeter,
    /// Ticks every 100 ms.
    clock: HopClock,
    on: bool,
    visible: bool,
    paused: bool,
    /// Largest true peaks when the pause began, until no frame of it is left.
    held: Option<[f64; 2]>,
    /// Hops until then.
    stale: usize,
    history: Option<Arc<LoudnessHistory>>,
}

impl Default for MeterBridge {
    /// Meters for stereo at 48 kHz until they are prepared.
    fn default() -> Self {
        Self {
            level: LevelMeter::default(),
            true_peak: TruePeakMeter::default(),
            correlation: CorrelationMeter::default(),
            loudness: LoudnessMeter::default(),
            psr: PsrMeter::new(),
            dr: DrMeter::new(),
            clock: HopClock::new(UNPREPARED_RATE_HZ, RATE),
            on: true,
            visible: true,
            paused: false,
            held: None,
            stale: 0,
            history: None,
        }
    }
}

impl MeterBridge {
    /// Records loudness into `history` from now on. Does not allocate.
    pub fn record_history(&mut self, history: Arc<LoudnessHistory>) {
        history.clear();
        self.history = Some(history);
    }

    /// Adopts rate and channels, then resets.
    pub fn prepare(&mut self, spec: Spec) {
        self.level.prepare(spec);
        self.loudness.prepare(spec);
        self.true_peak.prepare(spec);
        self.correlation.prepare(spec);
        self.dr.prepare(spec.channels);
        self.clock = HopClock::new(spec.sample_rate_hz, RATE);
        self.reset();
    }

    /// Forgets the past.
    pub fn reset(&mut self) {
        self.level.reset();
        self.reset_measurement();
    }

    /// Restarts what is measured over time, paused or not.
    pub fn reset_measurement(&mut self) {
        self.loudness.reset();
        self.true_peak.reset();
        self.correlation.reset();
        self.psr.reset();
        self.dr.reset();
        self.clock.reset();
        self.level.take_interval();
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

    /// Switches all meters on or off, which resets them. Off, they cost nothing.
    pub fn set_on(&mut self, on: bool) {
        if on != self.on {
            self.on = on;
            self.reset();
        }
    }

    /// Whether the meters are on display. If not, correlation, which is not measured over time, stops; it restarts when
    /// they are again.
    pub fn set_visible(&mut self, visible: bool) {
        if visible != self.visible {
            self.visible = visible;
            self.correlation.reset();
        }
    }

    /// Pauses or resumes what is measured over time: loudness at once, the rest 100 to 200 ms later.
    pub fn pause(&mut self, paused: bool) {
        self.loudness.pause(paused);
        if paused && !self.paused {
            self.held.get_or_insert(self.true_peak.maxima());
            self.stale = STALE_HOPS;
            self.dr.restart_block();
        }
        self.paused = paused;
    }

    /// Reads a block. A mono programme travels in both lanes.
    pub fn process(&mut self, block: &[Frame]) {
        let mut rest = if self.on { block } else { &[] };
        while let Some((now, completes)) = self.clock.take(&mut rest) {
            self.level.process(now);
            self.loudness.process(now);
            self.true_peak.process(now);
            if self.visible {
                self.correlation.process(now);
            }
            if completes {
                self.end_hop();
            }
        }
    }

    /// Feeds the last 100 ms to the other meters.
    fn end_hop(&mut self) {
        let running = self.held.is_none();
        let (interval, peak) = (self.level.take_interval(), self.true_peak.take_recent());
        let short_term_lufs = self.loudness.short_term_lufs();
        self.psr.add(peak, short_term_lufs, running);
        if !running {
            self.try_resume();
            return;
        }
        self.dr.add(interval, self.clock.frames_in_last(1));
        if let Some(history) = &self.history {
            let momentary_lufs = self.loudness.momentary_lufs() as f32;
            history.push(Point { momentary_lufs, short_term_lufs: short_term_lufs as f32 });
        }
    }

    /// Ends a pause once no frame of it is left.
    fn try_resume(&mut self) {
        self.stale = if self.paused { STALE_HOPS } else { self.stale.saturating_sub(1) };
        if self.stale == 0
            && let Some(maxima) = self.held.take()
        {
            self.true_peak.restore_maxima(maxima);
        }
    }

    /// What the meters show now. Not for every frame: this computes the gates.
    #[must_use]
    pub fn readings(&self) -> Readings {
        let [left, right] = self.held.unwrap_or_else(|| self.true_peak.maxima());
        Readings {
            peak_dbfs: self.level.peak_dbfs(),
            rms_dbfs: self.level.rms_dbfs(),
            true_peak_dbtp: gain_to_db(left.max(right)),
            correlation: self.correlation.value(),
            psr_lu: self.psr.psr_lu,
            min_psr_lu: self.psr.min_psr_lu(),
            dr_db: self.dr.dr_db,
            loudness: self.loudness.readings(),
        }
    }
}

#[cfg(test)]
mod tests;

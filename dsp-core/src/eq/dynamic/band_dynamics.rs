//! The dynamics of one band: from the level in its region to an offset to its gain.

use super::curve;
use super::detector::Detector;
use super::long_term::{LongTerm, SILENT_DB};
use super::settings::{Reference, Settings};
use crate::Frame;
use crate::dynamics::ballistics::{self, Ballistics};
use crate::filter::prototype::Prototype;
use crate::smooth::CONTROL_FRAMES;
use crate::spec::UNPREPARED_RATE_HZ;
use crate::units::FLOOR_DB;

/// Longest time to cover 63 % of the way back after it is switched off: at once, but without a jump.
const OFF_MS: f64 = 50.0;

/// Moves a band's gain with the level of its region.
///
/// The owner lets it [`detect`](Self::detect) every frame of its source, in pieces of any length, and takes a
/// [`step`](Self::step) every [`CONTROL_FRAMES`], both only while it [`is_active`](Self::is_active). Which lanes the
/// frames hold (left and right, mid and side, one of them twice) is up to the owner; the louder lane counts.
#[derive(Clone, Debug)]
pub struct BandDynamics {
    settings: Settings,
    region: Prototype,
    sample_rate_hz: f64,
    detector: Detector,
    /// Region and release that the detector is set to.
    detected: (Prototype, f64),
    long_term: LongTerm,
    level_db: f64,
    /// Offset towards the range's sign.
    offset: ballistics::Follower,
    ballistics: Ballistics,
    /// The sign: 1 or −1.
    towards: f64,
}

impl BandDynamics {
    /// At an offset of 0 dB. The region's numbers are within a band's ranges.
    #[must_use]
    pub fn new(settings: Settings, region: Prototype) -> Self {
        let settings = settings.clamped();
        let mut new = Self {
            settings,
            region,
            sample_rate_hz: UNPREPARED_RATE_HZ,
            detector: Detector::new(region, settings.release_ms, UNPREPARED_RATE_HZ),
            detected: (region, settings.release_ms),
            long_term: LongTerm::new(UNPREPARED_RATE_HZ / CONTROL_FRAMES as f64),
            level_db: FLOOR_DB,
            offset: ballistics::Follower::default(),
            ballistics: Ballistics::straight(0.0, 0.0, UNPREPARED_RATE_HZ),
            towards: 1.0,
        };
        new.reset();
        new
    }

    /// Learns the rate, then resets.
    pub fn prepare(&mut self, sample_rate_hz: f64) {
        self.sample_rate_hz = sample_rate_hz;
        self.reset();
    }

    /// Forgets the past, the long-term level too.
    pub fn reset(&mut self) {
        self.detector = Detector::new(self.region, self.settings.release_ms, self.sample_rate_hz);
        self.detected = self.to_detect();
        self.long_term = LongTerm::new(self.step_rate_hz());
        self.level_db = FLOOR_DB;
        self.offset = ballistics::Follower::default();
        self.towards = if self.settings.range_db < 0.0 { -1.0 } else { 1.0 };
        self.set_times();
    }

    /// New settings and region, from the next step on. The offset moves on from where it is, with the new times.
    pub fn set(&mut self, settings: Settings, region: Prototype) {
        let settings = settings.clamped();
        if settings == self.settings && region == self.region {
            return;
        }
        let was_active = self.is_active();
        (self.settings, self.region) = (settings, region);
        if !was_active && !self.is_active() {
            // Nothing is detected: the rest is done when it is active.
            return;
        }
        let to_detect = self.to_detect();
        if core::mem::replace(&mut self.detected, to_detect) != to_detect {
            self.detector.set(region, settings.release_ms, self.sample_rate_hz);
        }
        if settings.range_db * self.towards < 0.0 {
            self.towards = -self.towards;
            self.offset = ballistics::Follower::at(-self.offset.reduction_db());
        }
        self.set_times();
        if !was_active {
            // What it detected last is long gone.
            self.detector.reset();
        }
    }

    fn to_detect(&self) -> (Prototype, f64) {
        (self.region, self.settings.release_ms)
    }

    /// Whether it moves the gain or returns to 0 dB; otherwise it needs no input.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.settings.moves() || self.offset.reduction_db() != 0.0
    }

    /// Takes the next frames: all of a control step, or a piece of it.
    #[inline]
    pub fn detect(&mut self, chunk: &[Frame]) {
        self.detector.detect(chunk);
    }

    /// Ends a control step; returns what is to be added to the band's gain in the next one, in dB.
    pub fn step(&mut self) -> f64 {
        let measured = self.detector.step();
        self.level_db = measured.level_db;
        if measured.level_db >= SILENT_DB {
            self.long_term.take(measured.power);
        }
        let target_db = match self.threshold_db() {
            Some(threshold_db) if self.settings.moves() => {
                curve::offset_db(self.level_db, threshold_db, self.settings.knee_db, self.settings.range_db)
            }
            _ => 0.0,
        };
        self.offset.step(&self.ballistics, self.towards * target_db);
        self.offset_db()
    }

    /// Peak level of the region at the last step, in dBFS.
    #[must_use]
    pub fn level_db(&self) -> f64 {
        self.level_db
    }

    /// The threshold in dBFS; none while it is relative to a long-term level that is not known yet.
    #[must_use]
    pub fn threshold_db(&self) -> Option<f64> {
        match self.settings.reference {
            Reference::Absolute => Some(self.settings.threshold_db),
            Reference::Relative => self.long_term.level_db().map(|long_db| long_db + self.settings.threshold_db),
        }
    }

    /// The offset at the last step, in dB.
    #[must_use]
    pub fn offset_db(&self) -> f64 {
        self.towards * self.offset.reduction_db()
    }

    fn step_rate_hz(&self) -> f64 {
        self.sample_rate_hz / CONTROL_FRAMES as f64
    }

    /// The release is shortened by the time that the detector holds, so that its 63 % stay in their time.
    fn set_times(&mut self) {
        let release_ms = self.settings.release_ms - self.detector.hold_ms(self.sample_rate_hz);
        let release_ms = if self.settings.moves() { release_ms } else { release_ms.min(OFF_MS) };
        self.ballistics = Ballistics::straight(self.settings.attack_ms, release_ms, self.step_rate_hz());
    }
}

//! The moving part of one band: from what its region does to an offset to its gain.

use super::level::Level;
use super::long_term::{LongTerm, SILENT_DB};
use super::{Reference, Settings, curve};
use crate::Frame;
use crate::dynamics::ballistics::{self, Ballistics};
use crate::eq::band;
use crate::filter::prototype::Prototype;
use crate::smooth::CONTROL_FRAMES;
use crate::spec::UNPREPARED_RATE_HZ;
use crate::units::FLOOR_DB;

/// Longest time to cover 63 % of the way back after it was switched off: at once, but without a jump.
const OFF_MS: f64 = 50.0;

/// Follows the level of a band's region with the band's gain.
///
/// The owner lets it [`hear`](Self::hear) every frame of its source, in whatever pieces, and asks for a
/// [`step`](Self::step) every [`CONTROL_FRAMES`], both only while it [`is_active`](Self::is_active). Which lanes the
/// frames hold (left and right, mid and side, one of them twice) is up to the owner; the louder lane counts.
#[derive(Clone, Debug)]
pub struct Follower {
    settings: Settings,
    region: Prototype,
    sample_rate_hz: f64,
    level: Level,
    /// Region and release that the level is of.
    heard: (Prototype, f64),
    long_term: LongTerm,
    level_db: f64,
    /// Offset towards the range's sign.
    offset: ballistics::Follower,
    ballistics: Ballistics,
    /// The sign: 1 or −1.
    towards: f64,
}

impl Follower {
    /// At an offset of 0 dB.
    #[must_use]
    pub fn new(settings: Settings, region: Prototype) -> Self {
        let (settings, region) = (settings.clamped(), clamped(region));
        let mut follower = Self {
            settings,
            region,
            sample_rate_hz: UNPREPARED_RATE_HZ,
            level: Level::new(region, settings.release_ms, UNPREPARED_RATE_HZ),
            heard: (region, settings.release_ms),
            long_term: LongTerm::new(UNPREPARED_RATE_HZ / CONTROL_FRAMES as f64),
            level_db: FLOOR_DB,
            offset: ballistics::Follower::default(),
            ballistics: Ballistics::straight(0.0, 0.0, UNPREPARED_RATE_HZ),
            towards: 1.0,
        };
        follower.reset();
        follower
    }

    /// Learns the rate, then resets.
    pub fn prepare(&mut self, sample_rate_hz: f64) {
        self.sample_rate_hz = sample_rate_hz;
        self.reset();
    }

    /// Forgets what it heard, the long-term level too.
    pub fn reset(&mut self) {
        self.level = Level::new(self.region, self.settings.release_ms, self.sample_rate_hz);
        self.heard = self.to_hear();
        self.long_term = LongTerm::new(self.step_rate_hz());
        self.level_db = FLOOR_DB;
        self.offset = ballistics::Follower::default();
        self.towards = if self.settings.range_db < 0.0 { -1.0 } else { 1.0 };
        self.set_times();
    }

    /// Other settings, another region, from the next step on. The offset goes from where it is, with the new times.
    pub fn set(&mut self, settings: Settings, region: Prototype) {
        let (settings, region) = (settings.clamped(), clamped(region));
        if settings == self.settings && region == self.region {
            return;
        }
        let was_active = self.is_active();
        (self.settings, self.region) = (settings, region);
        if !was_active && !self.is_active() {
            // Nothing is heard: the rest is done when something is.
            return;
        }
        let to_hear = self.to_hear();
        if core::mem::replace(&mut self.heard, to_hear) != to_hear {
            self.level.set(region, settings.release_ms, self.sample_rate_hz);
        }
        if settings.range_db * self.towards < 0.0 {
            self.towards = -self.towards;
            self.offset = ballistics::Follower::at(-self.offset.reduction_db());
        }
        self.set_times();
        if !was_active {
            // What it heard last is long gone.
            self.level.reset();
        }
    }

    fn to_hear(&self) -> (Prototype, f64) {
        (self.region, self.settings.release_ms)
    }

    /// Whether it moves the gain or is on its way back to 0 dB; while not, it need not hear.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.settings.moves() || self.offset.reduction_db() != 0.0
    }

    /// Listens to the frames that come next: all of a control step, or a piece of it.
    #[inline]
    pub fn hear(&mut self, chunk: &[Frame]) {
        self.level.hear(chunk);
    }

    /// Ends a control step; returns what is to be added to the band's gain in the next one, in dB.
    pub fn step(&mut self) -> f64 {
        let heard = self.level.step();
        self.level_db = heard.level_db;
        if heard.level_db >= SILENT_DB {
            self.long_term.take(heard.power);
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
        let release_ms = self.settings.release_ms - self.level.hold_ms(self.sample_rate_hz);
        let release_ms = if self.settings.moves() { release_ms } else { release_ms.min(OFF_MS) };
        self.ballistics = Ballistics::straight(self.settings.attack_ms, release_ms, self.step_rate_hz());
    }
}

/// A region with numbers that a filter can be made of.
fn clamped(region: Prototype) -> Prototype {
    Prototype {
        freq_hz: band::FREQ_HZ.clamp(region.freq_hz),
        gain_db: band::GAIN_DB.clamp(region.gain_db),
        q: band::Q.clamp(region.q),
        ..region
    }
}

//! A running de-esser.

use super::programme::Programme;
use super::ramps::{Moves, Ramps};
use super::settings::Settings;
use super::shelf::{Glide, Parts};
use crate::chain::stage::Stage;
use crate::dynamics::detector::{Detector, linked};
use crate::dynamics::follower::{Follower, Law};
use crate::dynamics::gain_computer::GainComputer;
use crate::frame::sanitise;
use crate::simd::Isa;
use crate::smooth::CONTROL_FRAMES;
use crate::spec::UNPREPARED_RATE_HZ;
use crate::{Frame, Spec};

/// Share of the release that the detector's window takes.
const WINDOW_OF_RELEASE: f64 = 1.0 / 8.0;
/// Longest window: an "s" is noise, whose peaks are steady over this long.
const MAX_WINDOW_MS: f64 = 8.0;

/// A de-esser; see [`super`].
#[derive(Clone, Debug)]
pub struct DeEsser {
    settings: Settings,
    sample_rate_hz: f64,
    pub(super) ramps: Ramps,
    pub(super) glide: Glide,
    pub(super) detector: Detector,
    pub(super) programme: Programme,
    law: GainComputer,
    pub(super) times: Law,
    pub(super) followers: [Follower; 2],
    /// Level of each channel, in dB.
    pub(super) band_db: Frame,
    pub(super) programme_db: Frame,
    /// What the law asks for.
    pub(super) target_db: Frame,
    /// The run's moving parameters, its parts, and its reductions, later the roots of gains; kept for their room only.
    pub(super) moves: Moves,
    pub(super) parts: Parts,
    pub(super) reductions_db: [[f64; CONTROL_FRAMES]; 2],
    pub(super) isa: Isa,
    /// Off, and faded out: the input passes as it is and nothing listens.
    idle: bool,
}

impl DeEsser {
    /// A de-esser at rest.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        let settings = settings.clamped();
        let ramps = Ramps::new(&settings);
        let mut de_esser = Self {
            settings,
            sample_rate_hz: UNPREPARED_RATE_HZ,
            law: ramps.law(),
            ramps,
            glide: Glide::new(settings.freq_hz, UNPREPARED_RATE_HZ),
            detector: Detector::new(0.0, UNPREPARED_RATE_HZ),
            programme: Programme::new(UNPREPARED_RATE_HZ),
            times: Law::straight(0.0, 0.0, UNPREPARED_RATE_HZ),
            followers: [Follower::default(); 2],
            band_db: [0.0; 2],
            programme_db: [0.0; 2],
            target_db: [0.0; 2],
            moves: Moves::new(),
            parts: Parts::SILENT,
            reductions_db: [[0.0; CONTROL_FRAMES]; 2],
            isa: Isa::detect(),
            idle: false,
        };
        de_esser.set_times();
        de_esser.reset();
        de_esser
    }

    /// Reduction of the more reduced channel at the last frame, in dB, 0 or more.
    #[must_use]
    pub fn reduction_db(&self) -> f64 {
        // A rounding below zero on the way to nothing is nothing.
        self.followers.iter().fold(0.0, |most_db, follower| follower.reduction_db().max(most_db))
    }

    /// Band level less programme level of the channel that exceeds more, in dB: what the threshold is compared with.
    /// None while the programme has no level yet, after a reset or when switched on.
    #[must_use]
    pub fn excess_db(&self) -> Option<f64> {
        self.programme.is_known().then(|| self.largest_excess_db())
    }

    fn largest_excess_db(&self) -> f64 {
        let [left_db, right_db] = self.excesses_db();
        left_db.max(right_db)
    }

    /// What the law asks for at the present levels.
    #[inline(always)]
    pub(super) fn aim(&mut self) {
        self.target_db = if self.programme.is_known() {
            self.excesses_db().map(|excess_db| self.law.reduction_db(excess_db))
        } else {
            [0.0; 2]
        };
    }

    /// Band level less programme level of each channel, as they are linked.
    #[inline(always)]
    fn excesses_db(&self) -> Frame {
        let [band_db, programme_db] =
            [self.band_db, self.programme_db].map(|own_db| linked(own_db, self.ramps.link.value()));
        [band_db[0] - programme_db[0], band_db[1] - programme_db[1]]
    }

    /// The window and the time constants. The release is shortened by the window, so that its 63 % stay in their time.
    fn set_times(&mut self) {
        let Settings { attack_ms, release_ms, .. } = self.settings;
        let rate = self.sample_rate_hz;
        self.detector.set_window((release_ms * WINDOW_OF_RELEASE).min(MAX_WINDOW_MS), rate);
        self.times = Law::straight(attack_ms, release_ms - self.detector.hold_ms(rate), rate);
    }

    /// As after endless silence.
    fn forget(&mut self) {
        self.glide = Glide::new(self.settings.freq_hz, self.sample_rate_hz);
        self.detector.reset();
        self.programme = Programme::new(self.sample_rate_hz);
        self.followers = [Follower::default(); 2];
        self.law = self.ramps.law();
        self.band_db = self.detector.own_levels_db();
        self.programme_db = self.programme.own_levels_db();
        self.target_db = [0.0; 2];
    }
}

impl Stage for DeEsser {
    type Settings = Settings;

    /// Learns the rate, then resets.
    fn prepare(&mut self, spec: Spec) {
        self.sample_rate_hz = spec.sample_rate_hz;
        self.ramps.prepare(spec.sample_rate_hz);
        self.set_times();
        self.reset();
    }

    /// Forgets the past.
    fn reset(&mut self) {
        self.ramps.reset();
        self.forget();
        self.idle = !self.settings.on;
    }

    /// New targets.
    fn set(&mut self, settings: Settings) {
        let settings = settings.clamped();
        if settings == self.settings {
            return;
        }
        let before = core::mem::replace(&mut self.settings, settings);
        if [settings.attack_ms, settings.release_ms] != [before.attack_ms, before.release_ms] {
            self.set_times();
        }
        self.ramps.set(&settings);
        self.glide.set(settings.freq_hz);
        if self.idle {
            // Nobody hears the others move; what turns it on or is listened to is faded.
            self.ramps.settle_unheard();
            self.forget();
            self.idle = !settings.on;
        }
    }

    /// De-esses in place.
    fn process(&mut self, block: &mut [Frame], _key: Option<&[Frame]>) {
        let mut at = 0;
        while at < block.len() {
            if self.idle {
                block[at..].iter_mut().for_each(|frame| *frame = sanitise(*frame));
                return;
            }
            // Until the programme level moves.
            let frames = self.programme.left().min(block.len() - at);
            let run = &mut block[at..at + frames];
            self.run(run);
            if self.ramps.moving {
                self.law = self.ramps.law();
                self.aim();
            }
            if self.programme.count(frames) {
                self.programme_db = self.programme.own_levels_db();
                self.aim();
            }
            if self.programme.left() == CONTROL_FRAMES {
                // On the grid only: what moves and what rests is not computed alike to the last bit.
                self.ramps.look();
                self.glide.control();
                self.followers.iter_mut().for_each(|follower| follower.control(&self.times));
            }
            if self.ramps.is_off() {
                self.forget();
                self.idle = true;
            }
            at += frames;
        }
    }

    /// Whether it does nothing until something is set, and need not be given frames that are numbers.
    fn is_idle(&self) -> bool {
        self.idle
    }

    /// None: nothing is looked at ahead.
    fn latency_frames(&self) -> usize {
        0
    }
}

//! A running de-esser.

use super::programme::Programme;
use super::settings::{Mode, Settings, law};
use super::shelf::{Glide, Parts, State};
use crate::dynamics::ballistics::Ballistics;
use crate::dynamics::detector::Detector;
use crate::dynamics::gain_computer::GainComputer;
use crate::dynamics::listen::Listen;
use crate::dynamics::listen_fade::ListenFade;
use crate::dynamics::wet_gain::db_to_gain;
use crate::frame::sanitise;
use crate::smooth::Smoothed;
use crate::spec::UNPREPARED_RATE_HZ;
use crate::units::pct_to_fraction;
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
    ramps: Ramps,
    glide: Glide,
    state: State,
    detector: Detector,
    programme: Programme,
    law: GainComputer,
    ballistics: Ballistics<2>,
    /// Levels as linked, in dB.
    band_db: Frame,
    programme_db: Frame,
    /// What the law asks for.
    target_db: Frame,
    cut: Cut,
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
            state: State::default(),
            detector: Detector::new(0.0, UNPREPARED_RATE_HZ),
            programme: Programme::new(UNPREPARED_RATE_HZ),
            ballistics: Ballistics::new(0.0, 0.0, UNPREPARED_RATE_HZ),
            band_db: [0.0; 2],
            programme_db: [0.0; 2],
            target_db: [0.0; 2],
            cut: Cut::NONE,
            idle: false,
        };
        de_esser.set_times();
        de_esser.reset();
        de_esser
    }

    /// Learns the rate, then resets.
    pub fn prepare(&mut self, spec: Spec) {
        self.sample_rate_hz = spec.sample_rate_hz;
        self.ramps.prepare(spec.sample_rate_hz);
        self.set_times();
        self.reset();
    }

    /// Forgets the past.
    pub fn reset(&mut self) {
        self.ramps.reset();
        self.forget();
        self.idle = !self.settings.on;
    }

    /// New targets.
    pub fn set(&mut self, settings: Settings) {
        let settings = settings.clamped();
        if settings == self.settings {
            return;
        }
        self.settings = settings;
        self.set_times();
        self.ramps.set(&settings);
        self.glide.set(settings.freq_hz);
        if self.idle {
            // Nobody hears the others move; what turns it on or is listened to is faded.
            self.ramps.settle_unheard();
            self.forget();
            self.idle = !settings.on;
        }
    }

    /// None: nothing is looked at ahead.
    #[must_use]
    pub fn latency_frames(&self) -> usize {
        0
    }

    /// De-esses in place.
    pub fn process(&mut self, block: &mut [Frame]) {
        let mut at = 0;
        while at < block.len() {
            if self.idle {
                block[at..].iter_mut().for_each(|frame| *frame = sanitise(*frame));
                return;
            }
            // Until the programme level moves.
            let frames = self.programme.left().min(block.len() - at);
            let run = &mut block[at..at + frames];
            if self.ramps.moving || !self.glide.is_settled() {
                self.run::<true>(run);
                self.ramps.look();
            } else {
                self.run::<false>(run);
            }
            if self.programme.count(frames) {
                self.programme_db = self.programme.levels_db(self.ramps.link.value());
                self.target_db = self.asked_db();
            }
            if self.ramps.is_off() {
                self.forget();
                self.idle = true;
            }
            at += frames;
        }
    }

    /// Reduction of the more reduced channel at the last frame, in dB, 0 or more.
    #[must_use]
    pub fn reduction_db(&self) -> f64 {
        let [left_db, right_db] = self.ballistics.reduction_db();
        left_db.max(right_db)
    }

    /// Band level less programme level of the channel that exceeds more, in dB: what the threshold is compared with.
    /// None while the programme has no level yet, after a reset or when switched on.
    #[must_use]
    pub fn excess_db(&self) -> Option<f64> {
        self.programme.is_known().then(|| self.largest_excess_db())
    }

    fn largest_excess_db(&self) -> f64 {
        (self.band_db[0] - self.programme_db[0]).max(self.band_db[1] - self.programme_db[1])
    }

    /// Frames up to the next look at the programme; parameters may move from one to the next, or are shared by all.
    #[inline]
    fn run<const MOVING: bool>(&mut self, block: &mut [Frame]) {
        // In registers meanwhile.
        let (mut coeffs, mut state, mut squares) = (self.glide.coeffs, self.state, self.programme.squares);
        let (mut ballistics, mut cut, mut target_db) = (self.ballistics, self.cut, self.target_db);
        let (mut on, mut wide) = (self.ramps.on.value(), self.ramps.wide.value());
        let mut listens = !self.ramps.listen.is_off();
        for frame in block.iter_mut() {
            if MOVING {
                self.move_on();
                (coeffs, on, wide) = (self.glide.coeffs, self.ramps.on.value(), self.ramps.wide.value());
                listens = !self.ramps.listen.is_off();
            }
            let input = sanitise(*frame);
            let parts = state.tick(&coeffs, input);
            for lane in 0..2 {
                squares[lane] += input[lane] * input[lane];
            }
            if self.detector.tick(parts.high) {
                self.band_db = self.detector.levels_db(self.ramps.link.value());
                target_db = self.asked_db();
            } else if MOVING {
                target_db = self.asked_db();
            }
            // Arrived, and nothing moves: the cut is what it was.
            if MOVING || ballistics.reduction_db() != target_db {
                cut = Cut::of(ballistics.tick(target_db), on);
            }
            if cut.is_none && !listens {
                *frame = input;
                continue;
            }
            let removed = cut.removed(input, parts, wide);
            let output = [input[0] - removed[0], input[1] - removed[1]];
            *frame = if listens { self.ramps.listen.heard(output, parts.high, removed) } else { output };
        }
        (self.state, self.programme.squares) = (state, squares);
        (self.ballistics, self.cut, self.target_db) = (ballistics, cut, target_db);
    }

    /// All parameters, one frame further.
    #[inline]
    fn move_on(&mut self) {
        self.glide.tick();
        if !self.ramps.moving {
            return;
        }
        let link = self.ramps.link.value();
        self.ramps.tick();
        self.law = self.ramps.law();
        if self.ramps.link.value() != link {
            self.band_db = self.detector.levels_db(self.ramps.link.value());
            self.programme_db = self.programme.levels_db(self.ramps.link.value());
        }
    }

    #[inline]
    fn asked_db(&self) -> Frame {
        if !self.programme.is_known() {
            return [0.0; 2];
        }
        [0, 1].map(|lane| self.law.reduction_db(self.band_db[lane] - self.programme_db[lane]))
    }

    /// The window and the time constants. The release is shortened by the window, so that its 63 % stay in their time.
    fn set_times(&mut self) {
        let Settings { attack_ms, release_ms, .. } = self.settings;
        let rate = self.sample_rate_hz;
        self.detector.set_window((release_ms * WINDOW_OF_RELEASE).min(MAX_WINDOW_MS), rate);
        self.ballistics.set_times(attack_ms, release_ms - self.detector.hold_ms(rate), rate);
    }

    /// As after endless silence.
    fn forget(&mut self) {
        self.glide = Glide::new(self.settings.freq_hz, self.sample_rate_hz);
        self.state = State::default();
        self.detector.reset();
        self.programme = Programme::new(self.sample_rate_hz);
        self.ballistics.rest_on(0.0);
        self.law = self.ramps.law();
        self.band_db = self.detector.levels_db(self.ramps.link.value());
        self.programme_db = self.programme.levels_db(self.ramps.link.value());
        self.target_db = [0.0; 2];
        self.cut = Cut::NONE;
    }
}

/// What a reduction takes away, as shares.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Cut {
    /// 1 − √G of each channel, for what lies around the frequency.
    middle: Frame,
    /// 1 − G, for what lies above it and for everything.
    high: Frame,
    is_none: bool,
}

impl Cut {
    const NONE: Self = Self { middle: [0.0; 2], high: [0.0; 2], is_none: true };

    #[inline]
    fn of(reduction_db: Frame, on: f64) -> Self {
        if reduction_db == [0.0; 2] || on == 0.0 {
            return Self::NONE;
        }
        let root = db_to_gain(reduction_db.map(|reduction_db| -0.5 * on * reduction_db));
        Self { middle: root.map(|root| 1.0 - root), high: root.map(|root| 1.0 - root * root), is_none: false }
    }

    #[inline]
    fn removed(&self, input: Frame, parts: Parts, wide: f64) -> Frame {
        let split = [0, 1].map(|lane| self.middle[lane] * parts.middle[lane] + self.high[lane] * parts.high[lane]);
        if wide == 0.0 {
            return split;
        }
        [0, 1].map(|lane| split[lane] + wide * (self.high[lane] * input[lane] - split[lane]))
    }
}

/// Everything that moves in 20 ms.
#[derive(Clone, Copy, Debug)]
struct Ramps {
    /// Share of the reduction in dB that is applied.
    on: Smoothed,
    threshold_db: Smoothed,
    range_db: Smoothed,
    link: Smoothed,
    /// Share of the wide-band mode.
    wide: Smoothed,
    listen: ListenFade,
    moving: bool,
}

impl Ramps {
    fn new(settings: &Settings) -> Self {
        let zero = Smoothed::new(0.0);
        let listen = ListenFade::new(Listen::Off);
        let mut ramps =
            Self { on: zero, threshold_db: zero, range_db: zero, link: zero, wide: zero, listen, moving: false };
        ramps.set(settings);
        ramps.reset();
        ramps
    }

    fn all(&mut self) -> [&mut Smoothed; 5] {
        let Self { on, threshold_db, range_db, link, wide, listen: _, moving: _ } = self;
        [on, threshold_db, range_db, link, wide]
    }

    fn prepare(&mut self, sample_rate_hz: f64) {
        self.all().into_iter().for_each(|ramp| ramp.prepare(sample_rate_hz));
        self.listen.prepare(sample_rate_hz);
    }

    fn set(&mut self, settings: &Settings) {
        self.on.set(f64::from(u8::from(settings.on)));
        self.threshold_db.set(settings.threshold_db);
        self.range_db.set(settings.range_db);
        self.link.set(pct_to_fraction(settings.link_pct));
        self.wide.set(f64::from(u8::from(settings.mode == Mode::Wide)));
        // Off, there is nothing to listen to.
        self.listen.set(if settings.on { settings.listen } else { Listen::Off });
        self.look();
    }

    fn reset(&mut self) {
        self.all().into_iter().for_each(Smoothed::reset);
        self.listen.reset();
        self.moving = false;
    }

    /// Everything but what turns it on.
    fn settle_unheard(&mut self) {
        let (on, listen) = (self.on, self.listen);
        self.reset();
        (self.on, self.listen) = (on, listen);
        self.moving = !(on.is_settled() && listen.is_settled());
    }

    #[inline]
    fn tick(&mut self) {
        for ramp in [&mut self.on, &mut self.threshold_db, &mut self.range_db, &mut self.link, &mut self.wide] {
            if !ramp.is_settled() {
                ramp.tick();
            }
        }
        if !self.listen.is_settled() {
            self.listen.tick();
        }
    }

    /// Sees what moves.
    fn look(&mut self) {
        self.moving = self.all().iter().any(|ramp| !ramp.is_settled()) || !self.listen.is_settled();
    }

    fn law(&self) -> GainComputer {
        law(self.threshold_db.value(), self.range_db.value())
    }

    fn is_off(&self) -> bool {
        !self.moving && self.on.value() == 0.0
    }
}

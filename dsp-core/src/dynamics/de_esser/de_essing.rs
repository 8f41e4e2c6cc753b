//! A running de-esser.

use super::programme::Programme;
use super::ramps::{Moves, Of, Ramps};
use super::settings::Settings;
use super::shelf::{Glide, Parts};
use crate::Frame;
use crate::dynamics::ballistics::Ballistics;
use crate::dynamics::detector::{Detector, linked, window_ms};
use crate::dynamics::engine::{Context, Dynamics, Engine};
use crate::dynamics::gain_computer::GainComputer;
use crate::dynamics::listen::heard;
use crate::dynamics::reduction::{Curve, Followers, RunValues, to_gains};
use crate::frame::sanitise_all;
use crate::smooth::CONTROL_FRAMES;
use crate::spec::UNPREPARED_RATE_HZ;

/// Longest window: an "s" is noise, whose peaks are steady over this long.
const MAX_WINDOW_MS: f64 = 8.0;

/// A running de-esser; see [`super`].
pub type DeEsser = Engine<DeEssing>;

impl DeEsser {
    /// Reduction of the more reduced channel at the last frame, in dB, 0 or more.
    #[must_use]
    pub fn reduction_db(&self) -> f64 {
        let [left_db, right_db] = self.dynamics.followers.reductions_db();
        left_db.max(right_db)
    }

    /// Band level less programme level of the channel that exceeds more, in dB: what the threshold is compared with.
    /// None while the programme has no level yet, after a reset or when switched on.
    #[must_use]
    pub fn excess_db(&self) -> Option<f64> {
        let Excess { programme_known, .. } = self.dynamics.excess;
        let [left_db, right_db] = self.dynamics.excess.linked_db(self.dynamics.ramps.value(Of::Link));
        programme_known.then(|| left_db.max(right_db))
    }
}

/// What makes an [`Engine`] a de-esser.
#[derive(Clone, Debug)]
pub struct DeEssing {
    ramps: Ramps,
    glide: Glide,
    detector: Detector,
    programme: Programme,
    curve: GainComputer,
    followers: Followers<2>,
    excess: Excess,
    /// Reduction that the curve asks for.
    target_db: Frame,
    /// Buffers of a run: moving parameters, parts of the signal; reductions, later roots of gains.
    moves: Moves,
    parts: Parts,
    run_lanes: [RunValues; 2],
}

impl Dynamics for DeEssing {
    type Settings = Settings;

    fn new(settings: &Settings) -> Self {
        let (rate, ramps) = (UNPREPARED_RATE_HZ, Ramps::new(settings));
        let mut de_essing = Self {
            curve: ramps.curve(),
            ramps,
            glide: Glide::new(settings.freq_hz, rate),
            detector: Detector::new(0.0, rate),
            programme: Programme::new(rate),
            followers: Followers::new([Ballistics::straight(0.0, 0.0, rate)]),
            excess: Excess::default(),
            target_db: [0.0; 2],
            moves: Moves::new(),
            parts: Parts::SILENT,
            run_lanes: [[0.0; CONTROL_FRAMES]; 2],
        };
        de_essing.set_times(settings, rate);
        de_essing
    }

    fn prepare(&mut self, context: &Context<Settings>) {
        self.ramps.prepare(context.sample_rate_hz);
        self.set_times(&context.settings, context.sample_rate_hz);
    }

    fn reset(&mut self, context: &Context<Settings>) {
        self.ramps.settle_from(Of::On);
        self.rest(context);
    }

    fn set(&mut self, context: &Context<Settings>, before: &Settings) {
        let settings = &context.settings;
        if [settings.attack_ms, settings.release_ms] != [before.attack_ms, before.release_ms] {
            self.set_times(settings, context.sample_rate_hz);
        }
        self.ramps.set(settings);
        self.glide.set(settings.freq_hz);
    }

    fn settle_unheard(&mut self, _: &Context<Settings>) {
        self.ramps.settle_from(Of::Link);
    }

    fn rest(&mut self, context: &Context<Settings>) {
        self.glide = Glide::new(context.settings.freq_hz, context.sample_rate_hz);
        self.detector.reset();
        self.programme = Programme::new(context.sample_rate_hz);
        self.followers.settle_on(0.0);
        self.curve = self.ramps.curve();
        self.excess = Excess {
            band_db: self.detector.own_levels_db(),
            programme_db: self.programme.own_levels_db(),
            programme_known: false,
        };
        self.target_db = [0.0; 2];
    }

    fn control(&mut self, _: &Context<Settings>) {}

    #[inline(always)]
    fn run(&mut self, context: &mut Context<Settings>, block: &mut [Frame], _: &[Frame]) {
        sanitise_all(block);
        self.glide.run(block, &mut self.parts);
        self.programme.hear(block);
        self.reduce(block);
        if self.ramps.moving {
            self.curve = self.ramps.curve();
            self.aim();
        }
        if context.phase + block.len() == CONTROL_FRAMES {
            self.end_step();
        }
    }

    fn is_off(&self) -> bool {
        self.ramps.are_off()
    }
}

impl DeEssing {
    /// The window and the time constants. The release is shortened by the window, so that 63 % still take its time.
    fn set_times(&mut self, settings: &Settings, rate: f64) {
        let Settings { attack_ms, release_ms, .. } = *settings;
        self.detector.set_window(window_ms(release_ms).min(MAX_WINDOW_MS), rate);
        self.followers.ballistics = [Ballistics::straight(attack_ms, release_ms - self.detector.hold_ms(rate), rate)];
    }

    /// Ends a control step: the programme level moves. Only on the grid, because moving and settled parameters are not
    /// computed alike to the last bit.
    #[inline(never)]
    fn end_step(&mut self) {
        if self.programme.step() {
            self.excess.programme_db = self.programme.own_levels_db();
            self.excess.programme_known = self.programme.is_known();
            self.aim();
        }
        self.ramps.look();
        self.glide.control();
        self.followers.control();
    }

    /// Evaluates the curve at the present levels.
    #[inline(always)]
    fn aim(&mut self) {
        self.target_db = self.excess.reductions_db(&self.curve, self.ramps.value(Of::Link));
    }

    /// From the parts to the output.
    #[inline(always)]
    fn reduce(&mut self, block: &mut [Frame]) {
        let (frames, moving, listens) = (block.len(), self.ramps.moving, self.ramps.listens());
        if moving {
            self.ramps.run(frames, &mut self.moves);
        }
        let linked = self.ramps.value(Of::Link) >= 1.0 && (!moving || self.moves.of(Of::Link)[0] >= 1.0);
        let mut curve = MovingCurve {
            curve: &self.curve,
            link: self.ramps.value(Of::Link),
            moves: moving.then_some(&self.moves),
            excess: &mut self.excess,
            target_db: &mut self.target_db,
        };
        let key = &self.parts.high[..frames];
        let lanes = self.followers.follow(&mut self.detector, &mut curve, key, linked, &mut self.run_lanes).lanes;
        let nothing = self.run_lanes[..lanes].iter().all(|lane| lane[..frames].iter().all(|db| *db == 0.0));
        if nothing && !listens {
            return;
        }
        let on = [self.ramps.value(Of::On); CONTROL_FRAMES];
        for lane in self.run_lanes.iter_mut().take(lanes) {
            let on = if moving { self.moves.of(Of::On) } else { &on };
            lane.iter_mut().zip(on).for_each(|(reduction_db, on)| *reduction_db *= -0.5 * on);
            to_gains(lane, frames);
        }
        if !moving {
            let held = if listens { 3 } else { 1 };
            for of in [Of::Wide, Of::HearKey, Of::HearRemoved].into_iter().take(held) {
                self.ramps.hold(of, &mut self.moves);
            }
        }
        let wide = self.moves.of(Of::Wide);
        if listens || wide[0] != 0.0 || wide[frames - 1] != 0.0 {
            self.take_any(block, lanes, listens);
        } else {
            self.take_split(block, lanes);
        }
    }

    /// Reduces what lies above the frequency.
    #[inline(always)]
    fn take_split(&self, block: &mut [Frame], lanes: usize) {
        let roots = [&self.run_lanes[0], &self.run_lanes[lanes - 1]];
        let parts = self.parts.middle.iter().zip(&self.parts.high);
        for ((frame, (middle, high)), (left, right)) in block.iter_mut().zip(parts).zip(roots[0].iter().zip(roots[1])) {
            *frame = [
                frame[0] - ((1.0 - left) * middle[0] + (1.0 - left * left) * high[0]),
                frame[1] - ((1.0 - right) * middle[1] + (1.0 - right * right) * high[1]),
            ];
        }
    }

    /// Reduces in any mode, or outputs what is listened to.
    #[inline(always)]
    fn take_any(&self, block: &mut [Frame], lanes: usize, listens: bool) {
        let [wide, hear_key, hear_removed] = [Of::Wide, Of::HearKey, Of::HearRemoved].map(|of| self.moves.of(of));
        for (n, frame) in block.iter_mut().enumerate() {
            let (input, high, middle) = (*frame, self.parts.high[n], self.parts.middle[n]);
            let roots = [self.run_lanes[0][n], self.run_lanes[lanes - 1][n]];
            let mut removed = [0.0; 2];
            for ch in 0..2 {
                let above = 1.0 - roots[ch] * roots[ch];
                let split = (1.0 - roots[ch]) * middle[ch] + above * high[ch];
                removed[ch] = split + wide[n] * (above * input[ch] - split);
                frame[ch] = input[ch] - removed[ch];
            }
            if listens {
                *frame = heard([hear_key[n], hear_removed[n]], *frame, high, removed);
            }
        }
    }
}

/// Levels of the sibilant band and of the programme, in dB, each channel's own.
#[derive(Clone, Copy, Debug, Default)]
struct Excess {
    band_db: Frame,
    programme_db: Frame,
    /// Whether the programme has a level yet: nothing is reduced before.
    programme_known: bool,
}

impl Excess {
    /// Band level less programme level of each channel, as they are linked.
    #[inline(always)]
    fn linked_db(&self, link: f64) -> Frame {
        let [band_db, programme_db] = [self.band_db, self.programme_db].map(|own_db| linked(own_db, link));
        [band_db[0] - programme_db[0], band_db[1] - programme_db[1]]
    }

    #[inline(always)]
    fn reductions_db(&self, curve: &GainComputer, link: f64) -> Frame {
        if !self.programme_known {
            return [0.0; 2];
        }
        self.linked_db(link).map(|excess_db| curve.reduction_db(excess_db))
    }
}

/// The curve, whether its parameters move or not.
struct MovingCurve<'a> {
    curve: &'a GainComputer,
    link: f64,
    moves: Option<&'a Moves>,
    excess: &'a mut Excess,
    target_db: &'a mut Frame,
}

impl Curve<Frame> for MovingCurve<'_> {
    #[inline(always)]
    fn aim(&mut self, band_db: Frame) {
        self.excess.band_db = band_db;
        *self.target_db = self.excess.reductions_db(self.curve, self.link);
    }

    #[inline(always)]
    fn targets(&mut self, lane: usize, from: usize, targets_db: &mut [f64]) -> Option<f64> {
        let Some(moves) = self.moves else { return Some(self.target_db[lane]) };
        let (link, to) = (moves.of(Of::Link), from + targets_db.len());
        // The level moves at the first frame of a run, and runs begin where blocks are cut: an empty piece.
        if from == to {
            return None;
        }
        if !self.excess.programme_known {
            return Some(self.target_db[lane]);
        }
        let excess_db = |link: f64| self.excess.linked_db(link)[lane];
        if link[from] == link[to - 1] {
            moves.reductions_db(from, excess_db(link[from]), targets_db);
        } else {
            for (n, target_db) in (from..to).zip(targets_db) {
                *target_db = moves.reduction_db(n, excess_db(link[n]));
            }
        }
        None
    }
}

//! Lookahead limiter: the gain comes down before the peak does, by windowed minimum and FIR smoothing.
//!
//! Source: P. Hämäläinen, "Smoothing of the control signal without clipped output in digital peak limiters"
//! (DAFx 2002). There is no clipper after it: no sample exceeds the ceiling because the gain is low enough. Between
//! the samples it is as exact as the detector ([`crate::interpolate::peaks`]) and as the gain is slow.
//!
//! It works on chunks of 32 frames counted from `reset`; settings are adopted where a chunk begins. A ceiling that
//! moves is held where its 20 ms ramp was one lookahead and a chunk ago: the gain for what is heard now was settled
//! then. Turned on, the limiter listens for its latency before it fades in.

use super::course::Course;
use super::levels::Levels;
use super::line::Line;
use super::listen::{Listen, Stages};
use super::release::Law;
use super::scan::largest;
use super::settings::lookahead_frames;
pub use super::settings::{
    CEILING_DBTP, CLIP_PCT, DRIVE_DB, Guarantee, LINK_PCT, LOOKAHEAD_MS, RELEASE_LINK_PCT, RELEASE_MS, Settings, Style,
};
use super::steps::{PER_DB, gains, larger};
use crate::chain::stage::Stage;
use crate::frame::sanitise_all;
use crate::interpolate::peaks::{CHUNK, LATENCY_FRAMES, PeakReader};
use crate::simd::{Isa, Kernel, Simd};
use crate::spec::UNPREPARED_RATE_HZ;
use crate::{Frame, Spec};

/// A running limiter.
#[derive(Clone, Debug)]
pub struct Limiter {
    pub(super) settings: Settings,
    /// Whether they are still to be adopted.
    pub(super) changed: bool,
    sample_rate_hz: f64,
    pub(super) guarantee: Guarantee,
    lookahead_frames: usize,
    pub(super) levels: Levels,
    pub(super) listen: Listen,
    pub(super) law: Law,
    reader: PeakReader,
    pub(super) course: Course,
    /// Without lookahead: whether both channels get the same through this chunk.
    pub(super) joined: bool,
    /// The input, as it came; driven and clipped; drive and ceiling there.
    input: Line<Frame>,
    driven: Line<Frame>,
    gains_then: Line<[f64; 2]>,
    /// Drive and ceiling in this chunk, and for how many frames they have been the same.
    pub(super) levels_now: [[f64; 2]; CHUNK],
    still: usize,
    outbox: [Frame; CHUNK],
    /// Off since before this chunk began: what goes out is read from `input`, and nothing else runs.
    pub(super) passing: bool,
    /// Frames of this chunk that have come.
    pub(super) at: usize,
    pub(super) reduction_db: f64,
}

/// [`Limiter::reduce_by`]. Nothing is fused: the bits are those of any processor.
struct Reduce<'a>(&'a mut Limiter, &'a [Frame; CHUNK], usize);

impl Kernel for Reduce<'_> {
    type Output = f64;

    #[inline(always)]
    fn run<S: Simd>(self) -> f64 {
        self.0.reduce_by(self.1, self.2)
    }
}

/// Delay of the detector.
fn detector_frames(guarantee: Guarantee) -> usize {
    if guarantee == Guarantee::TruePeak { LATENCY_FRAMES } else { 0 }
}

fn latency_of(guarantee: Guarantee, lookahead_frames: usize) -> usize {
    if guarantee == Guarantee::Instant { 0 } else { CHUNK + detector_frames(guarantee) + lookahead_frames }
}

impl Limiter {
    /// A limiter at rest.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        let settings = settings.clamped();
        let mut limiter = Self {
            settings,
            changed: false,
            sample_rate_hz: UNPREPARED_RATE_HZ,
            guarantee: settings.guarantee,
            lookahead_frames: 0,
            levels: Levels::new(&settings),
            listen: Listen::new(&settings),
            law: Law::default(),
            reader: PeakReader::new(),
            course: Course::new(1),
            joined: false,
            input: Line::new(0),
            driven: Line::new(0),
            gains_then: Line::new(0),
            levels_now: [[0.0; 2]; CHUNK],
            still: 0,
            outbox: [[0.0; 2]; CHUNK],
            passing: false,
            at: 0,
            reduction_db: 0.0,
        };
        limiter.adopt_rate();
        limiter
    }

    /// Everything that depends on the sample rate.
    fn adopt_rate(&mut self) {
        let sample_rate_hz = self.sample_rate_hz;
        let capacity = lookahead_frames(LOOKAHEAD_MS.max, sample_rate_hz);
        self.course = Course::new(capacity);
        // Off, it is read from while the next chunk is put in.
        self.input = Line::new(capacity + LATENCY_FRAMES + CHUNK);
        self.driven = self.input.clone();
        self.gains_then = self.input.clone();
        self.levels.prepare(sample_rate_hz);
        self.listen.prepare(sample_rate_hz);
        self.course.prepare(sample_rate_hz);
        self.reset();
    }

    /// Nothing is reduced, and nothing known of the past.
    fn at_rest(&mut self) {
        self.course.reset(self.lookahead_frames, self.settings.style == Style::Punchy);
        self.reduction_db = 0.0;
    }

    /// Sets out for what was set.
    pub(super) fn adopt(&mut self) {
        self.changed = false;
        self.levels.set(&self.settings);
        self.listen.set(&self.settings);
        self.law = Law::design(&self.settings, self.sample_rate_hz);
        self.course.set(self.settings.style == Style::Punchy);
        if self.listen.switch.set(self.settings.on, self.latency_frames().max(1)) {
            self.at_rest();
            self.catch_up();
        }
        if !self.listen.switch.is_running() {
            // Nobody hears them move.
            self.levels.reset();
        }
    }

    /// Turned on: reads again what the detector needs of the past, which nobody has read.
    fn catch_up(&mut self) {
        self.levels.reset();
        if self.guarantee == Guarantee::Instant {
            return;
        }
        self.still = 0;
        self.reader.reset();
        for ago in (0..LATENCY_FRAMES.div_ceil(CHUNK)).rev() {
            let mut driven = *self.input.read(ago * CHUNK);
            self.levels.process(&mut driven, &mut self.levels_now);
            self.driven.push(&driven);
            if self.guarantee == Guarantee::TruePeak {
                self.reader.read(&driven, f64::INFINITY, &mut [[0.0; 2]; CHUNK]);
            }
        }
    }

    /// Where a chunk begins: whether it is off and at rest, and nothing needs to run.
    pub(super) fn is_to_pass(&mut self) -> bool {
        let passing = !self.listen.switch.is_running();
        if passing && !self.passing {
            self.levels.reset();
            self.reduction_db = 0.0;
        }
        self.passing = passing;
        passing
    }

    /// Makes the next chunk.
    fn chunk(&mut self) {
        if self.changed {
            self.adopt();
        }
        if self.is_to_pass() {
            return self.input.advance();
        }
        let mut driven = *self.input.next();
        self.input.advance();
        let same = self.levels.process(&mut driven, &mut self.levels_now);
        self.driven.push(&driven);
        self.still = if same { self.still.saturating_add(CHUNK) } else { 0 };
        // Once they have filled the line, they need not go in again.
        if self.still <= self.gains_then.len() {
            self.gains_then.push(&self.levels_now);
        }
        let delay = self.delay_frames();
        let last = self.reduce(&driven, delay);
        if !self.listen.is_plain() {
            let (input, then) = (self.input.read(delay), self.gains_then.read(delay));
            for ((out, input), then) in self.outbox.iter_mut().zip(input).zip(then) {
                let [drive, ceiling] = *then;
                *out = self.listen.tick(Stages { input: *input, limited: *out, drive, ceiling });
            }
        }
        self.reduction_db = self.listen.switch.amount() * last / PER_DB;
    }

    /// From the newest chunk to what is made of it.
    fn delay_frames(&self) -> usize {
        self.lookahead_frames + detector_frames(self.guarantee)
    }

    /// Takes in what was driven, and reduces what goes out. Returns the steps of the last frame.
    fn reduce(&mut self, driven: &[Frame; CHUNK], delay: usize) -> f64 {
        let mut peaks = [[0.0; 2]; CHUNK];
        if self.guarantee == Guarantee::TruePeak {
            let [_, mut least] = self.levels_now[0];
            if self.still == 0 {
                least = self.levels_now.iter().fold(least, |least, [_, ceiling]| least.min(*ceiling));
            }
            self.reader.read(driven, least, &mut peaks);
        }
        Isa::detect().run(Reduce(self, &peaks, delay))
    }

    #[inline(always)]
    fn reduce_by(&mut self, peaks: &[Frame; CHUNK], delay: usize) -> f64 {
        let joined = self.course.adopt(self.levels.links_full());
        let mut ratios = if joined { self.ratios::<true>(peaks) } else { self.ratios::<false>(peaks) };
        let used = if joined { 1 } else { 2 };
        let out = self.driven.read(delay);
        let most = if joined { largest(&ratios[0]) } else { larger(largest(&ratios[0]), largest(&ratios[1])) };
        if most <= 1.0 && self.course.is_idle(self.levels.links_rest()) {
            self.outbox = *out;
            return 0.0;
        }
        let level = self.course.process(&mut ratios, &self.law, || self.levels.link());
        let last = larger(ratios[0][CHUNK - 1], if joined { 0.0 } else { ratios[1][CHUNK - 1] });
        for (steps, level) in ratios.iter_mut().zip(level).take(used) {
            gains(steps, level);
        }
        let (left, right) = (&ratios[0], &ratios[used - 1]);
        for (n, to) in self.outbox.iter_mut().enumerate() {
            *to = [out[n][0] * left[n], out[n][1] * right[n]];
        }
        last
    }

    /// The peaks, and the samples there, relative to the ceiling, by channel; joined, those of the louder one first.
    #[inline(always)]
    fn ratios<const JOINED: bool>(&self, peaks: &[Frame; CHUNK]) -> [[f64; CHUNK]; 2] {
        let at = self.driven.read(detector_frames(self.guarantee));
        let mut per_ceiling = [1.0 / self.levels_now[0][1]; CHUNK];
        if self.still == 0 {
            per_ceiling = self.levels_now.map(|[_, ceiling]| 1.0 / ceiling);
        }
        let mut ratios = [[0.0; CHUNK]; 2];
        for n in 0..CHUNK {
            // The samples in 64 bits: of those none may exceed the ceiling.
            let [left, right] = [0, 1].map(|lane| larger(peaks[n][lane], at[n][lane].abs()));
            if JOINED {
                ratios[0][n] = larger(left, right) * per_ceiling[n];
            } else {
                (ratios[0][n], ratios[1][n]) = (left * per_ceiling[n], right * per_ceiling[n]);
            }
        }
        ratios
    }

    /// Reduction of the more reduced channel at the last frame, in dB, 0 or more.
    #[must_use]
    pub fn reduction_db(&self) -> f64 {
        self.reduction_db
    }
}

impl Stage for Limiter {
    type Settings = Settings;

    /// Sizes for the longest lookahead, then resets.
    fn prepare(&mut self, spec: Spec) {
        self.sample_rate_hz = spec.sample_rate_hz;
        self.adopt_rate();
    }

    /// Forgets the past and adopts lookahead and guarantee.
    fn reset(&mut self) {
        self.guarantee = self.settings.guarantee;
        self.lookahead_frames = lookahead_frames(self.settings.lookahead_ms, self.sample_rate_hz);
        self.adopt();
        self.levels.reset();
        self.listen.reset();
        self.reader.reset();
        self.at_rest();
        for line in [&mut self.input, &mut self.driven] {
            line.reset([0.0; 2]);
        }
        self.gains_then.reset(self.levels.gains());
        self.still = 0;
        self.outbox.fill([0.0; 2]);
        self.passing = false;
        self.at = 0;
    }

    /// New targets.
    fn set(&mut self, settings: Settings) {
        let settings = settings.clamped();
        self.changed |= settings != self.settings;
        self.settings = settings;
    }

    /// Limits in place.
    fn process(&mut self, mut block: &mut [Frame], _key: Option<&[Frame]>) {
        while !block.is_empty() {
            let count = block.len().min(CHUNK - self.at);
            let (now, rest) = block.split_at_mut(count);
            if self.guarantee == Guarantee::Instant {
                self.instant(now);
            } else {
                let range = self.at..self.at + count;
                let input = &mut self.input.next()[range.clone()];
                input.copy_from_slice(now);
                sanitise_all(input);
                let out = if self.passing { self.input.read(self.delay_frames()) } else { &self.outbox };
                now.copy_from_slice(&out[range]);
                self.at += count;
                if self.at == CHUNK {
                    self.at = 0;
                    self.chunk();
                }
            }
            block = rest;
        }
    }

    /// Whether it does nothing until something is set: off, at rest, without delay.
    fn is_idle(&self) -> bool {
        self.guarantee == Guarantee::Instant && self.passing && !self.changed
    }

    fn skip(&mut self, frames: usize) {
        self.at = (self.at + frames) % CHUNK;
    }

    /// Delay between input and output, of the lookahead and guarantee adopted by the last `reset`.
    fn latency_frames(&self) -> usize {
        latency_of(self.guarantee, self.lookahead_frames)
    }

    /// Delay that the next `reset` will adopt: differs from [`Self::latency_frames`] after a structural change.
    fn latency_frames_for(&self, settings: &Settings) -> usize {
        let settings = settings.clamped();
        latency_of(settings.guarantee, lookahead_frames(settings.lookahead_ms, self.sample_rate_hz))
    }

    /// Delay of the longest lookahead and dearest guarantee, for sizing what runs beside it.
    fn max_latency_frames(&self) -> usize {
        latency_of(Guarantee::TruePeak, lookahead_frames(LOOKAHEAD_MS.max, self.sample_rate_hz))
    }
}

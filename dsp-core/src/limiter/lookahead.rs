//! Lookahead limiter: windowed minimum and FIR smoothing bring the gain down ahead of each peak.
//!
//! Source: P. Hämäläinen, "Smoothing of the control signal without clipped output in digital peak limiters"
//! (DAFx 2002). No clipper follows: no sample exceeds the ceiling because the gain is low enough. Between the samples
//! the ceiling holds as exactly as the detector ([`crate::interpolate::peaks`]) reads, and as the gain is slow.
//!
//! It works on chunks of 32 frames counted from `reset`, and adopts settings at the start of a chunk. While the ceiling
//! moves, the output is held to where its 20 ms ramp was one lookahead and a chunk ago, when its gain was computed.
//! Switched on, the limiter analyses for its latency before it fades in.

use super::chunk_delay::ChunkDelay;
use super::gain_trajectory::GainTrajectory;
use super::listen::{Listen, Signals};
use super::ramps::Ramps;
use super::release::Ballistics;
use super::scan::{larger, largest};
use super::settings::lookahead_frames;
pub use super::settings::{
    CEILING_DB, DRIVE_DB, Detection, LOOKAHEAD_MS, RELEASE_LINK_PCT, RELEASE_MS, SOFT_CLIP_PCT, Settings, Style,
    TRANSIENT_LINK_PCT,
};
use super::steps::{PER_DB, gains};
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
    /// Whether the next chunk is to adopt them.
    pub(super) changed: bool,
    sample_rate_hz: f64,
    pub(super) detection: Detection,
    lookahead_frames: usize,
    pub(super) ramps: Ramps,
    pub(super) listen: Listen,
    pub(super) ballistics: Ballistics,
    reader: PeakReader,
    pub(super) trajectory: GainTrajectory,
    /// Without latency: whether both channels are processed as one in this chunk.
    pub(super) joined: bool,
    /// The input; the driven and clipped input; its drive and ceiling.
    input: ChunkDelay<Frame>,
    driven: ChunkDelay<Frame>,
    delayed_gains: ChunkDelay<[f64; 2]>,
    /// Drive and ceiling in this chunk, and for how many frames they have been constant.
    pub(super) gains_now: [[f64; 2]; CHUNK],
    steady_frames: usize,
    out_chunk: [Frame; CHUNK],
    /// Off since before this chunk: the output is read from `input`, and nothing else runs.
    pub(super) bypassed: bool,
    /// Frames of this chunk processed so far.
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

/// Latency of the detector.
fn detector_frames(detection: Detection) -> usize {
    if detection == Detection::TruePeak { LATENCY_FRAMES } else { 0 }
}

fn latency_of(detection: Detection, lookahead_frames: usize) -> usize {
    if detection == Detection::ZeroLatency { 0 } else { CHUNK + detector_frames(detection) + lookahead_frames }
}

impl Limiter {
    /// A limiter settled on its settings.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        let settings = settings.clamped();
        let mut limiter = Self {
            settings,
            changed: false,
            sample_rate_hz: UNPREPARED_RATE_HZ,
            detection: settings.detection,
            lookahead_frames: 0,
            ramps: Ramps::new(&settings),
            listen: Listen::new(&settings),
            ballistics: Ballistics::default(),
            reader: PeakReader::new(),
            trajectory: GainTrajectory::new(1),
            joined: false,
            input: ChunkDelay::new(0),
            driven: ChunkDelay::new(0),
            delayed_gains: ChunkDelay::new(0),
            gains_now: [[0.0; 2]; CHUNK],
            steady_frames: 0,
            out_chunk: [[0.0; 2]; CHUNK],
            bypassed: false,
            at: 0,
            reduction_db: 0.0,
        };
        limiter.adopt_rate();
        limiter
    }

    /// Sizes and designs all that depends on the sample rate.
    fn adopt_rate(&mut self) {
        let sample_rate_hz = self.sample_rate_hz;
        let capacity = lookahead_frames(LOOKAHEAD_MS.max, sample_rate_hz);
        self.trajectory = GainTrajectory::new(capacity);
        // When off, it is read while the next chunk is written.
        self.input = ChunkDelay::new(capacity + LATENCY_FRAMES + CHUNK);
        self.driven = self.input.clone();
        self.delayed_gains = self.input.clone();
        self.ramps.prepare(sample_rate_hz);
        self.listen.prepare(sample_rate_hz);
        self.trajectory.prepare(sample_rate_hz);
        self.reset();
    }

    /// Clears the gain trajectory.
    fn clear_trajectory(&mut self) {
        self.trajectory.reset(self.lookahead_frames, self.settings.style == Style::Punchy);
        self.reduction_db = 0.0;
    }

    /// Adopts the settings.
    pub(super) fn adopt(&mut self) {
        self.changed = false;
        self.ramps.set(&self.settings);
        self.listen.set(&self.settings);
        self.ballistics = Ballistics::design(&self.settings, self.sample_rate_hz);
        self.trajectory.set(self.settings.style == Style::Punchy);
        if self.listen.switch.set(self.settings.on, self.latency_frames().max(1)) {
            self.clear_trajectory();
            self.catch_up();
        }
        if !self.listen.switch.is_running() {
            // No ramp is heard.
            self.ramps.reset();
        }
    }

    /// Switched on: feeds the detector the past that it has not read.
    fn catch_up(&mut self) {
        self.ramps.reset();
        if self.detection == Detection::ZeroLatency {
            return;
        }
        self.steady_frames = 0;
        self.reader.reset();
        for ago in (0..LATENCY_FRAMES.div_ceil(CHUNK)).rev() {
            let mut driven = *self.input.read(ago * CHUNK);
            self.ramps.process(&mut driven, &mut self.gains_now);
            self.driven.push(&driven);
            if self.detection == Detection::TruePeak {
                self.reader.read(&driven, f64::INFINITY, &mut [[0.0; 2]; CHUNK]);
            }
        }
    }

    /// At the start of a chunk: whether the limiter is off and faded out, so that nothing needs to run.
    pub(super) fn starts_bypassed(&mut self) -> bool {
        let bypassed = !self.listen.switch.is_running();
        if bypassed && !self.bypassed {
            self.ramps.reset();
            self.reduction_db = 0.0;
        }
        self.bypassed = bypassed;
        bypassed
    }

    /// Processes the chunk just filled.
    fn chunk(&mut self) {
        if self.changed {
            self.adopt();
        }
        if self.starts_bypassed() {
            return self.input.advance();
        }
        let mut driven = *self.input.next();
        self.input.advance();
        let same = self.ramps.process(&mut driven, &mut self.gains_now);
        self.driven.push(&driven);
        self.steady_frames = if same { self.steady_frames.saturating_add(CHUNK) } else { 0 };
        // Constant values are written until they fill the line.
        if self.steady_frames <= self.delayed_gains.len() {
            self.delayed_gains.push(&self.gains_now);
        }
        let delay = self.delay_frames();
        let last = self.reduce(&driven, delay);
        if !self.listen.is_plain() {
            let (input, then) = (self.input.read(delay), self.delayed_gains.read(delay));
            for ((out, input), then) in self.out_chunk.iter_mut().zip(input).zip(then) {
                let [drive, ceiling] = *then;
                *out = self.listen.tick(Signals { input: *input, limited: *out, drive, ceiling });
            }
        }
        self.reduction_db = self.listen.switch.share() * last / PER_DB;
    }

    /// Delay from the newest chunk to the output.
    fn delay_frames(&self) -> usize {
        self.lookahead_frames + detector_frames(self.detection)
    }

    /// Reads peaks from the driven input and limits the output chunk. Returns the reduction of the last frame in steps.
    fn reduce(&mut self, driven: &[Frame; CHUNK], delay: usize) -> f64 {
        let mut peaks = [[0.0; 2]; CHUNK];
        if self.detection == Detection::TruePeak {
            let [_, mut least] = self.gains_now[0];
            if self.steady_frames == 0 {
                least = self.gains_now.iter().fold(least, |least, [_, ceiling]| least.min(*ceiling));
            }
            self.reader.read(driven, least, &mut peaks);
        }
        Isa::detect().run(Reduce(self, &peaks, delay))
    }

    #[inline(always)]
    fn reduce_by(&mut self, peaks: &[Frame; CHUNK], delay: usize) -> f64 {
        let joined = self.trajectory.adopt(self.ramps.links_full());
        let mut ratios = if joined { self.ratios::<true>(peaks) } else { self.ratios::<false>(peaks) };
        let used = if joined { 1 } else { 2 };
        let out = self.driven.read(delay);
        let most = if joined { largest(&ratios[0]) } else { larger(largest(&ratios[0]), largest(&ratios[1])) };
        if most <= 1.0 && self.trajectory.is_idle(self.ramps.links_settled()) {
            self.out_chunk = *out;
            return 0.0;
        }
        let constant = self.trajectory.process(&mut ratios, &self.ballistics, || self.ramps.link());
        let last = larger(ratios[0][CHUNK - 1], if joined { 0.0 } else { ratios[1][CHUNK - 1] });
        for (steps, constant) in ratios.iter_mut().zip(constant).take(used) {
            gains(steps, constant);
        }
        let (left, right) = (&ratios[0], &ratios[used - 1]);
        for (n, to) in self.out_chunk.iter_mut().enumerate() {
            *to = [out[n][0] * left[n], out[n][1] * right[n]];
        }
        last
    }

    /// Larger of inter-sample peak and sample, relative to the ceiling, by channel; joined, the louder channel in lane 0.
    #[inline(always)]
    fn ratios<const JOINED: bool>(&self, peaks: &[Frame; CHUNK]) -> [[f64; CHUNK]; 2] {
        let at = self.driven.read(detector_frames(self.detection));
        let mut per_ceiling = [1.0 / self.gains_now[0][1]; CHUNK];
        if self.steady_frames == 0 {
            per_ceiling = self.gains_now.map(|[_, ceiling]| 1.0 / ceiling);
        }
        let mut ratios = [[0.0; CHUNK]; 2];
        for n in 0..CHUNK {
            // The detector reads 32-bit samples; the ceiling holds for the 64-bit ones.
            let [left, right] = [0, 1].map(|lane| larger(peaks[n][lane], at[n][lane].abs()));
            if JOINED {
                ratios[0][n] = larger(left, right) * per_ceiling[n];
            } else {
                (ratios[0][n], ratios[1][n]) = (left * per_ceiling[n], right * per_ceiling[n]);
            }
        }
        ratios
    }

    /// Reduction of the last frame, in the channel with more of it.
    #[must_use]
    pub fn reduction_db(&self) -> f64 {
        self.reduction_db
    }
}

impl Stage for Limiter {
    type Settings = Settings;

    /// Allocates for the longest lookahead, then resets.
    fn prepare(&mut self, spec: Spec) {
        self.sample_rate_hz = spec.sample_rate_hz;
        self.adopt_rate();
    }

    /// Clears the state and adopts lookahead and detection.
    fn reset(&mut self) {
        self.detection = self.settings.detection;
        self.lookahead_frames = lookahead_frames(self.settings.lookahead_ms, self.sample_rate_hz);
        self.adopt();
        self.ramps.reset();
        self.listen.reset();
        self.reader.reset();
        self.clear_trajectory();
        for line in [&mut self.input, &mut self.driven] {
            line.reset([0.0; 2]);
        }
        self.delayed_gains.reset(self.ramps.gains());
        self.steady_frames = 0;
        self.out_chunk.fill([0.0; 2]);
        self.bypassed = false;
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
            if self.detection == Detection::ZeroLatency {
                self.zero_latency(now);
            } else {
                let range = self.at..self.at + count;
                let input = &mut self.input.next()[range.clone()];
                input.copy_from_slice(now);
                sanitise_all(input);
                let out = if self.bypassed { self.input.read(self.delay_frames()) } else { &self.out_chunk };
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
        self.detection == Detection::ZeroLatency && self.bypassed && !self.changed
    }

    fn skip(&mut self, frames: usize) {
        self.at = (self.at + frames) % CHUNK;
    }

    /// Delay between input and output, of the lookahead and detection adopted by the last `reset`.
    fn latency_frames(&self) -> usize {
        latency_of(self.detection, self.lookahead_frames)
    }

    /// Delay that the next `reset` will adopt: differs from [`Self::latency_frames`] after a structural change.
    fn latency_frames_for(&self, settings: &Settings) -> usize {
        let settings = settings.clamped();
        latency_of(settings.detection, lookahead_frames(settings.lookahead_ms, self.sample_rate_hz))
    }

    /// Delay of the longest lookahead and dearest detection, for sizing what runs beside it.
    fn max_latency_frames(&self) -> usize {
        latency_of(Detection::TruePeak, lookahead_frames(LOOKAHEAD_MS.max, self.sample_rate_hz))
    }
}

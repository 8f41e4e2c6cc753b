//! The running clipper.

use super::antialias::{Antialias, DELAY_FRAMES};
use super::curve::excess;
use super::settings::Settings;
use crate::chain::stage::Stage;
use crate::delay::Delay;
use crate::frame::sanitise_all;
use crate::gain_ramp::GainRamp;
use crate::oversample::{CHUNK, Factor, Oversampler};
use crate::smooth::Smoothed;
use crate::spec::UNPREPARED_RATE_HZ;
use crate::switch::Switch;
use crate::units::pct_to_fraction;
use crate::{Frame, Spec};

/// A running clipper.
#[derive(Clone, Debug)]
pub struct Clipper {
    settings: Settings,
    drive: GainRamp,
    ceiling: GainRamp,
    knee: Smoothed,
    delta: Smoothed,
    switch: Switch,
    oversampler: Oversampler,
    antialias: Antialias,
    /// Ceiling and knee of the last frame.
    last: [f64; 2],
    /// The input and the driven input, until what is clipped off them arrives.
    input: Delay,
    driven: Delay,
}

/// Ceiling and knee of each frame of a chunk.
type Shapes = [[f64; 2]; CHUNK];

impl Clipper {
    /// Settled on its settings.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        let settings = settings.clamped();
        let delay = Delay::new(latency_frames(Factor::X8));
        let mut new = Self {
            settings,
            drive: GainRamp::new(settings.drive_db),
            ceiling: GainRamp::new(settings.ceiling_db),
            knee: Smoothed::new(pct_to_fraction(settings.knee_pct)),
            delta: Smoothed::new(f64::from(u8::from(settings.delta))),
            switch: Switch::new(settings.on),
            oversampler: Oversampler::with_work_delay(settings.oversampling, DELAY_FRAMES),
            antialias: Antialias::default(),
            last: [1.0, 0.0],
            input: delay.clone(),
            driven: delay,
        };
        new.adopt_rate(UNPREPARED_RATE_HZ);
        new
    }

    fn adopt_rate(&mut self, sample_rate_hz: f64) {
        self.drive.prepare(sample_rate_hz);
        self.ceiling.prepare(sample_rate_hz);
        self.knee.prepare(sample_rate_hz);
        self.delta.prepare(sample_rate_hz);
        self.switch.prepare(sample_rate_hz);
        self.reset();
    }

    /// Clears what runs while it is on, settled on its settings.
    fn start(&mut self, factor: Factor) {
        self.drive.reset();
        self.ceiling.reset();
        self.knee.reset();
        self.delta.reset();
        self.last = [self.ceiling.gain(), self.knee.value()];
        self.oversampler.reset(factor);
        self.antialias = Antialias::default();
        self.driven.set_frames(self.latency_frames());
        self.driven.reset();
    }

    fn process_chunk(&mut self, chunk: &mut [Frame]) {
        let [mut clipped, mut removed] = [[[0.0; 2]; CHUNK]; 2];
        let (clipped, removed) = (&mut clipped[..chunk.len()], &mut removed[..chunk.len()]);
        clipped.copy_from_slice(chunk);
        self.drive.process(clipped);
        removed.copy_from_slice(clipped);
        let mut shapes = [[0.0; 2]; CHUNK];
        for shape in &mut shapes[..chunk.len()] {
            *shape = [self.ceiling.tick(), self.knee.tick()];
        }
        self.remove(removed, &shapes);
        self.driven.process(clipped);
        self.input.process(chunk);
        let plain = self.switch.is_full() && self.delta.is_settled() && self.delta.value() == 0.0;
        for (n, out) in chunk.iter_mut().enumerate() {
            let clipped = self.clipped(clipped[n], removed[n], shapes[n][0]);
            *out = if plain { clipped } else { self.mix(*out, clipped, removed[n]) };
        }
    }

    /// Replaces driven frames by what is clipped off them.
    fn remove(&mut self, frames: &mut [Frame], shapes: &Shapes) {
        if self.oversampler.factor() == Factor::X1 {
            for (frame, [ceiling, knee]) in frames.iter_mut().zip(shapes) {
                *frame = frame.map(|x| excess(x / ceiling, *knee) * ceiling);
            }
        } else {
            let times = self.oversampler.factor().times();
            let (antialias, last) = (&mut self.antialias, &mut self.last);
            self.oversampler.process(frames, |frames| {
                for (frames, shape) in frames.chunks_mut(times).zip(shapes) {
                    remove_between(antialias, frames, *last, *shape);
                    *last = *shape;
                }
            });
        }
        self.last = shapes[frames.len() - 1];
    }

    /// A driven frame less what is clipped off it; without oversampling, no more than the ceiling to the last bit.
    #[inline]
    fn clipped(&self, driven: Frame, removed: Frame, ceiling: f64) -> Frame {
        let bound = if self.oversampler.factor() == Factor::X1 { ceiling } else { f64::INFINITY };
        [0, 1].map(|lane| (driven[lane] - removed[lane]).clamp(-bound, bound))
    }

    /// The next frame of the output: the clipped signal or what is clipped off, faded with the input.
    #[inline]
    fn mix(&mut self, input: Frame, clipped: Frame, removed: Frame) -> Frame {
        let (delta, share) = (self.delta.tick(), self.switch.tick());
        [0, 1].map(|lane| {
            let wet = clipped[lane] + delta * (removed[lane] - clipped[lane]);
            if share == 1.0 { wet } else { input[lane] + share * (wet - input[lane]) }
        })
    }
}

impl Stage for Clipper {
    type Settings = Settings;

    /// Adopts the sample rate, then resets.
    fn prepare(&mut self, spec: Spec) {
        self.adopt_rate(spec.sample_rate_hz);
    }

    /// Clears the state and adopts the oversampling.
    fn reset(&mut self) {
        self.switch.reset();
        self.input.set_frames(latency_frames(self.settings.oversampling));
        self.input.reset();
        self.start(self.settings.oversampling);
    }

    /// New targets.
    fn set(&mut self, settings: Settings) {
        let settings = settings.clamped();
        if settings == self.settings {
            return;
        }
        self.settings = settings;
        self.drive.set(settings.drive_db);
        self.ceiling.set(settings.ceiling_db);
        self.knee.set(pct_to_fraction(settings.knee_pct));
        self.delta.set(f64::from(u8::from(settings.delta)));
        // All state is that of filters without feedback, which reach back less than twice the latency.
        if self.switch.set(settings.on, 2 * self.latency_frames() + 1) {
            self.start(self.oversampler.factor());
        }
    }

    /// Clips in place.
    fn process(&mut self, block: &mut [Frame], _key: Option<&[Frame]>) {
        for chunk in block.chunks_mut(CHUNK) {
            sanitise_all(chunk);
            if self.switch.is_running() {
                self.process_chunk(chunk);
            } else {
                self.input.process(chunk);
            }
        }
    }

    /// Whether it is off and without latency.
    fn is_idle(&self) -> bool {
        !self.switch.is_running() && self.input.frames() == 0
    }

    /// Latency of the oversampling adopted by the last `reset`.
    fn latency_frames(&self) -> usize {
        self.oversampler.latency_frames()
    }

    /// Latency that the next `reset` adopts with these settings.
    fn latency_frames_for(&self, settings: &Settings) -> usize {
        latency_frames(settings.oversampling)
    }

    /// Latency of the highest oversampling.
    fn max_latency_frames(&self) -> usize {
        latency_frames(Factor::X8)
    }
}

fn latency_frames(factor: Factor) -> usize {
    factor.latency_frames_with(DELAY_FRAMES)
}

/// The frames of one base-rate frame, over which ceiling and knee go from `last` to `shape` in straight lines.
#[inline]
fn remove_between(antialias: &mut Antialias, frames: &mut [Frame], last: [f64; 2], shape: [f64; 2]) {
    let per_frame = 1.0 / frames.len() as f64;
    for (n, frame) in frames.iter_mut().enumerate() {
        let [ceiling, knee] = if last == shape {
            shape
        } else {
            let t = (n + 1) as f64 * per_frame;
            [0, 1].map(|at| last[at] + t * (shape[at] - last[at]))
        };
        *frame = antialias.tick(frame.map(|x| x / ceiling), knee).map(|x| x * ceiling);
    }
}

//! What all dynamics processors share: settings and when they act, the control grid, lookahead, and being idle while off.
//!
//! Audio goes through in runs of frames that end with the control grid, one step after the other over a whole run: what
//! its detector hears, the reductions (`reduction.rs`), gains, output. So each step keeps its state in registers
//! and works on several frames at once.

use super::lookahead::{Lookahead, LookaheadDelays};
use crate::chain::stage::Stage;
use crate::frame::sanitise_all;
use crate::simd::{Isa, Kernel, Simd};
use crate::smooth::CONTROL_FRAMES;
use crate::spec::UNPREPARED_RATE_HZ;
use crate::{Frame, Spec};
use core::fmt::Debug;

/// What a user asks of a dynamics processor.
pub trait DynamicsSettings: Copy + Debug + PartialEq {
    /// Every number within its range.
    #[must_use]
    fn clamped(&self) -> Self;

    /// Whether it acts at all; off, it is a delay of its latency.
    fn is_on(&self) -> bool;

    /// How far ahead the detector listens, where [`Dynamics::LOOKS_AHEAD`]. Structural.
    fn lookahead(&self) -> Lookahead {
        Lookahead::Off
    }
}

/// What the engine shares with its [`Dynamics`].
#[derive(Clone, Debug)]
pub struct Context<S> {
    pub(super) settings: S,
    pub(super) sample_rate_hz: f64,
    pub(super) delays: LookaheadDelays,
    /// Frames since the last control tick.
    pub(super) phase: usize,
}

/// What sets one processor apart: its detector, curve, ballistics and output.
pub trait Dynamics: Clone + Debug {
    /// What a user asks of it.
    type Settings: DynamicsSettings;
    /// Whether any settings have lookahead.
    const LOOKS_AHEAD: bool = false;

    /// Settled on the settings; `prepare` and `reset` follow.
    fn new(settings: &Self::Settings) -> Self;

    /// Learns the rate; `reset` follows.
    fn prepare(&mut self, context: &Context<Self::Settings>);

    /// Settles on the settings and forgets the past.
    fn reset(&mut self, context: &Context<Self::Settings>);

    /// New targets.
    fn set(&mut self, context: &Context<Self::Settings>, before: &Self::Settings);

    /// Switched on while idle: settles whatever was not heard, all but the fade-in. [`Self::rest`] follows.
    fn settle_unheard(&mut self, context: &Context<Self::Settings>);

    /// As after endless silence, without any reduction.
    fn rest(&mut self, context: &Context<Self::Settings>);

    /// A control tick, every [`CONTROL_FRAMES`] from `reset` on.
    fn control(&mut self, context: &Context<Self::Settings>);

    /// Processes frames up to the next control tick at most. What it calls is inlined, so that it is compiled for the
    /// instruction set there is.
    fn run(&mut self, context: &mut Context<Self::Settings>, block: &mut [Frame], sidechain: &[Frame]);

    /// Whether it is off and has faded out.
    fn is_off(&self) -> bool;

    /// Whether it uses the sidechain, or will.
    fn uses_sidechain(&self, _: &Context<Self::Settings>) -> bool {
        false
    }
}

/// A running dynamics processor.
#[derive(Clone, Debug)]
pub struct Engine<S: Dynamics> {
    pub(super) context: Context<S::Settings>,
    pub(super) dynamics: S,
    isa: Isa,
    /// Off, and faded out: the input passes unchanged, delayed by the lookahead.
    idle: bool,
}

impl<S: Dynamics> Engine<S> {
    /// Settled on the settings.
    #[must_use]
    pub fn new(settings: S::Settings) -> Self {
        let settings = settings.clamped();
        let rate = UNPREPARED_RATE_HZ;
        let mut engine = Self {
            context: Context {
                settings,
                sample_rate_hz: rate,
                delays: LookaheadDelays::new(max_lookahead_frames::<S>(rate)),
                phase: 0,
            },
            dynamics: S::new(&settings),
            isa: Isa::detect(),
            idle: false,
        };
        engine.reset();
        engine
    }

    fn rest_if_off(&mut self) {
        if self.dynamics.is_off() {
            self.dynamics.rest(&self.context);
            self.idle = true;
        }
    }

    fn run(&mut self, block: &mut [Frame], sidechain: &[Frame]) {
        self.isa.run(RunKernel { engine: self, block, sidechain });
    }
}

/// [`Dynamics::run`]. Nothing is fused: the bits are those of any processor.
struct RunKernel<'a, S: Dynamics> {
    engine: &'a mut Engine<S>,
    block: &'a mut [Frame],
    sidechain: &'a [Frame],
}

impl<S: Dynamics> Kernel for RunKernel<'_, S> {
    type Output = ();

    #[inline(always)]
    fn run<I: Simd>(self) {
        let Engine { context, dynamics, .. } = self.engine;
        dynamics.run(context, self.block, self.sidechain);
    }
}

impl<S: Dynamics> Stage for Engine<S> {
    type Settings = S::Settings;

    fn prepare(&mut self, spec: Spec) {
        self.context.sample_rate_hz = spec.sample_rate_hz;
        self.context.delays = LookaheadDelays::new(max_lookahead_frames::<S>(spec.sample_rate_hz));
        self.dynamics.prepare(&self.context);
        self.reset();
    }

    fn reset(&mut self) {
        self.context.phase = 0;
        self.context.delays.adopt(self.latency_frames_for(&self.context.settings));
        self.dynamics.reset(&self.context);
        self.idle = !self.context.settings.is_on();
    }

    fn set(&mut self, settings: S::Settings) {
        let settings = settings.clamped();
        if settings == self.context.settings {
            return;
        }
        let before = core::mem::replace(&mut self.context.settings, settings);
        self.dynamics.set(&self.context, &before);
        if self.idle {
            self.context.phase = 0;
            self.context.delays.key.reset();
            self.dynamics.settle_unheard(&self.context);
            self.dynamics.rest(&self.context);
            self.idle = !settings.is_on();
        }
    }

    fn latency_frames(&self) -> usize {
        self.context.delays.frames()
    }

    fn max_latency_frames(&self) -> usize {
        max_lookahead_frames::<S>(self.context.sample_rate_hz)
    }

    fn latency_frames_for(&self, settings: &S::Settings) -> usize {
        settings.lookahead().frames(self.context.sample_rate_hz)
    }

    fn process(&mut self, block: &mut [Frame], sidechain: Option<&[Frame]>) {
        let mut at = 0;
        while at < block.len() {
            if !self.idle && self.context.phase == 0 {
                self.dynamics.control(&self.context);
                self.rest_if_off();
            }
            if self.idle {
                sanitise_all(&mut block[at..]);
                return self.context.delays.signal.process(&mut block[at..]);
            }
            let frames = (CONTROL_FRAMES - self.context.phase).min(block.len() - at);
            let sidechain = sidechain.and_then(|frames| frames.get(at..)).unwrap_or(&[]);
            self.run(&mut block[at..at + frames], sidechain);
            self.context.phase = (self.context.phase + frames) % CONTROL_FRAMES;
            self.rest_if_off();
            at += frames;
        }
    }

    fn is_idle(&self) -> bool {
        self.idle && self.latency_frames() == 0
    }

    fn uses_sidechain(&self) -> bool {
        !self.idle && self.dynamics.uses_sidechain(&self.context)
    }
}

fn max_lookahead_frames<S: Dynamics>(sample_rate_hz: f64) -> usize {
    if S::LOOKS_AHEAD { Lookahead::max_frames(sample_rate_hz) } else { 0 }
}

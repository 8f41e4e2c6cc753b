//! An equaliser with a phase mode: the cascade, and the convolution that replaces or corrects it.

use super::cascade::{self, Eq, Share};
use super::phase::{Designer, Mode, Phase};
use crate::chain::stage::Stage;
use crate::{Frame, Spec};
use std::sync::Arc;

/// Settings of an equaliser of `N` bands with a phase mode.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings<const N: usize> {
    /// The equaliser.
    pub eq: cascade::Settings<N>,
    /// Its phase mode. Structural: adopted by `reset`.
    pub mode: Mode,
}

/// A running equaliser of `N` bands with a phase mode.
#[derive(Debug)]
pub struct PhasedEq<const N: usize> {
    eq: Eq<N>,
    phase: Phase<N>,
}

impl<const N: usize> PhasedEq<N> {
    /// Settled; designs impulse responses inside `set` and `reset`, so that files sound the same every time. Not for an
    /// audio thread.
    #[must_use]
    pub fn new(settings: Settings<N>) -> Self {
        Self { eq: Eq::new(settings.eq), phase: Phase::new(settings.mode, &settings.eq) }
    }

    /// Settled; impulse responses are designed by the designer, which somebody has to run on another thread.
    #[must_use]
    pub fn with_designer(settings: Settings<N>) -> (Self, Arc<Designer<N>>) {
        let (phase, designer) = Phase::with_designer(settings.mode, &settings.eq);
        (Self { eq: Eq::new(settings.eq), phase }, designer)
    }

    /// What the level adds to the gain of each band now.
    #[must_use]
    pub fn offsets_db(&self) -> [f64; N] {
        self.eq.offsets_db()
    }
}

impl<const N: usize> Stage for PhasedEq<N> {
    type Settings = Settings<N>;

    fn prepare(&mut self, spec: Spec) {
        self.phase.prepare(spec);
        self.eq.prepare(spec);
        self.reset();
    }

    fn reset(&mut self) {
        self.phase.reset();
        self.eq.share(if self.phase.mode().runs_cascade() { Share::All } else { Share::Movement });
        self.eq.reset();
    }

    fn set(&mut self, settings: Settings<N>) {
        self.phase.set(settings.mode, &settings.eq);
        self.eq.set(settings.eq);
    }

    fn process(&mut self, block: &mut [Frame], key: Option<&[Frame]>) {
        if self.eq.is_idle() {
            self.eq.skip(block.len());
        } else {
            self.eq.process(block, key);
        }
        self.phase.process(block);
    }

    fn is_idle(&self) -> bool {
        self.phase.mode() == Mode::Zero && self.eq.is_idle()
    }

    fn skip(&mut self, frames: usize) {
        self.eq.skip(frames);
    }

    fn uses_sidechain(&self) -> bool {
        self.eq.uses_sidechain()
    }

    fn latency_frames(&self) -> usize {
        self.phase.latency_frames()
    }

    fn latency_frames_for(&self, settings: &Settings<N>) -> usize {
        settings.mode.latency_frames()
    }

    fn max_latency_frames(&self) -> usize {
        self.phase.max_latency_frames()
    }
}

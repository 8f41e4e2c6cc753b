//! The low cut in front of a detector, with its corner gliding.

use crate::filter::svf::{Coeffs, Prototype, Shape, State};
use crate::smooth::{CONTROL_FRAMES, Smoothed};
use std::f64::consts::FRAC_1_SQRT_2;

/// Butterworth: no bump in front of the detector.
const Q: f64 = FRAC_1_SQRT_2;

/// A high-pass of 12 dB per octave, designed anew every [`CONTROL_FRAMES`] while its corner moves.
#[derive(Clone, Copy, Debug)]
pub(super) struct LowCut {
    log2_hz: Smoothed,
    sample_rate_hz: f64,
    pub(super) coeffs: Coeffs,
    pub(super) state: State,
    to_control: usize,
}

impl LowCut {
    pub(super) fn new(freq_hz: f64, sample_rate_hz: f64) -> Self {
        let coeffs = design(freq_hz, sample_rate_hz);
        let (log2_hz, state) = (Smoothed::new(freq_hz.log2()), State::default());
        Self { log2_hz, sample_rate_hz, coeffs, state, to_control: CONTROL_FRAMES }
    }

    pub(super) fn prepare(&mut self, sample_rate_hz: f64) {
        self.sample_rate_hz = sample_rate_hz;
        self.log2_hz.prepare(sample_rate_hz);
    }

    pub(super) fn reset(&mut self) {
        self.log2_hz.reset();
        self.forget();
        self.to_control = CONTROL_FRAMES;
        self.design();
    }

    /// Forgets what it heard.
    pub(super) fn forget(&mut self) {
        self.state = State::default();
    }

    pub(super) fn set(&mut self, freq_hz: f64) {
        self.log2_hz.set(freq_hz.log2());
    }

    fn design(&mut self) {
        let freq_hz = self.log2_hz.value().exp2();
        self.coeffs = design(freq_hz, self.sample_rate_hz);
    }

    /// How many of the next `frames` share one design, which is made here if it is due. They count as filtered: the
    /// caller filters them with `coeffs` and `state`, which it may keep in registers meanwhile.
    #[inline]
    pub(super) fn run(&mut self, frames: usize) -> usize {
        if self.to_control == 0 {
            self.to_control = CONTROL_FRAMES;
            if !self.log2_hz.is_settled() {
                self.log2_hz.skip(CONTROL_FRAMES);
                self.design();
            }
        }
        let run = frames.min(self.to_control);
        self.to_control -= run;
        run
    }
}

fn design(freq_hz: f64, sample_rate_hz: f64) -> Coeffs {
    Coeffs::design(Prototype { shape: Shape::LowCut, freq_hz, gain_db: 0.0, q: Q }, sample_rate_hz)
}

//! Oversampling: runs a nonlinear process at 1, 2, 4 or 8 times the rate, where its harmonics have room.
//!
//! Half-band stages in series (`halfband.rs`): a long filter next to the base rate, where the transition band is narrow,
//! and short ones above, where it is an octave wide. All have linear phase: an unprocessed signal comes back delayed by a
//! whole number of frames, and flat within 0.001 dB up to 20 kHz at 44.1 kHz and above (beyond, the top falls off, and
//! aliases lie above 20 kHz too).

mod halfband;

use crate::Frame;
use halfband::{Down, Up, branch};
use std::sync::{Arc, LazyLock};

/// How many times the sample rate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Factor {
    /// The sample rate itself: no delay.
    #[default]
    X1,
    /// Twice.
    X2,
    /// Four times.
    X4,
    /// Eight times.
    X8,
}

crate::choice!(Factor { X1 => "1×", X2 => "2×", X4 => "4×", X8 => "8×" });

/// A stage's filter: pairs of taps and its Kaiser window.
#[derive(Clone, Copy, Debug)]
struct Design {
    pairs: usize,
    kaiser_beta: f64,
}

/// From the base rate upwards. Stop bands below −100 dB, the first from 24.1 kHz at 44.1 kHz.
const DESIGNS: [Design; 3] = [
    Design { pairs: 36, kaiser_beta: 10.4 },
    Design { pairs: 7, kaiser_beta: 11.4 },
    Design { pairs: 5, kaiser_beta: 11.0 },
];

/// Taps of each stage, shared by all oversamplers, designed by the first.
static TAPS: LazyLock<[Arc<[f64]>; 3]> =
    LazyLock::new(|| DESIGNS.map(|Design { pairs, kaiser_beta }| branch(pairs, kaiser_beta)));

/// Most frames processed at once: few enough to stay in the fastest cache at every rate.
pub const CHUNK: usize = 64;

impl Factor {
    /// Largest delay of going up and down again, in frames of the base rate.
    pub const MAX_LATENCY_FRAMES: usize = Self::X8.latency_frames();

    /// Frames at the higher rate per frame at the base rate.
    #[must_use]
    pub const fn times(self) -> usize {
        1 << self.stages()
    }

    const fn stages(self) -> usize {
        self as usize
    }

    /// Delay of going up and down again, in frames of the base rate.
    #[must_use]
    pub const fn latency_frames(self) -> usize {
        self.latency_frames_with(0)
    }

    /// The same with work that delays by an even number of frames at the highest rate; none at 1×.
    #[must_use]
    pub const fn latency_frames_with(self, work_frames: usize) -> usize {
        let (latency, extra) = self.latency_at_last_stage(work_frames);
        if self.stages() == 0 { 0 } else { (latency + extra) >> (self.stages() - 1) }
    }

    /// Delay at the rate below the highest, and what it lacks to be a whole number of frames at the base rate.
    const fn latency_at_last_stage(self, work_frames: usize) -> (usize, usize) {
        let stages = self.stages();
        if stages == 0 {
            return (0, 0);
        }
        let (mut latency, mut stage) = (0, 0);
        while stage < stages {
            latency = 2 * latency + 2 * DESIGNS[stage].pairs - 1;
            stage += 1;
        }
        latency += work_frames / 2;
        let base = 1 << (stages - 1);
        (latency, (base - latency % base) % base)
    }
}

/// Both directions of a stage, and the frames at its higher rate.
#[derive(Clone, Debug)]
struct Stage {
    up: Up,
    down: Down,
    frames: Vec<Frame>,
}

/// Runs something at a higher rate.
#[derive(Clone, Debug)]
pub struct Oversampler {
    factor: Factor,
    /// Delay of the work, in frames of the highest rate.
    work_frames: usize,
    /// All stages, so that changing the factor does not allocate.
    stages: [Stage; 3],
}

impl Oversampler {
    /// Allocates. The filters are the same at every sample rate.
    #[must_use]
    pub fn new(factor: Factor) -> Self {
        Self::with_work_delay(factor, 0)
    }

    /// The same for work that delays by an even number of frames at the higher rates, and by none at 1×.
    #[must_use]
    pub fn with_work_delay(factor: Factor, work_frames: usize) -> Self {
        let stages = core::array::from_fn(|stage| {
            let (taps, most) = (&TAPS[stage], CHUNK << stage);
            Stage {
                up: Up::new(Arc::clone(taps), most),
                down: Down::new(Arc::clone(taps), most),
                frames: vec![[0.0; 2]; 2 * most],
            }
        });
        let mut new = Self { factor, work_frames, stages };
        new.reset(factor);
        new
    }

    /// Clears the state and sets the factor.
    pub fn reset(&mut self, factor: Factor) {
        self.factor = factor;
        let extra = factor.latency_at_last_stage(self.work_frames).1;
        for (n, stage) in self.stages.iter_mut().enumerate() {
            stage.up.reset();
            stage.down.reset(if n + 1 == factor.stages() { extra } else { 0 });
        }
    }

    /// The factor it runs at.
    #[must_use]
    pub fn factor(&self) -> Factor {
        self.factor
    }

    /// Delay between input and output, in frames of the base rate.
    #[must_use]
    pub fn latency_frames(&self) -> usize {
        self.factor.latency_frames_with(self.work_frames)
    }

    /// Upsamples the block, lets `work` process it in place, and downsamples it. `work` receives [`Factor::times`] as many
    /// frames, from up to [`CHUNK`] at a time.
    pub fn process(&mut self, block: &mut [Frame], mut work: impl FnMut(&mut [Frame])) {
        for chunk in block.chunks_mut(CHUNK) {
            through(&mut self.stages[..self.factor.stages()], chunk, &mut work);
        }
    }
}

/// Up through all stages, and down again.
fn through<W: FnMut(&mut [Frame])>(stages: &mut [Stage], low: &mut [Frame], work: &mut W) {
    let Some((stage, above)) = stages.split_first_mut() else { return work(low) };
    let high = &mut stage.frames[..2 * low.len()];
    stage.up.process(low, high);
    through(above, high, work);
    stage.down.process(high, low);
}

#[cfg(test)]
mod tests;

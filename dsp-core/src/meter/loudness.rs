//! Loudness to ITU-R BS.1770-5 and EBU Tech 3341/3342: momentary, short-term, integrated, range.
//!
//! Everything is made of powers of 10 ms: momentary and short-term loudness move every 10 ms, gating blocks of 400 ms
//! begin every 100 ms (75 % overlap), and the range takes short-term loudness every 100 ms. A window that is not
//! yet full, or a last one that never will be, is not used.

use super::histogram::Histogram;
use super::hops::{HOPS_IN_3_S, HOPS_IN_100_MS, HOPS_IN_400_MS, HopClock};
use super::k_weighting::{Coeffs, State, power_to_lufs};
use super::readings::{SILENT, readings};
use crate::{Frame, Spec};

/// Relative gate of integrated loudness: −10 LU, as a factor of power (BS.1770).
const GATE_INTEGRATED: f64 = 0.1;
/// Relative gate of the range: −20 LU, as a factor of power (Tech 3342).
const GATE_RANGE: f64 = 0.01;
/// The range lies between these parts of the short-term loudnesses (Tech 3342).
const PERCENTILES: [f64; 2] = [0.10, 0.95];
/// Rate and channels of a meter that nobody prepared.
const UNPREPARED: (f64, usize) = (48_000.0, 2);

readings! {
    /// What a loudness meter shows. Loudness of silence, or of too little signal, is −∞.
    pub struct Readings {
        /// Of the last 400 ms, in LUFS.
        pub momentary_lufs: f64 = SILENT,
        /// Of the last 3 s, in LUFS.
        pub short_term_lufs: f64 = SILENT,
        /// Of everything since `reset`, gated, in LUFS.
        pub integrated_lufs: f64 = SILENT => held,
        /// Spread of short-term loudness, in LU; 0 until there is any.
        pub range_lu: f64 = 0.0 => held,
        /// Largest momentary loudness since `reset`, in LUFS.
        pub max_momentary_lufs: f64 = SILENT => held,
        /// Largest short-term loudness since `reset`, in LUFS.
        pub max_short_term_lufs: f64 = SILENT => held,
    }
}

/// Power of a sliding window, now and at its largest.
#[derive(Clone, Copy, Debug, Default)]
struct Window {
    now: f64,
    max: f64,
}

impl Window {
    fn set(&mut self, power: f64, counts: bool) {
        self.now = power;
        if counts {
            self.max = self.max.max(power);
        }
    }
}

/// A loudness meter: bounded memory (about 320 kB) for any length.
#[derive(Clone, Debug)]
pub struct LoudnessMeter {
    coeffs: Coeffs,
    state: State,
    mono: bool,
    steps: HopClock,
    /// Sum of squares of the step under way.
    sum: Frame,
    /// Sums of squares of the last steps, over the channels, and where the next one goes.
    ring: [f64; HOPS_IN_3_S],
    next: usize,
    momentary: Window,
    short_term: Window,
    blocks: Histogram,
    short_terms: Histogram,
    /// Whether nothing counts, whether the step under way has heard some of that, and how many steps have not.
    paused: bool,
    stale: bool,
    counted: usize,
}

impl Default for LoudnessMeter {
    fn default() -> Self {
        Self::new()
    }
}

impl LoudnessMeter {
    /// A meter at rest, for stereo at 48 kHz until it is prepared.
    #[must_use]
    pub fn new() -> Self {
        let (sample_rate_hz, channels) = UNPREPARED;
        Self {
            coeffs: Coeffs::design(sample_rate_hz),
            state: State::default(),
            mono: channels == 1,
            steps: HopClock::new(sample_rate_hz),
            sum: [0.0; 2],
            ring: [0.0; HOPS_IN_3_S],
            next: 0,
            momentary: Window::default(),
            short_term: Window::default(),
            blocks: Histogram::new(),
            short_terms: Histogram::new(),
            paused: false,
            stale: false,
            counted: 0,
        }
    }

    /// Learns rate and channels, then resets. A mono signal counts once.
    pub fn prepare(&mut self, spec: Spec) {
        self.coeffs = Coeffs::design(spec.sample_rate_hz);
        self.mono = spec.channels == 1;
        self.steps = HopClock::new(spec.sample_rate_hz);
        self.reset();
    }

    /// Starts a new measurement.
    pub fn reset(&mut self) {
        self.state = State::default();
        self.steps.reset();
        self.sum = [0.0; 2];
        self.ring = [0.0; HOPS_IN_3_S];
        self.next = 0;
        self.momentary = Window::default();
        self.short_term = Window::default();
        self.blocks.reset();
        self.short_terms.reset();
        self.stale = self.paused;
        self.counted = 0;
    }

    /// Stand-by (EBU Tech 3341): momentary and short-term loudness go on, integrated loudness, range and maxima stand
    /// still. Afterwards windows count again that hold nothing of the pause.
    pub fn pause(&mut self, paused: bool) {
        self.paused = paused;
        self.stale |= paused;
    }

    /// Reads a block.
    pub fn process(&mut self, block: &[Frame]) {
        let mut rest = block;
        while !rest.is_empty() {
            let (now, later) = self.steps.split(rest);
            self.state.add_squares(&self.coeffs, now, &mut self.sum);
            if self.steps.advance(now.len()) {
                self.end_step();
            }
            rest = later;
        }
    }

    /// Takes the step just done into the windows.
    fn end_step(&mut self) {
        let [left, right] = core::mem::take(&mut self.sum);
        self.ring[self.next] = if self.mono { left } else { left + right };
        self.next = (self.next + 1) % HOPS_IN_3_S;
        let done = self.steps.done();
        self.counted = if self.stale { 0 } else { self.counted.saturating_add(1) };
        self.stale = self.paused;
        let on_100_ms = done.is_multiple_of(HOPS_IN_100_MS as u64);
        if done >= HOPS_IN_400_MS as u64 {
            let power = self.power_of_last(HOPS_IN_400_MS);
            let counts = self.counted >= HOPS_IN_400_MS;
            self.momentary.set(power, counts);
            if on_100_ms && counts {
                self.blocks.add(power);
            }
        }
        if done >= HOPS_IN_3_S as u64 {
            let power = self.power_of_last(HOPS_IN_3_S);
            let counts = self.counted >= HOPS_IN_3_S;
            self.short_term.set(power, counts);
            if on_100_ms && counts {
                self.short_terms.add(power);
            }
        }
    }

    /// Mean power of the last steps. Summed anew each time: a running sum would never forget a loud frame's rounding.
    fn power_of_last(&self, steps: usize) -> f64 {
        let recent = steps.min(self.next);
        let older = steps - recent;
        let sum: f64 = self.ring[self.next - recent..self.next].iter().sum();
        let sum = sum + self.ring[HOPS_IN_3_S - older..].iter().sum::<f64>();
        sum / self.steps.frames_in_last(steps) as f64
    }

    /// Loudness of the last 400 ms, in LUFS. Cheap; moves every 10 ms.
    #[must_use]
    pub fn momentary_lufs(&self) -> f64 {
        power_to_lufs(self.momentary.now)
    }

    /// Loudness of the last 3 s, in LUFS. Cheap; moves every 10 ms.
    #[must_use]
    pub fn short_term_lufs(&self) -> f64 {
        power_to_lufs(self.short_term.now)
    }

    /// What it shows now. Not for every frame: the gates are worked out here.
    #[must_use]
    pub fn readings(&self) -> Readings {
        let short_terms = self.short_terms.gated(GATE_RANGE);
        let [low, high] = PERCENTILES.map(|fraction| short_terms.percentile_lufs(fraction));
        Readings {
            momentary_lufs: self.momentary_lufs(),
            short_term_lufs: self.short_term_lufs(),
            integrated_lufs: self.blocks.gated(GATE_INTEGRATED).total.loudness_lufs(),
            range_lu: if short_terms.total.count == 0 { 0.0 } else { high - low },
            max_momentary_lufs: power_to_lufs(self.momentary.max),
            max_short_term_lufs: power_to_lufs(self.short_term.max),
        }
    }
}

#[cfg(test)]
mod tests;

//! Loudness to ITU-R BS.1770-5 and EBU Tech 3341/3342: momentary, short-term, integrated, range.
//!
//! All windows are sums of 10 ms hops: momentary and short-term loudness are updated every 10 ms, gating blocks of 400 ms
//! begin every 100 ms (75 % overlap), and the range takes short-term loudness every 100 ms. Windows that are not yet full,
//! or that the end cuts short, are not used.

use super::histogram::Histogram;
use super::hops::{HOPS_IN_3_S, HOPS_IN_100_MS, HOPS_IN_400_MS, HOPS_PER_S, HopClock};
use super::k_weighting::{Coeffs, State, power_to_lufs};
use super::readings::{SILENT, readings};
use crate::spec::UNPREPARED_RATE_HZ;
use crate::{Frame, Spec};

/// Relative gate of integrated loudness: −10 LU, as a factor of power (BS.1770).
const GATE_INTEGRATED: f64 = 0.1;
/// Relative gate of the range: −20 LU, as a factor of power (Tech 3342).
const GATE_RANGE: f64 = 0.01;
/// The range spans these fractions of the distribution of short-term loudness (Tech 3342).
const PERCENTILES: [f64; 2] = [0.10, 0.95];

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

/// Mean power over a sliding window, now and at its largest, and the distribution for a gate.
#[derive(Clone, Debug)]
struct SlidingPower {
    /// Length of the window.
    hops: usize,
    now: f64,
    max: f64,
    /// Power every 100 ms.
    histogram: Histogram,
}

impl SlidingPower {
    fn new(hops: usize) -> Self {
        Self { hops, now: 0.0, max: 0.0, histogram: Histogram::new() }
    }

    fn reset(&mut self) {
        (self.now, self.max) = (0.0, 0.0);
        self.histogram.reset();
    }
}

/// A loudness meter: bounded memory (about 320 kB) for any length.
#[derive(Clone, Debug)]
pub struct LoudnessMeter {
    coeffs: Coeffs,
    state: State,
    mono: bool,
    clock: HopClock,
    /// Sum of squares of the current hop.
    sum: Frame,
    /// Sums of squares of the last hops, over the channels, and where the next one goes.
    ring: [f64; HOPS_IN_3_S],
    next: usize,
    momentary: SlidingPower,
    short_term: SlidingPower,
    paused: bool,
    /// Whether the current hop holds frames of a pause, and how many hops since hold none.
    stale: bool,
    counted: usize,
}

impl Default for LoudnessMeter {
    /// A meter for stereo at 48 kHz until it is prepared.
    fn default() -> Self {
        Self {
            coeffs: Coeffs::design(UNPREPARED_RATE_HZ),
            state: State::default(),
            mono: false,
            clock: HopClock::new(UNPREPARED_RATE_HZ, HOPS_PER_S),
            sum: [0.0; 2],
            ring: [0.0; HOPS_IN_3_S],
            next: 0,
            momentary: SlidingPower::new(HOPS_IN_400_MS),
            short_term: SlidingPower::new(HOPS_IN_3_S),
            paused: false,
            stale: false,
            counted: 0,
        }
    }
}

impl LoudnessMeter {
    /// Adopts rate and channels, then resets. A mono signal counts once.
    pub fn prepare(&mut self, spec: Spec) {
        self.coeffs = Coeffs::design(spec.sample_rate_hz);
        self.mono = spec.channels == 1;
        self.clock = HopClock::new(spec.sample_rate_hz, HOPS_PER_S);
        self.reset();
    }

    /// Starts a new measurement.
    pub fn reset(&mut self) {
        self.state = State::default();
        self.clock.reset();
        self.sum = [0.0; 2];
        self.ring = [0.0; HOPS_IN_3_S];
        self.next = 0;
        self.momentary.reset();
        self.short_term.reset();
        self.stale = self.paused;
        self.counted = 0;
    }

    /// Stand-by (EBU Tech 3341): momentary and short-term loudness go on; integrated loudness, range and maxima stop.
    /// Afterwards only windows without frames of the pause count.
    pub fn pause(&mut self, paused: bool) {
        self.paused = paused;
        self.stale |= paused;
    }

    /// Reads a block.
    pub fn process(&mut self, block: &[Frame]) {
        let mut rest = block;
        while let Some((now, completes)) = self.clock.take(&mut rest) {
            self.state.add_squares(&self.coeffs, now, &mut self.sum);
            if completes {
                self.end_hop();
            }
        }
    }

    /// Adds the completed hop to the windows.
    fn end_hop(&mut self) {
        let [left, right] = core::mem::take(&mut self.sum);
        self.ring[self.next] = if self.mono { left } else { left + right };
        self.next = (self.next + 1) % HOPS_IN_3_S;
        self.counted = if self.stale { 0 } else { self.counted.saturating_add(1) };
        self.stale = self.paused;
        let (done, counted) = (self.clock.done, self.counted);
        for window in [&mut self.momentary, &mut self.short_term] {
            if done < window.hops as u64 {
                break;
            }
            // Summed anew each time: a running sum would keep the rounding of a loud frame for ever.
            let recent = window.hops.min(self.next);
            let older = window.hops - recent;
            let sum: f64 = self.ring[self.next - recent..self.next].iter().sum();
            let sum = sum + self.ring[HOPS_IN_3_S - older..].iter().sum::<f64>();
            window.now = sum / self.clock.frames_in_last(window.hops) as f64;
            if counted >= window.hops {
                window.max = window.max.max(window.now);
                if done.is_multiple_of(HOPS_IN_100_MS as u64) {
                    window.histogram.add(window.now);
                }
            }
        }
    }

    /// Loudness of the last 400 ms, in LUFS. Cheap; updated every 10 ms.
    #[must_use]
    pub fn momentary_lufs(&self) -> f64 {
        power_to_lufs(self.momentary.now)
    }

    /// Loudness of the last 3 s, in LUFS. Cheap; updated every 10 ms.
    #[must_use]
    pub fn short_term_lufs(&self) -> f64 {
        power_to_lufs(self.short_term.now)
    }

    /// What the meter shows now. Not for every frame: this computes the gates.
    #[must_use]
    pub fn readings(&self) -> Readings {
        let short_terms = self.short_term.histogram.gated(GATE_RANGE);
        let [low, high] = PERCENTILES.map(|fraction| short_terms.percentile_lufs(fraction));
        Readings {
            momentary_lufs: self.momentary_lufs(),
            short_term_lufs: self.short_term_lufs(),
            integrated_lufs: self.momentary.histogram.gated(GATE_INTEGRATED).total.loudness_lufs(),
            range_lu: if short_terms.total.count == 0 { 0.0 } else { high - low },
            max_momentary_lufs: power_to_lufs(self.momentary.max),
            max_short_term_lufs: power_to_lufs(self.short_term.max),
        }
    }
}

#[cfg(test)]
mod tests;

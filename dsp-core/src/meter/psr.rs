//! Peak to short-term loudness ratio: how far the largest true peak of the last 3 s lies above their loudness.
//!
//! Source: I. Shepherd, E. Grimm, P. Tapper, M. Kahsnitz, I. Kerr, "Measuring Micro-Dynamics – A First Step:
//! Standardizing PSR, the Peak to Short-Term Loudness Ratio", AES 143rd Convention, 2017: true peak over the same 3 s
//! that short-term loudness (ITU-R BS.1770, EBU Tech 3341) is taken over. Moves every 100 ms, as loudness range does.

use super::hops::{HOPS_IN_3_S, HOPS_IN_100_MS};
use crate::units::gain_to_db;

/// Steps of 100 ms in 3 s.
const STEPS: usize = HOPS_IN_3_S / HOPS_IN_100_MS;
/// Short-term loudness above which a ratio counts for the least one: the absolute gate of BS.1770.
const GATE_LUFS: f64 = -70.0;

/// A meter that is told, every 100 ms, what others have measured.
#[derive(Clone, Debug)]
pub(super) struct PsrMeter {
    /// Largest true peak of each of the last steps, linear, and where the next one goes.
    peaks: [f64; STEPS],
    next: usize,
    now_lu: f64,
    min_lu: f64,
}

impl PsrMeter {
    pub(super) fn new() -> Self {
        Self { peaks: [0.0; STEPS], next: 0, now_lu: f64::NEG_INFINITY, min_lu: f64::INFINITY }
    }

    pub(super) fn reset(&mut self) {
        *self = Self::new();
    }

    /// The largest true peak of the step just done, and the short-term loudness at its end. Whether it `counts` for the
    /// least ratio.
    pub(super) fn add(&mut self, peak: f64, short_term_lufs: f64, counts: bool) {
        self.peaks[self.next] = peak;
        self.next = (self.next + 1) % STEPS;
        let peak_dbtp = gain_to_db(self.peaks.iter().fold(0.0, |most, peak| peak.max(most)));
        let sounds = short_term_lufs > GATE_LUFS && peak_dbtp.is_finite();
        self.now_lu = if sounds { peak_dbtp - short_term_lufs } else { f64::NEG_INFINITY };
        if sounds && counts {
            self.min_lu = self.min_lu.min(self.now_lu);
        }
    }

    /// Now, in LU; −∞ while there are not 3 s of signal.
    pub(super) fn now_lu(&self) -> f64 {
        self.now_lu
    }

    /// The least since `reset`, in LU; −∞ if there was none.
    pub(super) fn min_lu(&self) -> f64 {
        if self.min_lu.is_finite() { self.min_lu } else { f64::NEG_INFINITY }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_largest_peak_of_three_seconds_above_their_loudness() {
        let mut psr = PsrMeter::new();
        psr.add(1.0, f64::NEG_INFINITY, true);
        assert_eq!((psr.now_lu(), psr.min_lu()), (f64::NEG_INFINITY, f64::NEG_INFINITY), "no loudness yet");
        for _ in 0..29 {
            psr.add(0.5, -14.0, true);
        }
        assert_eq!(psr.now_lu(), 14.0, "the first peak is still one of thirty");
        psr.add(0.5, -14.0, true);
        let quieter = gain_to_db(0.5) + 14.0;
        assert_eq!((psr.now_lu(), psr.min_lu()), (quieter, quieter));
        psr.add(0.5, -10.0, false);
        assert_eq!((psr.now_lu(), psr.min_lu()), (quieter - 4.0, quieter), "paused, it moves but does not count");
        psr.add(0.5, -70.5, true);
        assert_eq!((psr.now_lu(), psr.min_lu()), (f64::NEG_INFINITY, quieter), "silence has no ratio");
        psr.reset();
        assert_eq!(psr.min_lu(), f64::NEG_INFINITY);
    }
}

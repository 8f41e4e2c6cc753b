//! Peak to short-term loudness ratio: how far the largest true peak of the last 3 s lies above their loudness.
//!
//! Source: I. Shepherd, E. Grimm, P. Tapper, M. Kahsnitz, I. Kerr, "Measuring Micro-Dynamics – A First Step:
//! Standardizing PSR, the Peak to Short-Term Loudness Ratio", AES 143rd Convention, 2017: true peak over the same 3 s
//! as short-term loudness (ITU-R BS.1770, EBU Tech 3341). Updated every 100 ms, as loudness range is.

use crate::meter::hops::{HOPS_IN_3_S, HOPS_IN_100_MS};
use crate::meter::readings::SILENT;
use crate::units::gain_to_db;

/// Hops of 100 ms in 3 s.
const HOPS: usize = HOPS_IN_3_S / HOPS_IN_100_MS;
/// Short-term loudness above which a ratio exists: the absolute gate of BS.1770.
const GATE_LUFS: f64 = -70.0;

/// A PSR meter, fed every 100 ms by the true-peak and loudness meters.
#[derive(Clone, Debug)]
pub(super) struct PsrMeter {
    /// Largest true peak of each of the last hops, linear, and where the next one goes.
    peaks: [f64; HOPS],
    next: usize,
    /// PSR now, in LU; −∞ before 3 s of signal.
    pub(super) psr_lu: f64,
    min_psr_lu: f64,
}

impl PsrMeter {
    pub(super) fn new() -> Self {
        Self { peaks: [0.0; HOPS], next: 0, psr_lu: SILENT, min_psr_lu: f64::INFINITY }
    }

    pub(super) fn reset(&mut self) {
        *self = Self::new();
    }

    /// Adds the largest true peak of the last 100 ms, and the short-term loudness at their end. Whether the ratio `counts`
    /// for the smallest.
    pub(super) fn add(&mut self, peak: f64, short_term_lufs: f64, counts: bool) {
        self.peaks[self.next] = peak;
        self.next = (self.next + 1) % HOPS;
        let peak_dbtp = gain_to_db(self.peaks.iter().fold(0.0, |most, peak| peak.max(most)));
        let sounds = short_term_lufs > GATE_LUFS && peak_dbtp.is_finite();
        self.psr_lu = if sounds { peak_dbtp - short_term_lufs } else { SILENT };
        if sounds && counts {
            self.min_psr_lu = self.min_psr_lu.min(self.psr_lu);
        }
    }

    /// Smallest PSR since `reset`, in LU; −∞ if there is none.
    pub(super) fn min_psr_lu(&self) -> f64 {
        if self.min_psr_lu.is_finite() { self.min_psr_lu } else { SILENT }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn psr_is_the_largest_peak_of_3_s_above_their_loudness() {
        let mut psr = PsrMeter::new();
        psr.add(1.0, f64::NEG_INFINITY, true);
        assert_eq!((psr.psr_lu, psr.min_psr_lu()), (f64::NEG_INFINITY, f64::NEG_INFINITY), "no loudness yet");
        for _ in 0..29 {
            psr.add(0.5, -14.0, true);
        }
        assert_eq!(psr.psr_lu, 14.0, "the first peak is still one of thirty");
        psr.add(0.5, -14.0, true);
        let quieter = gain_to_db(0.5) + 14.0;
        assert_eq!((psr.psr_lu, psr.min_psr_lu()), (quieter, quieter));
        psr.add(0.5, -10.0, false);
        assert_eq!((psr.psr_lu, psr.min_psr_lu()), (quieter - 4.0, quieter), "paused, it moves but does not count");
        psr.add(0.5, -70.5, true);
        assert_eq!((psr.psr_lu, psr.min_psr_lu()), (f64::NEG_INFINITY, quieter), "silence has no ratio");
        psr.reset();
        assert_eq!(psr.min_psr_lu(), f64::NEG_INFINITY);
    }
}

//! All meters over a whole programme: a file from its first frame to its last.

use super::bridge::MeterBridge;
use crate::{Frame, Spec, frame::sanitise};

/// The measurements of a whole programme. Levels and loudness of silence are −∞.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Summary {
    /// Gated loudness.
    pub integrated_lufs: f64,
    /// Largest momentary loudness.
    pub max_momentary_lufs: f64,
    /// Largest short-term loudness.
    pub max_short_term_lufs: f64,
    /// Spread of short-term loudness.
    pub range_lu: f64,
    /// Largest true peak of either channel.
    pub true_peak_dbtp: f64,
    /// Largest sample magnitude of either channel.
    pub sample_peak_dbfs: f64,
    /// True peak above integrated loudness; `None` if either is −∞.
    pub plr_lu: Option<f64>,
    /// Smallest peak to short-term loudness ratio; `None` without 3 s of signal.
    pub min_psr_lu: Option<f64>,
    /// The "dynamic range" of reviews, not rounded; `None` without 3 s of signal.
    pub dr_db: Option<f64>,
    /// Smallest correlation of any 400 ms above −70 dBFS; 1 for mono.
    pub min_correlation: f64,
    /// Mean correlation of all 400 ms above −70 dBFS; 1 for mono.
    pub mean_correlation: f64,
    /// Magnitude of the mean sample, of the channel where it is larger; full scale is 1.
    pub dc_offset: f64,
}

/// All meters, for a programme of any length in bounded memory.
#[derive(Clone, Debug, Default)]
pub struct ProgrammeMeter {
    bridge: MeterBridge,
    sum: Frame,
    frames: u64,
}

impl ProgrammeMeter {
    /// Adopts rate and channels and starts a new programme. Allocates.
    pub fn prepare(&mut self, spec: Spec) {
        self.bridge.prepare(spec);
        (self.sum, self.frames) = ([0.0; 2], 0);
    }

    /// Reads a block. A mono programme travels in both lanes.
    pub fn process(&mut self, block: &[Frame]) {
        self.bridge.process(block);
        for frame in block {
            let frame = sanitise(*frame);
            self.sum = [self.sum[0] + frame[0], self.sum[1] + frame[1]];
        }
        self.frames += block.len() as u64;
    }

    /// Frames read since `prepare`.
    #[must_use]
    pub fn frames(&self) -> u64 {
        self.frames
    }

    /// The measurements, as if this were the end; the programme may go on. Not for the audio thread: copies a meter.
    #[must_use]
    pub fn summary(&self) -> Summary {
        // Only the true-peak meter is fed silence: it would dilute every mean.
        let mut true_peak = self.bridge.true_peak.clone();
        for _ in 0..true_peak.latency_frames() {
            true_peak.process(&[[0.0; 2]]); // one by one: blocks may be no longer than prepared for
        }
        let true_peak_dbtp = true_peak.max_dbtp();
        let readings = self.bridge.readings();
        let loudness = readings.loudness;
        let finite = |value: f64| Some(value).filter(|value| value.is_finite());
        Summary {
            integrated_lufs: loudness.integrated_lufs,
            max_momentary_lufs: loudness.max_momentary_lufs,
            max_short_term_lufs: loudness.max_short_term_lufs,
            range_lu: loudness.range_lu,
            true_peak_dbtp,
            sample_peak_dbfs: self.bridge.level.max_peak_dbfs(),
            plr_lu: finite(true_peak_dbtp - loudness.integrated_lufs),
            min_psr_lu: finite(readings.min_psr_lu),
            dr_db: finite(readings.dr_db),
            min_correlation: self.bridge.correlation.min(),
            mean_correlation: self.bridge.correlation.mean(),
            dc_offset: self.sum[0].abs().max(self.sum[1].abs()) / self.frames.max(1) as f64,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use plumb_signals::{Noise, both, sine};

    /// The fixed rate and block length of these tests.
    const RATE_HZ: f64 = 48_000.0;
    const BLOCK: usize = 1000;

    fn measured(frames: &[Frame], cut: usize) -> Summary {
        let mut programme = ProgrammeMeter::default();
        programme.prepare(Spec::new(RATE_HZ, BLOCK, 2).unwrap());
        for block in frames.chunks(cut) {
            programme.process(block);
        }
        assert_eq!(programme.frames(), frames.len() as u64);
        programme.summary()
    }

    #[test]
    fn nothing_and_silence_have_no_level_and_no_plr() {
        for silence in [vec![], vec![[0.0; 2]; 48_000]] {
            let summary = measured(&silence, BLOCK);
            for level in [
                summary.integrated_lufs,
                summary.max_momentary_lufs,
                summary.max_short_term_lufs,
                summary.true_peak_dbtp,
                summary.sample_peak_dbfs,
            ] {
                assert_eq!(level, f64::NEG_INFINITY);
            }
            assert_eq!([summary.plr_lu, summary.min_psr_lu, summary.dr_db], [None; 3]);
            assert_eq!((summary.range_lu, summary.dc_offset, summary.min_correlation), (0.0, 0.0, 1.0));
        }
    }

    #[test]
    fn dc_offset_is_the_larger_mean_of_the_two_channels() {
        let summary = measured(&vec![[0.125, -0.25]; 10_000], BLOCK);
        assert_eq!(summary.dc_offset, 0.25); // powers of two: the sums are exact
    }

    #[test]
    fn a_sine_reads_its_loudness_peaks_and_plr() {
        let summary = measured(&both(&sine(1000.0, -23.0, 20.0, RATE_HZ)), BLOCK);
        // EBU Tech 3341 case 1 and its tolerance; a 1 kHz sine at 48 kHz has a sample within 0.02 dB of each peak.
        assert!((summary.integrated_lufs + 23.0).abs() <= 0.1, "{summary:?}");
        assert!((summary.sample_peak_dbfs + 23.0).abs() <= 0.05, "{summary:?}");
        assert!((summary.true_peak_dbtp + 23.0).abs() <= 0.2, "{summary:?}");
        assert_eq!(summary.plr_lu, Some(summary.true_peak_dbtp - summary.integrated_lufs));
        assert!(summary.range_lu <= 0.1, "{summary:?}");
    }

    #[test]
    fn a_peak_in_the_last_frame_counts() {
        let mut frames = vec![[0.0; 2]; 5000];
        frames[4999] = [0.5, 0.0];
        let summary = measured(&frames, BLOCK);
        // An impulse is its own true peak; EBU Tech 3341 allows +0.2/−0.4 dB.
        assert!((-6.42..=-5.82).contains(&summary.true_peak_dbtp), "{summary:?}");
        assert!((summary.sample_peak_dbfs + 6.0206).abs() < 1e-3, "{summary:?}");
    }

    #[test]
    fn an_early_summary_and_block_size_change_nothing() {
        let frames = Noise::new(1).stereo(-12.0, 50_000);
        let whole = measured(&frames, BLOCK);
        for cut in [1, 7, 64] {
            assert_eq!(measured(&frames, cut), whole);
        }
        let mut programme = ProgrammeMeter::default();
        programme.prepare(Spec::new(RATE_HZ, BLOCK, 2).unwrap());
        for block in frames.chunks(BLOCK) {
            programme.process(block);
            let _ = programme.summary();
        }
        assert_eq!(programme.summary(), whole);
        programme.prepare(Spec::new(RATE_HZ, BLOCK, 2).unwrap());
        assert_eq!(programme.summary(), measured(&[], BLOCK));
    }

    #[test]
    fn non_finite_samples_leave_the_rest_intact() {
        let mut frames = Noise::new(2).stereo(-12.0, 20_000);
        frames[3] = [f64::NAN, f64::INFINITY];
        let summary = measured(&frames, BLOCK);
        assert!(summary.dc_offset.is_finite() && summary.min_correlation.is_finite(), "{summary:?}");
        assert!(!summary.true_peak_dbtp.is_nan() && !summary.integrated_lufs.is_nan(), "{summary:?}");
    }
}

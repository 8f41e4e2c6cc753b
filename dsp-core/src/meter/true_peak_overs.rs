//! True-peak overs: how often the true peak exceeds a limit, and where it is highest.

use super::peak_stream::{FLUSH_FRAMES, PeakStream};
use crate::interpolate::peaks::LATENCY_FRAMES;
use crate::units::{db_to_gain, gain_to_db};
use crate::{Frame, Spec, frame::sanitise};

/// Peaks closer together than this are one over, in seconds: to the ear one click, whatever its waveform.
const GAP_S: f64 = 0.001;

/// The highest true peak.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Highest {
    /// Its level, in dBTP.
    pub level_dbtp: f64,
    /// The frame at which it lies, or after which.
    pub at_frame: u64,
    /// Its channel.
    pub channel: usize,
}

/// All overs of a programme.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Summary {
    /// Overs of each limit, in the order of the limits.
    pub overs: [u64; 2],
    /// The highest true peak; `None` for silence.
    pub highest: Option<Highest>,
}

/// A counter of true-peak overs. Its highest peak equals that of [`super::true_peak::TruePeakMeter`] to the last bit.
#[derive(Clone, Debug)]
pub struct TruePeakOvers {
    stream: PeakStream,
    /// Readings so far; each is of the frame [`LATENCY_FRAMES`] before.
    readings: u64,
    limits: [f64; 2],
    gap_frames: u64,
    frames: u64,
    overs: [u64; 2],
    /// Frame of the last reading over each limit.
    last: [Option<u64>; 2],
    max: f64,
    max_at: u64,
    max_channel: usize,
}

impl TruePeakOvers {
    /// A counter of overs of two limits.
    #[must_use]
    pub fn new(limits_dbtp: [f64; 2]) -> Self {
        Self {
            stream: PeakStream::new(),
            readings: 0,
            limits: limits_dbtp.map(db_to_gain),
            gap_frames: 0,
            frames: 0,
            overs: [0; 2],
            last: [None; 2],
            max: 0.0,
            max_at: 0,
            max_channel: 0,
        }
    }

    /// Adopts the rate and starts anew. Allocates.
    pub fn prepare(&mut self, spec: Spec) {
        let gap_frames = (GAP_S * spec.sample_rate_hz) as u64;
        *self = Self { limits: self.limits, gap_frames, ..Self::new([0.0; 2]) };
    }

    /// Reads a block.
    pub fn process(&mut self, block: &[Frame]) {
        for frame in block {
            let frame = sanitise(*frame);
            self.compare(frame.map(f64::abs), self.frames);
            self.frames += 1;
            if self.stream.push(frame) {
                self.read();
            }
        }
    }

    /// Reads the inter-sample peaks of a chunk.
    fn read(&mut self) {
        let lowest = self.limits[0].min(self.limits[1]);
        // Peaks below both the highest so far and every limit change nothing and need not be read.
        for peaks in self.stream.read(self.max.min(lowest)) {
            // Ringing before the first frame belongs to the first frame.
            let at = self.readings.saturating_sub(LATENCY_FRAMES as u64);
            self.readings += 1;
            self.compare(peaks, at);
            self.count(peaks[0].max(peaks[1]), at);
        }
    }

    #[inline]
    fn compare(&mut self, peaks: Frame, at: u64) {
        let channel = usize::from(peaks[1] > peaks[0]);
        if peaks[channel] > self.max {
            (self.max, self.max_at, self.max_channel) = (peaks[channel], at, channel);
        }
    }

    #[inline]
    fn count(&mut self, peak: f64, at: u64) {
        for limit in 0..2 {
            if peak > self.limits[limit] {
                if self.last[limit].is_none_or(|last| at - last > self.gap_frames) {
                    self.overs[limit] += 1;
                }
                self.last[limit] = Some(at);
            }
        }
    }

    /// Everything since `prepare`, as if this were the end. Not for the audio thread: copies the meter.
    #[must_use]
    pub fn summary(&self) -> Summary {
        // Silence pushes the last frames through the filter.
        let mut whole = self.clone();
        whole.process(&[[0.0; 2]; FLUSH_FRAMES]);
        let highest = Highest { level_dbtp: gain_to_db(whole.max), at_frame: whole.max_at, channel: whole.max_channel };
        Summary { overs: whole.overs, highest: (whole.max > 0.0).then_some(highest) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::meter::true_peak::TruePeakMeter;
    use plumb_signals::{Noise, sine, true_peak_db};

    const RATE_HZ: f64 = 48_000.0;

    fn read(frames: &[Frame], cut: usize) -> Summary {
        let mut meter = TruePeakOvers::new([0.0, -1.0]);
        meter.prepare(Spec { sample_rate_hz: RATE_HZ, max_frames: cut, channels: 2 });
        frames.chunks(cut).for_each(|block| meter.process(block));
        meter.summary()
    }

    /// Bursts of fs/4 at 45°, 10 ms each, tapered, peaks `gains` dB between the samples; 100 ms apart, on the right.
    fn bursts(levels_db: &[f64]) -> Vec<Frame> {
        let mut frames = vec![[0.0; 2]; 4800 * (levels_db.len() + 1)];
        for (n, level_db) in levels_db.iter().enumerate() {
            for (k, x) in sine(RATE_HZ / 4.0, *level_db, 0.01, RATE_HZ).iter().enumerate() {
                let taper = (core::f64::consts::PI * (k as f64 + 0.5) / 480.0).sin().powi(2);
                frames[4800 * (n + 1) + k][1] = x * taper;
            }
        }
        frames
    }

    #[test]
    fn inter_sample_overs_are_counted_and_the_highest_located() {
        let frames = bursts(&[-0.5, 1.0, -3.0, 2.0, 0.5]);
        assert!(frames.iter().all(|frame| frame[1].abs() < 0.9)); // no sample shows them
        let summary = read(&frames, 64);
        let highest = summary.highest.unwrap();
        println!("{summary:?}");
        assert_eq!(summary.overs, [3, 4]);
        assert_eq!(highest.channel, 1);
        // The taper's top is 240 frames into the fourth burst, and flat to 1 % for 15 frames around.
        assert!(highest.at_frame.abs_diff(4 * 4800 + 240) < 15, "{highest:?}");
        assert!((highest.level_dbtp - 2.0).abs() < 0.1, "{highest:?}"); // the meter's own tolerance
    }

    #[test]
    fn the_highest_agrees_with_ideal_interpolation() {
        let frames = Noise::new(5).stereo(-3.0, 30_000);
        // Smoothed, as music is: white noise up to Nyquist is beyond any filter of finite length.
        let smooth: Vec<Frame> =
            frames.windows(4).map(|w| core::array::from_fn(|c| w.iter().map(|f| f[c]).sum::<f64>() / 4.0)).collect();
        let ideal = (0..2).map(|c| true_peak_db(&smooth.iter().map(|f| f[c]).collect::<Vec<_>>(), 0));
        let ideal = ideal.fold(f64::NEG_INFINITY, f64::max);
        assert!((read(&smooth, 64).highest.unwrap().level_dbtp - ideal).abs() < 0.1);
    }

    #[test]
    fn the_highest_equals_that_of_the_true_peak_meter() {
        for (seed, frames) in [(7, 1), (8, 31), (9, 2000), (10, 30_001)] {
            let frames = Noise::new(seed).stereo(-3.0, frames);
            let mut meter = TruePeakMeter::default();
            meter.process(&frames);
            meter.process(&[[0.0; 2]; FLUSH_FRAMES]);
            assert_eq!(read(&frames, 4096).highest.unwrap().level_dbtp, meter.max_dbtp(), "{} frames", frames.len());
        }
    }

    #[test]
    fn block_size_changes_nothing_and_the_last_frame_counts() {
        let frames = Noise::new(6).stereo(1.0, 9000);
        for cut in [1, 7, 64] {
            assert_eq!(read(&frames, cut), read(&frames, 9000));
        }
        assert_eq!(read(&[[0.0; 2]; 100], 64).highest, None);
        let mut last = vec![[0.0; 2]; 100];
        last[99] = [-1.25, 0.0];
        let summary = read(&last, 64);
        assert_eq!((summary.overs, summary.highest.unwrap().channel), ([1, 1], 0));
        assert!((98..=99).contains(&summary.highest.unwrap().at_frame));
    }
}

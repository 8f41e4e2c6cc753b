//! Where the true peak goes over a level, how often, and where it is largest.

use super::peak_stream::{FLUSH_FRAMES, PeakStream};
use crate::interpolate::peaks::LATENCY_FRAMES;
use crate::units::{db_to_gain, gain_to_db};
use crate::{Frame, Spec, frame::sanitise};

/// Crests nearer to each other than this are one place, in seconds: one knock on the ear, whatever its waveform.
const GAP_S: f64 = 0.001;

/// The largest true peak.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Worst {
    /// How large, in dBTP.
    pub level_dbtp: f64,
    /// The frame it lies at or after.
    pub at_frame: u64,
    /// The channel it is in.
    pub channel: usize,
}

/// What there was.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Summary {
    /// Places over each limit, in the limits' order.
    pub places: [u64; 2],
    /// The largest true peak; `None` for silence.
    pub worst: Option<Worst>,
}

/// A meter of places. Its largest is that of [`super::true_peak::TruePeakMeter`], to the last bit.
#[derive(Clone, Debug)]
pub struct TruePeakOvers {
    stream: PeakStream,
    /// Readings so far; each is of the frame [`LATENCY_FRAMES`] before.
    readings: u64,
    limits: [f64; 2],
    gap_frames: u64,
    frames: u64,
    places: [u64; 2],
    last: [Option<u64>; 2],
    max: f64,
    max_at: u64,
    max_channel: usize,
}

impl TruePeakOvers {
    /// A meter of places over two levels.
    #[must_use]
    pub fn new(limits_dbtp: [f64; 2]) -> Self {
        Self {
            stream: PeakStream::new(),
            readings: 0,
            limits: limits_dbtp.map(db_to_gain),
            gap_frames: 0,
            frames: 0,
            places: [0; 2],
            last: [None; 2],
            max: 0.0,
            max_at: 0,
            max_channel: 0,
        }
    }

    /// Learns the rate, then resets.
    pub fn prepare(&mut self, spec: Spec) {
        self.gap_frames = (GAP_S * spec.sample_rate_hz) as u64;
        self.reset();
    }

    /// Forgets the past.
    pub fn reset(&mut self) {
        self.stream.reset();
        self.readings = 0;
        self.frames = 0;
        self.places = [0; 2];
        self.last = [None; 2];
        (self.max, self.max_at, self.max_channel) = (0.0, 0, 0);
    }

    /// Reads a block.
    pub fn process(&mut self, block: &[Frame]) {
        for frame in block {
            let frame = sanitise(*frame);
            self.largest(frame.map(f64::abs), self.frames);
            self.frames += 1;
            if self.stream.push(frame) {
                self.read();
            }
        }
    }

    /// Reads what lies between the samples.
    fn read(&mut self) {
        let lowest = self.limits[0].min(self.limits[1]);
        // What is below the largest so far and below every limit changes nothing and need not be read.
        for peaks in self.stream.read(self.max.min(lowest)) {
            // What rings before the first frame is the first frame's.
            let at = self.readings.saturating_sub(LATENCY_FRAMES as u64);
            self.readings += 1;
            self.largest(peaks, at);
            self.count(peaks[0].max(peaks[1]), at);
        }
    }

    #[inline]
    fn largest(&mut self, peaks: Frame, at: u64) {
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
                    self.places[limit] += 1;
                }
                self.last[limit] = Some(at);
            }
        }
    }

    /// What there was since `reset`, were this its end. Not for the audio thread: copies the meter.
    #[must_use]
    pub fn summary(&self) -> Summary {
        // The last frames count once silence has pushed them through the filter.
        let mut whole = self.clone();
        whole.process(&[[0.0; 2]; FLUSH_FRAMES]);
        let worst = Worst { level_dbtp: gain_to_db(whole.max), at_frame: whole.max_at, channel: whole.max_channel };
        Summary { places: whole.places, worst: (whole.max > 0.0).then_some(worst) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::meter::true_peak::TruePeakMeter;
    use plumb_signals::{Noise, sine, true_peak_db};

    const RATE_HZ: f64 = 48_000.0;

    fn read(frames: &[Frame], cut: usize) -> Summary {
        let mut places = TruePeakOvers::new([0.0, -1.0]);
        places.prepare(Spec { sample_rate_hz: RATE_HZ, max_frames: cut, channels: 2 });
        frames.chunks(cut).for_each(|block| places.process(block));
        places.summary()
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
    fn bursts_between_the_samples_are_counted_and_the_worst_is_placed() {
        let frames = bursts(&[-0.5, 1.0, -3.0, 2.0, 0.5]);
        assert!(frames.iter().all(|frame| frame[1].abs() < 0.9)); // no sample shows them
        let summary = read(&frames, 64);
        let worst = summary.worst.unwrap();
        println!("{summary:?}");
        assert_eq!(summary.places, [3, 4]);
        assert_eq!(worst.channel, 1);
        // The taper's top is 240 frames into the fourth burst, and flat to 1 % for 15 frames around.
        assert!(worst.at_frame.abs_diff(4 * 4800 + 240) < 15, "{worst:?}");
        assert!((worst.level_dbtp - 2.0).abs() < 0.1, "{worst:?}"); // the meter's own tolerance
    }

    #[test]
    fn the_largest_agrees_with_ideal_interpolation() {
        let frames = Noise::new(5).stereo(-3.0, 30_000);
        // Smoothed, as music is: white noise up to Nyquist is beyond any filter of finite length.
        let smooth: Vec<Frame> =
            frames.windows(4).map(|w| core::array::from_fn(|c| w.iter().map(|f| f[c]).sum::<f64>() / 4.0)).collect();
        let ideal = (0..2).map(|c| true_peak_db(&smooth.iter().map(|f| f[c]).collect::<Vec<_>>(), 0));
        let ideal = ideal.fold(f64::NEG_INFINITY, f64::max);
        assert!((read(&smooth, 64).worst.unwrap().level_dbtp - ideal).abs() < 0.1);
    }

    #[test]
    fn the_largest_is_the_true_peak_meters() {
        for (seed, frames) in [(7, 1), (8, 31), (9, 2000), (10, 30_001)] {
            let frames = Noise::new(seed).stereo(-3.0, frames);
            let mut meter = TruePeakMeter::new();
            meter.process(&frames);
            meter.process(&[[0.0; 2]; FLUSH_FRAMES]);
            assert_eq!(read(&frames, 4096).worst.unwrap().level_dbtp, meter.max_dbtp(), "{} frames", frames.len());
        }
    }

    #[test]
    fn blocks_make_no_difference_and_the_last_frame_counts() {
        let frames = Noise::new(6).stereo(1.0, 9000);
        for cut in [1, 7, 64] {
            assert_eq!(read(&frames, cut), read(&frames, 9000));
        }
        assert_eq!(read(&[[0.0; 2]; 100], 64).worst, None);
        let mut last = vec![[0.0; 2]; 100];
        last[99] = [-1.25, 0.0];
        let summary = read(&last, 64);
        assert_eq!((summary.places, summary.worst.unwrap().channel), ([1, 1], 0));
        assert!((98..=99).contains(&summary.worst.unwrap().at_frame));
    }
}

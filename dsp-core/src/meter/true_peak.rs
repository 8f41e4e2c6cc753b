//! True peak: the largest value between the samples, by oversampling (ITU-R BS.1770-5, Annex 2).

use crate::frame::sanitise_all;
use crate::interpolate::peaks::{CHUNK, LATENCY_FRAMES, PeakReader};
use crate::units::gain_to_db;
use crate::{Frame, Spec};

/// A true-peak meter.
///
/// Samples count at once, inter-sample peaks only once the frames after them are known: at the end of a file, feed
/// [`TruePeakMeter::latency_frames`] frames of silence.
#[derive(Clone, Debug)]
pub struct TruePeakMeter {
    reader: PeakReader,
    /// The current chunk, and its frames so far.
    chunk: [Frame; CHUNK],
    at: usize,
    /// Largest of each channel before `recent` began.
    max: [f64; 2],
    /// Largest of each channel since it was last taken.
    recent: [f64; 2],
}

impl Default for TruePeakMeter {
    /// A meter for any rate.
    fn default() -> Self {
        Self { reader: PeakReader::new(), chunk: [[0.0; 2]; CHUNK], at: 0, max: [0.0; 2], recent: [0.0; 2] }
    }
}

impl TruePeakMeter {
    /// Resets. (The meter is the same at every rate.)
    pub fn prepare(&mut self, _spec: Spec) {
        self.reset();
    }

    /// Forgets the past.
    pub fn reset(&mut self) {
        self.reader.reset();
        self.at = 0;
        self.max = [0.0; 2];
        self.recent = [0.0; 2];
    }

    /// Reads a block.
    pub fn process(&mut self, mut block: &[Frame]) {
        while !block.is_empty() {
            let (now, rest) = block.split_at(block.len().min(CHUNK - self.at));
            let chunk = &mut self.chunk[self.at..][..now.len()];
            chunk.copy_from_slice(now);
            sanitise_all(chunk);
            // Four independent maxima, so that none waits for the one before.
            let mut most = [[0.0; 2]; 4];
            let (fours, last) = chunk.as_chunks::<4>();
            for four in fours {
                for (most, frame) in most.iter_mut().zip(four) {
                    *most = larger(*most, frame.map(f64::abs));
                }
            }
            let all = last.iter().map(|frame| frame.map(f64::abs)).chain(most);
            self.recent = all.fold(self.recent, larger);
            self.at += now.len();
            if self.at == CHUNK {
                self.at = 0;
                self.read();
            }
            block = rest;
        }
    }

    fn read(&mut self) {
        // Peaks below both channels' maxima and the largest recent one change nothing and need not be read.
        let [left, right] = self.maxima();
        let floor = left.min(right).min(self.recent[0].max(self.recent[1]));
        let mut peaks = [[0.0; 2]; CHUNK];
        self.reader.read(&self.chunk, floor, &mut peaks);
        self.recent = peaks.into_iter().fold(self.recent, larger);
    }

    /// Largest true peak of either channel since the last call, or since `reset`, linear.
    pub(super) fn take_recent(&mut self) -> f64 {
        self.max = self.maxima();
        let [left, right] = core::mem::take(&mut self.recent);
        left.max(right)
    }

    /// Largest of each channel since `reset`, linear.
    pub(super) fn maxima(&self) -> [f64; 2] {
        larger(self.max, self.recent)
    }

    /// Restores earlier maxima: what has come since does not count.
    pub(super) fn restore_maxima(&mut self, maxima: [f64; 2]) {
        self.max = maxima;
        self.recent = [0.0; 2];
    }

    /// Largest true peak since `reset`, in dBTP, of the louder channel; −∞ for silence.
    #[must_use]
    pub fn max_dbtp(&self) -> f64 {
        let [left, right] = self.maxima();
        gain_to_db(left.max(right))
    }

    /// Frames of silence at the end after which every frame has counted.
    #[must_use]
    pub fn latency_frames(&self) -> usize {
        LATENCY_FRAMES + CHUNK
    }
}

/// The larger of each channel.
#[inline(always)]
fn larger(a: Frame, b: Frame) -> Frame {
    core::array::from_fn(|lane| if b[lane] > a[lane] { b[lane] } else { a[lane] })
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::f64::consts::{PI, TAU};
    use plumb_signals::{Noise, both, level_db, sine, sweep, true_peak_db};
    use proptest::prelude::*;

    fn read(frames: &[Frame]) -> TruePeakMeter {
        let mut meter = TruePeakMeter::default();
        meter.process(frames);
        meter.process(&vec![[0.0; 2]; meter.latency_frames()]);
        meter
    }

    /// EBU Tech 3341: +0.2 / −0.4 dB.
    fn assert_reads(case: usize, expected_dbtp: f64, frames: &[Frame]) {
        let dbtp = read(frames).max_dbtp();
        println!("EBU Tech 3341 case {case}: {:+.3} dB", dbtp - expected_dbtp);
        assert!((-0.4..=0.2).contains(&(dbtp - expected_dbtp)), "case {case}: {dbtp} dBTP");
    }

    #[test]
    fn reads_the_tones_of_tech_3341() {
        let cases = [
            (15, 4.0, 0.0, 0.5),
            (16, 4.0, 45.0, 0.5),
            (17, 6.0, 60.0, 0.5),
            (18, 8.0, 67.5, 0.5),
            (19, 4.0, 45.0, 1.41),
        ];
        for fs in [44_100.0, 48_000.0, 96_000.0, 192_000.0] {
            let frames = |period: f64, phase_deg: f64, amplitude: f64| {
                let (len, taper) = ((fs * 0.2) as usize, fs * 0.01);
                let at = |n: usize| {
                    let fade = (n.min(len - n) as f64 / taper).min(1.0);
                    fade * amplitude * (TAU * n as f64 / period + phase_deg.to_radians()).sin()
                };
                both(&(0..len).map(at).collect::<Vec<_>>())
            };
            for (case, period, phase_deg, amplitude) in cases {
                // The standard rounds: 0.50 is −6.02, 1.41 is +2.98.
                let expected: f64 = if amplitude > 1.0 { 3.0 } else { -6.0 };
                assert_reads(case, expected, &frames(period, phase_deg, amplitude));
            }
        }
    }

    /// A tone of fs/6 at 0.5 with one period of fs/4 at 1.0 in it, phase-continuous, made at 4·fs, low-passed.
    fn burst_at_four_times() -> Vec<f64> {
        let (len, before) = (4 * 4800_i32, 4 * 2400);
        let mut phase = 0.0_f64;
        let raw: Vec<f64> = (0..len)
            .map(|n| {
                let inside = (before..before + 16).contains(&n);
                let x = if inside { 1.0 } else { 0.5 } * (TAU * phase).sin();
                phase += if inside { 1.0 / 16.0 } else { 1.0 / 24.0 };
                x
            })
            .collect();
        // Hann-windowed sinc, cut at 0.5·fs, long enough to leave fs/4 alone.
        let reach = 160_i32;
        let tap = |k: i32| {
            let t = f64::from(k) / 4.0;
            let sinc = if k == 0 { 1.0 } else { (PI * t).sin() / (PI * t) };
            sinc / 4.0 * (0.5 + 0.5 * (PI * f64::from(k) / f64::from(reach)).cos())
        };
        let at = |n: i32| usize::try_from(n).ok().and_then(|n| raw.get(n)).copied().unwrap_or(0.0);
        (0..len).map(|n| (-reach..=reach).map(|k| tap(k) * at(n - k)).sum()).collect()
    }

    #[test]
    fn reads_the_bursts_of_tech_3341() {
        let dense = burst_at_four_times();
        for offset in 0..4 {
            let mut mono: Vec<f64> = dense.iter().skip(offset).step_by(4).copied().collect();
            let len = mono.len();
            // Tapered ends: a cut edge would ring by itself.
            for (n, x) in mono.iter_mut().enumerate() {
                *x *= (n.min(len - n) as f64 / 480.0).min(1.0);
            }
            assert_reads(20 + offset, 0.0, &both(&mono));
        }
    }

    #[test]
    fn agrees_with_ideal_interpolation() {
        for fs in [44_100.0, 48_000.0, 96_000.0, 192_000.0] {
            let mut worst = 0.0_f64;
            let tones = [997.0, 5000.0, 10_000.0, fs / 4.0, fs / 6.0, fs / 2.5, 15_000.0, 18_000.0, 19_999.0, 20_000.0];
            for freq in tones.into_iter().filter(|freq| *freq <= 20_000.0) {
                // Of a slowly faded sine, ideal interpolation reads the amplitude.
                let frames = both(&faded(sine(freq, -3.0, 0.5, fs)));
                worst = worst.max((read(&frames).max_dbtp() + 3.0).abs());
            }
            let x = faded(sweep(20.0, 20_000.0, -3.0, 0.5, fs));
            worst = worst.max((read(&both(&x)).max_dbtp() - true_peak_db(&x, 0)).abs());
            println!("{fs} Hz: within {worst:.3} dB of ideal interpolation");
            // The requirement; the parabola's error at 20 kHz and 44.1 kHz is 0.05 dB.
            assert!(worst <= 0.1, "{fs} Hz: {worst} dB");
        }
    }

    #[test]
    fn agrees_with_ideal_interpolation_on_white_noise_up_to_20_khz() {
        for fs in [44_100.0, 48_000.0, 96_000.0] {
            let mut noise = Noise::new(6);
            let raw: Vec<f64> = (0..20_000).map(|_| noise.tick()).collect();
            // Blackman-windowed sinc, cut at 20 kHz: white noise, and nothing above.
            let reach = 600_i32;
            let tap = |k: i32| {
                let t = f64::from(k) * 2.0 * 20_000.0 / fs;
                let sinc = if k == 0 { 1.0 } else { (PI * t).sin() / (PI * t) };
                let turn = PI * f64::from(k) / f64::from(reach);
                sinc * (0.42 + 0.5 * turn.cos() + 0.08 * (2.0 * turn).cos())
            };
            let taps: Vec<f64> = (-reach..=reach).map(tap).collect();
            let x: Vec<f64> =
                raw.windows(taps.len()).map(|x| x.iter().zip(&taps).map(|(x, tap)| x * tap).sum()).collect();
            let x = faded(x);
            let off = read(&both(&x)).max_dbtp() - true_peak_db(&x, 0);
            eprintln!("{fs} Hz: white noise up to 20 kHz {off:+.4} dB");
            // The requirement.
            assert!(off.abs() <= 0.1, "{fs} Hz: {off} dB");
        }
    }

    fn faded(mut x: Vec<f64>) -> Vec<f64> {
        let len = x.len();
        x.iter_mut().enumerate().for_each(|(n, x)| *x *= (n.min(len - 1 - n) as f64 / 2000.0).min(1.0));
        x
    }

    #[test]
    fn agrees_with_another_meter() {
        let mut noise = Noise::new(3);
        // Four poles at 2 kHz: as little above 10 kHz as in music.
        let mut poles = [0.0; 4];
        let mono: Vec<f64> = (0..48_000)
            .map(|_| {
                poles.iter_mut().fold(noise.tick(), |x, y| {
                    *y += 0.23 * (x - *y);
                    *y
                })
            })
            .collect();
        let frames = both(&mono);
        let mut other = ebur128::EbuR128::new(2, 48_000, ebur128::Mode::TRUE_PEAK).unwrap();
        other.add_frames_f64(frames.as_flattened()).unwrap();
        let difference = read(&frames).max_dbtp() - level_db(other.true_peak(0).unwrap());
        // Its bare fourfold grid may miss a little of what ours finds.
        println!("{difference:+.3} dB re ebur128");
        assert!((-0.05..0.1).contains(&difference), "{difference} dB");
    }

    #[test]
    fn channels_are_independent_and_the_last_frame_counts() {
        let mut frames = vec![[0.0; 2]; 100];
        frames[10][0] = 0.25;
        frames[99][1] = -0.5;
        let [left, right] = read(&frames).maxima().map(gain_to_db);
        // An impulse's largest value is its sample.
        assert_eq!([left, right], [gain_to_db(0.25), gain_to_db(0.5)]);
        assert_eq!(read(&[]).max_dbtp(), f64::NEG_INFINITY);
    }

    /// A meter that skips nothing: the largest of each channel, and since it was last taken.
    struct Exhaustive {
        reader: PeakReader,
        max: [f64; 2],
        recent: [f64; 2],
    }

    impl Exhaustive {
        fn read(&mut self, chunk: &[Frame; CHUNK]) {
            let mut peaks = [[0.0; 2]; CHUNK];
            self.reader.read(chunk, -1.0, &mut peaks);
            let samples = chunk.iter().map(|frame| frame.map(f64::abs));
            self.recent = peaks.into_iter().chain(samples).fold(self.recent, larger);
            self.max = larger(self.max, self.recent);
        }
    }

    /// Signals that skip much, little, by turns and not at all.
    fn signals(rate_hz: f64) -> [(&'static str, Vec<Frame>); 5] {
        let count = (0.7 * rate_hz) as usize / CHUNK * CHUNK;
        let time = |n: usize| n as f64 / rate_hz;
        let white = Noise::new(11).stereo(-3.0, count);
        let mut poles = [0.0; 2];
        // Bursts five times a second, over a tone, one channel a little louder.
        let programme = white.iter().enumerate().map(|(n, white)| {
            let (shape, tone) = ((-30.0 * (time(n) % 0.2)).exp(), 0.03 * (TAU * 110.0 * time(n)).sin());
            let corner = 1.0 - (-TAU * 1000.0 / rate_hz).exp();
            core::array::from_fn(|lane| {
                poles[lane] += corner * (white[lane] - poles[lane]);
                [3.0, 2.8][lane] * shape * poles[lane] + tone
            })
        });
        let steps = white.iter().enumerate().map(|(n, frame)| frame.map(|x| [0.1, 1.0, 0.01][n / 1700 % 3] * x));
        let clicks = (0..count).map(|n| match n % 4801 {
            0 => [0.9, -0.2],
            7 => [-0.3, 0.95],
            _ => [0.01 * (TAU * 440.0 * time(n)).sin(); 2],
        });
        let square = (0..count).map(|n| {
            let level = 0.3 + 0.6 * (3.0 * time(n)).fract();
            [997.0, 1501.0].map(|freq_hz| level * (TAU * freq_hz * time(n)).sin().signum())
        });
        let (programme, steps) = (programme.collect(), steps.collect());
        [
            ("programme", programme),
            ("noise", steps),
            ("clicks", clicks.collect()),
            ("square", square.collect()),
            ("white", white),
        ]
    }

    #[test]
    fn skipped_chunks_change_nothing() {
        for rate_hz in [8_000.0, 44_100.0, 48_000.0, 96_000.0, 192_000.0, 768_000.0] {
            for (name, frames) in signals(rate_hz) {
                let mut meter = TruePeakMeter::default();
                let mut exhaustive = Exhaustive { reader: PeakReader::new(), max: [0.0; 2], recent: [0.0; 2] };
                for (n, chunk) in frames.as_chunks::<CHUNK>().0.iter().enumerate() {
                    meter.process(chunk);
                    exhaustive.read(chunk);
                    let bits = |maxima: [f64; 2]| maxima.map(f64::to_bits);
                    assert_eq!(bits(meter.maxima()), bits(exhaustive.max), "{name} at {rate_hz} Hz, chunk {n}");
                    // As for PSR.
                    if n % 150 == 149 {
                        let [left, right] = core::mem::take(&mut exhaustive.recent);
                        let expected = left.max(right);
                        assert_eq!(
                            meter.take_recent().to_bits(),
                            expected.to_bits(),
                            "{name} at {rate_hz} Hz, chunk {n}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn block_size_and_reset_change_nothing() {
        let frames = Noise::new(5).stereo(0.0, 5000);
        let whole = read(&frames).maxima().map(gain_to_db);
        let mut meter = TruePeakMeter::default();
        for len in [1, 7, 64, 5000] {
            frames.chunks(len).for_each(|block| meter.process(block));
            meter.process(&vec![[0.0; 2]; meter.latency_frames()]);
            assert_eq!(meter.maxima().map(gain_to_db), whole, "blocks of {len}");
            meter.reset();
            assert_eq!(meter.max_dbtp(), f64::NEG_INFINITY);
        }
    }

    #[test]
    fn nothing_is_allocated() {
        let frames = Noise::new(5).stereo(0.0, 512);
        let mut meter = TruePeakMeter::default();
        plumb_signals::assert_no_alloc(|| meter.process(&frames));
    }

    proptest! {
        #[test]
        fn never_reads_below_the_samples_for_any_input(
            frames in prop::collection::vec((prop::num::f64::ANY, -2.0..2.0_f64).prop_map(|(l, r)| [l, r]), 1..200)
        ) {
            let [left, right] = read(&frames).maxima().map(gain_to_db);
            let sample = frames.iter().fold(0.0, |peak: f64, frame| peak.max(frame[1].abs()));
            prop_assert!(right >= gain_to_db(sample));
            prop_assert!(!left.is_nan() && left < 200.0);
        }
    }
}

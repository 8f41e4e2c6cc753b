//! Inter-sample peaks right up to Nyquist, for the limiter and for exact meters.
//!
//! Four points a frame: the samples, the midpoints (filters in `kernels.rs`, accurate to within 1/500 of the rate below
//! Nyquist), the quarter points between those. The peak among three points is that of the sine through them. 32-bit
//! numbers: their rounding is 10⁻⁶ dB.
//!
//! Frames are read in chunks of [`CHUNK`]; where no peak can exceed the caller's floor, nothing is computed.

use super::fir::{LANES, add_filtered};
use super::inter_sample::{AFTER, BEFORE, RISE, flat, inter_sample_peaks, larger, largest, largest_curvature};
use super::kernels::{Kernels, LONG_HALF, PASS, SHORT, STEP};
use crate::Frame;
use crate::simd::{F32x8, Isa, Kernel, Simd};
use crate::smooth::CONTROL_FRAMES;

/// Frames read at once.
pub const CHUNK: usize = CONTROL_FRAMES;
/// How many frames a reading lags behind the frame at the same place of the chunk.
pub const LATENCY_FRAMES: usize = STEP * LONG_HALF + BACK;

/// Half the length of both low-passes together, the offset of the short filter, and two frames for the quarter points.
const BACK: usize = 24;
/// Low-rate frames of a chunk.
const LOW: usize = CHUNK / STEP;
/// Frames of one register: their peaks are computed together where the last one of the chunk before is not known.
const GROUP: usize = LANES / 2;
/// Midpoints kept from the chunk before: those after the frame, and what a group before the chunk needs.
const KEPT: usize = AFTER + GROUP + BEFORE;
/// Frames that a reading can depend on, and the chunk before.
const REACH: usize = 2 * (LATENCY_FRAMES + CHUNK);
/// Chunks written side by side before the last are moved to the front.
const ROOM: usize = 32;

/// A running reader.
#[derive(Clone, Debug)]
pub struct PeakReader {
    kernels: &'static Kernels,
    /// Interleaved frames.
    frames: Vec<f32>,
    /// The same at the low rate, spectrum reversed.
    low: Vec<f32>,
    /// Chunks in the buffers; the next is written behind them.
    written: usize,
    /// Output of the long filter at the low rate: the last of the chunk before, then this chunk's.
    tail: [f32; flat(PASS - 1 + LOW)],
    /// The last midpoints of the chunk before, then this chunk's.
    midpoints: [f32; flat(KEPT + CHUNK)],
    /// Chunks until no frame within reach can exceed the floor.
    active_chunks: usize,
    /// Whether the chunk before was read.
    reading: bool,
    /// The peaks of its last frame, if computed.
    before: Option<[f32; 2]>,
    floor: f64,
    isa: Isa,
}

impl Default for PeakReader {
    fn default() -> Self {
        Self::new()
    }
}

/// [`PeakReader::run`].
struct Read<'a> {
    reader: &'a mut PeakReader,
    chunk: &'a [Frame; CHUNK],
    floor: f64,
    peaks: &'a mut [Frame; CHUNK],
}

impl Kernel for Read<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self) {
        self.reader.run::<S::F32>(self.chunk, self.floor, self.peaks);
    }
}

impl PeakReader {
    /// Allocates. The filters are the same at every sample rate.
    #[must_use]
    pub fn new() -> Self {
        let mut reader = Self {
            kernels: Kernels::shared(),
            frames: vec![0.0; flat(REACH + ROOM * CHUNK)],
            low: vec![0.0; flat(REACH / STEP + ROOM * LOW)],
            written: 0,
            tail: [0.0; flat(PASS - 1 + LOW)],
            midpoints: [0.0; flat(KEPT + CHUNK)],
            active_chunks: 0,
            reading: false,
            before: None,
            floor: 0.0,
            isa: Isa::detect(),
        };
        reader.reset();
        reader
    }

    /// Forgets the past.
    pub fn reset(&mut self) {
        self.frames.fill(0.0);
        self.low.fill(0.0);
        self.written = 0;
        self.active_chunks = 0;
        self.reading = false;
        self.before = None;
        self.floor = 0.0;
    }

    /// Reads a chunk. Sets `peaks` to the largest magnitude of each channel from one frame before to one frame after the
    /// frame [`LATENCY_FRAMES`] earlier; or to 0 where that cannot exceed `floor`.
    pub fn read(&mut self, chunk: &[Frame; CHUNK], floor: f64, peaks: &mut [Frame; CHUNK]) {
        self.isa.run(Read { reader: self, chunk, floor, peaks });
    }

    /// Appends a chunk; returns its largest magnitude.
    #[inline(always)]
    fn write(&mut self, chunk: &[Frame; CHUNK]) -> f32 {
        if self.written == ROOM {
            self.frames.copy_within(flat(ROOM * CHUNK).., 0);
            self.low.copy_within(flat(ROOM * LOW).., 0);
            self.written = 0;
        }
        let to = &mut self.frames[flat(REACH + self.written * CHUNK)..][..flat(CHUNK)];
        for (to, from) in to.iter_mut().zip(chunk.as_flattened()) {
            *to = *from as f32;
        }
        self.written += 1;
        largest(to)
    }

    #[inline(always)]
    fn run<V: F32x8>(&mut self, chunk: &[Frame; CHUNK], floor: f64, peaks: &mut [Frame; CHUNK]) {
        let largest = self.write(chunk);
        // A lower floor may be exceeded by frames that were too quiet for the old one.
        if f64::from(largest) * self.kernels.bound * RISE > floor || floor < self.floor {
            self.active_chunks = REACH / CHUNK + 1;
        }
        self.floor = floor;
        self.decimate::<V>();
        if self.active_chunks == 0 {
            self.reading = false;
            self.before = None;
            peaks.fill([0.0; 2]);
            return;
        }
        self.active_chunks -= 1;
        if !self.reading {
            // What the first frames need of the chunk before, and no more.
            self.find_midpoints::<V>(1);
            self.reading = true;
        }
        self.find_midpoints::<V>(0);
        self.find_peaks::<V>(peaks);
    }

    /// The newest chunk at the low rate.
    #[inline(always)]
    fn decimate<V: F32x8>(&mut self) {
        let end = REACH + self.written * CHUNK;
        let frames = &self.frames[flat(end - CHUNK - STEP * (PASS - 1))..flat(end)];
        let frames = frames.as_chunks::<LANES>().0;
        let to = &mut self.low[flat(end / STEP - LOW)..flat(end / STEP)];
        for (to, frames) in to.as_chunks_mut::<2>().0.iter_mut().zip(frames.windows(PASS)) {
            let mut sum = V::splat(0.0);
            for (taps, frames) in self.kernels.down.iter().zip(frames) {
                sum = V::load(taps).mul_add(V::load(frames), sum);
            }
            *to = sum.frames_sum();
        }
    }

    /// The midpoints of the newest chunk, or of `back` chunks earlier.
    #[inline(always)]
    fn find_midpoints<V: F32x8>(&mut self, back: usize) {
        let kernels = self.kernels;
        let end = REACH + (self.written - back.min(self.written)) * CHUNK;
        let low = end / STEP;
        self.tail.copy_within(flat(LOW).., 0);
        let mut tail = [V::splat(0.0); 2];
        let from = &self.low[flat(low - LOW + 1 - 2 * LONG_HALF)..flat(low)];
        add_filtered::<V, 2, 4, 4>(&mut tail, from, &kernels.long);
        for (tail, to) in tail.iter().zip(self.tail[flat(PASS - 1)..].as_chunks_mut().0) {
            tail.store(to);
        }
        let mut midpoints = [V::splat(0.0); flat(CHUNK) / LANES];
        let tails = self.tail.as_chunks().0;
        for (midpoints, tails) in midpoints.iter_mut().zip(tails.windows(PASS)) {
            for (taps, tail) in kernels.up.iter().zip(tails) {
                *midpoints = V::load(taps).mul_add(V::repeat(*tail), *midpoints);
            }
        }
        let first = end - CHUNK - (LATENCY_FRAMES - 2) - (SHORT / 2 - 1);
        let from = &self.frames[flat(first)..flat(first + CHUNK + SHORT)];
        add_filtered::<V, 8, 2, 1>(&mut midpoints, from, &kernels.short);
        self.midpoints.copy_within(flat(CHUNK).., 0);
        for (midpoints, to) in midpoints.iter().zip(self.midpoints[flat(KEPT)..].as_chunks_mut().0) {
            midpoints.store(to);
        }
    }

    /// The peaks around each frame, 0 where they cannot exceed the floor.
    #[inline(always)]
    fn find_peaks<V: F32x8>(&mut self, peaks: &mut [Frame; CHUNK]) {
        /// Frames whose peaks may be computed, and all that these depend on.
        const ALL: usize = BEFORE + GROUP + CHUNK + AFTER;
        /// Where the curvatures begin, and how many registers of them there are.
        const FIRST_CURVATURE: usize = GROUP - 1;
        const CURVATURES: usize = (CHUNK + GROUP) / (LANES / 2);
        let kernels = self.kernels;
        let first = REACH + self.written * CHUNK - CHUNK - LATENCY_FRAMES - GROUP - BEFORE;
        let samples = &self.frames[flat(first)..flat(first + ALL)];
        let most = f64::from(largest(samples).max(largest(&self.midpoints)));
        // The cheaper of two bounds first, the other where it may help.
        let mut bound = most * kernels.quarter_bound;
        if bound * RISE > self.floor && most * RISE <= self.floor {
            // From three frames before the chunk on: as far as the peaks of the frame before it depend on.
            let curvature = f64::from(largest_curvature::<CURVATURES>(
                &samples[flat(FIRST_CURVATURE)..],
                &self.midpoints[flat(FIRST_CURVATURE)..],
            ));
            // 1e-5 for the rounding of the taps.
            bound = most * (1.0 + 1e-5) + curvature * kernels.quarter_curvature;
        }
        if bound * RISE <= self.floor {
            self.before = None;
            peaks.fill([0.0; 2]);
            return;
        }
        let before = self.before.unwrap_or_else(|| {
            let group: [f32; LANES] = Self::inter_sample_peaks::<V, LANES>(samples, &self.midpoints, kernels);
            [group[LANES - 2], group[LANES - 1]]
        });
        let here: [f32; flat(CHUNK)] = Self::inter_sample_peaks::<V, { flat(CHUNK) }>(
            &samples[flat(GROUP)..],
            &self.midpoints[flat(GROUP)..],
            kernels,
        );
        self.before = Some([here[flat(CHUNK) - 2], here[flat(CHUNK) - 1]]);
        // A reading spans the peaks on both sides of its frame.
        let peaks = peaks.as_flattened_mut();
        for n in 0..2 {
            peaks[n] = f64::from(larger(before[n], here[n]));
        }
        for (peak, two) in peaks[2..].iter_mut().zip(here.windows(3)) {
            *peak = f64::from(larger(two[0], two[2]));
        }
    }

    #[inline(always)]
    fn inter_sample_peaks<V: F32x8, const N: usize>(samples: &[f32], midpoints: &[f32], kernels: &Kernels) -> [f32; N] {
        if V::FUSED {
            inter_sample_peaks::<true, N>(samples, midpoints, &kernels.quarter)
        } else {
            inter_sample_peaks::<false, N>(samples, midpoints, &kernels.quarter)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::f64::consts::TAU;
    use plumb_signals::{Noise, level_db, true_peak_db};

    /// Readings with a floor that follows the chunk.
    fn readings(reader: &mut PeakReader, frames: &[Frame], floor: impl Fn(usize) -> f64) -> Vec<Frame> {
        let mut out = Vec::new();
        for (n, chunk) in frames.as_chunks::<CHUNK>().0.iter().enumerate() {
            let mut peaks = [[0.0; 2]; CHUNK];
            reader.read(chunk, floor(n), &mut peaks);
            out.extend(peaks);
        }
        out
    }

    fn all(frames: &[Frame]) -> Vec<Frame> {
        readings(&mut PeakReader::new(), frames, |_| -1.0)
    }

    #[test]
    fn reads_a_sine_at_its_amplitude_wherever_its_samples_fall() {
        for norm in [0.0005, 0.05, 0.125, 1.0 / 6.0, 0.25, 0.4, 20_000.0 / 44_100.0, 0.49, 0.496] {
            let (mut least, mut most) = (f64::INFINITY, f64::NEG_INFINITY);
            for phase in 0..16 {
                let at = |n: usize| {
                    let x = (TAU * (norm * n as f64 + f64::from(phase) / 16.0)).sin();
                    [x, -x]
                };
                let out = all(&(0..8000).map(at).collect::<Vec<_>>());
                let peak = out[2000..].iter().flatten().fold(0.0, |peak: f64, x| peak.max(*x));
                (least, most) = (least.min(level_db(peak)), most.max(level_db(peak)));
            }
            eprintln!("{norm:.4} cycles a frame: {least:+.4} to {most:+.4} dB");
            // The quarter points' ripple, next to Nyquist.
            assert!(least > -0.01 && most < 0.05, "{norm} cycles a frame: {least} to {most} dB");
        }
    }

    #[test]
    fn reads_noise_as_ideal_interpolation_does() {
        let mut noise = Noise::new(3);
        let mono: Vec<f64> = (0..64_000).map(|_| noise.tick().signum()).collect();
        let out = all(&mono.iter().map(|x| [*x; 2]).collect::<Vec<_>>());
        let peak = out[5000..60_000].iter().fold(0.0, |peak: f64, x| peak.max(x[0]));
        let ideal = true_peak_db(&mono, 4500);
        eprintln!("random ±1: {:+.3} dB", level_db(peak) - ideal);
        assert!((level_db(peak) - ideal).abs() < 0.1);
    }

    #[test]
    fn reads_where_it_says() {
        let mut frames = vec![[0.0; 2]; 1600];
        frames[600] = [0.5, -1.0];
        let out = all(&frames);
        let at = 600 + LATENCY_FRAMES;
        for n in [at, at + 1] {
            assert_eq!(out[n], [0.5, 1.0], "{n}");
        }
        // A quarter of a frame away a sinc is at 0.9.
        assert!((0.44..0.46).contains(&out[at - 1][0]));
        assert!(out[at - 2][0] < 0.2 && out[at + 2][0] < 0.2);
        assert!(out[..599].iter().all(|peak| *peak == [0.0; 2]));
    }

    #[test]
    fn skipping_below_the_floor_changes_nothing_above_it() {
        let mut noise = Noise::new(7);
        let frames: Vec<Frame> =
            (0..64_000).map(|n| noise.stereo([-60.0, -14.0, -50.0, 0.0][(n / 1931) % 4], 1)[0]).collect();
        let floor = |n: usize| [0.9, 0.3, 1.1][(n / 53) % 3];
        let with = readings(&mut PeakReader::new(), &frames, floor);
        let mut skipped = 0;
        for (n, (with, without)) in with.iter().zip(all(&frames)).enumerate() {
            skipped += usize::from(*with == [0.0; 2]);
            if *with != without {
                let floor = floor(n / CHUNK);
                let below = without[0] <= floor && without[1] <= floor;
                assert!(*with == [0.0; 2] && below, "frame {n}: {with:?} instead of {without:?}");
            }
        }
        assert!((5000..60_000).contains(&skipped), "{skipped} of 64000 skipped");
    }

    #[test]
    fn every_processor_reads_the_same() {
        let frames = Noise::new(5).stereo(0.0, 6400);
        let mut plain = PeakReader { isa: Isa::PORTABLE, ..PeakReader::new() };
        for (a, b) in readings(&mut plain, &frames, |_| -1.0).iter().zip(all(&frames)) {
            // Rounding once or twice.
            assert!((a[0] - b[0]).abs() < 1e-5 && (a[1] - b[1]).abs() < 1e-5);
        }
    }

    #[test]
    fn reset_equals_new() {
        let frames = Noise::new(5).stereo(0.0, 6400);
        let mut reader = PeakReader::new();
        let first = readings(&mut reader, &frames, |_| 0.1);
        reader.reset();
        assert_eq!(readings(&mut reader, &frames, |_| 0.1), first);
    }
}

//! The largest magnitude around each frame, right up to Nyquist: for the limiter, and for meters that need it exact.
//!
//! Four points a frame: the samples, the points half way between (filters in `kernels.rs`, which see to within
//! 1/500 of the rate below Nyquist), the quarters between those. The peak between three points is that of the sine
//! through them. 32-bit numbers: their rounding is 10⁻⁶ dB.
//!
//! Frames are read in chunks of [`CHUNK`]; where nothing in a filter's reach can matter, nothing is computed.

use super::kernels::{Kernels, LONG_HALF, PASS, SHORT, STEP};
#[cfg(target_arch = "x86_64")]
use super::lanes::Avx;
use super::lanes::{Eight, LANES, Plain, add_filtered};
use crate::Frame;
use crate::smooth::CONTROL_FRAMES;

/// Frames taken in at once.
pub const CHUNK: usize = CONTROL_FRAMES;
/// How many frames before the newest of the same place in its chunk the readings are.
pub const LATENCY_FRAMES: usize = STEP * LONG_HALF + BACK;

/// Half the length of both low-passes together, what the short filter's place adds, and two frames for the quarters.
const BACK: usize = 24;
/// Low-rate frames of a chunk.
const LOW: usize = CHUNK / STEP;
/// Frames before the ones that are read, for the quarter points.
const EDGE: usize = 4;
/// Points half way kept from the chunk before.
const KEPT: usize = 6;
/// Frames that one reading can depend on, and the chunk before it.
const REACH: usize = 2 * (LATENCY_FRAMES + CHUNK);
/// Chunks written side by side before they are moved to the front.
const ROOM: usize = 32;
/// Most that the sine through three points adds to its middle one: they are an eighth of a period apart at least.
const RISE: f64 = 1.083;
/// The square of the tangent of half that.
const MOST_SLOPE: f32 = 0.171_6;

/// Numbers of `frames` frames side by side.
const fn flat(frames: usize) -> usize {
    2 * frames
}

/// A running reader.
#[derive(Clone, Debug)]
pub struct PeakReader {
    kernels: Kernels,
    /// Frames, left and right by turns.
    frames: Vec<f32>,
    /// The same at the low rate, spectrum turned over.
    low: Vec<f32>,
    /// Chunks in the buffers: the next is written there.
    written: usize,
    /// Of the long filter: the low-rate frames of this chunk, after the last of the one before.
    tail: [f32; flat(PASS - 1 + LOW)],
    /// The points half way, after the last of the chunk before.
    halves: [f32; flat(KEPT + CHUNK)],
    /// Chunks to go until nothing in reach can exceed the floor.
    loud: usize,
    /// Whether the chunk before was read.
    reading: bool,
    floor: f64,
    fused: bool,
}

impl Default for PeakReader {
    fn default() -> Self {
        Self::new()
    }
}

impl PeakReader {
    /// A reader at rest. The filters are the same at every sample rate.
    #[must_use]
    pub fn new() -> Self {
        #[cfg(target_arch = "x86_64")]
        let fused = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma");
        #[cfg(not(target_arch = "x86_64"))]
        let fused = false;
        let mut reader = Self {
            kernels: Kernels::design(),
            frames: vec![0.0; flat(REACH + ROOM * CHUNK)],
            low: vec![0.0; flat(REACH / STEP + ROOM * LOW)],
            written: 0,
            tail: [0.0; flat(PASS - 1 + LOW)],
            halves: [0.0; flat(KEPT + CHUNK)],
            loud: 0,
            reading: false,
            floor: 0.0,
            fused,
        };
        reader.reset();
        reader
    }

    /// Forgets the past.
    pub fn reset(&mut self) {
        self.frames.fill(0.0);
        self.low.fill(0.0);
        self.written = 0;
        self.loud = 0;
        self.reading = false;
        self.floor = 0.0;
    }

    /// Takes a chunk in. Sets `peaks` to the largest magnitude of each channel from one frame before to one frame
    /// after the frame [`LATENCY_FRAMES`] earlier; or to 0 where nothing can exceed `floor`.
    pub fn read(&mut self, chunk: &[Frame; CHUNK], floor: f64, peaks: &mut [Frame; CHUNK]) {
        let largest = self.write(chunk);
        // What was too small for the old floor may reach a lower one.
        if f64::from(largest) * self.kernels.bound * RISE > floor || floor < self.floor {
            self.loud = REACH / CHUNK + 1;
        }
        self.floor = floor;
        #[cfg(target_arch = "x86_64")]
        if self.fused {
            // SAFETY: the processor was asked for both features in `new`.
            return unsafe { self.run_fused(peaks) };
        }
        self.run::<Plain>(peaks);
    }

    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2,fma")]
    fn run_fused(&mut self, peaks: &mut [Frame; CHUNK]) {
        self.run::<Avx>(peaks);
    }

    /// Puts a chunk behind the others; returns the largest magnitude.
    fn write(&mut self, chunk: &[Frame; CHUNK]) -> f32 {
        if self.written == ROOM {
            self.frames.copy_within(flat(ROOM * CHUNK).., 0);
            self.low.copy_within(flat(ROOM * LOW).., 0);
            self.written = 0;
        }
        let to = &mut self.frames[flat(REACH + self.written * CHUNK)..][..flat(CHUNK)];
        let mut largest = [0.0_f32; 8];
        for (to, from) in to.chunks_exact_mut(8).zip(chunk.as_flattened().chunks_exact(8)) {
            for lane in 0..8 {
                to[lane] = from[lane] as f32;
                let size = to[lane].abs();
                largest[lane] = if size > largest[lane] { size } else { largest[lane] };
            }
        }
        self.written += 1;
        largest.into_iter().fold(0.0, f32::max)
    }

    #[inline(always)]
    fn run<V: Eight>(&mut self, peaks: &mut [Frame; CHUNK]) {
        self.slow_down::<V>();
        if self.loud == 0 {
            self.reading = false;
            peaks.fill([0.0; 2]);
            return;
        }
        self.loud -= 1;
        if !self.reading {
            // What the first frames need of the chunk before; more than that its filters do not know, nor need.
            self.halve::<V>(1);
            self.reading = true;
        }
        self.halve::<V>(0);
        match self.peaks() {
            Some(found) => {
                for (peak, found) in peaks.as_flattened_mut().iter_mut().zip(found) {
                    *peak = f64::from(found);
                }
            }
            None => peaks.fill([0.0; 2]),
        }
    }

    /// The newest chunk at the low rate.
    #[inline(always)]
    fn slow_down<V: Eight>(&mut self) {
        let end = REACH + self.written * CHUNK;
        let frames = &self.frames[flat(end - CHUNK - STEP * (PASS - 1))..flat(end)];
        let frames = frames.as_chunks::<LANES>().0;
        let to = &mut self.low[flat(end / STEP - LOW)..flat(end / STEP)];
        for (to, frames) in to.as_chunks_mut::<2>().0.iter_mut().zip(frames.windows(PASS)) {
            let mut sum = V::splat(0.0);
            for (taps, frames) in self.kernels.down.iter().zip(frames) {
                sum = V::load(taps).mul_add(V::load(frames), sum);
            }
            let mut sums = [0.0; LANES];
            sum.store(&mut sums);
            let [a, b, c, d, e, f, g, h] = sums;
            *to = [(a + e) + (c + g), (b + f) + (d + h)];
        }
    }

    /// The points half way, of the newest chunk or `back` chunks earlier.
    #[inline(always)]
    fn halve<V: Eight>(&mut self, back: usize) {
        let kernels = &self.kernels;
        let end = REACH + (self.written - back.min(self.written)) * CHUNK;
        let low = end / STEP;
        self.tail.copy_within(flat(LOW).., 0);
        let mut tail = [V::splat(0.0); 2];
        let from = &self.low[flat(low - LOW + 1 - 2 * LONG_HALF)..flat(low)];
        add_filtered::<V, 2, 4, 4>(&mut tail, from, &kernels.long);
        for (tail, to) in tail.iter().zip(self.tail[flat(PASS - 1)..].as_chunks_mut().0) {
            tail.store(to);
        }
        let mut halves = [V::splat(0.0); flat(CHUNK) / LANES];
        let tails = self.tail.as_chunks().0;
        for (halves, tails) in halves.iter_mut().zip(tails.windows(PASS)) {
            for (taps, tail) in kernels.up.iter().zip(tails) {
                *halves = V::load(taps).mul_add(V::repeat(*tail), *halves);
            }
        }
        let first = end - CHUNK - (LATENCY_FRAMES - 2) - (SHORT / 2 - 1);
        let from = &self.frames[flat(first)..flat(first + CHUNK + SHORT)];
        add_filtered::<V, 8, 2, 1>(&mut halves, from, &kernels.short);
        self.halves.copy_within(flat(CHUNK).., 0);
        for (halves, to) in halves.iter().zip(self.halves[flat(KEPT)..].as_chunks_mut().0) {
            halves.store(to);
        }
    }

    /// The peaks around each frame; `None` where none can exceed the floor.
    #[inline(always)]
    fn peaks(&self) -> Option<[f32; flat(CHUNK)]> {
        // From one frame before: the peaks around that one belong to the first frame too.
        const N: usize = flat(CHUNK + 1);
        let first = REACH + self.written * CHUNK - CHUNK - LATENCY_FRAMES - EDGE;
        let frames = &self.frames[flat(first)..flat(first + EDGE + CHUNK + 2)];
        let most = largest(frames).max(largest(&self.halves));
        if f64::from(most) * self.kernels.quarter_bound * RISE <= self.floor {
            return None;
        }
        // At a distance of `by` frames from each one.
        let x = |by: isize| -> &[f32] { &frames[flat((EDGE - 1).wrapping_add_signed(by))..][..N] };
        let y = |by: isize| -> &[f32] { &self.halves[flat((EDGE - 1).wrapping_add_signed(by))..][..N] };
        let [a, b, c, d] = self.kernels.quarter;
        let (mut one, mut three) = ([0.0; N], [0.0; N + 2]);
        let (x_1, x0, x1, x2) = (x(-1), x(0), x(1), x(2));
        let (y_2, y_1, y0, y1, y2) = (y(-2), y(-1), y(0), y(1), y(2));
        for n in 0..N {
            one[n] = a * (x0[n] + y0[n]) + b * (y_1[n] + x1[n]) + c * (x_1[n] + y1[n]) + d * (y_2[n] + x2[n]);
        }
        for n in 0..N {
            three[n + 2] = a * (y0[n] + x1[n]) + b * (x0[n] + y1[n]) + c * (y_1[n] + x2[n]) + d * (x_1[n] + y2[n]);
        }
        let x_2 = x(-2);
        for n in 0..2 {
            three[n] = a * (y_1[n] + x0[n]) + b * (x_1[n] + y0[n]) + c * (y_2[n] + x1[n]) + d * (x_2[n] + y1[n]);
        }
        let mut here = [0.0; N];
        for n in 0..N {
            // The largest of the four: a peak next to a smaller one is the neighbour's.
            let points = (three[n], x0[n], one[n]);
            let points = larger_middle((x0[n], one[n], y0[n]), points);
            let points = larger_middle((one[n], y0[n], three[n + 2]), points);
            let (before, at, after) = larger_middle((y0[n], three[n + 2], x1[n]), points);
            here[n] = peak_of_three(before, at, after);
        }
        Some(core::array::from_fn(|n| larger(here[n], here[n + 2])))
    }
}

/// The largest magnitude.
#[inline(always)]
fn largest(of: &[f32]) -> f32 {
    let mut most = [0.0_f32; LANES];
    let (eights, rest) = of.as_chunks::<LANES>();
    for eight in eights {
        most = core::array::from_fn(|lane| larger(eight[lane].abs(), most[lane]));
    }
    rest.iter().chain(&most).fold(0.0, |most, x| larger(x.abs(), most))
}

#[inline(always)]
fn larger(a: f32, b: f32) -> f32 {
    if a > b { a } else { b }
}

/// Of two threes of points the one whose middle is larger. Number by number, so that eight of them are chosen at once.
#[inline(always)]
fn larger_middle(a: (f32, f32, f32), b: (f32, f32, f32)) -> (f32, f32, f32) {
    let more = a.1.abs() > b.1.abs();
    (if more { a.0 } else { b.0 }, if more { a.1 } else { b.1 }, if more { a.2 } else { b.2 })
}

/// Amplitude of the sine through three points if its peak lies nearest the middle one, else the middle one's size:
/// with x the middle one, A² = x² + (c − a)² / (4 sin² θ) and cos θ = (a + c) / 2x.
#[inline(always)]
fn peak_of_three(a: f32, x: f32, c: f32) -> f32 {
    let (slope, bend) = (c - a, x - a + (x - c));
    let square = slope * slope;
    // 4 x² sin² θ; no smaller than it is for the fastest sine there is.
    let width = larger(bend * (x + a + (x + c)), larger(square * (1.0 / MOST_SLOPE), f32::MIN_POSITIVE));
    let part = square / width;
    let sign = if x < 0.0 { -1.0 } else { 1.0 };
    // The root's series: within 0.001 dB at the most.
    let rise = if slope.abs() <= bend * sign { part * (0.5 - 0.125 * part) } else { 0.0 };
    x.abs() * (1.0 + rise)
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
        let mut plain = PeakReader { fused: false, ..PeakReader::new() };
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

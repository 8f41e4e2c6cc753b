//! Effective bit depth of integer files, and whether the lowest bit in use carries noise, as dither does, or not, as
//! after truncation or rounding without dither.
//!
//! Loud material moves its lowest bit at random either way. Quiet passages tell: there a rounded wave is a staircase that
//! turns only at the peaks of the wave, while noise of a step or two turns every few samples.

use crate::{Frame, Spec, frame::sanitise};

/// Frames judged together.
const SEGMENT_FRAMES: usize = 1024;
/// Range, in steps of the lowest bit in use, up to which a segment is quiet: silence with plain dither, and with the
/// strongest noise shaping. The quieter class decides if it has enough segments.
const QUIET_STEPS: [i64; 2] = [4, 24];
/// Quiet segments needed to tell: a tenth of a second at 44.1 kHz.
const MIN_SEGMENTS: u64 = 4;
/// Fraction of samples that are turning points above which the lowest bit is noise: 0.2 or more in rounded silence with
/// triangular dither, two thirds in white noise; at most 0.05 in a rounded 1 kHz tone at 44.1 kHz.
pub const NOISE_TURNS: f64 = 0.12;

/// What the lowest bit in use does in quiet passages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LowestBit {
    /// It carries noise: dither, or that of a recording.
    Noise,
    /// It only follows the signal: truncated or rounded without dither.
    Still,
    /// No passage is quiet enough to tell.
    Unknown,
}

/// The bit depth of a programme.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Summary {
    /// Bits in use; those below are empty. 0 for digital silence.
    pub bits: u32,
    /// What the lowest of them does.
    pub lowest: LowestBit,
    /// Fraction of turning points in the quiet segments that decided; `None` if none did.
    pub turns: Option<f64>,
}

/// Samples of one channel.
#[derive(Clone, Copy, Debug)]
struct Segment {
    frames: usize,
    min: i64,
    max: i64,
    turns: u64,
    /// The last two values, newest first.
    last: [i64; 2],
}

impl Segment {
    const EMPTY: Self = Self { frames: 0, min: i64::MAX, max: i64::MIN, turns: 0, last: [0; 2] };

    #[inline]
    fn tick(&mut self, value: i64) {
        let [one, two] = self.last;
        if self.frames >= 2 && (one > two && value < one || one < two && value > one) {
            self.turns += 1;
        }
        self.last = [value, one];
        self.min = self.min.min(value);
        self.max = self.max.max(value);
        self.frames += 1;
    }
}

/// Turning points in the segments of one class.
#[derive(Clone, Copy, Debug, Default)]
struct Quiet {
    segments: u64,
    turns: u64,
}

/// A meter of the bit depth of integer samples.
#[derive(Clone, Debug)]
pub struct BitDepthMeter {
    bits: u32,
    channels: usize,
    /// All bits ever set.
    set: u64,
    segments: [Segment; 2],
    quiet: [Quiet; 2],
}

impl BitDepthMeter {
    /// A meter of samples that are integers of this many bits over full scale.
    #[must_use]
    pub fn new(bits: u32) -> Self {
        Self { bits, channels: 2, set: 0, segments: [Segment::EMPTY; 2], quiet: [Quiet::default(); 2] }
    }

    /// Adopts the channels and starts anew. A mono signal counts once.
    pub fn prepare(&mut self, spec: Spec) {
        *self = Self { channels: spec.channels, ..Self::new(self.bits) };
    }

    /// Reads a block.
    pub fn process(&mut self, block: &[Frame]) {
        let full_scale = 2_f64.powi(self.bits as i32 - 1);
        for frame in block {
            let x = sanitise(*frame);
            for (channel, x) in x.into_iter().enumerate().take(self.channels) {
                self.tick(channel, (x * full_scale).round() as i64);
            }
        }
    }

    #[inline]
    fn tick(&mut self, channel: usize, value: i64) {
        let set = self.set | value.unsigned_abs();
        if set.trailing_zeros() < self.set.trailing_zeros() {
            // Finer steps than known so far: earlier quiet segments may not have been quiet.
            self.quiet = [Quiet::default(); 2];
        }
        self.set = set;
        let segment = &mut self.segments[channel];
        segment.tick(value);
        if segment.frames == SEGMENT_FRAMES {
            let done = core::mem::replace(segment, Segment::EMPTY);
            self.classify(done);
        }
    }

    /// Adds a segment to its class. A constant one is blank and says nothing about the rest.
    fn classify(&mut self, segment: Segment) {
        let step = 1_i64 << self.set.trailing_zeros().min(62);
        let range = (segment.max - segment.min) / step;
        if range == 0 {
            return;
        }
        for (quiet, limit) in self.quiet.iter_mut().zip(QUIET_STEPS) {
            if range <= limit {
                quiet.segments += 1;
                quiet.turns += segment.turns;
            }
        }
    }

    /// The bit depth of everything since `prepare`.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let bits = if self.set == 0 { 0 } else { self.bits.saturating_sub(self.set.trailing_zeros()) };
        let decisive = self.quiet.iter().find(|quiet| quiet.segments >= MIN_SEGMENTS);
        let turns = decisive.map(|quiet| quiet.turns as f64 / (quiet.segments * SEGMENT_FRAMES as u64) as f64);
        let lowest = match turns {
            None => LowestBit::Unknown,
            Some(turns) if turns >= NOISE_TURNS => LowestBit::Noise,
            Some(_) => LowestBit::Still,
        };
        Summary { bits, lowest, turns }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Choice, Stage, dither};
    use plumb_signals::{Noise, both, sine};

    const STEP: f64 = 1.0 / 32_768.0;

    fn read(bits: u32, frames: &[Frame], cut: usize) -> Summary {
        let mut meter = BitDepthMeter::new(bits);
        meter.prepare(Spec { sample_rate_hz: 44_100.0, max_frames: cut, channels: 2 });
        frames.chunks(cut).for_each(|block| meter.process(block));
        meter.summary()
    }

    /// 16 bits, with the noise of so many uniform steps added first.
    fn quantised(x: &[f64], uniforms: usize) -> Vec<Frame> {
        let mut noise = Noise::new(11);
        x.iter()
            .map(|x| {
                [*x; 2].map(|x| {
                    let dither: f64 = (0..uniforms).map(|_| 0.5 * noise.tick()).sum();
                    (x / STEP + dither).round() * STEP
                })
            })
            .collect()
    }

    /// Two seconds of a tone, then a fade from −70 dBFS to nothing over four.
    fn fading(freq_hz: f64) -> Vec<f64> {
        let mut x = sine(freq_hz, -20.0, 2.0, 44_100.0);
        let tail = sine(freq_hz, -70.0, 4.0, 44_100.0);
        let len = tail.len() as f64;
        x.extend(tail.iter().enumerate().map(|(n, x)| x * (1.0 - n as f64 / len)));
        x
    }

    #[test]
    fn a_fade_tells_dither_from_rounding() {
        for freq_hz in [50.0, 220.0, 997.0] {
            let rounded = read(16, &quantised(&fading(freq_hz), 0), 64);
            let triangular = read(16, &quantised(&fading(freq_hz), 2), 64);
            println!("{freq_hz} Hz: {rounded:?} {triangular:?}");
            assert_eq!((rounded.bits, rounded.lowest), (16, LowestBit::Still));
            assert_eq!((triangular.bits, triangular.lowest), (16, LowestBit::Noise));
        }
    }

    #[test]
    fn our_own_dither_is_recognised() {
        for shaping in dither::Shaping::ALL {
            let mut frames = both(&fading(220.0));
            let (depth, auto_blank) = (dither::Depth::Bits16, true);
            let mut dither = dither::Dither::new(dither::Settings { depth, shaping: *shaping, auto_blank });
            dither.prepare(Spec { sample_rate_hz: 44_100.0, max_frames: frames.len(), channels: 2 });
            dither.process(&mut frames, None);
            assert_eq!(read(16, &frames, 64).lowest, LowestBit::Noise, "{shaping:?}");
        }
    }

    #[test]
    fn empty_bits_are_counted() {
        let frames = quantised(&fading(220.0), 2);
        // The same steps in a word of 24 bits: judged by their own size.
        let summary = read(24, &frames, 64);
        assert_eq!((summary.bits, summary.lowest), (16, LowestBit::Noise));
        assert_eq!(read(16, &[[0.0; 2]; 9000], 64), Summary { bits: 0, lowest: LowestBit::Unknown, turns: None });
        assert_eq!(read(16, &[[-1.0, 0.5]], 64).bits, 2);
    }

    #[test]
    fn finer_steps_discard_earlier_quiet_windows() {
        // A fade rounded to 16 bits, then noise in the steps of 24.
        let mut frames = quantised(&fading(220.0), 0);
        let mut noise = Noise::new(12);
        let step = STEP / 256.0;
        frames.extend((0..20_000).map(|_| [(1.6 * noise.tick()).round() * step, (1.6 * noise.tick()).round() * step]));
        let summary = read(24, &frames, 64);
        assert_eq!((summary.bits, summary.lowest), (24, LowestBit::Noise), "{summary:?}");
    }

    #[test]
    fn loud_signals_are_unknown() {
        let loud = Noise::new(2).stereo(-6.0, 90_000);
        let frames: Vec<Frame> = loud.iter().map(|f| f.map(|x| (x / STEP).round() * STEP)).collect();
        let summary = read(16, &frames, 64);
        assert_eq!((summary.bits, summary.lowest), (16, LowestBit::Unknown));
    }

    #[test]
    fn block_size_changes_nothing() {
        let frames = quantised(&fading(220.0), 1);
        for cut in [1, 7, 64] {
            assert_eq!(read(16, &frames, cut), read(16, &frames, frames.len()));
        }
        read(16, &[[f64::NAN, f64::INFINITY], [1e300, -1e300]], 1); // must not panic
    }
}

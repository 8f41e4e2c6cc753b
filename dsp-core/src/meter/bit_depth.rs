//! How many bits of an integer file are in use, and whether the lowest of them carries noise, as dither does, or
//! stands still, as where samples were cut off or rounded without it.
//!
//! Loud material moves its lowest bit at random either way. What tells are quiet passages: there a rounded wave is a
//! staircase that turns only at the wave's crests, while noise of a step or two turns every few samples.

use crate::Stage;
use crate::{Frame, Spec, frame::sanitise};

/// Frames judged together.
const WINDOW_FRAMES: usize = 1024;
/// Range, in steps of the lowest bit in use, up to which a window counts as quiet: silence with plain dither, then
/// with the strongest noise shaping. The quieter kind decides if there is any.
const QUIET_STEPS: [i64; 2] = [4, 24];
/// Quiet windows needed for a judgement: a tenth of a second at 44.1 kHz.
const MIN_WINDOWS: u64 = 4;
/// Share of samples that are turning points: of rounded silence with triangular dither 0.2 or more, of white noise
/// two thirds; of a rounded 1 kHz tone at 44.1 kHz 0.05 at most.
pub const NOISE_TURNS: f64 = 0.12;

/// What the lowest bit in use does where it is quiet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LowestBit {
    /// It carries noise: dithered, or a recording's own.
    Noise,
    /// It stands still but for the signal: cut off or rounded without dither.
    Still,
    /// No passage is quiet enough to tell.
    Unknown,
}

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Summary {
    /// Bits in use; those below are empty. 0 for digital silence.
    pub bits: u32,
    /// What the lowest of them does.
    pub lowest: LowestBit,
    /// Share of turning points in the quiet windows that told; `None` if none did.
    pub turns: Option<f64>,
}

/// One channel's window.
#[derive(Clone, Copy, Debug)]
struct Window {
    frames: usize,
    min: i64,
    max: i64,
    turns: u64,
    /// The last two values, newest first.
    last: [i64; 2],
}

impl Window {
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

/// Turning points in the windows of one kind.
#[derive(Clone, Copy, Debug, Default)]
struct Quiet {
    windows: u64,
    turns: u64,
}

/// A reader of integer samples.
#[derive(Clone, Debug)]
pub struct BitDepthMeter {
    bits: u32,
    channels: usize,
    /// Every bit that was ever set.
    set: u64,
    windows: [Window; 2],
    quiet: [Quiet; 2],
}

impl BitDepthMeter {
    /// A reader of samples that are integers of this many bits over full scale.
    #[must_use]
    pub fn new(bits: u32) -> Self {
        Self { bits, channels: 2, set: 0, windows: [Window::EMPTY; 2], quiet: [Quiet::default(); 2] }
    }

    /// Learns the channels, then resets. A mono signal counts once.
    pub fn prepare(&mut self, spec: Spec) {
        self.channels = spec.channels;
        self.reset();
    }

    /// Forgets the past.
    pub fn reset(&mut self) {
        self.set = 0;
        self.windows = [Window::EMPTY; 2];
        self.quiet = [Quiet::default(); 2];
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
            // Smaller steps than known of: what was quiet may not have been.
            self.quiet = [Quiet::default(); 2];
        }
        self.set = set;
        let window = &mut self.windows[channel];
        window.tick(value);
        if window.frames == WINDOW_FRAMES {
            let done = core::mem::replace(window, Window::EMPTY);
            self.judge(done);
        }
    }

    /// Takes a window into its kind. One without any movement is blank: it says nothing of the rest.
    fn judge(&mut self, window: Window) {
        let step = 1_i64 << self.set.trailing_zeros().min(62);
        let range = (window.max - window.min) / step;
        if range == 0 {
            return;
        }
        for (quiet, limit) in self.quiet.iter_mut().zip(QUIET_STEPS) {
            if range <= limit {
                quiet.windows += 1;
                quiet.turns += window.turns;
            }
        }
    }

    /// What was found since `reset`.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let bits = if self.set == 0 { 0 } else { self.bits.saturating_sub(self.set.trailing_zeros()) };
        let told = self.quiet.iter().find(|quiet| quiet.windows >= MIN_WINDOWS);
        let turns = told.map(|quiet| quiet.turns as f64 / (quiet.windows * WINDOW_FRAMES as u64) as f64);
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
    use crate::{Choice, dither};
    use plumb_signals::{Noise, both, sine};

    const STEP: f64 = 1.0 / 32_768.0;

    fn read(bits: u32, frames: &[Frame], cut: usize) -> Summary {
        let mut word = BitDepthMeter::new(bits);
        word.prepare(Spec { sample_rate_hz: 44_100.0, max_frames: cut, channels: 2 });
        frames.chunks(cut).for_each(|block| word.process(block));
        word.summary()
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
    fn dither_is_told_from_rounding_by_the_fade() {
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
        // The same steps in a word of 24 bits: judged in their own size.
        let reading = read(24, &frames, 64);
        assert_eq!((reading.bits, reading.lowest), (16, LowestBit::Noise));
        assert_eq!(read(16, &[[0.0; 2]; 9000], 64), Summary { bits: 0, lowest: LowestBit::Unknown, turns: None });
        assert_eq!(read(16, &[[-1.0, 0.5]], 64).bits, 2);
    }

    #[test]
    fn smaller_steps_than_known_of_take_back_what_was_quiet() {
        // A fade rounded to 16 bits, then noise in the steps of 24.
        let mut frames = quantised(&fading(220.0), 0);
        let mut noise = Noise::new(12);
        let step = STEP / 256.0;
        frames.extend((0..20_000).map(|_| [(1.6 * noise.tick()).round() * step, (1.6 * noise.tick()).round() * step]));
        let reading = read(24, &frames, 64);
        assert_eq!((reading.bits, reading.lowest), (24, LowestBit::Noise), "{reading:?}");
    }

    #[test]
    fn loud_throughout_tells_nothing() {
        let loud = Noise::new(2).stereo(-6.0, 90_000);
        let frames: Vec<Frame> = loud.iter().map(|f| f.map(|x| (x / STEP).round() * STEP)).collect();
        let reading = read(16, &frames, 64);
        assert_eq!((reading.bits, reading.lowest), (16, LowestBit::Unknown));
    }

    #[test]
    fn blocks_make_no_difference() {
        let frames = quantised(&fading(220.0), 1);
        for cut in [1, 7, 64] {
            assert_eq!(read(16, &frames, cut), read(16, &frames, frames.len()));
        }
        read(16, &[[f64::NAN, f64::INFINITY], [1e300, -1e300]], 1); // must not panic
    }
}

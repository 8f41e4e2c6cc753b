//! Dither: triangular noise of one step either way before the word length is cut, so that the error is noise, not
//! distortion; noise shaping, which moves that noise to where the ear hears it least; and none of it on silence.
//!
//! Source: S. P. Lipshitz, R. A. Wannamaker, J. Vanderkooy, "Quantization and dither: a theoretical survey" (JAES
//! 1992): with triangular noise two steps wide, neither the mean nor the power of the error depends on the signal.

mod noise;
mod shaping;

pub use shaping::{Shaping, Taps};

use crate::chain::stage::Stage;
use crate::frame::{sanitise, sanitise_all};
use crate::spec::UNPREPARED_RATE_HZ;
use crate::units::ms_to_frames;
use crate::{Choice, Frame, Spec, choice};
use noise::{Noise, SEEDS};
use shaping::MAX_TAPS;
use std::sync::{LazyLock, Mutex, PoisonError};

/// Word length the output is made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// Left as it is.
    Off,
    /// 24 bit.
    Bits24,
    /// 20 bit.
    Bits20,
    /// 16 bit.
    Bits16,
}

choice!(Depth { Off => "Off", Bits24 => "24 bit", Bits20 => "20 bit", Bits16 => "16 bit" });

impl Depth {
    /// Steps from zero to full scale; none where nothing is cut.
    fn steps(self) -> Option<f64> {
        match self {
            Self::Off => None,
            Self::Bits24 => Some(f64::from(1 << 23)),
            Self::Bits20 => Some(f64::from(1 << 19)),
            Self::Bits16 => Some(f64::from(1 << 15)),
        }
    }
}

/// Settings of the dither.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Word length the output is made for.
    pub depth: Depth,
    /// Spectrum of the noise.
    pub shaping: Shaping,
    /// Leaves digital silence alone.
    pub auto_blank: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self { depth: Depth::Off, shaping: Shaping::Off, auto_blank: true }
    }
}

/// A channel that has been digital silence for longer than this becomes digital silence again: longer than the gaps
/// within music, shorter than those between tracks.
const BLANK_AFTER_MS: f64 = 500.0;
/// What counts as digital silence: −200 dBFS, a thousandth of the smallest step. Filters before the dither end their
/// ringing far below it, but late.
const SILENCE: f64 = 1e-10;

/// A running dither and quantiser.
///
/// Both channels have noise of their own, so L = R does not stay L = R; mono output takes the left. The noise is the
/// same after every `reset`. With `auto_blank`, what was silent for half a second is not dithered until it sounds
/// again.
#[derive(Clone, Debug)]
pub struct Dither {
    settings: Settings,
    /// The filter of each shaping at this sample rate.
    curves: Curves,
    noise: [Noise; 2],
    /// What the last frames were rounded by, newest first, in steps.
    errors: [Frame; MAX_TAPS],
    /// Frames each channel has been silent for.
    silent: [usize; 2],
    blank_after: usize,
}

impl Dither {
    /// A dither with its noise at the start.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            curves: *UNPREPARED,
            noise: SEEDS.map(Noise),
            errors: [[0.0; 2]; MAX_TAPS],
            silent: [0; 2],
            blank_after: blank_after(UNPREPARED_RATE_HZ),
        }
    }

    fn forget(&mut self) {
        self.errors = [[0.0; 2]; MAX_TAPS];
        self.silent = [0; 2];
    }

    /// Rounds a frame; `steps` of them are full scale.
    #[inline]
    fn round(&mut self, frame: Frame, steps: f64, taps: &[f64], blank_after: usize) -> Frame {
        let mut fed_back = [0.0; 2];
        for (tap, error) in taps.iter().zip(&self.errors) {
            fed_back = [fed_back[0] + tap * error[0], fed_back[1] + tap * error[1]];
        }
        if !taps.is_empty() {
            self.errors.copy_within(..MAX_TAPS - 1, 1);
        }
        let mut rounded = [0.0; 2];
        for lane in 0..2 {
            let noise = self.noise[lane].tick();
            let silent = frame[lane].abs() < SILENCE;
            self.silent[lane] = if silent { self.silent[lane].saturating_add(1) } else { 0 };
            if self.silent[lane] > blank_after {
                self.errors[0][lane] = 0.0;
                continue;
            }
            let wanted = frame[lane] * steps + fed_back[lane];
            let nearest = nearest(wanted + noise);
            // Of the rounding alone: what full scale cuts off has no bound.
            self.errors[0][lane] = nearest - wanted;
            // A power of two: multiplying is exact.
            rounded[lane] = nearest.clamp(-steps, steps - 1.0) * steps.recip();
        }
        rounded
    }
}

impl Stage for Dither {
    type Settings = Settings;

    /// Learns the sample rate, then resets.
    fn prepare(&mut self, spec: Spec) {
        self.curves = curves(spec.sample_rate_hz);
        self.blank_after = blank_after(spec.sample_rate_hz);
        self.reset();
    }

    /// Starts the noise again.
    fn reset(&mut self) {
        self.noise = SEEDS.map(Noise);
        self.forget();
    }

    /// New word length and noise, at once.
    fn set(&mut self, settings: Settings) {
        if settings != self.settings {
            self.settings = settings;
            // Errors of another step mean nothing to this one.
            self.forget();
        }
    }

    /// Dithers and quantises in place.
    fn process(&mut self, block: &mut [Frame], _key: Option<&[Frame]>) {
        let Some(steps) = self.settings.depth.steps() else {
            sanitise_all(block);
            return;
        };
        let curve = self.curves[self.settings.shaping.index()];
        let blank_after = if self.settings.auto_blank { self.blank_after } else { usize::MAX };
        for frame in block {
            *frame = self.round(sanitise(*frame), steps, curve.taps(), blank_after);
        }
    }

    /// Whether it leaves every number as it is.
    fn is_idle(&self) -> bool {
        self.settings.depth == Depth::Off
    }
}

/// The nearest whole number of a magnitude below 2⁵¹, which +100 dBFS in steps of 24 bits is: a sum that has no bits left
/// for fractions. Rounding by name is a library call on machines without SSE4.1.
#[inline]
fn nearest(x: f64) -> f64 {
    /// 1.5 · 2⁵².
    const WHOLE: f64 = 6_755_399_441_055_744.0;
    (x + WHOLE) - WHOLE
}

/// The filters of all shapes.
type Curves = [Taps; Shaping::ALL.len()];

/// Before it is prepared.
static UNPREPARED: LazyLock<Curves> = LazyLock::new(|| curves(UNPREPARED_RATE_HZ));
/// Those of the rate that one was last made for: a host opens all its instances at one.
static LAST: Mutex<Option<(f64, Curves)>> = Mutex::new(None);

/// The filters of all shapes at a rate. May design, and wait for whoever designs: not for the audio thread.
#[expect(clippy::disallowed_methods, reason = "called by `prepare`, never on the audio thread")]
fn curves(sample_rate_hz: f64) -> Curves {
    let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    match *last {
        Some((rate_hz, curves)) if rate_hz == sample_rate_hz => curves,
        _ => {
            let curves = core::array::from_fn(|index| Taps::design(Shaping::from_index(index), sample_rate_hz));
            *last = Some((sample_rate_hz, curves));
            curves
        }
    }
}

fn blank_after(sample_rate_hz: f64) -> usize {
    ms_to_frames(BLANK_AFTER_MS, sample_rate_hz).round() as usize
}

#[cfg(test)]
mod tests;

//! Feed-forward compressor with soft knee, linked detection, sidechain and parallel mix.
//!
//! Key → low cut → peak level over a window → static curve → ballistics in dB → gain. The window is what keeps the
//! gain of a steady tone steady (see [`super::detector`]); it is part of the release, whose 63 % include it.

use super::ballistics::Ballistics;
use super::detector::Detector;
use super::gain_computer::{GainComputer, slope};
use super::key::Key;
use super::low_cut::LowCut;
use crate::frame::sanitise;
use crate::spec::UNPREPARED_RATE_HZ;
use crate::{Frame, Range, Spec};
use ramps::Ramps;

mod ramps;

/// Level above which it compresses.
pub const THRESHOLD_DB: Range = Range::linear(-60.0, -18.0, 0.0, "dB");
/// Input dB per output dB above the threshold.
pub const RATIO: Range = Range::ratio(1.0, 3.0);
/// Width of the bend around the threshold.
pub const KNEE_DB: Range = Range::linear(0.0, 6.0, 30.0, "dB");
/// Time to cover 63 % of a rise of reduction, in dB.
pub const ATTACK_MS: Range = Range::log(0.05, 10.0, 300.0, "ms");
/// Time to cover 63 % of a fall of reduction, in dB.
pub const RELEASE_MS: Range = Range::log(10.0, 120.0, 3000.0, "ms");
/// Largest reduction.
pub const RANGE_DB: Range = Range::linear(0.0, 60.0, 60.0, "dB");
/// Gain after compression.
pub const MAKEUP_DB: Range = Range::linear(-30.0, 0.0, 30.0, "dB");
/// Share of the compressed signal; the rest is dry.
pub const MIX_PCT: Range = Range::linear(0.0, 100.0, 100.0, "%");
/// How far both channels share one reduction.
pub const LINK_PCT: Range = Range::linear(0.0, 100.0, 100.0, "%");
/// Low cut in front of the detector, 12 dB per octave.
pub const KEY_LOW_CUT_HZ: Range = Range::log(10.0, 20.0, 500.0, "Hz");

/// Share of the release that the detector's window takes: enough for half a period of all but the lowest notes, little
/// enough that a release still looks like an exponential.
const WINDOW_OF_RELEASE: f64 = 1.0 / 8.0;
/// Longest window: half a period of 20 Hz.
const MAX_WINDOW_MS: f64 = 25.0;
/// Settings of the compressor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Whether it acts at all.
    pub on: bool,
    /// Level above which it compresses.
    pub threshold_db: f64,
    /// Input dB per output dB above the threshold; may be infinite.
    pub ratio: f64,
    /// Width of the bend around the threshold.
    pub knee_db: f64,
    /// Time to cover 63 % of a rise of reduction, in dB.
    pub attack_ms: f64,
    /// Time to cover 63 % of a fall of reduction, in dB.
    pub release_ms: f64,
    /// Largest reduction.
    pub range_db: f64,
    /// Gain after compression.
    pub makeup_db: f64,
    /// Share of the compressed signal.
    pub mix_pct: f64,
    /// How far both channels share one reduction.
    pub link_pct: f64,
    /// What the detector listens to.
    pub key: Key,
    /// Low cut in front of the detector.
    pub key_low_cut_hz: f64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            on: false,
            threshold_db: THRESHOLD_DB.default,
            ratio: RATIO.default,
            knee_db: KNEE_DB.default,
            attack_ms: ATTACK_MS.default,
            release_ms: RELEASE_MS.default,
            range_db: RANGE_DB.default,
            makeup_db: MAKEUP_DB.default,
            mix_pct: MIX_PCT.default,
            link_pct: LINK_PCT.default,
            key: Key::Internal,
            key_low_cut_hz: KEY_LOW_CUT_HZ.default,
        }
    }
}

impl Settings {
    /// Output level in dB of a steady input level in dB: the static curve, with range and make-up, for the editor.
    #[must_use]
    pub fn output_db(&self, input_db: f64) -> f64 {
        let Self { threshold_db, ratio, knee_db, range_db, makeup_db, .. } = self.clamped();
        input_db - GainComputer::new(threshold_db, slope(ratio), knee_db, range_db).reduction_db(input_db) + makeup_db
    }

    /// Every number within its range.
    fn clamped(&self) -> Self {
        Self {
            on: self.on,
            threshold_db: THRESHOLD_DB.clamp(self.threshold_db),
            ratio: RATIO.clamp(self.ratio),
            knee_db: KNEE_DB.clamp(self.knee_db),
            attack_ms: ATTACK_MS.clamp(self.attack_ms),
            release_ms: RELEASE_MS.clamp(self.release_ms),
            range_db: RANGE_DB.clamp(self.range_db),
            makeup_db: MAKEUP_DB.clamp(self.makeup_db),
            mix_pct: MIX_PCT.clamp(self.mix_pct),
            link_pct: LINK_PCT.clamp(self.link_pct),
            key: self.key,
            key_low_cut_hz: KEY_LOW_CUT_HZ.clamp(self.key_low_cut_hz),
        }
    }
}

/// A running compressor.
#[derive(Clone, Debug)]
pub struct Compressor {
    settings: Settings,
    sample_rate_hz: f64,
    ramps: Ramps,
    low_cut: LowCut,
    detector: Detector,
    curve: GainComputer,
    ballistics: Ballistics<2>,
    /// What the curve asks for at the present level.
    target_db: Frame,
    /// What the input is multiplied by: mix, make-up and reduction in one.
    gain: Frame,
    /// Off, and faded out: the input passes as it is and nothing listens.
    idle: bool,
}

impl Compressor {
    /// A compressor at rest.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        let settings = settings.clamped();
        let ramps = Ramps::new(&settings);
        let mut compressor = Self {
            settings,
            sample_rate_hz: UNPREPARED_RATE_HZ,
            curve: ramps.curve(),
            ramps,
            low_cut: LowCut::new(settings.key_low_cut_hz, UNPREPARED_RATE_HZ),
            detector: Detector::new(0.0, UNPREPARED_RATE_HZ),
            ballistics: Ballistics::new(0.0, 0.0, UNPREPARED_RATE_HZ),
            target_db: [0.0; 2],
            gain: [1.0; 2],
            idle: false,
        };
        compressor.set_times();
        compressor.reset();
        compressor
    }

    /// Learns the rate, then resets.
    pub fn prepare(&mut self, spec: Spec) {
        self.sample_rate_hz = spec.sample_rate_hz;
        self.ramps.all().into_iter().for_each(|ramp| ramp.prepare(spec.sample_rate_hz));
        self.low_cut.prepare(spec.sample_rate_hz);
        self.set_times();
        self.reset();
    }

    /// Forgets the past.
    pub fn reset(&mut self) {
        self.ramps.reset();
        self.low_cut.reset();
        self.forget();
        self.idle = !self.settings.on;
    }

    /// New targets.
    pub fn set(&mut self, settings: Settings) {
        let settings = settings.clamped();
        if settings == self.settings {
            return;
        }
        self.settings = settings;
        self.set_times();
        self.low_cut.set(settings.key_low_cut_hz);
        self.ramps.set(&settings);
        if self.idle {
            // Nobody hears the others move; only what turns it on is faded.
            let on = self.ramps.on;
            self.ramps.reset();
            self.ramps.on = on;
            self.ramps.moving = settings.on;
            self.low_cut.reset();
            self.forget();
            self.idle = !settings.on;
        }
    }

    /// Compresses in place. `external` is the sidechain, silence where it is absent or shorter than the block.
    pub fn process(&mut self, block: &mut [Frame], external: Option<&[Frame]>) {
        let mut at = 0;
        while at < block.len() {
            if self.idle {
                block[at..].iter_mut().for_each(|frame| *frame = sanitise(*frame));
                return;
            }
            // While parameters move every frame has its own; otherwise all frames up to the next control tick share them.
            let frames = self.low_cut.run(if self.ramps.moving { 1 } else { block.len() - at });
            let run = &mut block[at..at + frames];
            match self.settings.key {
                Key::Internal => self.run(run, |_, input| input),
                Key::External => {
                    let external = external.and_then(|frames| frames.get(at..)).unwrap_or(&[]);
                    self.run(run, |n, _| external.get(n).map_or([0.0; 2], |frame| sanitise(*frame)));
                }
            }
            at += frames;
        }
    }

    /// Reduction of the more reduced channel at the last frame, in dB, 0 or more. Make-up and mix are not in it.
    #[must_use]
    pub fn reduction_db(&self) -> f64 {
        let [left_db, right_db] = self.ballistics.reduction_db();
        left_db.max(right_db)
    }

    /// Frames that share all parameters. What is remembered from frame to frame lives in registers meanwhile.
    #[inline]
    fn run(&mut self, block: &mut [Frame], key: impl Fn(usize, Frame) -> Frame) {
        let moving = self.ramps.moving;
        if moving {
            self.ramps.tick();
            self.curve = self.ramps.curve();
        }
        let (coeffs, mut filter, mut ballistics) = (self.low_cut.coeffs, self.low_cut.state, self.ballistics);
        let (mut target_db, mut gain, link) = (self.target_db, self.gain, self.ramps.link.value());
        for (n, frame) in block.iter_mut().enumerate() {
            let input = sanitise(*frame);
            if self.detector.tick(filter.tick(&coeffs, key(n, input))) || moving {
                target_db = self.detector.levels_db(link).map(|level_db| self.curve.reduction_db(level_db));
            }
            // Arrived, and nothing moves: the gain is what it was.
            if moving || ballistics.reduction_db() != target_db {
                gain = self.ramps.gain(ballistics.tick(target_db));
            }
            *frame = [input[0] * gain[0], input[1] * gain[1]];
        }
        (self.low_cut.state, self.ballistics, self.target_db, self.gain) = (filter, ballistics, target_db, gain);
        if moving && self.ramps.is_off() {
            self.forget();
            self.idle = true;
        }
    }

    /// The window and the time constants. The release is shortened by the window, so that its 63 % stay in their time.
    fn set_times(&mut self) {
        let Settings { attack_ms, release_ms, .. } = self.settings;
        let rate = self.sample_rate_hz;
        self.detector.set_window((release_ms * WINDOW_OF_RELEASE).min(MAX_WINDOW_MS), rate);
        self.ballistics.set_times(attack_ms, release_ms - self.detector.hold_ms(rate), rate);
    }

    /// As after endless silence.
    fn forget(&mut self) {
        self.low_cut.forget();
        self.detector.reset();
        self.ballistics.rest_on(0.0);
        self.target_db = [0.0; 2];
        self.curve = self.ramps.curve();
        self.gain = self.ramps.gain([0.0; 2]);
    }
}

#[cfg(test)]
mod tests;

//! Gain and polarity: trims, faders.

use crate::chain::stage::Stage;
use crate::smooth::Smoothed;
use crate::{Frame, Range, Spec, units::db_to_gain};

/// Gain of a trim or fader.
pub const GAIN_DB: Range = Range::linear(-30.0, 0.0, 30.0, "dB");

/// Settings of a trim or fader.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Settings {
    /// Gain.
    pub gain_db: f64,
    /// Polarity of both channels inverted.
    pub invert: bool,
}

impl Settings {
    /// The linear factor, negative when inverted.
    fn factor(self) -> f64 {
        let gain = db_to_gain(GAIN_DB.clamp(self.gain_db));
        if self.invert { -gain } else { gain }
    }
}

/// A gain that moves without clicks; a change of polarity passes through silence.
#[derive(Clone, Debug)]
pub struct Gain {
    /// Linear, negative when inverted.
    factor: Smoothed,
}

impl Gain {
    /// At rest on a gain.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self { factor: Smoothed::new(settings.factor()) }
    }
}

impl Stage for Gain {
    type Settings = Settings;

    /// Learns the rate, then resets.
    fn prepare(&mut self, spec: Spec) {
        self.factor.prepare(spec.sample_rate_hz);
    }

    /// Rests on its target.
    fn reset(&mut self) {
        self.factor.reset();
    }

    /// A new target.
    fn set(&mut self, settings: Settings) {
        self.factor.set(settings.factor());
    }

    /// Applies the gain in place; 0 dB at rest leaves every bit as it is.
    fn process(&mut self, block: &mut [Frame], _key: Option<&[Frame]>) {
        if self.factor.is_settled() {
            let factor = self.factor.value();
            if factor != 1.0 {
                block.iter_mut().for_each(|frame| *frame = frame.map(|x| x * factor));
            }
            return;
        }
        self.factor.along(block, |frame, factor| *frame = [frame[0] * factor, frame[1] * factor]);
    }

    /// Whether it leaves every bit as it is until something is set.
    fn is_idle(&self) -> bool {
        self.factor.is_settled() && self.factor.value() == 1.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use plumb_signals::Noise;

    fn prepared(gain_db: f64, invert: bool) -> Gain {
        let mut gain = Gain::new(Settings { gain_db, invert });
        gain.prepare(Spec::new(48_000.0, 64, 2).unwrap());
        gain
    }

    #[test]
    fn scales_by_its_decibels_and_inverts() {
        let mut block = [[0.1, -0.2]];
        prepared(20.0, true).process(&mut block, None);
        assert!((block[0][0] + 1.0).abs() < 1e-12 && (block[0][1] - 2.0).abs() < 1e-12);
    }

    #[test]
    fn unity_leaves_every_bit() {
        let input = Noise::new(1).stereo(0.0, 1000);
        let mut block = input.clone();
        prepared(0.0, false).process(&mut block, None);
        assert_eq!(block, input);
    }

    #[test]
    fn moves_without_a_step() {
        let mut gain = prepared(-30.0, false);
        gain.set(Settings { gain_db: 30.0, invert: true });
        let mut block = vec![[1.0; 2]; 2000];
        gain.process(&mut block, None);
        let largest_step = block.windows(2).map(|w| (w[1][0] - w[0][0]).abs()).fold(0.0, f64::max);
        // 31.6 − (−31.6) over 960 frames, evenly.
        assert!(largest_step < 0.034, "{largest_step}");
        assert!((block[1999][0] + db_to_gain(30.0)).abs() < 1e-9);
    }
}

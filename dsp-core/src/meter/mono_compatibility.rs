//! Mono compatibility: what a fold-down to mono loses, over all frequencies and by octave.
//!
//! The level of (l + r)/2 against the mean power of l and r: the loss is 0 dB for identical channels, 3 dB for unrelated
//! ones (or one channel alone), infinite for opposite ones.

use super::average_spectrum::AverageSpectrum;
use crate::units::{FLOOR_DB, power_to_db};
use core::f64::consts::SQRT_2;

/// Nominal centres of the octave bands (IEC 61260-1), in Hz.
pub const NOMINAL_HZ: [f64; 10] = [31.5, 63.0, 125.0, 250.0, 500.0, 1000.0, 2000.0, 4000.0, 8000.0, 16_000.0];
/// Band whose centre is exactly 1000 Hz.
const REFERENCE: i32 = 5;

/// One octave band.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Octave {
    /// Nominal centre, in Hz.
    pub centre_hz: f64,
    /// Level in stereo, the mean power of both channels, in dB; −∞ for silence.
    pub level_db: f64,
    /// What mono loses of it, 0 or more; +∞ if nothing is left, `None` for silence.
    pub loss_db: Option<f64>,
}

/// What mono loses of a signal of these mid and side powers; `None` for silence.
#[must_use]
pub fn loss_db([mid, side]: [f64; 2]) -> Option<f64> {
    // The mean power of left and right is that of mid and side together.
    (power_to_db(mid + side) > FLOOR_DB).then(|| power_to_db((mid + side) / mid))
}

/// What mono loses in each octave below Nyquist.
pub fn octaves(average: &AverageSpectrum) -> impl Iterator<Item = Octave> + '_ {
    NOMINAL_HZ.iter().zip(-REFERENCE..).filter_map(move |(nominal_hz, octave)| {
        let centre_hz = 1000.0 * 2_f64.powi(octave);
        let [low_hz, high_hz] = [centre_hz / SQRT_2, centre_hz * SQRT_2];
        let power = average.power_between(low_hz, high_hz);
        (low_hz < average.nyquist_hz()).then(|| Octave {
            centre_hz: *nominal_hz,
            level_db: power_to_db(power[0] + power[1]),
            loss_db: loss_db(power),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::super::average_spectrum::SpectrumAverager;
    use super::*;
    use crate::{Frame, Spec};
    use plumb_signals::{Noise, sine};

    fn average(rate_hz: f64, frames: &[Frame]) -> AverageSpectrum {
        let mut spectrum = SpectrumAverager::default();
        spectrum.prepare(Spec { sample_rate_hz: rate_hz, max_frames: 4096, channels: 2 });
        spectrum.process(frames);
        spectrum.average()
    }

    #[test]
    fn identical_channels_lose_0_db_unrelated_3_db_opposite_everything() {
        let noise = Noise::new(7).stereo(-6.0, 400_000);
        let of = |make: fn(Frame) -> Frame| average(48_000.0, &noise.iter().map(|f| make(*f)).collect::<Vec<_>>());
        for (made, expected_db, tolerance_db) in [
            (of(|[l, _]| [l, l]), 0.0, 1e-9),
            (of(|[l, _]| [l, 0.0]), 3.0103, 1e-4),
            // Chance: the lowest octave has 22 Hz × 8 s of independent values.
            (of(|f| f), 3.0103, 1.2),
        ] {
            assert!((loss_db(made.power()).unwrap() - expected_db).abs() <= tolerance_db);
            assert_eq!(octaves(&made).count(), 10);
            for octave in octaves(&made) {
                assert!((octave.loss_db.unwrap() - expected_db).abs() <= tolerance_db, "{octave:?}");
            }
        }
        assert_eq!(loss_db(of(|[l, _]| [l, -l]).power()), Some(f64::INFINITY));
        assert_eq!(loss_db([0.0; 2]), None);
    }

    #[test]
    fn only_the_out_of_phase_octave_shows_a_loss() {
        for rate_hz in [44_100.0, 48_000.0, 96_000.0] {
            for (at, centre_hz) in NOMINAL_HZ.iter().enumerate() {
                // Every octave has a tone on both sides; in this one the right is delayed by 150°, and so
                // 20·log10 cos 75° = −11.74 dB is left.
                let mut frames = vec![[0.0; 2]; 4 * rate_hz as usize];
                for (other, hz) in NOMINAL_HZ.iter().enumerate() {
                    let tone = sine(*hz, -30.0, 4.0, rate_hz);
                    let quarter = (0..frames.len()).map(|n| {
                        let phase = core::f64::consts::TAU * (hz * n as f64 / rate_hz).fract();
                        0.031_622_8 * (phase + core::f64::consts::FRAC_PI_4 - 150_f64.to_radians()).sin()
                    });
                    for (frame, (x, late)) in frames.iter_mut().zip(tone.iter().zip(quarter)) {
                        *frame = [frame[0] + x, frame[1] + if other == at { late } else { *x }];
                    }
                }
                for (other, octave) in octaves(&average(rate_hz, &frames)).enumerate() {
                    let expected_db = if other == at { 11.74 } else { 0.0 };
                    let loss_db = octave.loss_db.unwrap();
                    // Leakage of the window from octave to octave.
                    assert!((loss_db - expected_db).abs() < 0.1, "{centre_hz} Hz: {octave:?}");
                }
            }
        }
    }

    #[test]
    fn octaves_above_nyquist_are_left_out() {
        let octaves: Vec<_> = octaves(&average(8000.0, &[[0.0; 2]; 100])).collect();
        assert_eq!(octaves.last().map(|octave| octave.centre_hz), Some(4000.0));
        assert!(octaves.iter().all(|octave| octave.loss_db.is_none() && octave.level_db == f64::NEG_INFINITY));
    }
}

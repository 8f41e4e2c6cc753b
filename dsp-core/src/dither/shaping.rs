//! Noise shaping: the spectrum of the error, moved to where the ear hears it least.
//!
//! The error passes `H(z) = 1 + h₁z⁻¹ + … + hₙz⁻ⁿ`, fed back from what earlier frames were rounded by. Of all such
//! filters the one with the least power behind a weighting is the linear predictor of noise with the weighting's
//! spectrum: one solution, found anew for every sample rate, of minimum phase. Nothing is fed back but errors of one
//! and a half steps at most, so it is stable whatever comes, and adds no more than 1.5 Σ|hₖ| steps.
//!
//! The weighting is the threshold of hearing upside down, so that the noise lies along it: from 4 kHz, where the ear
//! is keenest, up to the top. It is followed only so far up from there, which bounds what the whole noise gains:
//!
//! | curve | taps | followed | at 44.1 kHz: heard, in all | 48 kHz | 96 kHz | 192 kHz |
//! |--|--|--|--|--|--|--|
//! | light | 3 | 25 dB | −9.5, +5.6 dB | −10.1, +5.2 dB | −14.7, +3.4 dB | −13.6, +1.6 dB |
//! | strong | 9 | 40 dB | −15.8, +13.1 dB | −17.2, +12.3 dB | −24.6, +6.6 dB | −27.7, +3.6 dB |
//!
//! The published three and nine taps for 44.1 kHz, made for loud noise rather than for the threshold, come to −9.8,
//! +6.6 dB and −11.4, +18.4 dB. Below 44.1 kHz the curves hold too, but there is little room that the ear leaves.
//!
//! Sources: R. A. Wannamaker, "Psychoacoustically optimal noise shaping" (JAES 1992), for the problem and the
//! published taps; M. A. Gerzon and P. G. Craven, "Optimal noise shaping and dither of digital signals" (AES 87th
//! convention, 1989), for what is possible; E. Terhardt, "Calculating virtual pitch" (Hearing Research 1, 1979), for
//! the threshold; J. Makhoul, "Linear prediction: a tutorial review" (Proc. IEEE 1975), for the solution.

use crate::choice;
use crate::units::db_to_gain;
use core::f64::consts::PI;

/// What the dither's noise sounds like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shaping {
    /// White: the least noise in all.
    Off,
    /// Less where the ear is keenest, by three taps.
    Light,
    /// As far below hearing as nine taps reach, and more of it in all.
    Strong,
}

choice!(Shaping { Off => "Off", Light => "Light", Strong => "Strong" });

impl Shaping {
    /// Taps of the filter, and how far up from its lowest point the threshold of hearing is followed, in dB.
    fn extent(self) -> (usize, f64) {
        match self {
            Self::Off => (0, 0.0),
            Self::Light => (3, 25.0),
            Self::Strong => (MAX_TAPS, 40.0),
        }
    }
}

/// Most taps of any filter.
pub(super) const MAX_TAPS: usize = 9;
/// Frequencies that a design looks at: some 20 Hz apart at 44.1 kHz.
const POINTS: usize = 1024;
/// The threshold's formula holds from here.
const LOWEST_HZ: f64 = 20.0;

/// A filter for the error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Taps {
    taps: [f64; MAX_TAPS],
    len: usize,
}

impl Taps {
    /// The filter of a shaping at a sample rate.
    #[must_use]
    pub fn design(shaping: Shaping, sample_rate_hz: f64) -> Self {
        let (len, range_db) = shaping.extent();
        let mut taps = [0.0; MAX_TAPS];
        if len > 0 {
            predict(&correlation(sample_rate_hz, range_db), &mut taps[..len]);
        }
        Self { taps, len }
    }

    /// h₁ to hₙ; h₀ is 1.
    #[inline]
    #[must_use]
    pub fn taps(&self) -> &[f64] {
        &self.taps[..self.len]
    }

    /// Most that the error can be, in steps: rounding is off by half of one, and the dither by less than one.
    #[must_use]
    pub fn most_steps(&self) -> f64 {
        1.5 * (1.0 + self.taps().iter().map(|h| h.abs()).sum::<f64>())
    }

    /// Power gain for the error at a frequency.
    #[must_use]
    pub fn power_gain_at(&self, freq_hz: f64, sample_rate_hz: f64) -> f64 {
        let (mut re, mut im) = (1.0, 0.0);
        for (k, h) in self.taps().iter().enumerate() {
            let phase = 2.0 * PI * freq_hz / sample_rate_hz * (k + 1) as f64;
            (re, im) = (re + h * phase.cos(), im - h * phase.sin());
        }
        re * re + im * im
    }
}

/// Threshold of hearing, in dB SPL.
fn threshold_db(freq_hz: f64) -> f64 {
    let khz = freq_hz.max(LOWEST_HZ) / 1000.0;
    3.64 * khz.powf(-0.8) - 6.5 * (-0.6 * (khz - 3.3).powi(2)).exp() + 1e-3 * khz.powi(4)
}

/// The frequencies that a design looks at: the middles of equal parts.
fn points(sample_rate_hz: f64) -> impl Iterator<Item = f64> {
    (0..POINTS).map(move |n| (n as f64 + 0.5) / POINTS as f64 * sample_rate_hz / 2.0)
}

/// Autocorrelation of noise with the spectrum that the error is weighted by.
fn correlation(sample_rate_hz: f64, range_db: f64) -> [f64; MAX_TAPS + 1] {
    let lowest = points(sample_rate_hz).map(threshold_db).fold(f64::INFINITY, f64::min);
    let mut sums = [0.0; MAX_TAPS + 1];
    for freq_hz in points(sample_rate_hz) {
        let power = db_to_gain(-(threshold_db(freq_hz) - lowest).min(range_db)).powi(2);
        let cos = (2.0 * PI * freq_hz / sample_rate_hz).cos();
        // cos kω from the two before it.
        let (mut this, mut next) = (1.0, cos);
        for sum in &mut sums {
            *sum += power * this;
            (this, next) = (next, 2.0 * cos * next - this);
        }
    }
    sums
}

/// Levinson's recursion.
fn predict(correlation: &[f64; MAX_TAPS + 1], taps: &mut [f64]) {
    let mut power = correlation[0];
    for n in 0..taps.len() {
        let sum: f64 = (0..n).map(|j| taps[j] * correlation[n - j]).sum();
        let reflection = -(correlation[n + 1] + sum) / power;
        for j in 0..n.div_ceil(2) {
            let (a, b) = (taps[j], taps[n - 1 - j]);
            taps[j] = a + reflection * b;
            taps[n - 1 - j] = b + reflection * a;
        }
        taps[n] = reflection;
        power *= 1.0 - reflection * reflection;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Choice;
    use crate::units::power_to_db;

    const RATES_HZ: [f64; 9] =
        [8000.0, 32_000.0, 44_100.0, 48_000.0, 88_200.0, 96_000.0, 176_400.0, 192_000.0, 768_000.0];

    fn published(taps: &[f64]) -> Taps {
        let mut all = [0.0; MAX_TAPS];
        all[..taps.len()].copy_from_slice(taps);
        Taps { taps: all, len: taps.len() }
    }

    /// Power of what is heard of the error, re white noise, up to 20 kHz, in dB.
    fn heard_db(taps: &Taps, rate_hz: f64, weight_db: impl Fn(f64) -> f64) -> f64 {
        let (mut shaped, mut white) = (0.0, 0.0);
        for freq_hz in points(rate_hz).filter(|freq_hz| *freq_hz < 20_000.0) {
            let weight = db_to_gain(weight_db(freq_hz)).powi(2);
            shaped += weight * taps.power_gain_at(freq_hz, rate_hz);
            white += weight;
        }
        power_to_db(shaped / white)
    }

    fn in_all_db(taps: &Taps) -> f64 {
        power_to_db(1.0 + taps.taps().iter().map(|h| h * h).sum::<f64>())
    }

    /// Weighting for noise as loud as to be annoying, ITU-R BS.468-4, Table 1: another judge than the design's.
    fn itu_468_db(freq_hz: f64) -> f64 {
        const TABLE: [(f64, f64); 20] = [
            (31.5, -29.9),
            (63.0, -23.9),
            (100.0, -19.8),
            (200.0, -13.8),
            (400.0, -7.8),
            (800.0, -1.9),
            (1000.0, 0.0),
            (2000.0, 5.6),
            (3150.0, 9.0),
            (4000.0, 10.5),
            (5000.0, 11.7),
            (6300.0, 12.2),
            (7100.0, 12.0),
            (8000.0, 11.4),
            (9000.0, 10.1),
            (10_000.0, 8.1),
            (12_500.0, 0.0),
            (14_000.0, -5.3),
            (16_000.0, -11.7),
            (20_000.0, -22.2),
        ];
        let at = TABLE.partition_point(|(hz, _)| *hz < freq_hz).clamp(1, TABLE.len() - 1);
        let ((hz_0, db_0), (hz_1, db_1)) = (TABLE[at - 1], TABLE[at]);
        db_0 + (db_1 - db_0) * (freq_hz / hz_0).ln() / (hz_1 / hz_0).ln()
    }

    #[test]
    fn every_curve_is_quieter_to_the_ear_and_the_stronger_the_quieter() {
        for rate_hz in RATES_HZ {
            let [flat, light, strong] = [Shaping::Off, Shaping::Light, Shaping::Strong].map(|shaping| {
                let taps = Taps::design(shaping, rate_hz);
                let (heard, all) = (heard_db(&taps, rate_hz, |f| -threshold_db(f)), in_all_db(&taps));
                let itu = heard_db(&taps, rate_hz, itu_468_db);
                let most = taps.most_steps();
                eprintln!("{rate_hz:>6} Hz {shaping:?}: threshold {heard:+.1}, BS.468 {itu:+.1}, in all {all:+.1} dB, at most {most:.1} steps");
                (heard, itu, all)
            });
            assert!(flat.0.abs() < 1e-9 && flat.2 == 0.0);
            assert!(strong.0 < light.0 && light.0 < -1.5, "{rate_hz} Hz");
            if rate_hz >= 44_100.0 {
                assert!(light.0 < -9.0 && light.1 < -4.0 && light.2 < 6.0, "{rate_hz} Hz: {light:?}");
                assert!(strong.0 < -15.5 && strong.1 < -4.0 && strong.2 < 13.5, "{rate_hz} Hz: {strong:?}");
            }
        }
    }

    #[test]
    fn at_44_1_khz_the_curves_stand_beside_the_published_ones() {
        let three = published(&[-1.623, 0.982, -0.109]);
        let nine = published(&[-2.412, 3.370, -3.937, 4.174, -3.353, 2.205, -1.281, 0.569, -0.0847]);
        let heard = |taps: &Taps| heard_db(taps, 44_100.0, |f| -threshold_db(f));
        for (shaping, other) in [(Shaping::Light, three), (Shaping::Strong, nine)] {
            let ours = Taps::design(shaping, 44_100.0);
            let [ours_heard, other_heard] = [heard(&ours), heard(&other)];
            eprintln!(
                "{shaping:?}: {ours_heard:+.1} dB, in all {:+.1} dB; published {other_heard:+.1}, {:+.1} dB",
                in_all_db(&ours),
                in_all_db(&other)
            );
            assert!(ours_heard < other_heard + 0.5 && in_all_db(&ours) < in_all_db(&other), "{shaping:?}");
        }
    }

    #[test]
    fn no_other_taps_leave_less_behind_the_weighting() {
        for rate_hz in RATES_HZ {
            for shaping in [Shaping::Light, Shaping::Strong] {
                let correlation = correlation(rate_hz, shaping.extent().1);
                let power = |taps: &[f64]| {
                    let h = |k: usize| if k == 0 { 1.0 } else { taps[k - 1] };
                    let pairs = (0..=taps.len()).flat_map(|j| (0..=taps.len()).map(move |k| (j, k)));
                    pairs.map(|(j, k)| h(j) * h(k) * correlation[j.abs_diff(k)]).sum::<f64>()
                };
                let taps = Taps::design(shaping, rate_hz);
                let least = power(taps.taps());
                for k in 0..taps.taps().len() {
                    for by in [-1e-3, 1e-3] {
                        let mut other = taps.taps().to_vec();
                        other[k] += by;
                        assert!(power(&other) > least, "{rate_hz} Hz {shaping:?}: tap {k}");
                    }
                }
            }
        }
    }

    #[test]
    fn all_zeros_lie_inside_the_circle() {
        for rate_hz in RATES_HZ {
            for shaping in Shaping::ALL {
                // The recursion backwards: every reflection is smaller than one.
                let mut taps = Taps::design(*shaping, rate_hz).taps().to_vec();
                while let Some(last) = taps.pop() {
                    assert!(last.abs() < 1.0, "{rate_hz} Hz {shaping:?}: {last}");
                    let len = taps.len();
                    taps = (0..len).map(|j| (taps[j] - last * taps[len - 1 - j]) / (1.0 - last * last)).collect();
                }
            }
        }
    }
}

//! Oversampling proved on tones, pulses and cuts.

use super::*;
use crate::choice::Choice;
use plumb_signals::{Noise, both, sine, tone_db};

fn through_all(factor: Factor, input: &[Frame]) -> Vec<Frame> {
    let mut out = input.to_vec();
    Oversampler::new(factor).process(&mut out, |_| ());
    out
}

#[test]
fn a_pulse_arrives_after_the_reported_delay_and_symmetric() {
    for factor in Factor::ALL {
        let mut input = vec![[0.0; 2]; 400];
        input[100] = [1.0, -1.0];
        let out = through_all(*factor, &input);
        let (latency, at) = (factor.latency_frames(), 100 + factor.latency_frames());
        eprintln!("{factor:?}: {latency} frames");
        assert!((out[at][0] - 1.0).abs() < 0.05, "{factor:?}: {}", out[at][0]);
        for k in 1..=80 {
            // 1e-12: roundings, of sums in another order.
            assert!((out[at - k][0] - out[at + k][0]).abs() < 1e-12, "{factor:?}: {k} frames from the middle");
            assert!((out[at + k][1] + out[at + k][0]).abs() < 1e-15, "the channels are alike");
        }
    }
    assert_eq!(Factor::X1.latency_frames(), 0);
}

#[test]
fn flat_to_20_khz_and_silent_where_images_would_be() {
    for rate_hz in [44_100.0, 48_000.0] {
        for factor in [Factor::X2, Factor::X4, Factor::X8] {
            let (mut off, mut image): (f64, f64) = (0.0, -200.0);
            for freq_hz in [20.0, 1000.0, 10_000.0, 15_000.0, 19_000.0, 20_000.0] {
                let mut block = both(&sine(freq_hz, 0.0, 0.3, rate_hz));
                let mut high = Vec::new();
                Oversampler::new(factor).process(&mut block, |frames| high.extend(frames.iter().map(|f| f[0])));
                let out: Vec<f64> = block[2000..].iter().map(|f| f[0]).collect();
                off = off.max(tone_db(&out, freq_hz, rate_hz).abs());
                let times = factor.times();
                for k in 1..times {
                    let image_hz = if k % 2 == 1 {
                        (k + 1) as f64 / 2.0 * rate_hz - freq_hz
                    } else {
                        k as f64 / 2.0 * rate_hz + freq_hz
                    };
                    // The window of the measurement sees the tone itself at −92 dB unless it is far.
                    image = image.max(tone_db(&high[2000 * times..], image_hz, rate_hz * times as f64));
                }
            }
            eprintln!("{rate_hz} Hz, {factor:?}: within {off:.6} dB to 20 kHz, images {image:.1} dB");
            assert!(off < 0.001 && image < -98.0);
        }
    }
}

#[test]
fn what_lies_above_does_not_fold_below_20_khz() {
    for rate_hz in [44_100.0, 48_000.0] {
        for factor in [Factor::X2, Factor::X4, Factor::X8] {
            let (top_hz, mut worst) = (rate_hz * factor.times() as f64, -200.0_f64);
            for n in 0..100 {
                let freq_hz = (rate_hz - 20_000.0) + (top_hz / 2.0 - rate_hz + 19_990.0) * f64::from(n) / 99.0;
                let folded_hz = (freq_hz - rate_hz * (freq_hz / rate_hz).round()).abs();
                if folded_hz > 20_000.0 {
                    continue;
                }
                let mut block = vec![[0.0; 2]; 3000];
                let mut phase = 0.0;
                Oversampler::new(factor).process(&mut block, |frames| {
                    for frame in frames {
                        *frame = [f64::sin(phase); 2];
                        phase += core::f64::consts::TAU * freq_hz / top_hz;
                    }
                });
                let rms = block[500..].iter().map(|f| f[0] * f[0]).sum::<f64>() / 2500.0;
                worst = worst.max(crate::units::power_to_db(2.0 * rms));
            }
            eprintln!("{rate_hz} Hz, {factor:?}: what folds below 20 kHz is at {worst:.1} dB");
            assert!(worst < -98.0);
        }
    }
}

#[test]
fn blocks_may_be_cut_anywhere() {
    let input = Noise::new(3).stereo(-6.0, 3000);
    for factor in Factor::ALL {
        let whole = through_all(*factor, &input);
        let (mut oversampler, mut out) = (Oversampler::new(*factor), input.clone());
        let mut rest = &mut out[..];
        for length in [1, 64, 7, 63, 65, 512, 3].iter().cycle() {
            let (block, later) = rest.split_at_mut((*length).min(rest.len()));
            oversampler.process(block, |_| ());
            rest = later;
            if rest.is_empty() {
                break;
            }
        }
        assert!(out.iter().zip(&whole).all(|(a, b)| a.map(f64::to_bits) == b.map(f64::to_bits)), "{factor:?}");
        oversampler.reset(*factor);
        let mut again = input.clone();
        oversampler.process(&mut again, |_| ());
        assert_eq!(again, whole, "{factor:?}: reset forgets");
    }
}

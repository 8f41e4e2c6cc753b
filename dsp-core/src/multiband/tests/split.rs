//! The crossovers: flat sum, −6 dB where bands meet, audio = analytic, order.

use super::*;
use crate::Choice;
use crate::units::gain_to_db;
use core::f64::consts::TAU;
use proptest::prelude::*;

/// Level in dB at a frequency of an impulse response.
fn db_at(response: &[f64], freq_hz: f64, rate: f64) -> f64 {
    // One turn a frame by multiplication: rounding over 32,768 of them is 1e-12.
    let (sin, cos) = (TAU * freq_hz / rate).sin_cos();
    let (mut at, mut sum) = ((1.0, 0.0), (0.0, 0.0));
    for x in response {
        sum = (sum.0 + x * at.0, sum.1 + x * at.1);
        at = (at.0 * cos - at.1 * sin, at.0 * sin + at.1 * cos);
    }
    gain_to_db(f64::hypot(sum.0, sum.1))
}

fn impulse_response(settings: Settings, rate: f64) -> Vec<f64> {
    // 0.34 s at the most and 0.17 s at the highest: 20 Hz poles have gone down by 60 dB in 0.08 s, 120 Hz by far more.
    let mut input = vec![[0.0; 2]; 1 << 15];
    input[0] = [1.0, 1.0];
    lane(&run(settings, &input, rate), 0)
}

/// From 20 Hz to 20 kHz.
fn freqs_hz() -> impl Iterator<Item = f64> {
    (0..=40).map(|n| 20.0 * 1000.0_f64.powf(f64::from(n) / 40.0))
}

#[test]
fn bands_at_unity_sum_flat() {
    let mut worst = (0.0_f64, 0.0_f64);
    for rate in RATES {
        for bands in Bands::ALL {
            let settings = flat(*bands);
            let response = impulse_response(settings, rate);
            let responses = settings.responses(rate);
            for hz in freqs_hz() {
                worst.0 = worst.0.max(db_at(&response, hz, rate).abs());
                worst.1 = worst.1.max(responses.sum(&[1.0; MAX_BANDS], hz).gain_db().abs());
            }
        }
    }
    eprintln!("sum of bands, 20 Hz to 20 kHz: {:.1e} dB in the audio, {:.1e} dB in the design", worst.0, worst.1);
    // What is asked is 0.01 dB; 1e-6: what is left of the impulse response after its end. 1e-9: rounding of sums.
    assert!(worst.0 < 1e-6 && worst.1 < 1e-9, "{worst:?}");
}

#[test]
fn each_band_is_what_the_editor_draws() {
    for rate in [44_100.0, 96_000.0] {
        for bands in Bands::ALL {
            for place in 0..bands.count() {
                let mut settings = flat(*bands);
                settings.band[place].solo = true;
                let response = impulse_response(settings, rate);
                for hz in freqs_hz() {
                    let (heard, drawn) = (db_at(&response, hz, rate), settings.responses(rate).band_db_at(place, hz));
                    // 1e-4 dB: what is cut off the impulse response, and nothing is looked at below −100 dB.
                    let off = (heard - drawn).abs();
                    assert!(off < 1e-4 || drawn.max(heard) < -100.0, "{bands:?} {place} {hz}: {heard} {drawn}");
                }
            }
        }
    }
}

#[test]
fn neighbours_meet_at_minus_6_db_and_fall_by_24_db_an_octave() {
    let rate = 192_000.0;
    let settings = Settings { crossovers_hz: [100.0, 1000.0, 10_000.0, 20_000.0], ..flat(Bands::Four) };
    let responses = settings.responses(rate);
    for (low, hz) in [(0, 100.0), (1, 1000.0), (2, 10_000.0)] {
        let [below, above] = [low, low + 1].map(|place| responses.band_db_at(place, hz));
        // 0.003 dB: the next crossover, a decade away, takes 20·log10(1 + 10⁻⁴·…).
        assert!((below + 6.0206).abs() < 0.003 && (above + 6.0206).abs() < 0.003, "{hz}: {below} {above}");
    }
    let alone = |hz: f64| Settings { crossovers_hz: [hz; MAX_CROSSOVERS], ..flat(Bands::Two) }.responses(rate);
    let falls = alone(100.0).band_db_at(0, 800.0) - alone(100.0).band_db_at(0, 1600.0);
    let rises = alone(10_000.0).band_db_at(1, 1000.0) - alone(10_000.0).band_db_at(1, 500.0);
    // Far from the corner, analogue: 24.08 dB.
    assert!((falls - 24.08).abs() < 0.02 && (rises - 24.08).abs() < 0.02, "{falls} {rises}");
}

proptest! {
    #[test]
    fn crossovers_stay_in_order_on_their_way(
        places in proptest::collection::vec((1.0..=5.0_f64, 0_usize..4, 0_usize..4, 1_usize..80), 1..12),
        rate in prop_oneof![Just(8_000.0), Just(44_100.0), Just(192_000.0)],
    ) {
        let mut settings = flat(Bands::Five);
        let mut crossovers = Crossovers::new(&settings);
        crossovers.prepare(rate, &settings);
        for (log_hz, which, bands, steps) in places {
            settings.crossovers_hz[which] = 10.0_f64.powf(log_hz);
            settings.bands = Bands::ALL[bands];
            crossovers.set(&settings.clamped());
            for _ in 0..steps {
                crossovers.step();
                for pair in crossovers.now_hz().windows(2) {
                    // 1e-9: rounding of logarithms and steps.
                    prop_assert!(pair[1] >= pair[0] * SPACING_OCTAVES.exp2() * (1.0 - 1e-9), "{pair:?}");
                }
            }
        }
    }
}

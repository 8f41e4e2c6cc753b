//! The gate switched, and what it leaves alone.

use super::*;

#[test]
fn no_switch_clicks() {
    // A quiet 200 Hz and a loud sidechain of 100 Hz: no sample-to-sample step may exceed what tones and fades have.
    let (input, key) = (both(&sine(200.0, -30.0, 0.4, 48_000.0)), both(&sine(100.0, -30.0, 0.4, 48_000.0)));
    let base = Settings { threshold_db: -28.0, attack_ms: 10.0, release_ms: 50.0, range_db: 30.0, ..on() };
    let moves = [
        ("off", Settings { on: false, ..base }),
        ("expand", Settings { mode: Mode::Expand, ..base }),
        ("duck", Settings { mode: Mode::Duck, ..base }),
        ("range", Settings { range_db: 0.0, ..base }),
        ("threshold", Settings { threshold_db: -60.0, ..base }),
        ("key", Settings { listen: Listen::Key, ..base }),
        ("removed", Settings { listen: Listen::Removed, ..base }),
        ("late and off", Settings { on: false, lookahead: Lookahead::Ms5, ..base }),
        ("late key", Settings { listen: Listen::Key, lookahead: Lookahead::Ms5, key: Key::External, ..base }),
        ("key and sidechain", Settings { listen: Listen::Key, key: Key::External, ..base }),
    ];
    for (name, settings) in moves {
        for to in [settings, base] {
            let from = Settings { lookahead: settings.lookahead, ..if to == base { settings } else { base } };
            let mut gate = prepared(from, 48_000.0);
            let mut out = input.clone();
            gate.process(&mut out[..9_500], Some(&key[..9_500]));
            gate.set(Settings { lookahead: settings.lookahead, ..to });
            gate.process(&mut out[9_500..], Some(&key[9_500..]));
            // Second differences: tones of 200 Hz and −30 dBFS have 0.0316 · (2π · 200 / 48,000)² = 2.2e-5.
            let bend =
                out.windows(3).skip(8_000).map(|w| (w[2][0] - 2.0 * w[1][0] + w[0][0]).abs()).fold(0.0, f64::max);
            eprintln!("{name}: second difference {bend:.1e}");
            // 30 dB in 10 ms bends the envelope by 0.0316 · 3.45 / 480 = 2.3e-4 at its first frame.
            assert!(bend < 2.8e-4, "{name}: {bend}");
        }
    }
}

#[test]
fn off_and_range_zero_pass_bit_for_bit() {
    let input = Noise::new(3).stereo(-50.0, 10_000);
    assert_eq!(run(Settings::default(), &input, 48_000.0), input);
    assert_eq!(run(Settings { range_db: 0.0, ..on() }, &input, 48_000.0), input);
    let mut gate = prepared(on(), 48_000.0);
    gate.process(&mut input.clone(), None);
    gate.set(Settings::default());
    // 20 ms: the fade.
    gate.process(&mut vec![[0.0; 2]; 960], None);
    let mut out = input.clone();
    gate.process(&mut out, None);
    assert_eq!(out, input);
}

#[test]
fn switching_does_not_click() {
    // Below the threshold, so that it is closed when on; a square's output over input is the gain.
    let signal = both(&square(500.0, -50.0, 1.0, 48_000.0));
    let closed = Settings { range_db: 80.0, ..on() };
    let mut gate = prepared(closed, 48_000.0);
    let mut gains = Vec::new();
    for settings in [closed, Settings { on: false, ..closed }, closed, Settings { range_db: 0.0, ..closed }, closed] {
        gate.set(settings);
        let mut out = signal.clone();
        gate.process(&mut out, None);
        gains.extend(signal.iter().zip(&out).map(|(x, y)| y[0] / x[0]));
    }
    let step = gains.windows(2).map(|pair| (pair[1] - pair[0]).abs()).fold(0.0, f64::max);
    // The range goes 80 dB in 960 equal steps of dB (0.96 % each), which is the steepest; opening lags behind it.
    assert!(step < 80.0 / 960.0 * 0.1152, "{step}");
    assert!(gains.contains(&1.0) && gains.iter().any(|gain| *gain < 1.1e-4));
}

#[test]
fn turned_on_it_does_not_dip_what_is_loud() {
    let signal = both(&sine(500.0, -10.0, 0.5, 48_000.0));
    let mut gate = prepared(Settings { attack_ms: 100.0, ..Settings::default() }, 48_000.0);
    let mut out = signal.clone();
    gate.process(&mut out[..100], None);
    gate.set(Settings { attack_ms: 100.0, ..on() });
    gate.process(&mut out[100..], None);
    assert_eq!(out, signal);
}

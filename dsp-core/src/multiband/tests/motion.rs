//! Everything that moves: without a click, without a dip, and exact at both ends.

use super::*;
use crate::Choice;

/// A tone while settings go from one to the other and back, after it has settled: largest and smallest level of half
/// a period, in dB re the tone, and the roughness re the tone's own.
pub(super) fn moved(from: Settings, to: Settings, hz: f64, rate: f64) -> (f64, f64, f64) {
    let (mut multiband, amplitude) = (prepared(from, rate), 0.5);
    let tone = both(&sine(hz, plumb_signals::level_db(amplitude), 0.5, rate));
    let mut out = tone.clone();
    for (n, chunk) in out.chunks_mut(tone.len() / 5).enumerate() {
        multiband.set(if n % 2 == 0 { from } else { to });
        multiband.process(chunk, None);
    }
    let heard = lane(&out[tone.len() / 10..], 0);
    // Instantaneous magnitude of a sine: its value and its slope.
    let turn = core::f64::consts::TAU * hz / rate;
    let envelope = heard.windows(3).map(|x| x[1].hypot((x[2] - x[0]) / (2.0 * turn.sin())) / amplitude);
    let (mut low, mut high) = (f64::INFINITY, 0.0_f64);
    for x in envelope {
        (low, high) = (low.min(x), high.max(x));
    }
    (crate::units::gain_to_db(low), crate::units::gain_to_db(high), roughness(&heard) / roughness(&lane(&tone, 0)))
}

#[test]
fn switching_neither_clicks_nor_dips() {
    let (rate, on) = (48_000.0, flat(Bands::Four));
    for hz in [50.0, 120.0, 200.0, 400.0, 1000.0, 3000.0, 6000.0] {
        let (low_db, high_db, rough) = moved(on, Settings { on: false, ..on }, hz, rate);
        eprintln!("{hz} Hz switched on and off: {low_db:.1} to {high_db:.1} dB, {rough:.1} times as rough");
        // Phases turn by up to three whole turns in 20 ms, which bends a low tone and what is read off it. A crossfade
        // would leave nothing of 120 Hz half way.
        assert!(low_db > -8.0 && high_db < 6.0 && rough < 6.0);
    }
    for hz in [50.0, 120.0, 200.0, 400.0, 1000.0, 3000.0, 6000.0] {
        let (low_db, high_db, rough) = moved(on, Settings { bands: Bands::Two, ..on }, hz, rate);
        eprintln!("{hz} Hz four bands to two: {low_db:.1} to {high_db:.1} dB, {rough:.1} times as rough");
        assert!(low_db > -1.5 && high_db < 1.5 && rough < 2.0);
    }
}

#[test]
fn crossovers_move_without_a_click() {
    let (rate, from) = (48_000.0, flat(Bands::Four));
    for hz in [50.0, 120.0, 400.0, 1000.0, 3000.0] {
        let to = Settings { crossovers_hz: [300.0, 200.0, 9000.0, 12_000.0], ..from };
        let (low_db, high_db, rough) = moved(from, to, hz, rate);
        eprintln!("{hz} Hz crossovers moved: {low_db:.1} to {high_db:.1} dB, {rough:.1} times as rough");
        assert!(low_db > -2.0 && high_db < 1.5 && rough < 1.6);
    }
}

#[test]
fn every_control_moves_without_a_click() {
    let rate = 48_000.0;
    let mut from = flat(Bands::Four);
    from.band[1] = Band { ratio: 4.0, attack_ms: 0.05, release_ms: 10.0, ..from.band[1] };
    let band = |change: fn(&mut Band)| {
        let mut to = from;
        change(&mut to.band[1]);
        to
    };
    let all: [(&str, Settings); 14] = [
        ("band off", band(|band| band.on = false)),
        ("solo", band(|band| band.solo = true)),
        ("expand", band(|band| (band.mode, band.threshold_db) = (Mode::Expand, 0.0))),
        ("upward compress", band(|band| (band.mode, band.threshold_db) = (Mode::UpCompress, 0.0))),
        ("upward expand", band(|band| band.mode = Mode::UpExpand)),
        ("threshold", band(|band| band.threshold_db = -60.0)),
        ("ratio", band(|band| band.ratio = f64::INFINITY)),
        ("knee", band(|band| band.knee_db = 30.0)),
        ("range", band(|band| band.range_db = 40.0)),
        ("floor", band(|band| band.floor_db = -20.0)),
        ("gain", band(|band| band.gain_db = 6.0)),
        ("times", band(|band| (band.attack_ms, band.release_ms) = (300.0, 3000.0))),
        ("mix", Settings { mix_pct: 0.0, ..from }),
        ("delta", Settings { delta: true, ..from }),
    ];
    for (name, to) in all {
        let (low_db, high_db, rough) = moved(from, to, 346.0, rate);
        eprintln!("{name}: {low_db:.1} to {high_db:.1} dB, {rough:.2} times as rough");
        // Louder is rougher; a click of −40 dB would be twenty times.
        assert!(rough < 2.0 * crate::units::db_to_gain(high_db.max(0.0)), "{name}");
    }
}

#[test]
fn off_is_bit_for_bit_before_and_after() {
    let input = Noise::new(7).stereo(0.0, 48_000);
    assert_eq!(run(Settings { on: false, ..busy() }, &input, 48_000.0), input);
    let mut multiband = prepared(busy(), 48_000.0);
    let mut out = input.clone();
    multiband.process(&mut out[..10_000], None);
    multiband.set(Settings { on: false, ..busy() });
    multiband.process(&mut out[10_000..], None);
    assert_ne!(out[10_100], input[10_100]);
    // 20 ms, and up to two control steps until it sets out and is seen to have arrived.
    assert_eq!(out[10_000 + 960 + 96..], input[10_000 + 960 + 96..]);
    assert_eq!(multiband.gains_db(), [0.0; MAX_BANDS]);
}

#[test]
fn what_was_set_while_off_is_there_when_it_comes_on() {
    let (input, rate) = (Noise::new(8).stereo(-10.0, 48_000), 48_000.0);
    let mut multiband = prepared(Settings::default(), rate);
    let mut out = input.clone();
    multiband.process(&mut out[..1000], None);
    multiband.set(Settings { on: false, ..busy() });
    multiband.process(&mut out[1000..2000], None);
    multiband.set(busy());
    multiband.process(&mut out[2000..], None);
    let there = run(busy(), &input, rate);
    // A second later all that was different is forgotten but for the slow ends of releases.
    let off = out[40_000..].iter().zip(&there[40_000..]).map(|(a, b)| (a[0] - b[0]).abs()).fold(0.0, f64::max);
    assert!(off < 0.02, "{off}");
    assert_eq!(out[..2000], input[..2000]);
    assert_eq!(Bands::ALL.len(), 4);
}

//! Order of events: block sizes, reset, and where ramps end.

use super::*;
use dsp_core::Stage;
use dsp_core::eq::band::Target;
use plumb_signals::{Noise, assert_no_alloc, both, sine, tone_db};

/// Moves of every kind, each with the frame before which it comes: also in the middle of a control step, and before
/// the last ramp has ended.
fn journey() -> Vec<(usize, Four)> {
    let mut other = busy();
    other.bands[0].shape = Shape::Bell;
    other.bands[1].freq_hz = 9000.0;
    other.bands[2].on = false;
    other.bands[3].gain_db = 0.0;
    let mut steep = Four { scale_pct: -50.0, auto_gain: true, ..busy() };
    steep.bands[0].slope = Slope::Db96;
    steep.bands[1].target = Target::Side;
    steep.bands[2].target = Target::Left;
    let mut listening = steep;
    listening.bands[0].slope = Slope::Db18;
    listening.bands[2].listen = true;
    vec![
        (0, busy()),
        (1001, other),
        (1500, off(other)),
        (1777, busy()),
        (2900, steep),
        (4000, listening),
        (5203, flat()),
        (6300, other),
        (6301, flat()),
        (6800, steep),
        (7600, busy()),
    ]
}

/// The journey in blocks of at most `max` frames.
fn travel(eq: &mut Eq<4>, input: &[Frame], max: usize) -> Vec<Frame> {
    let mut out = input.to_vec();
    let moves = journey();
    for (index, (start, settings)) in moves.iter().enumerate() {
        let end = moves.get(index + 1).map_or(out.len(), |next| next.0);
        eq.set(*settings);
        out[*start..end].chunks_mut(max).for_each(|block| eq.process(block, None));
    }
    out
}

#[test]
fn blocks_of_any_size_give_the_same_bits() {
    let input = Noise::new(6).stereo(-6.0, 10_000);
    for rate in [8000.0, 44_100.0, 48_000.0] {
        let whole = travel(&mut at(busy(), rate), &input, 4096);
        for max in [1, 7, 64] {
            let cut = travel(&mut at(busy(), rate), &input, max);
            let same = bits(&cut).iter().zip(&bits(&whole)).position(|(a, b)| a != b);
            assert_eq!(same, None, "{max} frames at {rate}");
        }
    }
}

#[test]
fn reset_is_as_new() {
    let input = Noise::new(7).stereo(-6.0, 10_000);
    for settings in journey().into_iter().map(|(_, settings)| settings) {
        let mut new = at(settings, 48_000.0);
        let mut used = at(busy(), 48_000.0);
        travel(&mut used, &input, 999);
        used.set(settings); // reset keeps the settings
        used.process(&mut input.clone()[..77], None);
        used.reset();
        let (mut a, mut b) = (input.clone(), input.clone());
        new.process(&mut a, None);
        used.process(&mut b, None);
        assert_eq!(bits(&a), bits(&b));
    }
}

#[test]
fn nothing_allocates_while_processing() {
    let (mut eq, mut block, moves) = (at(busy(), 48_000.0), Noise::new(8).stereo(-6.0, 10_000), journey());
    assert_no_alloc(|| {
        for (_, settings) in &moves {
            eq.set(*settings);
            eq.process(&mut block[..1237], None);
        }
        eq.reset();
    });
}

#[test]
fn after_its_ramps_it_has_its_curve() {
    let rate = 48_000.0;
    let mut eq = at(busy(), rate);
    for mut settings in journey().into_iter().map(|(_, settings)| settings) {
        settings.auto_gain = false;
        settings.bands.iter_mut().for_each(|band| (band.listen, band.target) = (false, Target::Stereo));
        eq.set(settings);
        let mut block = both(&sine(440.0, -6.0, 1.5, rate));
        eq.process(&mut block, None);
        let error = tone_db(&left(&block)[48_000..], 440.0, rate) + 6.0 - settings.gain_db_at(440.0, rate);
        assert!(error.abs() < 1e-6, "{settings:?}: {error}"); // leakage of the window
    }
}

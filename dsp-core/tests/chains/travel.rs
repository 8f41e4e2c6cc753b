//! Settings travel with the sound: behind stages with latency they act later, to the frame.

use crate::{RATE_HZ, bits, channels, prepared};
use dsp_core::Chain;
use dsp_core::chain::{channel, master};
use dsp_core::dynamics::lookahead::Lookahead;
use dsp_core::eq::phase;
use dsp_core::limiter::lookahead::Style;

/// Frames at which something is set, and the frames that are played.
const MOVES: [usize; 4] = [1000, 1001, 5017, 9999];
const FRAMES: usize = 40_000;

/// Plays noise with settings that move, in blocks that end where they do.
fn play<C: Chain>(start: C::Settings, moves: &[(usize, C::Settings)]) -> (Vec<Vec<f32>>, usize) {
    let mut chain: C = prepared(start, RATE_HZ, 2);
    let mut out = channels(31, -20.0, FRAMES);
    let mut at = 0;
    let ends = moves.iter().map(|(frame, settings)| (*frame, Some(*settings))).chain([(FRAMES, None)]);
    for (end, settings) in ends {
        let mut main: Vec<&mut [f32]> = out.iter_mut().map(|channel| &mut channel[at..end]).collect();
        chain.process::<[f32; 0]>(&mut main, None);
        if let Some(settings) = settings {
            chain.set(settings);
        }
        at = end;
    }
    (out, chain.latency_frames())
}

/// A chain whose idle stages have latency must sound as the one without, only later, whatever is set when.
fn is_only_later<C: Chain>(
    name: &str,
    late: impl Fn(C::Settings) -> C::Settings,
    moved: impl Fn(usize) -> C::Settings,
) {
    let moves: Vec<_> = MOVES.iter().enumerate().map(|(n, frame)| (*frame, moved(n + 1))).collect();
    let (prompt, prompt_latency) = play::<C>(moved(0), &moves);
    let later: Vec<_> = moves.iter().map(|(frame, settings)| (*frame, late(*settings))).collect();
    let (out, latency) = play::<C>(late(moved(0)), &later);
    let by = latency - prompt_latency;
    assert!(by > 200, "{name}: later by {by} frames only");
    for (out, prompt) in bits(&out).iter().zip(bits(&prompt)) {
        let first = (0..FRAMES - by).find(|n| out[n + by] != prompt[*n]);
        assert_eq!(first, None, "{name}: the frame at which it differs, {by} frames of latency");
    }
}

#[test]
fn strip_settings_act_with_their_sound() {
    // 288 frames, a whole number of control steps: those are counted from the chain's input.
    let late = |mut settings: channel::Settings| {
        settings.gate.lookahead = Lookahead::Ms1;
        settings.compressor.lookahead = Lookahead::Ms5;
        settings
    };
    let check = |name: &str, set: fn(&mut channel::Settings, f64)| {
        is_only_later::<channel::ChannelStrip>(name, late, |turn| {
            let mut settings = channel::Settings::default();
            set(&mut settings, [0.0, 1.0, 0.3, 0.0, 0.7][turn]);
            settings
        });
    };
    check("EQ gain", |s, to| s.eq.bands[1].gain_db = 12.0 * to);
    check("saturation", |s, to| (s.saturation.on, s.saturation.drive_db) = (to > 0.0, 20.0 * to));
    check("de-esser", |s, to| s.de_esser.on = to > 0.5);
    check("width", |s, to| s.stereo.width_pct = 100.0 + 100.0 * to);
    check("pan", |s, to| s.stereo.pan_pct = 100.0 * to);
    check("output gain", |s, to| s.output_gain_db = -20.0 * to);
    check("bypass", |s, to| {
        s.output_gain_db = -6.0;
        s.bypass = to > 0.5;
    });
}

#[test]
fn bus_settings_act_with_their_sound() {
    // A flat equaliser in a linear mode: nothing but its delay of 12,288 frames.
    let late = |settings| master::Settings { eq_phase: phase::Mode::Linear16k, ..settings };
    let check = |name: &str, set: fn(&mut master::Settings, f64)| {
        is_only_later::<master::MasterBus>(name, late, |turn| {
            let mut settings = master::Settings::default();
            set(&mut settings, [0.0, 1.0, 0.3, 0.0, 0.7][turn]);
            settings
        });
    };
    // Above the noise: where the detector's window begins depends on the frames since the reset.
    check("compressor", |s, to| {
        (s.compressor.on, s.compressor.threshold_db, s.compressor.makeup_db) = (true, 0.0, 12.0 * to);
    });
    check("multiband", |s, to| s.multiband.on = to > 0.2);
    check("de-esser", |s, to| s.de_esser.on = to > 0.5);
    check("width", |s, to| s.width_pct = 100.0 + 100.0 * to);
    check("drive", |s, to| s.limiter.drive_db = 12.0 * to);
    check("style", |s, to| {
        s.limiter.drive_db = 12.0;
        s.limiter.style = if to > 0.5 { Style::Punchy } else { Style::Transparent };
    });
    check("dither", |s, to| {
        s.dither.depth = if to > 0.5 { dsp_core::dither::Depth::Bits16 } else { dsp_core::dither::Depth::Off };
        s.dither.auto_blank = false;
    });
    check("bypass", |s, to| {
        s.limiter.drive_db = 6.0;
        s.bypass = to > 0.5;
    });
}

#[test]
fn a_reset_takes_over_what_is_still_on_its_way() {
    let settings = master::Settings { eq_phase: phase::Mode::Linear16k, ..master::Settings::default() };
    let driven = |settings: master::Settings| {
        let mut settings = settings;
        settings.limiter.drive_db = 12.0;
        settings
    };
    let mut chain: master::MasterBus = prepared(settings, RATE_HZ, 2);
    chain.set(driven(settings));
    chain.reset();
    let mut fresh: master::MasterBus = prepared(driven(settings), RATE_HZ, 2);
    let input = channels(32, -9.0, FRAMES);
    let [out, expected] = [&mut chain, &mut fresh].map(|chain| crate::run(chain, &input, &[512]));
    assert_eq!(bits(&out), bits(&expected));
}

//! A chain with everything off: it leaves every bit, does nothing at all unless it is to be seen, and wakes without a
//! click.

use super::*;
use dsp_core::limiter::settings::Detection;
use dsp_core::meter::{bridge, readings::Readings as _};

/// Everything off, the meters too.
fn off(detection: Detection) -> master::Settings {
    let mut settings = master::Settings::default();
    (settings.limiter.on, settings.limiter.detection) = (false, detection);
    settings.meters.on = false;
    settings
}

/// The same with one thing on, by turns: of each section, the meters, bypass.
fn one_on(detection: Detection, turn: usize) -> master::Settings {
    let mut settings = off(detection);
    match turn % 8 {
        0 => settings.eq.bands[3].gain_db = 3.0,
        1 => settings.compressor.on = true,
        2 => settings.multiband.on = true,
        3 => settings.de_esser.on = true,
        4 => settings.width_pct = 150.0,
        5 => (settings.limiter.on, settings.limiter.drive_db) = (true, 6.0),
        6 => settings.meters.on = true,
        _ => settings.bypass = true,
    }
    settings
}

fn bus(settings: master::Settings) -> master::MasterBus {
    let mut bus = master::MasterBus::new(settings);
    bus.prepare(Spec::runnable(RATE_HZ, 16_384, 2).unwrap());
    bus
}

const DETECTIONS: [Detection; 3] = [Detection::ZeroLatency, Detection::SamplePeak, Detection::TruePeak];

#[test]
fn off_leaves_every_bit_and_lets_in_only_numbers() {
    let input = channels(4, -20.0, 20_000);
    for detection in DETECTIONS {
        let mut bus = bus(off(detection));
        let delay = bus.latency_frames();
        assert_eq!(delay == 0, detection == Detection::ZeroLatency);
        let bad = [f32::NAN, f32::INFINITY, -1e30, 0.5].repeat(64);
        let out = run(&mut bus, &[bad.clone(), bad], &[64]);
        assert!(out.iter().flatten().all(|x| x.abs() <= 1e5), "{detection:?}");
        bus.reset();
        let out = run(&mut bus, &input, &[64, 1, 500]);
        for (out, input) in out.iter().zip(&input) {
            assert_eq!(out[delay..], input[..input.len() - delay], "{detection:?}");
        }
    }
}

#[test]
fn sections_come_and_go_however_the_blocks_are_cut_and_leave_every_bit_behind() {
    let input = channels(2, -12.0, 32 * 2500);
    for detection in DETECTIONS {
        let play = |cut: &[usize]| -> Vec<Vec<Vec<u32>>> {
            let mut bus = bus(off(detection));
            let mut piece = |n: usize| {
                bus.set(if n.is_multiple_of(2) { off(detection) } else { one_on(detection, n / 2) });
                let piece: Vec<Vec<f32>> = input.iter().map(|c| c[n * 2500..][..2500].to_vec()).collect();
                bits(&run(&mut bus, &piece, cut))
            };
            (0..32).map(&mut piece).collect()
        };
        let whole = play(&[2500]);
        assert_eq!(whole, play(&[13, 1, 200]), "{detection:?}");
        let delay = bus(off(detection)).latency_frames();
        for n in (0..32).step_by(2) {
            // 20 ms of a fade, the delay, and what a filter's tail takes until it is let go.
            let (from, to) = (2500 - 700 - delay, 2500 - delay);
            for lane in 0..2 {
                let expected: Vec<u32> = input[lane][n * 2500..][from..to].iter().map(|x| x.to_bits()).collect();
                assert_eq!(whole[n][lane][2500 - 700..], expected, "{detection:?}, piece {n}");
            }
        }
    }
}

#[test]
fn nothing_clicks_that_is_switched_on_out_of_rest() {
    let tone: Vec<f32> = plumb_signals::sine(50.0, -20.0, 1.6, RATE_HZ).iter().map(|x| *x as f32).collect();
    for detection in DETECTIONS {
        let mut bus = bus(off(detection));
        let (mut largest, mut last) = (0.0_f32, 0.0_f32);
        for (n, block) in tone.chunks(2400).enumerate() {
            bus.set(if n.is_multiple_of(2) { off(detection) } else { one_on(detection, n / 2) });
            for x in &run(&mut bus, &[block.to_vec(), block.to_vec()], &[100])[0] {
                // The tone's own start is no click.
                largest = if n == 0 { 0.0 } else { largest.max((x - last).abs()) };
                last = *x;
            }
        }
        eprintln!("{detection:?}: steps up to {largest:.5}");
        // The tone's own are 0.00065, twice that while it is driven by 6 dB.
        assert!(largest < 0.002, "{detection:?}: stepped by {largest}");
    }
}

#[test]
fn meters_that_are_off_show_nothing_and_begin_anew() {
    let (loud, quiet) = (channels(5, -6.0, 48_000), channels(6, -40.0, 48_000));
    let mut settings = off(Detection::TruePeak);
    settings.meters.on = true;
    let mut bus = bus(settings);
    run(&mut bus, &loud, &[512]);
    let loudness = bus.readings().output.loudness.integrated_lufs;
    assert!(loudness > -20.0 && bus.readings().input_peak_dbfs[0] > -20.0, "{:?}", bus.readings());
    bus.set(off(Detection::TruePeak));
    run(&mut bus, &loud, &[512]);
    let readings = bus.readings();
    assert_eq!((readings.output, readings.input_peak_dbfs), (bridge::Readings::SILENCE, [f64::NEG_INFINITY; 2]));
    run(&mut bus, &quiet, &[512]);
    bus.set(settings);
    run(&mut bus, &quiet, &[512]);
    let output = bus.readings().output;
    assert!(output.true_peak_dbtp < -30.0 && output.loudness.integrated_lufs < loudness - 20.0, "{output:?}");
}

#[test]
fn what_only_shows_the_moment_rests_while_nobody_looks() {
    let noise = channels(7, -12.0, 48_000);
    let (mut watched, mut unwatched) = (bus(master::Settings::default()), bus(master::Settings::default()));
    unwatched.set_metering(false);
    run(&mut watched, &noise, &[512]);
    run(&mut unwatched, &noise, &[512]);
    let (with, without) = (watched.readings(), unwatched.readings());
    assert_eq!(without.input_peak_dbfs, [f64::NEG_INFINITY; 2]);
    assert_eq!(bridge::Readings { correlation: with.output.correlation, ..without.output }, with.output);
    assert!(with.output.correlation.abs() < 0.1 && without.output.correlation == 1.0);
    unwatched.set_metering(true);
    run(&mut watched, &noise, &[512]);
    run(&mut unwatched, &noise, &[512]);
    assert!((unwatched.readings().input_peak_dbfs[0] - watched.readings().input_peak_dbfs[0]).abs() < 1e-9);
    let (with, without) = (watched.readings().output, unwatched.readings().output);
    // A sum begun elsewhere.
    assert!((with.correlation - without.correlation).abs() < 1e-9);
    assert_eq!(bridge::Readings { correlation: with.correlation, ..without }, with);
}

/// Everything on that has no latency, so that the strip may rest before and after.
fn prompt() -> channel::Settings {
    let mut settings = busy_strip();
    settings.gate.key = Key::External;
    (settings.gate.lookahead, settings.compressor.lookahead) = (Lookahead::Off, Lookahead::Off);
    settings.saturation.oversampling = saturation::Factor::X1;
    settings
}

#[test]
fn a_resting_strip_sounds_as_one_that_is_watched() {
    let _flush = FlushGuard::new();
    let strip = |watched: bool| {
        let mut strip = channel::ChannelStrip::new(channel::Settings::default());
        strip.prepare(Spec::new(RATE_HZ, 512, 2).unwrap());
        strip.set_metering(watched);
        strip
    };
    let (mut resting, mut watched) = (strip(false), strip(true));
    let gated = channel::Settings { gate: prompt().gate, ..channel::Settings::default() };
    let mut heard = 0;
    // Blocks that are no multiples of the control grid, so that it must keep time.
    for (settings, frames) in [
        (channel::Settings::default(), 333),
        (prompt(), 24_001),
        (channel::Settings::default(), 48_005),
        (gated, 9_999),
        (prompt(), 7_000),
    ] {
        let mut input = channels(1, -12.0, frames);
        input[0][7] = f32::NAN;
        input[1][8] = f32::INFINITY;
        let mut outputs = Vec::new();
        for strip in [&mut resting, &mut watched] {
            strip.set(settings);
            outputs.push(run(strip, &input, &[77, 256, 100, 512]));
        }
        assert!(outputs[0].iter().flatten().all(|x| x.is_finite()));
        // Not as an equation: a million numbers tell nobody anything.
        assert!(bits(&outputs[0]) == bits(&outputs[1]), "after {heard} settings that are heard");
        heard += usize::from(bits(&outputs[0]) != bits(&input));
    }
    assert!(heard >= 3);
}

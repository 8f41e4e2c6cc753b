//! The sound of the CLAP bundles: bit-exact paths, timing of changes, the sidechain.

use crate::common::{
    BLOCK, RATE_HZ, assert_same, change, everything_on, load, music, run, set, set_everything_on, value,
};
use plumb_hosts::audio::{Audio, Change};
use plumb_hosts::bundles::Product;
use plumb_signals::{Noise, both, rms_db, sine};

fn left(audio: &Audio) -> Vec<f64> {
    audio.0[0].iter().map(|x| f64::from(*x)).collect()
}

#[test]
fn a_new_strip_changes_no_bit() {
    for channels in [2, 1] {
        let mut strip = load(Product::ChannelStrip);
        strip.select_channels(channels).unwrap();
        strip.activate(RATE_HZ, BLOCK).unwrap();
        let input = music(2.0).0.into_iter().take(channels).collect();
        let input = Audio(input);
        assert_eq!(strip.latency().unwrap(), 0);
        let output = strip.render(&input, None, &[], &[BLOCK]).unwrap();
        assert_same("strip at defaults", &output, &input);
    }
}

#[test]
fn a_new_bus_only_delays_below_the_ceiling() {
    for channels in [2, 1] {
        let mut bus = load(Product::MasterBus);
        bus.select_channels(channels).unwrap();
        bus.activate(RATE_HZ, BLOCK).unwrap();
        // −3 dBFS: 2 dB below the ceiling, and the programme has nothing near half the rate that could rise between samples.
        let input = Audio(music(2.0).0.into_iter().take(channels).collect());
        let latency = bus.latency().unwrap();
        assert!(latency > 0, "a limiter that looks ahead delays");
        let output = bus.render(&input, None, &[], &[BLOCK]).unwrap();
        assert_same("bus at defaults", &output, &input.delayed(latency));
    }
}

#[test]
fn bypass_equals_the_delayed_input_with_everything_on() {
    for product in Product::ALL {
        let mut plugin = load(product);
        set_everything_on(&mut plugin, product);
        set(&mut plugin, &[("bypass", "On")]);
        plugin.activate(RATE_HZ, BLOCK).unwrap();
        let input = music(2.0);
        let output = plugin.render(&input, None, &[], &[BLOCK]).unwrap();
        assert_same(product.name(), &output, &input.delayed(plugin.latency().unwrap()));
    }
}

#[test]
fn bypass_equals_the_input_soon_after_switching() {
    for product in Product::ALL {
        let mut plugin = load(product);
        set_everything_on(&mut plugin, product);
        plugin.activate(RATE_HZ, BLOCK).unwrap();
        let input = music(2.0);
        let bypass = change(&mut plugin, 48_000, "bypass", "On");
        let output = plugin.render(&input, None, &[bypass], &[BLOCK]).unwrap();
        // 50 ms: the crossfade takes 20.
        let settled = 48_000 + 2_400;
        let expected = input.delayed(plugin.latency().unwrap());
        let rest = input.frames() - settled;
        assert_same(product.name(), &output.part(settled, rest), &expected.part(settled, rest));
        assert!(output.part(0, 48_000).difference_db(&expected.part(0, 48_000)) > -40.0, "it did something before");
    }
}

#[test]
fn switches_do_not_click() {
    // A 50 Hz sine moves by at most 0.0033 from sample to sample at this level. A jump by 12 dB at its peak would be
    // 0.37. What a 20 ms ramp adds is below 0.001.
    let limit = 0.01;
    let input = Audio::from_frames(&both(&sine(50.0, -6.0, 1.0, RATE_HZ)), 2);
    for (product, id, before, after) in [
        (Product::ChannelStrip, "bypass", "Off", "On"),
        (Product::ChannelStrip, "output_gain_db", "-12 dB", "0 dB"),
        (Product::ChannelStrip, "polarity_invert", "Off", "On"),
        (Product::ChannelStrip, "eq_on", "On", "Off"),
        (Product::MasterBus, "bypass", "Off", "On"),
        (Product::MasterBus, "eq_on", "On", "Off"),
    ] {
        let mut plugin = load(product);
        let low_shelf = if product == Product::ChannelStrip { "eq_lf" } else { "eq_1" };
        let values = [(format!("{low_shelf}_on"), "On"), (format!("{low_shelf}_gain_db"), "-12 dB")];
        for (id, typed) in &values {
            set(&mut plugin, &[(id, typed)]);
        }
        set(&mut plugin, &[(id, before)]);
        plugin.activate(RATE_HZ, BLOCK).unwrap();
        // Near a crest, where a jump would be largest.
        let switched = change(&mut plugin, 24_000 + 120, id, after);
        let output = plugin.render(&input, None, &[switched], &[BLOCK]).unwrap();
        let steps = output.0[0].windows(2).skip(12_000).map(|pair| f64::from((pair[1] - pair[0]).abs()));
        let largest = steps.fold(0.0, f64::max);
        assert!(largest < limit, "{product:?} {id}: a step of {largest}");
    }
}

#[test]
fn a_change_takes_effect_at_its_frame() {
    for (product, id, to) in [
        (Product::ChannelStrip, "output_gain_db", "-6 dB"),
        (Product::ChannelStrip, "input_trim_db", "6 dB"),
        (Product::ChannelStrip, "stereo_width_pct", "0 %"),
        (Product::MasterBus, "stereo_width_pct", "0 %"),
        (Product::MasterBus, "limiter_drive_db", "12 dB"),
    ] {
        for frame in [1, 63, 1000, 4097, 9_999] {
            let mut plugin = run(product);
            let input = Audio::from_frames(&Noise::new(1).stereo(-12.0, 14_400), 2);
            let plain = plugin.render(&input, None, &[], &[BLOCK]).unwrap();
            let mut plugin = run(product);
            let changes = [change(&mut plugin, frame, id, to)];
            let changed = plugin.render(&input, None, &changes, &[BLOCK]).unwrap();
            let first = changed.first_difference(&plain).expect("the change must act");
            // A limiter's gain stands ahead of its delay, by no more than its latency.
            let earliest = frame;
            let latest = frame + plugin.latency().unwrap() + 64;
            assert!((earliest..latest).contains(&first), "{product:?} {id} at {frame}: acts at {first}");
        }
    }
}

/// Changes of many controls at awkward frames.
fn changes(plugin: &mut plumb_hosts::clap::Plugin, product: Product) -> Vec<Change> {
    let ids = everything_on(product);
    let mut changes = Vec::new();
    for (place, (id, text)) in ids.iter().enumerate() {
        let (id, on) = value(plugin, id, text);
        let default = plugin.value(id).unwrap();
        let frame = 97 * place + place * place;
        changes.push(Change { frame, id, value: on });
        changes.push(Change { frame: 12_000 + frame, id, value: default });
    }
    changes.sort_by_key(|change| change.frame);
    changes
}

#[test]
fn block_size_changes_no_bit() {
    for product in Product::ALL {
        let input = music(0.5);
        let render = |blocks: &[usize]| {
            let mut plugin = run(product);
            let changes = changes(&mut plugin, product);
            plugin.render(&input, Some(&input), &changes, blocks).unwrap()
        };
        let expected = render(&[512]);
        assert!(expected.difference_db(&input) > -40.0, "the changes must do something");
        for blocks in [&[1][..], &[7], &[64], &[512, 1, 333, 32, 31]] {
            assert_same(&format!("{} in blocks of {blocks:?}", product.name()), &render(blocks), &expected);
        }
    }
}

#[test]
fn a_loud_key_ducks_and_a_silent_one_does_not() {
    let tone = Audio::from_frames(&both(&sine(1000.0, -40.0, 1.0, RATE_HZ)), 2);
    let loud = Audio::from_frames(&both(&sine(200.0, -6.0, 1.0, RATE_HZ)), 2);
    let duck = |key: Option<&Audio>, source: &str| {
        let mut strip = load(Product::ChannelStrip);
        set(&mut strip, &[("comp_on", "On"), ("comp_threshold_db", "-30 dB"), ("comp_ratio", "4")]);
        set(&mut strip, &[("comp_key", source)]);
        strip.activate(RATE_HZ, BLOCK).unwrap();
        let output = strip.render(&tone, key, &[], &[BLOCK]).unwrap();
        rms_db(&left(&tone)[24_000..]) - rms_db(&left(&output)[24_000..])
    };
    let ducked = duck(Some(&loud), "External");
    // 24 dB over the threshold at 4:1 is 18 dB, give or take a few for the detector.
    assert!((12.0..24.0).contains(&ducked), "ducked by {ducked:.1} dB");
    // The tone itself is below the threshold.
    for (key, source) in [(None, "External"), (Some(&Audio::silence(2, 48_000)), "External"), (Some(&loud), "Internal")]
    {
        let ducked = duck(key, source);
        assert!(ducked.abs() < 0.01, "{source}: ducked by {ducked:.2} dB");
    }
}

#[test]
fn the_bus_holds_its_ceiling_at_any_drive() {
    let mut bus = load(Product::MasterBus);
    set(&mut bus, &[("limiter_drive_db", "18 dB")]);
    bus.activate(RATE_HZ, BLOCK).unwrap();
    let output = bus.render(&music(3.0), None, &[], &[BLOCK]).unwrap();
    let peak = plumb_signals::true_peak_db(&left(&output), 4_000);
    // 0.2 dB: the error of oversampled detection against ideal interpolation.
    assert!(peak < -1.0 + 0.2, "true peak {peak:.2} dBTP over a ceiling of −1");
    assert!(peak > -2.0, "true peak {peak:.2} dBTP: it limits, and no more than it has to");
}

#[test]
fn a_reset_clears_the_past() {
    for product in Product::ALL {
        let input = music(0.5);
        let mut plugin = load(product);
        set_everything_on(&mut plugin, product);
        plugin.activate(RATE_HZ, BLOCK).unwrap();
        let first = plugin.render(&input, None, &[], &[BLOCK]).unwrap();
        plugin.reset();
        assert_same("after reset", &plugin.render(&input, None, &[], &[BLOCK]).unwrap(), &first);
        plugin.restart(RATE_HZ, BLOCK).unwrap();
        assert_same("after a restart", &plugin.render(&input, None, &[], &[BLOCK]).unwrap(), &first);
    }
}

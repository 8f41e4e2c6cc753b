//! The VST3 bundles in our own host: the same sound as the CLAP bundles, and the peculiarities of VST3.

use crate::common::{BLOCK, RATE_HZ, assert_same, is_victim, music, number, run, set_everything_on, survives, table};
use plumb_hosts::audio::{Audio, Change};
use plumb_hosts::bundles::{Format, Product};
use plumb_hosts::vst3::{Plugin, Unconnected};

fn vst3(product: Product) -> Plugin {
    Plugin::load(&product.built(Format::Vst3).unwrap()).unwrap()
}

/// Parameter changes that match a CLAP plugin: both scales run from 0 to 1, but for stepped parameters.
fn like(clap: &mut plumb_hosts::clap::Plugin) -> Vec<Change> {
    let params = clap.params().unwrap();
    let normalized = |value: f64, [min, _, max]: [f64; 3]| (value - min) / (max - min);
    params
        .iter()
        .map(|param| Change { frame: 0, id: param.id, value: normalized(clap.value(param.id).unwrap(), param.range) })
        .collect()
}

#[test]
fn parameters_match_the_table_with_units() {
    for product in Product::ALL {
        let plugin = vst3(product);
        assert_eq!(plugin.name(), product.name());
        let (params, table) = (plugin.params(), table(product));
        assert_eq!(params.len(), table.len());
        for (param, row) in params.iter().zip(&table) {
            assert_eq!((param.id, param.title.as_str()), (number(&row.id), row.name.as_str()));
            assert!(row.default_text.ends_with(param.units.trim()), "{}: unit '{}'", row.id, param.units);
            assert_eq!(plugin.value(param.id), param.default_normalized, "{}", row.id);
        }
    }
}

#[test]
fn vst3_equals_clap_bit_for_bit() {
    for product in Product::ALL {
        for channels in [2, 1] {
            let input = Audio(music(1.0).0.into_iter().take(channels).collect());
            let mut clap = crate::common::load(product);
            set_everything_on(&mut clap, product);
            let changes = like(&mut clap);
            clap.select_channels(channels).unwrap();
            clap.activate(RATE_HZ, BLOCK).unwrap();
            let mut plugin = vst3(product);
            plugin.activate(RATE_HZ, BLOCK, channels).unwrap();
            // One frame to take the values, then from the start.
            plugin.render(&Audio::silence(channels, 1), None, &changes, &[1]).unwrap();
            plugin.deactivate();
            plugin.activate(RATE_HZ, BLOCK, channels).unwrap();
            assert_eq!(plugin.latency(), clap.latency().unwrap());
            let expected = clap.render(&input, Some(&input), &[], &[BLOCK]).unwrap();
            assert_same(product.name(), &plugin.render(&input, Some(&input), &[], &[BLOCK]).unwrap(), &expected);
        }
    }
}

#[test]
fn block_size_changes_no_bit() {
    for product in Product::ALL {
        let input = music(0.3);
        let (gain, width) = (number("eq_on"), number("stereo_width_pct"));
        let changes: Vec<_> =
            (0..20).map(|n| Change { frame: 701 * n, id: [gain, width][n % 2], value: (n % 4) as f64 / 3.0 }).collect();
        let render = |blocks: &[usize]| {
            let mut plugin = vst3(product);
            plugin.activate(RATE_HZ, BLOCK, 2).unwrap();
            plugin.render(&input, None, &changes, blocks).unwrap()
        };
        let expected = render(&[512]);
        for blocks in [&[1][..], &[7], &[64]] {
            assert_same(&format!("{} in blocks of {blocks:?}", product.name()), &render(blocks), &expected);
        }
    }
}

#[test]
fn a_session_restores_and_a_broken_one_is_harmless() {
    for product in Product::ALL {
        let mut clap = run(product);
        set_everything_on(&mut clap, product);
        let changes = like(&mut clap);
        let mut first = vst3(product);
        first.activate(RATE_HZ, BLOCK, 2).unwrap();
        first.render(&Audio::silence(2, 1), None, &changes, &[1]).unwrap();
        let saved = first.save().unwrap();
        let mut second = vst3(product);
        second.load_state(&saved).unwrap();
        let json = |bytes: &[u8]| serde_json::from_slice::<serde_json::Value>(bytes).unwrap();
        assert_eq!(json(&second.save().unwrap()), json(&saved));
        for broken in [&[][..], &[0; 64], &[0xFF; 64], &saved[..saved.len() / 2]] {
            assert!(second.load_state(broken).is_err(), "{} bytes must be refused", broken.len());
            assert_eq!(json(&second.save().unwrap()), json(&saved), "a refused state changes nothing");
        }
        second.activate(RATE_HZ, BLOCK, 2).unwrap();
        assert!(second.render(&music(0.2), None, &[], &[BLOCK]).unwrap().is_finite());
    }
}

#[test]
fn a_changed_lookahead_is_reported_after_a_restart() {
    let mut bus = vst3(Product::MasterBus);
    bus.activate(RATE_HZ, BLOCK, 2).unwrap();
    let old = bus.latency();
    let input = music(0.3);
    let longest = Change { frame: 0, id: number("limiter_lookahead_ms"), value: 1.0 };
    let output = bus.render(&input, None, &[longest], &[BLOCK]).unwrap();
    assert_same("before the restart", &output, &input.delayed(old));
    bus.deactivate();
    bus.activate(RATE_HZ, BLOCK, 2).unwrap();
    let new = bus.latency();
    assert!(new >= 960, "20 ms are 960 frames at least, reported are {new}");
    assert_same("after the restart", &bus.render(&input, None, &[], &[BLOCK]).unwrap(), &input.delayed(new));
}

#[test]
fn twenty_instances_share_a_library() {
    let input = music(0.2);
    let mut plugins: Vec<_> = (0..20).map(|place| vst3(Product::ALL[place % 2])).collect();
    for plugin in &mut plugins {
        plugin.activate(RATE_HZ, BLOCK, 2).unwrap();
    }
    for plugin in &mut plugins {
        assert!(plugin.render(&input, None, &[], &[BLOCK]).unwrap().is_finite());
    }
}

#[test]
fn a_sidechain_of_another_width_is_rejected() {
    let strip = vst3(Product::ChannelStrip);
    for (inputs, taken) in [([2, 2], true), ([1, 1], true), ([1, 2], false), ([2, 1], false)] {
        assert_eq!(strip.takes(&inputs), taken, "main and sidechain of {inputs:?} channels");
    }
}

/// Hosts built on JUCE deactivate an unconnected sidechain, others omit its bus.
fn survives_unconnected(unconnected: Unconnected, test: &str) {
    if !is_victim() {
        assert!(survives(test), "the host crashed");
        return;
    }
    for channels in [1, 2] {
        let input = Audio(music(0.1).0.into_iter().take(channels).collect());
        let external = ["comp_on", "comp_key"].map(|id| Change { frame: 0, id: number(id), value: 1.0 });
        let render = |unconnected: Unconnected| {
            let mut strip = vst3(Product::ChannelStrip);
            strip.set_unconnected(unconnected);
            strip.activate(RATE_HZ, BLOCK, channels).unwrap();
            strip.render(&input, None, &external, &[BLOCK]).unwrap()
        };
        assert_same("keyed by nothing", &render(unconnected), &render(Unconnected::Silence));
    }
}

#[test]
fn a_sidechain_without_buffers_is_silence() {
    survives_unconnected(Unconnected::WithoutBuffers, "vst3::a_sidechain_without_buffers_is_silence");
}

#[test]
fn a_missing_sidechain_is_silence() {
    survives_unconnected(Unconnected::Absent, "vst3::a_missing_sidechain_is_silence");
}

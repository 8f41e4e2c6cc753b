//! Sessions and latency of the CLAP bundles: states restore, broken ones are harmless.

use crate::common::{BLOCK, RATE_HZ, assert_same, load, music, number, run, set, set_everything_on, value};
use plumb_hosts::bundles::Product;
use plumb_hosts::clap::Plugin;
use serde_json::{Value, json};
use std::sync::atomic::Ordering::SeqCst;

/// Length of the header of the framework's state.
const HEADER: usize = 8;

/// A state in the framework's format around some JSON.
fn state(json: &Value) -> Vec<u8> {
    let text = json.to_string().into_bytes();
    (text.len() as u64).to_le_bytes().into_iter().chain(text).collect()
}

fn json_of(state: &[u8]) -> Value {
    serde_json::from_slice(&state[HEADER..]).unwrap()
}

/// Every parameter somewhere in its range, none at its default.
fn scramble(plugin: &mut Plugin) {
    let params = plugin.params().unwrap();
    for (place, param) in params.iter().enumerate() {
        let [min, default, max] = param.range;
        let value = min + (max - min) * ((place as f64 * 0.618).fract() * 0.9 + 0.05);
        let stepped = param.flags.contains(clack_extensions::params::ParamInfoFlags::IS_STEPPED);
        let value = if stepped { value.round() } else { value };
        let value = if value == default && default == max { min } else { value };
        plugin.set(&[(param.id, value)]).unwrap();
    }
    set(plugin, &[("bypass", "Off")]);
}

#[test]
fn a_session_restores_every_value_and_every_bit_of_sound() {
    for product in Product::ALL {
        let mut first = load(product);
        scramble(&mut first);
        let saved = first.save().unwrap();
        let mut second = load(product);
        second.load_state(&saved).unwrap();
        for param in first.params().unwrap() {
            assert_eq!(second.value(param.id).unwrap(), first.value(param.id).unwrap(), "{}", param.name);
        }
        assert_eq!(json_of(&second.save().unwrap()), json_of(&saved));
        let input = music(0.5);
        let render = |plugin: &mut Plugin| {
            plugin.activate(RATE_HZ, BLOCK).unwrap();
            plugin.render(&input, Some(&input), &[], &[BLOCK]).unwrap()
        };
        assert_same(product.name(), &render(&mut second), &render(&mut first));
    }
}

#[test]
fn a_session_may_load_while_the_plugin_runs() {
    for product in Product::ALL {
        let mut first = load(product);
        set_everything_on(&mut first, product);
        let saved = first.save().unwrap();
        let mut second = run(product);
        second.render(&music(0.2), None, &[], &[BLOCK]).unwrap();
        second.load_state(&saved).unwrap();
        assert!(second.render(&music(0.2), None, &[], &[BLOCK]).unwrap().is_finite());
        for param in first.params().unwrap() {
            assert_eq!(second.value(param.id).unwrap(), first.value(param.id).unwrap(), "{}", param.name);
        }
    }
}

#[test]
fn a_state_without_values_restores_the_defaults() {
    for product in Product::ALL {
        let mut plugin = load(product);
        scramble(&mut plugin);
        let mut empty = json_of(&plugin.save().unwrap());
        empty["params"] = json!({});
        plugin.load_state(&state(&empty)).unwrap();
        for param in plugin.params().unwrap() {
            assert_eq!(plugin.value(param.id).unwrap(), param.range[1], "{} must be at its default", param.name);
        }
    }
}

/// Broken states.
fn broken(plugin: &mut Plugin) -> Vec<(String, Vec<u8>)> {
    let good = plugin.save().unwrap();
    let mut states = vec![
        ("nothing".to_owned(), Vec::new()),
        ("zeros".to_owned(), vec![0; 100]),
        ("a length without end".to_owned(), vec![0xFF; 100]),
        ("garbage".to_owned(), (0..4096_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect()),
        ("no object".to_owned(), state(&json!([1, 2, 3]))),
        ("another plugin's".to_owned(), state(&json!({"knobs": [0.5]}))),
        (
            "texts for numbers".to_owned(),
            state(&json!({"version": "0.1.0", "params": {"comp_ratio": "4"}, "fields": {}})),
        ),
    ];
    for cut in [1, 4, HEADER, HEADER + 1, good.len() / 2, good.len() - 1] {
        states.push((format!("the first {cut} bytes"), good[..cut].to_vec()));
    }
    for value in
        [json!({"f32": 1e39}), json!({"f32": -1e30}), json!({"f32": null}), json!({"i32": -1}), json!({"i32": 99})]
    {
        let mut wild = json_of(&good);
        for (_, stored) in wild["params"].as_object_mut().unwrap() {
            *stored = value.clone();
        }
        states.push((format!("all values {value}"), state(&wild)));
    }
    let mut newer = json_of(&good);
    newer["version"] = json!("99.0.0");
    newer["params"]["a_control_of_tomorrow"] = json!({"f32": 0.5});
    newer["fields"]["plumb_state"] = json!("99");
    states.push(("a newer version's".to_owned(), state(&newer)));
    states
}

#[test]
fn broken_states_are_rejected_or_sanitised() {
    for product in Product::ALL {
        let mut plugin = run(product);
        let input = music(0.3);
        for (what, bytes) in broken(&mut plugin) {
            let refused = plugin.load_state(&bytes).is_err();
            assert!(plugin.render(&input, None, &[], &[BLOCK]).unwrap().is_finite(), "{product:?} after {what}");
            let mut fresh = run(product);
            for param in plugin.params().unwrap() {
                let value = plugin.value(param.id).unwrap();
                let [min, _, max] = param.range;
                assert!((min..=max).contains(&value), "{} = {value} after {what}", param.name);
                if refused {
                    assert_eq!(
                        value,
                        fresh.value(param.id).unwrap(),
                        "{} changed by {what}, which was refused",
                        param.name
                    );
                }
                plugin.set(&[(param.id, param.range[1])]).unwrap();
            }
            plugin.restart(RATE_HZ, BLOCK).unwrap();
            let output = plugin.render(&input, None, &[], &[BLOCK]).unwrap();
            assert_same(
                &format!("{} at defaults after {what}", product.name()),
                &output,
                &fresh.render(&input, None, &[], &[BLOCK]).unwrap(),
            );
        }
    }
}

#[test]
fn a_rejected_state_changes_no_bit_of_the_output() {
    for product in Product::ALL {
        let input = music(0.5);
        let play = |broken: Option<&[u8]>| {
            let mut plugin = load(product);
            set_everything_on(&mut plugin, product);
            plugin.activate(RATE_HZ, BLOCK).unwrap();
            let mut output = plugin.render(&input, None, &[], &[BLOCK]).unwrap();
            if let Some(bytes) = broken {
                assert!(plugin.load_state(bytes).is_err());
            }
            let second = plugin.render(&input, None, &[], &[BLOCK]).unwrap();
            output.0.iter_mut().zip(second.0).for_each(|(to, from)| to.extend(from));
            output
        };
        assert_same(product.name(), &play(Some(&[0xAB; 64])), &play(None));
    }
}

#[test]
fn a_new_lookahead_requests_a_restart_and_then_reports_its_latency() {
    let mut bus = run(Product::MasterBus);
    let input = music(0.5);
    let old = bus.latency().unwrap();
    bus.requests().restart.store(false, SeqCst);
    let longer = value(&mut bus, "limiter_lookahead_ms", "10 ms");
    bus.set(&[longer]).unwrap();
    // Nothing changes until the host restarts it.
    let output = bus.render(&input, None, &[], &[BLOCK]).unwrap();
    assert_same("before the restart", &output, &input.delayed(old));
    assert_eq!(bus.latency().unwrap(), old, "the latency must not change under a running host");
    assert!(bus.requests().restart.load(SeqCst), "it must ask for a restart");
    bus.restart(RATE_HZ, BLOCK).unwrap();
    bus.idle();
    let new = bus.latency().unwrap();
    assert!(new >= 480, "10 ms are 480 frames at least, reported are {new}");
    assert_same("after the restart", &bus.render(&input, None, &[], &[BLOCK]).unwrap(), &input.delayed(new));
    assert!(!bus.requests().latency_changed_outside_activate.load(SeqCst), "CLAP forbids it");
    // No further restart is requested.
    bus.requests().restart.store(false, SeqCst);
    bus.render(&input, None, &[], &[BLOCK]).unwrap();
    bus.idle();
    assert!(!bus.requests().restart.load(SeqCst), "one restart is enough");
}

#[test]
fn a_session_with_another_lookahead_requests_a_restart() {
    let mut first = load(Product::MasterBus);
    set(&mut first, &[("limiter_lookahead_ms", "15 ms")]);
    let saved = first.save().unwrap();
    let mut second = run(Product::MasterBus);
    second.load_state(&saved).unwrap();
    second.render(&music(0.1), None, &[], &[BLOCK]).unwrap();
    second.idle();
    assert!(second.requests().restart.load(SeqCst));
    second.restart(RATE_HZ, BLOCK).unwrap();
    first.activate(RATE_HZ, BLOCK).unwrap();
    assert_eq!(second.latency().unwrap(), first.latency().unwrap());
    assert_eq!(
        second.value(number("limiter_lookahead_ms")).unwrap(),
        first.value(number("limiter_lookahead_ms")).unwrap()
    );
}

//! Robustness of the CLAP bundles: any rate, block and number, many instances, loading and unloading.

use crate::common::{BLOCK, RATE_HZ, assert_same, is_victim, load, music, run, set, set_everything_on, survives};
use plumb_hosts::audio::Audio;
use plumb_hosts::bundles::Product;
use plumb_hosts::programme::programme;
use plumb_signals::rms_db;

/// NaN, infinite, denormal, and +200 dBFS.
const POISON: [f32; 8] =
    [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, f32::MAX, 1e10, -1e10, 1e-40, f32::MIN_POSITIVE / 2.0];

#[test]
fn hostile_input_comes_out_finite_and_decays_within_a_second() {
    for product in Product::ALL {
        for poison in POISON {
            let clean = music(3.0);
            let mut poisoned = clean.clone();
            for channel in &mut poisoned.0 {
                channel[4_800..9_600].fill(poison);
            }
            let render = |input: &Audio| {
                let mut plugin = load(product);
                set_everything_on(&mut plugin, product);
                plugin.activate(RATE_HZ, BLOCK).unwrap();
                plugin.render(input, Some(input), &[], &[BLOCK]).unwrap()
            };
            let output = render(&poisoned);
            assert!(output.is_finite(), "{product:?} after {poison}");
            // From one second after the poison on, for a second.
            let level = |audio: &Audio| {
                rms_db(&audio.part(57_600, 48_000).0.concat().iter().map(|x| (*x).into()).collect::<Vec<_>>())
            };
            let (got, expected) = (level(&output), level(&render(&clean)));
            // 1 dB: what is left of slow releases.
            assert!((got - expected).abs() < 1.0, "{product:?} after {poison}: {got:.1} dB, expected {expected:.1}");
        }
    }
}

#[test]
fn a_new_strip_is_bit_exact_again_after_hostile_input() {
    let mut input = music(1.0);
    for poison in POISON {
        input.0[0][1000..1100].fill(poison);
        let mut strip = run(Product::ChannelStrip);
        let output = strip.render(&input, None, &[], &[BLOCK]).unwrap();
        assert_same(&format!("after {poison}"), &output.part(1100, 40_000), &input.part(1100, 40_000));
    }
}

#[test]
fn silence_stays_silence_and_leaves_no_denormals() {
    for product in Product::ALL {
        let mut plugin = load(product);
        set_everything_on(&mut plugin, product);
        plugin.activate(RATE_HZ, BLOCK).unwrap();
        plugin.render(&music(1.0), None, &[], &[BLOCK]).unwrap();
        let tail = plugin.render(&Audio::silence(2, 480_000), None, &[], &[BLOCK]).unwrap();
        assert!(tail.0.iter().flatten().all(|x| *x == 0.0 || x.is_normal()), "{product:?}: denormals come out");
        let last = tail.part(432_000, 48_000);
        let loudest = last.0.iter().flatten().fold(0.0_f32, |peak, x| peak.max(x.abs()));
        // −120 dBFS: below 20 bits.
        assert!(loudest < 1e-6, "{product:?}: {loudest} nine seconds after the music");
    }
}

#[test]
fn every_rate_and_block_length_runs() {
    for product in Product::ALL {
        for rate_hz in [8_000.0, 11_025.0, 44_100.0, 48_000.0, 88_200.0, 96_000.0, 192_000.0, 384_000.0, 768_000.0] {
            for block in [1, 13, 1_024, 16_384] {
                let mut plugin = load(product);
                set_everything_on(&mut plugin, product);
                plugin.activate(rate_hz, block).unwrap_or_else(|error| panic!("{rate_hz} Hz, {block}: {error:#}"));
                let latency_s = plugin.latency().unwrap() as f64 / rate_hz;
                assert!(latency_s < 0.1, "{product:?} at {rate_hz} Hz: {latency_s} s of latency");
                let input = Audio::from_frames(&programme(0.1, rate_hz), 2);
                let output = plugin.render(&input, None, &[], &[block]).unwrap();
                assert!(output.is_finite(), "{product:?} at {rate_hz} Hz, {block}");
                assert!(
                    output.0.iter().flatten().any(|x| x.abs() > 0.01),
                    "{product:?} at {rate_hz} Hz, {block}: silent"
                );
            }
        }
    }
}

#[test]
fn rate_and_block_length_may_change_per_activation() {
    for product in Product::ALL {
        let mut plugin = load(product);
        let input = music(0.2);
        let mut expected = None;
        for (rate_hz, block) in [(RATE_HZ, BLOCK), (8_000.0, 16_384), (768_000.0, 1), (RATE_HZ, BLOCK)] {
            plugin.restart(rate_hz, block).unwrap();
            let output = plugin.render(&input, None, &[], &[block]).unwrap();
            if (rate_hz, block) == (RATE_HZ, BLOCK) {
                assert_same("back at the first rate", &output, expected.get_or_insert(output.clone()));
            }
        }
    }
}

#[test]
fn twenty_instances_do_not_affect_each_other() {
    let input = music(0.5);
    let mut plugins: Vec<_> = (0..20)
        .map(|place| {
            let product = Product::ALL[place % 2];
            let mut plugin = load(product);
            if place % 4 < 2 {
                set_everything_on(&mut plugin, product);
            }
            plugin.activate(RATE_HZ, BLOCK).unwrap();
            plugin
        })
        .collect();
    // In turn, block by block.
    let mut outputs = vec![Audio::silence(2, 0); plugins.len()];
    for at in (0..input.frames()).step_by(BLOCK) {
        let block = input.part(at, BLOCK.min(input.frames() - at));
        for (plugin, output) in plugins.iter_mut().zip(&mut outputs) {
            let part = plugin.render(&block, None, &[], &[BLOCK]).unwrap();
            for (to, from) in output.0.iter_mut().zip(part.0) {
                to.extend(from);
            }
        }
    }
    for (place, output) in outputs.iter().enumerate() {
        let product = Product::ALL[place % 2];
        let mut alone = load(product);
        if place % 4 < 2 {
            set_everything_on(&mut alone, product);
        }
        alone.activate(RATE_HZ, BLOCK).unwrap();
        let expected = alone.render(&input, None, &[], &[BLOCK]).unwrap();
        assert_same(&format!("instance {place}"), output, &expected);
    }
}

#[test]
fn twenty_threads_process_at_once() {
    let input = music(0.5);
    let expected = Product::ALL.map(|product| run(product).render(&input, None, &[], &[BLOCK]).unwrap());
    std::thread::scope(|scope| {
        for place in 0..20 {
            let (input, expected) = (&input, &expected[place % 2]);
            scope.spawn(move || {
                let output = run(Product::ALL[place % 2]).render(input, None, &[], &[BLOCK]).unwrap();
                assert_same(&format!("thread {place}"), &output, expected);
            });
        }
    });
}

#[test]
fn the_library_can_be_loaded_repeatedly() {
    let input = music(0.1);
    for round in 0..5 {
        for product in Product::ALL {
            let mut plugin = run(product);
            let output = plugin.render(&input, None, &[], &[BLOCK]).unwrap();
            assert!(output.is_finite(), "round {round}");
        }
    }
}

/// A Rust library registers clean-up code in every thread that has called it, which runs when the thread ends. The code
/// must still be there: the bundles are linked to stay in memory.
#[test]
fn a_thread_may_end_after_the_library_is_released() {
    if is_victim() {
        let play = || drop(run(Product::ChannelStrip).render(&music(0.05), None, &[], &[BLOCK]).unwrap());
        // The library is left and loaded by one thread while another one ends.
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| (0..50).for_each(|_| std::thread::spawn(play).join().unwrap()));
            }
        });
        return;
    }
    assert!(survives("robust::a_thread_may_end_after_the_library_is_released"), "the host crashed");
}

#[test]
fn out_of_range_values_are_clamped() {
    for product in Product::ALL {
        let mut plugin = run(product);
        for param in plugin.params().unwrap() {
            for value in [1e30, -1e30, f64::INFINITY, f64::NEG_INFINITY, f64::NAN] {
                plugin.set(&[(param.id, value)]).unwrap();
                let output = plugin.render(&music(0.02), None, &[], &[BLOCK]).unwrap();
                assert!(output.is_finite(), "{} = {value}", param.name);
            }
            plugin.set(&[(param.id, param.range[1])]).unwrap();
        }
        set(&mut plugin, &[("bypass", "Off")]);
        assert!(plugin.render(&music(0.5), None, &[], &[BLOCK]).unwrap().is_finite());
    }
}

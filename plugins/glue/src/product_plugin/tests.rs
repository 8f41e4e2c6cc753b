//! The plugin, proved with hosts that do what they like.

mod callback;
mod rig;

use super::*;
use crate::testing::set;
use dsp_core::Choice;
use dsp_core::chain::master::{self, MasterBus};
use dsp_core::eq::phase::Mode;
use dsp_core::meter::readings::Readings as _;
use dsp_core::meter::{
    tap::TapReader,
    taps::{SignalTaps, TapPoint},
};
use dsp_core::units::gain_to_db;
use rig::{Sound, activate, process, process_while};
use std::time::{Duration, Instant};

/// A chain that panics while bypassed.
struct Failing {
    fails: bool,
}

impl Chain for Failing {
    type Settings = master::Settings;
    type Readings = master::Readings;
    fn new(settings: Self::Settings) -> Self {
        Self { fails: settings.bypass }
    }
    fn attach_taps(&mut self, _taps: Arc<SignalTaps>) {}
    fn prepare(&mut self, _spec: Spec) {}
    fn reset(&mut self) {}
    fn set(&mut self, settings: Self::Settings) {
        self.fails = settings.bypass;
    }
    fn process<K: AsRef<[f32]>>(&mut self, _main: &mut [&mut [f32]], _key: Option<&[K]>) {
        assert!(!self.fails, "on purpose");
    }
    fn latency_frames(&self) -> usize {
        0
    }
    fn pending_latency_frames(&self) -> usize {
        0
    }
    fn readings(&self) -> Self::Readings {
        Self::Readings::SILENCE
    }
    fn set_metering(&mut self, _metering: bool) {}
}

#[test]
fn rates_that_the_designs_do_not_hold_for_are_refused() {
    let mut plugin = ProductPlugin::<Sound<MasterBus>>::default();
    for rate in [0.0, 999.0, 2_000_001.0, f32::NAN, f32::INFINITY] {
        assert_eq!(activate(&mut plugin, rate), (false, None), "{rate}");
    }
    for rate in [1_234.5, 8_000.0, 44_100.0, 768_000.0] {
        assert!(activate(&mut plugin, rate).0, "{rate}");
    }
}

#[test]
fn a_structural_change_waits_for_activation_whatever_the_host_resets() {
    let mut plugin = ProductPlugin::<Sound<MasterBus>>::default();
    let before = activate(&mut plugin, 48_000.0).1.unwrap();
    set(&plugin.params, "limiter_lookahead_ms", 10.0);
    let mut restarts = 0;
    for _ in 0..100 {
        restarts += process(&mut plugin, &[0.0; 512]).1;
        plugin.reset();
        assert_eq!(plugin.chain.as_ref().unwrap().latency_frames(), before as usize);
    }
    assert_eq!(restarts, 1);
    let after = activate(&mut plugin, 48_000.0).1.unwrap();
    // 8 ms more lookahead.
    assert_eq!(after - before, 384);
}

#[test]
fn the_phase_mode_waits_for_activation_and_brings_its_latency() {
    let mut plugin = ProductPlugin::<Sound<MasterBus>>::default();
    let before = activate(&mut plugin, 48_000.0).1.unwrap();
    set(&plugin.params, "eq_phase", Mode::Linear4k.index() as f64);
    let restarts: usize = (0..100).map(|_| process(&mut plugin, &[0.0; 512]).1).sum();
    assert_eq!((restarts, plugin.chain.as_ref().unwrap().latency_frames()), (1, before as usize));
    let after = activate(&mut plugin, 48_000.0).1.unwrap();
    assert_eq!((after - before) as usize, Mode::Linear4k.latency_frames());
}

/// Mean level of what comes out while a steady sine of 1 kHz goes in.
fn tone_rms(plugin: &mut ProductPlugin<Sound<MasterBus>>) -> f32 {
    // Whole periods.
    let tone: Vec<f32> = (0..480).map(|n| 0.1 * (n as f32 * std::f32::consts::TAU / 48.0).sin()).collect();
    let out = process(plugin, &tone).0;
    (out.iter().map(|x| x * x).sum::<f32>() / 480.0).sqrt()
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the test waits for the designer")]
fn a_band_in_a_linear_mode_moves_while_it_plays_and_a_thread_beside_designs() {
    let mut plugin = ProductPlugin::<Sound<MasterBus>>::default();
    set(&plugin.params, "eq_phase", Mode::Linear4k.index() as f64);
    set(&plugin.params, "eq_5_freq_hz", 1000.0);
    activate(&mut plugin, 48_000.0);
    let flat = (0..20).map(|_| tone_rms(&mut plugin)).last().unwrap();
    set(&plugin.params, "eq_5_gain_db", 6.0);
    set(&plugin.params, "eq_5_on", 1.0);
    let start = Instant::now();
    let moved = loop {
        let gain_db = gain_to_db(f64::from(tone_rms(&mut plugin) / flat));
        if gain_db > 5.9 || start.elapsed() > Duration::from_secs(20) {
            break gain_db;
        }
        std::thread::sleep(Duration::from_millis(1));
    };
    assert!((5.9..6.1).contains(&moved), "{moved} dB");
}

#[test]
fn a_chain_without_its_thread_designs_nothing() {
    let mut plugin = ProductPlugin::<Sound<MasterBus>>::default();
    set(&plugin.params, "eq_5_freq_hz", 1000.0);
    set(&plugin.params, "eq_phase", Mode::Linear4k.index() as f64);
    activate(&mut plugin, 48_000.0);
    let thread = plugin.worker.0.take();
    // The thread is still there, but belongs to another chain now.
    let mut chain = Box::new(MasterBus::for_host(plugin.audio.settings()).0);
    chain.prepare(Spec::new(48_000.0, 512, 2).unwrap());
    plugin.chain = Some(chain);
    assert!(thread.is_some_and(|thread| thread.join().is_ok()), "it ends with its chain");
    let flat = (0..20).map(|_| tone_rms(&mut plugin)).last().unwrap();
    set(&plugin.params, "eq_5_gain_db", 6.0);
    set(&plugin.params, "eq_5_on", 1.0);
    let after = (0..50).map(|_| tone_rms(&mut plugin)).last().unwrap();
    assert!((after / flat - 1.0).abs() < 1e-4, "designed on the audio thread: {after} {flat}");
}

#[test]
fn a_thread_is_only_started_where_something_is_to_be_designed() {
    let mut plugin = ProductPlugin::<Sound<MasterBus>>::default();
    for mode in [Mode::Zero, Mode::Matched, Mode::Zero] {
        set(&plugin.params, "eq_phase", mode.index() as f64);
        activate(&mut plugin, 48_000.0);
        assert_eq!(plugin.worker.0.is_some(), mode != Mode::Zero);
    }
}

#[test]
fn a_reset_rests_on_the_parameters_as_they_are() {
    let mut plugin = ProductPlugin::<Sound<MasterBus>>::default();
    activate(&mut plugin, 48_000.0);
    set(&plugin.params, "limiter_on", 0.0);
    plugin.reset();
    let mut other = ProductPlugin::<Sound<MasterBus>>::default();
    set(&other.params, "limiter_on", 0.0);
    activate(&mut other, 48_000.0);
    let block: Vec<f32> = (0..2048).map(|n| (n as f32 * 0.1).sin()).collect();
    assert_eq!(process(&mut plugin, &block).0, process(&mut other, &block).0);
}

#[test]
fn blocks_longer_than_promised_and_empty_ones_are_processed() {
    let mut plugin = ProductPlugin::<Sound<MasterBus>>::default();
    assert_eq!(process(&mut plugin, &[0.5; 4]).0.len(), 4, "before activation nothing happens");
    activate(&mut plugin, 48_000.0);
    process(&mut plugin, &[]);
    let (out, _) = process(&mut plugin, &[0.25; 5000]);
    // Flat: the input, after the limiter's latency.
    assert!((out[4999] - 0.25).abs() < 1e-6, "{}", out[4999]);
}

#[test]
fn a_panic_stays_inside_and_the_sound_goes_on() {
    let mut plugin = ProductPlugin::<Sound<Failing>>::default();
    activate(&mut plugin, 48_000.0);
    assert_eq!(process(&mut plugin, &[0.5; 4]).0, [0.5; 4]);
    set(&plugin.params, "bypass", 1.0);
    assert_eq!(process(&mut plugin, &[0.5; 4]).0, [0.0; 4], "the block that failed is silent");
    plugin.reset();
    assert_eq!(process(&mut plugin, &[0.5; 4]).0, [0.5; 4], "what follows passes through");
    set(&plugin.params, "bypass", 0.0);
    activate(&mut plugin, 48_000.0);
    assert!(!plugin.failed);
}

#[test]
fn whoever_looks_at_the_equaliser_goes_on_looking_after_an_activation() {
    let mut plugin = ProductPlugin::<Sound<MasterBus>>::default();
    activate(&mut plugin, 48_000.0);
    let taps = Arc::clone(plugin.meters.taps());
    let mut readers = [TapPoint::Pre, TapPoint::Post].map(|place| TapReader::new(taps.at(place)));
    for rate in [48_000.0, 96_000.0] {
        activate(&mut plugin, rate);
        for reader in &mut readers {
            let mut frames = Vec::new();
            reader.read(&mut frames);
            process(&mut plugin, &[0.5; 64]);
            reader.read(&mut frames);
            assert_eq!(
                (&frames[frames.len() - 64..], reader.tap().sample_rate_hz()),
                (&[[0.5; 2]; 64][..], rate.into())
            );
        }
    }
}

#[test]
fn readings_reach_the_editor_that_looks() {
    let mut plugin = ProductPlugin::<Sound<MasterBus>>::default();
    activate(&mut plugin, 48_000.0);
    let _ = plugin.meters.look();
    process(&mut plugin, &[0.5; 4096]);
    assert_eq!(plugin.meters.look().1, 0, "nobody has stayed");
    for _ in 0..100 {
        plugin.meters.keep_looking();
        process(&mut plugin, &[0.5; 512]);
    }
    let (readings, count) = plugin.meters.look();
    // A second in blocks of 11 ms: every fourth one.
    assert!(count >= 20, "{count}");
    // Half of full scale, to the f32 of the block's border.
    assert!((readings.output.peak_dbfs[0] + 6.0206).abs() < 1e-3, "{readings:?}");
    assert_eq!(plugin.meters.sample_rate_hz(), 48_000.0);
}

#[test]
fn the_measurement_outlives_a_reset_of_the_host_and_begins_with_its_playing_if_asked_to() {
    let mut plugin = ProductPlugin::<Sound<MasterBus>>::default();
    activate(&mut plugin, 48_000.0);
    let history = plugin.meters.taps().history();
    let run = |plugin: &mut ProductPlugin<_>, playing: bool| {
        for _ in 0..100 {
            process_while(plugin, &[0.5; 512], playing);
        }
        history.length_s()
    };
    let first = run(&mut plugin, true);
    assert!((first - 51_200.0 / 48_000.0).abs() < 0.11, "{first}");
    plugin.reset();
    assert!(run(&mut plugin, false) > 1.9 * first, "a reset is not a new measurement");
    assert!(run(&mut plugin, true) > 2.8 * first, "nor is playing, unless it is asked for");
    set(&plugin.params, "meter_reset_on_play", 1.0);
    assert!(run(&mut plugin, true) > 3.8 * first, "it plays already");
    assert!(run(&mut plugin, false) > 4.7 * first, "stopping is no beginning");
    assert!(run(&mut plugin, true) <= first + 0.11);
    plugin.reset();
    assert!(run(&mut plugin, true) <= first + 0.11, "a host that had stopped without a word plays again");
    set(&plugin.params, "meter_pause", 1.0);
    let paused = run(&mut plugin, true);
    assert!((first - 0.11..=first + 0.11).contains(&paused), "{paused}");
    plugin.meters.ask_for_reset();
    assert_eq!(run(&mut plugin, true), 0.0, "by hand, paused or not");
}

//! The shell, proved with hosts that do what they like.

use super::*;
use crate::desk::Desk;
use crate::testing::set;
use dsp_core::Chain;
use dsp_core::Choice;
use dsp_core::chain::master::{self, MasterBus};
use dsp_core::eq::phase::Mode;
use dsp_core::meter::{
    tap::TapReader,
    taps::{SignalTaps, TapPoint},
};
use dsp_core::units::gain_to_db;
use nice_plug::context::PluginApi;
use nice_plug::context::process::SendEventError;
use nice_plug::prelude::PluginNoteEvent;
use std::cell::Cell;
use std::marker::PhantomData;
use std::time::{Duration, Instant};

#[derive(Default)]
struct NoFace;

impl<C: Controlled> Face<C> for NoFace {
    const SIZE: (f32, f32) = (1.0, 1.0);
    const MIN_SIZE: (f32, f32) = (1.0, 1.0);
    fn ui(&mut self, _ui: &mut egui::Ui, _desk: &Desk<'_, C>) {}
}

/// A product of a chain alone.
struct Sound<C>(PhantomData<fn() -> C>);

impl<C: Controlled> Product for Sound<C> {
    type Chain = C;
    type Face = NoFace;
    const NAME: &'static str = "Sound";
    const DESCRIPTION: &'static str = "";
    const CLAP_ID: &'static str = "";
    const CLAP_FEATURES: &'static [ClapFeature] = &[];
    const VST3_CLASS_ID: [u8; 16] = [0; 16];
    const VST3_SUBCATEGORIES: &'static [Vst3SubCategory] = &[];
    const LAYOUTS: &'static [AudioIOLayout] = &[];
}

/// A chain that panics while bypassed.
struct Failing {
    fails: bool,
}

impl Controlled for Failing {
    fn controls() -> plumb_controls::Controls<Self::Settings> {
        plumb_controls::master_bus()
    }
}

impl dsp_core::Chain for Failing {
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
        <Self::Readings as dsp_core::meter::readings::Readings>::SILENCE
    }
    fn set_metering(&mut self, _metering: bool) {}
}

/// A host, and what the plugin asked of it.
struct Asked {
    latency: Cell<Option<u32>>,
    restarts: Cell<usize>,
    transport: Transport,
}

impl Default for Asked {
    fn default() -> Self {
        Self { latency: Cell::default(), restarts: Cell::default(), transport: Transport::new(48_000.0) }
    }
}

impl<P: Product> ActivateContext<Shell<P>> for Asked {
    fn plugin_api(&self) -> PluginApi {
        PluginApi::Clap
    }
    fn execute(&self, _task: ()) {}
    fn set_latency_samples(&self, samples: u32) {
        self.latency.set(Some(samples));
    }
    fn set_current_voice_capacity(&self, _capacity: u32) {}
}

impl<P: Product> ProcessContext<Shell<P>> for Asked {
    fn plugin_api(&self) -> PluginApi {
        PluginApi::Clap
    }
    fn execute_background(&self, _task: ()) {}
    fn execute_gui(&self, _task: ()) {}
    fn transport(&self) -> &Transport {
        &self.transport
    }
    fn next_event(&mut self) -> Option<PluginNoteEvent<Shell<P>>> {
        None
    }
    fn try_send_event(
        &mut self,
        event: PluginNoteEvent<Shell<P>>,
    ) -> Result<(), (PluginNoteEvent<Shell<P>>, SendEventError)> {
        Err((event, SendEventError::NoOutputBuffer))
    }
    fn set_latency_samples(&self, samples: u32) {
        self.latency.set(Some(samples));
    }
    fn request_restart(&self) {
        self.restarts.set(self.restarts.get() + 1);
    }
    fn set_current_voice_capacity(&self, _capacity: u32) {}
}

fn activate<P: Product>(shell: &mut Shell<P>, sample_rate: f32) -> (bool, Option<u32>) {
    let layout = AudioIOLayout {
        main_input_channels: NonZeroU32::new(2),
        main_output_channels: NonZeroU32::new(2),
        ..AudioIOLayout::const_default()
    };
    let config =
        BufferConfig { sample_rate, min_buffer_size: None, max_buffer_size: 64, process_mode: ProcessMode::Realtime };
    let mut asked = Asked::default();
    let done = shell.activate(&layout, &config, &mut asked);
    (done, asked.latency.get())
}

/// Processes a stereo block of `x`; gives back the left channel and the number of restarts asked for.
fn process<P: Product>(shell: &mut Shell<P>, x: &[f32]) -> (Vec<f32>, usize) {
    process_while(shell, x, false)
}

/// The same while the host plays, or does not.
fn process_while<P: Product>(shell: &mut Shell<P>, x: &[f32], playing: bool) -> (Vec<f32>, usize) {
    let [mut left, mut right] = [x.to_vec(), x.to_vec()];
    let mut asked = Asked::default();
    asked.transport.playing = playing;
    let mut buffer = Buffer::default();
    // SAFETY: the slices live longer than the buffer, and are as long as said.
    unsafe { buffer.set_slices(x.len(), |slices| *slices = vec![&mut left[..], &mut right[..]]) };
    let mut aux = AuxiliaryBuffers { inputs: &mut [], outputs: &mut [] };
    shell.process(&mut buffer, &mut aux, &mut asked);
    assert_eq!(asked.latency.get(), None, "latency belongs to activation");
    (left, asked.restarts.get())
}

#[test]
fn rates_that_the_designs_do_not_hold_for_are_refused() {
    let mut shell = Shell::<Sound<MasterBus>>::default();
    for rate in [0.0, 999.0, 2_000_001.0, f32::NAN, f32::INFINITY] {
        assert_eq!(activate(&mut shell, rate), (false, None), "{rate}");
    }
    for rate in [1_234.5, 8_000.0, 44_100.0, 768_000.0] {
        assert!(activate(&mut shell, rate).0, "{rate}");
    }
}

#[test]
fn a_structural_change_waits_for_activation_whatever_the_host_resets() {
    let mut shell = Shell::<Sound<MasterBus>>::default();
    let before = activate(&mut shell, 48_000.0).1.unwrap();
    set(&shell.params, "limiter_lookahead_ms", 10.0);
    let mut restarts = 0;
    for _ in 0..100 {
        restarts += process(&mut shell, &[0.0; 512]).1;
        shell.reset();
        assert_eq!(shell.chain.as_ref().unwrap().latency_frames(), before as usize);
    }
    assert_eq!(restarts, 1);
    let after = activate(&mut shell, 48_000.0).1.unwrap();
    // 8 ms more lookahead.
    assert_eq!(after - before, 384);
}

#[test]
fn the_phase_mode_waits_for_activation_and_brings_its_latency() {
    let mut shell = Shell::<Sound<MasterBus>>::default();
    let before = activate(&mut shell, 48_000.0).1.unwrap();
    set(&shell.params, "eq_phase", Mode::Linear4k.index() as f64);
    let restarts: usize = (0..100).map(|_| process(&mut shell, &[0.0; 512]).1).sum();
    assert_eq!((restarts, shell.chain.as_ref().unwrap().latency_frames()), (1, before as usize));
    let after = activate(&mut shell, 48_000.0).1.unwrap();
    assert_eq!((after - before) as usize, Mode::Linear4k.latency_frames());
}

/// Mean level of what comes out while a steady sine of 1 kHz goes in.
fn tone_rms(shell: &mut Shell<Sound<MasterBus>>) -> f32 {
    // Whole periods.
    let tone: Vec<f32> = (0..480).map(|n| 0.1 * (n as f32 * std::f32::consts::TAU / 48.0).sin()).collect();
    let out = process(shell, &tone).0;
    (out.iter().map(|x| x * x).sum::<f32>() / 480.0).sqrt()
}

#[test]
fn a_band_in_a_linear_mode_moves_while_it_plays_and_a_thread_beside_designs() {
    let mut shell = Shell::<Sound<MasterBus>>::default();
    set(&shell.params, "eq_phase", Mode::Linear4k.index() as f64);
    set(&shell.params, "eq_5_freq_hz", 1000.0);
    activate(&mut shell, 48_000.0);
    let flat = (0..20).map(|_| tone_rms(&mut shell)).last().unwrap();
    set(&shell.params, "eq_5_gain_db", 6.0);
    set(&shell.params, "eq_5_on", 1.0);
    let start = Instant::now();
    let moved = loop {
        let gain_db = gain_to_db(f64::from(tone_rms(&mut shell) / flat));
        if gain_db > 5.9 || start.elapsed() > Duration::from_secs(20) {
            break gain_db;
        }
        std::thread::sleep(Duration::from_millis(1));
    };
    assert!((5.9..6.1).contains(&moved), "{moved} dB");
}

#[test]
fn a_chain_without_its_thread_designs_nothing() {
    let mut shell = Shell::<Sound<MasterBus>>::default();
    set(&shell.params, "eq_5_freq_hz", 1000.0);
    set(&shell.params, "eq_phase", Mode::Linear4k.index() as f64);
    activate(&mut shell, 48_000.0);
    let thread = shell.helper.0.take();
    // The thread is still there, but belongs to another chain now.
    let mut chain = Box::new(MasterBus::for_host(shell.taken.settings()).0);
    chain.prepare(Spec::new(48_000.0, 512, 2).unwrap());
    shell.chain = Some(chain);
    assert!(thread.is_some_and(|thread| thread.join().is_ok()), "it ends with its chain");
    let flat = (0..20).map(|_| tone_rms(&mut shell)).last().unwrap();
    set(&shell.params, "eq_5_gain_db", 6.0);
    set(&shell.params, "eq_5_on", 1.0);
    let after = (0..50).map(|_| tone_rms(&mut shell)).last().unwrap();
    assert!((after / flat - 1.0).abs() < 1e-4, "designed on the audio thread: {after} {flat}");
}

#[test]
fn a_thread_is_only_started_where_something_is_to_be_designed() {
    let mut shell = Shell::<Sound<MasterBus>>::default();
    for mode in [Mode::Zero, Mode::Matched, Mode::Zero] {
        set(&shell.params, "eq_phase", mode.index() as f64);
        activate(&mut shell, 48_000.0);
        assert_eq!(shell.helper.0.is_some(), mode != Mode::Zero);
    }
}

#[test]
fn a_reset_rests_on_the_parameters_as_they_are() {
    let mut shell = Shell::<Sound<MasterBus>>::default();
    activate(&mut shell, 48_000.0);
    set(&shell.params, "limiter_on", 0.0);
    shell.reset();
    let mut other = Shell::<Sound<MasterBus>>::default();
    set(&other.params, "limiter_on", 0.0);
    activate(&mut other, 48_000.0);
    let block: Vec<f32> = (0..2048).map(|n| (n as f32 * 0.1).sin()).collect();
    assert_eq!(process(&mut shell, &block).0, process(&mut other, &block).0);
}

#[test]
fn blocks_longer_than_promised_and_empty_ones_are_processed() {
    let mut shell = Shell::<Sound<MasterBus>>::default();
    assert_eq!(process(&mut shell, &[0.5; 4]).0.len(), 4, "before activation nothing happens");
    activate(&mut shell, 48_000.0);
    process(&mut shell, &[]);
    let (out, _) = process(&mut shell, &[0.25; 5000]);
    // Flat: the input, after the limiter's latency.
    assert!((out[4999] - 0.25).abs() < 1e-6, "{}", out[4999]);
}

#[test]
fn a_panic_stays_inside_and_the_sound_goes_on() {
    let mut shell = Shell::<Sound<Failing>>::default();
    activate(&mut shell, 48_000.0);
    assert_eq!(process(&mut shell, &[0.5; 4]).0, [0.5; 4]);
    set(&shell.params, "bypass", 1.0);
    assert_eq!(process(&mut shell, &[0.5; 4]).0, [0.0; 4], "the block that failed is silent");
    shell.reset();
    assert_eq!(process(&mut shell, &[0.5; 4]).0, [0.5; 4], "what follows passes through");
    set(&shell.params, "bypass", 0.0);
    activate(&mut shell, 48_000.0);
    assert!(!shell.failed);
}

#[test]
fn whoever_looks_at_the_equaliser_goes_on_looking_after_an_activation() {
    let mut shell = Shell::<Sound<MasterBus>>::default();
    activate(&mut shell, 48_000.0);
    let taps = Arc::clone(shell.meters.taps());
    let mut readers = [TapPoint::Pre, TapPoint::Post].map(|place| TapReader::new(taps.at(place)));
    for rate in [48_000.0, 96_000.0] {
        activate(&mut shell, rate);
        for reader in &mut readers {
            let mut frames = Vec::new();
            reader.read(&mut frames);
            process(&mut shell, &[0.5; 64]);
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
    let mut shell = Shell::<Sound<MasterBus>>::default();
    activate(&mut shell, 48_000.0);
    let _ = shell.meters.look();
    process(&mut shell, &[0.5; 4096]);
    assert_eq!(shell.meters.look().1, 0, "nobody has stayed");
    for _ in 0..100 {
        shell.meters.keep_looking();
        process(&mut shell, &[0.5; 512]);
    }
    let (readings, count) = shell.meters.look();
    // A second in blocks of 11 ms: every fourth one.
    assert!(count >= 20, "{count}");
    // Half of full scale, to the f32 of the block's border.
    assert!((readings.output.peak_dbfs[0] + 6.0206).abs() < 1e-3, "{readings:?}");
    assert_eq!(shell.meters.sample_rate_hz(), 48_000.0);
}

#[test]
fn the_measurement_outlives_a_reset_of_the_host_and_begins_with_its_playing_if_asked_to() {
    let mut shell = Shell::<Sound<MasterBus>>::default();
    activate(&mut shell, 48_000.0);
    let history = shell.meters.taps().history();
    let run = |shell: &mut Shell<_>, playing: bool| {
        for _ in 0..100 {
            process_while(shell, &[0.5; 512], playing);
        }
        history.length_s()
    };
    let first = run(&mut shell, true);
    assert!((first - 51_200.0 / 48_000.0).abs() < 0.11, "{first}");
    shell.reset();
    assert!(run(&mut shell, false) > 1.9 * first, "a reset is not a new measurement");
    assert!(run(&mut shell, true) > 2.8 * first, "nor is playing, unless it is asked for");
    set(&shell.params, "meter_reset_on_play", 1.0);
    assert!(run(&mut shell, true) > 3.8 * first, "it plays already");
    assert!(run(&mut shell, false) > 4.7 * first, "stopping is no beginning");
    assert!(run(&mut shell, true) <= first + 0.11);
    shell.reset();
    assert!(run(&mut shell, true) <= first + 0.11, "a host that had stopped without a word plays again");
    set(&shell.params, "meter_pause", 1.0);
    let paused = run(&mut shell, true);
    assert!((first - 0.11..=first + 0.11).contains(&paused), "{paused}");
    shell.meters.ask_for_reset();
    assert_eq!(run(&mut shell, true), 0.0, "by hand, paused or not");
}

//! The audio callback under guard, while a host automates and loads states and an open editor looks: it neither
//! allocates, nor frees, nor enters the kernel.
#![expect(clippy::disallowed_methods, reason = "faults on purpose, and a second thread that waits")]

use super::rig::{Asked, Sound, activate};
use crate::meters::Meters;
use crate::params::{HostParam, HostParams};
use crate::product_plugin::ProductPlugin;
use dsp_core::Chain;
use dsp_core::chain::channel::ChannelStrip;
use dsp_core::chain::master::{self, MasterBus};
use dsp_core::eq::phase::Mode;
use dsp_core::meter::readings::Readings as _;
use dsp_core::meter::tap::TapReader;
use dsp_core::meter::taps::{SignalTaps, TapPoint};
use dsp_core::{Choice, Spec};
use nice_plug::params::InternalParamMut;
use nice_plug::prelude::*;
use plumb_controls::ControlTable;
use plumb_signals::Noise;
use plumb_signals::assert_no_alloc;
use plumb_signals::system_calls::watched;
use std::hint::black_box;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// Frames in a block.
const BLOCK: usize = 64;
/// Blocks of a run: more than a second, so that meters are published and structural changes ask for a restart.
const BLOCKS: usize = 1200;
/// Parameters that the host automates in each block.
const AUTOMATED: usize = 20;
/// Blocks between two resets.
const RESET_EVERY: usize = 250;

/// Sets a parameter to a place in its travel, on whichever thread calls.
fn set<S: ControlTable>(params: &HostParams<S>, index: usize, normalized: f32) {
    let (Some(control), Some(param)) = (params.controls().list().get(index), params.at(index)) else { return };
    let stored = control.stored_at(normalized);
    // SAFETY: what the framework does with a host's value; parameters are atomics.
    unsafe {
        match param {
            HostParam::Number(param) => param._internal_set_plain_value(stored),
            HostParam::Choice(param) => param._internal_set_plain_value(stored as i32),
            HostParam::Switch(param) => param._internal_set_plain_value(stored >= 0.5),
        };
    }
}

/// Two channels of audio, ready for the plugin.
struct Block<'a>(Buffer<'a>);

impl<'a> Block<'a> {
    fn new([left, right]: &'a mut [Vec<f32>; 2]) -> Self {
        let mut buffer = Buffer::default();
        // SAFETY: the slices outlive the buffer, and are as long as said.
        unsafe { buffer.set_slices(BLOCK, |slices| *slices = vec![&mut left[..], &mut right[..]]) };
        Self(buffer)
    }

    fn fill(&mut self, noise: &mut Noise) {
        for channel in self.0.as_slice() {
            channel.fill_with(|| noise.tick() as f32 * 0.5);
        }
    }
}

/// Ends the other thread, also when a guard has panicked.
struct Ends<'a>(&'a AtomicBool);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.0.store(true, Relaxed);
    }
}

/// What another thread does all the time: an open editor reads meters, taps and history and asks for new measurements;
/// while `loads` holds, the host loads states, which move every parameter.
fn host_and_editor<C: Chain<Settings: ControlTable>>(
    params: &HostParams<C::Settings>,
    meters: &Meters<C::Readings>,
    [loads, ended]: [&AtomicBool; 2],
) {
    let taps = meters.taps();
    let mut readers =
        [TapPoint::Pre, TapPoint::Post, TapPoint::Key, TapPoint::Out].map(|place| TapReader::new(taps.at(place)));
    let history = taps.history();
    let (mut frames, mut seen) = (Vec::new(), Default::default());
    let mut noise = Noise::new(2);
    for round in 0_u32.. {
        if ended.load(Relaxed) {
            break;
        }
        meters.keep_looking();
        black_box(meters.look().1);
        readers.iter_mut().for_each(|reader| _ = black_box(reader.read(&mut frames)));
        frames.clear();
        history.read(30.0, &mut seen);
        if round % 64 == 0 {
            meters.ask_for_reset();
        }
        if round % 16 == 0 && loads.load(Relaxed) {
            (0..params.controls().list().len()).for_each(|index| set(params, index, noise.tick().abs() as f32));
        }
        thread::sleep(Duration::from_micros(200));
    }
}

/// Runs the callback of a chain under both guards, activated with one setting.
fn run_guarded<C: Chain<Settings: ControlTable>>((id, value): (&str, f64)) {
    let mut plugin = ProductPlugin::<Sound<C>>::default();
    crate::testing::set(&plugin.params, id, value);
    assert!(activate(&mut plugin, 48_000.0).0);
    let (params, meters) = (Arc::clone(&plugin.params), Arc::clone(&plugin.meters));
    let [loads, ended] = [true, false].map(AtomicBool::new);
    let automatable: Vec<usize> = params
        .controls()
        .list()
        .iter()
        .enumerate()
        .filter(|(_, control)| control.automatable)
        .map(|(n, _)| n)
        .collect();
    thread::scope(|scope| {
        scope.spawn(|| host_and_editor::<C>(&params, &meters, [&loads, &ended]));
        let _ends = Ends(&ended);
        let restarts = watched(|watch| {
            let [mut main, mut key] = [(); 2].map(|()| [(); 2].map(|()| vec![0.0; BLOCK]));
            let mut main = Block::new(&mut main);
            let (mut noise, mut asked) = (Noise::new(1), Asked::default());
            for n in 0..BLOCKS {
                // In the second half, structural parameters settle.
                loads.store(n < BLOCKS / 2, Relaxed);
                main.fill(&mut noise);
                let mut key = Block::new(&mut key);
                key.fill(&mut noise);
                let mut key = [key.0];
                asked.transport.playing = n % 400 < 300;
                let place = noise.tick().abs() as f32;
                // The allocation guard outside: it allocates to prove itself.
                assert_no_alloc(|| {
                    watch.assert_none(|| {
                        let next = automatable.iter().cycle().skip(n * AUTOMATED % automatable.len());
                        next.take(AUTOMATED).for_each(|index| set(&params, *index, place));
                        let mut aux = AuxiliaryBuffers { inputs: &mut key, outputs: &mut [] };
                        plugin.process(&mut main.0, &mut aux, &mut asked);
                        if n % RESET_EVERY == RESET_EVERY - 1 {
                            plugin.reset();
                        }
                    });
                });
            }
            asked.restarts.get()
        });
        assert!(restarts > 0, "structural parameters moved and settled");
    });
    assert!(!plugin.failed && meters.look().1 > 10, "the editor was looking");
}

#[test]
fn the_callback_of_the_strip_neither_allocates_nor_enters_the_kernel() {
    run_guarded::<ChannelStrip>(("comp_on", 1.0));
}

#[test]
fn the_callback_of_the_bus_neither_allocates_nor_enters_the_kernel() {
    run_guarded::<MasterBus>(("comp_on", 1.0));
}

/// Beside it, a thread designs impulse responses and hands them over.
#[test]
fn the_callback_of_a_bus_with_linear_phase_neither_allocates_nor_enters_the_kernel() {
    run_guarded::<MasterBus>(("eq_phase", Mode::Linear4k.index() as f64));
}

const ALLOCATES: u8 = 0;
const FREES: u8 = 1;
const LOCKS: u8 = 2;
const YIELDS: u8 = 3;

/// A lock that another thread holds for a while.
static HELD: Mutex<()> = Mutex::new(());

/// A chain with a fault.
struct Faulty<const FAULT: u8>(Vec<Vec<u8>>);

impl<const FAULT: u8> Chain for Faulty<FAULT> {
    type Settings = master::Settings;
    type Readings = master::Readings;
    fn new(_settings: Self::Settings) -> Self {
        Self(vec![vec![0; 64]; 4])
    }
    fn attach_taps(&mut self, _taps: Arc<SignalTaps>) {}
    fn prepare(&mut self, _spec: Spec) {}
    fn reset(&mut self) {}
    fn set(&mut self, _settings: Self::Settings) {}
    fn process<K: AsRef<[f32]>>(&mut self, _main: &mut [&mut [f32]], _key: Option<&[K]>) {
        match FAULT {
            ALLOCATES => std::mem::forget(black_box(vec![0_u8; 64])),
            FREES => drop(self.0.pop()),
            LOCKS => drop(HELD.lock()),
            _ => thread::yield_now(),
        }
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
#[should_panic(expected = "the allocator was called")]
fn a_callback_that_allocates_is_caught() {
    run_guarded::<Faulty<ALLOCATES>>(("comp_on", 1.0));
}

#[test]
#[should_panic(expected = "the allocator was called")]
fn a_callback_that_frees_is_caught() {
    run_guarded::<Faulty<FREES>>(("comp_on", 1.0));
}

#[test]
#[should_panic(expected = "futex: a lock")]
fn a_callback_that_waits_for_a_lock_is_caught() {
    thread::scope(|scope| {
        let (held, is_held) = std::sync::mpsc::channel();
        scope.spawn(move || {
            let _lock = HELD.lock();
            let _ = held.send(());
            thread::sleep(Duration::from_millis(300));
        });
        let _ = is_held.recv();
        run_guarded::<Faulty<LOCKS>>(("comp_on", 1.0));
    });
}

#[test]
#[should_panic(expected = "sched_yield")]
fn a_callback_that_yields_is_caught() {
    run_guarded::<Faulty<YIELDS>>(("comp_on", 1.0));
}

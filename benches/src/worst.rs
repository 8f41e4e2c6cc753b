//! The worst block: every block of a programme is timed on its own, over several passes with new instances, and its
//! minimum kept. Interruptions hit other blocks in each pass, so percentile and maximum are those of the work itself.

use crate::clock::ns_of_a_look;
use crate::modules::{MODULES, MakeProcess, Process, spec};
use crate::programme::Programme;
use crate::settings;
use dsp_core::Chain;
use dsp_core::Frame;
use dsp_core::chain::{channel, channel::ChannelStrip, master, master::MasterBus};
use dsp_core::eq::phase;
use dsp_core::flush::FlushGuard;
use std::hint::black_box;
use std::time::Instant;

/// Small blocks hide no bursts of work.
pub(crate) const BLOCK: usize = 64;
/// Passes over the programme, each with a new instance.
const PASSES: usize = 9;
/// Turns of the programme: 3840 blocks, so that p99.9 has four above it.
const TURNS: usize = 2;

/// Spread of a job's cost over blocks.
#[derive(Clone, Debug)]
pub(crate) struct Spread {
    pub(crate) job: String,
    /// In µs per block, all three.
    pub(crate) mean_us: f64,
    pub(crate) p999_us: f64,
    pub(crate) max_us: f64,
}

impl Spread {
    /// The 99.9th percentile relative to the mean.
    pub(crate) fn ratio(&self) -> f64 {
        self.p999_us / self.mean_us
    }
}

/// Phase modes of the bus, which spread transforms over blocks.
const PHASES: [(&str, phase::Mode); 4] = [
    ("bus-matched", phase::Mode::Matched),
    ("bus-linear-4k", phase::Mode::Linear4k),
    ("bus-linear-8k", phase::Mode::Linear8k),
    ("bus-linear-16k", phase::Mode::Linear16k),
];

fn strip(settings: channel::Settings, rate_hz: f64) -> Process {
    let mut strip = ChannelStrip::new(settings);
    strip.prepare(spec(rate_hz));
    through_host(move |channels| strip.process::<&[f32]>(channels, None))
}

fn bus(settings: master::Settings, rate_hz: f64) -> Process {
    let mut bus = MasterBus::new(settings);
    bus.prepare(spec(rate_hz));
    through_host(move |channels| bus.process::<&[f32]>(channels, None))
}

/// A chain behind a host's channels.
fn through_host(mut process: impl FnMut(&mut [&mut [f32]]) + 'static) -> Process {
    let mut channels = [vec![0.0_f32; BLOCK], vec![0.0; BLOCK]];
    Box::new(move |block: &mut [Frame]| {
        let [left, right] = channels.each_mut().map(|channel| &mut channel[..block.len()]);
        for (frame, (l, r)) in block.iter().zip(left.iter_mut().zip(right.iter_mut())) {
            (*l, *r) = (frame[0] as f32, frame[1] as f32);
        }
        process(&mut [left, right]);
    })
}

/// Spreads of both chains in every mode and of every module.
pub(crate) fn spreads(rate_hz: f64, wanted: impl Fn(&str) -> bool) -> Vec<Spread> {
    let wholes: [(&str, MakeProcess); 4] = [
        ("strip-full", |rate_hz| strip(settings::strip_full(), rate_hz)),
        ("strip-basic", |rate_hz| strip(settings::strip_basic(), rate_hz)),
        ("strip-off", |rate_hz| strip(settings::strip_off(), rate_hz)),
        ("bus-full", |rate_hz| bus(settings::bus_full(), rate_hz)),
    ];
    let programme = Programme::new(TURNS, rate_hz);
    let mut found = Vec::new();
    for (name, make) in wholes.iter().chain(MODULES).filter(|(name, _)| wanted(name)) {
        found.push(spread(name, &programme, || make(rate_hz)));
    }
    for (name, mode) in PHASES.into_iter().filter(|(name, _)| wanted(name)) {
        let settings = master::Settings { eq_phase: mode, ..settings::bus_full() };
        found.push(spread(name, &programme, || bus(settings, rate_hz)));
    }
    found
}

fn spread(job: &str, programme: &Programme, make: impl Fn() -> Process) -> Spread {
    let _flush = FlushGuard::new();
    let look_ns = ns_of_a_look();
    let mut least = vec![f64::INFINITY; programme.frames.len() / BLOCK];
    let mut block = [[0.0; 2]; BLOCK];
    for _ in 0..PASSES {
        let mut process = make();
        for (input, least) in programme.frames.chunks_exact(BLOCK).zip(&mut least) {
            block.copy_from_slice(input);
            let start = Instant::now();
            process(black_box(&mut block));
            let ns = start.elapsed().as_secs_f64() * 1e9 - look_ns;
            *least = least.min(ns);
        }
    }
    // The first blocks run with cold caches.
    let mut costs = least.split_off(8);
    costs.sort_by(f64::total_cmp);
    let mean = costs.iter().sum::<f64>() / costs.len() as f64;
    let at = |share: f64| costs[((costs.len() - 1) as f64 * share).round() as usize] / 1000.0;
    Spread { job: job.to_owned(), mean_us: mean / 1000.0, p999_us: at(0.999), max_us: at(1.0) }
}

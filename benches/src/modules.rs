//! Jobs on `dsp-core` alone: every module and both chains.

use crate::settings;
use crate::turns::Job;
use crate::unit::{Floats, Frames, Unit, bordered};
use crate::yardstick::Yardstick;
use dsp_core::Chain;
use dsp_core::chain::{channel::ChannelStrip, master::MasterBus};
use dsp_core::dither::{self, Dither};
use dsp_core::dynamics::compressor::{Compressor, Detection};
use dsp_core::dynamics::de_esser::DeEsser;
use dsp_core::dynamics::gate::{Gate, Mode};
use dsp_core::eq::{cascade::Eq, dynamic, phase};
use dsp_core::limiter::lookahead::Limiter;
use dsp_core::meter::{
    correlation::CorrelationMeter, level::LevelMeter, loudness::LoudnessMeter, true_peak::TruePeakMeter,
};
use dsp_core::multiband::{Bands, Multiband};
use dsp_core::oversample::Factor;
use dsp_core::saturation::Saturation;
use dsp_core::stereo::{self, Stereo};
use dsp_core::{Frame, Spec, Stage, chain};

/// Processes a block of frames.
pub(crate) type Process = Box<dyn FnMut(&mut [Frame])>;

/// The spec at a sample rate.
pub(crate) fn spec(sample_rate_hz: f64) -> Spec {
    Spec { sample_rate_hz, max_frames: 512, channels: 2 }
}

/// Makes a prepared module at a sample rate.
pub(crate) type MakeProcess = fn(f64) -> Process;

/// A [`MakeProcess`] for a stage of a chain.
macro_rules! stage {
    ($new:expr) => {
        |rate_hz| {
            let mut stage = $new;
            stage.prepare(spec(rate_hz));
            Box::new(move |block| stage.process(block, None))
        }
    };
}

/// Every module by job name.
pub(crate) const MODULES: &[(&str, MakeProcess)] = &[
    ("eq8", stage!(Eq::new(settings::eq8()))),
    ("eq8-dynamic", stage!(Eq::new(eq_dynamic()))),
    ("eq8-moving-gain", |rate_hz| moving_eq(rate_hz, |eq, up| eq.bands[3].gain_db = if up { 6.0 } else { -6.0 })),
    ("eq8-moving-freq", |rate_hz| moving_eq(rate_hz, |eq, up| eq.bands[3].freq_hz = if up { 1600.0 } else { 400.0 })),
    ("eq8-matched", |rate_hz| phase_eq(rate_hz, phase::Mode::Matched)),
    ("eq8-linear-8k", |rate_hz| phase_eq(rate_hz, phase::Mode::Linear8k)),
    ("compressor", stage!(Compressor::new(settings::compressor()))),
    ("compressor-rms", stage!(Compressor::new(rms()))),
    ("gate", stage!(Gate::new(settings::gate()))),
    ("expander", stage!(Gate::new(dsp_core::dynamics::gate::Settings { mode: Mode::Expand, ..settings::gate() }))),
    ("de-esser", stage!(DeEsser::new(settings::de_esser()))),
    ("saturation-4x", stage!(Saturation::new(settings::saturation()))),
    ("saturation-1x", stage!(Saturation::new(at_once()))),
    ("multiband2", stage!(Multiband::new(settings::multiband(Bands::Two)))),
    ("multiband4", stage!(Multiband::new(settings::multiband(Bands::Four)))),
    ("multiband5", stage!(Multiband::new(settings::multiband(Bands::Five)))),
    (
        "stereo",
        stage!(Stereo::new(stereo::Settings { width_pct: 120.0, pan_pct: 20.0, ..stereo::Settings::default() })),
    ),
    ("limiter-tp", stage!(Limiter::new(settings::limiter()))),
    ("limiter-sp", stage!(Limiter::new(sample_peak()))),
    ("dither", stage!(Dither::new(dither::Settings { depth: dither::Depth::Bits16, ..dither::Settings::default() }))),
    ("meter-level", |rate_hz| {
        let mut meter = LevelMeter::default();
        meter.prepare(spec(rate_hz));
        Box::new(move |block| meter.process(block))
    }),
    ("meter-loudness", |rate_hz| {
        let mut meter = LoudnessMeter::default();
        meter.prepare(spec(rate_hz));
        Box::new(move |block| meter.process(block))
    }),
    ("meter-tp", |rate_hz| {
        let mut meter = TruePeakMeter::default();
        meter.prepare(spec(rate_hz));
        Box::new(move |block| meter.process(block))
    }),
    ("meter-correlation", |rate_hz| {
        let mut meter = CorrelationMeter::default();
        meter.prepare(spec(rate_hz));
        Box::new(move |block| meter.process(block))
    }),
    ("meter-full", meter_full),
];

fn eq_dynamic() -> dsp_core::eq::cascade::Settings<8> {
    let mut eq = settings::eq8();
    eq.bands[3].dynamic = dynamic::Settings { on: true, range_db: -12.0, ..dynamic::Settings::STATIC };
    eq
}

fn rms() -> dsp_core::dynamics::compressor::Settings {
    dsp_core::dynamics::compressor::Settings { detector: Detection::Rms, ..settings::compressor() }
}

fn at_once() -> dsp_core::saturation::Settings {
    dsp_core::saturation::Settings { oversampling: Factor::X1, ..settings::saturation() }
}

fn sample_peak() -> dsp_core::limiter::settings::Settings {
    dsp_core::limiter::settings::Settings {
        detection: dsp_core::limiter::settings::Detection::SamplePeak,
        ..settings::limiter()
    }
}

/// The equaliser with one band always moving.
fn moving_eq(rate_hz: f64, move_it: fn(&mut dsp_core::eq::cascade::Settings<8>, bool)) -> Process {
    let mut eq = Eq::new(settings::eq8());
    eq.prepare(spec(rate_hz));
    let mut up = false;
    Box::new(move |block| {
        up = !up;
        let mut moved = settings::eq8();
        move_it(&mut moved, up);
        eq.set(moved);
        eq.process(block, None);
    })
}

fn phase_eq(rate_hz: f64, mode: phase::Mode) -> Process {
    let all = settings::eq8();
    let mut eq = phase::Phase::new(mode, &all);
    eq.prepare(spec(rate_hz));
    Box::new(move |block| eq.process(block))
}

/// All meters of the bus.
fn meter_full(rate_hz: f64) -> Process {
    let (mut levels, mut loudness) = ([LevelMeter::default(), LevelMeter::default()], LoudnessMeter::default());
    let (mut true_peak, mut correlation) = (TruePeakMeter::default(), CorrelationMeter::default());
    levels.iter_mut().for_each(|level| level.prepare(spec(rate_hz)));
    loudness.prepare(spec(rate_hz));
    true_peak.prepare(spec(rate_hz));
    correlation.prepare(spec(rate_hz));
    Box::new(move |block| {
        levels.iter_mut().for_each(|level| level.process(block));
        loudness.process(block);
        true_peak.process(block);
        correlation.process(block);
    })
}

/// The yardstick; comes first in every turn.
pub(crate) fn yardstick() -> Job {
    Job {
        unit: "yardstick".to_owned(),
        ..Job::ours("ref", |rate_hz, _| {
            let mut eight = Yardstick::new(rate_hz);
            Ok(Box::new(Frames::new(move |block: &mut [Frame]| eight.process(block))))
        })
    }
}

/// One job per module, on frames.
pub(crate) fn modules() -> impl Iterator<Item = Job> {
    MODULES.iter().map(|&(name, make)| Job::ours(name, move |rate_hz, _| Ok(Box::new(Frames::new(make(rate_hz))))))
}

/// A module on a host's 32-bit channels, like the peers.
pub(crate) fn as_a_peer(name: &str) -> Option<Job> {
    let &(name, make) = MODULES.iter().find(|(known, _)| *known == name)?;
    Some(Job::ours(name, move |rate_hz, _| Ok(Box::new(Floats::new(bordered(make(rate_hz)))))))
}

fn strip(settings: chain::channel::Settings, rate_hz: f64) -> Box<dyn Unit> {
    let mut strip = ChannelStrip::new(settings);
    strip.prepare(spec(rate_hz));
    Box::new(Floats::new(move |channels: &mut [&mut [f32]]| strip.process::<&[f32]>(channels, None)))
}

fn bus(settings: chain::master::Settings, rate_hz: f64) -> Box<dyn Unit> {
    let mut bus = MasterBus::new(settings);
    bus.prepare(spec(rate_hz));
    Box::new(Floats::new(move |channels: &mut [&mut [f32]]| bus.process::<&[f32]>(channels, None)))
}

/// Both chains, without a host.
pub(crate) fn chains() -> Vec<Job> {
    vec![
        Job::ours("chain-strip-full", |rate_hz, _| Ok(strip(settings::strip_full(), rate_hz))),
        Job::ours("chain-strip-basic", |rate_hz, _| Ok(strip(settings::strip_basic(), rate_hz))),
        Job::ours("chain-strip-off", |rate_hz, _| Ok(strip(settings::strip_off(), rate_hz))),
        Job::ours("chain-bus-full", |rate_hz, _| Ok(bus(settings::bus_full(), rate_hz))),
        Job::ours("chain-bus-off", |rate_hz, _| Ok(bus(settings::bus_off(), rate_hz))),
        Job::ours("chain-bus-off-late", |rate_hz, _| Ok(bus(settings::bus_late(), rate_hz))),
        Job::ours("chain-bus-off-metering", |rate_hz, _| Ok(bus(settings::bus_metering(), rate_hz))),
    ]
}

//! Plumb Channel Strip: trim and polarity → low and high cut → gate, compressor, EQ, saturation and de-esser in any order →
//! width and pan → clipper → output.

use super::io;
use super::path::{self, Path, Slots};
use super::product::Chain;
use super::slot::{AnySlot, Slot};
use crate::clipper::Clipper;
use crate::dynamics::{compressor::Compressor, de_esser::DeEsser, gate::Gate, transient::TransientShaper};
use crate::eq::{cascade::Eq, cut};
use crate::gain::Gain;
use crate::meter::taps::SignalTaps;
use crate::meter::{level::LevelMeter, loudness::LoudnessMeter};
use crate::saturation::Saturation;
use crate::stereo::{self, Stereo};
use crate::{Choice, Frame, Spec};
use std::sync::Arc;

pub use settings::{BANDS, Order, Readings, SECTIONS, Section, Settings};

mod settings;

/// The running strip.
#[derive(Clone, Debug)]
pub struct ChannelStrip {
    settings: Settings,
    channels: usize,
    path: Path<Section, SECTIONS>,
    stages: Stages,
    meters: Meters,
}

#[derive(Clone, Debug)]
struct Stages {
    trim: Slot<Gain>,
    cuts: Slot<Eq<2>>,
    gate: Slot<Gate>,
    compressor: Slot<Compressor>,
    eq: Slot<Eq<BANDS>>,
    saturation: Slot<Saturation>,
    de_esser: Slot<DeEsser>,
    transient: Slot<TransientShaper>,
    stereo: Slot<Stereo>,
    clipper: Slot<Clipper>,
    output: Slot<Gain>,
}

const TRIM: usize = 0;
const CUTS: usize = 1;
/// Behind the sections.
const STEREO: usize = Stages::IN_FRONT + SECTIONS;
const CLIPPER: usize = STEREO + 1;
const OUTPUT: usize = CLIPPER + 1;

impl Slots for Stages {
    const IN_FRONT: usize = 2;
    const COUNT: usize = OUTPUT + 1;

    fn slot(&mut self, index: usize) -> &mut dyn AnySlot {
        match index {
            TRIM => &mut self.trim,
            CUTS => &mut self.cuts,
            STEREO => &mut self.stereo,
            CLIPPER => &mut self.clipper,
            OUTPUT.. => &mut self.output,
            section => match Section::from_index(section - Self::IN_FRONT) {
                Section::Gate => &mut self.gate,
                Section::Compressor => &mut self.compressor,
                Section::Eq => &mut self.eq,
                Section::Saturation => &mut self.saturation,
                Section::DeEsser => &mut self.de_esser,
                Section::Transient => &mut self.transient,
            },
        }
    }
}

/// What is measured on the way.
#[derive(Clone, Debug)]
struct Meters {
    input_level: LevelMeter,
    output_level: LevelMeter,
    loudness: LoudnessMeter,
    /// Whether the meters run.
    on: bool,
}

impl path::Meters for Meters {
    fn after(&mut self, index: usize, block: &[Frame]) {
        if index == TRIM && self.on {
            self.input_level.process(block);
        }
    }

    fn output(&mut self, block: &[Frame]) {
        if self.on {
            self.output_level.process(block);
            self.loudness.process(block);
        }
    }
}

impl Meters {
    fn reset(&mut self) {
        self.input_level.reset();
        self.output_level.reset();
        self.loudness.reset();
    }
}

/// The number of a section's slot.
const fn slot_of(section: Section) -> usize {
    Stages::IN_FRONT + section as usize
}

impl ChannelStrip {
    /// Hands every stage its settings.
    fn apply(&mut self) {
        let (settings, path, stages) = (self.settings, &mut self.path, &mut self.stages);
        path.wake(stages);
        path.set(TRIM, &mut stages.trim, settings.trim());
        path.set(CUTS, &mut stages.cuts, cut::both(settings.low_cut, settings.high_cut));
        path.set(slot_of(Section::Gate), &mut stages.gate, settings.gate);
        path.set(slot_of(Section::Compressor), &mut stages.compressor, settings.compressor);
        path.set(slot_of(Section::Eq), &mut stages.eq, settings.eq);
        path.set(slot_of(Section::Saturation), &mut stages.saturation, settings.saturation);
        path.set(slot_of(Section::DeEsser), &mut stages.de_esser, settings.de_esser);
        path.set(slot_of(Section::Transient), &mut stages.transient, settings.transient);
        let stereo = if self.channels == 1 { stereo::Settings::default() } else { settings.stereo };
        path.set(STEREO, &mut stages.stereo, stereo);
        path.set(CLIPPER, &mut stages.clipper, settings.clipper);
        path.set(OUTPUT, &mut stages.output, settings.output());
        path.set_whole(stages, settings.order, settings.bypass);
    }
}

impl Chain for ChannelStrip {
    type Settings = Settings;
    type Readings = Readings;

    fn new(settings: Settings) -> Self {
        let (trim, cuts) = (settings.trim(), cut::both(settings.low_cut, settings.high_cut));
        Self {
            settings,
            channels: 2,
            path: Path::new(settings.order, settings.bypass, slot_of(Section::Eq)),
            stages: Stages {
                trim: Slot::new(Gain::new(trim), trim),
                cuts: Slot::new(Eq::new(cuts), cuts),
                gate: Slot::new(Gate::new(settings.gate), settings.gate),
                compressor: Slot::new(Compressor::new(settings.compressor), settings.compressor),
                eq: Slot::new(Eq::new(settings.eq), settings.eq),
                saturation: Slot::new(Saturation::new(settings.saturation), settings.saturation),
                de_esser: Slot::new(DeEsser::new(settings.de_esser), settings.de_esser),
                transient: Slot::new(TransientShaper::new(settings.transient), settings.transient),
                stereo: Slot::new(Stereo::new(settings.stereo), settings.stereo),
                clipper: Slot::new(Clipper::new(settings.clipper), settings.clipper),
                output: Slot::new(Gain::new(settings.output()), settings.output()),
            },
            meters: Meters {
                input_level: LevelMeter::default(),
                output_level: LevelMeter::default(),
                loudness: LoudnessMeter::default(),
                on: true,
            },
        }
    }

    fn attach_taps(&mut self, taps: Arc<SignalTaps>) {
        self.path.attach_taps(taps);
    }

    fn prepare(&mut self, spec: Spec) {
        self.channels = spec.channels;
        self.apply();
        self.path.prepare(&mut self.stages, spec);
        self.meters.input_level.prepare(spec);
        self.meters.output_level.prepare(spec);
        self.meters.loudness.prepare(spec);
    }

    fn reset(&mut self) {
        self.path.reset(&mut self.stages);
        self.meters.reset();
    }

    fn set(&mut self, settings: Settings) {
        if settings != self.settings {
            self.settings = settings;
            self.apply();
        }
    }

    fn process<K: AsRef<[f32]>>(&mut self, main: &mut [&mut [f32]], key: Option<&[K]>) {
        let is_seen = self.meters.on || self.path.taps().is_some_and(SignalTaps::any_open);
        if !is_seen && self.path.skip_idle(&mut self.stages, io::frames(main)) {
            return io::pass(main);
        }
        self.path.process(&mut self.stages, main, key, &mut self.meters);
    }

    fn latency_frames(&self) -> usize {
        self.path.latency_frames()
    }

    fn pending_latency_frames(&self) -> usize {
        self.path.pending_latency_frames()
    }

    fn readings(&self) -> Readings {
        let (loudness, stages) = (self.meters.loudness.readings(), &self.stages);
        Readings {
            input_peak_dbfs: self.meters.input_level.peak_dbfs(),
            input_rms_dbfs: self.meters.input_level.rms_dbfs(),
            output_peak_dbfs: self.meters.output_level.peak_dbfs(),
            output_rms_dbfs: self.meters.output_level.rms_dbfs(),
            momentary_lufs: loudness.momentary_lufs,
            short_term_lufs: loudness.short_term_lufs,
            eq_offsets_db: stages.eq.stage.offsets_db(),
            gate_reduction_db: stages.gate.stage.reduction_db(),
            compressor_reductions_db: stages.compressor.stage.reductions_db(),
            de_esser_reduction_db: stages.de_esser.stage.reduction_db(),
        }
    }

    fn set_metering(&mut self, metering: bool) {
        if metering && !self.meters.on {
            self.meters.reset();
        }
        self.meters.on = metering;
    }
}

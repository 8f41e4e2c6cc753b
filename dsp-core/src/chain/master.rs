//! Plumb Master Bus: EQ, compressor, multiband and de-esser in any order → width → clipper → limiter → dither, and meters behind it
//! all.

use super::io;
use super::path::{self, Path, Slots};
use super::product::{Chain, Work};
use super::slot::{AnySlot, Slot};
use crate::clipper::Clipper;
use crate::dither::Dither;
use crate::dynamics::{compressor::Compressor, de_esser::DeEsser};
use crate::eq::{
    phase::{Designer, Mode},
    phased::PhasedEq,
};
use crate::limiter::lookahead::Limiter;
use crate::meter::taps::SignalTaps;
use crate::meter::{bridge::MeterBridge, level::LevelMeter};
use crate::multiband::Multiband;
use crate::stereo::Stereo;
use crate::{Choice, Frame, Spec};
use std::sync::Arc;

pub use settings::{ATTACK_MS, BANDS, Order, RATIO, Readings, SECTIONS, Section, Settings};

mod settings;

/// The running bus.
#[derive(Debug)]
pub struct MasterBus {
    settings: Settings,
    path: Path<Section, SECTIONS>,
    stages: Stages,
    meters: Meters,
    playing: bool,
}

#[derive(Debug)]
struct Stages {
    eq: Slot<PhasedEq<BANDS>>,
    compressor: Slot<Compressor>,
    multiband: Slot<Multiband>,
    de_esser: Slot<DeEsser>,
    stereo: Slot<Stereo>,
    clipper: Slot<Clipper>,
    limiter: Slot<Limiter>,
    dither: Slot<Dither>,
}

/// Behind the sections.
const STEREO: usize = SECTIONS;
const CLIPPER: usize = STEREO + 1;
const LIMITER: usize = CLIPPER + 1;
const DITHER: usize = LIMITER + 1;

impl Slots for Stages {
    const IN_FRONT: usize = 0;
    const COUNT: usize = DITHER + 1;

    fn slot(&mut self, index: usize) -> &mut dyn AnySlot {
        match index {
            STEREO => &mut self.stereo,
            CLIPPER => &mut self.clipper,
            LIMITER => &mut self.limiter,
            DITHER.. => &mut self.dither,
            section => match Section::from_index(section) {
                Section::Eq => &mut self.eq,
                Section::Compressor => &mut self.compressor,
                Section::Multiband => &mut self.multiband,
                Section::DeEsser => &mut self.de_esser,
            },
        }
    }
}

/// What is measured on the way.
#[derive(Clone, Debug)]
struct Meters {
    input_level: LevelMeter,
    output: MeterBridge,
    /// Whether anybody sees the meters, and whether they are switched on.
    is_seen: bool,
    is_on: bool,
}

impl path::Meters for Meters {
    fn input(&mut self, block: &[Frame]) {
        if self.is_seen && self.is_on {
            self.input_level.process(block);
        }
    }

    fn output(&mut self, block: &[Frame]) {
        self.output.process(block);
    }
}

impl MasterBus {
    fn with(settings: Settings, eq: PhasedEq<BANDS>) -> Self {
        Self {
            settings,
            path: Path::new(settings.order, settings.bypass, Section::Eq as usize),
            stages: Stages {
                eq: Slot::new(eq, settings.phased_eq()),
                compressor: Slot::new(Compressor::new(settings.compressor), settings.compressor),
                multiband: Slot::new(Multiband::new(settings.multiband), settings.multiband),
                de_esser: Slot::new(DeEsser::new(settings.de_esser), settings.de_esser),
                stereo: Slot::new(Stereo::new(settings.stereo()), settings.stereo()),
                clipper: Slot::new(Clipper::new(settings.clipper), settings.clipper),
                limiter: Slot::new(Limiter::new(settings.limiter), settings.limiter),
                dither: Slot::new(Dither::new(settings.dither), settings.dither),
            },
            meters: Meters {
                input_level: LevelMeter::default(),
                output: MeterBridge::default(),
                is_seen: true,
                is_on: settings.meters.on,
            },
            playing: false,
        }
    }

    /// Settled; impulse responses of the equaliser are designed by the designer, which somebody has to run on another
    /// thread.
    #[must_use]
    pub fn with_designer(settings: Settings) -> (Self, Arc<Designer<BANDS>>) {
        let (eq, designer) = PhasedEq::with_designer(settings.phased_eq());
        (Self::with(settings, eq), designer)
    }

    /// Hands every stage and the meters their settings.
    fn apply(&mut self) {
        let (settings, path, stages) = (self.settings, &mut self.path, &mut self.stages);
        path.wake(stages);
        path.set(Section::Eq as usize, &mut stages.eq, settings.phased_eq());
        path.set(Section::Compressor as usize, &mut stages.compressor, settings.compressor);
        path.set(Section::Multiband as usize, &mut stages.multiband, settings.multiband);
        path.set(Section::DeEsser as usize, &mut stages.de_esser, settings.de_esser);
        path.set(STEREO, &mut stages.stereo, settings.stereo());
        path.set(CLIPPER, &mut stages.clipper, settings.clipper);
        path.set(LIMITER, &mut stages.limiter, settings.limiter);
        path.set(DITHER, &mut stages.dither, settings.dither);
        path.set_whole(stages, settings.order, settings.bypass);
        self.meters.is_on = settings.meters.on;
        if settings.meters.on != self.meters.output.is_on() {
            self.meters.input_level.reset();
            self.meters.output.set_on(settings.meters.on);
        }
        self.meters.output.pause(settings.meters.paused);
    }
}

impl Chain for MasterBus {
    type Settings = Settings;
    type Readings = Readings;

    fn new(settings: Settings) -> Self {
        Self::with(settings, PhasedEq::new(settings.phased_eq()))
    }

    fn for_host(settings: Settings) -> (Self, Option<Work>) {
        let (bus, designer) = Self::with_designer(settings);
        // The mode is structural: with none that designs, nothing is to be done until the next activation.
        let designs = settings.eq_phase != Mode::Zero;
        (bus, designs.then(|| Box::new(move || designer.work_until_closed()) as Work))
    }

    fn attach_taps(&mut self, taps: Arc<SignalTaps>) {
        self.meters.output.record_history(taps.history());
        self.path.attach_taps(taps);
    }

    fn prepare(&mut self, spec: Spec) {
        self.apply();
        self.path.prepare(&mut self.stages, spec);
        self.meters.input_level.prepare(spec);
        self.meters.output.prepare(spec);
        self.reset();
    }

    fn reset(&mut self) {
        self.reset_sound();
        self.meters.output.reset();
    }

    fn reset_sound(&mut self) {
        self.path.reset(&mut self.stages);
        self.meters.input_level.reset();
        // A host that stops may have no block in which to say so.
        self.playing = false;
    }

    fn set(&mut self, settings: Settings) {
        if settings != self.settings {
            self.settings = settings;
            self.apply();
        }
    }

    fn process<K: AsRef<[f32]>>(&mut self, main: &mut [&mut [f32]], key: Option<&[K]>) {
        let is_measured = self.meters.is_on || (self.meters.is_seen && self.path.taps().is_some());
        if !is_measured && self.path.skip_idle(&mut self.stages, io::frames(main)) {
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
        let stages = &self.stages;
        Readings {
            input_peak_dbfs: self.meters.input_level.peak_dbfs(),
            input_rms_dbfs: self.meters.input_level.rms_dbfs(),
            output: self.meters.output.readings(),
            eq_offsets_db: stages.eq.stage.offsets_db(),
            compressor_reductions_db: stages.compressor.stage.reductions_db(),
            multiband_gains_db: stages.multiband.stage.gains_db(),
            multiband_levels_db: stages.multiband.stage.levels_db(),
            de_esser_reduction_db: stages.de_esser.stage.reduction_db(),
            limiter_reduction_db: stages.limiter.stage.reduction_db(),
        }
    }

    fn reset_measurement(&mut self) {
        self.meters.output.reset_measurement();
    }

    fn set_playing(&mut self, playing: bool) {
        let played = core::mem::replace(&mut self.playing, playing);
        if playing && !played && self.settings.meters.resets_on_play {
            self.reset_measurement();
        }
    }

    fn set_metering(&mut self, metering: bool) {
        if metering != self.meters.is_seen {
            self.meters.is_seen = metering;
            self.meters.input_level.reset();
            self.meters.output.set_visible(metering);
        }
    }
}

//! Plumb Master Bus: equaliser → compressor → multiband → de-esser → width → limiter → dither, and meters behind it all.

use super::bypass::Bypass;
use super::io;
use super::key_line::KeyLine;
use crate::dither::{self, Dither};
use crate::dynamics::compressor::{self, Compressor};
use crate::dynamics::de_esser::{self, DeEsser};
use crate::eq::{band::Band, band::Shape, cascade, cascade::Share, phase};
use crate::limiter::lookahead::{self, Limiter};
use crate::meter::taps::{SignalTaps, TapPoint};
use crate::meter::{bridge, bridge::MeterBridge, level::LevelMeter};
use crate::multiband::{self, Multiband};
use crate::stereo::{self, Stereo};
use crate::{Frame, Range, Spec, Stage};
use std::sync::Arc;

/// Bands of the bus's equaliser.
pub const BANDS: usize = 8;
/// Ratio of the bus compressor: gentler than a track's.
pub const RATIO: Range = Range::ratio(1.0, 1.5);
/// Attack of the bus compressor: slower than a track's.
pub const ATTACK_MS: Range = compressor::ATTACK_MS.with_default(30.0);

/// Where the eight bands wait, all flat: shelves at the ends, bells between.
const BAND_FREQS_HZ: [f64; BANDS] = [60.0, 120.0, 250.0, 500.0, 1200.0, 3000.0, 6000.0, 12_000.0];

/// Everything the bus can be set to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// The whole bus is passed by.
    pub bypass: bool,
    /// The mastering equaliser.
    pub eq: cascade::Settings<BANDS>,
    /// What the equaliser does to the phase. Structural: adopted by `reset`.
    pub eq_phase: phase::Mode,
    /// The glue compressor.
    pub compressor: compressor::Settings,
    /// The multiband dynamics.
    pub multiband: multiband::Settings,
    /// The de-esser.
    pub de_esser: de_esser::Settings,
    /// Share of the side signal.
    pub width_pct: f64,
    /// The limiter.
    pub limiter: lookahead::Settings,
    /// The dither.
    pub dither: dither::Settings,
    /// The meters behind it all.
    pub meters: bridge::Settings,
}

impl Default for Settings {
    fn default() -> Self {
        let mut bands = BAND_FREQS_HZ.map(|freq_hz| Band::flat(Shape::Bell, freq_hz));
        bands[0].shape = Shape::LowShelf;
        bands[BANDS - 1].shape = Shape::HighShelf;
        Self {
            bypass: false,
            eq: cascade::Settings::of(bands),
            eq_phase: phase::Mode::default(),
            compressor: compressor::Settings {
                ratio: RATIO.default,
                attack_ms: ATTACK_MS.default,
                ..compressor::Settings::default()
            },
            multiband: multiband::Settings::default(),
            de_esser: de_esser::Settings::default(),
            width_pct: stereo::WIDTH_PCT.default,
            limiter: lookahead::Settings::default(),
            dither: dither::Settings::default(),
            meters: bridge::Settings::default(),
        }
    }
}

/// What the bus's meters show. Levels of silence are −∞.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Readings {
    /// Peak at the input, left and right.
    pub input_peak_dbfs: [f64; 2],
    /// RMS at the input, left and right.
    pub input_rms_dbfs: [f64; 2],
    /// Everything behind the whole chain.
    pub output: bridge::Readings,
    /// What the level adds to the gain of each band of the equaliser.
    pub eq_offsets_db: [f64; BANDS],
    /// What the compressor takes away, left and right, or mid and side.
    pub compressor_reductions_db: [f64; 2],
    /// Gain that the dynamics of each band of the multiband apply.
    pub multiband_gains_db: [f64; multiband::MAX_BANDS],
    /// LevelMeter of each band of the multiband, as its dynamics see it.
    pub multiband_levels_db: [f64; multiband::MAX_BANDS],
    /// What the de-esser takes away.
    pub de_esser_reduction_db: f64,
    /// What the limiter takes away.
    pub limiter_reduction_db: f64,
}

/// The running bus.
#[derive(Clone, Debug)]
pub struct MasterBus {
    settings: Settings,
    eq: cascade::Eq<BANDS>,
    phase: phase::Phase<BANDS>,
    compressor: Compressor,
    multiband: Multiband,
    de_esser: DeEsser,
    stereo: Stereo,
    limiter: Limiter,
    dither: Dither,
    bypass: Bypass,
    input_level: LevelMeter,
    output: MeterBridge,
    /// Whether somebody looks at what only shows the moment.
    watched: bool,
    /// Whether the host played when it last said so.
    playing: bool,
    key_behind_eq: KeyLine,
    key_behind_compressor: KeyLine,
    /// Around the equaliser and behind everything, if somebody may look there.
    taps: Option<Arc<SignalTaps>>,
}

impl MasterBus {
    /// A bus at rest. Runs only after [`Self::prepare`]. Its equaliser designs on the spot in the modes with delay,
    /// which is for files: a host is served by [`Self::with_designer`].
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self::with(settings, phase::Phase::new(settings.eq_phase, &settings.eq))
    }

    /// The same, with what designs for the equaliser while the bus runs: somebody has to run it.
    #[must_use]
    pub fn with_designer(settings: Settings) -> (Self, Arc<phase::Designer<BANDS>>) {
        let (phase, designer) = phase::Phase::with_designer(settings.eq_phase, &settings.eq);
        (Self::with(settings, phase), designer)
    }

    fn with(settings: Settings, phase: phase::Phase<BANDS>) -> Self {
        Self {
            settings,
            eq: cascade::Eq::new(settings.eq),
            phase,
            compressor: Compressor::new(settings.compressor),
            multiband: Multiband::new(settings.multiband),
            de_esser: DeEsser::new(settings.de_esser),
            stereo: Stereo::new(width(settings)),
            limiter: Limiter::new(settings.limiter),
            dither: Dither::new(settings.dither),
            bypass: Bypass::new(settings.bypass, 0),
            input_level: LevelMeter::new(),
            output: MeterBridge::new(),
            watched: true,
            playing: false,
            key_behind_eq: KeyLine::new(),
            key_behind_compressor: KeyLine::new(),
            taps: None,
        }
    }

    /// Lets the bus be looked at from outside, and its loudness be written down.
    pub fn show(&mut self, taps: Arc<SignalTaps>) {
        self.output.record_history(taps.history());
        self.taps = Some(taps);
    }

    /// Whether somebody looks at the meters: while nobody does, those that only show the moment rest, and begin anew when
    /// somebody does again. They are watched until the first call. What is measured over time is measured all the same.
    pub fn watch(&mut self, watched: bool) {
        if watched != self.watched {
            self.watched = watched;
            self.input_level.reset();
            self.output.set_visible(watched);
        }
    }

    /// Sizes everything for the rate and channels, then resets. Allocates.
    pub fn prepare(&mut self, spec: Spec) {
        self.phase.prepare(spec);
        self.eq.prepare(spec);
        self.compressor.prepare(spec);
        self.multiband.prepare(spec);
        self.de_esser.prepare(spec);
        self.stereo.prepare(spec);
        self.limiter.prepare(spec);
        self.dither.prepare(spec);
        self.bypass.prepare(spec.sample_rate_hz, self.max_latency_frames());
        self.key_behind_eq.prepare(self.phase.max_latency_frames());
        self.key_behind_compressor.prepare(self.compressor.max_latency_frames());
        self.input_level.prepare(spec);
        self.output.prepare(spec);
        if let Some(taps) = &self.taps {
            taps.prepare(spec.sample_rate_hz);
        }
        self.set(self.settings);
        self.reset();
    }

    /// Forgets the past, keeps the settings, and adopts the lookaheads and the equaliser's mode.
    pub fn reset(&mut self) {
        self.reset_sound();
        self.output.reset();
    }

    /// The same, but what is measured over time goes on: hosts reset whenever they stop or play.
    pub fn reset_sound(&mut self) {
        self.phase.reset();
        self.eq.share(if self.phase.mode().runs_cascade() { Share::All } else { Share::Movement });
        self.eq.reset();
        self.compressor.reset();
        self.multiband.reset();
        self.de_esser.reset();
        self.stereo.reset();
        self.limiter.reset();
        self.dither.reset();
        self.bypass.reset(self.latency_frames());
        self.key_behind_eq.reset(self.phase.latency_frames());
        self.key_behind_compressor.reset(self.compressor.latency_frames());
        self.input_level.reset();
        // A host that stops may have no block for saying so.
        self.playing = false;
    }

    /// Starts what is measured over time anew; the sound goes on.
    pub fn reset_measurement(&mut self) {
        self.output.reset_measurement();
    }

    /// Whether the host plays: where it begins, the measurement starts anew if the settings say so.
    pub fn play(&mut self, playing: bool) {
        let played = core::mem::replace(&mut self.playing, playing);
        if playing && !played && self.settings.meters.resets_on_play {
            self.reset_measurement();
        }
    }

    /// New targets; no allocation.
    pub fn set(&mut self, settings: Settings) {
        self.settings = settings;
        self.phase.set(settings.eq_phase, &settings.eq);
        self.eq.set(settings.eq);
        self.compressor.set(settings.compressor);
        self.multiband.set(settings.multiband);
        self.de_esser.set(settings.de_esser);
        self.stereo.set(width(settings));
        self.limiter.set(settings.limiter);
        self.dither.set(settings.dither);
        self.bypass.set(settings.bypass);
        if settings.meters.on != self.output.is_on() {
            self.input_level.reset();
            self.output.set_on(settings.meters.on);
        }
        self.output.pause(settings.meters.paused);
    }

    /// Processes one or two channels of equal length in place; `key` is the sidechain, silence where it is missing.
    pub fn process<K: AsRef<[f32]>>(&mut self, main: &mut [&mut [f32]], key: Option<&[K]>) {
        let frames = io::frames(main);
        if self.rests() {
            self.eq.skip(frames);
            self.multiband.skip(frames);
            self.limiter.skip(frames);
            return io::pass(main);
        }
        io::run(main, key, |block, key| {
            self.bypass.keep(block);
            self.run(block, key);
            self.bypass.mix(block);
            self.output.process(block);
            if let Some(taps) = &self.taps {
                taps.push(TapPoint::Out, block);
            }
        });
    }

    /// Whether a block passes as it is: everything off, at rest and without delay, and nothing measured or looked at.
    fn rests(&self) -> bool {
        let looked_at = self.settings.meters.on || (self.watched && self.taps.is_some());
        let rests = !looked_at
            && self.bypass.rests()
            && self.phase.mode() == phase::Mode::Zero
            && self.compressor.is_idle()
            && self.de_esser.is_idle()
            && self.stereo.is_idle()
            && self.dither.is_idle();
        rests && self.multiband.is_idle() && self.limiter.is_idle() && self.eq.is_idle()
    }

    /// The stages in order; what rests is passed by.
    fn run(&mut self, block: &mut [Frame], key: Option<&[Frame]>) {
        if self.watched && self.settings.meters.on {
            self.input_level.process(block);
        }
        SignalTaps::process_tapped(self.taps.as_deref(), block, key, |block| {
            if self.eq.is_idle() {
                self.eq.skip(block.len());
            } else {
                self.eq.process(block, key);
            }
            self.phase.process(block);
        });
        let key = self.key_behind_eq.pass(key);
        if !self.compressor.is_idle() {
            self.compressor.process(block, key);
        }
        let key = self.key_behind_compressor.pass(key);
        if self.multiband.is_idle() {
            self.multiband.skip(block.len());
        } else {
            self.multiband.process(block, key);
        }
        if !self.de_esser.is_idle() {
            self.de_esser.process(block, None);
        }
        if !self.stereo.is_idle() {
            self.stereo.process(block, None);
        }
        if self.limiter.is_idle() {
            self.limiter.skip(block.len());
        } else {
            self.limiter.process(block, None);
        }
        self.dither.process(block, None);
    }

    /// Delay between input and output, constant between two resets.
    #[must_use]
    pub fn latency_frames(&self) -> usize {
        self.phase.latency_frames()
            + self.compressor.latency_frames()
            + self.multiband.latency_frames()
            + self.limiter.latency_frames()
    }

    /// Delay that the next reset will adopt: differs from [`Self::latency_frames`] after a structural change.
    #[must_use]
    pub fn pending_latency_frames(&self) -> usize {
        self.phase.pending_latency_frames()
            + self.compressor.latency_frames_for(&self.settings.compressor)
            + self.multiband.latency_frames_for(&self.settings.multiband)
            + self.limiter.latency_frames_for(&self.settings.limiter)
    }

    fn max_latency_frames(&self) -> usize {
        self.phase.max_latency_frames()
            + self.compressor.max_latency_frames()
            + self.multiband.max_latency_frames()
            + self.limiter.max_latency_frames()
    }

    /// What the meters show after the last block.
    #[must_use]
    pub fn readings(&self) -> Readings {
        Readings {
            input_peak_dbfs: self.input_level.peak_dbfs(),
            input_rms_dbfs: self.input_level.rms_dbfs(),
            output: self.output.readings(),
            eq_offsets_db: self.eq.offsets_db(),
            compressor_reductions_db: self.compressor.reductions_db(),
            multiband_gains_db: self.multiband.gains_db(),
            multiband_levels_db: self.multiband.levels_db(),
            de_esser_reduction_db: self.de_esser.reduction_db(),
            limiter_reduction_db: self.limiter.reduction_db(),
        }
    }
}

fn width(settings: Settings) -> stereo::Settings {
    stereo::Settings { width_pct: settings.width_pct, ..stereo::Settings::default() }
}

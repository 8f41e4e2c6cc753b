//! Plumb Channel Strip: trim and polarity → low and high cut → gate → compressor ⇄ EQ → saturation → de-esser → width
//! and pan → output.

use super::bypass::Bypass;
use super::io;
use super::key_line::KeyLine;
use super::swap::Swap;
use crate::dynamics::{compressor, de_esser, gate};
use crate::eq::{cascade, cut};
use crate::meter::taps::{SignalTaps, TapPoint};
use crate::meter::{level::LevelMeter, loudness::LoudnessMeter};
use crate::{Frame, Spec, Stage, gain, gain::Gain, saturation, stereo};
use std::sync::Arc;

pub use settings::{BANDS, Order, Readings, Settings};

mod settings;

/// The running strip.
#[derive(Clone, Debug)]
pub struct ChannelStrip {
    settings: Settings,
    channels: usize,
    trim: Gain,
    cuts: cascade::Eq<2>,
    gate: gate::Gate,
    compressor: compressor::Compressor,
    eq: cascade::Eq<BANDS>,
    order: Swap<Order>,
    saturation: saturation::Saturation,
    de_esser: de_esser::DeEsser,
    stereo: stereo::Stereo,
    output: Gain,
    bypass: Bypass,
    input_level: LevelMeter,
    output_level: LevelMeter,
    loudness: LoudnessMeter,
    key_behind_gate: KeyLine,
    key_behind_compressor: KeyLine,
    /// Whether the meters run.
    watched: bool,
    /// Around the equaliser, if somebody may look at it.
    taps: Option<Arc<SignalTaps>>,
}

impl ChannelStrip {
    /// A strip at rest. Runs only after [`Self::prepare`].
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            channels: 2,
            trim: Gain::new(trim(&settings)),
            cuts: cascade::Eq::new(cut::both(settings.low_cut, settings.high_cut)),
            gate: gate::Gate::new(settings.gate),
            compressor: compressor::Compressor::new(settings.compressor),
            eq: cascade::Eq::new(settings.eq),
            order: Swap::new(settings.order),
            saturation: saturation::Saturation::new(settings.saturation),
            de_esser: de_esser::DeEsser::new(settings.de_esser),
            stereo: stereo::Stereo::new(settings.stereo),
            output: Gain::new(output(&settings)),
            bypass: Bypass::new(settings.bypass, 0),
            input_level: LevelMeter::new(),
            output_level: LevelMeter::new(),
            loudness: LoudnessMeter::new(),
            key_behind_gate: KeyLine::new(),
            key_behind_compressor: KeyLine::new(),
            watched: true,
            taps: None,
        }
    }

    /// Whether somebody looks at the meters of level and loudness: while nobody does, they rest, and begin anew when
    /// somebody does again. They are watched until the first call. What the sections do is always known.
    pub fn watch(&mut self, watched: bool) {
        if watched && !self.watched {
            self.reset_meters();
        }
        self.watched = watched;
    }

    /// Lets the equaliser be looked at from outside. Allocates nothing.
    pub fn show(&mut self, taps: Arc<SignalTaps>) {
        self.taps = Some(taps);
    }

    /// Sizes everything for the rate and channels, then resets. Allocates.
    pub fn prepare(&mut self, spec: Spec) {
        self.channels = spec.channels;
        self.trim.prepare(spec);
        self.cuts.prepare(spec);
        self.gate.prepare(spec);
        self.compressor.prepare(spec);
        self.eq.prepare(spec);
        self.order.prepare(spec.sample_rate_hz);
        self.saturation.prepare(spec);
        self.de_esser.prepare(spec);
        self.stereo.prepare(spec);
        self.output.prepare(spec);
        self.bypass.prepare(spec.sample_rate_hz, self.max_latency_frames());
        self.key_behind_gate.prepare(self.gate.max_latency_frames());
        self.key_behind_compressor.prepare(self.compressor.max_latency_frames());
        self.input_level.prepare(spec);
        self.output_level.prepare(spec);
        self.loudness.prepare(spec);
        if let Some(taps) = &self.taps {
            taps.prepare(spec.sample_rate_hz);
        }
        self.set(self.settings);
        self.reset();
    }

    /// Forgets the past, keeps the settings, and adopts lookaheads and oversampling.
    pub fn reset(&mut self) {
        self.trim.reset();
        self.cuts.reset();
        self.gate.reset();
        self.compressor.reset();
        self.eq.reset();
        self.order.reset();
        self.saturation.reset();
        self.de_esser.reset();
        self.stereo.reset();
        self.output.reset();
        self.bypass.reset(self.latency_frames());
        self.key_behind_gate.reset(self.gate.latency_frames());
        self.key_behind_compressor.reset(self.compressor.latency_frames());
        self.reset_meters();
    }

    fn reset_meters(&mut self) {
        self.input_level.reset();
        self.output_level.reset();
        self.loudness.reset();
    }

    /// New targets; no allocation.
    pub fn set(&mut self, settings: Settings) {
        self.settings = settings;
        self.trim.set(trim(&settings));
        self.cuts.set(cut::both(settings.low_cut, settings.high_cut));
        self.gate.set(settings.gate);
        self.compressor.set(settings.compressor);
        self.eq.set(settings.eq);
        self.order.set(settings.order);
        self.saturation.set(settings.saturation);
        self.de_esser.set(settings.de_esser);
        self.stereo.set(if self.channels == 1 { stereo::Settings::default() } else { settings.stereo });
        self.output.set(output(&settings));
        self.bypass.set(settings.bypass);
    }

    /// Processes one or two channels of equal length in place; `key` is the sidechain, silence where it is missing.
    pub fn process<K: AsRef<[f32]>>(&mut self, main: &mut [&mut [f32]], key: Option<&[K]>) {
        if self.rests() {
            let frames = io::frames(main);
            // They keep time.
            self.cuts.skip(frames);
            self.eq.skip(frames);
            return io::pass(main);
        }
        let key = if self.uses_sidechain() { key } else { None };
        io::run(main, key, |block, key| {
            self.bypass.keep(block);
            self.run(block, key);
            self.bypass.mix(block);
            if self.watched {
                self.output_level.process(block);
                self.loudness.process(block);
            }
        });
    }

    /// Whether nothing is on, and nobody looks. What is most often on is asked first.
    fn rests(&self) -> bool {
        self.gate.is_idle()
            && self.compressor.is_idle()
            && self.eq.is_idle()
            && self.cuts.is_idle()
            && self.de_esser.is_idle()
            && self.saturation.is_idle()
            && self.stereo.is_idle()
            && self.order.rests()
            && [&self.trim, &self.output].iter().all(|gain| gain.is_idle())
            && self.bypass.rests()
            && !self.watched
            && !self.taps.as_ref().is_some_and(|taps| taps.any_open())
    }

    /// Whether anything listens to the sidechain, or will to what comes now.
    fn uses_sidechain(&self) -> bool {
        let is_late = self.gate.latency_frames() > 0 || self.compressor.latency_frames() > 0;
        let is_looked_at = self.taps.as_ref().is_some_and(|taps| taps.is_open(TapPoint::Key));
        is_late
            || is_looked_at
            || self.gate.uses_sidechain()
            || self.compressor.uses_sidechain()
            || self.eq.uses_sidechain()
    }

    /// The stages in order; what rests is passed by.
    fn run(&mut self, block: &mut [Frame], key: Option<&[Frame]>) {
        self.trim.process(block, None);
        if self.watched {
            self.input_level.process(block);
        }
        if self.cuts.is_idle() {
            self.cuts.skip(block.len());
        } else {
            self.cuts.process(block, None);
        }
        if !self.gate.is_idle() {
            self.gate.process(block, key);
        }
        let key = self.key_behind_gate.pass(key);
        let late = self.key_behind_compressor.pass(key);
        let (compressor, taps) = (&mut self.compressor, self.taps.as_deref());
        let mut compress = |block: &mut [Frame], key: Option<&[Frame]>| {
            if !compressor.is_idle() {
                compressor.process(block, key);
            }
        };
        let mut eq = |block: &mut [Frame], key: Option<&[Frame]>| {
            SignalTaps::process_tapped(taps, block, key, |block| {
                if self.eq.is_idle() {
                    self.eq.skip(block.len());
                } else {
                    self.eq.process(block, key);
                }
            });
        };
        self.order.process(block, |order, at, block| {
            let [key, late] = [key, late].map(|key| key.map(|key| &key[at..at + block.len()]));
            match order {
                Order::CompressorFirst => {
                    compress(block, key);
                    eq(block, late);
                }
                Order::EqFirst => {
                    eq(block, key);
                    compress(block, key);
                }
            }
        });
        if !self.saturation.is_idle() {
            self.saturation.process(block, None);
        }
        if !self.de_esser.is_idle() {
            self.de_esser.process(block, None);
        }
        if !self.stereo.is_idle() {
            self.stereo.process(block, None);
        }
        self.output.process(block, None);
    }

    /// Delay between input and output, constant between two resets: none without lookahead and oversampling.
    #[must_use]
    pub fn latency_frames(&self) -> usize {
        self.gate.latency_frames() + self.compressor.latency_frames() + self.saturation.latency_frames()
    }

    /// Delay that the next reset will adopt: differs from [`Self::latency_frames`] after a structural change.
    #[must_use]
    pub fn pending_latency_frames(&self) -> usize {
        self.gate.latency_frames_for(&self.settings.gate)
            + self.compressor.latency_frames_for(&self.settings.compressor)
            + self.saturation.latency_frames_for(&self.settings.saturation)
    }

    fn max_latency_frames(&self) -> usize {
        self.gate.max_latency_frames() + self.compressor.max_latency_frames() + self.saturation.max_latency_frames()
    }

    /// What the meters show after the last block.
    #[must_use]
    pub fn readings(&self) -> Readings {
        let loudness = self.loudness.readings();
        Readings {
            input_peak_dbfs: self.input_level.peak_dbfs(),
            input_rms_dbfs: self.input_level.rms_dbfs(),
            output_peak_dbfs: self.output_level.peak_dbfs(),
            output_rms_dbfs: self.output_level.rms_dbfs(),
            momentary_lufs: loudness.momentary_lufs,
            short_term_lufs: loudness.short_term_lufs,
            eq_offsets_db: self.eq.offsets_db(),
            gate_reduction_db: self.gate.reduction_db(),
            compressor_reductions_db: self.compressor.reductions_db(),
            de_esser_reduction_db: self.de_esser.reduction_db(),
        }
    }
}

fn trim(settings: &Settings) -> gain::Settings {
    gain::Settings { gain_db: settings.input_trim_db, invert: settings.polarity_invert }
}

fn output(settings: &Settings) -> gain::Settings {
    gain::Settings { gain_db: settings.output_gain_db, invert: false }
}

//! Multiband dynamics: up to five bands, each compressed or expanded, downward or upward.
//!
//! Linkwitz–Riley crossovers (`crossover.rs`, `split.rs`) → each band's dynamics (`pair.rs`, `curve.rs`) → gain, width
//! and mix (`mix.rs`) → sum. There is no latency but oversampling's. All bands at unity add up to the input through one
//! all-pass per crossover: a flat magnitude. What is dry in the mix has been through the same all-passes, so that
//! nothing combs.
//!
//! **Switched off** the input passes bit for bit. To get there the bands go to unity while all crossovers glide beyond
//! the highest frequency and leave the chain; switching on is the reverse. So the sum is a chain of all-passes all the
//! time. Their phase shift bends low tones for 20 ms, but cancels no frequency, as a crossfade with the input would
//! where the all-passes shift by half a period. **Bands** are added and removed the same way: the highest crossover
//! glides in from the top, or out.
//!
//! Each band's **saturation** follows its dynamics (`band_saturation.rs`). At 1× it has no latency. With oversampling all
//! bands are delayed alike, saturated or not, dry or off. Without saturation and oversampling none of it runs.

mod band_saturation;
mod crossover;
mod curve;
mod mix;
mod pair;
mod settings;
mod split;
mod window;

pub use crossover::{Responses, SPACING_OCTAVES};
pub use curve::{FLOOR_FADE_DB, STEEPEST};
pub use settings::{
    ATTACKS_MS, Band, Bands, CROSSOVERS_HZ, FLOOR_DB, GAIN_DB, KNEE_DB, LINK_PCT, MAX_BANDS, MAX_CROSSOVERS, MIX_PCT,
    Mode, RANGE_DB, RATIO, RELEASES_MS, Settings, THRESHOLD_DB, WIDTH_PCT,
};

use crate::chain::stage::Stage;
use crate::dynamics::key::{Key, read_sidechain};
use crate::frame::sanitise_all;
use crate::oversample::Factor;
use crate::simd::{F64x4, Isa, Kernel, Simd};
use crate::smooth::CONTROL_FRAMES;
use crate::spec::UNPREPARED_RATE_HZ;
use crate::{Frame, Spec};
use band_saturation::BandSaturation;
use crossover::Crossovers;
use pair::Pair;
use split::{BandFrames, PAIRS, PairFrames, Split, pairs_of};

/// Running multiband dynamics.
#[derive(Clone, Debug)]
pub struct Multiband {
    settings: Settings,
    sample_rate_hz: f64,
    crossovers: Crossovers,
    split: Split,
    key_split: Split,
    pairs: [Pair; PAIRS],
    band_saturation: BandSaturation,
    /// Whether the saturation is needed: then the pairs leave the mix to later.
    saturates: bool,
    /// Pairs in use in this control step.
    running: usize,
    /// Frames since everything settled.
    settled_frames: usize,
    /// Which lanes listen to the sidechain: 1 those that do.
    external: [[f64; 4]; PAIRS],
    /// Whether the sidechain was split in the last run.
    key_was_split: bool,
    /// Frames since the last control step.
    phase: usize,
    /// Off, and arrived there: the input passes as it is and nothing listens.
    idle: bool,
    isa: Isa,
    bands: BandFrames,
    keys: BandFrames,
    split_frames: PairFrames,
}

/// [`Multiband::run_on`].
struct Run<'a>(&'a mut Multiband, &'a mut [Frame], &'a [Frame]);

impl Kernel for Run<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self) {
        self.0.run_on::<S::F64>(self.1, self.2);
    }
}

impl Multiband {
    /// Settled on the settings.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        let settings = settings.clamped();
        let mut multiband = Self {
            settings,
            sample_rate_hz: UNPREPARED_RATE_HZ,
            crossovers: Crossovers::new(&settings),
            split: Split::new(),
            key_split: Split::new(),
            pairs: [Pair::new(), Pair::new(), Pair::new()],
            band_saturation: BandSaturation::new(&settings),
            saturates: false,
            running: 0,
            settled_frames: 0,
            external: [[0.0; 4]; PAIRS],
            key_was_split: false,
            phase: 0,
            idle: false,
            isa: Isa::detect(),
            bands: BandFrames::SILENT,
            keys: BandFrames::SILENT,
            split_frames: [[0.0; 4]; CONTROL_FRAMES],
        };
        multiband.aim();
        multiband.reset();
        multiband
    }

    /// Gain in dB that each band's dynamics apply at the last frame, negative or positive, of the channel in which it is
    /// larger; 0 where there is no band. The band's own gain and the mix are not in it.
    #[must_use]
    pub fn gains_db(&self) -> [f64; MAX_BANDS] {
        self.readings(0.0, Pair::gains_db)
    }

    /// Peak level in dB of what each band listens to, of the louder channel; [`crate::units::FLOOR_DB`] where there is
    /// no band.
    #[must_use]
    pub fn levels_db(&self) -> [f64; MAX_BANDS] {
        self.readings(crate::units::FLOOR_DB, Pair::levels_db)
    }

    fn readings(&self, nothing: f64, of: impl Fn(&Pair) -> [f64; 2]) -> [f64; MAX_BANDS] {
        let count = if self.idle { 0 } else { self.settings.bands.count() };
        let pairs = self.pairs.each_ref().map(of);
        core::array::from_fn(|place| if place < count { pairs[place / 2][place % 2] } else { nothing })
    }

    /// Settles on the targets, as after endless silence.
    fn rest(&mut self) {
        self.crossovers.reset();
        self.split.reset();
        self.key_split.reset();
        self.pairs.iter_mut().for_each(Pair::reset);
        self.band_saturation.rest();
        (self.running, self.settled_frames) = (0, 0);
        self.idle = !self.settings.on;
    }

    /// Passes the settings on.
    fn aim(&mut self) {
        self.crossovers.set(&self.settings);
        self.band_saturation.set(&self.settings);
        self.saturates = self.band_saturation.is_needed();
        for (n, pair) in self.pairs.iter_mut().enumerate() {
            pair.set(&self.settings, n, self.sample_rate_hz);
            self.external[n] = core::array::from_fn(|lane| {
                let band = self.settings.band.get(2 * n + lane / 2);
                if band.is_some_and(|band| band.key == Key::External) { 1.0 } else { 0.0 }
            });
        }
    }

    /// Begins a control step.
    fn step(&mut self) {
        self.crossovers.step();
        self.pairs.iter_mut().for_each(Pair::step);
        let settled = !self.pairs.iter().any(Pair::is_moving) && self.crossovers.are_out();
        self.settled_frames = if settled { self.settled_frames + CONTROL_FRAMES } else { 0 };
        self.saturates = self.band_saturation.is_needed();
        // What was in the delay when everything settled has come out, too.
        let through = self.settled_frames >= self.band_saturation.latency_frames() + CONTROL_FRAMES;
        if through && !self.settings.on && !self.band_saturation.is_saturating() {
            self.rest();
            return;
        }
        let running = self.band_saturation.step(self.crossovers.steps().len());
        // Unused bands are reset.
        let gone = running..self.running.max(running);
        self.pairs[gone].iter_mut().for_each(Pair::forget);
        self.running = running;
    }

    /// Frames of one control step.
    fn run(&mut self, block: &mut [Frame], external: &[Frame]) {
        self.isa.run(Run(self, block, external));
    }

    #[inline(always)]
    fn run_on<V: F64x4>(&mut self, block: &mut [Frame], external: &[Frame]) {
        let (from, to) = (self.phase, self.phase + block.len());
        let crossovers = (self.crossovers.steps(), self.crossovers.are_moving());
        let split_pairs = pairs_of(crossovers.0.len());
        let pairs = split_pairs.max(self.running);
        sanitise_all(block);
        self.split.run::<V>(block, crossovers, from, &mut self.bands);
        // Bands that have gone, but are still in the delay.
        self.bands.0[split_pairs..pairs].iter_mut().for_each(|pair| pair[from..to].fill([0.0; 4]));
        let listens = self.external[..split_pairs].as_flattened().contains(&1.0);
        if self.key_was_split && !listens {
            // Nothing of the key is heard when it comes back.
            self.key_split.reset();
        }
        self.key_was_split = listens;
        if listens {
            let mut key = [[0.0; 2]; CONTROL_FRAMES];
            let key = &mut key[..block.len()];
            read_sidechain(external, key);
            self.key_split.run::<V>(key, crossovers, from, &mut self.keys);
            for pair in 0..split_pairs {
                choose::<V>(&self.external[pair], &self.bands.0[pair], &mut self.keys.0[pair], from, to);
            }
        }
        for (n, pair) in self.pairs[..pairs].iter_mut().enumerate() {
            let (frames, split) = (&mut self.bands.0[n], &mut self.split_frames);
            let keys = (listens && n < split_pairs).then_some(&self.keys.0[n]);
            if self.saturates {
                pair.run::<V, true>(frames, split, keys, from, to);
                self.band_saturation.run(n, frames, split, from, to);
                pair.mix::<V>(frames, split, from, to);
            } else {
                pair.run::<V, false>(frames, split, keys, from, to);
            }
        }
        for (n, frame) in (from..to).zip(block) {
            let mut sum = V::load(&self.bands.0[0][n]);
            for pair in &self.bands.0[1..pairs] {
                sum = sum.add(V::load(&pair[n]));
            }
            let mut lanes = [0.0; 4];
            sum.store(&mut lanes);
            *frame = [lanes[0] + lanes[2], lanes[1] + lanes[3]];
        }
    }
}

impl Stage for Multiband {
    type Settings = Settings;

    fn prepare(&mut self, spec: Spec) {
        self.sample_rate_hz = spec.sample_rate_hz;
        self.crossovers.prepare(spec.sample_rate_hz, &self.settings);
        self.band_saturation.prepare(spec.sample_rate_hz);
        self.aim();
        self.reset();
    }

    fn reset(&mut self) {
        self.phase = 0;
        self.band_saturation.reset(self.settings.oversampling);
        self.saturates = self.band_saturation.is_needed();
        self.rest();
    }

    fn set(&mut self, settings: Settings) {
        let settings = settings.clamped();
        if settings == self.settings {
            return;
        }
        let was = core::mem::replace(&mut self.settings, settings);
        if self.idle && settings.on {
            // Only switching on glides: the rest was never heard.
            self.settings.on = false;
            self.aim();
            self.rest();
            self.band_saturation.wake();
            self.settings.on = true;
        } else if self.idle {
            self.aim();
            self.rest();
            return;
        }
        self.idle = false;
        if was.band.map(|band| band.key) != settings.band.map(|band| band.key) {
            self.key_split.reset();
        }
        self.aim();
    }

    fn process(&mut self, block: &mut [Frame], external: Option<&[Frame]>) {
        let external = external.unwrap_or(&[]);
        let mut at = 0;
        while at < block.len() {
            if self.phase == 0 && !self.idle {
                self.step();
            }
            let frames = (CONTROL_FRAMES - self.phase).min(block.len() - at);
            let run = &mut block[at..at + frames];
            if self.idle {
                sanitise_all(run);
                self.band_saturation.delay(run);
            } else {
                self.run(run, external.get(at..).unwrap_or(&[]));
            }
            self.phase = (self.phase + frames) % CONTROL_FRAMES;
            at += frames;
        }
    }

    fn is_idle(&self) -> bool {
        self.idle && !self.saturates
    }

    fn uses_sidechain(&self) -> bool {
        let pairs = pairs_of(self.crossovers.steps().len().max(self.settings.bands.count() - 1));
        !self.idle && self.external[..pairs].as_flattened().contains(&1.0)
    }

    fn skip(&mut self, frames: usize) {
        self.phase = (self.phase + frames) % CONTROL_FRAMES;
    }

    fn latency_frames(&self) -> usize {
        self.band_saturation.latency_frames()
    }

    fn latency_frames_for(&self, settings: &Settings) -> usize {
        settings.oversampling.latency_frames()
    }

    fn max_latency_frames(&self) -> usize {
        Factor::MAX_LATENCY_FRAMES
    }
}

/// Replaces the sidechain's frames by the bands' own where those are the key.
#[inline(always)]
fn choose<V: F64x4>(
    external: &[f64; 4],
    own: &split::PairFrames,
    keys: &mut split::PairFrames,
    from: usize,
    to: usize,
) {
    let (external, half) = (V::load(external), V::splat(0.5));
    for n in from..to {
        external.if_below(half, V::load(&own[n]), V::load(&keys[n])).store(&mut keys[n]);
    }
}

#[cfg(test)]
mod tests;

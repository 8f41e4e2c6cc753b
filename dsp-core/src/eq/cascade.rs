//! The equaliser itself: bands in series.

use super::auto_gain::AutoGain;
use super::band::{Band, SCALE_PCT};
use super::bank_layout::BankLayout;
use super::gain_table::MAX_GAIN_DB;
use super::listen::Listen;
use super::running::RunningBand;
use crate::chain::stage::Stage;
use crate::smooth::{CONTROL_FRAMES, Smoothed};
use crate::units::pct_to_fraction;
use crate::{Frame, Spec};

/// Settings of an equaliser of `N` bands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings<const N: usize> {
    /// Whether it acts at all.
    pub on: bool,
    /// The bands, in series.
    pub bands: [Band; N],
    /// How much of each band's gain is applied.
    pub scale_pct: f64,
    /// Auto gain: whether the level is corrected to keep the loudness while bands move.
    pub auto_gain: bool,
}

impl<const N: usize> Settings<N> {
    /// On, with these bands as they are.
    #[must_use]
    pub const fn of(bands: [Band; N]) -> Self {
        Self { on: true, bands, scale_pct: SCALE_PCT.default, auto_gain: false }
    }

    /// With the gains that the level moves the bands to: see [`Eq::offsets_db`].
    #[must_use]
    pub fn moved_by(&self, offsets_db: [f64; N]) -> Self {
        let mut moved = *self;
        for (band, offset_db) in moved.bands.iter_mut().zip(offsets_db) {
            band.gain_db += offset_db;
        }
        moved
    }

    /// The bands, each on only if the equaliser is.
    fn active(&self) -> [Band; N] {
        self.bands.map(|band| Band { on: self.on && band.on, ..band })
    }

    /// A band as the cascade runs it: whole, or its dynamics only.
    fn run(&self, index: usize, share: Share) -> Band {
        let band = Band { on: self.on && self.bands[index].on, ..self.bands[index] };
        match share {
            Share::All => band,
            Share::Movement => {
                let moves = band.shape.has_gain() && band.dynamic.moves();
                Band { on: band.on && moves, gain_db: 0.0, ..band }
            }
        }
    }

    /// The bands within their ranges, their gains scaled.
    pub(super) fn scaled(&self) -> [Band; N] {
        let scale = self.scale();
        self.active().map(|band| {
            let band = band.clamped();
            Band { gain_db: (scale * band.gain_db).clamp(-MAX_GAIN_DB, MAX_GAIN_DB), ..band }
        })
    }

    /// The factor of all gains.
    fn scale(&self) -> f64 {
        pct_to_fraction(SCALE_PCT.clamp(self.scale_pct))
    }

    /// The band that is listened to, and its index.
    fn listened(&self) -> Option<(usize, Band)> {
        let index = self.bands.iter().position(|band| band.listen)?;
        self.on.then(|| (index, self.bands[index].clamped()))
    }
}

/// How much of its bands an equaliser runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Share {
    /// Everything.
    #[default]
    All,
    /// Only what the level adds to their gains: [`super::phase`] does the rest.
    Movement,
}

/// A running equaliser of `N` bands.
#[derive(Clone, Debug)]
pub struct Eq<const N: usize> {
    settings: Settings<N>,
    share: Share,
    bands: [RunningBand; N],
    /// The factor of all gains.
    scale: Smoothed,
    layout: BankLayout<N>,
    auto_gain: AutoGain,
    listen: Listen,
    /// Frames since the last control step.
    since_control: usize,
    /// Whether this control step may make an exact design. Every other may: many bands that settle at once must not make
    /// one block expensive.
    may_design: bool,
    /// Whether the next control steps have nothing to do: then blocks are filtered whole.
    settled: bool,
}

impl<const N: usize> Eq<N> {
    /// A settled equaliser.
    #[must_use]
    pub fn new(settings: Settings<N>) -> Self {
        let mut new = Self {
            settings,
            share: Share::All,
            bands: settings.active().map(RunningBand::new),
            scale: Smoothed::new(settings.scale()),
            layout: BankLayout::new(),
            auto_gain: AutoGain::new(),
            listen: Listen::new(),
            since_control: 0,
            may_design: false,
            settled: false,
        };
        new.reset();
        new
    }

    /// Sets how much of the bands is run, from the next reset on.
    pub fn share(&mut self, share: Share) {
        self.share = share;
        for (index, running) in self.bands.iter_mut().enumerate() {
            running.set(self.settings.run(index, share));
        }
    }

    /// What the level adds to the gain of each band now, in dB; 0 for static bands.
    #[must_use]
    pub fn offsets_db(&self) -> [f64; N] {
        core::array::from_fn(|index| self.bands[index].offset_db())
    }

    /// Whether auto gain is on.
    fn corrects(&self) -> bool {
        self.settings.on && self.settings.auto_gain
    }

    /// The control step, due every [`CONTROL_FRAMES`] before the frames that follow.
    fn control(&mut self) {
        let rescaled = !self.scale.is_settled();
        self.scale.skip(CONTROL_FRAMES);
        let mut moved = false;
        self.may_design = !self.may_design;
        let mut designs = usize::from(self.may_design);
        for band in &mut self.bands {
            moved |= band.control(&self.scale, rescaled, &mut designs);
        }
        if moved {
            self.layout.arrange(&mut self.bands);
        }
        self.layout.set_ramps(&self.bands);
        if self.auto_gain.is_summing() {
            self.auto_gain.sum(&self.settings.scaled());
        }
        self.auto_gain.control();
        let listened = self.settings.listened();
        if listened.is_some() || !self.listen.is_off() {
            self.listen.control(listened);
        }
        self.settled = self.bands.iter().all(|band| band.settled && !band.is_dynamic())
            && !rescaled
            && self.auto_gain.is_settled()
            && listened.is_none()
            && self.listen.is_off();
    }

    /// Filters in place, up to the next control step or beyond if all is settled.
    fn run(&mut self, chunk: &mut [Frame], key: &[Frame]) {
        if !self.settled {
            self.bands.iter_mut().for_each(|band| band.detect(chunk, key));
        }
        if self.listen.is_off() {
            return self.filter(chunk);
        }
        let mut input = [[0.0; 2]; CONTROL_FRAMES];
        let input = &mut input[..chunk.len()];
        input.copy_from_slice(chunk);
        self.filter(chunk);
        self.listen.run(input, chunk, self.since_control);
    }

    fn filter(&mut self, chunk: &mut [Frame]) {
        self.layout.run(chunk, self.since_control);
        self.auto_gain.run(chunk, self.since_control);
    }
}

impl<const N: usize> Stage for Eq<N> {
    type Settings = Settings<N>;

    fn prepare(&mut self, spec: Spec) {
        self.bands.iter_mut().for_each(|band| band.prepare(spec.sample_rate_hz));
        self.scale.prepare(spec.sample_rate_hz);
        self.auto_gain.prepare(spec.sample_rate_hz);
        self.listen.prepare(spec.sample_rate_hz);
        self.reset();
    }

    fn reset(&mut self) {
        self.scale.reset();
        self.bands.iter_mut().for_each(|band| band.reset(&self.scale));
        self.layout.reset();
        self.layout.arrange(&mut self.bands);
        self.layout.set_ramps(&self.bands);
        self.auto_gain.reset(self.corrects(), &self.settings.scaled());
        self.listen.reset(self.settings.listened());
        (self.since_control, self.may_design) = (0, false);
        self.settled = false;
    }

    fn set(&mut self, settings: Settings<N>) {
        if settings == self.settings {
            return;
        }
        let before = core::mem::replace(&mut self.settings, settings);
        self.settled = false;
        for (index, running) in self.bands.iter_mut().enumerate() {
            if settings.on != before.on || settings.bands[index] != before.bands[index] {
                running.set(settings.run(index, self.share));
            }
        }
        self.scale.set(settings.scale());
        self.auto_gain.touch(self.corrects());
    }

    fn process(&mut self, block: &mut [Frame], key: Option<&[Frame]>) {
        self.layout.sanitise(block);
        let (mut rest, mut rest_of_key) = (block, key.unwrap_or_default());
        while !rest.is_empty() {
            if self.since_control == 0 && !self.settled {
                self.control();
            }
            let due = if self.settled { rest.len() } else { CONTROL_FRAMES - self.since_control };
            let (chunk, later) = rest.split_at_mut(rest.len().min(due));
            let (key, later_key) = rest_of_key.split_at(rest_of_key.len().min(chunk.len()));
            self.run(chunk, key);
            self.since_control = (self.since_control + chunk.len()) % CONTROL_FRAMES;
            (rest, rest_of_key) = (later, later_key);
        }
    }

    fn is_idle(&self) -> bool {
        self.settled && self.layout.is_empty() && self.auto_gain.is_unity()
    }

    fn skip(&mut self, frames: usize) {
        self.since_control = (self.since_control + frames) % CONTROL_FRAMES;
    }

    fn uses_sidechain(&self) -> bool {
        !self.settled && self.bands.iter().any(RunningBand::uses_sidechain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eq::band::{Shape, Target};
    use crate::eq::dynamic;
    use plumb_signals::{both, sine, tone_db};

    const RATE: f64 = 48_000.0;

    /// A bell of +3 dB at 1 kHz that a loud tone takes down by 12 dB, settled.
    fn moving(dynamic: dynamic::Settings, target: Target) -> Eq<1> {
        let dynamic = dynamic::Settings { on: true, range_db: -12.0, ..dynamic };
        let bell = Band { gain_db: 3.0, q: 1.0, target, dynamic, ..Band::flat(Shape::Bell, 1000.0) };
        let mut eq = Eq::new(Settings::of([bell]));
        eq.prepare(Spec { sample_rate_hz: RATE, max_frames: 64, channels: 2 });
        eq
    }

    /// Gain at 1 kHz once all has settled, of a tone that is in both channels or only in the right one.
    fn gain_db(eq: &mut Eq<1>, level_db: f64, key: Option<&[Frame]>) -> f64 {
        let mut block = both(&sine(1000.0, level_db, 1.0, RATE));
        eq.process(&mut block, key);
        let settled: Vec<f64> = block[36_000..].iter().map(|frame| frame[0]).collect();
        tone_db(&settled, 1000.0, RATE) - level_db
    }

    #[test]
    fn a_dynamic_band_moves_by_its_static_curve() {
        let still = dynamic::Settings { threshold_db: -30.0, knee_db: 8.0, ..dynamic::Settings::STATIC };
        for level_db in [-50.0, -34.0, -32.0, -30.0, -27.0, -20.0, 0.0] {
            let mut eq = moving(still, Target::Stereo);
            let expected = 3.0 + dynamic::curve::offset_db(level_db, -30.0, 8.0, -12.0);
            let error = gain_db(&mut eq, level_db, None) - expected;
            eprintln!("{level_db} dBFS: {error:+.4} dB from the curve");
            // The detector's 0.025 dB times the curve's slope of 2.25 dB per dB, and the table's 0.02 dB.
            assert!(error.abs() < 0.08, "{level_db} dBFS: {error} dB");
            assert!((eq.offsets_db()[0] - (expected - 3.0)).abs() < 0.06);
            let drawn_db = eq.settings.moved_by(eq.offsets_db()).gain_db_at(1000.0, RATE);
            assert!((drawn_db - expected).abs() < 0.08, "{level_db} dBFS: drawn at {drawn_db} dB");
        }
    }

    #[test]
    fn the_sidechain_moves_it_and_is_silence_where_missing() {
        let keyed = dynamic::Settings { source: dynamic::Source::Sidechain, ..dynamic::Settings::STATIC };
        let loud = both(&sine(1000.0, 0.0, 1.0, RATE));
        let full = gain_db(&mut moving(keyed, Target::Stereo), -60.0, Some(&loud));
        assert!((full - 3.0 + 12.0).abs() < 0.03, "{full}");
        for key in [None, Some(&loud[..64])] {
            let none = gain_db(&mut moving(keyed, Target::Stereo), 0.0, key);
            assert!((none - 3.0).abs() < 0.03, "{none}");
        }
    }

    #[test]
    fn a_band_detects_its_target() {
        let still = dynamic::Settings::STATIC;
        let mut eq = moving(still, Target::Right);
        let mut block: Vec<Frame> = sine(1000.0, 0.0, 1.0, RATE).iter().map(|x| [*x, 0.0]).collect();
        eq.process(&mut block, None);
        assert_eq!(eq.offsets_db(), [0.0], "the left channel is loud, the right one is not");
        let mut eq = moving(still, Target::Side);
        eq.process(&mut both(&sine(1000.0, 0.0, 1.0, RATE)), None);
        assert_eq!(eq.offsets_db(), [0.0], "all of it is mid");
    }

    #[test]
    fn bands_that_have_settled_are_as_new() {
        let spec = Spec { sample_rate_hz: RATE, max_frames: 64, channels: 2 };
        let band = |n: usize, up: f64| {
            let shape = [Shape::Bell, Shape::HighShelf, Shape::LowCut, Shape::Notch][n % 4];
            Band { gain_db: 3.0 + up, q: 0.7 + up, ..Band::flat(shape, 200.0 * (n as f64 + 1.0) * (1.0 + up)) }
        };
        let [before, after] = [1.5, 0.0].map(|up| Settings::of(core::array::from_fn::<_, 8, _>(|n| band(n, up))));
        let (mut moved, mut always) = (Eq::new(before), Eq::new(after));
        moved.prepare(spec);
        always.prepare(spec);
        moved.set(after);
        moved.process(&mut [[0.0; 2]; 4800], None);
        let mut clicks = [[[0.0; 2]; 512]; 2];
        for (eq, click) in [&mut moved, &mut always].into_iter().zip(&mut clicks) {
            click[0] = [1.0; 2];
            eq.process(click, None);
        }
        assert_eq!(clicks[0], clicks[1]);
        assert!(moved.settled, "and take no more control steps");
    }

    #[test]
    fn movement_alone_leaves_out_the_static_gain() {
        let mut eq = moving(dynamic::Settings::STATIC, Target::Stereo);
        eq.share(Share::Movement);
        eq.reset();
        let (quiet, loud) = (gain_db(&mut eq, -60.0, None), gain_db(&mut eq, 0.0, None));
        assert!(quiet.abs() < 1e-9 && (loud + 12.0).abs() < 0.03, "{quiet} {loud}");
    }
}
